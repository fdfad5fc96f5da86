"""A city's ladder as a workbook: the tables, then every library, move and title by name."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from cityforge.brain.errors import Language, Text
from cityforge.brain.intake import formulas
from cityforge.brain.ladders.states import State
from cityforge.brain.reports.ladders import city_tables, rung_tables, telling, words
from cityforge.brain.reports.ladders.found import CityLadder
from cityforge.brain.reports.tables import Table

_HEAD = PatternFill("solid", fgColor="DCE6F1")
_NARROW, _WIDE, _WIDEST = 12, 30, 70
Cell = str | int | Text | None


@dataclass(frozen=True, slots=True)
class _Sheet:
    title: Text
    lines: Sequence[Text]
    columns: Sequence[tuple[Text, int]]
    rows: Iterable[Sequence[Cell]]


def write(found: CityLadder, file: Path, *, language: Language = "zh") -> Path:
    """Write the workbook; text stays text, counts are numbers. An earlier file of that name is
    replaced once the new one is whole."""
    book = Workbook(write_only=True)
    for sheet in _sheets(found):
        _add(book, sheet, language)
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}.partial")
    book.save(partial)
    partial.replace(file)
    return file


def _sheets(found: CityLadder) -> Iterator[_Sheet]:
    mark = [telling.SIMULATED] if found.ground.snapshot.simulated else []
    lines = [*words.city(found), *words.notes(found)]
    yield _of(Text(zh="全景", en="Ladder"), city_tables.funnel(found), lines)
    yield _of(Text(zh="分地区", en="Districts"), city_tables.districts(found), mark)
    yield _of(Text(zh="卡点", en="Gaps"), city_tables.gaps(found, most=100), mark)
    if found.then is not None:
        yield _of(Text(zh="培育库变动", en="Moves"), city_tables.moves(found), mark)
    yield _of(Text(zh="推算", en="Outlook"), city_tables.outlook(found), mark)
    yield _of(Text(zh="对照计划", en="Plan"), city_tables.progress(found), mark)
    yield _library(found, mark)
    if found.then is not None:
        yield _moves(found, mark)
    yield _expiring(found, mark)


def _library(found: CityLadder, mark: Sequence[Text]) -> _Sheet:
    columns = (
        (Text(zh="级", en="Rung"), _WIDE),
        (Text(zh="企业名称", en="Enterprise"), _WIDE),
        (Text(zh="统一社会信用代码", en="Credit code"), 22),
        (Text(zh="属地", en="District"), _NARROW),
        (Text(zh="状态", en="State"), _NARROW),
        (Text(zh="还差", en="What it lacks"), _WIDEST),
    )
    rows = (
        (
            telling.rung(step),
            person.name,
            person.uscc,
            person.district,
            telling.STATES[State(int(found.standings[step.id].states[person.row]))],
            gap,
        )
        for step in found.steps
        for person, gap in rung_tables.lacking(
            found, step, rung_tables.library_rows(found.standings[step.id])
        )
    )
    return _Sheet(Text(zh="培育库名单", en="Library"), mark, columns, rows)


def _moves(found: CityLadder, mark: Sequence[Text]) -> _Sheet:
    columns = (
        (Text(zh="级", en="Rung"), _WIDE),
        (Text(zh="去向", en="Way"), _NARROW),
        (Text(zh="企业名称", en="Enterprise"), _WIDE),
        (Text(zh="统一社会信用代码", en="Credit code"), 22),
        (Text(zh="属地", en="District"), _NARROW),
        (Text(zh="原因", en="Why"), _WIDEST),
    )
    rows = (
        (
            telling.rung(step),
            telling.WAYS[move.way],
            person.name,
            person.uscc,
            person.district,
            rung_tables.why(found, own, move),
        )
        for step in found.steps
        for own in [found.moves[step.id]]
        for move, person in zip(
            own.listed,
            rung_tables.people(found, step, [move.row for move in own.listed]),
            strict=True,
        )
    )
    return _Sheet(Text(zh="变动名单", en="Who moved"), mark, columns, rows)


def _expiring(found: CityLadder, mark: Sequence[Text]) -> _Sheet:
    columns = (
        (Text(zh="称号", en="Title"), _WIDE),
        (Text(zh="企业名称", en="Enterprise"), _WIDE),
        (Text(zh="统一社会信用代码", en="Credit code"), 22),
        (Text(zh="属地", en="District"), _NARROW),
        (Text(zh="有效期至", en="Valid until"), 14),
        (Text(zh="还剩天数", en="Days left"), _NARROW),
        (Text(zh="提醒档（天）", en="Alert (days)"), _NARROW),
        (Text(zh="按现有数据能否续", en="Renewal by the data at hand"), _WIDEST),
    )
    rows = (
        (
            telling.rung(each.step),
            person.name,
            person.uscc,
            person.district,
            str(each.title.valid_until),
            each.title.days_left,
            each.title.alert,
            rung_tables.renewal(each),
        )
        for each in found.expiring
        for person in rung_tables.people(found, each.step, [each.row])
    )
    return _Sheet(Text(zh="到期称号", en="Running out"), mark, columns, rows)


def _of(title: Text, table: Table, lines: Sequence[Text]) -> _Sheet:
    """A table of the terminal as a sheet: whole numbers become numbers."""
    columns = [(name, _WIDE if i < 2 else 14) for i, name in enumerate(table.columns)]
    rows = ([_number(cell) for cell in row] for row in table.rows)
    return _Sheet(title, lines, columns, rows)


def _number(cell: str | Text) -> Cell:
    plain = cell.replace(",", "") if isinstance(cell, str) else ""
    return int(plain) if plain.isdigit() and plain.isascii() else cell


def _add(book: Any, told: _Sheet, language: Language) -> None:
    sheet = book.create_sheet(told.title.say(language))
    sheet.freeze_panes = f"A{len(told.lines) + 2}"
    for number, (_, width) in enumerate(told.columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for line in told.lines:
        sheet.append(_cells(sheet, [line], language))
    head = _cells(sheet, [title for title, _ in told.columns], language)
    for cell in head:
        cell.font = Font(bold=True)
        cell.fill = _HEAD
    sheet.append(head)
    for row in told.rows:
        cells = _cells(sheet, row, language)
        for cell in cells:
            if isinstance(cell.value, str):
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.append(cells)


def _cells(sheet: Any, row: Iterable[Cell], language: Language) -> list[Any]:
    made = []
    for value in row:
        cell = WriteOnlyCell(sheet)
        formulas.in_workbook(cell, value.say(language) if isinstance(value, Text) else value)
        made.append(cell)
    return made
