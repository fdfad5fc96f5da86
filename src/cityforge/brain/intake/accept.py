"""Rows held to their contract: each is accepted, or quarantined with every reason it failed.

accepted + quarantined = read, always. Reasons are short codes in the engine and words at its edge.
"""

from dataclasses import dataclass
from fractions import Fraction

import pyarrow as pa
from sqlglot import exp

from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import Text
from cityforge.brain.intake import cells, verified
from cityforge.brain.intake.cells import sql_type
from cityforge.brain.intake.raw import EXTRA, MARK, ROW, Raw

QUARANTINE = "quarantine"
WHOLE_ROW = "*"

REASONS: dict[str, Text] = {
    "required": Text(zh="必填项为空", en="is required and empty"),
    "number": Text(zh="不是数字或位数超限", en="is not a number, or has too many digits"),
    "min": Text(zh="小于允许的下限", en="is below the least allowed"),
    "max": Text(zh="大于允许的上限", en="is above the most allowed"),
    "date": Text(zh="不是有效日期", en="is not a date"),
    "year": Text(zh="不是有效年度", en="is not a year"),
    "boolean": Text(zh="应为是或否", en="must be yes or no"),
    "choice": Text(zh="不在允许值之内", en="is not one of the allowed values"),
    "credit_code": Text(zh="统一社会信用代码有误", en="is not a valid credit code"),
    "industry_code": Text(zh="行业代码不存在", en="is not an industry code"),
    "region_code": Text(zh="行政区划代码格式有误", en="is not a region code"),
    "period": Text(zh="不是有效期间", en="is not a period"),
    "duplicate": Text(zh="与前面一行重复（识别列相同）", en="repeats the key of an earlier row"),
    "stranger": Text(zh="企业不在底册中或底册该行未通过", en="is not in the accepted frame"),
    "error_cell": Text(zh="Excel 公式出错", en="is an error of the spreadsheet"),
    "lost_digits": Text(
        zh="代码被 Excel 当作数字，后几位已丢失：把该列设为文本后重新填写",
        en="has lost digits in Excel: format the column as text and enter it again",
    ),
    "extra": Text(zh="单元格比表头多", en="has more cells than the header"),
    "total": Text(zh="合计行，不是数据", en="is a total, not data"),
    "footer": Text(zh="表尾说明，不是数据", en="is a note below the table, not data"),
}

_MARKS = ("total", "footer")
_ROW_REASONS = ("extra", "stranger", "duplicate", *_MARKS)
_AS_IS = Fraction(1)


@dataclass(frozen=True, slots=True)
class Accepted:
    """Counts of one dataset after its contract."""

    read: int
    accepted: int
    quarantined: int


def prepare(engine: Engine) -> None:
    """Make the empty quarantine table."""
    columns = {
        "dataset": pa.string(),
        "row": pa.int64(),
        "column": pa.string(),
        "value": pa.string(),
        "reason": pa.string(),
    }
    engine.take(QUARANTINE, pa.schema(columns.items()).empty_table())


def accept(engine: Engine, dataset: Dataset, raw: Raw, *, frame: str | None) -> Accepted:
    """Split a raw table into `data_<dataset>` and lines of `quarantine`.

    frame   the accepted table that lists the enterprises; None while reading the frame itself
    """
    present = [column for column in dataset.columns if column.id in raw.columns]
    aside = [column for column in present if _is_aside(column, raw)]
    for column in aside:
        _verify(engine, raw, column)
    typed = f"typed_{dataset.id}"
    engine.create(typed, _typed(dataset, raw, present))
    judged = f"judged_{dataset.id}"
    engine.create(judged, _judged(dataset, typed, present, frame))
    engine.drop(typed)
    whys = [f"why_{column.id}" for column in present] + [_row_reason(r) for r in _ROW_REASONS]
    sound = exp.and_(*[exp.column(why, quoted=True).is_(exp.null()) for why in whys])
    kept: list[exp.Expr] = [exp.column(column.id, quoted=True) for column in present]
    # A column that the file lacks is there, empty: facts ask for every column of the contract.
    kept += [
        exp.alias_(exp.cast(exp.null(), sql_type(column)), column.id, quoted=True)
        for column in dataset.columns
        if column.id not in raw.columns
    ]
    engine.create(
        f"data_{dataset.id}",
        exp.select(exp.column(ROW), *kept).from_(judged).where(sound).order_by(ROW),
    )
    _quarantine(engine, dataset, raw, judged, present)
    engine.drop(judged)
    for column in aside:
        engine.drop(verified.name(column))
    count = engine.rows(exp.select(exp.Count(this=exp.Star())).from_(f"data_{dataset.id}"))[0][0]
    engine.drop(raw.table)
    return Accepted(raw.rows, count, raw.rows - count)


def empty(dataset: Dataset) -> pa.Table:
    """An accepted table without rows, for a dataset that no one supplied."""
    types = {
        "date": pa.date32(),
        "year": pa.int32(),
        "boolean": pa.bool_(),
    }
    fields = [(ROW, pa.int64())]
    for column in dataset.columns:
        type_ = types.get(column.kind, pa.string())
        if column.kind == "quantity":
            type_ = pa.decimal128(column.precision, column.scale)
        fields.append((column.id, type_))
    return pa.schema(fields).empty_table()


def _typed(dataset: Dataset, raw: Raw, present: list[Column]) -> exp.Query:
    """Each column cleaned and converted; beside it `why_<column>`: why it fails, or NULL.

    Three steps, each a query over the one before: an expression over a column is computed once,
    where the same written out in place would be computed again at every mention.
    """
    own = [exp.column(ROW), exp.column(EXTRA), exp.column(MARK)]
    cleaned = cells.texts(present, raw.table, ROW, EXTRA, MARK)
    valued = exp.select("c.*").from_(cleaned.subquery("c"))
    for column in present:
        text = exp.column(f"text_{column.id}", "c", quoted=True)
        if _is_aside(column, raw):
            name = verified.name(column)
            same = exp.EQ(this=_aside_text(column, text), expression=exp.column("text", name))
            valued = valued.join(name, on=same, join_type="left", copy=False)
        value = cells.convert(column, text, raw.factors.get(column.id, _AS_IS))
        valued = valued.select(exp.alias_(value, column.id, quoted=True), copy=False)
        if column.states_currency:
            foreign = exp.column("clean", verified.name(column)).eq(
                exp.Literal.string(verified.FOREIGN)
            )
            valued = valued.select(exp.alias_(foreign, _foreign(column), quoted=True), copy=False)
    reasoned = exp.select(*own).from_(valued.subquery("v"))
    is_data = exp.column(MARK).is_(exp.null())
    for column in present:
        why = _reason(column, is_required=dataset.is_required(column))
        # What is no data needs no other reason.
        why = exp.Case().when(is_data.copy(), why)
        reasoned = reasoned.select(
            exp.column(column.id, quoted=True),
            exp.alias_(why, f"why_{column.id}", quoted=True),
            copy=False,
        )
    return reasoned


def _foreign(column: Column) -> str:
    return f"foreign {column.id}"  # with a blank, as above


def _is_aside(column: Column, raw: Raw) -> bool:
    """Whether the values of a column are computed in Python, once for each distinct text."""
    factor = raw.factors.get(column.id, _AS_IS)
    return column.kind in verified.CLEAN or cells.is_computed_aside(column, factor)


def _aside_text(column: Column, text: exp.Expr) -> exp.Expr:
    is_number = column.kind == "quantity" and not column.states_currency
    return cells.number_text(text) if is_number else text.copy()


def _verify(engine: Engine, raw: Raw, column: Column) -> None:
    text = _aside_text(column, exp.column(f"text_{column.id}", quoted=True))
    of_column = cells.texts([column], raw.table).subquery("c")
    distinct = exp.select(exp.alias_(text, "text")).distinct().from_(of_column)
    factor = raw.factors.get(column.id, _AS_IS)
    if column.states_currency:
        clean = verified.capital_of(column, factor)
    elif column.kind == "quantity":
        clean = verified.product(column, factor)
    else:
        clean = verified.code(column)
    verified.keep(engine, column, distinct, clean)


def _reason(column: Column, *, is_required: bool) -> exp.Expr:
    """The code of the first thing wrong with a cell, from its cleaned text and its value."""
    text = exp.column(f"text_{column.id}", quoted=True)
    value = exp.column(column.id, quoted=True)
    nothing: exp.Expr = exp.cast(exp.null(), "VARCHAR")
    why = exp.Case()
    if is_required:
        why = why.when(text.is_(exp.null()), exp.Literal.string("required"))
    why = why.when(cells.is_error(text), exp.Literal.string("error_cell"))
    unread_reason = cells.unread_reason(column)
    if unread_reason is not None:
        unread = exp.and_(text.is_(exp.null()).not_(), value.is_(exp.null()))
        if column.states_currency:
            is_foreign = exp.column(_foreign(column), quoted=True)
            unread = exp.and_(unread, exp.not_(exp.func("coalesce", is_foreign, exp.false())))
        lost = cells.has_lost_digits(column, text)
        if lost is not None:
            lost = exp.and_(unread.copy(), lost)
            why = why.when(lost, exp.Literal.string("lost_digits"))
        why = why.when(unread, exp.Literal.string(unread_reason))
    for bound, reason, compare in ((column.min, "min", exp.LT), (column.max, "max", exp.GT)):
        if column.kind == "quantity" and bound is not None:
            outside = compare(this=value.copy(), expression=exp.Literal.number(str(bound)))
            why = why.when(outside, exp.Literal.string(reason))
    return why.else_(nothing)


def _judged(dataset: Dataset, typed: str, present: list[Column], frame: str | None) -> exp.Query:
    """The typed rows with a `why_` for each reason that only the whole row, or others, can give."""
    names = {column.id for column in present}
    query = exp.select(f"{typed}.*").from_(typed)
    is_data = exp.column(MARK, typed).is_(exp.null())
    extra = exp.and_(is_data.copy(), exp.column(EXTRA, typed).is_(exp.null()).not_())
    stranger: exp.Expr = exp.false()
    if frame is not None and "uscc" in names:
        known = exp.select(exp.alias_(exp.column("uscc"), "known_uscc")).distinct().from_(frame)
        query = query.join(
            known.subquery("known"),
            on=exp.EQ(this=exp.column("uscc", typed), expression=exp.column("known_uscc", "known")),
            join_type="left",
        )
        stranger = exp.and_(
            is_data.copy(),
            exp.column("uscc", typed).is_(exp.null()).not_(),
            exp.column("known_uscc", "known").is_(exp.null()),
        )
    repeated: exp.Expr = exp.false()
    key = [name for name in dataset.row_key if name in names]
    if key:
        # Only sound rows claim a key: a faulty first row must not push out a good second one.
        faults = [exp.column(f"why_{c.id}", typed).is_(exp.null()).not_() for c in present]
        unsound = exp.or_(*faults, extra, stranger, exp.not_(is_data.copy()))
        position = exp.Window(
            this=exp.RowNumber(),
            partition_by=[*(exp.column(name, typed, quoted=True) for name in key), unsound.copy()],
            order=exp.Order(expressions=[exp.Ordered(this=exp.column(ROW, typed))]),
        )
        repeated = exp.and_(
            exp.not_(unsound), exp.GT(this=position, expression=exp.Literal.number(1))
        )
    marked = [
        exp.EQ(this=exp.column(MARK, typed), expression=exp.Literal.string(mark)) for mark in _MARKS
    ]
    for reason, holds in zip(_ROW_REASONS, (extra, stranger, repeated, *marked), strict=True):
        why = exp.Case().when(holds.copy(), exp.Literal.string(reason))
        query = query.select(exp.alias_(why, _row_reason(reason), quoted=True), copy=False)
    return query


def _row_reason(reason: str) -> str:
    return f"why row {reason}"  # with blanks: no column of a contract is called so


def _quarantine(
    engine: Engine, dataset: Dataset, raw: Raw, judged: str, present: list[Column]
) -> None:
    whys = [(column.id, f"why_{column.id}") for column in present]
    whys += [(WHOLE_ROW, _row_reason(reason)) for reason in _ROW_REASONS]
    counted = [exp.Count(this=exp.column(why, quoted=True)) for _, why in whys]
    counts = engine.rows(exp.select(*counted).from_(judged))[0]
    for (column, why), count in zip(whys, counts, strict=True):
        if count:
            _add_lines(engine, dataset, raw, judged, column, why)


def _add_lines(
    engine: Engine, dataset: Dataset, raw: Raw, judged: str, column: str, why: str
) -> None:
    value: exp.Expr = exp.cast(exp.null(), "VARCHAR")
    if column != WHOLE_ROW:
        value = exp.column(column, "r", quoted=True)
    lines = (
        exp.select(
            exp.alias_(exp.Literal.string(dataset.id), "dataset"),
            exp.alias_(exp.column(ROW, "j"), "row"),
            exp.alias_(exp.Literal.string(column), "column", quoted=True),
            exp.alias_(value, "value"),
            exp.alias_(exp.column(why, "j", quoted=True), "reason"),
        )
        .from_(exp.alias_(exp.to_table(judged), "j", table=True))
        .join(exp.alias_(exp.to_table(raw.table), "r", table=True), using=[ROW])
        .where(exp.column(why, "j", quoted=True).is_(exp.null()).not_())
    )
    engine.append(QUARANTINE, lines)
