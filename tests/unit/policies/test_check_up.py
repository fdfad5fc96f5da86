"""One enterprise against several policies: sorted by what it may have, chosen, asked."""

from datetime import date
from decimal import Decimal

from cityforge.brain.policies import combining
from cityforge.brain.policies.check_up import CheckUp, check_up
from cityforge.brain.policies.prepared import prepare
from cityforge.brain.rules.row import completed

DAY = date(2026, 3, 1)
POLICY = """\
id: {id}
title: {id}
title_en: {id}
level: city
office: 市经信局
districts: [{district}]
delivery: automatic
versions:
  - from: 2025-01-01
    document: {{title: 设例}}
    evidence: {{source: 设例, verified: assumption}}
    rolling: true
    conditions: {{id: it, says: 条件, expr: "{when}"}}
    benefit: {{kind: award, says: 奖, says_en: award, amount: {amount}}}
"""
POLICIES = {
    "large": ("qingyu", "above_scale", "50万元"),
    "research": ("qingyu", "rd_expense / revenue >= 2%", "30万元"),
    "staff": ("qingyu", "employees <= 60人", "20万元"),
    "growing": ("qingyu", "revenue >= 4100万元", "10万元"),
    "huge": ("qingyu", "revenue >= 10亿元", "90万元"),
    "green": ("qingyu", "holds('green_factory_provincial')", "40万元"),
    "double": ("qingyu", "holds('green_factory_provincial') and energy <= 9tce", "99万元"),
    "away": ("yunping", "above_scale", "50万元"),
}
FACTS: dict[str, object] = {
    "district": "qingyu",
    "above_scale": True,
    "rd_expense": Decimal(100),
    "revenue": Decimal(4000),
    "employees": Decimal(50),
}


def _found(load, **combinations: str) -> CheckUp:
    texts = {
        name: POLICY.format(id=name, district=district, when=when, amount=amount)
        for name, (district, when, amount) in POLICIES.items()
    }
    city, book = load(**texts)
    row = completed(book, FACTS, day=DAY, parameters={})
    return check_up(prepare(city, book, day=DAY), row, combining.rules(city))


def _ids(results) -> list[str]:
    return [result.prepared.id for result in results]


def test_every_policy_stands_in_one_list(load) -> None:
    found = _found(load)
    assert _ids(found.eligible) == ["large", "research", "staff"]
    assert _ids(found.near) == ["growing", "huge"]
    assert _ids(found.far) == ["away"]
    assert _ids(found.unknown) == ["double", "green"]


def test_without_combinations_all_is_chosen(load) -> None:
    found = _found(load)
    assert found.best.chosen == ("large", "research", "staff")
    assert found.best.total == 100_000_000  # 100 万元 in 分


def test_the_first_question_settles_most_money_alone(load) -> None:
    found = _found(load)
    first, second = found.questions
    # The green factory alone settles 40 万元; energy settles nothing without it.
    assert (first.column, first.settles, first.touches, first.money) == (
        "register:green_factory_provincial", ("green",), ("double", "green"), 40_000_000,
    )  # fmt: skip
    assert (second.column, second.settles, second.money) == ("energy", (), 0)
