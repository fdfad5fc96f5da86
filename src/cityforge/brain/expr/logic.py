"""Conditions joined outside an expression: all of, any of, none of, at least n of."""

from collections.abc import Sequence
from functools import cache, reduce

from cityforge.brain.expr.typed import Op, Typed
from cityforge.brain.expr.types import Grain, Kind, Type, common_grain


def all_of(parts: Sequence[Typed]) -> Typed:
    """True when every part is; one false part decides."""
    return parts[0] if len(parts) == 1 else Typed(Op.AND, _type(parts), tuple(parts))


def any_of(parts: Sequence[Typed]) -> Typed:
    """True when a part is; one true part decides."""
    return parts[0] if len(parts) == 1 else Typed(Op.OR, _type(parts), tuple(parts))


def none_of(parts: Sequence[Typed]) -> Typed:
    """True when every part is known to be false."""
    return Typed(Op.NOT, _type(parts), (any_of(parts),))


def at_least(count: int, parts: Sequence[Typed]) -> Typed:
    """True when so many parts are, false when too many are known to be false.

    Either the first part holds and one fewer of the rest, or so many of the rest hold. No part is
    negated, so the three-valued answer is the sharpest that the parts allow. Shared, not copied:
    the weight of what comes back tells whether SQL could write it out.
    """

    @cache
    def of_rest(wanted: int, start: int) -> Typed:
        rest = parts[start:]
        if wanted == len(rest):
            return all_of(rest)
        if wanted == 1:
            return any_of(rest)
        with_first = all_of([rest[0], of_rest(wanted - 1, start + 1)])
        return any_of([with_first, of_rest(wanted, start + 1)])

    return of_rest(count, 0)


def _type(parts: Sequence[Typed]) -> Type:
    """The widest grain; parts of one reader's scope always have one."""
    grains = [part.type.grain for part in parts]
    grain = reduce(lambda left, right: common_grain(left, right) or left, grains, Grain.NONE)
    return Type(Kind.BOOL, grain=grain)
