"""The cheapest ways, held against all ways there are."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityforge.brain.evaluation.diagnosis import cheapest as module
from cityforge.brain.evaluation.diagnosis.cheapest import Goal, cheapest


@dataclass(frozen=True)
class Move:
    name: str
    gain: Fraction
    cost: Fraction
    steps: int


def goal(gap: str, *questions: list[tuple[str, str]]) -> Goal[Move]:
    """Questions of moves as (gain, cost), in rising order of both."""
    made = tuple(
        tuple(
            Move(f"{i}.{j}", Fraction(gain), Fraction(cost), j + 1)
            for j, (gain, cost) in enumerate(moves)
        )
        for i, moves in enumerate(questions)
    )
    return Goal(Fraction(gap), made)


def names(goals: list[Goal[Move]], wanted: int = 3) -> list[list[str]]:
    return [[move.name for move in way] for way in cheapest(goals, wanted).ways]


def test_one_step_or_two_whichever_is_cheaper() -> None:
    # 3 by one step for 5, or by two steps of 2 and 1 for 2 + 2.
    one = goal("3", [("3", "5")], [("2", "2")], [("1", "2")])
    assert names([one]) == [["1.0", "2.0"], ["0.0"]]


def test_of_equal_costs_more_gain_then_fewer_steps() -> None:
    one = goal("2", [("2", "4")], [("3", "4")], [("1", "1"), ("3", "4")])
    # 1.0 and 2.1 gain 3 for 4; 2.1 takes two steps; 0.0 gains 2.
    assert names([one]) == [["1.0"], ["2.1"], ["0.0"]]


def test_nothing_to_do_and_too_far() -> None:
    assert cheapest([goal("0", [("1", "1")])], 3).ways == ((),)
    assert cheapest([goal("2", [("1", "1")])], 3).ways == ()


def test_two_goals_are_reached_together() -> None:
    first, second = goal("1", [("1", "3")], [("1", "2")]), goal("2", [("1", "1"), ("2", "7")])
    found = cheapest([first, second], 3)
    assert [sum(move.cost for move in way) for way in found.ways] == [9, 10]
    assert found.is_complete


def test_what_could_be_left_out_is_no_way() -> None:
    # With 1.0 alone the gap is closed: 0.0 beside it is for nothing.
    assert names([goal("1", [("1/2", "1")], [("1", "2")])]) == [["1.0"]]


def test_a_search_cut_short_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    one = goal("30", *[[(str(1 + i % 3), str(1 + i % 5))] for i in range(20)])
    whole = cheapest([one], 3)
    assert whole.is_complete
    monkeypatch.setattr(module, "MOST_LOOKED_AT", 5)
    assert not cheapest([one], 3).is_complete


_NUMBERS = st.sampled_from(["1/3", "1/2", "1", "3/2", "2"]).map(Fraction)


@st.composite
def goals(draw: st.DrawFn) -> Goal[Move]:
    questions = []
    for i in range(draw(st.integers(1, 4))):
        gain = cost = Fraction(0)
        moves = []
        for j in range(draw(st.integers(1, 3))):
            gain, cost = gain + draw(_NUMBERS), cost + draw(_NUMBERS)
            moves.append(Move(f"{i}.{j}", gain, cost, j + 1))
        questions.append(tuple(moves))
    return Goal(draw(_NUMBERS) * draw(st.integers(0, 3)), tuple(questions))


@settings(max_examples=200)
@given(st.lists(goals(), min_size=1, max_size=2))
def test_three_cheapest_of_all_ways(each: list[Goal[Move]]) -> None:
    each = [
        Goal(one.gap, tuple(tuple(Move(f"{i}.{move.name}", move.gain, move.cost, move.steps)
                                  for move in moves) for moves in one.questions))
        for i, one in enumerate(each)
    ]  # fmt: skip
    found = cheapest(each, 3)
    assert [_key(way) for way in found.ways] == [_key(way) for way in _all_ways(each)[:3]]
    assert len(set(found.ways)) == len(found.ways)


def _key(way: tuple[Move, ...]) -> tuple[Fraction, Fraction, int]:
    return (
        sum((move.cost for move in way), Fraction(0)),
        -sum((move.gain for move in way), Fraction(0)),
        sum(move.steps for move in way),
    )


def _all_ways(each: list[Goal[Move]]) -> list[tuple[Move, ...]]:
    """Every set of moves that closes all gaps and has none to spare, by trying all."""
    per_goal = []
    for one in each:
        ways = []
        for chosen in product(*[(None, *moves) for moves in one.questions]):
            if _closes(one, chosen) and not any(
                _closes(one, (*chosen[:i], less, *chosen[i + 1 :]))
                for i, move in enumerate(chosen)
                if move is not None
                for less in (None, *(m for m in one.questions[i] if m.cost < move.cost))
            ):
                ways.append(tuple(move for move in chosen if move is not None))
        per_goal.append(ways)
    joined = [tuple(move for way in ways for move in way) for ways in product(*per_goal)]
    return sorted(joined, key=_key)


def _closes(one: Goal[Move], chosen: tuple[Move | None, ...]) -> bool:
    return sum((move.gain for move in chosen if move is not None), Fraction(0)) >= one.gap
