"""Every policy against every enterprise: what a run matched, matched again, read both ways."""

from cityforge.brain.policies.matches import Matches as Matches
from cityforge.brain.policies.matching import Population as Population
from cityforge.brain.policies.matching import decided as decided
from cityforge.brain.policies.matching import payable as payable
from cityforge.brain.policies.resident import Resident as Resident
from cityforge.brain.reports.matched import marks as matched_marks
from cityforge.brain.reports.matched import only as only_named
from cityforge.brain.reports.matched import read as read_matched
from cityforge.brain.reports.matched import sentence as matched_sentence
from cityforge.brain.reports.matched import table as matched_table
from cityforge.brain.reports.snapshot import read as read_snapshot
from cityforge.brain.runs.matching import again as match_again

__all__ = [
    "Matches",
    "Population",
    "Resident",
    "decided",
    "match_again",
    "matched_marks",
    "matched_sentence",
    "matched_table",
    "only_named",
    "payable",
    "read_matched",
    "read_snapshot",
]
