"""A file as a table of text, one row for each row of the file, columns named by the contract."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook
from sqlglot import exp

from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.engines import duckdb
from cityforge.brain.errors import DataRefused, EngineFailed, Problem, Text, ValueRefused
from cityforge.brain.values.quantity import unit
from cityforge.brain.values.spelling import half_width

ROW = "row_"
EXTRA = "extra_"
_BEYOND = 16  # cells beyond the header that are looked at; empty ones do no harm
_BRACKET = re.compile(r"^(.*?)[(\[]([^(\[]*)[)\]]$")


@dataclass(slots=True)
class Raw:
    """A raw table in the engine, the contract's columns it has, and what its headers left over."""

    table: str
    columns: list[str]
    rows: int
    unknown_headers: list[str] = field(default_factory=list)
    absent_columns: list[str] = field(default_factory=list)


def read(engine: duckdb.Engine, dataset: Dataset, file: Path) -> Raw:
    """Read a file into the engine as `raw_<dataset>`: `row_` (1-based), text columns, `extra_`.

    Raises DataRefused when the file cannot be read or lacks a required column.
    """
    table = f"raw_{dataset.id}"
    loaded = f"file_{dataset.id}"
    try:
        headers = _load(engine, loaded, file)
    except (EngineFailed, CalamineError, OSError, ValueError, csv.Error) as error:
        engine.drop(loaded)
        reason = str(error).strip() or type(error).__name__
        raise DataRefused([_unreadable(file, reason.splitlines()[0])]) from error
    matched, unknown, problems = match_headers(dataset, headers, file)
    if problems:
        engine.drop(loaded)
        raise DataRefused(problems)
    selected: list[exp.Expr] = [exp.column(ROW)]
    selected += [
        exp.alias_(exp.cast(exp.column(f"c{place}"), "VARCHAR"), name, quoted=True)
        for name, place in matched.items()
    ]
    selected.append(exp.column(EXTRA))
    engine.create(table, exp.select(*selected).from_(exp.to_identifier(loaded)))
    engine.drop(loaded)
    count = engine.rows(exp.select(exp.Count(this=exp.Star())).from_(table))[0][0]
    absent = [column.id for column in dataset.columns if column.id not in matched]
    return Raw(table, list(matched), count, unknown, absent)


def _load(engine: duckdb.Engine, name: str, file: Path) -> list[str]:
    """Bring a file in as `row_`, c0, c1 … and `extra_`; returns its headers."""
    if file.suffix.lower() == ".parquet":
        return _load_parquet(engine, name, file)
    if file.suffix.lower() in (".xlsx", ".xls"):
        headers, table = _sheet(file)
        engine.take(name, table)
        return headers
    with TemporaryDirectory() as scratch:
        readable = _as_utf8(file, Path(scratch))
        headers, skip = _csv_headers(readable)
        columns = [exp.column(f"c{place}") for place in range(len(headers))]
        beyond = [exp.column(f"c{len(headers) + place}") for place in range(_BEYOND)]
        extra = exp.alias_(exp.func("coalesce", *beyond), EXTRA)
        lines = duckdb.csv(readable, width=len(headers) + _BEYOND, skip=skip)
        engine.create(name, exp.select(_numbered(), *columns, extra).from_(lines))
    return headers


def _numbered() -> exp.Expr:
    return exp.alias_(exp.Window(this=exp.RowNumber()), ROW)


def _load_parquet(engine: duckdb.Engine, name: str, file: Path) -> list[str]:
    source = duckdb.parquet(file)
    engine.create(f"{name}_head", exp.select("*").from_(source.copy()).limit(0))
    headers = list(engine.columns(f"{name}_head"))
    engine.drop(f"{name}_head")
    columns = [
        exp.alias_(exp.column(header, quoted=True), f"c{place}")
        for place, header in enumerate(headers)
    ]
    none = exp.alias_(exp.cast(exp.null(), "VARCHAR"), EXTRA)
    engine.create(name, exp.select(_numbered(), *columns, none).from_(source))
    return headers


def _csv_headers(file: Path) -> tuple[list[str], int]:
    """The headers of a CSV file, and how many lines stand before its first row.

    Raises csv.Error when a quote is never closed or text follows one: such a file reads as
    something else than was written.
    """
    headers: list[str] = []
    skip = 0
    with file.open(encoding="utf-8-sig", newline="") as stream:
        for line in csv.reader(stream, skipinitialspace=True):
            skip += 1
            if line:
                headers = _without_empty_end(line)
                break
    with file.open("rb") as raw_bytes:
        is_quoted = any(b'"' in block for block in iter(lambda: raw_bytes.read(1 << 20), b""))
    if is_quoted:
        _check_quotes(file)
    return headers, skip


def _check_quotes(file: Path) -> None:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        # The engine lets blanks stand before a quote.
        lines = csv.reader(stream, strict=True, skipinitialspace=True)
        try:
            for _ in lines:
                pass
        except csv.Error as error:
            raise csv.Error(
                f"第 {lines.line_num} 行引号有误 / quotes at line {lines.line_num}: {error}"
            ) from error


def _without_empty_end(headers: list[str]) -> list[str]:
    count = len(headers)
    while count and not headers[count - 1].strip():
        count -= 1
    return headers[:count]


def _as_utf8(file: Path, scratch: Path) -> Path:
    """The file itself when it is UTF-8, else a copy transcoded from GB18030 (which holds GBK)."""
    if _decodes(file, "utf-8"):
        return file
    if not _decodes(file, "gb18030"):
        raise ValueError("neither UTF-8 nor GB18030 / 既不是 UTF-8 也不是 GB18030 编码")
    copy = scratch / "utf8.csv"
    with (
        file.open(encoding="gb18030", newline="") as old,
        copy.open("w", encoding="utf-8", newline="") as new,
    ):
        while block := old.read(1 << 20):
            new.write(block)
    return copy


def _decodes(file: Path, encoding: str) -> bool:
    try:
        with file.open(encoding=encoding, newline="") as stream:
            while stream.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _sheet(file: Path) -> tuple[list[str], pa.Table]:
    """The first sheet of a workbook as text; its first row is the header.

    Rows keep the number they have under the header; empty ones are left out.
    """
    rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    if not rows:
        raise ValueError("the first sheet is empty / 第一个工作表为空")
    headers = _without_empty_end([str(cell) for cell in rows[0]])
    body = [
        (number, [_cell(value) for value in row])
        for number, row in enumerate(rows[1:], start=1)
        if any(value not in ("", None) for value in row)
    ]
    columns = {ROW: pa.array([number for number, _ in body], pa.int64())}
    for place in range(len(headers)):
        cells = [row[place] if place < len(row) else None for _, row in body]
        columns[f"c{place}"] = pa.array(cells, pa.string())
    beyond = [next(filter(None, row[len(headers) :]), None) for _, row in body]
    columns[EXTRA] = pa.array(beyond, pa.string())
    return headers, pa.table(columns)


def _cell(value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def match_headers(
    dataset: Dataset, headers: Sequence[str], file: Path
) -> tuple[dict[str, int], list[str], list[Problem]]:
    """Which place carries which column: by id, title or synonym, a unit in brackets allowed."""
    known = {_clean(name): c for c in dataset.columns for name in (c.id, c.title, *c.synonyms)}
    matched: dict[str, int] = {}
    unknown: list[str] = []
    problems: list[Problem] = []
    for place, header in enumerate(headers):
        plain, bracket = _split(header)
        column = known.get(_clean(header)) or known.get(plain)
        if column is None:
            unknown.append(header.strip() or f"（第 {place + 1} 列无表头）")
        elif column.id in matched:
            problems.append(_twice(file, header, headers[matched[column.id]], column))
        else:
            if bracket and _clean(header) not in known and not _is_unit(bracket, column):
                problems.append(_other_unit(file, header, bracket, column))
            matched[column.id] = place
    for column in dataset.columns:
        if dataset.is_required(column) and column.id not in matched:
            problems.append(_no_column(file, column, headers))
    return matched, unknown, problems


def _clean(header: str) -> str:
    """A header without blanks and line breaks, its letters and marks of half width."""
    return "".join(half_width(header).replace("\ufeff", "").split()).lower()


def _split(header: str) -> tuple[str, str | None]:
    found = _BRACKET.match(_clean(header))
    return (found[1], found[2]) if found else (_clean(header), None)


def _is_unit(text: str, column: Column) -> bool:
    """Whether a header's bracket names the column's own unit, however it is spelled."""
    try:
        stated, agreed = unit(text), unit(column.unit or "")
    except ValueRefused:
        return False
    return stated.is_like(agreed) and stated.factor == agreed.factor


def _unreadable(file: Path, reason: str) -> Problem:
    return Problem(
        file.name,
        0,
        0,
        Text(zh=f"无法读取：{reason}", en=f"cannot be read: {reason}"),
        Text(
            zh="确认文件完整、扩展名与内容一致；CSV 请用 UTF-8 或 GB18030 编码",
            en="Check that it is whole and is what its ending says; CSV in UTF-8 or GB18030.",
        ),
    )


def _twice(file: Path, header: str, first: str, column: Column) -> Problem:
    return Problem(
        file.name,
        1,
        0,
        Text(
            zh=f"表头“{first}”和“{header}”都对应“{column.title}”",
            en=f"headers '{first}' and '{header}' both mean '{column.id}'",
        ),
        Text(zh="删去或改名其中一列", en="Drop or rename one of them."),
    )


def _other_unit(file: Path, header: str, unit: str, column: Column) -> Problem:
    return Problem(
        file.name,
        1,
        0,
        Text(
            zh=f"表头“{header}”的单位是“{unit}”，数据集约定为“{column.unit or '无单位'}”",
            en=f"header '{header}' says '{unit}', the contract says '{column.unit or 'no unit'}'",
        ),
        Text(zh="按约定单位报送，或修改数据集约定", en="Supply the agreed unit, or change it."),
    )


def _no_column(file: Path, column: Column, headers: Sequence[str]) -> Problem:
    shown = "、".join(headers[:8])
    return Problem(
        file.name,
        1,
        0,
        Text(zh=f"缺少必需的列“{column.title}”", en=f"the column '{column.id}' is missing"),
        Text(zh=f"文件的表头是：{shown}", en=f"The file's headers are: {shown}"),
    )
