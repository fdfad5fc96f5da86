"""A term at several values: the values exact, each point as a version of its own."""

import pytest

from cityforge.brain.errors import ProblemsFound, RunRefused, ValueRefused
from cityforge.brain.policies.fiscal import comparison, simulation
from cityforge.brain.policies.fiscal import sweep as sweeps
from cityforge.brain.policies.fiscal.sweep import Sweep


def _swept(town, name: str, term: str, *values: str) -> Sweep:
    variants = [(value, town.of(name, **{term: value})) for value in values]
    return sweeps.sweep(town.policies[name], term, variants, town.people)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2%..4%:0.5%", ["2%", "2.5%", "3%", "3.5%", "4%"]),
        ("0.1%..0.5%:0.1%", ["0.1%", "0.2%", "0.3%", "0.4%", "0.5%"]),
        ("4%..3%:-0.5%", ["4%", "3.5%", "3%"]),
        ("10万元..50万元:200000元", ["10万元", "30万元", "50万元"]),
        ("1年..4年:2年", ["1年", "3年"]),
        ("3%", ["3%"]),
        ("3%, 2%，5万元", ["3%", "2%", "5万元"]),
        ("1000000..1000002:1", ["1000000", "1000001", "1000002"]),
    ],
)
def test_values_are_exact_steps(text: str, values: list[str]) -> None:
    assert list(sweeps.values(text)) == values


@pytest.mark.parametrize(
    "text",
    ["2%..4%", "2%..4%:0%", "2%..4%:-1%", "2%..4万元:1%", "2%..4%:x", "3%,,4%", "0..1:0.0001", ""],
)
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(ValueRefused):
        sweeps.values(text)


def test_every_point_is_the_policy_with_that_value(town) -> None:
    found = _swept(town, "research", "share", "2%", "3%", "5%")
    assert (found.term, found.stands) == ("share", "3%")
    for point in found.points:
        variant = town.of("research", share=point.value)
        assert point.sums == simulation.simulate(variant, town.people).sums
        compared = comparison.compare(town.policies["research"], variant, town.people)
        assert point.changes == compared.changes
        assert point.difference == compared.difference
    assert found.points[1].difference == 0
    assert found.points[1].sums == found.present


def test_a_rising_threshold_never_lets_in(town) -> None:
    values = sweeps.values("0%..10%:0.5%")
    found = _swept(town, "research", "share", *values)
    counts = [point.sums.eligible for point in found.points]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]
    assert found.points[0].entered is None
    for before, point in zip(found.points, found.points[1:], strict=False):
        assert point.entered == 0
        assert point.left == before.sums.eligible - point.sums.eligible
    # Who is unknown stays so: a threshold tells nothing about a missing fact.
    assert all(point.sums.enterprises == 400 for point in found.points)


def test_a_rising_cap_never_costs_less(town) -> None:
    found = _swept(town, "research", "cap", *sweeps.values("5万元..80万元:5万元"))
    totals = [point.sums.total for point in found.points]
    assert totals == sorted(totals)
    assert totals[0] < totals[-1]
    assert {point.sums.eligible for point in found.points} == {found.present.eligible}


def test_terms_that_are_not_there_are_refused(town) -> None:
    policy = town.city.policies["research"]
    with pytest.raises(RunRefused, match="it has: share, cap"):
        sweeps.with_terms(town.city, town.book, policy, day=town.people.day, terms={"rate": "1%"})
    with pytest.raises(ProblemsFound) as refused:
        sweeps.with_terms(town.city, town.book, policy, day=town.people.day, terms={"share": "5亩"})
    with pytest.raises(RunRefused, match="No version"):
        sweeps.with_terms(
            town.city, town.book, policy, day=town.people.day.replace(year=2020), terms={}
        )
    assert refused.value.problems[0].file == "research (share=5亩)"


@pytest.mark.parametrize("value", ["revenue", "rd_expense / revenue", "p.cap", "3%%", "holds('x')"])
def test_a_term_rests_on_no_fact(town, value: str) -> None:
    policy = town.city.policies["research"]
    with pytest.raises(ProblemsFound):
        sweeps.with_terms(town.city, town.book, policy, day=town.people.day, terms={"share": value})
