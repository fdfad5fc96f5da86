"""The report of an evaluation as a PDF."""

import dataclasses
from pathlib import Path

from cityforge.brain.errors import Language
from cityforge.brain.reports.evaluation import set_page
from cityforge.brain.reports.evaluation.report import content, word
from cityforge.brain.reports.evaluation.results import Results


def write_report_pdf(results: Results, out: Path, *, language: Language = "zh") -> Path:
    """Set the report on A4; the same results give the same bytes. Raises RunRefused where the fonts
    are absent."""
    made = content.report(results, language=language)
    return set_page.write_pdf("report/report.typ", dataclasses.asdict(made), out)


def write_report_word(results: Results, out: Path, *, language: Language = "zh") -> Path:
    """Write the same report as a Word file; the same results give the same bytes."""
    return word.write(content.report(results, language=language), out, day=results.snapshot.as_of)


def write_report(
    results: Results,
    *,
    pdf: Path | None = None,
    docx: Path | None = None,
    language: Language = "zh",
) -> list[Path]:
    """Write the report as PDF, as Word, or both, out of one content. Returns what was written."""
    made = content.report(results, language=language)
    written = []
    if pdf is not None:
        written.append(set_page.write_pdf("report/report.typ", dataclasses.asdict(made), pdf))
    if docx is not None:
        written.append(word.write(made, docx, day=results.snapshot.as_of))
    return written
