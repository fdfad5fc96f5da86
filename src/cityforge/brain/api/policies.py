"""Policies matched to enterprises, with reasons."""

from cityforge.brain.policies.best import BestSet as BestSet
from cityforge.brain.policies.best import best_set as best_set
from cityforge.brain.policies.check_up.check_up import CheckUp as CheckUp
from cityforge.brain.policies.check_up.check_up import check_up as check_up
from cityforge.brain.policies.lint.lint import GROUPS as GROUPS
from cityforge.brain.policies.lint.lint import RULES as RULES
from cityforge.brain.policies.lint.lint import Linted as Linted
from cityforge.brain.policies.lint.lint import as_json as lint_json
from cityforge.brain.policies.lint.lint import lint as lint
from cityforge.brain.policies.lint.read import Finding as Finding
from cityforge.brain.policies.matches import Matches as Matches
from cityforge.brain.policies.new import TEMPLATES as TEMPLATES
from cityforge.brain.policies.new import write as new
from cityforge.brain.policies.prepared import Prepared as Prepared
from cityforge.brain.policies.prepared import prepare as prepare

__all__ = [
    "GROUPS",
    "RULES",
    "TEMPLATES",
    "BestSet",
    "CheckUp",
    "Finding",
    "Linted",
    "Matches",
    "Prepared",
    "best_set",
    "check_up",
    "lint",
    "lint_json",
    "new",
    "prepare",
]
