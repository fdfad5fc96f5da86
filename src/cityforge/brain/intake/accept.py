"""Rows held to their contract: each is accepted, or quarantined with every reason it failed.

accepted + quarantined = read, always. Reasons are short codes in the engine and words at its edge.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import pyarrow as pa
from sqlglot import exp

from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import Text, ValueRefused
from cityforge.brain.intake.raw import EXTRA, ROW, Raw
from cityforge.brain.values import credit_code, industry, period

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
    "duplicate": Text(zh="与前面一行的主键重复", en="repeats the key of an earlier row"),
    "stranger": Text(zh="企业不在底册中或底册该行未通过", en="is not in the accepted frame"),
    "extra": Text(zh="单元格比表头多", en="has more cells than the header"),
}

_BLANKS = " \t\r\n\u3000\u00a0\ufeff"
_EMPTY = ("", "-", "--", "—", "——", "/", "N/A", "n/a", "NA", "NULL", "null", "无")
_WIDE = "０１２３４５６７８９．－＋（），／"
_NARROW = "0123456789.-+(),/"
# What most cells are is told at once; the second pattern knows what people write besides. A comma
# or blank stands between groups of three: 12,5 is a slip of one kind or another, never 125.
_NUMBER = "[+-]?[0-9]+([.][0-9]*)?"
_NUMBER_AS_WRITTEN = "[+-]?([0-9]{1,3}([, ][0-9]{3})+|[0-9]+)?([.][0-9]*)?([eE][+-]?[0-9]{1,3})?"
_YEAR = "(1949|19[5-9][0-9]|20[0-9]{2}|2100)(年|年度|[.]0+)?"
# No year before 1800: 24-05-06 is not the year 24. A far end, 9999-12-31, means "for good".
_DATE = (
    "((1[89]|[2-9][0-9])[0-9]{2}([-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?|[0-9]{4})"
    "([ T][0-9]{1,2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?)?)"
)
_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日")
_DATES = (*_DAYS, *(f"{day}{time}" for day in _DAYS for time in (" %X", "T%X", " %X.%g")))
_YES = ("是", "1", "true", "TRUE", "True", "Y", "y", "有")
_NO = ("否", "0", "false", "FALSE", "False", "N", "n", "无")
_ROW_REASONS = ("extra", "stranger", "duplicate")
_SQL_TYPES = {"date": "DATE", "year": "INTEGER", "boolean": "BOOLEAN"}


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
    for column in present:
        if column.kind in _VERIFIED:
            _verify(engine, raw.table, column)
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
    for column in present:
        if column.kind in _VERIFIED:
            engine.drop(_verified_name(column))
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


def sql_type(column: Column) -> str:
    """The SQL type of an accepted column."""
    if column.kind == "quantity":
        return f"DECIMAL({column.precision}, {column.scale})"
    return _SQL_TYPES.get(column.kind, "VARCHAR")


def _typed(dataset: Dataset, raw: Raw, present: list[Column]) -> exp.Query:
    """Each column cleaned and converted; beside it `why_<column>`: why it fails, or NULL.

    Three steps, each a query over the one before: an expression over a column is computed once,
    where the same written out in place would be computed again at every mention.
    """
    own = [exp.column(ROW), exp.column(EXTRA)]
    cleaned = exp.select(
        *own, *[exp.alias_(_text(c, raw.table), f"text_{c.id}", quoted=True) for c in present]
    ).from_(raw.table)
    valued = exp.select("c.*").from_(cleaned.subquery("c"))
    for column in present:
        text = exp.column(f"text_{column.id}", "c", quoted=True)
        if column.kind in _VERIFIED:
            name = _verified_name(column)
            same = exp.EQ(this=text.copy(), expression=exp.column("text", name))
            valued = valued.join(name, on=same, join_type="left")
        value = _CONVERT.get(column.kind, _plain)(column, text)
        valued = valued.select(exp.alias_(value, column.id, quoted=True))
    reasoned = exp.select(*own).from_(valued.subquery("v"))
    for column in present:
        why = _reason(column, is_required=dataset.is_required(column))
        reasoned = reasoned.select(
            exp.column(column.id, quoted=True), exp.alias_(why, f"why_{column.id}", quoted=True)
        )
    return reasoned


def _reason(column: Column, *, is_required: bool) -> exp.Expr:
    """The code of the first thing wrong with a cell, from its cleaned text and its value."""
    text = exp.column(f"text_{column.id}", quoted=True)
    value = exp.column(column.id, quoted=True)
    nothing: exp.Expr = exp.cast(exp.null(), "VARCHAR")
    why = exp.Case()
    if is_required:
        why = why.when(text.is_(exp.null()), exp.Literal.string("required"))
    if column.kind in _CONVERT:
        unread = exp.and_(text.is_(exp.null()).not_(), value.is_(exp.null()))
        kind = "number" if column.kind == "quantity" else str(column.kind)
        why = why.when(unread, exp.Literal.string(kind))
    for bound, reason, compare in ((column.min, "min", exp.LT), (column.max, "max", exp.GT)):
        if column.kind == "quantity" and bound is not None:
            outside = compare(this=value.copy(), expression=exp.Literal.number(str(bound)))
            why = why.when(outside, exp.Literal.string(reason))
    return why.else_(nothing) if why.args.get("ifs") else nothing


def _text(column: Column, table: str) -> exp.Expr:
    """The cell without blanks around it; what people write for "nothing" is NULL."""
    cell = exp.func("trim", exp.column(column.id, table, quoted=True), exp.Literal.string(_BLANKS))
    # 无 in a column of yes and no is a no.
    nothing = [word for word in _EMPTY if column.kind != "boolean" or word not in _NO]
    empty = exp.In(this=cell, expressions=[exp.Literal.string(word) for word in nothing])
    return exp.Case().when(empty, exp.null()).else_(cell.copy())


def _narrow(text: exp.Expr) -> exp.Expr:
    """Full-width digits and marks as ASCII."""
    return exp.func(
        "translate", text.copy(), exp.Literal.string(_WIDE), exp.Literal.string(_NARROW)
    )


def _number_text(text: exp.Expr) -> exp.Expr:
    """The number in a cell as engines read it, else NULL."""
    narrow = _narrow(text)
    bare = exp.func("replace", narrow, exp.Literal.string(","), exp.Literal.string(""))
    bare = exp.func("replace", bare, exp.Literal.string(" "), exp.Literal.string(""))
    plain = exp.Case().when(_is(text, _NUMBER), text.copy())
    return plain.when(_is(narrow.copy(), _NUMBER_AS_WRITTEN), bare)


def _is(text: exp.Expr, pattern: str) -> exp.Expr:
    return exp.func("regexp_full_match", text.copy(), exp.Literal.string(pattern))


def _plain(column: Column, text: exp.Expr) -> exp.Expr:
    return text.copy()


def _quantity(column: Column, text: exp.Expr) -> exp.Expr:
    return exp.TryCast(this=_number_text(text), to=exp.DataType.build(sql_type(column)))


def _date(column: Column, text: exp.Expr) -> exp.Expr:
    formats = exp.Array(expressions=[exp.Literal.string(form) for form in _DATES])
    narrow = _narrow(text)
    written = exp.Case().when(_is(text, _DATE), text.copy()).when(_is(narrow, _DATE), narrow)
    parsed = exp.Anonymous(this="try_strptime", expressions=[written, formats])
    return exp.cast(parsed, "DATE")


def _year(column: Column, text: exp.Expr) -> exp.Expr:
    narrow = _narrow(text)
    digits = exp.func("substr", narrow, exp.Literal.number(1), exp.Literal.number(4))
    return exp.Case().when(_is(narrow.copy(), _YEAR), exp.cast(digits, "INTEGER"))


def _boolean(column: Column, text: exp.Expr) -> exp.Expr:
    def among(words: tuple[str, ...]) -> exp.Expr:
        return exp.In(this=text.copy(), expressions=[exp.Literal.string(w) for w in words])

    return exp.Case().when(among(_YES), exp.true()).when(among(_NO), exp.false())


def _choice(column: Column, text: exp.Expr) -> exp.Expr:
    allowed = [exp.Literal.string(word) for word in column.values]
    return exp.Case().when(exp.In(this=text.copy(), expressions=allowed), text.copy())


def _looked_up(column: Column, text: exp.Expr) -> exp.Expr:
    """Codes are verified once for each distinct text, in Python; the result is joined."""
    return exp.column("clean", _verified_name(column))


_CONVERT: dict[str, Callable[[Column, exp.Expr], exp.Expr]] = {
    "quantity": _quantity,
    "date": _date,
    "year": _year,
    "boolean": _boolean,
    "choice": _choice,
    "credit_code": _looked_up,
    "industry_code": _looked_up,
    "region_code": _looked_up,
    "period": _looked_up,
}


def _clean_credit_code(text: str) -> str | None:
    return str(credit_code.parse(text))


def _clean_industry(text: str) -> str | None:
    return industry.get(text).code


def _clean_region(text: str) -> str | None:
    # Old and statistical codes are no error: only the form is checked here.
    return text if text.isascii() and text.isdigit() and len(text) in (6, 9, 12) else None


def _clean_period(text: str) -> str | None:
    return period.parse(text).iso


_VERIFIED: dict[str, Callable[[str], str | None]] = {
    "credit_code": _clean_credit_code,
    "industry_code": _clean_industry,
    "region_code": _clean_region,
    "period": _clean_period,
}


def _verified_name(column: Column) -> str:
    return f"verified_{column.id}"


def _verify(engine: Engine, table: str, column: Column) -> None:
    text = _text(column, table)
    distinct = exp.select(exp.alias_(text, "text")).distinct().from_(table)
    texts = [t for t in engine.arrow(distinct).column("text").to_pylist() if t is not None]
    cleaned = [_clean_or_none(_VERIFIED[column.kind], text) for text in texts]
    engine.take(
        _verified_name(column),
        pa.table({"text": pa.array(texts, pa.string()), "clean": pa.array(cleaned, pa.string())}),
    )


# The same codes stand in a dozen files of one run; each is verified once.
@lru_cache(maxsize=1 << 18)
def _clean_or_none(clean: Callable[[str], str | None], text: str) -> str | None:
    try:
        return clean(text)
    except ValueRefused:
        return None


def _judged(dataset: Dataset, typed: str, present: list[Column], frame: str | None) -> exp.Query:
    """The typed rows with a `why_` for each reason that only the whole row, or others, can give."""
    names = {column.id for column in present}
    query = exp.select(f"{typed}.*").from_(typed)
    extra = exp.column(EXTRA, typed).is_(exp.null()).not_()
    stranger: exp.Expr = exp.false()
    if frame is not None and "uscc" in names:
        known = exp.select(exp.alias_(exp.column("uscc"), "known_uscc")).distinct().from_(frame)
        query = query.join(
            known.subquery("known"),
            on=exp.EQ(this=exp.column("uscc", typed), expression=exp.column("known_uscc", "known")),
            join_type="left",
        )
        stranger = exp.and_(
            exp.column("uscc", typed).is_(exp.null()).not_(),
            exp.column("known_uscc", "known").is_(exp.null()),
        )
    repeated: exp.Expr = exp.false()
    key = [name for name in dataset.row_key if name in names]
    if key:
        # Only sound rows claim a key: a faulty first row must not push out a good second one.
        faults = [exp.column(f"why_{c.id}", typed).is_(exp.null()).not_() for c in present]
        unsound = exp.or_(*faults, extra, stranger)
        position = exp.Window(
            this=exp.RowNumber(),
            partition_by=[*(exp.column(name, typed, quoted=True) for name in key), unsound.copy()],
            order=exp.Order(expressions=[exp.Ordered(this=exp.column(ROW, typed))]),
        )
        repeated = exp.and_(
            exp.not_(unsound), exp.GT(this=position, expression=exp.Literal.number(1))
        )
    for reason, holds in zip(_ROW_REASONS, (extra, stranger, repeated), strict=True):
        why = exp.Case().when(holds.copy(), exp.Literal.string(reason))
        query = query.select(exp.alias_(why, _row_reason(reason), quoted=True))
    return query


def _row_reason(reason: str) -> str:
    return f"why row {reason}"  # with blanks: no column of a contract is called so


def _quarantine(
    engine: Engine, dataset: Dataset, raw: Raw, judged: str, present: list[Column]
) -> None:
    for column in present:
        _add_lines(engine, dataset, raw, judged, column.id, f"why_{column.id}")
    for reason in _ROW_REASONS:
        _add_lines(engine, dataset, raw, judged, WHOLE_ROW, _row_reason(reason))


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
