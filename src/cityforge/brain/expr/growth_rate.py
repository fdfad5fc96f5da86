"""The growth a year that a ratio over several years makes, to nine decimals, alike everywhere.

Roots of two are computed to the last bit by every machine; cube roots are not. So a machine's cube
root is a guess only: how many thousand-millionths the factor has is settled by comparing cubes,
which are products, and every machine multiplies alike.
"""

from dataclasses import replace

from cityforge.brain.expr.typed import Op, Typed
from cityforge.brain.expr.types import Grain, Kind, Type, double
from cityforge.brain.values.quantity import PLAIN

DECIMALS = 9  # far above the last bits of a double
MOST = 1e15  # of a ratio over three years; the factor, to nine decimals, is then a double exactly
_PARTS = 10.0**DECIMALS


def of_squares(ratio: Typed, years: int) -> Typed:
    """The rate over 1, 2 or 4 years."""
    while years > 1:
        high, low = ratio.type.reach
        ratio = _made(Op.ROOT, ratio, reach=(high // 2 + 1, low // 2 + 1))
        years //= 2
    high, low = ratio.type.reach
    rate = _made(Op.SUBTRACT, ratio, _number(1.0), reach=(high + 1, low + 16))
    return _share(_made(Op.ROUND, rate, reach=(high + 2, low + 16), value=DECIMALS))


def of_cube(ratio: Typed) -> tuple[Typed, Typed]:
    """The rate over three years of a ratio that is not negative, and whether it is below `MOST`."""
    limit = _number(MOST)
    is_near = _compared(Op.LESS, ratio, limit)
    bounded = _made(Op.LEAST, ratio, limit, reach=(16, ratio.type.reach[1]))
    root = _made(Op.CUBE_ROOT, bounded, reach=(6, ratio.type.reach[1] // 3 + 1))
    shifted = _made(Op.MULTIPLY, root, _number(_PARTS), reach=(15, root.type.reach[1]))
    guess = _made(Op.ROUND, shifted, reach=(16, 0), value=0)
    more, less = (
        _made(op, guess, _number(1.0), reach=(16, 0)) for op in (Op.ADD, Op.SUBTRACT)
    )  # fmt: skip
    is_more = _compared(Op.AT_LEAST, bounded, _cube_of_half(Op.ADD, guess))
    is_less = _compared(Op.LESS, bounded, _cube_of_half(Op.SUBTRACT, guess))
    lower = _made(Op.IF, is_less, less, guess, reach=(16, 0))
    parts = _made(Op.IF, is_more, more, lower, reach=(16, 0))
    grown = _made(Op.SUBTRACT, parts, _number(_PARTS), reach=(16, 0))
    return _share(_made(Op.DIVIDE, grown, _number(_PARTS), reach=(7, DECIMALS))), is_near


def _cube_of_half(op: Op, guess: Typed) -> Typed:
    """The cube of a guess and half a part: where the next whole number of parts begins or ends.

    The half is exact, so that it is the same from either side.
    """
    edge = _made(op, guess, _number(0.5), reach=(16, 1))
    factor = _made(Op.DIVIDE, edge, _number(_PARTS), reach=(7, DECIMALS + 1))
    square = _made(Op.MULTIPLY, factor, factor, reach=(14, 2 * DECIMALS + 2))
    return _made(Op.MULTIPLY, square, factor, reach=(21, 3 * DECIMALS + 3))


def _number(value: float) -> Typed:
    return Typed(Op.LITERAL, double(PLAIN, Grain.NONE, (16, 1)), value=value)


def _made(op: Op, *operands: Typed, reach: tuple[int, int], value: object = None) -> Typed:
    lead = next(one for one in operands if one.type.kind is Kind.DOUBLE)
    type_ = double(PLAIN, lead.type.grain, reach)
    return Typed(op, type_, operands, value, lead.span)


def _compared(op: Op, left: Typed, right: Typed) -> Typed:
    return Typed(op, Type(Kind.BOOL, grain=left.type.grain), (left, right), span=left.span)


def _share(rate: Typed) -> Typed:
    return replace(rate, type=replace(rate.type, is_share=True))
