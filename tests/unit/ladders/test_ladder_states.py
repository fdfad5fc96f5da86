"""States of a rung: hand-made enterprises, then every drawn one against a slow plain oracle."""

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
import pytest

from cityforge.brain.ladders.states import State, standings

FIRST, SECOND = "first", "second"
# What an enterprise has, and the state it must be in on a rung.
CASES: dict[str, tuple[str, dict[str, object], State]] = {
    "held": (FIRST, {}, State.HELD),
    "promising": (FIRST, {"register:specialised_provincial": False}, State.PROMISING),
    "manual never decides": (
        FIRST, {"register:specialised_provincial": False, "value_added": 0}, State.PROMISING),
    "awaited unknown is open": (
        FIRST, {"register:specialised_provincial": False, "energy": None}, State.PROMISING),
    "awaited known counts": (
        FIRST, {"register:specialised_provincial": False, "energy": 48}, State.OPPORTUNITY),
    "awaited far": (FIRST, {"register:specialised_provincial": False, "energy": 47}, State.NOT_MET),
    "one gap near": (
        FIRST, {"register:specialised_provincial": False, "revenue": 800}, State.OPPORTUNITY),
    "one gap far": (
        FIRST, {"register:specialised_provincial": False, "revenue": 799.9999}, State.NOT_MET),
    "a switch is near": (
        FIRST, {"register:specialised_provincial": False, "above_scale": False}, State.OPPORTUNITY),
    "three gaps are many": (
        FIRST, {"register:specialised_provincial": False, "above_scale": False, "revenue": 999,
                "employees": 99}, State.NOT_MET),
    "a fact is missing": (
        FIRST, {"register:specialised_provincial": False, "employees": None}, State.NEEDS_DATA),
    "missing beside a near gap": (
        FIRST, {"register:specialised_provincial": False, "employees": None, "revenue": 900},
        State.NEEDS_DATA),
    "missing beside a far gap": (
        FIRST, {"register:specialised_provincial": False, "employees": None, "revenue": 10},
        State.NOT_MET),
    "elsewhere": (
        FIRST, {"register:specialised_provincial": False, "district": "yunping"},
        State.NOT_APPLICABLE),
    "whether held is unknown": (FIRST, {"register:specialised_provincial": None}, State.NEEDS_DATA),
    "higher rung held": (
        FIRST, {"register:specialised_provincial": False,
                "register:green_factory_provincial": True}, State.NOT_APPLICABLE),
    "second promising": (SECOND, {}, State.PROMISING),
    "rung beneath not held": (SECOND, {"register:specialised_provincial": False}, State.NOT_MET),
    "rung beneath unknown": (SECOND, {"register:specialised_provincial": None}, State.NEEDS_DATA),
    "of alternatives the nearest": (
        SECOND, {"revenue": 4000, "revenue[-1]": 3000}, State.OPPORTUNITY),
    "both alternatives far": (SECOND, {"revenue": 3999, "revenue[-1]": 3000}, State.NOT_MET),
    "what never changes is far": (SECOND, {"above_scale": False}, State.NOT_MET),
    "no rule": ("above", {"above_scale": False}, State.UNSPECIFIED),
    "line not for it": ("above", {"above_scale": False, "revenue": 0}, State.NOT_APPLICABLE),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_state(town, name: str) -> None:
    rung, facts, wanted = CASES[name]
    people = town.people(facts)
    climb = town.climb()
    found = standings(climb, {step.id: people for step in climb.steps}, {})
    assert State(int(found[rung].states[0])) is wanted


def test_every_drawn_enterprise_is_where_a_plain_reading_puts_it(town) -> None:
    people, climb = town.crowd(3000), town.climb()
    found = standings(climb, {step.id: people for step in climb.steps}, {})
    seen = set()
    for i, row in enumerate(people.table.to_pylist()):
        for rung, oracle in ((FIRST, _first), (SECOND, _second)):
            wanted = oracle(row)
            assert State(int(found[rung].states[i])) is wanted, (rung, row)
            seen.add((rung, wanted))
    assert len(seen) >= 10


def test_a_title_about_to_run_out_is_expiring(town) -> None:
    people, climb = town.people({}, {}, {}, {}), town.climb()
    ends = np.array(["2026-03-29", "2026-03-30", "NaT", "2025-09-30"], "datetime64[D]")
    found = standings(
        climb, {step.id: people for step in climb.steps}, {"specialised_provincial": ends}
    )[FIRST]
    assert [State(int(one)).key for one in found.states] == ["expiring", "held", "held", "expiring"]


# The oracle: conditions written out again by hand, Kleene logic with None.


def _first(row: Mapping[str, object]) -> State:
    held, above = row["register:specialised_provincial"], row["register:green_factory_provincial"]
    if held is True:
        return State.HELD
    local = None if row["district"] is None else row["district"] == "qingyu"
    if above is True or local is False:
        return State.NOT_APPLICABLE
    gaps = [
        _number(row["revenue"], 1000),
        _number(row["employees"], 100),
        (row["above_scale"], row["above_scale"] is False),
    ]
    points = _number(row["energy"], 60)
    if points[0] is not None:
        gaps.append(points)
    return _counted(gaps, [local, held], most=2)


def _second(row: Mapping[str, object]) -> State:
    held, base = row["register:green_factory_provincial"], row["register:specialised_provincial"]
    if held is True:
        return State.HELD
    if base is False:
        return State.NOT_MET
    revenue, before = row["revenue"], row["revenue[-1]"]
    research = _ratio(row["rd_expense"], revenue)
    rich, big = _number(revenue, 5000), _number(row["employees"], 500)
    either = (
        _or(rich[0], big[0]),
        any(one[0] or (one[0] is False and one[1]) for one in (rich, big)),
    )
    not_idle = (row["above_scale"], False)
    grown: tuple[bool | None, bool] = (None, False)
    if revenue is not None and before is not None:
        wanted = before * Decimal("1.05")
        grown = (revenue >= wanted, wanted != 0 and revenue >= wanted * Decimal("0.8"))
    return _counted([research, either, not_idle, grown], [base, held], most=1)


def _number(value: object, threshold: int) -> tuple[bool | None, bool]:
    """Met, and whether it is near where it is not."""
    if value is None:
        return None, False
    return value >= threshold, value >= Decimal(threshold) * Decimal("0.8")


def _ratio(above: object, below: object) -> tuple[bool | None, bool]:
    if above is None or not below:
        return None, False
    share = float(above) / float(below)
    return share >= 0.03, 0.03 - share <= 0.2 * 0.03


def _or(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001
    if one or other:
        return True
    return None if one is None or other is None else False


def _counted(gaps: list[tuple[bool | None, bool]], others: list[object], *, most: int) -> State:
    failing = [near for met, near in gaps if met is False]
    unknown = sum(met is None for met, _ in gaps) + others.count(None)
    if len(failing) > most or not all(failing):
        return State.NOT_MET
    if unknown:
        return State.NEEDS_DATA
    return State.OPPORTUNITY if failing else State.PROMISING
