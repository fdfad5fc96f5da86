"""What a policy costs is, row by row, what every enterprise would get; sums are exact."""

from decimal import Decimal
from statistics import median_high, median_low

import numpy as np
import pyarrow as pa
import pytest

from cityforge.brain.policies.fiscal import groupings, simulation
from cityforge.brain.policies.fiscal.outcome import sums
from cityforge.brain.policies.fiscal.simulation import Simulation, Sums
from cityforge.brain.values import size_class
from cityforge.brain.values.quantity import Quantity, unit

NAMES = ["research", "choice", "phased", "topped", "titled", "unpriced"]


def _simulated(town, name: str) -> Simulation:
    sorted_by = groupings.all_of(town.city, town.book, town.people)
    return simulation.simulate(town.policies[name], town.people, groupings=sorted_by)


def _summed(rows: list[tuple[bool | None, int | None]], *, has_money: bool) -> Sums:
    return Sums(
        eligible=sum(truth is True for truth, _ in rows),
        not_yet=sum(truth is False for truth, _ in rows),
        unknown=sum(truth is None for truth, _ in rows),
        total=sum(paid or 0 for truth, paid in rows if truth),
        open=sum(paid or 0 for truth, paid in rows if truth is None),
        unpriced=has_money * sum(paid is None for truth, paid in rows if truth),
        open_unpriced=has_money * sum(paid is None for truth, paid in rows if truth is None),
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_whole_and_every_group_are_sums_of_rows(town, name: str) -> None:
    found = _simulated(town, name)
    rows = town.by_row(town.policies[name])
    assert found.sums == _summed(rows, has_money=found.has_money)
    assert 0 < found.sums.eligible < 400
    table = town.people.table.to_pylist()
    for grouping, of_row in (
        ("district", [row["district"] for row in table]),
        ("industry", [row["industry"] for row in table]),
        ("size", [_size(row) for row in table]),
    ):
        for group in found.groups[grouping]:
            here = [one for one, key in zip(rows, of_row, strict=True) if key == group.key]
            assert group.sums == _summed(here, has_money=found.has_money), group
        counted = sum(group.sums.enterprises for group in found.groups[grouping])
        assert counted == 400


def _size(row: dict[str, object]) -> str | None:
    """The size class by the rule for one enterprise."""
    code = row["industry_code"]
    if code is None or code == "9999":
        return None
    figures = {
        name: Quantity(row[name], unit(symbol))  # type: ignore[arg-type]
        for name, symbol in (("employees", "人"), ("revenue", "万元"))
        if row[name] is not None
    }
    found = size_class.classify(str(code), **figures)
    return None if found is None else found.name.lower()


def test_every_size_class_occurs(town) -> None:
    found = _simulated(town, "unpriced").groups["size"]
    assert all(group.sums.enterprises for group in found)


@pytest.mark.parametrize("name", ["research", "topped", "phased", "choice"])
def test_how_the_money_lies(town, name: str) -> None:
    paid = sorted(
        paid for truth, paid in town.by_row(town.policies[name]) if truth and paid is not None
    )
    found = _simulated(town, name).spread
    assert found is not None
    assert (found.count, found.smallest, found.largest) == (len(paid), paid[0], paid[-1])
    assert found.median == -(-(median_low(paid) + median_high(paid)) // 2)
    assert (found.top_ten, found.total) == (sum(paid[-10:]), sum(paid))
    assert found.top_tenth == sum(paid[-((len(paid) + 9) // 10) :])


def test_the_range_is_what_none_and_all_of_the_unknown_would_cost(town) -> None:
    found = _simulated(town, "research").sums
    rows = town.by_row(town.policies["research"])
    assert found.low == sum(paid or 0 for truth, paid in rows if truth is True)
    assert found.high == sum(paid or 0 for truth, paid in rows if truth is not False)
    assert found.low < found.high


def test_a_title_costs_nothing(town) -> None:
    found = _simulated(town, "titled")
    assert (found.has_money, found.spread, found.years, found.sums.high) == (False, None, (), 0)


def test_without_facts_all_is_unknown(town) -> None:
    bare = town.people.table.select(["uscc", "name", "district"])
    found = _simulated(town.over(bare), "research")
    assert (found.sums.unknown, found.sums.eligible, found.sums.high) == (400, 0, 0)
    assert found.sums.open_unpriced == 400
    assert found.absent == ("above_scale", "employees", "rd_expense", "revenue")
    assert {group.key for group in found.groups["size"] if group.sums.enterprises} == {None}


def test_columns_of_nothing_but_gaps(town) -> None:
    table = town.people.table
    empty = pa.table({name: pa.nulls(400, table.schema.field(name).type) if name != "uscc"
                      else table[name] for name in table.column_names})  # fmt: skip
    found = _simulated(town.over(empty), "research")
    assert (found.sums.unknown, found.absent) == (400, ())


def test_nobody(town) -> None:
    found = _simulated(town.over(town.people.table.slice(0, 0)), "research")
    assert found.sums == Sums()
    assert found.spread is None
    assert [(year.due, year.paid) for year in found.years] == [(0, 0)]


def test_sums_are_exact_beyond_doubles() -> None:
    large = np.array([2**62 + 1, 2**53 + 1, 1, 2**61 + 3], np.int64)
    assert sums(large, np.array([0, 1, 1, 0]), 3) == [2**62 + 2**61 + 4, 2**53 + 2, 0]


def test_amounts_are_whole_fen(town) -> None:
    found = _simulated(town, "phased")
    yuan = Decimal(found.sums.total) / 100
    rows = town.people.table.to_pylist()
    wanted = sum(row["employees"] * Decimal(3333) for row in rows
                 if (row["revenue"] or 0) >= 4000 and row["employees"] is not None)  # fmt: skip
    assert yuan == wanted
