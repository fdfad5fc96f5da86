"""Money to the 分: the working, instalments, differences and budgets, against arithmetic by hand.

The twenty patterns of formulas stand in tests/spec/money_formulas.yaml.
"""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cityforge.brain.city import checks
from cityforge.brain.policies.benefit import (
    Working,
    first_come,
    in_instalments,
    within_budget,
    work_out,
)
from cityforge.brain.policies.prepared import prepare_one
from cityforge.brain.rules.row import completed

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"
DAY = date(2026, 3, 1)
CLAIMS = """\
id: claims
title: 申报金额
title_en: Claims
owner: jxj
grain: enterprise_year
key: [uscc, year]
freshness: {every: year}
sensitivity: internal
legal_use: [describe, treat]
evidence: {source: 设例, verified: assumption}
columns:
  - {id: uscc, title: 统一社会信用代码, title_en: code, kind: credit_code, required: true}
  - {id: year, title: 年份, title_en: year, kind: year, required: true}
"""
MONEY = ("invoiced", "paid", "loss", "got")
POLICY = """\
id: grant
title: 补助
title_en: Grant
level: city
office: 市经信局
delivery: reviewed
versions:
  - from: 2025-01-01
    document: {{title: 设例}}
    evidence: {{source: 设例, verified: assumption}}
    rolling: true
    conditions: {{id: all, says: 全部, expr: "true or above_scale"}}
    benefit:
      kind: subsidy
      says: 补助
      says_en: grant
      steps: {steps}
      amount: {amount}
      {more}
"""


def _worked(
    tmp_path: Path, amount: str, facts: dict[str, str], steps: str = "[]", more: str = ""
) -> Working:
    root = tmp_path / "lanhe"
    shutil.copytree(LANHE, root)
    (root / "policies").mkdir()
    columns = [
        f"{{id: {n}, title: {n}, title_en: {n}, kind: quantity, unit: 万元, scale: 4}}"
        for n in MONEY
    ]
    claims = CLAIMS + "".join(f"  - {column}\n" for column in columns)
    (root / "datasets" / "claims.yaml").write_text(claims, encoding="utf-8")
    text = POLICY.format(amount=amount, steps=steps, more=more)
    (root / "policies" / "grant.yaml").write_text(text, encoding="utf-8")
    city, book = checks.load(root)
    prepared = prepare_one(city, book, city.policies["grant"], day=DAY)
    assert prepared is not None
    given = {name: Decimal(value) for name, value in facts.items()}
    return work_out(prepared, completed(book, given, day=DAY, parameters={}))


def test_instalments_sum_to_the_whole(tmp_path: Path) -> None:
    worked = _worked(tmp_path, "600万元", {}, more="instalments: [0.5, 0.5]")
    assert worked.instalments == (300_000_000, 300_000_000)
    # Thirds of 100.00: 33.33, 33.33 and what is left.
    thirds = [Decimal("0.3333"), Decimal("0.3333"), Decimal("0.3334")]
    assert in_instalments(10_000, thirds) == (3333, 3333, 3334)


@given(st.integers(0, 10**12), st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_instalments_are_never_below_nothing(fen: int, parts: list[int]) -> None:
    whole = sum(parts)
    shares = [Decimal(part) / whole for part in parts[:-1]]
    paid = in_instalments(fen, [*shares, 1 - sum(shares, Decimal(0))])
    assert sum(paid) == fen
    assert min(paid) >= 0
    assert in_instalments(2, [Decimal("0.25")] * 4) == (1, 0, 1, 0)


def test_only_the_difference_is_paid(tmp_path: Path) -> None:
    worked = _worked(tmp_path, "100万元", {"got": "30"}, more="received: got")
    assert (worked.amount, worked.received, worked.payable) == (10**8, 3 * 10**7, 7 * 10**7)
    more = _worked(tmp_path / "more", "100万元", {"got": "130"}, more="received: got")
    assert more.payable == 0


def test_what_is_unknown_stays_unknown(tmp_path: Path) -> None:
    worked = _worked(tmp_path, "least(invoiced * 20%, 1500万元)", {})
    assert (worked.amount, worked.payable, worked.lacking) == (None, None, ("invoiced",))
    received = _worked(tmp_path / "received", "100万元", {}, more="received: got")
    assert (received.amount, received.payable, received.lacking) == (10**8, None, ("got",))


def test_each_line_of_the_working(tmp_path: Path) -> None:
    steps = (
        "[{id: base, says: 从小, expr: 'least(invoiced, paid)'},"
        " {id: share, says: 一成, expr: base * 10%}]"
    )
    worked = _worked(tmp_path, "least(share, 5万元)", {"invoiced": "80", "paid": "60"}, steps)
    assert [(line.step.id, line.value) for line in worked.lines] == [
        ("base", 600_000),
        ("share", 60_000),
    ]
    assert worked.amount == 5_000_000


def test_a_quotient_is_rounded_once_half_away_from_zero(tmp_path: Path) -> None:
    # 1 万元 x (1 / 3) = 3,333.333… 元; the cut is at the 分.
    worked = _worked(tmp_path, "1万元 * (invoiced / paid)", {"invoiced": "1", "paid": "3"})
    assert worked.amount == 333_333
    # 0.005 元 goes up.
    half = _worked(tmp_path / "half", "loss * 0.5%", {"loss": "0.0001"})
    assert half.amount == 1


def test_an_amount_below_nothing_is_nothing(tmp_path: Path) -> None:
    assert _worked(tmp_path, "invoiced - 100万元", {"invoiced": "40"}).payable == 0


def test_a_budget_shared_in_proportion_by_hand() -> None:
    # 100 over claims of 30, 60 and 90 (180): 16.67, 33.33 and 50, to the 分.
    assert within_budget([3000, 6000, 9000], 10_000) == (1667, 3333, 5000)
    assert within_budget([3000, 6000], 10_000) == (3000, 6000)
    assert first_come([3000, 6000, 9000], 10_000) == (3000, 6000, 1000)


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=40), st.integers(0, 10**13))
def test_a_budget_is_never_exceeded_nor_left(claims: list[int], budget: int) -> None:
    total = sum(claims)
    for paid in (within_budget(claims, budget), first_come(claims, budget)):
        assert sum(paid) == min(total, budget)
        assert all(0 <= part <= claim for part, claim in zip(paid, claims, strict=True))
    for part, claim in zip(within_budget(claims, budget), claims, strict=True):
        if total > budget:
            assert abs(part * total - claim * budget) < total
