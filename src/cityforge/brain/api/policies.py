"""Policies matched to enterprises, with reasons."""

from cityforge.brain.city.policy import PolicyVersion as PolicyVersion
from cityforge.brain.policies.best import BestSet as BestSet
from cityforge.brain.policies.best import best_set as best_set
from cityforge.brain.policies.check_up.check_up import CheckUp as CheckUp
from cityforge.brain.policies.check_up.check_up import check_up as check_up
from cityforge.brain.policies.check_up.timing import timing as timing
from cityforge.brain.policies.lint.lint import GROUPS as GROUPS
from cityforge.brain.policies.lint.lint import RULES as RULES
from cityforge.brain.policies.lint.lint import Linted as Linted
from cityforge.brain.policies.lint.lint import as_json as lint_json
from cityforge.brain.policies.lint.lint import lint as lint
from cityforge.brain.policies.lint.read import Finding as Finding
from cityforge.brain.policies.matches import Matches as Matches
from cityforge.brain.policies.new import TEMPLATES as TEMPLATES
from cityforge.brain.policies.new import from_policy as from_policy
from cityforge.brain.policies.new import from_template as from_template
from cityforge.brain.policies.new import write as new
from cityforge.brain.policies.prepared import Prepared as Prepared
from cityforge.brain.policies.prepared import prepare as prepare
from cityforge.brain.policies.prepared import prepare_one as prepare_one
from cityforge.brain.reports.messages import text as message
from cityforge.brain.reports.policy_words import DELIVERY as DELIVERY
from cityforge.brain.reports.policy_words import LEVELS as LEVELS
from cityforge.brain.reports.policy_words import about as about
from cityforge.brain.reports.policy_words import money as money
from cityforge.brain.reports.policy_words import state as state
from cityforge.brain.rules.conditions import Condition as Condition

__all__ = [
    "DELIVERY",
    "GROUPS",
    "LEVELS",
    "RULES",
    "TEMPLATES",
    "BestSet",
    "CheckUp",
    "Condition",
    "Finding",
    "Linted",
    "Matches",
    "PolicyVersion",
    "Prepared",
    "about",
    "best_set",
    "check_up",
    "from_policy",
    "from_template",
    "lint",
    "lint_json",
    "message",
    "money",
    "new",
    "prepare",
    "prepare_one",
    "state",
    "timing",
]
