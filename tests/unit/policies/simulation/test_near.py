"""Near misses: those that fail one clause alone, as judging every row would find them."""

import pytest

from cityforge.brain.policies.candidates import near as near_misses
from cityforge.brain.policies.candidates.near import Near
from cityforge.brain.policies.check_up.check_up import cannot
from cityforge.brain.policies.fiscal import outcome
from cityforge.brain.rules.judging import judge
from cityforge.brain.rules.row import Row


def _near(town, name: str, **more: int) -> Near:
    found = outcome.outcome(town.policies[name], town.people)
    return near_misses.near(found, town.people, **more)


def _by_row(town, name: str):
    """Of every row: the findings of the clauses that must all hold."""
    condition = town.policies[name].condition
    parts = condition.parts if condition.clause.all is not None else (condition,)
    for values in town.people.table.to_pylist():
        yield [judge(part, Row(values, town.people.day)) for part in parts]


@pytest.mark.parametrize("name", ["research", "choice", "phased"])
def test_as_judging_everyone(town, name: str) -> None:
    found = _near(town, name, most=400, judged=400)
    wanted = {}
    for row, findings in enumerate(_by_row(town, name)):
        failing = [one for one in findings if one.truth is False]
        if len(failing) == 1 and all(one.truth for one in findings if one.truth is not False):
            wanted[row] = failing[0]
    assert found.single == len(wanted) > 10
    assert {miss.row: miss.finding for miss in found.misses} == {
        row: finding for row, finding in wanted.items() if not cannot(finding)
    }


@pytest.mark.parametrize("name", ["research", "choice"])
def test_hurdles_count_every_clause(town, name: str) -> None:
    found = _near(town, name)
    every = list(_by_row(town, name))
    for number, hurdle in enumerate(found.hurdles):
        own = [findings[number].truth for findings in every]
        assert hurdle.failing == own.count(False)
        assert hurdle.unknown == own.count(None)
        assert hurdle.alone == sum(
            findings[number].truth is False
            and all(one.truth for i, one in enumerate(findings) if i != number)
            for findings in every
        )
    assert sum(hurdle.alone for hurdle in found.hurdles) == found.single


def test_nearest_first(town) -> None:
    found = _near(town, "research", most=400, judged=400)
    order = [
        (miss.finding.effort, float("inf") if miss.relative is None else miss.relative)
        for miss in found.misses
    ]
    assert order == sorted(order)
    assert order[0][1] < order[-1][1]


def test_only_the_nearest_are_judged(town) -> None:
    every = _near(town, "phased", most=400, judged=400)
    few = _near(town, "phased", judged=5)
    assert (few.judged, len(few.misses)) == (5, 5)
    assert few.single == every.single
    assert [miss.row for miss in few.misses] == [miss.row for miss in every.misses[:5]]


def test_how_far_and_what_for(town) -> None:
    miss = _near(town, "phased").misses[0]
    rows = town.people.table.to_pylist()
    (shortfall,) = miss.finding.shortfalls
    assert shortfall.difference is not None
    assert shortfall.difference.number == 4000 - rows[miss.row]["revenue"]
    nearest = max(row["revenue"] for row in rows if row["revenue"] is not None
                  and row["revenue"] < 4000)  # fmt: skip
    assert rows[miss.row]["revenue"] == nearest
    assert miss.fen == town.by_row(town.policies["phased"])[miss.row][1]


def test_another_place_is_no_near_miss(town) -> None:
    policy = town.city.policies["phased"].model_copy(update={"districts": ["qingyu"]})
    town.city.policies["phased_here"] = policy
    try:
        prepared = town.of("phased_here")
    finally:
        del town.city.policies["phased_here"]
    found = near_misses.near(outcome.outcome(prepared, town.people), town.people)
    assert {miss.district for miss in found.misses} == {"qingyu"}
    assert found.hurdles[0].alone > 0


def test_nobody_and_nothing_known(town) -> None:
    assert _near(town.over(town.people.table.slice(0, 0)), "research").misses == ()
    bare = _near(town.over(town.people.table.select(["uscc"])), "research")
    assert (bare.misses, bare.single) == ((), 0)
    assert [hurdle.unknown for hurdle in bare.hurdles] == [400, 400, 400]
