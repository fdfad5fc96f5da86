"""Money to the 分: each of the twenty formulas of the handbook against arithmetic by hand."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
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
MONEY = ("invoiced", "paid", "interest", "loan", "lease", "premium", "loss", "invested", "contract",
         "spent", "got")  # fmt: skip
OTHER = ("{id: tonnes, title: 吨数, title_en: tonnes, kind: quantity, unit: 吨, scale: 2}",
         "{id: rate, title: 年利率, title_en: rate, kind: quantity, unit: '%', scale: 2}",
         "{id: grade, title: 等级, title_en: grade, kind: text}")  # fmt: skip
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
    tmp_path: Path, amount: str, facts: dict[str, object], steps: str = "[]", more: str = ""
) -> Working:
    root = tmp_path / "lanhe"
    shutil.copytree(LANHE, root)
    (root / "policies").mkdir()
    columns = [
        f"{{id: {n}, title: {n}, title_en: {n}, kind: quantity, unit: 万元, scale: 4}}"
        for n in MONEY
    ]
    claims = CLAIMS + "".join(f"  - {column}\n" for column in [*columns, *OTHER])
    (root / "datasets" / "claims.yaml").write_text(claims, encoding="utf-8")
    text = POLICY.format(amount=amount, steps=steps, more=more)
    (root / "policies" / "grant.yaml").write_text(text, encoding="utf-8")
    city, book = checks.load(root)
    prepared = prepare_one(city, book, city.policies["grant"], day=DAY)
    assert prepared is not None
    given = {n: Decimal(v) if isinstance(v, str) and n != "grade" and n != "district" else v
             for n, v in facts.items()}  # fmt: skip
    return work_out(prepared, completed(book, given, day=DAY, parameters={}))


CYCLE = (
    "case when invoiced < 300万元 then 0元"
    " else greatest(60万元, least(invoiced * 20%, 1000万元)) end"
)
# formula: (amount, facts in 万元, 元 by hand)
FORMULAS: dict[str, tuple[str, dict[str, object], str]] = {
    # 20 % of 1,234.5678 is 246.91356 万元 = 2,469,135.60 元, below the cap of 1,500.
    "F01": ("least(invoiced * 20%, 1500万元)", {"invoiced": "1234.5678"}, "2469135.60"),
    # 20 % of 8,000 is 1,600 万元: the cap.
    "F01 at the cap": ("least(invoiced * 20%, 1500万元)", {"invoiced": "8000"}, "15000000"),
    # In 云坪 30 % of 600.01 is 180.003 万元.
    "F02": (
        "case when district = 'yunping' then invoiced * 30% else invoiced * 20% end",
        {"invoiced": "600.01", "district": "yunping"}, "1800030",
    ),
    # 30 % of 333.3333 is 99.99999 万元 = 999,999.90 元.
    "F03": (
        "case when loan >= 100万元 then least(interest * 30%, 200万元) else 0元 end",
        {"loan": "100", "interest": "333.3333"}, "999999.90",
    ),
    "F03 below the loan": (
        "case when loan >= 100万元 then least(interest * 30%, 200万元) else 0元 end",
        {"loan": "99.9999", "interest": "333.3333"}, "0",
    ),
    # One point of 12,345.67 is 123.4567 万元.
    "F04": ("least(loan * 1%, 500万元)", {"loan": "12345.67"}, "1234567"),
    # 1,000 x 3.45 % = 34.5; 15 % of it is 5.175 万元.
    "F05": ("least(lease * rate * 15%, 200万元)", {"lease": "1000", "rate": "3.45"}, "51750"),
    # Half of 81 is 40.5: the cap of 40.
    "F06": ("least(premium * 50%, 40万元)", {"premium": "81"}, "400000"),
    # Half of 0.0001 万元 (1 元) is 0.50 元.
    "F07": ("loss * 50%", {"loss": "0.0001"}, "0.50"),
    "F08": (
        "case when grade = '国家' then 60万元 when grade = '市级' then 20万元 else 0元 end",
        {"grade": "国家"}, "600000",
    ),
    "F09": (
        "case when grade = '一级' then 50万元 when grade = '二级' then 30万元 else 20万元 end",
        {"grade": "二级"}, "300000",
    ),
    # 20 万元 and 1,000 元 for each of 123.45 t: 200,000 + 123,450.
    "F10": ("least(20万元 + tonnes * 1000元/吨, 1000万元)", {"tonnes": "123.45"}, "323450"),
    # 2 % of 12 亿元 is 2,400 万元.
    "F11": (
        "case when invested >= 5亿元 then invested * 2% else 0元 end", {"invested": "120000"},
        "24000000",
    ),
    "F12": ("least(contract, 300万元)", {"contract": "299.9999"}, "2999999"),
    # 30 % of 240 is 72: the cap of 70.
    "F13": ("least(spent * 30%, 70万元)", {"spent": "240"}, "700000"),
    # 20 % of 310 is 62, at least 60.
    "F14": (
        CYCLE, {"invoiced": "310"}, "620000",
    ),
    "F14 at the floor": (
        CYCLE, {"invoiced": "300"}, "600000",
    ),
    "F15": ("case when grade = '重点' then 8万元 else 5万元 end", {"grade": "一般"}, "50000"),
    # The smaller of invoice and payment, 4,999.9999; a tenth is 499.99999 万元.
    "F16": (
        "least(least(invoiced, paid) * 10%, 500万元)", {"invoiced": "6000", "paid": "4999.9999"},
        "4999999.90",
    ),
    "F17": ("600万元", {}, "6000000"),
    "F18": ("greatest(spent * 10%, 30万元)", {"spent": "299"}, "300000"),
    "F19": ("100万元", {"got": "30"}, "1000000"),
    "F20": ("spent * 10%", {"spent": "1"}, "1000"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMULAS)
def test_formula_to_the_fen(tmp_path: Path, name: str) -> None:
    amount, facts, by_hand = FORMULAS[name]
    worked = _worked(tmp_path, amount, facts)
    assert worked.amount == int(Decimal(by_hand) * 100)
    assert (worked.payable, worked.lacking) == (worked.amount, ())


def test_all_twenty_are_here() -> None:
    assert {name[:3] for name in FORMULAS} == {f"F{i:02}" for i in range(1, 21)}


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
