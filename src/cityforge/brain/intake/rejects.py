"""A delivered file as it goes back to its bureau: the same rows, their errors marked and told.

Row order, titles and headers stay. 错误原因 and 原行号 are added at the end (`原行号` is the row of
the delivered file as its program numbers it); beside it stand the failed rows alone. Corrected and
sent in again it is read as any file: the reader knows the two columns for ours.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from python_calamine import CalamineWorkbook
from sqlglot import exp

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.errors import Language
from cityforge.brain.intake import accept, formulas, headers
from cityforge.brain.intake.accept import QUARANTINE, WHOLE_ROW
from cityforge.brain.intake.choice import RETURNED
from cityforge.brain.intake.difference import shown
from cityforge.brain.intake.importing import Candidate
from cityforge.brain.intake.raw import Raw

ONLY = "仅错误行"
_EDITED_IN_PLACE = 4_000_000  # bytes; beyond it the values are copied row by row, without styles
_BATCH = 10_000
_FILL = PatternFill("solid", fgColor="FFF2CC")
_HEAD_FILL = PatternFill("solid", fgColor="F8CBAD")

Whys = Mapping[int, Mapping[str, str]]
"""Of each failed row, the words by column id (or WHOLE_ROW)."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where things stand in the file: rows before the data, column places, our own columns."""

    before: int
    places: Mapping[str, int]
    width: int
    own: tuple[int, ...]

    def without_own(self, row: Sequence[Any]) -> list[Any]:
        return [cell for place, cell in enumerate(row) if place not in self.own]

    def place(self, column: str) -> int | None:
        """The place of a column once our own of an earlier round are taken out."""
        place = self.places.get(column)
        return None if place is None else place - sum(own < place for own in self.own)


def write(candidate: Candidate, folder: Path, *, language: Language) -> list[Path]:
    """Write what goes back; returns the files. Nothing where no row was quarantined.

    .csv comes back as .csv in its own encoding, .xlsx and .xls as .xlsx, .parquet as .csv.
    """
    whys = _whys(candidate, language)
    if candidate.raw is None or not whys:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    ending = ".xlsx" if candidate.file.suffix.lower() in (".xlsx", ".xls") else ".csv"
    stem = Path(candidate.name).stem.removesuffix(RETURNED)
    out = folder / f"{stem}{RETURNED}{ending}"
    if ending == ".csv":
        return _write_csv(candidate, candidate.raw, whys, out)
    is_small = candidate.file.stat().st_size <= _EDITED_IN_PLACE
    if is_small and candidate.file.suffix.lower() == ".xlsx":
        return _edit_workbook(candidate, candidate.raw, whys, out)
    return _copy_workbook(candidate, candidate.raw, whys, out)


def _whys(candidate: Candidate, language: Language) -> dict[int, dict[str, str]]:
    names = [exp.column(name, quoted=True) for name in ("row", "column", "reason")]
    of_dataset = exp.column("dataset").eq(exp.Literal.string(candidate.dataset.id))
    query = exp.select(*names).from_(QUARANTINE).where(of_dataset)
    whys: dict[int, dict[str, str]] = {}
    for row, column, reason in candidate.engine.rows(query.order_by(*names)):
        said = accept.REASONS[reason].say(language)
        earlier = whys.setdefault(row, {}).get(column)
        whys[row][column] = f"{earlier}；{said}" if earlier else said
    return whys


def _told(dataset: Dataset, whys: Mapping[str, str], language_names: Mapping[str, str]) -> str:
    """All that is wrong with a row in one cell, in the order of the columns."""
    order = {WHOLE_ROW: -1} | {c.id: place for place, c in enumerate(dataset.columns)}
    parts = sorted(whys.items(), key=lambda pair: order.get(pair[0], 0))
    return "；".join(f"{language_names[name]}：{why}" for name, why in parts)


def _names(dataset: Dataset) -> dict[str, str]:
    return {WHOLE_ROW: "整行"} | {column.id: column.title for column in dataset.columns}


def _frame(candidate: Candidate, raw: Raw, head: list[list[str]], merges: Any = ()) -> _Frame:
    layout = headers.find(candidate.dataset, head, candidate.name, merges=merges)
    own = [place for place, name in enumerate(layout.headers) if name in headers.ERROR_COLUMNS]
    before = raw.header_at + raw.header_depth
    return _Frame(before, layout.places, len(layout.headers) - len(own), tuple(own))


def _write_csv(candidate: Candidate, raw: Raw, whys: Whys, out: Path) -> list[Path]:
    encoding = _encoding(candidate.file)
    names = _names(candidate.dataset)
    frame = _frame(candidate, raw, list(islice(_text_rows(candidate.file, encoding), 40)))
    only = out.with_name(f"{out.stem}-{ONLY}{out.suffix}")
    with (
        out.open("w", encoding=encoding, newline="", errors="replace") as every,
        only.open("w", encoding=encoding, newline="", errors="replace") as failed,
    ):
        to_all, to_failed = csv.writer(every), csv.writer(failed)
        number = 0
        for at, cells in enumerate(_text_rows(candidate.file, encoding)):
            row = [formulas.in_csv(cell) for cell in frame.without_own(cells)]
            if at < frame.before:
                if at == frame.before - 1:
                    row = _padded(row, frame.width) + list(headers.ERROR_COLUMNS)
                to_all.writerow(row)
                to_failed.writerow(row)
                continue
            if not cells:
                to_all.writerow(row)
                continue
            number += 1
            why = whys.get(number)
            added = [_told(candidate.dataset, why, names), str(at + 1)] if why else []
            row = _padded(row, frame.width) + added if why else row
            to_all.writerow(row)
            if why:
                to_failed.writerow(row)
    return [out, only]


def _padded(row: list[Any], width: int) -> list[Any]:
    return row + [""] * (width - len(row))


def _encoding(file: Path) -> str:
    """UTF-8 goes back with a byte-order mark, which Excel needs; GB18030 as it came."""
    if file.suffix.lower() == ".parquet":
        return "utf-8-sig"
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            while stream.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def _text_rows(file: Path, encoding: str) -> Iterator[list[str]]:
    if file.suffix.lower() == ".parquet":
        table = pq.ParquetFile(file)
        yield list(table.schema_arrow.names)
        for batch in table.iter_batches(batch_size=_BATCH):
            columns = [[shown(v) or "" for v in column.to_pylist()] for column in batch.columns]
            yield from map(list, zip(*columns, strict=True))
        return
    with file.open(encoding=encoding, newline="") as stream:
        yield from csv.reader(stream, skipinitialspace=True)


def _edit_workbook(candidate: Candidate, raw: Raw, whys: Whys, out: Path) -> list[Path]:
    """The very workbook, its styles, merges and lists kept; values in place of formulas."""
    book = load_workbook(candidate.file, data_only=True, keep_links=False)
    if ONLY in book.sheetnames:
        del book[ONLY]
    sheet = book[raw.sheet] if raw.sheet else book.worksheets[0]
    head, merges, _ = _head(candidate, raw)
    frame = _frame(candidate, raw, head, merges)
    first_own = frame.own[0] if frame.own else max(sheet.max_column, frame.width)
    columns = (first_own + 1, first_own + 2)
    for row in sheet.iter_rows(min_row=frame.before + 1):
        for cell in row:
            if cell.column in columns:
                cell.value = None
            elif isinstance(cell.value, str) and formulas.is_dangerous(cell.value):
                cell.quotePrefix = True
    for column, title in zip(columns, headers.ERROR_COLUMNS, strict=True):
        _head_cell(sheet.cell(frame.before, column), title)
    names = _names(candidate.dataset)
    failed = book.create_sheet(ONLY)
    for at in range(1, frame.before + 1):
        failed.append([sheet.cell(at, c).value for c in range(1, columns[1] + 1)])
    for number, why in sorted(whys.items()):
        at = frame.before + number
        _text_cell(sheet.cell(at, columns[0]), _told(candidate.dataset, why, names))
        sheet.cell(at, columns[1]).value = at
        for name, words in why.items():
            if name in frame.places:
                _flag(sheet.cell(at, frame.places[name] + 1), words)
        failed.append([None] * columns[1])
        for c in range(1, columns[1] + 1):
            formulas.in_workbook(failed.cell(failed.max_row, c), sheet.cell(at, c).value)
    _save(book, out)
    return [out]


def _copy_workbook(candidate: Candidate, raw: Raw, whys: Whys, out: Path) -> list[Path]:
    """The values of the sheet row by row: for .xls, and for what is too large to edit."""
    head, merges, offset = _head(candidate, raw)
    frame = _frame(candidate, raw, head, merges)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(raw.sheet or candidate.dataset.title)
    failed = book.create_sheet(ONLY)
    names = _names(candidate.dataset)
    for at, cells in enumerate(_sheet_rows(candidate.file, raw.sheet, offset)):
        row = frame.without_own(cells)
        if at < frame.before:
            if at == frame.before - 1:
                row = _padded(row, frame.width) + list(headers.ERROR_COLUMNS)
            sheet.append(_cells(sheet, row))
            failed.append(_cells(failed, row))
            continue
        why = whys.get(at - frame.before + 1)
        if why is None:
            sheet.append(_cells(sheet, row))
            continue
        row = [*_padded(row, frame.width), _told(candidate.dataset, why, names), at + 1]
        marked = _cells(sheet, row)
        for name, words in why.items():
            place = frame.place(name)
            if place is not None:
                _flag(marked[place], words)
        sheet.append(marked)
        failed.append(_cells(failed, row))
    _save(book, out)
    return [out]


def _head(candidate: Candidate, raw: Raw) -> tuple[list[list[str]], Any, int]:
    """The first rows of the sheet as text, its merged cells, and the columns empty before it."""
    book = CalamineWorkbook.from_path(str(candidate.file))
    sheet = book.get_sheet_by_name(raw.sheet) if raw.sheet else book.get_sheet_by_index(0)
    offset = sheet.start[1] if sheet.start else 0
    rows = islice(_sheet_rows(candidate.file, raw.sheet, offset), raw.header_at + raw.header_depth)
    return [[str(cell) for cell in row] for row in rows], sheet.merged_cell_ranges or [], offset


def _sheet_rows(file: Path, name: str | None, offset: int) -> Iterator[list[Any]]:
    book = CalamineWorkbook.from_path(str(file))
    sheet = book.get_sheet_by_name(name) if name else book.get_sheet_by_index(0)
    for row in sheet.iter_rows():
        yield [""] * offset + list(row)


def _cells(sheet: Any, row: Iterable[Any]) -> list[Any]:
    made = []
    for value in row:
        cell = WriteOnlyCell(sheet)
        formulas.in_workbook(cell, None if value == "" else value)
        made.append(cell)
    return made


def _text_cell(cell: Any, text: str) -> None:
    formulas.in_workbook(cell, text)


def _head_cell(cell: Any, text: str) -> None:
    cell.value = text
    cell.fill = _HEAD_FILL


def _flag(cell: Any, words: str) -> None:
    cell.fill = _FILL
    cell.comment = Comment(words, "cityforge")


def _save(book: Any, out: Path) -> None:
    partial = out.with_name(f".{out.name}.partial")
    book.save(partial)
    partial.replace(out)
