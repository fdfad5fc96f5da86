"""Totals that are equal by hand are ties, whatever the last digits of their doubles."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sqlglot import exp

from cityforge.brain.city import checks
from cityforge.brain.city.scheme import Scheme
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.evaluation.prepared import Moment, prepare
from cityforge.brain.evaluation.statement import statement

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"
INDICATORS = {"tax": ("tax_paid", 70), "value": ("value_added", 10), "sales": ("revenue", 20)}
AMOUNT = pa.decimal128(18, 4)


def scheme(*ids: str, base: int, ties: list[str]) -> Scheme:
    """A scheme with some of the three indicators, all per mu against one base value."""
    indicators = [
        {"id": name, "title": name, "title_en": name, "expr": f"{INDICATORS[name][0]} / land_mu",
         "unit": "万元/亩", "weight": INDICATORS[name][1], "bases": [{"year": 2020, "value": base}]}
        for name in ids
    ]  # fmt: skip
    evidence = {"source": "设例", "verified": "assumption"}
    part = {"id": "all", "title": "全部", "title_en": "all", "when": "land_mu > 0亩"}
    return Scheme.model_validate(
        {
            "id": "tied",
            "title": "同分",
            "title_en": "Tied",
            "evidence": evidence,
            "population": "land_mu > 0亩",
            "groups": [],
            "parts": [part | {"indicators": indicators}],
            "base": {"method": "fixed"},
            "scoring": {},
            "missing": "group_average_score",
            "ties": ties,
            "grading": {
                "rounding": "half_up",
                "bands": [
                    {"grade": "A", "from": 0, "to": 50},
                    {"grade": "B", "from": 50, "to": 100},
                ],
            },
        }
    )


def ranked(asked: Scheme, figures: list[tuple[int | None, int | None, int | None]]) -> list[Any]:
    """Tax, value added and revenue of each enterprise in; code and total by rank out."""
    _, book = checks.load(LANHE)
    codes = [f"E{i}" for i in range(len(figures))]
    table = pa.table(
        {
            "uscc": codes,
            "name": codes,
            "district": ["qingyu"] * len(codes),
            "industry": ["26"] * len(codes),
            "land_mu": pa.array([Decimal(1)] * len(codes), AMOUNT),
            **{
                fact: pa.array([None if n is None else Decimal(n) for n in column], AMOUNT)
                for (fact, _), column in zip(
                    INDICATORS.values(), zip(*figures, strict=True), strict=True
                )
            },
        }
    )
    query = statement(
        prepare(book, asked), Moment(2024, date(2024, 12, 31), {}), facts=exp.to_table("facts")
    )
    with Engine(threads=1) as engine:
        engine.take("facts", table)
        rows = engine.arrow(query).to_pylist()
    rows.sort(key=lambda row: row["rank"])
    return [(row["uscc"], row["total"]) for row in rows]


def test_sums_that_differ_in_the_last_digit_are_a_tie() -> None:
    """By hand both have 30 points; as doubles 10/3 + 80/3 is a little less than 30."""
    asked = scheme("value", "sales", base=3, ties=["sales"])
    assert 1 / 3 * 10 + 4 / 3 * 20 < 3 / 3 * 10 + 3 / 3 * 20
    order = ranked(asked, [(0, 3, 3), (0, 1, 4)])
    assert order == [("E1", 30.0), ("E0", 30.0)], "the larger revenue per mu breaks the tie"


@pytest.mark.parametrize("amount", [1, 2, 4, 29])
def test_the_average_of_one_score_ties_with_it(amount: int) -> None:
    """Who takes the average of a group of one scored peer has that peer's points, to the digit."""
    order = ranked(scheme("tax", base=3, ties=[]), [(None, 1, 1), (amount, 1, 1)])
    # Equal totals go by the code: the one without data stands first only because of its code.
    assert [code for code, _ in order] == ["E0", "E1"]
    assert order[0][1] == order[1][1] == pytest.approx(70 * amount / 3, abs=1e-9)


def test_parts_and_indicators_whose_names_run_together_are_kept_apart() -> None:
    """Part a with indicator b_c, part a_b with indicator c: each has its own base."""
    asked = scheme("tax", base=1, ties=[])
    tax, sales = (f"{fact} / land_mu" for fact in ("tax_paid", "revenue"))

    def part(name: str, indicator: str, expr: str, when: str) -> dict[str, Any]:
        one = {"id": indicator, "title": indicator, "title_en": indicator, "expr": expr,
               "unit": "万元/亩", "weight": 100}  # fmt: skip
        return {"id": name, "title": name, "title_en": name, "when": when, "indicators": [one]}

    told = asked.model_dump(by_alias=True) | {
        "parts": [
            part("a", "b_c", tax, "value_added < 5万元"),
            part("a_b", "c", sales, "value_added >= 5万元"),
        ],
        "base": {"method": "this_year_mean"},
    }
    order = ranked(Scheme.model_validate(told), [(4, 1, 90), (2, 1, 90), (70, 9, 30), (70, 9, 10)])
    totals = dict(order)
    # Means: tax of the first two 3, sales of the others 20.
    assert totals["E0"] == pytest.approx(400 / 3, abs=1e-9)
    assert totals["E1"] == pytest.approx(200 / 3, abs=1e-9)
    assert (totals["E2"], totals["E3"]) == (150.0, 50.0)
