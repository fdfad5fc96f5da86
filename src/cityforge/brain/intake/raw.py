"""A file as a table of text, one row for each row of the file, columns named by the contract."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
from sqlglot import exp

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.engines import duckdb
from cityforge.brain.errors import DataRefused, EngineFailed, Problem, Text, ValueRefused
from cityforge.brain.intake import headers, signature, text_file, workbook
from cityforge.brain.intake.headers import Layout

ROW = "row_"
EXTRA = "extra_"
MARK = "mark_"
"""Why a row is no data: "total", "footer", or NULL."""

_BEYOND = 16  # cells beyond the header that are looked at; empty ones do no harm
_FIRST_CELLS = 16
_MOST_COLUMNS = 16_384  # Excel's own limit
_BLANKS = " \t\r\n\u3000\u00a0\ufeff"
_TOTAL = "(本页|本表|全市|全区|全县|总)?(合计|总计|小计|累计|共计)(数|金额|户数)?[:：]?"
_FOOTER = (
    "^([(（]?(注|附注|备注|说明|填表说明|数据来源|资料来源)[)）]?[0-9一二三四五六七八九]?[:：].*"
    "|(单位|统计|填报|填表)?(填表人|制表人|审核人|复核人|填报人|负责人|联系人|联系电话"
    "|填报日期|填表日期|制表日期|报出日期|填报单位|报送单位)([(（][^)）]*[)）])?[:：].*)$"
)
_CJK = "\u2fff"  # totals and notes begin with a Chinese character or a bracket of full width

Tell = Callable[[Text, float], None]


@dataclass(slots=True)
class Raw:
    """A raw table in the engine, the contract's columns it has, and what its headers left over.

    factors    by column id: what its numbers are to be multiplied by to reach the agreed unit
    remarks    what was done that a reader should know: conversions, sheets not read
    header_at  the 0-based row of the file (of its sheet) where the header begins, and how deep it
               is: row 1 of the table stands at header_at + header_depth
    """

    table: str
    columns: list[str]
    rows: int
    unknown_headers: list[str] = field(default_factory=list)
    absent_columns: list[str] = field(default_factory=list)
    factors: dict[str, Fraction] = field(default_factory=dict)
    remarks: list[Text] = field(default_factory=list)
    header_at: int = 0
    header_depth: int = 1
    sheet: str | None = None


def read(
    engine: duckdb.Engine,
    dataset: Dataset,
    file: Path,
    *,
    sheet: str | None = None,
    tell: Tell | None = None,
) -> Raw:
    """Read a file into the engine as `raw_<dataset>`.

    The table holds `row_` (1-based under the header), the columns as text, `extra_` (the first cell
    beyond the header) and `mark_`.

    sheet    which sheet of a workbook
    tell     hears how far the file is read, 0 to 1
    raises   DataRefused when the file cannot be read or lacks a required column
    """
    words = Text(zh=f"读取 {file.name}", en=f"Reading {file.name}")

    def say(share: float) -> None:
        if tell is not None:
            tell(words, share)

    try:
        signature.check(file)
        return _LOAD[file.suffix.lower()](engine, dataset, file, sheet, say)
    except ValueRefused as error:
        problem = _unreadable(file, error.what, error.hint)
    except (EngineFailed, OSError, pa.ArrowException) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        problem = _unreadable(file, Text(zh=reason, en=reason), _CHECK_FILE)
    engine.drop(f"raw_{dataset.id}")
    raise DataRefused([problem])


def _read_text(
    engine: duckdb.Engine,
    dataset: Dataset,
    file: Path,
    _sheet: str | None,
    say: Callable[[float], None],
) -> Raw:
    with TemporaryDirectory() as scratch:
        plain = text_file.prepare(file, Path(scratch), tell=lambda share: say(share * 0.4))
        layout = headers.find(dataset, plain.rows, file.name)
        width = len(layout.headers)
        if width > _MOST_COLUMNS:
            raise _too_wide(width)
        lines = duckdb.csv(
            plain.file,
            width=width + _BEYOND,
            skip=0,
            longest=plain.longest,
            in_parallel=not plain.is_quoted,
        )
        # Counted here, not skipped there: the engine's skip counts lines inside quotes its own way.
        above = sum(1 for row in plain.rows[: layout.at + layout.depth] if row)
        numbered = exp.select(exp.alias_(_number(), "line_"), "*").from_(lines)
        below = exp.GT(this=exp.column("line_"), expression=exp.Literal.number(above))
        body = exp.select("*").from_(numbered.subquery("numbered")).where(below).subquery("body")
        row = exp.Sub(this=exp.column("line_"), expression=exp.Literal.number(above))
        beyond = [exp.column(f"c{width + place}") for place in range(_BEYOND)]
        extra = exp.func("coalesce", *[_filled(cell) for cell in beyond])
        firsts = [exp.column(f"c{place}") for place in range(min(width, _FIRST_CELLS))]
        first = exp.func("coalesce", *[_filled(cell) for cell in firsts], exp.null())
        return _taken(engine, dataset, layout, body, row=row, extra=extra, first=first)


def _read_workbook(
    engine: duckdb.Engine,
    dataset: Dataset,
    file: Path,
    sheet: str | None,
    say: Callable[[float], None],
) -> Raw:
    chosen = workbook.read(file, dataset, wanted=sheet, tell=lambda share: say(share * 0.9))
    if not chosen.layout.is_whole:
        raise DataRefused(chosen.layout.problems)
    loaded = f"file_{dataset.id}"
    engine.take(loaded, pa.RecordBatchReader.from_batches(chosen.schema, chosen.batches()))
    raw = _taken(
        engine,
        dataset,
        chosen.layout,
        exp.to_table(loaded),
        row=exp.column(ROW),
        extra=exp.column(EXTRA),
        first=_filled(exp.column(workbook.FIRST)),
    )
    engine.drop(loaded)
    raw.sheet, raw.remarks = chosen.name, chosen.remarks
    return raw


def _read_parquet(
    engine: duckdb.Engine,
    dataset: Dataset,
    file: Path,
    _sheet: str | None,
    _say: Callable[[float], None],
) -> Raw:
    source = duckdb.parquet(file)
    head = f"head_{dataset.id}"
    engine.create(head, exp.select("*").from_(source.copy()).limit(0))
    names = list(engine.columns(head))
    engine.drop(head)
    layout = headers.find(dataset, [names], file.name)
    columns = [
        exp.alias_(exp.cast(exp.column(name, quoted=True), "VARCHAR"), f"c{place}")
        for place, name in enumerate(names)
    ]
    none = exp.cast(exp.null(), "VARCHAR")
    numbered = exp.select(exp.alias_(_number(), ROW), *columns).from_(source)
    return _taken(
        engine,
        dataset,
        layout,
        numbered.subquery("numbered"),
        row=exp.column(ROW),
        extra=none,
        first=none.copy(),
    )


_LOAD: dict[
    str,
    Callable[[duckdb.Engine, Dataset, Path, str | None, Callable[[float], None]], Raw],
] = {
    ".csv": _read_text,
    ".xlsx": _read_workbook,
    ".xls": _read_workbook,
    ".parquet": _read_parquet,
}


def _taken(
    engine: duckdb.Engine,
    dataset: Dataset,
    layout: Layout,
    source: exp.Expr,
    *,
    row: exp.Expr,
    extra: exp.Expr,
    first: exp.Expr,
) -> Raw:
    """Keep the contract's columns of a source whose cells are c0, c1 …; raises DataRefused."""
    if layout.problems:
        raise DataRefused(layout.problems)
    table = f"raw_{dataset.id}"
    cells = [
        exp.alias_(exp.cast(exp.column(f"c{place}"), "VARCHAR"), name, quoted=True)
        for name, place in layout.places.items()
    ]
    nothing = exp.cast(exp.null(), "VARCHAR")
    # A file that names its enterprises may do without their codes; intake.resolving looks them up.
    unlisted = [
        column.id
        for column in dataset.columns
        if dataset.is_required(column) and column.id not in layout.places
    ]
    cells += [exp.alias_(nothing.copy(), name, quoted=True) for name in unlisted]
    first_key = layout.places.get(dataset.row_key[0])
    key = nothing if first_key is None else exp.cast(exp.column(f"c{first_key}"), "VARCHAR")
    engine.create(
        table,
        exp.select(
            exp.alias_(row, ROW),
            *cells,
            exp.alias_(extra, EXTRA),
            exp.alias_(_mark(key, first), MARK),
        ).from_(source),
    )
    count = engine.rows(exp.select(exp.Count(this=exp.Star())).from_(table))[0][0]
    absent = [
        column.id
        for column in dataset.columns
        if column.id not in layout.places and not headers.is_hint(column)
    ]
    return Raw(
        table,
        [*layout.places, *unlisted],
        count,
        layout.unknown,
        absent,
        layout.factors,
        list(layout.remarks),
        layout.at,
        layout.depth,
    )


def _mark(key: exp.Expr, first: exp.Expr) -> exp.Expr:
    """Whether a row is a total or a note: by its first cell, where the key is empty or that cell.

    Few rows come as far as the patterns: their key is empty, begins with a blank or with Chinese.
    """
    suspect = exp.or_(
        key.is_(exp.null()),
        exp.LTE(this=key.copy(), expression=exp.Literal.string(" ~")),
        exp.GT(this=key.copy(), expression=exp.Literal.string(_CJK)),
    )
    filled = _filled(key)
    is_first = exp.or_(filled.is_(exp.null()), exp.EQ(this=filled.copy(), expression=first.copy()))
    bare = exp.func("translate", first.copy(), exp.Literal.string(_BLANKS), exp.Literal.string(""))
    which = exp.Case()
    for mark, pattern in (("total", _TOTAL), ("footer", _FOOTER)):
        is_it = exp.func("regexp_full_match", bare.copy(), exp.Literal.string(pattern))
        which = which.when(exp.and_(is_first.copy(), is_it), exp.Literal.string(mark))
    return exp.Case().when(suspect, which)


def _filled(cell: exp.Expr) -> exp.Expr:
    """A cell without blanks around it; NULL where nothing is left."""
    bare = exp.func("trim", cell, exp.Literal.string(_BLANKS))
    return exp.func("nullif", bare, exp.Literal.string(""))


def _number() -> exp.Expr:
    return exp.Window(this=exp.RowNumber())


_CHECK_FILE = Text(
    zh="确认文件完整、扩展名与内容一致；CSV 请用 UTF-8 或 GB18030 编码",
    en="Check that it is whole and is what its ending says; CSV in UTF-8 or GB18030.",
)


def _unreadable(file: Path, what: Text, hint: Text) -> Problem:
    return Problem(
        file.name,
        0,
        0,
        Text(zh=f"无法读取：{what.zh}", en=f"cannot be read: {what.en}"),
        hint,
    )


def _too_wide(width: int) -> ValueRefused:
    return ValueRefused(
        Text(
            zh=f"表头有 {width} 列，超过 {_MOST_COLUMNS} 列", en=f"the header has {width} columns"
        ),
        Text(zh="检查分隔符和换行", en="Look at the separators and line ends."),
    )


def match_headers(
    dataset: Dataset, names: Sequence[str], file: Path
) -> tuple[dict[str, int], list[str], list[Problem]]:
    """Which place of one header row carries which column; unknown headers; Problems."""
    layout = headers.find(dataset, [list(names)], file.name)
    return layout.places, layout.unknown, layout.problems
