"""Numbers brought to one unit and one kind, exactly where 38 digits allow it.

Units are multiplied up by whole numbers to a common part of both (万元 and 元 to 元; 亩 and ㎡ to
a third of a ㎡), never divided; a literal takes the unit of what it meets. What does not fit
becomes DOUBLE. A quotient, and an EXACT that changes its unit on the way to a double, start from
whole numbers of last decimals: those are doubles without any rounding, and one division of them
gives the double nearest to the true value, as the nearest double of a threshold is.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from cityforge.brain.expr import types
from cityforge.brain.expr.nodes import Span
from cityforge.brain.expr.typed import Op, Typed
from cityforge.brain.expr.types import MOST_DIGITS, Grain, Kind, Type
from cityforge.brain.values.quantity import PLAIN, Unit

_LARGEST_WHOLE = 2**53


def literal(value: Decimal, unit: Unit, span: Span) -> Typed | None:
    """An EXACT constant; None when it has more digits than fit."""
    whole, scale = _digits(value)
    type_ = types.exact(unit, whole, scale, Grain.NONE)
    return Typed(Op.LITERAL, type_, value=value, span=span) if type_ else None


def align(items: Sequence[Typed]) -> list[Typed]:
    """The numbers, of like units, all EXACT or all DOUBLE in one unit."""
    if all(item.type.kind is Kind.EXACT for item in items):
        aligned = _aligned_exactly(items)
        if aligned is not None:
            return aligned
    target = next((item for item in items if item.op is not Op.LITERAL), items[0]).type.unit
    return [as_double(item, target) for item in items]


def convert(item: Typed, unit: Unit) -> Typed:
    """The number in another like unit: exactly where the ratio ends as a decimal and fits."""
    if item.type.kind is Kind.EXACT:
        return _scaled(item, unit) or as_double(item, unit)
    return as_double(item, unit)


def as_double(item: Typed, unit: Unit | None = None) -> Typed:
    """The number as DOUBLE, in its own or another like unit."""
    unit = unit or item.type.unit
    ratio = item.type.unit.factor / unit.factor
    if item.op is Op.LITERAL and isinstance(item.value, Decimal):
        return _double_literal(Fraction(item.value) * ratio, unit, item.span)
    if item.type.kind is Kind.EXACT:
        factor = 10**item.type.scale if ratio != 1 else 1
        counted = counted_whole(item, factor)
        ratio = ratio if counted is None else ratio / factor
        item = counted or _nearest(item)
    if ratio == 1:
        return item
    if item.op is Op.DIVIDE:
        divided = _divided_into(item, unit, ratio)
        if divided is not None:
            return divided
    high, low = item.type.reach
    reach = (high + len(str(ratio.numerator)), low + len(str(ratio.denominator)))
    type_ = types.double(unit, item.type.grain, reach)
    type_ = replace(type_, is_share=item.type.is_share)
    return _made(Op.SCALE_DOUBLE, type_, item, ratio)


def counted_whole(item: Typed, factor: int) -> Typed | None:
    """An EXACT as a DOUBLE, times a factor that leaves it no decimals; None beyond 2**53.

    A double counts whole numbers up to there without rounding.
    """
    if not 1 <= factor <= _LARGEST_WHOLE:
        return None
    if item.op is Op.LITERAL and isinstance(item.value, Decimal):
        return _double_literal(Fraction(item.value) * factor, item.type.unit, item.span)
    if factor == 1:
        return _nearest(item)
    reach = (item.type.whole_digits + len(str(factor)), 0)
    type_ = types.double(item.type.unit, item.type.grain, reach)
    return _made(Op.TO_DOUBLE, type_, item, factor)


def merged(items: Sequence[Typed], grain: Grain) -> Type:
    """The type of whatever is one of these: the widest of types that go together already."""
    first = items[0].type
    is_share = any(item.type.is_share for item in items)
    if first.kind is Kind.EXACT:
        scale = max(item.type.scale for item in items)
        precision = max(item.type.whole_digits for item in items) + scale
        return replace(first, precision=precision, scale=scale, grain=grain, is_share=is_share)
    high = max(item.type.reach[0] for item in items)
    low = max(item.type.reach[1] for item in items)
    return replace(first, grain=grain, is_share=is_share, reach=(high, low))


def _nearest(item: Typed) -> Typed:
    type_ = types.double(item.type.unit, item.type.grain, item.type.bounds)
    return _made(Op.TO_DOUBLE, type_, item)


def _divided_into(quotient: Typed, unit: Unit, ratio: Fraction) -> Typed | None:
    """A quotient of exact numbers in another unit, still by one division; None where its sides
    are no whole numbers."""
    above, below = (
        _recounted(side, by)
        for side, by in zip(quotient.children, (ratio.numerator, ratio.denominator), strict=True)
    )
    if above is None or below is None:
        return None
    (high, low), (over, under) = above.type.reach, below.type.reach
    type_ = types.double(unit, quotient.type.grain, (high + under, low + over))
    type_ = replace(type_, is_share=quotient.type.is_share)
    return Typed(Op.DIVIDE, type_, (above, below), span=quotient.span)


def _recounted(side: Typed, by: int) -> Typed | None:
    """A side of a quotient, so many times as large."""
    if side.op is Op.LITERAL and isinstance(side.value, float) and side.value.is_integer():
        value = Fraction(side.value) * by
        fits = abs(value) <= _LARGEST_WHOLE
        return _double_literal(value, side.type.unit, side.span) if fits else None
    if side.op is not Op.TO_DOUBLE:
        return None
    item = side.children[0]
    factor = side.value if isinstance(side.value, int) else 1
    return counted_whole(item, factor * by) if factor > 1 or not item.type.scale else None


def _made(op: Op, type_: Type, child: Typed, value: object = None) -> Typed:
    return Typed(op, type_, (child,), value, child.span)


def _digits(value: Decimal) -> tuple[int, int]:
    """Digits before and after the point, as written."""
    scale = max(-int(value.as_tuple().exponent), 0)
    return (value.adjusted() + 1 if value else 1), scale


def _aligned_exactly(items: Sequence[Typed]) -> list[Typed] | None:
    fixed = [item for item in items if item.op is not Op.LITERAL]
    for choice in (fixed, items):
        if not choice:
            continue
        target = _common_unit([item.type.unit for item in choice])
        scaled = [_scaled(item, target) for item in items]
        aligned = [item for item in scaled if item is not None]
        if len(aligned) == len(items) and _fit_together(aligned):
            return aligned
    return None


def _fit_together(items: Sequence[Typed]) -> bool:
    whole = max(item.type.whole_digits for item in items)
    return whole + max(item.type.scale for item in items) <= MOST_DIGITS


def _common_unit(units: Sequence[Unit]) -> Unit:
    """The largest unit that goes into each a whole number of times."""
    factor = units[0].factor
    for unit in units[1:]:
        denominator = factor.denominator * unit.factor.denominator
        factor = Fraction(
            math.gcd(
                factor.numerator * unit.factor.denominator,
                unit.factor.numerator * factor.denominator,
            ),
            denominator,
        )
    for unit in units:
        if unit.factor == factor:
            return unit
    first = units[0]
    return Unit(f"{first.symbol}/{first.factor / factor}", first.dimension, factor)


def _scaled(item: Typed, unit: Unit) -> Typed | None:
    """An EXACT in another unit by one exact factor; None where that has no end or no room."""
    ratio = item.type.unit.factor / unit.factor
    if ratio == 1:
        return item
    if item.op is Op.LITERAL and isinstance(item.value, Decimal):
        value = _decimal(Fraction(item.value) * ratio)
        return literal(value, unit, item.span) if value is not None else None
    multiplier = _decimal(ratio)
    if multiplier is None:
        return None
    factor = literal(multiplier, PLAIN, item.span)
    if factor is None:
        return None
    type_ = product_type(unit, item.type, factor.type, item.type.grain)
    if type_ is None:
        return None
    type_ = replace(type_, is_share=item.type.is_share)
    return Typed(Op.SCALE, type_, (item, factor), span=item.span)


def product_type(unit: Unit, left: Type, right: Type, grain: Grain) -> Type | None:
    """The EXACT type of a product: all the digits of both; None beyond 38."""
    whole = left.whole_digits + right.whole_digits
    return types.exact(unit, whole, left.scale + right.scale, grain)


def _decimal(number: Fraction) -> Decimal | None:
    """The fraction as a decimal, if it ends within 38 places."""
    for scale in range(MOST_DIGITS + 1):
        shifted = number * 10**scale
        if shifted.denominator == 1:
            digits = tuple(int(digit) for digit in str(abs(shifted.numerator)))
            return Decimal((int(number < 0), digits, -scale))
    return None


def _double_literal(number: Fraction, unit: Unit, span: Span) -> Typed:
    value = float(number)
    exponent = Decimal(value).adjusted() if value else 0
    type_ = types.double(unit, Grain.NONE, (exponent + 1, -exponent))
    return Typed(Op.LITERAL, type_, value=value, span=span)
