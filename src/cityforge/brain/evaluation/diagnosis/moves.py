"""How an answer can be improved: every better answer to a question, with what it costs.

A single is climbed option by option, a share band by band, a scene and a requirement step by step;
options of a multi are added. Each step costs what its class of effort costs.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from cityforge.brain.city.diagnosis import SATISFACTIONS, Diagnosis, Question
from cityforge.brain.evaluation.diagnosis.answers import Ticks, Value
from cityforge.brain.evaluation.diagnosis.score import Judged
from cityforge.brain.evaluation.diagnosis.worth import band_of, worth


@dataclass(frozen=True, slots=True)
class Improvement:
    """One question answered better.

    before, after  the answers; of a share the start of the band
    points         what it adds to the worth of the question
    gain           what it adds to the goal it was made for
    cost           万元
    steps          how many steps it takes
    """

    question: Question
    before: Value
    after: Value
    points: Fraction
    gain: Fraction
    cost: Fraction
    steps: int


Gain = Callable[[Fraction], Fraction]


def moves(diagnosis: Diagnosis, judged: Judged, gain: Gain) -> tuple[Improvement, ...]:
    """Every better answer, cheapest first; one that costs more gives more.

    None for a question that is not answered: where it stands is not known. `gain` turns what a
    move adds to the question into what it adds to the goal.
    """
    answer = judged.answer
    if answer is None or diagnosis.improvement is None:
        return ()
    costs = {one.effort: Fraction(one.cost) for one in diagnosis.improvement.efforts}
    question = judged.question
    if question.kind == "multi":
        assert isinstance(answer.value, Ticks)
        steps = _added(question, answer.value, costs)
    else:
        steps = _climbed(diagnosis, question, answer.value, costs)
    found: list[Improvement] = []
    for after, cost, taken in sorted(steps, key=lambda step: step[1]):
        points = worth(diagnosis, question, after).low - judged.worth.low
        if points > 0 and (not found or points > found[-1].points):
            found.append(
                Improvement(question, answer.value, after, points, gain(points), cost, taken)
            )
    return tuple(found)


_Step = tuple[Value, Fraction, int]


def _climbed(
    diagnosis: Diagnosis, question: Question, value: Value, costs: dict[int, Fraction]
) -> Iterator[_Step]:
    """The answers above, step after step; a step that states no effort ends the climb."""
    ladder, efforts = _ladder(diagnosis, question)
    if isinstance(value, Decimal):
        value = band_of(question, value).from_
    if value not in ladder:
        reached = worth(diagnosis, question, value).low
        value = max(
            (each for each in ladder if worth(diagnosis, question, each).low <= reached),
            key=ladder.index,
        )
    at = ladder.index(value)
    cost, taken = Fraction(0), 0
    for after, effort in zip(ladder[at + 1 :], efforts[at + 1 :], strict=True):
        if effort is None:
            return
        cost, taken = cost + costs[effort], taken + 1
        yield after, cost, taken


def _ladder(
    diagnosis: Diagnosis, question: Question
) -> tuple[Sequence[Value], Sequence[int | None]]:
    """The answers from the least worth to the most, and the effort to reach each."""
    own = question.effort
    if question.kind == "single":
        options = question.options
        return [one.id for one in options], [one.effort or own for one in options]
    if question.kind == "share":
        bands = sorted(question.bands, key=lambda band: (band.points, band.from_))
        return [band.from_ for band in bands], [own] * len(bands)
    if question.kind == "direction":
        worth_of = question.directions or {}
        return sorted(worth_of, key=lambda name: worth_of[name]), [own] * len(worth_of)
    if question.kind == "scene":
        levels = diagnosis.scenes
        return [0, *(one.level for one in levels)], [own, *(one.effort or own for one in levels)]
    worth_of_each = diagnosis.scoring.satisfaction or {}
    # Of answers that count the same, the lowest: a step is one that adds something.
    rungs = [
        answer
        for i, answer in enumerate(SATISFACTIONS)
        if not i or worth_of_each[answer] > worth_of_each[SATISFACTIONS[i - 1]]
    ]
    return list(rungs), [own] * len(rungs)


def _added(question: Question, value: Ticks, costs: dict[int, Fraction]) -> Iterator[_Step]:
    """For each cost the options to add that give most; open ones are left as they are."""
    efforts = {one.id: one.effort or question.effort for one in question.options}
    free = [
        one
        for one in question.options
        if one.id not in value.ticked | value.open and efforts[one.id] is not None
    ]
    best: dict[Fraction, tuple[Fraction, tuple[str, ...]]] = {Fraction(0): (Fraction(0), ())}
    for option in free:
        for cost, (points, chosen) in list(best.items()):
            effort = efforts[option.id]
            assert effort is not None
            sum_ = cost + costs[effort]
            made = points + Fraction(option.points)
            if sum_ not in best or made > best[sum_][0]:
                best[sum_] = (made, (*chosen, option.id))
    for cost, (_, chosen) in best.items():
        if chosen:
            yield Ticks(value.ticked | frozenset(chosen), value.open), cost, len(chosen)
