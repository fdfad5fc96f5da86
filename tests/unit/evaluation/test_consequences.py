"""What follows from grades over the years, held to tables written by hand."""

from typing import Any

import pyarrow as pa
import pytest

from cityforge.brain.city.scheme import Scheme
from cityforge.brain.evaluation import consequences

SHOWN = {"source": "设例", "verified": "assumption"}
LAND = {"resource": "land", "says": "x", "says_en": "x", "evidence": SHOWN}
POWER = {
    "resource": "electricity",
    "grades": ["D"],
    "says": "差别电价",
    "says_en": "surcharge",
    "unit": "元/千瓦时",
    "evidence": SHOWN,
}


def scheme(**more: Any) -> Scheme:
    """A scheme with Shandong's surcharge and Yangzhou's rules on land."""
    shandong = [
        {**POWER, "value": "0.05"},
        {**POWER, "value": "0.10", "years": 2},
        {**POWER, "value": "0.15", "years": 3},
    ]
    said = {"says": "x", "says_en": "x", "years": 2}
    yangzhou = [
        {"id": "inefficient_land", "grades": ["D"], **said},
        {"id": "case_by_case", "grades": ["C"], **said},
    ]
    bands = zip("ABCD", (0, 20, 60, 95), (20, 60, 95, 100), strict=True)
    part = {
        "id": "all",
        "title": "全部",
        "title_en": "all",
        "when": "true",
        "indicators": [{"id": "i", "title": "甲", "title_en": "i", "expr": "a", "weight": 100}],
    }
    given = {
        "id": "s",
        "title": "方案",
        "title_en": "scheme",
        "evidence": SHOWN,
        "population": "true",
        "groups": [],
        "parts": [part],
        "missing": "zero",
        "grading": {"bands": [{"grade": g, "from": a, "to": b} for g, a, b in bands]},
        "history": yangzhou,
        "consequences": shandong,
    }
    return Scheme.model_validate(given | more)


def results(**grades: str) -> dict[int, pa.Table]:
    """By year from 2021 on; one letter a year for each code, '-' not rated, ' ' not there."""
    years: dict[int, list[dict[str, Any]]] = {}
    for uscc, letters in grades.items():
        for i, letter in enumerate(letters):
            rows = years.setdefault(2021 + i, [])
            if letter != " ":
                rows.append({"uscc": uscc, "grade": None if letter == "-" else letter})
    shape = pa.schema([("uscc", pa.string()), ("grade", pa.string())])
    return {year: pa.Table.from_pylist(rows, shape) for year, rows in years.items()}


def surcharges(found: consequences.Consequences) -> dict[str, str | None]:
    told = {}
    for row in found.table.to_pylist():
        measures = [m for m in found.measures(row) if m.resource == "electricity"]
        told[row["uscc"]] = str(measures[0].value) if measures else None
    return told


def test_shandong_by_years_in_d() -> None:
    found = consequences.follow(
        scheme(),
        results(
            first="AACD", second="ABDD", third="ADDD", more="DDDD",
            broken="DD-D", absent="D D", up="DDDC",
        ),
    )  # fmt: skip
    # "absent" has three letters only: of 2024 it has no row, so nothing is said of it.
    assert surcharges(found) == {
        "first": "0.05", "second": "0.10", "third": "0.15", "more": "0.15", "broken": "0.05",
        "up": None,
    }  # fmt: skip
    rows = {row["uscc"]: row for row in found.table.to_pylist()}
    assert [rows[u]["years_running"] for u in ("first", "second", "third", "more", "broken")] == [
        1, 2, 3, 4, 1,
    ]  # fmt: skip
    assert (rows["third"]["since"], rows["broken"]["since"], rows["up"]["since"]) == (
        2022, 2024, 2024,
    )  # fmt: skip
    assert {u for u, row in rows.items() if row["maybe_longer"]} == {"more"}


def test_a_year_not_rated_or_not_there_breaks_the_run() -> None:
    found = consequences.follow(scheme(), results(a="D-D", b="D D", c="DDD"))
    assert surcharges(found) == {"a": "0.05", "b": "0.05", "c": "0.15"}
    assert [row["years_running"] for row in found.table.to_pylist()] == [1, 1, 3]


def test_yangzhou_by_two_years() -> None:
    found = consequences.follow(scheme(), results(dd="ADD", cc="BCC", cd="BCD", dc="ADC", aa="CAA"))
    held = {row["uscc"]: [r.id for r in found.rules(row)] for row in found.table.to_pylist()}
    assert held == {
        "dd": ["inefficient_land"],
        "cc": ["case_by_case"],
        "cd": [],
        "dc": [],
        "aa": [],
    }


def test_not_rated_now_has_no_run_no_rule_and_no_measure() -> None:
    found = consequences.follow(scheme(), results(a="DD-"))
    (row,) = found.table.to_pylist()
    assert (row["grade"], row["years_running"], row["since"]) == (None, None, None)
    assert not row["maybe_longer"]
    assert row["rule_inefficient_land"] is False
    assert found.measures(row) == []


def test_what_hangs_on_years_not_known_is_unknown() -> None:
    found = consequences.follow(scheme(), results(d="D", c="C", a="A"))
    rows = {row["uscc"]: row for row in found.table.to_pylist()}
    assert rows["d"]["rule_inefficient_land"] is None
    assert rows["c"]["rule_inefficient_land"] is False
    assert rows["c"]["rule_case_by_case"] is None
    assert surcharges(found)["d"] == "0.05"
    assert [rows[u]["maybe_electricity"] for u in ("d", "c", "a")] == [True, False, False]
    # With two years known, D twice: the rule of two holds, that of three years may.
    two = consequences.follow(scheme(), results(d="DD", e="CD"))
    known = {row["uscc"]: row for row in two.table.to_pylist()}
    assert known["d"]["rule_inefficient_land"] is True
    assert [known[u]["maybe_electricity"] for u in ("d", "e")] == [True, False]


def test_a_rule_over_several_grades_counts_years_in_any_of_them() -> None:
    either = [{"id": "low", "says": "x", "says_en": "x", "grades": ["C", "D"], "years": 3}]
    found = consequences.follow(scheme(history=either), results(a="ACDC", b="CBDC"))
    rows = {row["uscc"]: row for row in found.table.to_pylist()}
    assert rows["a"]["rule_low"] is True and rows["a"]["years_running"] == 1
    assert rows["b"]["rule_low"] is False


def test_each_resource_has_its_line_and_the_most_years_come_first() -> None:
    lines = [
        {**LAND, "grades": ["A"]},
        {**LAND, "grades": ["C", "D"]},
        {**POWER, "value": "0.05"},
        {**POWER, "value": "0.10", "years": 2},
    ]
    found = consequences.follow(scheme(consequences=lines), results(d="DD", a="DA", b="AB"))
    rows = {row["uscc"]: row for row in found.table.to_pylist()}
    told = {u: [(m.resource, m.years) for m in found.measures(row)] for u, row in rows.items()}
    assert told == {"d": [("electricity", 2), ("land", 1)], "a": [("land", 1)], "b": []}


def test_of_lines_of_as_many_years_the_highest_value_counts() -> None:
    lines = [{**POWER, "value": "0.05"}, {**POWER, "value": "0.30"}, {**POWER, "value": "0.20"}]
    found = consequences.follow(scheme(consequences=lines), results(d="D"))
    assert surcharges(found) == {"d": "0.30"}


def test_the_rows_stand_by_credit_code_whatever_their_order_was() -> None:
    years = {
        2023: pa.table({"uscc": ["c", "a", "b"], "grade": ["D", "A", "D"]}),
        2024: pa.table({"uscc": ["b", "c", "a"], "grade": ["D", "C", "D"]}),
    }
    found = consequences.follow(scheme(), years)
    assert found.table["uscc"].to_pylist() == ["a", "b", "c"]
    assert found.table["years_running"].to_pylist() == [1, 2, 1]
    assert found.of("b")["since"] == 2023
    with pytest.raises(KeyError):
        found.of("z")


def test_a_year_left_out_is_refused() -> None:
    table = pa.table({"uscc": ["a"], "grade": ["D"]})
    with pytest.raises(ValueError, match="consecutive"):
        consequences.follow(scheme(), {2021: table, 2023: table})
    with pytest.raises(ValueError, match="consecutive"):
        consequences.follow(scheme(), {})
