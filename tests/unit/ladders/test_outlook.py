"""Next year by trend: numbers worked out by hand, and what must stay as it is."""

from datetime import date
from decimal import Decimal

import pytest

from cityforge.brain.city.ladder import Trend
from cityforge.brain.ladders import counts, outlook
from cityforge.brain.ladders.states import standings

EVIDENCE = {"source": "设例", "verified": "assumption"}


def _trend(method: str, most: str = "50%") -> Trend:
    return Trend.model_validate({"method": method, "most": most, "evidence": EVIDENCE})


def _projected(town, trend: Trend, *rows: dict[str, object]):
    reads = town.climb(outlook.next_day(town.climb().day)).reads
    return outlook.project(town.city, town.book, town.people(*rows), reads, trend, {})


@pytest.mark.parametrize(
    ("method", "most", "years", "wanted"),
    [
        ("linear", "50%", (140, 120, 100), 160),  # +20 a year
        ("linear", "50%", (140, 999, 100), 160),  # the mean of two steps sees the ends alone
        ("linear", "10%", (140, 120, 100), 154),  # at most a tenth of 140
        ("linear", "50%", (100, 200, 300), 50),  # -100 a year, held to -50 %
        ("linear", "50%", (140, 120, None), 160),  # one step is all there is
        ("linear", "50%", (140, None, 100), 160),  # the step over two years, halved
        ("linear", "50%", (140, None, None), None),
        ("linear", "50%", (None, 120, 100), None),
        ("linear", "50%", (0, 10, 20), 0),  # half of nothing
        ("compound", "50%", (144, 120, 100), 172.8),  # 20 % a year
        ("compound", "10%", (144, 120, 100), 158.4),
        ("compound", "50%", (120, 100, None), 144),
        ("compound", "50%", (140, 120, 0), 210),  # no rate from nothing: +70 a year, which is 50 %
    ],
)
def test_a_number_moves_on(town, method: str, most: str, years: tuple, wanted) -> None:
    row = dict(zip(("revenue", "revenue[-1]", "revenue[-2]"), years, strict=True))
    found = _projected(town, _trend(method, most), row)
    value = found.population.table["revenue"].to_pylist()[0]
    assert value == (None if wanted is None else Decimal(str(wanted)).quantize(Decimal("0.0001")))


def test_the_years_move_up_and_the_rest_stays(town) -> None:
    found = _projected(town, _trend("linear"), {})
    row = found.population.table.to_pylist()[0]
    assert found.population.day == date(2026, 9, 30)
    assert (row["revenue"], row["revenue[-1]"], row["revenue[-2]"]) == (7000, 6000, 5000)
    assert row["above_scale"] is True and row["register:specialised_provincial"] is True
    assert row["district"] == "qingyu"


def test_who_has_no_trend_is_counted(town) -> None:
    rows = [{}, {"revenue[-1]": None, "revenue[-2]": None}, {"revenue": None}]
    assert _projected(town, _trend("linear"), *rows).without["revenue"] == 1


def test_numbers_stay_within_their_contract(town) -> None:
    row = {"employees": 10, "employees[-1]": 400, "employees[-2]": 800}
    found = _projected(town, _trend("linear", "500%"), row)
    assert found.population.table["employees"].to_pylist() == [0]


def test_derived_facts_are_worked_out_anew(town) -> None:
    """land_mu, a derived fact of the city, follows its parts; it is not carried on by itself."""
    fact = town.book.facts["land_mu"]
    assert fact.expression is not None
    base = town.people({})
    import pyarrow as pa

    land = {"land_owned": 20_000, "land_owned[-1]": 10_000, "land_owned[-2]": 0, "land_mu": 1}
    made = base.table
    for name, number in land.items():
        made = made.append_column(name, pa.array([Decimal(number)], pa.decimal128(18, 2)))
    people = type(base).of(made, day=base.day)
    from cityforge.brain.expr import check

    typed = check.read("land_mu > 1亩", town.book.scope)
    found = outlook.project(town.city, town.book, people, [typed], _trend("linear", "100%"), {})
    row = found.population.table.to_pylist()[0]
    assert row["land_owned"] == 30_000
    assert row["land_mu"] == pytest.approx(Decimal(45), rel=Decimal("0.001"))  # 30,000 ㎡


@pytest.mark.parametrize(
    ("day", "after", "earlier"),
    [
        (date(2025, 9, 30), date(2026, 9, 30), date(2024, 9, 30)),
        (date(2024, 2, 29), date(2025, 2, 28), date(2023, 2, 28)),
    ],
)
def test_a_year_on_and_a_year_back(day: date, after: date, earlier: date) -> None:
    assert (outlook.next_day(day), outlook.day_before(day)) == (after, earlier)


def test_rules_alone_and_facts_and_rules_are_told_apart(town) -> None:
    """The second rung asks 3 % until March 2026, then 5 %."""
    people = town.people(
        {"rd_expense": 200, "rd_expense[-1]": 200, "rd_expense[-2]": 200},  # 3.3 %: only the old
        {"rd_expense": 300},  # 5 %, and rising to 350 of 7000: 5 %
        {"rd_expense": 250, "rd_expense[-1]": 150, "rd_expense[-2]": 50},  # 4.2 %, to 350: 5 %
        {"rd_expense": None},
    )
    now = town.climb()
    ahead = town.climb(outlook.next_day(now.day))
    moved = outlook.project(town.city, town.book, people, ahead.reads, _trend("linear"), {})

    def second(climb, population):
        return standings(climb, {step.id: population for step in climb.steps}, {})["second"]

    found = counts.outlook(
        second(now, people), second(ahead, people), second(ahead, moved.population)
    )
    assert (found.now, found.by_rule, found.next_year) == (3, 1, 2)
    assert (found.gained, found.lost, found.open, found.rule_changes) == (0, 1, 1, True)


def test_what_history_a_ladder_asks(town) -> None:
    asked = outlook.history(town.book, town.climb().reads)
    assert {("revenue", -1), ("revenue", -2), ("rd_expense", -2), ("employees", -1)} <= asked
    assert not any(name == "above_scale" for name, _ in asked)
