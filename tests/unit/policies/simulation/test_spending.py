"""Instalments, budgets and the day the money is spent."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityforge.brain.policies.benefit import first_come, in_instalments, within_budget
from cityforge.brain.policies.fiscal import outcome, spending

DAY = date(2026, 3, 1)


def _years(town, name: str, arrival: str = "even") -> tuple[spending.Year, ...]:
    found = outcome.outcome(town.policies[name], town.people)
    return spending.years(town.policies[name], found.claims, day=DAY, arrival=arrival)


def _claims(town, name: str) -> list[int]:
    rows = town.by_row(town.policies[name])
    return [paid for truth, paid in rows if truth and paid]


def test_instalments_fall_due_year_by_year(town) -> None:
    claims = _claims(town, "phased")
    shares = [Decimal("0.5"), Decimal("0.3"), Decimal("0.2")]
    parts = [in_instalments(claim, shares) for claim in claims]
    found = _years(town, "phased")
    assert [year.year for year in found] == [2026, 2027, 2028]
    assert [year.due for year in found] == [sum(part[i] for part in parts) for i in range(3)]
    assert sum(year.due for year in found) == sum(claims)


@given(
    st.lists(st.integers(0, 2**50), max_size=20),
    st.lists(st.integers(1, 10_000), min_size=1, max_size=5),
)
def test_parts_are_those_of_each_alone(claims: list[int], weights: list[int]) -> None:
    total = sum(weights)
    shares = [(Decimal(one) / total).quantize(Decimal("0.0001")) for one in weights[:-1]]
    shares.append(1 - sum(shares, Decimal(0)))
    found = spending.in_parts(np.array(claims, np.int64), shares)
    alone = [in_instalments(claim, shares) for claim in claims]
    assert [tuple(int(part[i]) for part in found) for i in range(len(claims))] == alone


def test_a_proportional_budget_is_paid_whole(town) -> None:
    claims = _claims(town, "research")
    (found,) = _years(town, "research")
    paid = within_budget(claims, 300_000_000)
    assert found.due == sum(claims) > 300_000_000
    assert (found.paid, found.budget, found.beyond) == (300_000_000, 300_000_000, "proportional")
    assert found.cut == sum(part < claim for part, claim in zip(paid, claims, strict=True))


def test_first_come_is_served_whole_until_the_money_is_gone(town) -> None:
    claims = _claims(town, "choice")
    (found,) = _years(town, "choice")
    paid = first_come(claims, 100_000_100)
    cut = sum(part < claim for part, claim in zip(paid, claims, strict=True))
    assert (found.paid, found.cut) == (100_000_100, cut)
    # 123,500 元 each: of 1,000,001 元 eight are paid whole, the ninth gets the rest.
    assert found.cut == len(claims) - 8


def test_the_days_the_budget_runs_out(town) -> None:
    (found,) = _years(town, "choice")
    assert found.due > 0
    wanted = []
    for share in (7, 9, 10):
        day = next(n for n in range(1, 11) if found.due * n * 10 >= 100_000_100 * share * 10)
        wanted.append(date(2026, 5, day))
    assert list(found.reached) == wanted
    (at_once,) = _years(town, "choice", "first_day")
    assert set(at_once.reached) == {date(2026, 5, 1)}


def test_a_budget_never_reached(town) -> None:
    few = town.over(town.people.table.slice(0, 8))
    (found,) = _years(few, "research")
    assert found.due < 300_000_000
    assert (found.paid, found.cut, found.reached[2]) == (found.due, 0, None)


def test_open_at_any_time_means_the_rest_of_no_other_year(town) -> None:
    assert spending.span(town.policies["research"], DAY) == (date(2026, 1, 1), date(2026, 12, 31))
    assert spending.span(town.of("research", day=date(2025, 6, 1)), date(2025, 6, 1)) == (
        date(2025, 1, 1), date(2025, 12, 31),
    )  # fmt: skip
    assert spending.span(town.policies["choice"], DAY) == (date(2026, 5, 1), date(2026, 5, 10))


@pytest.mark.parametrize("arrival", ["even", "first_day"])
def test_a_budget_of_nothing_is_spent_at_once(arrival: str) -> None:
    found = spending._reached(100, 0, date(2026, 5, 1), date(2026, 5, 9), arrival)
    assert found == date(2026, 5, 1)
