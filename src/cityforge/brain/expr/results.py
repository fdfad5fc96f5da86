"""What a whole expression gives: brought to the unit of a fact or indicator, or as a ratio."""

from dataclasses import replace

from cityforge.brain.expr import alignment
from cityforge.brain.expr.typed import Op, Typed
from cityforge.brain.expr.types import Kind
from cityforge.brain.values.quantity import Unit


def in_unit(typed: Typed, unit: Unit, *, decimals: int | None = None) -> Typed:
    """A number in a like unit; an exact one rounded half away from zero to so many decimals."""
    converted = alignment.convert(typed, unit)
    type_ = converted.type
    if decimals is None or type_.kind is not Kind.EXACT or type_.scale <= decimals:
        return converted
    # Rounding may carry into one more digit before the point.
    rounded = replace(type_, precision=type_.whole_digits + 1 + decimals, scale=decimals)
    return Typed(Op.ROUND, rounded, (converted,), decimals, typed.span)


def as_double(typed: Typed, unit: Unit) -> Typed:
    """A number as a double in a like unit."""
    return alignment.as_double(typed, unit)


def ratio(typed: Typed) -> tuple[Typed, Typed] | None:
    """Numerator and denominator, in their own units, when the expression is a division at its top.

    The denominator of a mean of sums; None for any other expression.
    """
    while typed.op in (Op.SCALE_DOUBLE, Op.TO_DOUBLE):
        typed = typed.children[0]
    if typed.op is not Op.DIVIDE:
        return None
    above, below = (_exact_inside(child) for child in typed.children)
    return above, below


def _exact_inside(typed: Typed) -> Typed:
    """The exact number before its conversion for the division, where there is one: sums of it do
    not depend on their order."""
    return typed.children[0] if typed.op is Op.TO_DOUBLE else typed
