"""What an amount can be while a fact of it is missing: caps, bounds and choices, by hand."""

from datetime import date
from decimal import Decimal

import pytest

from cityforge.brain.policies.benefit import work_out
from cityforge.brain.policies.check_up import ranges
from cityforge.brain.policies.check_up.ranges import Range
from cityforge.brain.policies.prepared import prepare
from cityforge.brain.policies.reach.bounds import of_version
from cityforge.brain.rules.row import completed

DAY = date(2026, 3, 1)
POLICY = """\
id: grant
title: 补助
title_en: Grant
level: city
office: 市经信局
delivery: automatic
versions:
  - from: 2025-01-01
    document: {{title: 设例}}
    evidence: {{source: 设例, verified: assumption}}
    rolling: true
    conditions: {{id: it, says: 条件, expr: "employees >= 1人"}}
    benefit: {{kind: award, says: 奖, says_en: award, amount: "{amount}"{more}}}
"""
KNOWN: dict[str, object] = {"employees": Decimal(50), "revenue": Decimal(4000)}
YUAN = 100
NESTED = (
    "case when employees >= 10人 then case when above_scale then 30万元 else 10万元 end "
    "else 99万元 end"
)


@pytest.mark.parametrize(
    ("amount", "low", "high"),
    [
        # 研发费用 is never below nothing by its contract and has no upper bound.
        ("10% * rd_expense", 0, None),
        ("least(10% * rd_expense, 80万元)", 0, 800_000 * YUAN),
        # 增加值 may be below nothing, an amount may not.
        ("least(10% * value_added, 60万元)", 0, 600_000 * YUAN),
        ("greatest(least(10% * rd_expense, 80万元), 5万元)", 50_000 * YUAN, 800_000 * YUAN),
        ("20万元 + least(10% * rd_expense, 80万元)", 200_000 * YUAN, 1_000_000 * YUAN),
        ("case when above_scale then 30万元 else 10万元 end", 100_000 * YUAN, 300_000 * YUAN),
        # What is known decides the outer choice: only the inner one is open.
        (
            NESTED,
            100_000 * YUAN,
            300_000 * YUAN,
        ),
        ("least(50% * rd_expense, 1% * revenue)", 0, 400_000 * YUAN),
    ],
)
def test_lowest_and_highest(load, amount, low, high) -> None:
    assert _range(load, amount) == Range(low, high)


def test_what_was_received_is_taken_off_both_ends(load) -> None:
    more = ', received: "least(rd_expense, 10万元)"'
    assert _range(load, "30万元", more) == Range(200_000 * YUAN, 300_000 * YUAN)


def _range(load, amount: str, more: str = "") -> Range | None:
    city, book = load(grant=POLICY.format(amount=amount, more=more))
    (prepared,) = prepare(city, book, day=DAY)
    row = completed(book, KNOWN, day=DAY, parameters={})
    assert work_out(prepared, row).payable is None
    return ranges.payable(prepared, row, of_version(city, book, prepared.version))


@pytest.mark.parametrize("expense", ["0", "0.01", "799.99", "800", "123456.7891"])
@pytest.mark.parametrize("is_large", [True, False])
def test_whatever_the_answer_the_amount_lies_between(load, expense, is_large) -> None:
    amount = (
        "case when above_scale then least(12.5% * rd_expense, 80万元) "
        "else greatest(3% * rd_expense, 2万元) end"
    )
    city, book = load(grant=POLICY.format(amount=amount, more=""))
    (prepared,) = prepare(city, book, day=DAY)
    world = of_version(city, book, prepared.version)
    given: dict[str, object] = {"rd_expense": Decimal(expense), "above_scale": is_large}
    full = work_out(prepared, completed(book, KNOWN | given, day=DAY, parameters={})).payable
    assert full is not None
    for missing in ({}, {"rd_expense": Decimal(expense)}, {"above_scale": is_large}):
        row = completed(book, KNOWN | missing, day=DAY, parameters={})
        found = ranges.payable(prepared, row, world)
        assert found is not None
        assert found.low <= full
        assert found.high is None or full <= found.high
