"""A score table for one enterprise: points part by part, a range where experts choose."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from cityforge.brain.city.ladder import ScorePart, ScoreTable
from cityforge.brain.engines import reference
from cityforge.brain.expr import check
from cityforge.brain.expr.types import Scope
from cityforge.brain.rules.row import Row

_NOTHING = Scope({}, {}, {})
Verdict = Literal["reached", "open", "missed"]


@dataclass(frozen=True, slots=True)
class Points:
    """What one part gives.

    low, high   the least and the most it can be; equal where a fact tells it
    lacking     the observed columns without which it is not known: then it may be 0 to `most`
    experts     experts choose between low and high
    """

    part: ScorePart
    low: Decimal
    high: Decimal
    most: Decimal
    least: Decimal | None
    lacking: tuple[str, ...] = ()
    experts: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    """A whole table: never less than `low`, never more than `high`; `needed` is the pass mark."""

    table: ScoreTable
    parts: tuple[Points, ...]
    needed: Decimal
    most: Decimal

    @property
    def low(self) -> Decimal:
        return min(sum((one.low for one in self.parts), Decimal(0)), self.most)

    @property
    def high(self) -> Decimal:
        return min(sum((one.high for one in self.parts), Decimal(0)), self.most)

    @property
    def verdict(self) -> Verdict:
        """reached: whatever is open; missed: whatever is open; else open."""
        leasts = [one for one in self.parts if one.least is not None]
        if not self._passes(self.high) or any(_below(one.high, one) for one in leasts):
            return "missed"
        if self._passes(self.low) and not any(_below(one.low, one) for one in leasts):
            return "reached"
        return "open"

    def _passes(self, points: Decimal) -> bool:
        return points > self.needed if self.table.strict else points >= self.needed


def score(table: ScoreTable, row: Row) -> Scored:
    """The points of one enterprise by a score table."""
    parts = tuple(_points(part, row) for part in table.parts)
    whole = sum((one.most for one in parts), Decimal(0))
    most = whole if table.most is None else _literal(table.most)
    return Scored(table, parts, _literal(table.pass_), most)


def _points(part: ScorePart, row: Row) -> Points:
    most = _literal(part.most)
    least = None if part.least is None else _literal(part.least)
    if part.fact is None and part.low is None:
        return Points(part, Decimal(0), most, most, least, experts=True)
    names = tuple(name for name in (part.fact or part.low, part.high) if name is not None)
    known = [_number(row.values.get(name)) for name in names]
    if None in known:
        return Points(part, Decimal(0), most, most, least, _lacking(row, names))
    told = [one for one in known if one is not None]
    high = told[-1] if part.low is None or part.high is not None else most
    return Points(part, told[0], high, most, least, experts=part.low is not None)


def _below(points: Decimal, one: Points) -> bool:
    return one.least is not None and points < one.least


def _lacking(row: Row, names: tuple[str, ...]) -> tuple[str, ...]:
    found: list[str] = []
    for name in names:
        if row.values.get(name) is None:
            inside = row.derived.get(name)
            found += row.lacking(inside) if inside is not None else [name]
    return tuple(dict.fromkeys(found))


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, Decimal | float | int):
        return None
    return Decimal(str(value))


def _literal(text: str) -> Decimal:
    """A literal in 分; the city was checked before."""
    found = _number(reference.evaluate(check.read(text, _NOTHING), {}, as_of=date.min))
    assert found is not None
    return found
