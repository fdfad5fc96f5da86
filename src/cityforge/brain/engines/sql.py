"""Typed expressions to SQLGlot trees that DuckDB and Spark compute exactly as the reference does.

Facts are columns of their declared types. Where SQL would go its own way the tree says so: a
division by zero becomes NULL, LEAST and GREATEST may not skip NULL, a CASE may not read unknown as
false, a product of two 18-digit decimals is computed in 38, a double is rounded as a double.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from sqlglot import exp

from cityforge.brain.expr.typed import Op, Typed, column_name
from cityforge.brain.expr.types import Kind, Type

_NOTHING: Mapping[str, Decimal | float | str | bool | date | None] = MappingProxyType({})
_WHOLE_FROM = 2.0**53  # doubles from here on have no fraction
_INT64_DIGITS = 18  # DuckDB multiplies decimals up to here in 64 bits, and refuses an overflow


def to_sql(
    typed: Typed,
    *,
    as_of: date,
    parameters: Mapping[str, Decimal | float | str | bool | date | None] = _NOTHING,
    table: str | None = None,
) -> exp.Expr:
    """The expression as a tree, to be printed by the engine that runs it (`Engine.sql`).

    Columns: a fact's id, of its declared type (DECIMAL in its unit, DOUBLE without NaN or infinity,
    VARCHAR, BOOLEAN, DATE), NULL where missing; `revenue[-1]` of the year before; `register:id` and
    the other look-ups. `table` qualifies them.
    Parameters and the as-of date stand in the tree as constants.
    """
    return _Compiler(as_of, parameters, table).tree(typed)


@dataclass(frozen=True, slots=True)
class _Compiler:
    as_of: date
    parameters: Mapping[str, Decimal | float | str | bool | date | None]
    table: str | None

    def tree(self, typed: Typed) -> exp.Expr:
        compile_ = _TABLE.get(typed.op)
        if compile_ is None:
            left, right = (_bracketed(self.tree(child)) for child in typed.children)
            tree = _BINARY[typed.op](left, right)
        else:
            tree = compile_(self, typed)
        return _finite(tree) if typed.may_overflow else tree

    def column(self, name: str) -> exp.Expr:
        table = exp.to_identifier(self.table, quoted=True) if self.table else None
        return exp.Column(this=exp.to_identifier(name, quoted=True), table=table)


def _finite(tree: exp.Expr) -> exp.Expr:
    """Missing in place of an infinity. NaN cannot arise where no infinity is an operand."""
    largest = _cast(exp.Literal.string(repr(sys.float_info.max)), "DOUBLE")
    is_finite = exp.LTE(this=exp.Abs(this=tree), expression=largest)
    return exp.Case(ifs=[exp.If(this=is_finite, true=tree.copy())])


def _cast(tree: exp.Expr, to: str) -> exp.Expr:
    return exp.Cast(this=tree, to=exp.DataType.build(to))


def _decimal_name(precision: int, scale: int) -> str:
    return f"DECIMAL({precision},{scale})"


def sql_type(type_: Type) -> str:
    """The SQL type of a column that holds values of a type."""
    if type_.kind is Kind.EXACT:
        return _decimal_name(type_.precision, type_.scale)
    return {Kind.DOUBLE: "DOUBLE", Kind.BOOL: "BOOLEAN", Kind.TEXT: "TEXT", Kind.DATE: "DATE"}[
        type_.kind
    ]


def _bracketed(tree: exp.Expr) -> exp.Expr:
    is_compound = isinstance(tree, exp.Binary | exp.Unary | exp.In | exp.Between)
    return exp.Paren(this=tree) if is_compound and not isinstance(tree, exp.Paren) else tree


def constant(value: object, type_: Type) -> exp.Expr:
    """A literal of exactly this type; a bare 0.1 would be one thing here and another there."""
    if value is None:
        return _cast(exp.Null(), sql_type(type_))
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, str):
        return exp.Literal.string(value)
    if isinstance(value, Decimal):
        return _cast(exp.Literal.string(f"{value:f}"), sql_type(type_))
    if isinstance(value, date):
        return _cast(exp.Literal.string(value.isoformat()), "DATE")
    return _cast(exp.Literal.string(repr(value)), "DOUBLE")


def _literal(compiler: _Compiler, typed: Typed) -> exp.Expr:
    return constant(typed.value, typed.type)


def _given(compiler: _Compiler, typed: Typed) -> exp.Expr:
    return compiler.column(column_name(typed))


def _parameter(compiler: _Compiler, typed: Typed) -> exp.Expr:
    value = compiler.parameters.get(str(typed.value))
    if typed.type.kind is Kind.EXACT and value is not None:
        value = Decimal(str(value))
    return constant(value, typed.type)


def _multiply(compiler: _Compiler, typed: Typed) -> exp.Expr:
    """A product. Two decimals of 64 bits whose product may exceed them are multiplied in 128, and
    the result is cut to its own digits again: wider ones would cost decimals further up."""
    left, right = typed.children
    digits = (left.type.precision, right.type.precision)
    is_wide = typed.type.kind is Kind.EXACT and sum(digits) > _INT64_DIGITS >= max(digits)
    above, below = compiler.tree(left), compiler.tree(right)
    if is_wide and right.op is Op.LITERAL:
        below = constant(right.value, replace(right.type, precision=_INT64_DIGITS + 1))
    elif is_wide:
        above = _cast(above, _decimal_name(_INT64_DIGITS + 1, left.type.scale))
    product = exp.Mul(this=_bracketed(above), expression=_bracketed(below))
    return _cast(product, sql_type(typed.type)) if is_wide else product


def _to_double(compiler: _Compiler, typed: Typed) -> exp.Expr:
    child = typed.children[0]
    tree = compiler.tree(child)
    if child.type.scale == 0 and child.type.precision > _INT64_DIGITS:
        # DuckDB takes a 128-bit integer apart and rounds twice; the way through text rounds once.
        tree = _cast(tree, "TEXT")
    tree = _cast(tree, "DOUBLE")
    if typed.value is None:
        return tree
    times = constant(float(str(typed.value)), typed.type)
    return exp.Round(this=exp.Mul(this=tree, expression=times))


def _scale_double(compiler: _Compiler, typed: Typed) -> exp.Expr:
    ratio = typed.value
    assert isinstance(ratio, Fraction)
    tree = compiler.tree(typed.children[0])
    if ratio.numerator != 1:
        times = constant(float(ratio.numerator), typed.type)
        tree = exp.Mul(this=_bracketed(tree), expression=times)
    if ratio.denominator != 1:
        by = constant(float(ratio.denominator), typed.type)
        tree = exp.Div(this=_bracketed(tree), expression=by)
    return tree


def _divide(compiler: _Compiler, typed: Typed) -> exp.Expr:
    left, right = (compiler.tree(child) for child in typed.children)
    divisor = typed.children[1]
    if divisor.op is not Op.LITERAL or not divisor.value:
        right = exp.Nullif(this=right, expression=constant(0.0, typed.type))
    return exp.Div(this=_bracketed(left), expression=_bracketed(right))


def _negate(compiler: _Compiler, typed: Typed) -> exp.Expr:
    tree = _bracketed(compiler.tree(typed.children[0]))
    return _nothing_less(tree, typed.type) if typed.is_turned_in_sum else exp.Neg(this=tree)


def _nothing_less(tree: exp.Expr, type_: Type) -> exp.Expr:
    """0 - x: the sign before a decimal costs Spark all digits but 34."""
    less = exp.Sub(this=_cast(_whole(0), _decimal_name(1, 0)), expression=tree)
    return _cast(less, sql_type(type_))


def _not(compiler: _Compiler, typed: Typed) -> exp.Expr:
    return exp.Not(this=exp.Paren(this=compiler.tree(typed.children[0])))


def _joined(kind: type[exp.Connector]) -> Callable[[_Compiler, Typed], exp.Expr]:
    def compile_(compiler: _Compiler, typed: Typed) -> exp.Expr:
        first, *rest = (_bracketed(compiler.tree(child)) for child in typed.children)
        for tree in rest:
            first = kind(this=first, expression=tree)
        return first

    return compile_


def _in(compiler: _Compiler, typed: Typed) -> exp.Expr:
    child, *options = (compiler.tree(part) for part in typed.children)
    return exp.In(this=_bracketed(child), expressions=options)


def _like(compiler: _Compiler, typed: Typed) -> exp.Expr:
    child = compiler.tree(typed.children[0])
    return exp.Like(this=_bracketed(child), expression=exp.Literal.string(str(typed.value)))


def _if(compiler: _Compiler, typed: Typed) -> exp.Expr:
    """`CASE c WHEN TRUE … WHEN FALSE …`: an unknown c matches neither, and the result is NULL."""
    branches = [typed]
    while branches[-1].children[2].op is Op.IF:
        branches.append(branches[-1].children[2])
    tree = compiler.tree(branches[-1].children[2])
    for branch in reversed(branches):
        condition, then = (compiler.tree(child) for child in branch.children[:2])
        whens = [(True, then), (False, tree)]
        ifs = [exp.If(this=exp.Boolean(this=truth), true=result) for truth, result in whens]
        tree = exp.Case(this=_bracketed(condition), ifs=ifs)
    return tree


def _coalesce(compiler: _Compiler, typed: Typed) -> exp.Expr:
    first, *rest = (compiler.tree(child) for child in typed.children)
    return exp.Coalesce(this=first, expressions=rest)


def _extreme(kind: type[exp.Func]) -> Callable[[_Compiler, Typed], exp.Expr]:
    def compile_(compiler: _Compiler, typed: Typed) -> exp.Expr:
        first, *rest = (compiler.tree(child) for child in typed.children)
        tree = kind(this=first, expressions=rest, ignore_nulls=True)
        known = [
            exp.Not(this=exp.Is(this=_bracketed(compiler.tree(child)), expression=exp.Null()))
            for child in typed.children
            if child.op is not Op.LITERAL
        ]
        if not known:
            return tree
        return exp.Case(ifs=[exp.If(this=exp.and_(*known, copy=False), true=tree)])

    return compile_


def _round(compiler: _Compiler, typed: Typed) -> exp.Expr:
    tree = compiler.tree(typed.children[0])
    if typed.type.kind is Kind.EXACT:
        return _cast(tree, sql_type(typed.type))
    # Shifted, rounded, shifted back: Spark's ROUND with decimals would round the digits as printed.
    shift = constant(10.0 ** int(str(typed.value)), typed.type)
    shifted = exp.Mul(this=_bracketed(tree), expression=shift)
    rounded = exp.Div(this=exp.Round(this=shifted), expression=shift.copy())
    if not typed.is_guarded:
        return rounded
    return _within(shifted.copy(), sys.float_info.max, then=rounded, otherwise=tree.copy())


def _floor(compiler: _Compiler, typed: Typed) -> exp.Expr:
    """Spark's FLOOR gives 64-bit integers: a double that has no fraction anyway is left alone."""
    tree = compiler.tree(typed.children[0])
    below = _cast(exp.Floor(this=tree), sql_type(typed.type))
    if not typed.is_guarded:
        return below
    return _within(tree.copy(), _WHOLE_FROM, then=below, otherwise=tree.copy())


def _within(tree: exp.Expr, most: float, *, then: exp.Expr, otherwise: exp.Expr) -> exp.Expr:
    limit = _cast(exp.Literal.string(repr(most)), "DOUBLE")
    is_within = exp.LTE(this=exp.Abs(this=tree), expression=limit)
    return exp.Case(ifs=[exp.If(this=is_within, true=then)], default=otherwise)


def _abs(compiler: _Compiler, typed: Typed) -> exp.Expr:
    tree = compiler.tree(typed.children[0])
    if not typed.is_turned_in_sum:
        return exp.Abs(this=tree)
    turned = _nothing_less(_bracketed(tree.copy()), typed.type)
    return exp.Greatest(this=tree, expressions=[turned], ignore_nulls=True)


def _root(compiler: _Compiler, typed: Typed) -> exp.Expr:
    """DuckDB raises an error for the root of a negative number: asked only where there is one."""
    tree = compiler.tree(typed.children[0])
    is_real = exp.GTE(this=_bracketed(tree), expression=constant(0.0, typed.type))
    return exp.Case(ifs=[exp.If(this=is_real, true=exp.Sqrt(this=tree.copy()))])


def _years_since(compiler: _Compiler, typed: Typed) -> exp.Expr:
    """Years apart, less one while this year's day is still to come."""
    as_of = compiler.as_of
    year, month, day = (
        exp.Extract(this=exp.var(part), expression=compiler.tree(typed.children[0]))
        for part in ("YEAR", "MONTH", "DAY")
    )
    in_year = exp.Add(this=exp.Mul(this=month, expression=_whole(100)), expression=day)
    is_ahead = exp.GT(this=in_year, expression=_whole(as_of.month * 100 + as_of.day))
    less = exp.Case(ifs=[exp.If(this=is_ahead, true=_whole(1))], default=_whole(0))
    years = exp.Sub(this=exp.Sub(this=_whole(as_of.year), expression=year), expression=less)
    return _cast(exp.Paren(this=years), sql_type(typed.type))


def _whole(number: int) -> exp.Expr:
    return exp.Literal.number(str(number))


def _operator(kind: type[exp.Binary]) -> Callable[[exp.Expr, exp.Expr], exp.Expr]:
    return lambda left, right: kind(this=left, expression=right)


_TABLE: dict[Op, Callable[[_Compiler, Typed], exp.Expr]] = {
    Op.LITERAL: _literal,
    Op.FACT: _given,
    Op.PAST: _given,
    Op.PARAMETER: _parameter,
    Op.REGISTER: _given,
    Op.EVER: _given,
    Op.FIRST: _given,
    Op.ENTRIES: _given,
    Op.SCALE: _multiply,
    Op.TO_DOUBLE: _to_double,
    Op.SCALE_DOUBLE: _scale_double,
    Op.NEGATE: _negate,
    Op.MULTIPLY: _multiply,
    Op.DIVIDE: _divide,
    Op.NOT: _not,
    Op.AND: _joined(exp.And),
    Op.OR: _joined(exp.Or),
    Op.IN: _in,
    Op.LIKE: _like,
    Op.IF: _if,
    Op.COALESCE: _coalesce,
    Op.LEAST: _extreme(exp.Least),
    Op.GREATEST: _extreme(exp.Greatest),
    Op.ROUND: _round,
    Op.FLOOR: _floor,
    Op.ABS: _abs,
    Op.ROOT: _root,
    Op.CUBE_ROOT: lambda compiler, typed: exp.Cbrt(this=compiler.tree(typed.children[0])),
    Op.YEARS_SINCE: _years_since,
}
_BINARY: dict[Op, Callable[[exp.Expr, exp.Expr], exp.Expr]] = {
    Op.ADD: _operator(exp.Add),
    Op.SUBTRACT: _operator(exp.Sub),
    Op.EQUAL: _operator(exp.EQ),
    Op.UNEQUAL: _operator(exp.NEQ),
    Op.LESS: _operator(exp.LT),
    Op.AT_MOST: _operator(exp.LTE),
    Op.MORE: _operator(exp.GT),
    Op.AT_LEAST: _operator(exp.GTE),
}
