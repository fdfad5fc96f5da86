"""Sums, products and quotients of checked operands, with the type that each gives."""

from collections.abc import Sequence
from dataclasses import replace

from cityforge.brain.expr import alignment, types
from cityforge.brain.expr.nodes import Span
from cityforge.brain.expr.typed import Op, Typed
from cityforge.brain.expr.types import Grain, Kind


def total(op: Op, items: Sequence[Typed], grain: Grain, span: Span) -> Typed:
    """The sum or difference of aligned numbers: exact while it fits, else in doubles."""
    unit = items[0].type.unit
    is_share = any(item.type.is_share for item in items)
    if items[0].type.kind is Kind.EXACT:
        whole = max(item.type.whole_digits for item in items) + 1
        type_ = types.exact(unit, whole, max(item.type.scale for item in items), grain)
        if type_ is not None:
            return Typed(op, replace(type_, is_share=is_share), tuple(items), span=span)
    doubles = [alignment.as_double(item) for item in items]
    # Two doubles differ by no less than the last bit of the smaller: 16 digits further down.
    high = max(item.type.reach[0] for item in doubles) + 1
    low = max(item.type.reach[1] for item in doubles) + 16
    type_ = replace(types.double(unit, grain, (high, low)), is_share=is_share)
    return Typed(op, type_, tuple(doubles), span=span)


def product(left: Typed, right: Typed, grain: Grain, span: Span) -> Typed:
    """Units multiply; exact while it fits, else in doubles."""
    unit = left.type.unit * right.type.unit
    if left.type.kind is right.type.kind is Kind.EXACT:
        type_ = alignment.product_type(unit, left.type, right.type, grain)
        if type_ is not None:
            return Typed(Op.MULTIPLY, type_, (left, right), span=span)
    a, b = alignment.as_double(left), alignment.as_double(right)
    reach = (a.type.reach[0] + b.type.reach[0], a.type.reach[1] + b.type.reach[1])
    return Typed(Op.MULTIPLY, types.double(unit, grain, reach), (a, b), span=span)


def quotient(left: Typed, right: Typed, grain: Grain, span: Span) -> Typed:
    """Both to double in their own units, then one division; a share when the units are like."""
    unit = left.type.unit / right.type.unit
    is_share = left.type.unit.is_like(right.type.unit) and right.op is not Op.LITERAL
    a, b = _sides(left, right)
    reach = (a.type.reach[0] + b.type.reach[1], a.type.reach[1] + b.type.reach[0])
    type_ = replace(types.double(unit, grain, reach), is_share=is_share)
    return Typed(Op.DIVIDE, type_, (a, b), span=span)


def _sides(left: Typed, right: Typed) -> tuple[Typed, Typed]:
    """What is divided by what: of two EXACT whole numbers of the last decimal that either has."""
    if left.type.kind is right.type.kind is Kind.EXACT:
        factor = 10 ** max(left.type.scale, right.type.scale)
        above, below = (alignment.counted_whole(side, factor) for side in (left, right))
        if above is not None and below is not None:
            return above, below
    return alignment.as_double(left), alignment.as_double(right)
