"""A cell of text as a value of its column's kind: expressions, each cell computed once."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from sqlglot import exp

from cityforge.brain.city.dataset import Column
from cityforge.brain.errors import ValueRefused
from cityforge.brain.intake import verified
from cityforge.brain.values.unit import unit

_BLANKS = " \t\r\n\u3000\u00a0\ufeff"
_EMPTY = ("", "-", "--", "—", "——", "/", "N/A", "n/a", "NA", "NULL", "null", "无")
_WIDE = "０１２３４５６７８９．－＋（），／"
_NARROW = "0123456789.-+(),/"
# What most cells are is told at once; the second pattern knows what people write besides. A comma
# or blank stands between groups of three: 12,5 is a slip of one kind or another, never 125.
_NUMBER = "[+-]?[0-9]+([.][0-9]*)?"
_NUMBER_AS_WRITTEN = "[+-]?([0-9]{1,3}([, ][0-9]{3})+|[0-9]+)?([.][0-9]*)?([eE][+-]?[0-9]{1,3})?"
# A day as Excel counts it, shown as a number: 1927 to 2173. Longer is no serial but a date.
_SERIAL = "[1-9][0-9]{4}([.][0-9]+)?"
_DAY_ZERO = "1899-12-30"  # Excel has a 29 February 1900; from March 1900 on, this makes up for it
_PERCENT = "%"
_LOST_DIGITS = "[1-9]([.][0-9]+)?[eE][+]?[0-9]{2}"
_ERRORS = (
    *("#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"),
    *("#SPILL!", "#CALC!", "#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!"),
)
# What our own exports put before a text that a spreadsheet would take for a formula.
_FORMULA = ("'=", "'+", "'-", "'@", "'\t", "'\r")
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
_SQL_TYPES = {"date": "DATE", "year": "INTEGER", "boolean": "BOOLEAN"}


def sql_type(column: Column) -> str:
    """The SQL type of an accepted column."""
    if column.kind == "quantity":
        return f"DECIMAL({column.precision}, {column.scale})"
    return _SQL_TYPES.get(column.kind, "VARCHAR")


def texts(columns: Sequence[Column], table: str, *own: str) -> exp.Select:
    """A query of each column's cells as `text_<column>`, beside columns of the table's own.

    Blanks around a cell and the apostrophe of our own exports are dropped; what people write for
    "nothing" is NULL. Three steps, each over the one before: nothing is computed twice.
    """
    names = [f"text_{column.id}" for column in columns]
    query: exp.Select = exp.select(
        *own,
        *[
            exp.alias_(_bare(exp.column(column.id, quoted=True)), name, quoted=True)
            for column, name in zip(columns, names, strict=True)
        ],
    ).from_(table)
    for step in (_unquoted, _emptied):
        cells = [
            exp.alias_(step(column, exp.column(name, quoted=True)), name, quoted=True)
            for column, name in zip(columns, names, strict=True)
        ]
        query = exp.select(*own, *cells).from_(query.subquery("before"))
    return query


def _bare(cell: exp.Expr) -> exp.Expr:
    """Without blanks around it; few cells have any, and trimming is dear."""
    ends = [exp.func("substr", cell.copy(), *_numbers(*at)) for at in ((1, 1), (-1, 1))]
    blanks = [exp.Literal.string(blank) for blank in _BLANKS]
    is_blank = exp.or_(*[exp.In(this=end, expressions=blanks) for end in ends])
    trimmed = exp.func("trim", cell.copy(), exp.Literal.string(_BLANKS))
    return exp.Case().when(is_blank, trimmed).else_(cell)


def _unquoted(column: Column, cell: exp.Expr) -> exp.Expr:
    """Without the apostrophe that makes a text of a code, or keeps a formula from being one."""
    apostrophe = exp.Literal.string("'")
    quoted = exp.EQ(this=exp.func("substr", cell.copy(), *_numbers(1, 1)), expression=apostrophe)
    first = exp.func("substr", cell.copy(), *_numbers(1, 2))
    starts = exp.In(this=first, expressions=[exp.Literal.string(mark) for mark in _FORMULA])
    is_marked = quoted if column.kind in verified.CLEAN else exp.and_(quoted, starts)
    return exp.Case().when(is_marked, exp.func("substr", cell.copy(), *_numbers(2))).else_(cell)


def _emptied(column: Column, cell: exp.Expr) -> exp.Expr:
    # 无 in a column of yes and no is a no.
    nothing = [word for word in _EMPTY if column.kind != "boolean" or word not in _NO]
    empty = exp.In(this=cell.copy(), expressions=[exp.Literal.string(word) for word in nothing])
    return exp.Case().when(empty, exp.null()).else_(cell)


def _numbers(*values: int) -> list[exp.Expr]:
    return [exp.Literal.number(value) for value in values]


def convert(column: Column, text: exp.Expr, factor: Fraction) -> exp.Expr:
    """The value of a cleaned text, NULL where there is none; `factor` leads to the agreed unit."""
    if column.kind == "quantity":
        return _quantity(column, text, factor)
    return _CONVERT.get(column.kind, _plain)(column, text)


def unread_reason(column: Column) -> str | None:
    """The reason of a text that gives no value; None for a kind where every text is one."""
    if column.kind == "quantity":
        return "number"
    return str(column.kind) if column.kind in _CONVERT else None


def is_error(text: exp.Expr) -> exp.Expr:
    """Whether a spreadsheet's error stands there instead of a value."""
    first = exp.func("substr", text.copy(), exp.Literal.number(1), exp.Literal.number(1))
    named = exp.In(this=text.copy(), expressions=[exp.Literal.string(word) for word in _ERRORS])
    return exp.and_(exp.EQ(this=first, expression=exp.Literal.string("#")), named)


def has_lost_digits(column: Column, text: exp.Expr) -> exp.Expr | None:
    """Whether Excel made a number of a code: 9.13E+17. None for kinds that are no codes."""
    return _is(text, _LOST_DIGITS) if column.kind in ("credit_code", "region_code") else None


def is_computed_aside(column: Column, factor: Fraction) -> bool:
    """Whether Python reads a quantity: its factor is no power of ten, or cells state currencies."""
    if column.kind != "quantity":
        return False
    return column.states_currency or _power_of_ten(factor) is None


def _narrow(text: exp.Expr) -> exp.Expr:
    """Full-width digits and marks as ASCII."""
    return exp.func(
        "translate", text.copy(), exp.Literal.string(_WIDE), exp.Literal.string(_NARROW)
    )


def number_text(text: exp.Expr) -> exp.Expr:
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


def _quantity(column: Column, text: exp.Expr, factor: Fraction) -> exp.Expr:
    if is_computed_aside(column, factor):
        clean = exp.column("clean", verified.name(column))
        return exp.TryCast(this=clean, to=exp.DataType.build(sql_type(column)))
    type_ = exp.DataType.build(sql_type(column))
    number = _shifted(number_text(text), _power_of_ten(factor) or 0)
    value = exp.TryCast(this=number, to=type_)
    percent = _percent(column)
    if percent is None:
        return value
    # 15% is fifteen hundredths, whatever unit of plain numbers the column or its header states.
    bare = exp.func("rtrim", text.copy(), exp.Literal.string(" %％"))
    scaled = exp.TryCast(this=_shifted(number_text(bare), percent), to=type_.copy())
    return exp.Case().when(_is(text, "[^%％]*[%％]"), scaled).else_(value)


def _shifted(number: exp.Expr, power: int) -> exp.Expr:
    """A number's text times a power of ten, by its exponent: nothing is rounded yet."""
    if power == 0:
        return number
    has_exponent = exp.func("contains", exp.func("lower", number.copy()), exp.Literal.string("e"))
    written_out = exp.cast(
        exp.TryCast(this=number.copy(), to=exp.DataType.build("DECIMAL(38, 12)")), "VARCHAR"
    )
    plain = exp.Case().when(has_exponent, written_out).else_(number)
    return exp.DPipe(this=plain, expression=exp.Literal.string(f"e{power}"))


def _power_of_ten(factor: Fraction) -> int | None:
    """Such as -4 for 1/10000; None for what is no power of ten."""
    power, rest = 0, factor
    while rest >= 10:
        rest, power = rest / 10, power + 1
    while rest < 1:
        rest, power = rest * 10, power - 1
    return power if rest == 1 else None


def _percent(column: Column) -> int | None:
    """The power of ten from per cent to a column of plain numbers; None for other columns."""
    try:
        agreed = unit(column.unit or "")
    except ValueRefused:
        return None
    return _power_of_ten(unit("%").factor / agreed.factor) if not agreed.dimension else None


def _date(column: Column, text: exp.Expr) -> exp.Expr:
    formats = exp.Array(expressions=[exp.Literal.string(form) for form in _DATES])
    narrow = _narrow(text)
    written = exp.Case().when(_is(text, _DATE), text.copy()).when(_is(narrow, _DATE), narrow)
    parsed = exp.cast(exp.Anonymous(this="try_strptime", expressions=[written, formats]), "DATE")
    days = exp.func("substr", narrow.copy(), exp.Literal.number(1), exp.Literal.number(5))
    counted = exp.Add(
        this=exp.cast(exp.Literal.string(_DAY_ZERO), "DATE"), expression=exp.cast(days, "INTEGER")
    )
    return exp.Case().when(_is(narrow.copy(), _SERIAL), counted).else_(parsed)


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
    return exp.column("clean", verified.name(column))


_CONVERT: dict[str, Callable[[Column, exp.Expr], exp.Expr]] = {
    "date": _date,
    "year": _year,
    "boolean": _boolean,
    "choice": _choice,
    "credit_code": _looked_up,
    "industry_code": _looked_up,
    "region_code": _looked_up,
    "period": _looked_up,
}
