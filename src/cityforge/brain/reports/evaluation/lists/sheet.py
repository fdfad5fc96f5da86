"""Sheets of a workbook as an office hands them out: head, notes, ruled rows, print set-up.

Written row by row, so that a sheet of a hundred thousand rows needs little memory.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from cityforge.brain.errors import Language, Text
from cityforge.brain.intake import formulas

_FONT = "微软雅黑"
_HIGH = 16.5  # points of one line
_INK, _QUIET, _AMBER = "1A1F2B", "566072", "7A4E0C"
_HEAD = PatternFill("solid", fgColor="DCE6F1")
_FILL = PatternFill("solid", fgColor="FFF8E5")
_RULE = Side(style="thin", color="C5CCD8")
_BORDER = Border(left=_RULE, right=_RULE, top=_RULE, bottom=_RULE)
Cell = str | int | float | date | Text | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: head, width in characters, number format, and whether people fill it in.

    `choices`: what may be chosen where it is filled in.
    """

    title: Text
    width: int
    format: str = "General"
    align: str = "left"
    wrap: bool = False
    fill_in: bool = False
    choices: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: the first line is its title, the marks a warning, then notes, head and rows.

    freeze  so many columns on the left stay in view
    """

    name: Text
    title: Text
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    marks: Sequence[Text] = ()
    notes: Sequence[Text] = ()
    freeze: int = 0
    filters: bool = True
    bold_last: bool = False


def write(sheets: Iterable[Sheet], file: Path, *, language: Language) -> Path:
    """Write a workbook; text stays text, whatever it begins with. An earlier file of that name is
    replaced once the new one is whole."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _add(book, sheet, language)
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}.partial")
    book.save(partial)
    partial.replace(file)
    return file


def _add(book: Any, told: Sheet, language: Language) -> None:
    sheet = book.create_sheet(told.name.say(language))
    sheet.sheet_view.showGridLines = False
    sheet.sheet_format.defaultRowHeight = _HIGH
    sheet.sheet_format.customHeight = True
    head = len(told.marks) + len(told.notes) + 2
    sheet.freeze_panes = f"{get_column_letter(told.freeze + 1)}{head + 1}"
    sheet.print_title_rows = f"{head}:{head}"
    for number, column in enumerate(told.columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    _for_print(sheet, told, language)
    sheet.row_dimensions[1].height = 2 * _HIGH
    sheet.append([_line(sheet, told.title.say(language), Font(name=_FONT, size=16, bold=True))])
    for mark in told.marks:
        font = Font(name=_FONT, size=11, bold=True, color=_AMBER)
        sheet.append([_line(sheet, f"▲ {mark.say(language)}", font)])
    for note in told.notes:
        sheet.append([_line(sheet, note.say(language), Font(name=_FONT, size=10, color=_QUIET))])
    sheet.row_dimensions[head].height = _HIGH * max(
        _lines(column.title.say(language), column.width) for column in told.columns
    )
    sheet.append([_head(sheet, column, language) for column in told.columns])
    last = head + _rows(sheet, told, head, language)
    if told.filters and last > head:
        sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(told.columns))}{last}"
    for number, column in enumerate(told.columns, 1):
        if column.choices and last > head:
            letter = get_column_letter(number)
            sheet.data_validations.append(
                _choice(column, f"{letter}{head + 1}:{letter}{last}", language)
            )


def _for_print(sheet: Any, told: Sheet, language: Language) -> None:
    sheet.page_setup.paperSize = 9  # A4
    wide = sum(column.width for column in told.columns) > 100
    sheet.page_setup.orientation = "landscape" if wide else "portrait"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = 0.4
    sheet.oddFooter.center.text = "&P / &N"
    if told.marks:
        sheet.oddFooter.left.text = told.marks[0].say(language)


def _line(sheet: Any, text: str, font: Font) -> Any:
    cell = WriteOnlyCell(sheet)
    formulas.in_workbook(cell, text)
    cell.font = font
    return cell


def _head(sheet: Any, column: Column, language: Language) -> Any:
    cell = _line(
        sheet, column.title.say(language), Font(name=_FONT, size=10, bold=True, color=_INK)
    )
    cell.fill, cell.border = _HEAD, _BORDER
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return cell


def _rows(sheet: Any, told: Sheet, head: int, language: Language) -> int:
    """Append the rows; returns how many.

    One cell a column is used again for every row: it is written out at once, and its style need
    not be looked up a million times.
    """
    kept = [_styled(sheet, column, bold=False) for column in told.columns]
    count = 0
    held: Sequence[Cell] | None = None
    for row in told.rows:
        if held is not None:
            count += 1
            _append(sheet, told, kept, held, head + count, language)
        held = row
    if held is not None:
        last = [_styled(sheet, c, bold=True) for c in told.columns] if told.bold_last else kept
        count += 1
        _append(sheet, told, last, held, head + count, language)
    return count


def _append(
    sheet: Any, told: Sheet, cells: list[Any], row: Sequence[Cell], at: int, language: Language
) -> None:
    shown = [value.say(language) if isinstance(value, Text) else value for value in row]
    lines = [
        _lines(value, column.width)
        for column, value in zip(told.columns, shown, strict=True)
        if column.wrap and isinstance(value, str)
    ]
    if max(lines, default=1) > 1:
        sheet.row_dimensions[at].height = _HIGH * max(lines)
    sheet.append(_filled(sheet, told.columns, cells, shown))


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column; a Chinese character is as wide as two others."""
    shown = sum(1 if ord(char) < 0x2000 else 2 for char in text)
    return max(1, -(-shown // max(width - 2, 1)))


def _filled(
    sheet: Any, columns: Sequence[Column], cells: list[Any], row: Sequence[Any]
) -> list[Any]:
    made = []
    for column, cell, shown in zip(columns, cells, row, strict=True):
        if isinstance(shown, str) and formulas.is_dangerous(shown):
            # Its quote prefix is a style of its own, which must not stay with the column's cell.
            own = _styled(sheet, column, bold=bool(cell.font.bold))
            formulas.in_workbook(own, shown)
            made.append(own)
            continue
        cell.value = shown
        if isinstance(shown, str):
            cell.data_type = "s"
        made.append(cell)
    return made


def _styled(sheet: Any, column: Column, *, bold: bool) -> Any:
    cell = WriteOnlyCell(sheet)
    cell.font = Font(name=_FONT, size=10, bold=bold, color=_INK)
    cell.border = _BORDER
    cell.alignment = Alignment(horizontal=column.align, vertical="center", wrap_text=column.wrap)
    cell.number_format = column.format
    if column.fill_in:
        cell.fill = _FILL
    return cell


def _choice(column: Column, where: str, language: Language) -> DataValidation:
    listed = ",".join(one.say(language) for one in column.choices)
    rule = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
    rule.add(where)
    return rule
