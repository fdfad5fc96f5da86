"""Between what bounds a number can lie, by the contracts of a city and the sums made of it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.city.policy import PolicyVersion
from cityforge.brain.engines import reference
from cityforge.brain.expr.typed import REGISTER_OPS, Op, Typed, walk
from cityforge.brain.expr.types import Kind
from cityforge.brain.policies.reach.sets import Chosen, Domain, Numbers, Stretch, Texts

Ends = tuple[Fraction | None, Fraction | None]
Box = Mapping[object, Domain]
"""What is supposed of some terms: each with the values it may still have."""

TRUTHS = Chosen(frozenset((True, False)))
_ENDLESS: Ends = (None, None)
_DAY = Fraction(1)
_COLUMNS = (Op.FACT, Op.PAST)


@dataclass(frozen=True)
class World:
    """What may be known of any enterprise while a version is in force.

    numbers, texts   the values a column may have, by fact, where the contract bounds them
    derived          the expressions of derived facts
    parameters       those with one value only as long as the version is in force
    """

    numbers: Mapping[str, Numbers] = field(default_factory=dict)
    texts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    derived: Mapping[str, Typed] = field(default_factory=dict)
    parameters: Mapping[str, object] = field(default_factory=dict)

    def domain(self, term: Typed) -> Domain:
        """All values that a term may have."""
        if term.type.kind is Kind.BOOL:
            return TRUTHS
        if term.type.kind is Kind.TEXT:
            among = self.texts.get(_name(term)) if term.op in _COLUMNS else None
            return Texts(among=among)
        step = _step(term)
        stated = self.numbers.get(_name(term)) if term.op in _COLUMNS else None
        if stated is not None:
            return stated
        return _between(self.ends(term, {}), step)

    def constant(self, term: Typed) -> reference.Value:
        """The value of a term without facts. Raises nothing; None where it is none or unknown."""
        return reference.evaluate(term, {}, as_of=date.max, parameters=self.parameters)

    def is_constant(self, term: Typed) -> bool:
        """Whether a term has one value, whatever the enterprise and the day."""
        return all(
            part.op not in (*_COLUMNS, *REGISTER_OPS, Op.YEARS_SINCE)
            and (part.op is not Op.PARAMETER or str(part.value) in self.parameters)
            for part in walk(term)
        )

    def ends(self, term: Typed, box: Box) -> Ends:
        """The least and the greatest that a number or day can be; never narrower than it is.

        A double is rounded as the machines round it, which keeps the order of what it is made of.
        """
        supposed = box.get(term)
        if isinstance(supposed, Numbers) and not supposed.is_empty:
            return supposed.low, supposed.high
        if term.op in _COLUMNS:
            return self._column(term)
        if term.op in (Op.LITERAL, Op.PARAMETER):
            found = number(self.constant(term)) if self.is_constant(term) else None
            return found, found
        if term.op is Op.ENTRIES:
            return Fraction(0), None
        made = _MADE.get(term.op)
        if made is None:
            return _ENDLESS
        children = term.children[1:] if term.op is Op.IF else term.children
        known = [child for child in children if not _is_nothing(child)]
        if len(known) < len(children) and term.op not in (Op.IF, Op.COALESCE):
            return _ENDLESS
        low, high = made(term, [self.ends(child, box) for child in known])
        if term.type.kind is Kind.DOUBLE:
            return _as_double(low), _as_double(high)
        return low, high

    def _column(self, term: Typed) -> Ends:
        stated = self.numbers.get(_name(term))
        if stated is not None:
            return (None, None) if stated.is_empty else (stated.low, stated.high)
        inside = self.derived.get(_name(term)) if term.op is Op.FACT else None
        return self.ends(inside, {}) if inside is not None else _ENDLESS


def of_version(city: City, book: Dictionary, version: PolicyVersion) -> World:
    """What the contracts of a city say while a version is in force."""
    numbers: dict[str, Numbers] = {}
    texts = {name: frozenset(fact.values) for name, fact in book.facts.items() if fact.values}
    for name, fact in book.facts.items():
        dataset = city.datasets.get(fact.dataset or "")
        column = dataset.column(name) if dataset else None
        if column is not None and column.kind == "quantity":
            low = None if column.min is None else Fraction(column.min)
            high = None if column.max is None else Fraction(column.max)
            numbers[name] = _between((low, high), Fraction(1, 10**column.scale))
    return World(
        numbers=numbers,
        texts=texts,
        derived={n: fact.expression for n, fact in book.facts.items() if fact.expression},
        parameters=_steady(city, version),
    )


def _steady(city: City, version: PolicyVersion) -> dict[str, object]:
    """The parameters that have one value as long as the version is in force."""
    found: dict[str, object] = {}
    for name, parameter in city.parameters.items():
        changes = [one for one in parameter.values if version.from_ < one.from_]
        first = parameter.on(version.from_)
        if first is not None and not [c for c in changes if c.from_ <= (version.to or date.max)]:
            found[name] = first.value
    return found


def number(value: object) -> Fraction | None:
    """A number as a fraction, a day as its ordinal; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, date):
        return Fraction(value.toordinal())
    return Fraction(value) if isinstance(value, Decimal | float | int) else None


def _name(term: Typed) -> str:
    return str(term.value[0]) if isinstance(term.value, tuple) else str(term.value)


def _step(term: Typed) -> Fraction | None:
    if term.type.kind is Kind.DATE:
        return _DAY
    return Fraction(1, 10**term.type.scale) if term.type.kind is Kind.EXACT else None


def _between(ends: Ends, step: Fraction | None) -> Numbers:
    return Numbers(step=step).meet(Numbers((Stretch(*ends),)))


def _is_nothing(term: Typed) -> bool:
    return term.op is Op.LITERAL and term.value is None


def _as_double(end: Fraction | None) -> Fraction | None:
    if end is None:
        return None
    try:
        return Fraction(float(end))
    except OverflowError:
        return None


def _sum(term: Typed, sides: list[Ends]) -> Ends:
    (a, b), (c, d) = sides
    return (None if a is None or c is None else a + c), (None if b is None or d is None else b + d)


def _difference(term: Typed, sides: list[Ends]) -> Ends:
    return _sum(term, [sides[0], _negative(term, sides[1:])])


def _negative(term: Typed, sides: list[Ends]) -> Ends:
    low, high = sides[0]
    return (None if high is None else -high), (None if low is None else -low)


def _product(term: Typed, sides: list[Ends]) -> Ends:
    (a, b), (c, d) = sides
    if a is not None and c is not None and a >= 0 and c >= 0:
        return a * c, None if b is None or d is None else b * d
    if a is None or b is None or c is None or d is None:
        return _ENDLESS
    corners = [a * c, a * d, b * c, b * d]
    return min(corners), max(corners)


def _quotient(term: Typed, sides: list[Ends]) -> Ends:
    """Of nothing negative over nothing negative; over zero it is unknown."""
    (a, b), (c, d) = sides
    if a is None or c is None or a < 0 or c < 0:
        return _ENDLESS
    return (a / d if d else Fraction(0)), (b / c if b is not None and c > 0 else None)


def _counted(term: Typed, sides: list[Ends]) -> Ends:
    low, high = sides[0]
    factor = int(str(term.value or 1))
    return (None if low is None else low * factor), (None if high is None else high * factor)


def _rescaled(term: Typed, sides: list[Ends]) -> Ends:
    ratio = term.value
    assert isinstance(ratio, Fraction)

    def one(end: Fraction | None) -> Fraction | None:
        try:
            return (
                None if end is None else Fraction(float(end) * ratio.numerator / ratio.denominator)
            )
        except (OverflowError, ValueError):
            return None

    return one(sides[0][0]), one(sides[0][1])


def _least(term: Typed, sides: list[Ends]) -> Ends:
    highs = [high for _, high in sides if high is not None]
    return _lowest(sides), min(highs, default=None)


def _greatest(term: Typed, sides: list[Ends]) -> Ends:
    lows = [low for low, _ in sides if low is not None]
    return max(lows, default=None), _highest(sides)


def _either(term: Typed, sides: list[Ends]) -> Ends:
    return (_lowest(sides), _highest(sides)) if sides else _ENDLESS


def _lowest(sides: list[Ends]) -> Fraction | None:
    lows = [low for low, _ in sides]
    return None if None in lows else min(low for low in lows if low is not None)


def _highest(sides: list[Ends]) -> Fraction | None:
    highs = [high for _, high in sides]
    return None if None in highs else max(high for high in highs if high is not None)


def _rounded(term: Typed, sides: list[Ends]) -> Ends:
    """Off by no more than one in the last place kept, and nothing never becomes less than it."""
    low, high = sides[0]
    off = Fraction(1, 10 ** int(str(term.value)))
    lower = None if low is None else low - off
    if low is not None and lower is not None and low >= 0:
        lower = max(lower, Fraction(0))
    return lower, None if high is None else high + off


def _floored(term: Typed, sides: list[Ends]) -> Ends:
    low, high = sides[0]
    return (None if low is None else Fraction(math.floor(low))), high


def _size(term: Typed, sides: list[Ends]) -> Ends:
    low, high = sides[0]
    if low is not None and low >= 0:
        return low, high
    if low is None or high is None:
        return Fraction(0), None
    return Fraction(0), max(-low, high)


def _root(term: Typed, sides: list[Ends]) -> Ends:
    return Fraction(0), None


_MADE = {
    Op.SCALE: _product,
    Op.TO_DOUBLE: _counted,
    Op.SCALE_DOUBLE: _rescaled,
    Op.NEGATE: _negative,
    Op.ADD: _sum,
    Op.SUBTRACT: _difference,
    Op.MULTIPLY: _product,
    Op.DIVIDE: _quotient,
    Op.LEAST: _least,
    Op.GREATEST: _greatest,
    Op.IF: _either,
    Op.COALESCE: _either,
    Op.ROUND: _rounded,
    Op.FLOOR: _floored,
    Op.ABS: _size,
    Op.ROOT: _root,
}
