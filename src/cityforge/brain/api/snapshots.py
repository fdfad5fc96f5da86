"""What a run left: found, summed up, explained, drawn."""

from cityforge.brain.reports.html import write as write_report
from cityforge.brain.reports.summary import read as summary
from cityforge.brain.reports.tables import by_name as by_name_table
from cityforge.brain.reports.tables import grades as grade_table
from cityforge.brain.reports.tables import intake as intake_table
from cityforge.brain.reports.words import explain as explain
from cityforge.brain.runs.store import find as find_snapshot

__all__ = [
    "by_name_table",
    "explain",
    "find_snapshot",
    "grade_table",
    "intake_table",
    "summary",
    "write_report",
]
