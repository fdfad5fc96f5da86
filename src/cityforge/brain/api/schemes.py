"""Schemes as files: looked over, and told apart."""

from cityforge.brain.evaluation.differences import differences as differences
from cityforge.brain.evaluation.lint import Linted as Linted
from cityforge.brain.evaluation.lint import as_json as lint_json
from cityforge.brain.evaluation.lint import lint as lint
from cityforge.brain.evaluation.outlines import scheme_in as scheme_in
from cityforge.brain.evaluation.questions.finding import GROUPS as GROUPS
from cityforge.brain.evaluation.questions.finding import Finding as Finding
from cityforge.brain.evaluation.questions.finding import group_of as group_of
from cityforge.brain.reports.snapshot import read as read_snapshot
from cityforge.brain.runs.evaluating import evaluate as evaluate

__all__ = [
    "GROUPS",
    "Finding",
    "Linted",
    "differences",
    "evaluate",
    "group_of",
    "lint",
    "lint_json",
    "read_snapshot",
    "scheme_in",
]
