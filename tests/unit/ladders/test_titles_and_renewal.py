"""Titles: the entry that counts, days left, alerts, and the rule by which each is renewed."""

from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.facts import entries
from cityforge.brain.ladders import one, renewing, titles
from cityforge.brain.ladders.prepared import renewal_rule
from cityforge.brain.rules.row import Row

DAY = date(2025, 9, 30)
REGISTER = "specialised_provincial"
ENTRY = "省级专精特新中小企业"


def _titles(*rows: tuple[str, str, date, date | None]) -> pa.Table:
    names = ("uscc", "register", "recognised_on", "valid_until")
    found = [dict(zip(names, row, strict=True)) for row in rows]
    words, days = ("uscc", "register", "document"), ("recognised_on", "first_on", "valid_until")
    types = [(name, pa.string()) for name in words] + [(name, pa.date32()) for name in days]
    whole = [row | {"first_on": row["recognised_on"], "document": None} for row in found]
    return pa.Table.from_pylist(whole, schema=pa.schema(types))


def _standing(town, tmp_path: Path, *rows: tuple[str, str, date, date | None, date | None]):
    """What counts on the day of entries: code, entry, recognised, valid until, ended."""
    names = ("uscc", "entry", "recognised_on", "valid_until", "ended_on")
    words, days = ("uscc", "entry", "document"), ("recognised_on", "valid_until", "ended_on")
    kinds = [(name, pa.string()) for name in words] + [(name, pa.date32()) for name in days]
    whole = [dict(zip(names, row, strict=True)) | {"document": None} for row in rows]
    with Engine(threads=1, scratch=tmp_path) as engine:
        engine.take("data_honours", pa.Table.from_pylist(whole, schema=pa.schema(kinds)))
        query = entries.standing(town.city, [REGISTER], day=DAY, as_of=DAY)
        return engine.arrow(query).to_pylist()


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        # Three years by the register where the entry states no end.
        ([(date(2023, 5, 1), None, None)], (date(2023, 5, 1), date(2023, 5, 1), date(2026, 5, 1))),
        ([(date(2022, 9, 30), None, None)], (date(2022, 9, 30), date(2022, 9, 30), DAY)),
        ([(date(2022, 9, 29), None, None)], None),
        # A renewal counts; the first day stays.
        (
            [(date(2020, 5, 1), None, None), (date(2023, 5, 1), date(2027, 1, 1), None)],
            (date(2023, 5, 1), date(2020, 5, 1), date(2027, 1, 1)),
        ),
        # Withdrawn, or not recognised yet on the day.
        ([(date(2024, 5, 1), None, DAY)], None),
        (
            [(date(2024, 5, 1), None, DAY + timedelta(1))],
            (date(2024, 5, 1), date(2024, 5, 1), date(2027, 5, 1)),
        ),
        ([(DAY + timedelta(1), None, None)], None),
    ],
)
def test_the_entry_that_counts(town, tmp_path: Path, rows, wanted) -> None:
    found = _standing(town, tmp_path, *(("U", ENTRY, *row) for row in rows))
    told = [(row["recognised_on"], row["first_on"], row["valid_until"]) for row in found]
    assert told == ([] if wanted is None else [wanted])


def test_entries_of_other_registers_are_left_out(town, tmp_path: Path) -> None:
    rows = [
        ("U", "别的荣誉", date(2024, 1, 1), None, None),
        ("A", ENTRY, date(2024, 1, 1), None, None),
    ]
    assert [row["uscc"] for row in _standing(town, tmp_path, *rows)] == ["A"]


@pytest.mark.parametrize(
    ("days", "alert"), [(181, None), (180, 180), (91, 180), (90, 90), (31, 90), (30, 30), (0, 30)]
)
def test_the_alert_that_is_due(town, days: int, alert: int | None) -> None:
    table = _titles(("U", REGISTER, date(2023, 1, 1), DAY + timedelta(days)))
    (title,) = titles.listed(table, REGISTER, day=DAY)
    step = town.climb().step("first")
    assert step is not None
    assert (title.days_left, titles.alerted(title, step).alert) == (days, alert)


def test_days_of_a_title_stand_in_the_row_of_their_enterprise() -> None:
    table = _titles(("B", REGISTER, date(2023, 1, 1), date(2026, 1, 1)), ("C", "other", DAY, None))
    found = titles.until(table, ["A", "B", "C"])
    assert [str(day) for day in found[REGISTER]] == ["NaT", "2026-01-01", "NaT"]
    assert [str(day) for day in found["other"]] == ["NaT", "NaT", "NaT"]


@pytest.mark.parametrize(
    ("until", "start"),
    [
        (date(2025, 12, 31), date(2020, 1, 1)),  # the version in force on its last day
        (date(2026, 6, 30), date(2020, 1, 1)),  # the new rule is in force, renewals follow the old
        (date(2026, 12, 31), date(2020, 1, 1)),
        (date(2027, 1, 1), date(2026, 4, 1)),
    ],
)
def test_the_rule_of_a_renewal(town, until: date, start: date) -> None:
    step = town.climb().step("second")
    rule = renewal_rule(town.city, town.book, step, until=until)
    assert rule is not None and rule.version.from_ == start


def test_a_renewal_asks_neither_for_growth_nor_for_the_rung_beneath(town) -> None:
    step = town.climb().step("second")
    rule = renewal_rule(town.city, town.book, step, until=date(2026, 6, 30))
    asked = [part.id or part.role for part in renewing.renewal_parts(step, rule)]
    assert "growth" not in asked and "base" not in asked and "research" in asked
    row = Row(town.people({"rd_expense": 100}).table.to_pylist()[0], DAY)
    unmet = one.renewal(step, rule, row).unmet
    assert [criterion.part.id for criterion in unmet] == ["research"]


def test_the_list_of_titles_that_run_out(town) -> None:
    """U000 can renew, U001 lacks a fact, U002 falls short, U003 has time."""
    people = town.people(
        {}, {"employees": None, "revenue": 100, "rd_expense": 10}, {"rd_expense": 1}, {}
    )
    soon, late = DAY + timedelta(40), DAY + timedelta(91)
    register = "green_factory_provincial"
    ends = [soon, soon - timedelta(1), soon - timedelta(2), late]
    rows = [(f"U00{i}", register, date(2022, 1, 1), end) for i, end in enumerate(ends)]
    table = _titles(*rows)
    climb = town.climb()
    by_step = {step.id: people for step in climb.steps}
    found = renewing.expiring(town.city, town.book, climb, by_step, table)
    assert [(each.title.uscc, each.title.alert) for each in found] == [
        ("U002", 90), ("U001", 90), ("U000", 90),
    ]  # fmt: skip
    assert [part.id for part in found[0].unmet] == ["research"]
    assert [len(each.unmet) for each in found] == [1, 0, 0]
    assert [len(each.unknown) for each in found] == [0, 1, 0]
