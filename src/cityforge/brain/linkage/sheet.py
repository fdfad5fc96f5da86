"""The review queue as an Excel sheet with a drop-down, and the filled sheet taken in."""

from dataclasses import dataclass, field
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from python_calamine import CalamineError, CalamineWorkbook

from cityforge.brain.errors import DataRefused, Problem, Text
from cityforge.brain.linkage import desk as desks
from cityforge.brain.linkage import journal
from cityforge.brain.linkage.decisions import Decision, Kind, next_id
from cityforge.brain.linkage.review import Case, Queue

ANSWER, NOTE, LEFT, RIGHT = "是否同一企业", "备注", "左记录编号", "右记录编号"
ANSWERS: dict[str, Kind | None] = {"是": "same", "否": "different", "待定": None, "": None}
_HEADERS = (
    (ANSWER, 14),
    (NOTE, 20),
    ("左 名称", 32),
    ("右 名称", 32),
    ("左 代码", 22),
    ("右 代码", 22),
    ("左 住所", 36),
    ("右 住所", 36),
    ("左 来源", 16),
    ("右 来源", 16),
    ("得分", 8),
    ("机器的理由", 48),
    (LEFT, 28),
    (RIGHT, 28),
)
_HEAD_ROW = 2
_LOOKED_AT = 10


@dataclass(slots=True)
class SheetTaken:
    """What became of a sheet: read = taken + unchanged + left_open + refused, always."""

    read: int = 0
    taken: list[Decision] = field(default_factory=list)
    unchanged: int = 0
    left_open: int = 0
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)


def write(queue: Queue, file: Path) -> None:
    """One row a case; every cell is text that no spreadsheet takes for a formula."""
    book = Workbook()
    sheet = book.active
    sheet.title = "待核对" if not queue.simulated else "待核对（模拟数据）"
    mark = "▲ 模拟数据 · simulated data。" if queue.simulated else ""
    _put(
        sheet,
        1,
        1,
        f"{mark}在“{ANSWER}”列选 是、否 或 待定，其余列请勿改动；"
        "填好后用 cityforge link decide 导入。",
    )
    for place, (title, width) in enumerate(_HEADERS, start=1):
        _put(sheet, _HEAD_ROW, place, title)
        head = sheet.cell(_HEAD_ROW, place)
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", fgColor="DDE6F0")
        sheet.column_dimensions[get_column_letter(place)].width = width
    for row, case in enumerate(queue.cases, start=_HEAD_ROW + 1):
        for place, value in enumerate(_cells(case), start=1):
            _put(sheet, row, place, value)
            sheet.cell(row, place).alignment = Alignment(vertical="top", wrap_text=True)
    sheet.freeze_panes = sheet.cell(_HEAD_ROW + 1, 3)
    if queue.cases:
        last = _HEAD_ROW + len(queue.cases)
        choice = DataValidation(type="list", formula1='"是,否,待定"', allow_blank=True)
        choice.error = "请选 是、否 或 待定"
        choice.showErrorMessage = True
        sheet.add_data_validation(choice)
        choice.add(f"A{_HEAD_ROW + 1}:A{last}")
        sheet.auto_filter.ref = f"A{_HEAD_ROW}:{get_column_letter(len(_HEADERS))}{last}"
    book.save(file)


def take(folder: Path, file: Path, *, by: str, at: str) -> SheetTaken:
    """Take a filled sheet in: good rows are taken, every bad one is named.

    The same sheet a second time changes nothing. Raises DataRefused when it is no such sheet.
    """
    rows = _rows(file)
    result = SheetTaken(read=len(rows))
    with journal.locked(folder):
        desk = desks.Desk(folder)
        desk.entities(row[side] for _, row in rows for side in (LEFT, RIGHT))
        for number, row in rows:
            _take_row(desk, result, file, number, row, by, at)
        journal.append(folder, journal.read(folder), result.taken)
    return result


def _take_row(
    desk: desks.Desk,
    result: SheetTaken,
    file: Path,
    number: int,
    row: dict[str, str],
    by: str,
    at: str,
) -> None:
    answer = row[ANSWER]
    if answer not in ANSWERS:
        result.problems.append(_no_answer(file, number, answer))
        result.refused += 1
        return
    kind = ANSWERS[answer]
    if kind is None:
        result.left_open += 1
        return
    decision = Decision(
        next_id(desk.log.decisions), kind, at, by, (row[LEFT], row[RIGHT]), note=row[NOTE]
    )
    if desks.already(desk, decision):
        result.unchanged += 1
        return
    faults = desks.faults(desk, decision)
    if faults:
        result.problems += [Problem(file.name, number, 1, f.what, f.hint) for f in faults]
        result.refused += 1
        return
    desks.note(desk, decision)
    result.taken.append(decision)


def _cells(case: Case) -> list[str]:
    left, right = case.left, case.right
    both = ((left.name, right.name), (left.code, right.code), (left.address, right.address))
    sides = [value for pair in (*both, (left.source, right.source)) for value in pair]
    return ["", "", *sides, f"{case.score:.3f}", case.why.zh, left.record, right.record]


def _put(sheet: object, row: int, column: int, value: str) -> None:
    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell = sheet.cell(row, column)  # type: ignore[attr-defined]
    if text:
        cell.value = text
        # Never a formula, whatever a name begins with.
        cell.data_type = "s"
        cell.quotePrefix = text[0] in "=+-@"
        cell.number_format = "@"


def _rows(file: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows of a sheet with their numbers in it."""
    try:
        table = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError, BadZipFile, ValueError) as error:
        reason = str(error).strip() or type(error).__name__
        raise DataRefused([_unreadable(file, reason)]) from error
    lines = [[str(cell).strip() for cell in line] for line in table]
    wanted = (ANSWER, LEFT, RIGHT)
    head = next((i for i, line in enumerate(lines[:_LOOKED_AT]) if {*wanted} <= {*line}), None)
    if head is None:
        reason = f"没有表头 {'、'.join(wanted)} / headers are missing"
        raise DataRefused([_unreadable(file, reason)])
    places = {name: lines[head].index(name) for name in (*wanted, NOTE) if name in lines[head]}
    rows = []
    for number, line in enumerate(lines[head + 1 :], start=head + 2):
        cells = {name: line[place] if place < len(line) else "" for name, place in places.items()}
        if any(line):
            rows.append((number, {NOTE: "", **cells}))
    return rows


def _unreadable(file: Path, reason: str) -> Problem:
    return Problem(
        file.name,
        0,
        0,
        Text(zh=f"不是核对表：{reason}", en=f"is no review sheet: {reason}"),
        Text(
            zh="用 cityforge link review --out 生成核对表，只填第一列和备注",
            en="Make one with cityforge link review --out; fill the first column and the note.",
        ),
    )


def _no_answer(file: Path, number: int, answer: str) -> Problem:
    return Problem(
        file.name,
        number,
        1,
        Text(zh=f"“{answer}”不是 是、否 或 待定", en=f"'{answer}' is not 是, 否 or 待定"),
        Text(zh="在下拉列表中选一个", en="Choose one from the drop-down."),
    )
