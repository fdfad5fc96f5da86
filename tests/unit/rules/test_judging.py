"""Met, not met and how far, unknown and what is lacking: by hand, clause by clause."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cityforge.brain.city import checks
from cityforge.brain.city.clause import Clause
from cityforge.brain.expr import check
from cityforge.brain.expr.types import Kind
from cityforge.brain.rules import conditions
from cityforge.brain.rules.conditions import Condition
from cityforge.brain.rules.judging import Finding, judge
from cityforge.brain.rules.row import Row

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"
_, BOOK = checks.load(LANHE)
DERIVED = {name: fact.expression for name, fact in BOOK.facts.items() if fact.expression}
GIVEN: dict[str, object] = {
    "revenue": Decimal(4000),  # 万元
    "rd_expense": Decimal(100),  # 万元: 2.5 % of revenue
    "employees": Decimal(50),
    "land_owned": Decimal(20000),  # ㎡: 30 mu
    "tax_paid": Decimal(240),
    "above_scale": True,
    "district": "qingyu",
    "industry": "26",
    "register:specialised_provincial": False,
    "register:green_factory_provincial": None,
}


def _condition(clause: dict[str, Any]) -> Condition:
    found = conditions.read(
        Clause.model_validate(clause),
        lambda text, _: check.read(text, BOOK.scope, expect=Kind.BOOL),
    )
    assert found is not None
    return found


def _expression(text: str, **more: Any) -> dict[str, Any]:
    return {"id": "it", "says": "条件", "expr": text} | more


def _judged(clause: dict[str, Any], **facts: object) -> Finding:
    return judge(_condition(clause), Row(GIVEN | facts, day=date(2026, 1, 1), derived=DERIVED))


@pytest.mark.parametrize(
    ("text", "value", "threshold", "difference", "unit", "direction"),
    [
        ("revenue >= 5000万元", 4000, 5000, 1000, "万元", "more"),
        ("revenue >= 1亿元", 4000, 10000, 6000, "万元", "more"),
        ("5000万元 <= revenue", 4000, 5000, 1000, "万元", "more"),
        ("revenue < 4000万元", 4000, 4000, 0, "万元", "less"),
        ("employees <= 30人", 50, 30, 20, "人", "less"),
        ("not (employees > 30人)", 50, 30, 20, "人", "less"),
        ("employees = 51人", 50, 51, 1, "人", "same"),
        ("land_mu <= 10亩", 30, 10, 20, "亩", "less"),
    ],
)
def test_distance_in_the_units_of_the_fact(
    text: str, value: int, threshold: int, difference: int, unit: str, direction: str
) -> None:
    finding = _judged(_expression(text), land_mu=Decimal(30))
    assert finding.truth is False
    (found,) = finding.shortfalls
    assert found.value is not None
    assert found.threshold is not None
    assert found.difference is not None
    numbers = (found.value.number, found.threshold.number, found.difference.number)
    assert numbers == (value, threshold, difference)
    assert {found.value.unit.symbol, found.difference.unit.symbol} == {unit}
    assert found.direction == direction


def test_a_share_is_told_in_percent_and_in_money() -> None:
    finding = _judged(_expression("rd_expense / revenue >= 3%"))
    (found,) = finding.shortfalls
    assert found.value is not None
    assert found.difference is not None
    assert found.value.unit.symbol == "%"
    assert float(found.value.number) == pytest.approx(2.5)
    assert float(found.difference.number) == pytest.approx(0.5)
    # 3 % of 4,000 is 120: 20 more than the 100 spent.
    assert found.in_part is not None
    column, gap = found.in_part
    assert (column, gap.unit.symbol) == ("rd_expense", "万元")
    assert float(gap.number) == pytest.approx(20)


def test_whether_the_threshold_itself_would_do() -> None:
    strict = {
        text: _judged(_expression(text)).shortfalls[0].strict
        for text in ("revenue > 5000万元", "revenue >= 5000万元", "not (revenue <= 5000万元)")
    }
    assert list(strict.values()) == [True, False, True]


def test_of_alternatives_the_nearest_is_told() -> None:
    finding = _judged(_expression("revenue >= 8000万元 or employees >= 55人"))
    (found,) = finding.shortfalls
    assert found.columns == ("employees",)
    both = _judged(_expression("revenue >= 8000万元 and employees >= 55人"))
    assert [one.columns for one in both.shortfalls] == [("revenue",), ("employees",)]


def test_what_is_no_number_has_no_distance() -> None:
    (found,) = _judged(_expression("holds('specialised_provincial')")).shortfalls
    assert (found.columns, found.difference, found.direction) == (
        ("register:specialised_provincial",),
        None,
        "other",
    )


@pytest.mark.parametrize(
    ("text", "missing", "lacking"),
    [
        ("revenue >= 5000万元", ["revenue"], ("revenue",)),
        ("revenue >= 5000万元 or above_scale", ["revenue"], ()),
        ("revenue >= 5000万元 and not above_scale", ["revenue"], ()),
        ("revenue >= 5000万元 and above_scale", ["revenue"], ("revenue",)),
        ("rd_expense / revenue >= 3%", ["revenue", "rd_expense"], ("rd_expense", "revenue")),
        # A derived fact lacks what it rests on.
        ("tax_paid / land_mu >= 5万元/亩", ["land_mu", "land_owned"], ("land_owned",)),
        (
            "holds('green_factory_provincial')",
            [],
            ("register:green_factory_provincial",),
        ),
        (
            "case when above_scale then revenue >= 1万元 else employees >= 9人 end",
            ["revenue", "employees"],
            ("revenue",),
        ),
        ("coalesce(revenue, tax_paid) >= 1万元", ["revenue", "tax_paid"], ("revenue", "tax_paid")),
    ],
)
def test_only_facts_that_matter_are_lacking(
    text: str, missing: list[str], lacking: tuple[str, ...]
) -> None:
    finding = _judged(_expression(text), **dict.fromkeys(missing))
    assert finding.lacking == lacking
    assert (finding.truth is None) is bool(lacking)


def test_division_by_zero_is_unknown_and_lacks_nothing() -> None:
    finding = _judged(_expression("rd_expense / revenue >= 3%"), revenue=Decimal(0))
    assert (finding.truth, finding.lacking) == (None, ())


YES = _expression("above_scale")
NO = _expression("not above_scale")
OPEN = _expression("holds('green_factory_provincial')")


@pytest.mark.parametrize(
    ("clause", "truth"),
    [
        ({"all": [YES, OPEN]}, None),
        ({"all": [NO, OPEN]}, False),
        ({"all": [YES, YES]}, True),
        ({"any": [NO, OPEN]}, None),
        ({"any": [YES, OPEN]}, True),
        ({"any": [NO, NO]}, False),
        ({"none": [NO, OPEN]}, None),
        ({"none": [YES, OPEN]}, False),
        ({"none": [NO, NO]}, True),
        ({"at_least": 2, "of": [YES, OPEN, NO]}, None),
        ({"at_least": 2, "of": [YES, OPEN, YES]}, True),
        ({"at_least": 2, "of": [NO, OPEN, NO]}, False),
        ({"none": [{"all": [YES, OPEN]}, NO]}, None),
        ({"any": [{"none": [YES]}, {"at_least": 1, "of": [OPEN, YES]}]}, True),
    ],
)
def test_clauses_join_as_their_one_condition_does(
    clause: dict[str, Any],
    truth: bool | None,  # noqa: FBT001 - a column of the table
) -> None:
    finding = _judged(clause)
    assert finding.truth is truth
    row = Row(GIVEN, day=date(2026, 1, 1), derived=DERIVED)
    assert row.truth(finding.condition.truth) is truth


def test_lacking_of_a_clause_is_that_of_its_open_parts() -> None:
    finding = _judged({"all": [YES, OPEN, _expression("revenue >= 1万元")]}, revenue=None)
    assert finding.lacking == ("register:green_factory_provincial", "revenue")
    assert _judged({"all": [NO, OPEN]}).lacking == ()


@pytest.mark.parametrize(
    ("clause", "effort"),
    [
        (_expression("revenue >= 4100万元"), 1),  # 2.4 % short
        (_expression("revenue >= 4800万元"), 2),  # 16.7 %
        (_expression("revenue >= 6000万元"), 3),  # 33 %
        (_expression("revenue >= 1亿元"), 4),  # 60 %
        (_expression("revenue >= 1亿元", effort=2), 2),  # the file's own word counts
        (_expression("holds('specialised_provincial')"), 3),
        (_expression("district in ('yunping')"), 5),
        (NO, 2),
        (OPEN, 0),  # a paper
        (YES, 0),
        ({"all": [_expression("revenue >= 4100万元"), NO, OPEN]}, 3),
        ({"any": [_expression("revenue >= 4100万元"), NO]}, 1),
        ({"at_least": 2, "of": [_expression("revenue >= 4100万元"), NO, OPEN]}, 1),
        ({"none": [YES, _expression("revenue <= 4100万元")]}, 3),
    ],
)
def test_effort(clause: dict[str, Any], effort: int) -> None:
    assert _judged(clause).effort == effort
