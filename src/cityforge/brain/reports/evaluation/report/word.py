"""The report as a Word file: headings, tables with a repeated head, figures as pictures."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from cityforge.brain.reports.evaluation import set_page
from cityforge.brain.reports.evaluation.report.page import (
    Bullets,
    Drawing,
    Grid,
    Number,
    Paragraph,
    Report,
)

_FONT = "微软雅黑"
_INK, _QUIET = RGBColor(0x1A, 0x1F, 0x2B), RGBColor(0x56, 0x60, 0x72)
_ACCENT, _AMBER = RGBColor(0x1F, 0x5A, 0xA8), RGBColor(0x7A, 0x4E, 0x0C)
_SHORT = 8  # rows of a table that is not to be broken
_WIDE = 17.0  # cm between the margins of A4
_DOTS_PER_INCH = 200.0
_EPOCH = (1980, 1, 1, 0, 0, 0)  # of every part of the file, so that its bytes are its content's


def write(report: Report, out: Path, *, day: date) -> Path:
    """Write the file; `day` is the date that it bears inside. An earlier one is replaced whole."""
    made = Document()
    _set_up(made, report, day)
    _top(made, report)
    for number, section in enumerate(report.sections, 1):
        made.add_heading(f"{number}　{section.title}", level=1)
        for block in section.blocks:
            if isinstance(block, Paragraph):
                _paragraph(made, block.says, is_note=block.kind == "note")
            elif isinstance(block, Bullets):
                for line in block.lines:
                    made.add_paragraph(line, style="List Bullet")
            elif isinstance(block, Grid):
                _grid(made, block)
            else:
                _drawing(made, block)
    for line in report.footer:
        _paragraph(made, line, is_note=True)
    buffer = io.BytesIO()
    made.save(buffer)
    return set_page.replace(out, _steady(buffer.getvalue()))


def _set_up(made: Doc, report: Report, day: date) -> None:
    page = made.sections[0]
    page.page_width, page.page_height = Cm(21.0), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.0)
    page.top_margin, page.bottom_margin = Cm(2.0), Cm(1.8)
    for name, size, colour in (
        ("Normal", 10, _INK), ("Heading 1", 14, _INK), ("List Bullet", 10, _INK),
    ):  # fmt: skip
        style: Any = made.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = _FONT, Pt(size), colour
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for slot in ("w:eastAsia", "w:ascii", "w:hAnsi", "w:cs"):
            fonts.set(qn(slot), _FONT)
        for slot in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(slot), None)
        style.paragraph_format.space_after = Pt(4)
        style.paragraph_format.line_spacing = 1.3
    heading: Any = made.styles["Heading 1"]
    heading.paragraph_format.space_before = Pt(18)
    heading.font.bold = True
    _rule_below(heading.element.get_or_add_pPr())
    properties = made.core_properties
    properties.title, properties.author = report.title, "CityForge"
    properties.language = "zh-CN" if report.language == "zh" else "en"
    at = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a day; the format has no zone
    properties.created = properties.modified = at
    foot = page.footer.paragraphs[0]
    if report.marks:
        _run(foot, f"▲ {report.marks[0]}　", size=8, colour=_AMBER)
    _run(foot, report.title + "　", size=8, colour=_QUIET)
    _field(foot, "PAGE")
    _run(foot, " / ", size=8, colour=_QUIET)
    _field(foot, "NUMPAGES")


def _top(made: Doc, report: Report) -> None:
    _run(made.add_paragraph(), report.about[0], size=10.5, colour=_ACCENT, bold=True)
    _run(made.add_paragraph(), report.title, size=22, colour=_INK, bold=True)
    for mark in report.marks:
        _run(made.add_paragraph(), f"▲ {mark}", size=10, colour=_AMBER, bold=True)
    _run(made.add_paragraph(), "　".join(report.about[1:]), size=9, colour=_QUIET)
    _run(made.add_paragraph(), report.sentence, size=12, colour=_INK)
    _numbers(made, report.numbers)


def _numbers(made: Doc, numbers: tuple[Number, ...]) -> None:
    table: Any = made.add_table(rows=1, cols=len(numbers))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for i, (cell, one) in enumerate(zip(table.rows[0].cells, numbers, strict=True)):
        first = cell.paragraphs[0]
        _run(first, one.title, size=9, colour=_QUIET)
        _run(
            cell.add_paragraph(), one.value, size=18, colour=_ACCENT if i == 0 else _INK, bold=True
        )
        _run(cell.add_paragraph(), one.note, size=8, colour=_QUIET)
        if i == 0:
            _shade(cell, "EAF1FA")
    _borders(table, "DDE2EA")


def _paragraph(made: Doc, says: str, *, is_note: bool) -> None:
    paragraph = made.add_paragraph()
    _run(paragraph, says, size=9 if is_note else 10, colour=_QUIET if is_note else _INK)


def _grid(made: Doc, block: Grid) -> None:
    if block.title:
        title = made.add_paragraph()
        title.paragraph_format.space_before = Pt(8)
        title.paragraph_format.keep_with_next = True
        _run(title, block.title, size=10, colour=_INK, bold=True)
    table: Any = made.add_table(rows=1, cols=len(block.columns))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    widths = [Cm(_WIDE * share / sum(block.wide)) for share in block.wide]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    size = 8 if len(block.columns) > 7 else 8.5
    for cell, text, width in zip(table.rows[0].cells, block.columns, widths, strict=True):
        _cell(cell, text, size=size, width=width, bold=True, to=WD_ALIGN_PARAGRAPH.CENTER)
        _shade(cell, "EAF1FA")
    _repeat(table.rows[0])
    for i, row in enumerate(block.rows):
        is_last = block.bold_last and i == len(block.rows) - 1
        made_row = table.add_row()
        _keep_whole(made_row)
        cells = zip(made_row.cells, row, widths, block.right, strict=True)
        for cell, text, width, is_figure in cells:
            to = WD_ALIGN_PARAGRAPH.RIGHT if is_figure else WD_ALIGN_PARAGRAPH.LEFT
            _cell(cell, text, size=size, width=width, bold=is_last, to=to)
            # A short table stays on one page.
            kept = len(block.rows) <= _SHORT and i < len(block.rows) - 1
            cell.paragraphs[0].paragraph_format.keep_with_next = kept
    _borders(table, "C5CCD8")
    made.add_paragraph().paragraph_format.space_after = Pt(0)


def _drawing(made: Doc, block: Drawing) -> None:
    if block.title:
        title = made.add_paragraph()
        title.paragraph_format.keep_with_next = True
        _run(title, block.title, size=10, colour=_INK, bold=True)
    picture = set_page.png("report/figure.typ", {"svg": block.svg}, dots_per_inch=_DOTS_PER_INCH)
    paragraph = made.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    shape: Any = paragraph.add_run().add_picture(io.BytesIO(picture), width=Cm(_WIDE * block.wide))
    shape._inline.docPr.set("descr", block.says)
    shape._inline.docPr.set("title", block.title or block.says)


def _run(paragraph: Any, says: str, *, size: float, colour: RGBColor, bold: bool = False) -> None:
    run = paragraph.add_run(says)
    run.font.size, run.font.color.rgb, run.bold = Pt(size), colour, bold


def _cell(cell: Any, says: str, *, size: float, width: Any, bold: bool, to: Any) -> None:
    cell.width = width
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.alignment = to
    paragraph.paragraph_format.space_after = Pt(1)
    paragraph.paragraph_format.line_spacing = 1.1
    _run(paragraph, says, size=size, colour=_INK, bold=bold)


def _shade(cell: Any, fill: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _borders(table: Any, colour: str) -> None:
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        edge = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", colour)):
            edge.set(qn(f"w:{name}"), value)
        borders.append(edge)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), "70")
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    table._tbl.tblPr.append(borders)
    table._tbl.tblPr.append(margins)


def _repeat(row: Any) -> None:
    """The head stands on every page that the table runs over."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    _keep_whole(row)


def _keep_whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _rule_below(properties: Any) -> None:
    borders = OxmlElement("w:pBdr")
    edge = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "2"), ("color", "1A1F2B")):
        edge.set(qn(f"w:{name}"), value)
    borders.append(edge)
    properties.append(borders)


def _field(paragraph: Any, name: str) -> None:
    """A field that Word works out: the page, the number of pages."""
    run = paragraph.add_run()
    run.font.size, run.font.color.rgb = Pt(8), _QUIET
    for kind, says in (("begin", ""), ("", name), ("end", "")):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.text = says
        run._r.append(part)


def _steady(content: bytes) -> bytes:
    """The same package with no clock in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, _EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return made.getvalue()
