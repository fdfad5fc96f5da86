"""What a run left: found, summed up, explained, drawn."""

from cityforge.brain.reports.by_district import EXEMPT as EXEMPT
from cityforge.brain.reports.by_district import ByDistrict as ByDistrict
from cityforge.brain.reports.by_district import Result as Result
from cityforge.brain.reports.by_district import of as by_district
from cityforge.brain.reports.html import write as write_report
from cityforge.brain.reports.messages import fixed as fixed
from cityforge.brain.reports.messages import number as number
from cityforge.brain.reports.rests_on import Supply as Supply
from cityforge.brain.reports.rests_on import of as rests_on
from cityforge.brain.reports.summary import read as summary
from cityforge.brain.reports.tables import by_name as by_name_table
from cityforge.brain.reports.tables import grades as grade_table
from cityforge.brain.reports.tables import intake as intake_table
from cityforge.brain.reports.words import Groups as Groups
from cityforge.brain.reports.words import explain as explain
from cityforge.brain.reports.words import groups as groups_told
from cityforge.brain.reports.words import told as told
from cityforge.brain.runs.store import find as find_snapshot

__all__ = [
    "EXEMPT",
    "ByDistrict",
    "Groups",
    "Result",
    "Supply",
    "by_district",
    "by_name_table",
    "explain",
    "find_snapshot",
    "fixed",
    "grade_table",
    "groups_told",
    "intake_table",
    "number",
    "rests_on",
    "summary",
    "told",
    "write_report",
]
