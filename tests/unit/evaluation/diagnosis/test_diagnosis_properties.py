"""What holds of every questionnaire: answers only narrow, improvements are the cheapest."""

import importlib.util
from fractions import Fraction
from itertools import product
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from cityforge.brain.city.diagnosis import Diagnosis, Question
from cityforge.brain.city.diagnosis_checks import questions_of
from cityforge.brain.evaluation.diagnosis.answers import Answer, Answers, Ticks, Value
from cityforge.brain.evaluation.diagnosis.improve import ahead, improved
from cityforge.brain.evaluation.diagnosis.matter import unanswered
from cityforge.brain.evaluation.diagnosis.score import Result, score
from cityforge.brain.evaluation.diagnosis.worth import worth

_spec = importlib.util.spec_from_file_location("made", Path(__file__).with_name("made.py"))
assert _spec is not None and _spec.loader is not None
made = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(made)

DIAGNOSES = st.one_of(made.pointed(), made.mature())


@st.composite
def answered(draw: st.DrawFn, *, missing: bool = True) -> tuple[Diagnosis, dict[str, Answer]]:
    diagnosis = draw(DIAGNOSES)
    return diagnosis, draw(made.answers(diagnosis, missing=missing))


def judge(diagnosis: Diagnosis, given_: dict[str, Answer]) -> Result:
    return score(diagnosis, Answers(diagnosis.id, given=given_))


@given(answered(), st.data())
def test_an_answer_more_narrows_the_range_and_moves_no_known_level(
    found: tuple[Diagnosis, dict[str, Answer]], data: st.DataObject
) -> None:
    diagnosis, given_ = found
    before = judge(diagnosis, given_)
    for judged in before.unanswered:
        value = data.draw(st.sampled_from(made.every_answer(judged.question)))
        after = judge(diagnosis, {**given_, judged.question.id: Answer(value)})
        assert before.score.low <= after.score.low <= after.score.high <= before.score.high
        assert before.level.low <= after.level.low <= after.level.high <= before.level.high
        if before.level.known is not None:
            assert after.level == before.level


@given(answered())
def test_the_ends_of_a_range_are_reached_by_some_answers(
    found: tuple[Diagnosis, dict[str, Answer]],
) -> None:
    diagnosis, given_ = found
    result = judge(diagnosis, given_)
    for end in ("low", "high"):
        best = {
            one.question.id: Answer(
                max(
                    made.every_answer(one.question),
                    key=lambda value, one=one: (  # type: ignore[misc]
                        worth(diagnosis, one.question, value).low * (1 if end == "high" else -1)
                    ),
                )
            )
            for one in result.unanswered
        }
        whole = judge(diagnosis, {**given_, **best})
        assert whole.score.low == whole.score.high == getattr(result.score, end)
        assert whole.level.known == getattr(result.level, end)


@given(answered())
def test_what_matters_most_comes_first_and_all_is_told(
    found: tuple[Diagnosis, dict[str, Answer]],
) -> None:
    diagnosis, given_ = found
    result = judge(diagnosis, given_)
    told = unanswered(result)
    assert {one.judged.question.id for one in told} == {
        one.question.id for one in result.unanswered
    }
    weights = [(one.levels, one.share) for one in told]
    assert weights == sorted(weights, reverse=True)


@settings(max_examples=150)
@given(answered())
def test_no_way_is_cheaper_and_every_way_reaches_the_level(
    found: tuple[Diagnosis, dict[str, Answer]],
) -> None:
    diagnosis, given_ = found
    result = judge(diagnosis, given_)
    told = ahead(result)
    if told.level is None:
        assert result.level.low == len(diagnosis.levels)
        return
    costs = _enumerated(result, told.level)
    assert told.is_complete
    assert bool(told.ways) == bool(costs)
    if not costs:
        return
    assert told.ways[0].cost == min(costs)
    assert [way.cost for way in told.ways] == sorted(way.cost for way in told.ways)
    for way in told.ways:
        after = improved(result, way)
        assert after.level.low >= told.level
        assert after.score.low >= result.score.low
        # Without any one of its improvements it does not reach the level.
        for left_out in way.improvements:
            given_less = {
                **given_,
                **{one.question.id: Answer(one.after)
                   for one in way.improvements if one is not left_out},
            }  # fmt: skip
            assert judge(diagnosis, given_less).level.low < told.level


def _enumerated(result: Result, target: int) -> list[Fraction]:
    """The costs of all sets of answers that reach a level for certain, by trying every one."""
    diagnosis = result.diagnosis
    asked = [question for _, question in questions_of(diagnosis)
             if question.id in result.answers.given]  # fmt: skip
    choices = []
    for question in asked:
        before = result.answers.given[question.id].value
        priced = [
            (value, _price(diagnosis, question, before, value))
            for value in made.every_answer(question)
        ]
        choices.append([(value, price) for value, price in priced if price is not None])
    costs = []
    for chosen in product(*choices):
        given_ = {
            **result.answers.given,
            **{q.id: Answer(value) for q, (value, _) in zip(asked, chosen, strict=True)},
        }
        if judge(diagnosis, given_).level.low >= target:
            costs.append(sum((price for _, price in chosen), Fraction(0)))
    return costs


def _price(
    diagnosis: Diagnosis, question: Question, before: Value, after: Value
) -> Fraction | None:
    """What it costs to come from one answer to another, step by step; None where one cannot."""
    costs = {effort: Fraction(cost) for effort, cost in made.COSTS.items()}
    if before == after:
        return Fraction(0)
    if isinstance(before, Ticks) and isinstance(after, Ticks):
        if not before.ticked <= after.ticked:
            return None
        efforts = [
            one.effort or question.effort
            for one in question.options
            if one.id in after.ticked - before.ticked
        ]
    else:
        order = made.every_answer(question)
        if question.kind in ("share", "direction"):
            order = sorted(order, key=lambda value: worth(diagnosis, question, value).low)
            order = _as_they_stand(question, order)
        start, end = order.index(before), order.index(after)
        if end < start:
            return None
        efforts = [_effort(diagnosis, question, value) for value in order[start + 1 : end + 1]]
    if None in efforts:
        return None
    return sum((costs[effort] for effort in efforts if effort), Fraction(0))


def _as_they_stand(question: Question, order: list[Value]) -> list[Value]:
    """Directions of equal worth in the order of the file: a step from one to the other counts."""
    if question.kind != "direction":
        return order
    worths = question.directions or {}
    return sorted(worths, key=lambda name: worths[name])


def _effort(diagnosis: Diagnosis, question: Question, value: Value) -> int | None:
    if question.kind == "single":
        return next(one.effort for one in question.options if one.id == value) or question.effort
    if question.kind == "scene":
        levels = {one.level: one.effort for one in diagnosis.scenes}
        return levels[int(str(value))] or question.effort
    return question.effort
