"""One enterprise against several policies: sorted by what it may have, chosen, asked."""

from datetime import date
from decimal import Decimal

from cityforge.brain.city.combination import Combination
from cityforge.brain.policies import combining
from cityforge.brain.policies.best import Rule
from cityforge.brain.policies.check_up.check_up import CheckUp, check_up
from cityforge.brain.policies.prepared import prepare
from cityforge.brain.reports import policy_words
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
    benefit: {{kind: award, says: 奖, says_en: award, amount: "{amount}"}}
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


COMBINATION = {
    "id": "one", "title": "则", "title_en": "rule", "kind": "exclusive", "says": "不重复享受",
    "evidence": {"source": "设例", "verified": "assumption"},
}  # fmt: skip


def _found(load, policies=POLICIES, facts=FACTS, exclusive: tuple[str, ...] = ()) -> CheckUp:
    texts = {
        name: POLICY.format(id=name, district=district, when=when, amount=amount)
        for name, (district, when, amount) in policies.items()
    }
    city, book = load(**texts)
    row = completed(book, facts, day=DAY, parameters={})
    rules = combining.rules(city)
    if exclusive:
        one = Combination.model_validate(COMBINATION | {"policies": list(exclusive)})
        rules = (Rule(one, exclusive),)
    return check_up(prepare(city, book, day=DAY), row, rules)


def _ids(results) -> list[str]:
    return [result.prepared.id for result in results]


def test_every_policy_stands_in_one_list(load) -> None:
    found = _found(load)
    assert _ids(found.eligible) == ["large", "research", "staff"]
    assert _ids(found.near) == ["growing", "huge"]
    assert _ids(found.far) == ["away"]
    assert _ids(found.unknown) == ["double", "green"]


def test_what_must_not_be_is_said_as_such(load) -> None:
    text = POLICY.format(id="lean", district="qingyu", when="above_scale", amount="1万元")
    whole = """conditions:
      all:
        - {id: big, says: 规上, expr: above_scale}
        - {id: lean, says: 精干, none: [{id: it, says: 用工过百, expr: employees >= 50人}]}
"""
    text = text.replace('conditions: {id: it, says: 条件, expr: "above_scale"}\n', whole)
    city, book = load(lean=text)
    row = completed(book, FACTS | {"above_scale": False}, day=DAY, parameters={})
    found = check_up(prepare(city, book, day=DAY), row, ())
    (one,) = found.near + found.far
    said = [policy_words.in_the_way(leaf).zh for leaf in policy_words.unmet(one.finding)]
    assert said == ["规上", "须无：用工过百"]


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
    # The 99 万元 that need both are shared between the two.
    assert (first.shared, second.shared) == (89_500_000, 49_500_000)


def test_a_missing_fact_that_drives_the_amount_counts_with_its_cap(load) -> None:
    capped = {
        "rates": ("qingyu", "energy <= 9tce", "least(10% * energy * 1万元 / 1tce, 70万元)"),
        "flat": ("qingyu", "value_added >= 1万元", "60万元"),
    }
    first, second = _found(load, capped).questions
    assert (first.column, first.money) == ("energy", 70_000_000)
    assert (second.column, second.money) == ("value_added", 60_000_000)


def test_without_a_cap_the_year_beside_it_stands_in(load) -> None:
    facts = FACTS | {"rd_expense": None, "rd_expense[-1]": Decimal(300)}
    open_ = {"share": ("qingyu", "above_scale", "10% * rd_expense"),
             "other": ("qingyu", "value_added >= 1万元", "20万元")}  # fmt: skip
    found = _found(load, open_, facts)
    assert _ids(found.eligible) == ["share"]
    assert found.eligible[0].money == 0
    assert found.eligible[0].between is not None and found.eligible[0].between.high is None
    # 10 % of last year's 300 万元: more than the 20 万元 of the other.
    assert [(q.column, q.money) for q in found.questions] == [
        ("rd_expense", 30_000_000), ("value_added", 20_000_000),
    ]  # fmt: skip


def test_what_the_best_set_would_not_gain_is_not_promised(load) -> None:
    found = _found(load, exclusive=("green", "large"))
    # 40 万元 in place of the 50 万元 it may not be had with: nothing to gain.
    green = next(q for q in found.questions if q.column == "register:green_factory_provincial")
    assert green.settles == ("green",)
    assert green.money == 0
