"""What expressions ask of a table of facts beyond its columns: earlier years, look-ups."""

from collections.abc import Iterable
from dataclasses import dataclass

from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.expr import check
from cityforge.brain.expr.typed import REGISTER_OPS, Op, Typed, walk


@dataclass(frozen=True, slots=True)
class Asked:
    """Facts of earlier years (id, years back as -1, -2 …) and look-ups (operation, register).

    reach   how many years before its own the table of one year rests on, through derived facts
    """

    past: tuple[tuple[str, int], ...] = ()
    lookups: tuple[tuple[Op, str], ...] = ()
    reach: int = 0


def asked(book: Dictionary, reads: Iterable[Typed]) -> Asked:
    """What the derived facts of a city, and expressions over its facts, ask."""
    own = [fact.expression for fact in book.facts.values() if fact.expression is not None]
    every = [*own, *reads]
    past = {pair for typed in every for pair in check.past(typed)}
    lookups = {
        (part.op, str(part.value))
        for typed in every
        for part in walk(typed)
        if part.op in REGISTER_OPS and part.op is not Op.REGISTER
    }
    depth: dict[str, int] = {}
    # A derived fact stands after all that it rests on.
    for fact in book.facts.values():
        depth[fact.name] = _reach(fact.expression, depth) if fact.expression else 0
    return Asked(
        past=tuple(sorted(past)),
        lookups=tuple(sorted(lookups, key=lambda pair: (pair[0].value, pair[1]))),
        reach=max((_reach(typed, depth) for typed in every), default=0),
    )


def _reach(typed: Typed, depth: dict[str, int]) -> int:
    """How many years back an expression looks, with what its facts themselves look back."""
    earlier = [depth[name] - back for name, back in check.past(typed)]
    same = [depth[name] for name in check.names(typed)]
    return max([*earlier, *same], default=0)
