"""A sheet of .xls or .xlsx: which sheet, where its header is, and its cells as text in batches."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, TypeGuard

import pyarrow as pa
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.errors import Text, ValueRefused
from cityforge.brain.intake import headers, signature, xls_records, xlsx_package
from cityforge.brain.intake.headers import Layout
from cityforge.brain.intake.xlsx_package import Marks

ROW, EXTRA, FIRST = "row_", "extra_", "first_"
LOOKED_AT = 30
_BATCH = 16_384
_FIRST_CELLS = 16
_1904 = 1462  # days between the two date systems
_ENDINGS = {"zip": ".xlsx", "ole": ".xls"}

Tell = Callable[[float], None]
Package = xlsx_package.Package | xls_records.Package


@dataclass(slots=True)
class Sheet:
    """One sheet chosen, its header found; `cells` gives its rows, once."""

    name: str
    layout: Layout
    remarks: list[Text]
    schema: pa.Schema
    batches: Callable[[], Iterator[pa.RecordBatch]]


@dataclass(slots=True)
class _Found:
    sheet: CalamineSheet
    layout: Layout
    marks: Marks
    offset: int = field(default=0)


def read(
    file: Path, dataset: Dataset, *, wanted: str | None = None, tell: Tell | None = None
) -> Sheet:
    """Choose the sheet of a workbook that a contract means.

    wanted   its name; else the sheet named as the dataset, else the first whose header has every
             needed column (visible sheets first), else the one that names most columns
    raises   ValueRefused when it cannot be opened; a header that does not fit shows in `layout`
    """
    with _opened(file) as (book, package):
        chosen, others = _choose(book, package, dataset, file.name, wanted)
        remarks = list(chosen.layout.remarks)
        if others:
            named = "、".join(others)
            remarks.append(
                Text(
                    zh=f"读取工作表“{chosen.sheet.name}”，其他工作表未读取：{named}",
                    en=f"sheet '{chosen.sheet.name}' was read, others were not: {named}",
                )
            )
        places = sorted(chosen.layout.places.values())
        fields = [(ROW, pa.int64()), *((f"c{place}", pa.string()) for place in places)]
        schema = pa.schema([*fields, (EXTRA, pa.string()), (FIRST, pa.string())])
        kinds = {chosen.layout.places[c.id]: c.kind for c in dataset.columns
                 if c.id in chosen.layout.places}  # fmt: skip
        dates = [place for place, kind in kinds.items() if kind == "date"]
        shifted = frozenset(dates) if package.is_1904 else frozenset()
        return Sheet(
            chosen.sheet.name,
            chosen.layout,
            remarks,
            schema,
            lambda: _batches(chosen, places, shifted, schema, tell or (lambda _share: None)),
        )


def first_rows(file: Path, count: int) -> list[list[str]]:
    """The first rows of its first sheet as text, only to look at; none where there is no sheet.

    Held to the same bounds as what is read: raises ValueRefused for whatever `read` would refuse.
    """
    signature.check(file)
    with _opened(file) as (book, package):
        names = _names(book)
        if not names:
            return []
        _marks(package, names[0])
        sheet = book.get_sheet_by_name(names[0])
        rows = sheet.iter_rows() if sheet.start else ()
        return [[_text(cell) or "" for cell in row] for row in islice(rows, count)]


@contextmanager
def _opened(file: Path) -> Iterator[tuple[CalamineWorkbook, Package]]:
    kind = signature.kind(file)
    bounded = xlsx_package.inspect(file) if kind == "zip" else None
    try:
        if file.suffix.lower() == _ENDINGS[kind]:
            book = CalamineWorkbook.from_path(str(file))
        else:
            with file.open("rb") as stream:
                book = CalamineWorkbook.from_filelike(stream)
        # An old one cannot be a bomb; what it is refused for, its reader says best.
        yield book, bounded or xls_records.inspect(file)
    except PasswordError as error:
        raise ValueRefused(
            Text(zh="工作簿有打开密码", en="the workbook is protected by a password"),
            Text(zh="在 Excel 中取消密码后另存", en="Save it without a password."),
        ) from error
    except CalamineError as error:
        raise xlsx_package.broken(error) from error
    except BaseException as error:
        # A panic of the Rust reader is no Exception; the file is at fault all the same.
        if type(error).__name__ != "PanicException":
            raise
        raise xlsx_package.broken(error) from error


def _choose(
    book: CalamineWorkbook,
    package: Package,
    dataset: Dataset,
    file: str,
    wanted: str | None,
) -> tuple[_Found, list[str]]:
    names = _names(book)
    if wanted is not None and wanted not in names:
        raise ValueRefused(
            Text(zh=f"没有工作表“{wanted}”", en=f"no sheet '{wanted}'"),
            Text(zh="工作表有：" + "、".join(names), en="Its sheets are: " + ", ".join(names)),
        )
    named = [name for name in names if name.strip() in (dataset.id, dataset.title)]
    best: _Found | None = None
    for name in [wanted] if wanted is not None else named[:1] or names:
        found = _look(book, package, dataset, file, name)
        if best is None or len(found.layout.places) > len(best.layout.places):
            best = found
        if found.layout.is_whole:
            best = found
            break
    if best is None:
        raise ValueRefused(
            Text(zh="没有工作表", en="there is no sheet"),
            Text(zh="重新导出该文件", en="Export it again."),
        )
    return best, [name for name in names if name != best.sheet.name]


def _marks(package: Package, sheet: str) -> Marks:
    if isinstance(package, xls_records.Package):
        return xls_records.marks(package, sheet)
    return xlsx_package.marks(package, sheet)


def _names(book: CalamineWorkbook) -> list[str]:
    """The sheets that hold cells, visible ones first."""
    sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    sheets.sort(key=lambda sheet: sheet.visible != SheetVisibleEnum.Visible)
    return [sheet.name for sheet in sheets]


def _look(
    book: CalamineWorkbook, package: Package, dataset: Dataset, file: str, name: str
) -> _Found:
    marks = _marks(package, name)
    sheet = book.get_sheet_by_name(name)
    offset = sheet.start[1] if sheet.start else 0
    head = [
        [""] * offset + [_text(cell) or "" for cell in row]
        for row in islice(sheet.iter_rows() if sheet.start else (), LOOKED_AT + headers.DEEPEST)
    ]
    merges = sheet.merged_cell_ranges or []
    layout = headers.find(dataset, head[:LOOKED_AT], file, merges=merges)
    return _Found(sheet, layout, marks, offset)


def _batches(
    found: _Found,
    places: Sequence[int],
    shifted: frozenset[int],
    schema: pa.Schema,
    tell: Tell,
) -> Iterator[pa.RecordBatch]:
    """Rows keep the number they have under the header; empty ones are left out."""
    start = found.layout.at + found.layout.depth
    height = max(found.sheet.total_height, 1)
    errors = {row for row, _ in found.marks.errors}
    rows = islice(found.sheet.iter_rows() if found.sheet.start else (), start, None)
    taken: list[tuple[int, list[Any]]] = []
    for at, row in enumerate(rows, start):
        if row.count("") < len(row) or at in errors:
            taken.append((at, row))
        if len(taken) == _BATCH:
            yield _batch(found, taken, places, shifted, schema)
            taken = []
            tell(at / height)
    if taken:
        yield _batch(found, taken, places, shifted, schema)


def _batch(
    found: _Found,
    taken: list[tuple[int, list[Any]]],
    places: Sequence[int],
    shifted: frozenset[int],
    schema: pa.Schema,
) -> pa.RecordBatch:
    start = found.layout.at + found.layout.depth
    columns: list[list[Any]] = [[at - start + 1 for at, _ in taken]]
    columns += [_column(found, taken, place, is_shifted=place in shifted) for place in places]
    beyond = max(len(found.layout.headers) - found.offset, 0)
    columns.append([_first(row[beyond:]) for _, row in taken])
    columns.append([_first(row[:_FIRST_CELLS]) for _, row in taken])
    arrays = [pa.array(column, type_) for column, type_ in zip(columns, schema.types, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _column(
    found: _Found, taken: list[tuple[int, list[Any]]], place: int, *, is_shifted: bool
) -> list[str | None]:
    inside = place - found.offset
    cells = [row[inside] for _, row in taken]
    # `sheet` columns are of one type mostly; text needs no look at each cell.
    texts: list[str | None] = cells if {*map(type, cells)} == {str} else [*map(_text, cells)]
    if is_shifted:
        texts = [
            str(int(cell) + _1904) if _is_number(cell) else text
            for cell, text in zip(cells, texts, strict=True)
        ]
    if found.marks.errors or found.marks.percents:
        texts = [
            _marked(found.marks, (at, place), cell, text)
            for (at, _), cell, text in zip(taken, cells, texts, strict=True)
        ]
    return texts


def _marked(marks: Marks, spot: tuple[int, int], cell: object, text: str | None) -> str | None:
    if spot in marks.errors:
        return marks.errors[spot]
    if spot in marks.percents and _is_number(cell):
        return f"{_plain(Decimal(repr(cell)) * 100)}%"
    return text


def _is_number(cell: object) -> TypeGuard[float]:
    """The reader gives the whole numbers of an old workbook as int."""
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _first(cells: Sequence[object]) -> str | None:
    return next((_text(cell) for cell in cells if cell != ""), None)


def _text(cell: object) -> str | None:
    """A cell as its reader would write it. Beyond sixteen digits a number keeps its exponent: the
    digits that Excel lost are not made up again."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < 1e16:
            return str(int(cell))
        written = repr(cell)
        return _plain(Decimal(written)) if "e-" in written else written
    if isinstance(cell, datetime) and cell.time() == datetime.min.time():
        return str(cell.date())
    return None if cell is None else str(cell)


def _plain(number: Decimal) -> str:
    written = f"{number:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
