"""The three cheapest sets of improvements that reach the next level, for certain.

Questions without an answer are left at their least: what is proposed reaches the level whatever
they turn out to be. The next level is the one above the least that is certain now.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from cityforge.brain.evaluation.diagnosis.answers import Answer
from cityforge.brain.evaluation.diagnosis.cheapest import Goal, cheapest
from cityforge.brain.evaluation.diagnosis.moves import Improvement, moves
from cityforge.brain.evaluation.diagnosis.score import (
    Judged,
    Part,
    Result,
    counted,
    score,
    weights_of,
)

WANTED = 3


@dataclass(frozen=True, slots=True)
class Way:
    """A set of improvements that together reach the next level, none of which may be left out."""

    improvements: tuple[Improvement, ...]

    @property
    def cost(self) -> Fraction:
        """万元, by the costs that the city set for each class of effort."""
        return sum((one.cost for one in self.improvements), Fraction(0))

    @property
    def steps(self) -> int:
        return sum(one.steps for one in self.improvements)


@dataclass(frozen=True, slots=True)
class Ahead:
    """How to reach the next level.

    level        the next one; None where the top is reached
    ways         the cheapest, first; none where answered questions alone cannot reach it
    is_complete  whether these are proved to be the cheapest
    needs        what is to be gained, by kind: points, scenes, the score of a maturity level
    """

    level: int | None
    ways: tuple[Way, ...]
    is_complete: bool
    needs: tuple["Need", ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that is short of the next level: `points`, `scenes` or `maturity` of a level."""

    kind: str
    level: int
    gap: Fraction


def ahead(result: Result, *, wanted: int = WANTED) -> Ahead:
    """The cheapest ways from the least certain level to the next."""
    levels = result.diagnosis.levels
    if result.level.low >= len(levels):
        return Ahead(None, (), is_complete=True)
    target = result.level.low + 1
    needed = list(_needs(result, target))
    if result.diagnosis.improvement is None:
        return Ahead(target, (), is_complete=False, needs=tuple(need for need, _ in needed))
    found = cheapest([goal for _, goal in needed], wanted)
    return Ahead(
        target,
        tuple(Way(way) for way in found.ways),
        found.is_complete,
        tuple(need for need, _ in needed),
    )


def improved(result: Result, way: Way) -> Result:
    """The questionnaire judged again with the improvements made."""
    given = dict(result.answers.given)
    for one in way.improvements:
        given[one.question.id] = Answer(one.after)
    return score(result.diagnosis, replace(result.answers, given=given))


def _needs(result: Result, target: int) -> Iterator[tuple[Need, Goal[Improvement]]]:
    """What the next level asks, each over questions of its own."""
    start = Fraction(result.diagnosis.levels[target - 1].from_)
    if result.diagnosis.scoring.method == "maturity":
        yield from _maturity(result, start)
    elif result.score.low < start:
        gap = start - result.score.low
        pointed = [one for one in result.questions if one.question.kind != "scene"]
        yield (
            Need("points", target, gap),
            _goal(result, gap, [(one, Fraction(1)) for one in pointed]),
        )
    joined = result.diagnosis.joined
    if joined is None:
        return
    scenes = [one for one in result.questions if counted(result.diagnosis, one.question)]
    lower = [one for one in scenes if one.worth.low < target]
    short = Fraction(joined.scenes - (len(scenes) - len(lower)))
    if short > 0:
        yield Need("scenes", target, short), Goal(short, _to_level(result, lower, target))


def _goal(result: Result, gap: Fraction, rated: list[tuple[Judged, Fraction]]) -> Goal[Improvement]:
    """Questions of which each point of worth adds so much to what is wanted."""
    made = [
        moves(result.diagnosis, one, lambda points, rate=rate: points * rate)  # type: ignore[misc]
        for one, rate in rated
    ]
    return Goal(gap, tuple(each for each in made if each))


def _to_level(
    result: Result, scenes: list[Judged], target: int
) -> tuple[tuple[Improvement, ...], ...]:
    """The one move of each scene that brings it just there: each counts 1."""
    made = [
        [
            one
            for one in moves(result.diagnosis, scene, lambda _: Fraction(1))
            if one.after == target
        ]
        for scene in scenes
    ]
    return tuple(tuple(each) for each in made if each)


def _maturity(result: Result, start: Fraction) -> Iterator[tuple[Need, Goal[Improvement]]]:
    """S reaches `start` where its whole part of levels is satisfied, and the next reaches the
    rest, or is satisfied."""
    at = Fraction(result.diagnosis.scoring.satisfied_at or 1)
    whole = math.floor(start)
    for level in sorted(result.by_level):
        wanted = at if level <= whole else min(start - whole, at) if level == whole + 1 else 0
        gap = wanted - result.by_level[level].low
        if gap > 0:
            rated = list(_rated(result.parts, level, Fraction(1)))
            yield Need("maturity", level, gap), _goal(result, gap, rated)


def _rated(
    parts: tuple[Part, ...], level: int, share: Fraction
) -> Iterator[tuple[Judged, Fraction]]:
    """The requirements of a level, each with its share in the score of the level."""
    those = [part for part in parts if not part.is_cut and level in part.by_level]
    for part, weight in zip(those, weights_of(those), strict=True):
        own = [one for one in part.questions if one.question.level == level]
        for one in own:
            yield one, share * weight / len(own)
        yield from _rated(part.parts, level, share * weight)
