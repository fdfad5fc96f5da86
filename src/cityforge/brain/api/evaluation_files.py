"""The result of an evaluation as files: workbook, report, lists, letters, grade files."""

from collections.abc import Callable
from pathlib import Path

from cityforge.brain.reports.effects.seen import sureness_of as sureness_of
from cityforge.brain.reports.evaluation.letter.drawn import write_letter_html as write_letter_html
from cityforge.brain.reports.evaluation.letter.drawn import write_letter_pdf as write_letter_pdf
from cityforge.brain.reports.evaluation.lists.follow_up import write_follow_up as write_follow_up
from cityforge.brain.reports.evaluation.lists.grade_file import write_grade_file as write_grade_file
from cityforge.brain.reports.evaluation.lists.publicity import (
    write_publicity_csv,
    write_publicity_pdf,
    write_publicity_workbook,
)
from cityforge.brain.reports.evaluation.lists.workbook import write_workbook as write_workbook
from cityforge.brain.reports.evaluation.report.written import write_report_pdf as write_report_pdf
from cityforge.brain.reports.evaluation.report.written import write_report_word as write_report_word
from cityforge.brain.reports.evaluation.results import Results as Results
from cityforge.brain.reports.snapshot import read as read_snapshot
from cityforge.brain.runs.comparing import scheme_of as scheme_of
from cityforge.brain.runs.evaluated_years import of_years as of_years

# The list for publicity by the ending of its file.
PUBLICITY: dict[str, Callable[..., Path]] = {
    ".csv": write_publicity_csv,
    ".xlsx": write_publicity_workbook,
    ".pdf": write_publicity_pdf,
}

__all__ = [
    "PUBLICITY",
    "Results",
    "of_years",
    "read_snapshot",
    "scheme_of",
    "sureness_of",
    "write_follow_up",
    "write_grade_file",
    "write_letter_html",
    "write_letter_pdf",
    "write_report_pdf",
    "write_report_word",
    "write_workbook",
]
