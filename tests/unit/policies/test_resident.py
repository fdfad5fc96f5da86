"""A row kept matched while it changes gives what the same row gives from scratch."""

import random
from datetime import date
from decimal import Decimal

import pytest

from cityforge.brain.policies.prepared import Prepared, prepare
from cityforge.brain.policies.resident import Resident
from cityforge.brain.rules.judging import judge
from cityforge.brain.rules.row import Row

DAY = date(2026, 3, 1)
POLICY = """\
id: {id}
title: {id}
title_en: {id}
level: city
office: 市经信局
delivery: automatic
versions:
  - from: 2025-01-01
    document: {{title: 设例}}
    evidence: {{source: 设例, verified: assumption}}
    rolling: true
    conditions: {conditions}
    benefit: {{kind: award, says: 奖, says_en: award}}
"""
CONDITIONS = {
    "all": "{all: [{id: a, says: 甲, expr: revenue >= 4000万元}, {id: b, says: 乙, "
    "expr: rd_expense / revenue >= 2%}]}",
    "any": "{any: [{id: a, says: 甲, expr: employees <= 60人}, {id: b, says: 乙, "
    "expr: \"holds('green_factory_provincial')\"}]}",
    "none": "{none: [{id: a, says: 甲, expr: employees > 80人}, {id: b, says: 乙, "
    "expr: revenue < 3995万元}]}",
    "two": "{at_least: 2, of: [{id: a, says: 甲, expr: above_scale}, {id: b, says: 乙, "
    "expr: revenue between 3995万元 and 4005万元}, {id: c, says: 丙, expr: employees > 10人}]}",
}
VALUES: dict[str, list[object]] = {
    "revenue": [None, *(Decimal(n) for n in (3990, 3995, 4000, 4006))],
    "rd_expense": [None, Decimal(0), Decimal(79), Decimal(80), Decimal(500)],
    "employees": [None, 5, 11, 60, 61, 81],
    "above_scale": [None, True, False],
    "register:green_factory_provincial": [None, True, False],
}


@pytest.fixture
def prepared(load) -> tuple[Prepared, ...]:
    texts = {
        name: POLICY.format(id=name, conditions=conditions)
        for name, conditions in CONDITIONS.items()
    }
    city, book = load(**texts)
    return prepare(city, book, day=DAY)


def test_every_change_gives_what_the_row_gives_from_scratch(
    prepared: tuple[Prepared, ...],
) -> None:
    dice = random.Random(7)
    values: dict[str, object] = {}
    resident = Resident([one.condition for one in prepared], values, day=DAY)
    for _ in range(400):
        column = dice.choice(sorted(VALUES))
        before = [resident.answer(place) for place in range(len(prepared))]
        values[column] = dice.choice(VALUES[column])
        changed = resident.set(column, values[column])
        row = Row(values, DAY)
        wanted = [judge(one.condition, row) for one in prepared]
        assert [resident.answer(i) for i in range(len(prepared))] == [w.truth for w in wanted]
        assert [resident.finding(i) for i in range(len(prepared))] == wanted
        moved = [i for i, w in enumerate(wanted) if w.truth is not before[i]]
        assert changed == moved


def test_a_derived_fact_follows_what_it_rests_on(load) -> None:
    text = POLICY.format(id="old", conditions="{id: a, says: 甲, expr: years_in_production >= 3年}")
    city, book = load(old=text)
    (one,) = prepare(city, book, day=DAY)
    derived = {name: fact.expression for name, fact in book.facts.items() if fact.expression}
    resident = Resident([one.condition], {}, day=DAY, derived=derived)
    assert resident.finding(0).lacking == ("production_started_on",)
    assert resident.set("production_started_on", date(2020, 1, 1)) == [0]
    assert resident.answer(0) is True
    assert resident.set("production_started_on", date(2025, 1, 1)) == [0]
    assert resident.answer(0) is False
    assert resident.finding(0).shortfalls[0].columns == ("years_in_production",)
    assert resident.set("production_started_on", None) == [0]
    assert resident.finding(0).lacking == ("production_started_on",)


def test_a_derived_fact_that_is_given_is_kept(load) -> None:
    text = POLICY.format(id="old", conditions="{id: a, says: 甲, expr: years_in_production >= 3年}")
    city, book = load(old=text)
    (one,) = prepare(city, book, day=DAY)
    derived = {name: fact.expression for name, fact in book.facts.items() if fact.expression}
    given = {"years_in_production": Decimal(5)}
    resident = Resident([one.condition], given, day=DAY, derived=derived)
    assert resident.set("production_started_on", date(2025, 1, 1)) == []
    assert resident.answer(0) is True


def test_a_column_that_nothing_reads_changes_nothing(prepared: tuple[Prepared, ...]) -> None:
    resident = Resident([one.condition for one in prepared], {}, day=DAY)
    assert resident.set("energy", Decimal(1)) == []
