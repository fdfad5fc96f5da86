"""Which unanswered questions matter most: what an answer to each could settle."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from cityforge.brain.evaluation.diagnosis.answers import Answer, Ticks, Value
from cityforge.brain.evaluation.diagnosis.score import Judged, Result, counted, score
from cityforge.brain.evaluation.diagnosis.worth import values


@dataclass(frozen=True, slots=True)
class Open:
    """A question without an answer.

    levels  by how many levels the answer narrows the range of the level, at best
    width   by how much it narrows the range of the score, at best
    scenes  of a scene that counts for the level by scenes, among how many; else 0
    share   the same as a share of the whole score, or of those scenes
    """

    judged: Judged
    levels: int
    width: Fraction
    scenes: int
    share: Fraction


def unanswered(result: Result) -> tuple[Open, ...]:
    """Every open question: first what may settle most levels, then what is the largest share of
    the score, or of the scenes that count.

    Each is tried with every answer it may get, the others as they stand.
    """
    scenes = sum(counted(result.diagnosis, one.question) for one in result.questions)
    found = [_open(result, one, scenes) for one in result.unanswered]
    return tuple(sorted(found, key=lambda one: (-one.levels, -one.share)))


def _open(result: Result, judged: Judged, scenes: int) -> Open:
    levels, width = 0, Fraction(0)
    for value in _possible(judged):
        given = {**result.answers.given, judged.question.id: Answer(value)}
        tried = score(result.diagnosis, replace(result.answers, given=given))
        span = (result.level.high - result.level.low) - (tried.level.high - tried.level.low)
        levels = max(levels, span)
        width = max(width, result.score.width - tried.score.width)
    if counted(result.diagnosis, judged.question):
        return Open(judged, levels, width, scenes, Fraction(1, scenes))
    top = result.diagnosis.scoring.total or len(result.diagnosis.levels)
    return Open(judged, levels, width, 0, width / Fraction(top))


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
