"""Matching a whole population gives, row by row, what the check-up of each enterprise gives."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityforge.brain.engines.kernel import rounding
from cityforge.brain.policies import matches
from cityforge.brain.policies.benefit import work_out
from cityforge.brain.policies.blocks import Matcher
from cityforge.brain.policies.matching import Population, decided, payable, rows_of
from cityforge.brain.policies.prepared import Prepared, prepare
from cityforge.brain.rules.judging import judge
from cityforge.brain.rules.row import Row

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
    benefit: {{kind: award, says: 奖, says_en: award{money}}}
"""
POLICIES = {
    "exact": ("qingyu", "revenue >= 4000万元", ', amount: "least(rd_expense * 7.125%, 30万元)"'),
    "ratio": ("yunping", "above_scale", ', amount: "rd_expense / revenue * 3万元"'),
    "topped": ("qingyu", "above_scale", ', amount: "50万元", received: "rd_expense * 3%"'),
    "no_money": ("qingyu", "rd_expense / revenue >= 2%", ""),
    "below": ("qingyu", "employees <= 60人", ', amount: "rd_expense - revenue"'),
    "held": ("qingyu", "holds('green_factory_provincial')", ', amount: "40万元"'),
}


def population(rows: int) -> pa.Table:
    """Made-up facts by row number: every combination of known and unknown occurs."""
    money = pa.decimal128(18, 4)
    numbers = range(rows)
    return pa.table(
        {
            "uscc": [f"U{i:06}" for i in numbers],
            "district": [("qingyu", "yunping", None)[i % 3] for i in numbers],
            "revenue": pa.array(
                [None if i % 5 == 0 else Decimal(3990 + i % 23) for i in numbers], money
            ),
            "rd_expense": pa.array(
                [None if i % 7 == 0 else Decimal(i * 37 % 1000) / 8 for i in numbers], money
            ),
            "employees": pa.array([None if i % 11 == 0 else i % 97 for i in numbers], pa.int64()),
            "above_scale": [(True, False, None)[i // 3 % 3] for i in numbers],
            "register:green_factory_provincial": [(False, True, None)[i % 4 % 3] for i in numbers],
        }
    )  # fmt: skip


@pytest.fixture
def prepared(load) -> tuple[Prepared, ...]:
    texts = {
        name: POLICY.format(id=name, district=district, when=when, money=money)
        for name, (district, when, money) in POLICIES.items()
    }
    city, book = load(**texts)
    return prepare(city, book, day=DAY)


def _by_row(prepared: Prepared, values: Mapping[str, object]) -> tuple[bool | None, int | None]:
    row = Row(values, DAY)
    return judge(prepared.condition, row).truth, work_out(prepared, row).payable


def test_every_row_is_decided_and_paid_as_alone(prepared: tuple[Prepared, ...]) -> None:
    table = population(500)
    people = Population.of(table, day=DAY)
    planes = decided(prepared, people)
    for number, one in enumerate(prepared):
        wanted = [_by_row(one, row) for row in table.to_pylist()]
        assert planes.truth(number).to_pylist() == [truth for truth, _ in wanted]
        assert payable(one, people).to_pylist() == [paid for _, paid in wanted], one.id


def test_matches_are_read_both_ways(prepared: tuple[Prepared, ...], tmp_path: Path) -> None:
    table = population(500)
    people = Population.of(table, day=DAY)
    written = matches.write(prepared, people, tmp_path, block=64)
    found = matches.Matches(tmp_path)
    answers = {True: "eligible", None: "unknown"}
    lines = 0
    for row in table.to_pylist():
        wanted = [
            {"policy": one.id, "answer": answers[truth], "amount": paid}
            for one in prepared
            for truth, paid in [_by_row(one, row)]
            if truth is not False
        ]
        assert found.of_enterprise(row["uscc"]).to_pylist() == wanted
        lines += len(wanted)
    assert written[matches.MATCHES] == lines
    planes = decided(prepared, people)
    for number, one in enumerate(prepared):
        true, false = found.of_policy(one.id)
        assert np.array_equal(true, planes.true[number])
        assert np.array_equal(false, planes.false[number])
        assert len(rows_of(true, 500)) == planes.truth(number).to_pylist().count(True)


def test_policies_of_two_years_are_matched_each_with_its_own(
    prepared: tuple[Prepared, ...], tmp_path: Path
) -> None:
    newer, older = population(300), population(300)
    older = older.set_column(2, "revenue", pa.nulls(300, pa.decimal128(18, 4)))
    parts = [(prepared[::2], newer), (prepared[1::2], older)]
    matches.write_by_year(
        [(Matcher(tuple(one.claim for one in own), DAY, {}), table) for own, table in parts],
        tmp_path,
        block=64,
    )
    found = matches.Matches(tmp_path)
    for policies, table in parts:
        planes = decided(policies, Population.of(table, day=DAY))
        for number, one in enumerate(policies):
            assert np.array_equal(found.of_policy(one.id)[0], planes.true[number])
    for uscc in ("U000000", "U000150"):
        ids = found.of_enterprise(uscc)["policy"].to_pylist()
        assert ids == sorted(ids)


def test_counts_by_district_add_up(prepared: tuple[Prepared, ...], tmp_path: Path) -> None:
    table = population(500)
    matches.write(prepared, Population.of(table, day=DAY), tmp_path, block=128)
    counted = pq.read_table(tmp_path / "policy_counts.parquet").to_pylist()
    for one in prepared:
        rows = [(row["district"], *_by_row(one, row)) for row in table.to_pylist()]
        for line in (line for line in counted if line["policy"] == one.id):
            here = [(truth, paid) for place, truth, paid in rows if place == line["district"]]
            assert line["eligible"] == sum(truth is True for truth, _ in here)
            assert line["not_yet"] == sum(truth is False for truth, _ in here)
            assert line["unknown"] == sum(truth is None for truth, _ in here)
            assert line["amount"] == sum(paid or 0 for truth, paid in here if truth)


def test_the_same_bytes_every_time(prepared: tuple[Prepared, ...], tmp_path: Path) -> None:
    table = population(300)
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        matches.write(prepared, Population.of(table, day=DAY), tmp_path / name)
    for file in (tmp_path / "first").iterdir():
        assert file.read_bytes() == (tmp_path / "second" / file.name).read_bytes()


def test_an_empty_population(prepared: tuple[Prepared, ...], tmp_path: Path) -> None:
    people = Population.of(population(0), day=DAY)
    assert matches.write(prepared, people, tmp_path)[matches.MATCHES] == 0
    assert matches.Matches(tmp_path).of_enterprise("U000001").num_rows == 0


@given(st.floats(-1e12, 1e12), st.integers(0, 4))
def test_doubles_round_by_the_text_they_print(number: float, decimals: int) -> None:
    found = rounding.of_doubles(np.array([number]), decimals)[0]
    text = Decimal(repr(number)).scaleb(decimals)
    assert found == int(text.to_integral_value("ROUND_HALF_UP"))


@pytest.mark.parametrize("number", [0.005, 1.005, 2.675, 1e10 + 0.005, 0.145, -0.145])
def test_halves_go_away_from_zero(number: float) -> None:
    wanted = int((Decimal(repr(number)) * 100).to_integral_value("ROUND_HALF_UP"))
    assert rounding.of_doubles(np.array([number]), 2)[0] == wanted


def test_a_double_too_large_is_refused() -> None:
    with pytest.raises(OverflowError):
        rounding.of_doubles(np.array([1e17]), 2)
