"""Functions over a run of years, read once for each year: sums, means, extremes, growth."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from cityforge.brain.errors import Text
from cityforge.brain.expr import alignment, arithmetic, growth_rate, lookups, operands
from cityforge.brain.expr.nodes import Call, Span
from cityforge.brain.expr.operands import Build, Context
from cityforge.brain.expr.typed import Op, Typed
from cityforge.brain.expr.types import Grain, Kind, Type
from cityforge.brain.values.quantity import PLAIN, unit

_NUMBERS = (Kind.EXACT, Kind.DOUBLE)
_YEARS = unit("年")
_entries = lookups.of_register(Op.ENTRIES, Type(Kind.EXACT, precision=9, grain=Grain.ENTERPRISE))


def extreme(op: Op) -> Build:
    """The least or greatest of its arguments, numbers or dates."""

    def build(context: Context, node: Call, arguments: Sequence[Typed]) -> Typed | None:
        kinds = (*_NUMBERS, Kind.DATE)
        if not operands.are_kind(context, arguments, kinds):
            return None
        items = operands.together(context, arguments, node.at)
        grain = operands.grain(context, arguments, node.at)
        if items is None or grain is None:
            return None
        return Typed(op, alignment.merged(items, grain), tuple(items), span=node.span)

    return build


def total(context: Context, node: Call, years: Sequence[Typed]) -> Typed | None:
    """The sum of a run of years."""
    if not operands.are_kind(context, years, _NUMBERS):
        return None
    aligned = operands.together(context, years, node.at)
    if aligned is None:
        return None
    found = aligned[0]
    for item in aligned[1:]:
        pair = alignment.align([found, item])
        found = arithmetic.total(Op.ADD, pair, item.type.grain, node.span)
    return found


def average(context: Context, node: Call, years: Sequence[Typed]) -> Typed | None:
    summed = total(context, node, years)
    number = alignment.literal(Decimal(len(years)), PLAIN, node.span)
    if summed is None or number is None:
        return None
    mean = arithmetic.quotient(summed, number, summed.type.grain, node.span)
    return replace(mean, type=replace(mean.type, is_share=summed.type.is_share))


def of_years(op: Op) -> Build:
    """The least or the greatest of a run of years; of one year that year's own."""
    among = extreme(op)

    def build(context: Context, node: Call, years: Sequence[Typed]) -> Typed | None:
        if len(years) > 1:
            return among(context, node, years)
        return years[0] if operands.are_kind(context, years, (*_NUMBERS, Kind.DATE)) else None

    return build


def of_truths(op: Op) -> Build:
    """Whether something held in every year, or in any."""

    def build(context: Context, node: Call, years: Sequence[Typed]) -> Typed | None:
        if not operands.are_kind(context, years, [Kind.BOOL]):
            return None
        if len(years) == 1:
            return years[0]
        return Typed(op, years[0].type, tuple(years), span=node.span)

    return build


def count(context: Context, node: Call, arguments: Sequence[Typed]) -> Typed | None:
    """How many entries a register has of the enterprise; in how many years something held."""
    if lookups.is_of_register(node):
        return _entries(context, node, arguments)
    if not operands.are_kind(context, arguments, [Kind.BOOL]):
        return None
    one, none = (alignment.literal(Decimal(n), PLAIN, node.span) for n in (1, 0))
    if one is None or none is None:
        return None
    counted = [
        Typed(Op.IF, one.type.of_grain(item.type.grain), (item, one, none), span=node.span)
        for item in arguments
    ]
    return total(context, node, counted)


def growth(context: Context, node: Call, arguments: Sequence[Typed]) -> Typed | None:
    """(x[0] / x[-n]) ** (1/n) - 1 rounded to nine decimals, where x[-n] is above zero.

    Unrounded, 1.2 - 1 of doubles is below 0.2, and who grew by just 20 % would be refused.
    """
    item, years = arguments
    if item.op is not Op.FACT or item.type.grain is not Grain.ENTERPRISE_YEAR:
        context.complain(
            item.span,
            Text(zh="cagr 要一个按年度的事实", en="cagr takes a yearly fact"),
            Text(zh="写作 cagr(revenue, 2)", en="write cagr(revenue, 2)"),
        )
        return None
    if not operands.is_kind(context, item, _NUMBERS):
        return None
    number = years.value
    count = int(number) if isinstance(number, Decimal) and number in (1, 2, 3, 4) else 0
    if not count or years.type.unit not in (PLAIN, _YEARS):
        context.complain(
            years.span,
            Text(zh="cagr 的年数应为 1 到 4", en="the years of cagr are 1 to 4"),
            Text(
                zh="更长的年数用倍数表示：x / x[-5] >= 127.62815625% 即每年 5%",
                en="over more years compare the ratio: x / x[-5] >= 127.62815625% is 5% a year",
            ),
        )
        return None
    before = replace(item, op=Op.PAST, value=(item.value, -count))
    ratio = arithmetic.quotient(item, before, item.type.grain, node.span)
    is_told = _against_zero(context, Op.MORE, before, node.span)
    is_real = _against_zero(context, Op.AT_LEAST, item, node.span)
    if is_told is None or is_real is None:
        return None
    if count == 3:
        rate, is_near = growth_rate.of_cube(ratio)
        is_told = Typed(Op.AND, is_told.type, (is_told, is_real, is_near), span=node.span)
    else:
        rate = growth_rate.of_squares(ratio, count)
    nothing = Typed(Op.LITERAL, rate.type.of_grain(Grain.NONE), span=node.span)
    return Typed(Op.IF, rate.type, (is_told, rate, nothing), span=node.span)


def _against_zero(context: Context, op: Op, item: Typed, span: Span) -> Typed | None:
    zero = alignment.literal(Decimal(0), PLAIN, span)
    pair = operands.together(context, [item, zero], span) if zero else None
    if pair is None:
        return None
    return Typed(op, Type(Kind.BOOL, grain=item.type.grain), tuple(pair), span=span)
