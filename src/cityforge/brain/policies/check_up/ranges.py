"""Between what an amount can lie while a fact of it is missing."""

from dataclasses import dataclass, replace
from fractions import Fraction

from cityforge.brain.expr.typed import Op, Typed
from cityforge.brain.expr.types import Grain
from cityforge.brain.policies.benefit import FEN_PER_YUAN
from cityforge.brain.policies.prepared import FEN, Prepared
from cityforge.brain.policies.reach.bounds import Ends, World
from cityforge.brain.rules.row import Row


@dataclass(frozen=True, slots=True)
class Range:
    """分 that would be paid at least and at most; `high` None: nothing bounds it."""

    low: int
    high: int | None


def payable(prepared: Prepared, row: Row, world: World) -> Range | None:
    """What would be paid whatever the missing facts turn out to be; None for a policy without
    money.

    Never narrower than it is; wider only where one missing fact stands in several places.
    """
    if prepared.amount is None:
        return None
    low, high = _fen(prepared.amount, row, world)
    if prepared.received is not None:
        least, most = _fen(prepared.received, row, world)
        low = 0 if most is None else max((low or 0) - most, 0)
        high = None if high is None else max(high - (least or 0), 0)
    return Range(low or 0, high)


def _fen(typed: Typed, row: Row, world: World) -> tuple[int | None, int | None]:
    low, high = _ends(_settled(typed, row), world)
    return _rounded(low), _rounded(high)


def _ends(settled: Typed, world: World) -> Ends:
    """The ends of an amount; its conversion to 元 and its rounding to the 分 keep an end that the
    other side lacks."""
    if settled.op is Op.ROUND and int(str(settled.value)) >= FEN:
        return _ends(settled.children[0], world)
    if settled.op is Op.SCALE:
        inner, factor = settled.children
        times = Fraction(str(factor.value))
        low, high = _ends(inner, world)
        return (None if low is None else low * times), (None if high is None else high * times)
    return world.ends(settled, {})


def _settled(typed: Typed, row: Row) -> Typed:
    """The expression with what is known put in, and of a decided choice the branch alone."""
    value = row.value(typed)
    if value is not None:
        type_ = typed.type.of_grain(Grain.NONE)
        return Typed(Op.LITERAL, type_, value=value, span=typed.span)
    if typed.op is Op.IF:
        truth = row.truth(typed.children[0])
        if truth is not None:
            return _settled(typed.children[1 if truth else 2], row)
    if typed.op is Op.FACT and str(typed.value) in row.derived:
        return _settled(row.derived[str(typed.value)], row)
    children = tuple(_settled(child, row) for child in typed.children)
    return replace(typed, children=children) if children else typed


def _rounded(yuan: Fraction | None) -> int | None:
    """Half away from zero, and never below nothing, as amounts are."""
    if yuan is None:
        return None
    return max(int(yuan * FEN_PER_YUAN + Fraction(1, 2)), 0)
