"""The candidates of a policy as a workbook for the office in charge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from cityforge.brain.errors import Language, Text
from cityforge.brain.intake import formulas
from cityforge.brain.policies.benefit import FEN_PER_YUAN
from cityforge.brain.reports.candidates import tables, telling
from cityforge.brain.reports.candidates.listing import CandidateList
from cityforge.brain.reports.fiscal import words as fiscal_words
from cityforge.brain.reports.policy_words import effort
from cityforge.brain.values import industry

_HEAD = PatternFill("solid", fgColor="DCE6F1")
_DECLARED = Text(zh="含自行申报数据", en="declared data")
_NONE = Text(zh="—", en="—")
_LINE = 15  # points of a line of text
_NUMBER = (Text(zh="序号", en="No."), 6)
Cell = str | int | Decimal | Text | None


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sheet: sentences, a head (title and width), rows."""

    title: Text
    lines: Sequence[Text]
    columns: Sequence[tuple[Text, int]]
    rows: Iterable[Sequence[Cell]]


def write(listed: CandidateList, file: Path, *, language: Language = "zh") -> Path:
    """Write three sheets: the candidates, who is one clause short, what each clause holds back.

    Text stays text, whatever it begins with; amounts are numbers in 元 with two decimals. An
    earlier file of that name is replaced once the new one is whole.
    """
    book = Workbook(write_only=True)
    for sheet in (_candidates(listed), _near(listed), _clauses(listed)):
        _add(book, sheet, language)
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}.partial")
    book.save(partial)
    partial.replace(file)
    return file


def _candidates(listed: CandidateList) -> _Sheet:
    columns = (
        _NUMBER,
        (Text(zh="企业名称", en="Enterprise"), 34),
        (Text(zh="统一社会信用代码", en="Credit code"), 22),
        (Text(zh="属地", en="District"), 14),
        (Text(zh="行业", en="Industry"), 22),
        (Text(zh="规模", en="Size"), 8),
        (Text(zh="测算金额（元）", en="Amount (yuan)"), 16),
        (Text(zh="依据", en="Rests on"), 90),
        (Text(zh="需核实", en="To verify"), 16),
    )
    rows = (
        (
            number,
            one.name,
            one.uscc,
            telling.district(listed, one.district),
            industry.titled(one.industry) if one.industry else _NONE,
            one.size.text if one.size is not None else _NONE,
            _yuan(one.fen),
            telling.basis(listed, one),
            _DECLARED if one.provisional else None,
        )
        for number, one in enumerate(listed.found.listed, 1)
    )
    lines = tables.words(listed)
    return _Sheet(Text(zh="候选企业", en="Candidates"), lines, columns, rows)


def _near(listed: CandidateList) -> _Sheet:
    columns = (
        _NUMBER,
        (Text(zh="企业名称", en="Enterprise"), 34),
        (Text(zh="统一社会信用代码", en="Credit code"), 22),
        (Text(zh="属地", en="District"), 14),
        (Text(zh="差什么", en="What it lacks"), 60),
        (Text(zh="难度", en="Effort"), 14),
        (Text(zh="达到后可得（元）", en="Amount then (yuan)"), 18),
    )
    rows = (
        (
            number,
            miss.name,
            miss.uscc,
            telling.district(listed, miss.district),
            telling.gap(listed, miss),
            effort(miss.finding),
            _yuan(miss.fen),
        )
        for number, miss in enumerate(listed.near.misses, 1)
    )
    return _Sheet(Text(zh="只差一条", en="Near"), _mark(listed), columns, rows)


def _clauses(listed: CandidateList) -> _Sheet:
    titles = tables.hurdles(listed).columns
    columns = [(title, width) for title, width in zip(titles, (60, 12, 14, 14), strict=True)]
    rows = (
        (telling.says(one.condition), one.failing, one.alone, one.unknown)
        for one in listed.near.hurdles
    )
    return _Sheet(Text(zh="条件", en="Clauses"), _mark(listed), columns, rows)


def _mark(listed: CandidateList) -> list[Text]:
    return fiscal_words.marks(listed.snapshot, listed.found.prepared)


def _add(book: Any, told: _Sheet, language: Language) -> None:
    sheet = book.create_sheet(told.title.say(language))
    head_row = len(told.lines) + 1
    who = "C" if told.columns[0] == _NUMBER else "B"  # the heading and who it is about stay
    sheet.freeze_panes = f"{who}{head_row + 1}"
    sheet.auto_filter.ref = f"A{head_row}:{get_column_letter(len(told.columns))}{head_row}"
    sheet.print_title_rows = f"{head_row}:{head_row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for number, (_, width) in enumerate(told.columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for line in told.lines:
        sheet.append(_cells(sheet, [line], language))
    head = _cells(sheet, [title for title, _ in told.columns], language)
    for cell in head:
        cell.font = Font(bold=True)
        cell.fill = _HEAD
    sheet.append(head)
    widths = [width for _, width in told.columns]
    for number, row in enumerate(told.rows, head_row + 1):
        cells = _cells(sheet, row, language)
        sheet.row_dimensions[number].height = _LINE * _lines(cells, widths)
        for cell in cells:
            cell.alignment = Alignment(wrap_text=isinstance(cell.value, str), vertical="top")
        sheet.append(cells)


def _cells(sheet: Any, row: Iterable[Cell], language: Language) -> list[Any]:
    made = []
    for value in row:
        cell = WriteOnlyCell(sheet)
        formulas.in_workbook(cell, value.say(language) if isinstance(value, Text) else value)
        if isinstance(value, Decimal):
            cell.number_format = "#,##0.00"
        made.append(cell)
    return made


def _lines(cells: Sequence[Any], widths: Sequence[int]) -> int:
    """Lines that the longest text of a row breaks into; a Chinese sign is two wide."""
    texts = [str(cell.value) if isinstance(cell.value, str) else "" for cell in cells]
    signs = [sum(2 if east_asian_width(one) in "FW" else 1 for one in text) for text in texts]
    return max(ceil(count / width) for count, width in zip(signs, widths, strict=True)) or 1


def _yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen) / FEN_PER_YUAN
