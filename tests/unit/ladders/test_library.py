"""Who moved in, up and out of a library between two days, and by which clause."""

from datetime import date

import pytest

from cityforge.brain.ladders import library
from cityforge.brain.ladders.library import Then
from cityforge.brain.ladders.states import State, standings

NOT_HELD = {"register:specialised_provincial": False}
THEN, NOW = date(2024, 9, 30), date(2025, 9, 30)
# Code, facts then (None: not there), facts now, how it moved, its state then, the clauses told.
STORIES = {
    "U1": (NOT_HELD | {"revenue": 100}, NOT_HELD, "in", "not_met", ["revenue"]),
    "U2": (NOT_HELD, {}, "up", "promising", []),
    "U3": (NOT_HELD, NOT_HELD | {"employees": 5}, "out", "promising", ["staff"]),
    "U4": ({}, NOT_HELD | {"employees": 5}, "lost", "held", []),
    "U5": (NOT_HELD, NOT_HELD | {"revenue": 900}, None, "promising", []),
    "U6": (None, NOT_HELD, "in", None, []),
    "U7": (NOT_HELD | {"employees": None}, NOT_HELD, "in", "needs_data", ["staff"]),
    "U8": (None, {}, None, None, []),
    "U9": (NOT_HELD | {"revenue": 900}, NOT_HELD | {"revenue": None}, "out", "opportunity", []),
}


def _standing(town, day: date, which: int):
    rows = [
        {"uscc": code, **story[which]}
        for code, story in STORIES.items()
        if story[which] is not None
    ]
    if which == 1:
        rows.reverse()  # the order of the rows means nothing
    people, climb = town.people(*rows, day=day), town.climb(day)
    return standings(climb, {step.id: people for step in climb.steps}, {})["first"], people


@pytest.fixture(scope="module")
def moved(town):
    then, past = _standing(town, THEN, 0)
    now, people = _standing(town, NOW, 1)
    found = library.moves(now, people, Then(then, past))
    codes = people.table["uscc"].to_pylist()
    return found, {codes[move.row]: move for move in found.listed}


@pytest.mark.parametrize("code", STORIES)
def test_a_move(moved, code: str) -> None:
    _, _, way, before, clauses = STORIES[code]
    move = moved[1].get(code)
    assert (None if move is None else move.way) == way
    if move is not None:
        assert (None if move.before is None else move.before.key) == before
        if clauses:
            assert [one.part.id for one in move.reasons] == clauses


def test_a_reason_has_the_values_then_and_now(moved) -> None:
    (reason,) = moved[1]["U1"].reasons
    assert (reason.before, reason.after) == (False, True)
    assert reason.facts == (("revenue", 100, 6000),)
    (missing,) = moved[1]["U7"].reasons
    assert (missing.before, missing.after, missing.facts) == (
        None,
        True,
        (("employees", None, 300),),
    )


def test_who_stayed_is_counted(moved) -> None:
    found, _ = moved
    assert found.stayed == 1  # U5
    assert {way: len(found.of(way)) for way in ("in", "up", "out", "lost")} == {
        "in": 3, "up": 1, "out": 2, "lost": 1,
    }  # fmt: skip


def test_another_version_of_the_rule_is_said_and_not_taken_for_a_change_of_facts(town) -> None:
    rows = [{"uscc": "A", "rd_expense": 200}]  # 3.3 %: enough until March 2026
    past, climb = town.people(*rows, day=NOW), town.climb(NOW)
    then = standings(climb, {step.id: past for step in climb.steps}, {})["second"]
    later = town.climb(date(2026, 9, 30))
    people = town.people(*rows, day=later.day)
    now = standings(later, {step.id: people for step in later.steps}, {})["second"]
    assert now.states[0] == State.NOT_MET
    (move,) = library.moves(now, people, Then(then, past)).listed
    assert (move.way, move.rule, move.changed) == ("out", True, ())
