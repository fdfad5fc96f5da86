"""Which version and window count on a day; what the expressions of a policy become."""

from datetime import date
from decimal import Decimal

import pytest

from cityforge.brain.city.policy import PolicyVersion
from cityforge.brain.engines import reference
from cityforge.brain.errors import ProblemsFound
from cityforge.brain.expr import check
from cityforge.brain.policies.prepared import AREA, prepare, prepare_one

BODY = """
    evidence: {source: 设例, verified: assumption}
    conditions:
      all:
        - {id: research, says: 研发占比, expr: rd_expense / revenue >= p.share}
        - at_least: 2
          of:
            - {id: large, says: 规上, expr: above_scale}
            - {id: titled, says: 专精特新, expr: holds('specialised_provincial')}
            - {id: green, says: 绿色工厂, expr: holds('green_factory_provincial')}
    benefit:
      kind: subsidy
      says: 研发费用的十分之一，最高 50 万元
      says_en: a tenth of R&D expense, 500,000 yuan at most
      steps: [{id: tenth, says: 研发费用的 10%, expr: rd_expense * 10%}]
      amount: least(tenth, p.cap)
"""
RENEWAL = f"""
id: renewal
title: 技术改造补助
title_en: Grant for technical renewal
level: city
office: 市经信局
districts: [qingyu, yunping]
delivery: reviewed
versions:
  - from: 2024-01-01
    to: 2025-12-31
    document: {{title: 设例一}}
    windows: [{{opens: 2025-03-01, closes: 2025-03-31}}]
    terms: [{{id: share, value: 5%}}, {{id: cap, value: 30万元}}]{BODY}
  - from: 2026-01-01
    document: {{title: 设例二}}
    windows:
      - {{opens: 2026-05-01, closes: 2026-05-31, year: 2024}}
      - {{opens: 2026-09-01, closes: 2026-09-30}}
    terms: [{{id: share, value: 3%}}, {{id: cap, value: 50万元}}]{BODY}
"""
FACTS = {
    "district": "qingyu",
    "rd_expense": Decimal("600.0035"),
    "revenue": Decimal(15000),
    "above_scale": True,
}


def _one(load, day: date, **terms: str):
    city, book = load(renewal=RENEWAL)
    return prepare_one(city, book, city.policies["renewal"], day=day, terms=terms)


@pytest.mark.parametrize(
    ("day", "title", "state", "year"),
    [
        (date(2025, 3, 31), "设例一", "open", 2024),
        (date(2025, 4, 1), "设例一", "closed", 2024),
        (date(2026, 1, 1), "设例二", "coming", 2024),
        (date(2026, 5, 31), "设例二", "open", 2024),
        (date(2026, 6, 1), "设例二", "coming", 2025),
    ],
)
def test_the_version_and_window_of_a_day(load, day, title, state, year) -> None:
    found = _one(load, day)
    assert found is not None
    assert (found.version.document.title, found.call.state, found.year) == (title, state, year)


def test_no_version_no_policy(load) -> None:
    city, book = load(renewal=RENEWAL)
    assert prepare(city, book, day=date(2023, 12, 31)) == ()
    assert [found.id for found in prepare(city, book, day=date(2024, 1, 1))] == ["renewal"]


def test_a_model_from_elsewhere_counts_only_where_asked_for(load) -> None:
    city, book = load(renewal=RENEWAL.replace("level: city", "level: city\nmodel: true"))
    day = date(2024, 1, 1)
    assert prepare(city, book, day=day) == ()
    assert [found.id for found in prepare(city, book, day=day, models=True)] == ["renewal"]
    assert prepare_one(city, book, city.policies["renewal"], day=day) is not None


def test_a_window_without_dates_is_unannounced(load) -> None:
    city, book = load(renewal=RENEWAL)
    version = city.policies["renewal"].versions[0]
    assert isinstance(version, PolicyVersion)
    quiet = version.model_copy(update={"windows": []})
    policy = city.policies["renewal"].model_copy(update={"versions": [quiet]})
    found = prepare_one(city, book, policy, day=date(2025, 7, 1))
    assert found is not None
    assert (found.call.state, found.year) == ("unannounced", 2024)


@pytest.mark.parametrize(
    ("changed", "registers", "expected"),
    [
        ({}, {"specialised_provincial": True, "green_factory_provincial": None}, True),
        ({}, {"specialised_provincial": False, "green_factory_provincial": None}, None),
        ({}, {"specialised_provincial": False, "green_factory_provincial": False}, False),
        ({"district": "shijian"}, {}, False),
        ({"rd_expense": None}, {"specialised_provincial": True}, None),
        ({"rd_expense": Decimal(449)}, {"specialised_provincial": True}, False),
    ],
)
def test_the_whole_condition_has_three_values(load, changed, registers, expected) -> None:
    found = _one(load, date(2026, 6, 1))
    assert found is not None
    leaves = [leaf.clause.id for leaf in found.condition.leaves]
    assert leaves == [AREA, "research", "large", "titled", "green"]
    answer = reference.evaluate(
        found.condition.truth, FACTS | changed, as_of=date(2026, 6, 1), registers=registers
    )
    assert answer is expected


def test_steps_and_terms_stand_in_the_amount(load) -> None:
    found = _one(load, date(2026, 6, 1))
    assert found is not None
    assert found.amount is not None
    assert [step.id for step in found.steps] == ["tenth"]
    assert found.facts >= {"district", "rd_expense", "revenue", "above_scale"}
    assert not check.parameters(found.amount)
    # By hand: 6,000,035 yuan of R&D, a tenth is 600,003.50 yuan, the cap 500,000 yuan.
    amount = reference.evaluate(found.amount, FACTS, as_of=date(2026, 6, 1))
    assert amount == Decimal("500000.00")
    less = FACTS | {"rd_expense": Decimal("123.4567")}  # a tenth: 123,456.70 yuan
    assert reference.evaluate(found.amount, less, as_of=date(2026, 6, 1)) == Decimal("123456.70")


def test_a_term_may_be_given_another_value(load) -> None:
    as_of = date(2026, 6, 1)
    registers = {"specialised_provincial": True}
    stricter = _one(load, as_of, share="4.5%")
    assert stricter is not None
    facts = FACTS | {"rd_expense": Decimal(600)}  # 4 % of revenue
    truth = stricter.condition.truth
    assert reference.evaluate(truth, facts, as_of=as_of, registers=registers) is False


def test_a_term_that_does_not_fit_is_refused(load) -> None:
    with pytest.raises(ProblemsFound):
        _one(load, date(2026, 6, 1), share="500万元")
