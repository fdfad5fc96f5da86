"""Which unanswered questions matter most: what an answer to each could settle."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from cityforge.brain.evaluation.diagnosis.answers import Answer, Ticks, Value
from cityforge.brain.evaluation.diagnosis.score import Judged, Result, score
from cityforge.brain.evaluation.diagnosis.worth import values


@dataclass(frozen=True, slots=True)
class Open:
    """A question without an answer.

    levels  by how many levels the answer narrows the range of the level, at best
    width   by how much it narrows the range of the score, at best
    """

    judged: Judged
    levels: int
    width: Fraction


def unanswered(result: Result) -> tuple[Open, ...]:
    """Every open question: first what may settle most levels, then what may move the score most.

    Each is tried with every answer it may get, the others as they stand.
    """
    found = [_open(result, one) for one in result.unanswered]
    return tuple(sorted(found, key=lambda one: (-one.levels, -one.width)))


def _open(result: Result, judged: Judged) -> Open:
    levels, width = 0, Fraction(0)
    for value in _possible(judged):
        given = {**result.answers.given, judged.question.id: Answer(value)}
        tried = score(result.diagnosis, replace(result.answers, given=given))
        span = (result.level.high - result.level.low) - (tried.level.high - tried.level.low)
        levels = max(levels, span)
        width = max(width, result.score.width - tried.score.width)
    return Open(judged, levels, width)


def _possible(judged: Judged) -> Iterator[Value]:
    """The answers it may get; of a multi, none and all of what is open."""
    if judged.question.kind != "multi":
        yield from values(judged.question)
        return
    known = Ticks(open=frozenset(option.id for option in judged.question.options))
    if judged.answer is not None and isinstance(judged.answer.value, Ticks):
        known = judged.answer.value
    yield Ticks(known.ticked)
    yield Ticks(known.ticked | known.open)
