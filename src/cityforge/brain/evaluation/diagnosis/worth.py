"""What an answer is worth, and what a question without one can be worth: exact, least and most."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from cityforge.brain.city.diagnosis import (
    DIRECTIONS,
    SATISFACTIONS,
    TOP_SCENE,
    Diagnosis,
    Question,
    ShareBand,
)
from cityforge.brain.evaluation.diagnosis.answers import Ticks, Value

FULL_SHARE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Range:
    """Least and most of a number, exact; the same where it is known."""

    low: Fraction
    high: Fraction

    @classmethod
    def exactly(cls, value: Decimal | int | Fraction) -> "Range":
        return cls(Fraction(value), Fraction(value))

    @property
    def is_known(self) -> bool:
        return self.low == self.high

    @property
    def width(self) -> Fraction:
        return self.high - self.low


def worth(diagnosis: Diagnosis, question: Question, value: Value | None) -> Range:
    """The points of an answer; of a requirement how far it is satisfied, of a scene its level.

    None is no answer: the range of all that could be given.
    """
    if isinstance(value, Ticks):
        return Range(_ticked(question, value.ticked), _ticked(question, value.ticked | value.open))
    if value is not None:
        return Range.exactly(_of(diagnosis, question, value))
    if question.kind == "multi":
        every = frozenset(option.id for option in question.options)
        return Range(Fraction(0), _ticked(question, every))
    possible = [_of(diagnosis, question, each) for each in values(question)]
    return Range(min(possible), max(possible))


def values(question: Question) -> Iterator[Value]:
    """Every answer that is worth something of its own, as listed; a multi is asked by option."""
    if question.kind == "single":
        yield from (option.id for option in question.options)
    elif question.kind == "share":
        yield from (band.from_ for band in question.bands)
    elif question.kind == "direction":
        yield from DIRECTIONS
    elif question.kind == "scene":
        yield from range(TOP_SCENE + 1)
    elif question.kind == "requirement":
        yield from SATISFACTIONS
    else:
        yield from (Ticks(frozenset({option.id})) for option in question.options)


def band_of(question: Question, share: Decimal) -> ShareBand:
    """The band of a share: its lower end belongs to it, its upper end to the next."""
    return max(
        (band for band in question.bands if band.from_ <= share), key=lambda band: band.from_
    )


def _of(diagnosis: Diagnosis, question: Question, value: Value) -> Fraction:
    if question.kind == "share" and isinstance(value, Decimal):
        return Fraction(band_of(question, value).points)
    if question.kind == "scene" and isinstance(value, int):
        return Fraction(value)
    if question.kind == "direction":
        return Fraction((question.directions or {})[str(value)])  # type: ignore[index]
    if question.kind == "requirement":
        return Fraction((diagnosis.scoring.satisfaction or {})[str(value)])  # type: ignore[index]
    points = {option.id: option.points for option in question.options}
    return Fraction(points[str(value)])


def _ticked(question: Question, ticked: frozenset[str]) -> Fraction:
    total = sum((Fraction(one.points) for one in question.options if one.id in ticked), Fraction(0))
    return total if question.most is None else min(total, Fraction(question.most))
