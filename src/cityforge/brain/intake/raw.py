"""A file as a table of text, one row for each row of the file, columns named by the contract."""

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
from cityforge.brain.errors import DataRefused, EngineFailed, Problem, Text

ROW = "row_"
EXTRA = "extra_"
_BRACKET = re.compile(r"^(.*?)[（(\[]([^（(\[]*)[）)\]]$")


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
        _load(engine, loaded, file)
    except (EngineFailed, CalamineError, OSError, ValueError) as error:
        reason = str(error).strip() or type(error).__name__
        raise DataRefused([_unreadable(file, reason.splitlines()[0])]) from error
    headers = [name for name in engine.columns(loaded) if name != ROW]
    matched, unknown, problems = match_headers(dataset, headers, file)
    if problems:
        raise DataRefused(problems)
    selected: list[exp.Expr] = [exp.column(ROW)]
    selected += [
        exp.alias_(exp.cast(exp.column(header, quoted=True), "VARCHAR"), name, quoted=True)
        for name, header in matched.items()
    ]
    # A row with more cells than the header: what stands in the nameless columns.
    nameless = [h for h in unknown if re.fullmatch(r"column\d+", h)]
    selected.append(
        exp.alias_(
            exp.func("coalesce", *[exp.column(h, quoted=True) for h in nameless])
            if len(nameless) > 1
            else exp.column(nameless[0], quoted=True)
            if nameless
            else exp.cast(exp.null(), "VARCHAR"),
            EXTRA,
        )
    )
    engine.create(table, exp.select(*selected).from_(exp.to_identifier(loaded)))
    engine.drop(loaded)
    count = engine.rows(exp.select(exp.Count(this=exp.Star())).from_(table))[0][0]
    absent = [column.id for column in dataset.columns if column.id not in matched]
    return Raw(table, list(matched), count, [h for h in unknown if h not in nameless], absent)


def _load(engine: duckdb.Engine, name: str, file: Path) -> None:
    numbered = exp.alias_(exp.Window(this=exp.RowNumber()), ROW)
    if file.suffix == ".parquet":
        query = exp.select(numbered, exp.Star()).from_(duckdb.parquet(file))
        engine.create(name, query)
        return
    if file.suffix in (".xlsx", ".xls"):
        engine.take(name, _sheet(file))
        return
    with TemporaryDirectory() as scratch:
        readable = _as_utf8(file, Path(scratch))
        engine.create(name, exp.select(numbered, exp.Star()).from_(duckdb.csv(readable)))


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


def _sheet(file: Path) -> pa.Table:
    """The first sheet of a workbook as text; its first row is the header."""
    rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    if not rows:
        raise ValueError("the first sheet is empty / 第一个工作表为空")
    headers = [str(cell).strip() or f"column{i}" for i, cell in enumerate(rows[0])]
    body = [row for row in rows[1:] if any(cell not in ("", None) for cell in row)]
    columns: dict[str, Sequence[object]] = {ROW: range(1, len(body) + 1)}
    for i, header in enumerate(headers):
        columns[header] = [_cell(row[i]) if i < len(row) else None for row in body]
    types = {ROW: pa.int64()} | {header: pa.string() for header in headers}
    return pa.table({n: pa.array(list(v), types[n]) for n, v in columns.items()})


def _cell(value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def match_headers(
    dataset: Dataset, headers: Sequence[str], file: Path
) -> tuple[dict[str, str], list[str], list[Problem]]:
    """Which header carries which column: by id, title or synonym, a unit in brackets allowed."""
    known = {name: c for c in dataset.columns for name in (c.id, c.title, *c.synonyms)}
    matched: dict[str, str] = {}
    unknown: list[str] = []
    problems: list[Problem] = []
    for header in headers:
        plain, unit = _split(header)
        column = known.get(_clean(header)) or known.get(plain)
        if column is None:
            unknown.append(header)
        elif column.id in matched:
            problems.append(_twice(file, header, matched[column.id], column))
        else:
            if unit and unit != column.unit and _clean(header) not in known:
                problems.append(_other_unit(file, header, unit, column))
            matched[column.id] = header
    for column in dataset.columns:
        if column.required and column.id not in matched:
            problems.append(_no_column(file, column, headers))
    return matched, unknown, problems


def _clean(header: str) -> str:
    return header.replace("\ufeff", "").strip()


def _split(header: str) -> tuple[str, str | None]:
    found = _BRACKET.match(_clean(header))
    return (found[1].strip(), found[2].strip()) if found else (_clean(header), None)


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
