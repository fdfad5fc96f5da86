"""A few policies of every kind over some hundred made-up enterprises with gaps."""

import random
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from cityforge.brain.city import checks
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.policies.benefit import work_out
from cityforge.brain.policies.matching import Population
from cityforge.brain.policies.prepared import Prepared, prepare, prepare_one
from cityforge.brain.rules.judging import judge
from cityforge.brain.rules.row import Row

LANHE = Path(__file__).resolve().parents[3] / "cities" / "lanhe"
DAY = date(2026, 3, 1)
HEAD = """\
id: {id}
title: {id}
title_en: {id}
level: city
office: 市经信局
delivery: automatic
"""
VERSION = """\
  - from: {from_}
    {to}
    document: {{title: 设例}}
    evidence: {{source: 设例, verified: assumption}}
    {when}
    terms: [{{id: share, value: {share}}}, {{id: cap, value: {cap}}}]
    conditions: {conditions}
    benefit: {{kind: award, says: 奖, says_en: award{money}}}
"""
CLAUSES = """
      all:
        - {id: large, says: 规上, says_en: above scale, expr: above_scale}
        - {id: research, says: 研发占比, says_en: R&D share, expr: rd_expense / revenue >= p.share}
        - {id: staff, says: 从业人数, says_en: staff, expr: employees >= 20人}"""
CHOICE = """
      all:
        - at_least: 2
          of:
            - {id: large, says: 规上, expr: above_scale}
            - {id: titled, says: 专精特新, expr: holds('specialised_provincial')}
            - {id: staff, says: 从业人数, expr: employees >= 50人}
        - none:
            - {id: green, says: 绿色工厂, expr: holds('green_factory_provincial')}"""


def version(
    conditions: str,
    money: str = "",
    *,
    from_: str = "2025-01-01",
    to: str = "",
    when: str = "rolling: true",
    share: str = "3%",
    cap: str = "50万元",
) -> str:
    return VERSION.format(
        from_=from_,
        to=f"to: {to}" if to else "",
        when=when,
        share=share,
        cap=cap,
        conditions=conditions,
        money=money,
    )


def one(expression: str) -> str:
    return f'{{id: it, says: 条件, says_en: condition, expr: "{expression}"}}'


BUDGET = "budgets: [{{year: 2026, amount: {amount}, beyond: {beyond}}}]"
TENTH = ', amount: "least(rd_expense * 7.125%, p.cap)"'
POLICIES = {
    "research": version(
        CLAUSES, ', amount: "least(rd_expense * 5%, 20万元)"', from_="2024-01-01",
        to="2025-12-31", share="5%", cap="20万元",
    ) + version(CLAUSES, TENTH + ", " + BUDGET.format(amount="300万元", beyond="proportional"),
                from_="2026-01-01"),
    "choice": version(CHOICE, ", amount: 12.35万元, " + BUDGET.format(
        amount="100.0001万元", beyond="first_come"),
        when="windows: [{opens: 2026-05-01, closes: 2026-05-10}]"),
    "phased": version(one("revenue >= 4000万元"),
                      ', amount: "employees * 0.3333万元/人", instalments: [0.5, 0.3, 0.2]'),
    "topped": version(one("employees >= 10人"), ", amount: p.cap, received: rd_expense * 30%"),
    "titled": version(one("revenue >= 3995万元"), ", title: green_factory_provincial"),
    "unpriced": version(one("above_scale"), ', amount: "rd_expense * 1%"'),
}  # fmt: skip


@dataclass(frozen=True)
class Town:
    """The city with its policies, and the population they are judged over."""

    city: City
    book: Dictionary
    people: Population
    policies: dict[str, Prepared]

    def of(self, name: str, *, day: date = DAY, **terms: str) -> Prepared:
        made = prepare_one(self.city, self.book, self.city.policies[name], day=day, terms=terms)
        assert made is not None
        return made

    def by_row(self, prepared: Prepared) -> list[tuple[bool | None, int | None]]:
        """What every enterprise gets by the slow road: its answer, and its money as if entitled."""
        found = []
        for values in self.people.table.to_pylist():
            row = Row(values, DAY)
            found.append((judge(prepared.condition, row).truth, work_out(prepared, row).payable))
        return found

    def over(self, table: pa.Table) -> "Town":
        return Town(self.city, self.book, Population.of(table, day=DAY), self.policies)


def enterprises(rows: int, seed: int = 7) -> pa.Table:
    """Facts drawn at random, about one in seven of each missing."""
    drawn = random.Random(seed)
    money = pa.decimal128(18, 4)

    def column(draw: Callable[[], object], type_: pa.DataType) -> pa.Array:
        return pa.array([draw() if drawn.random() < 0.86 else None for _ in range(rows)], type_)

    def of(choices: Iterable[object]) -> Callable[[], object]:
        listed = list(choices)
        return lambda: drawn.choice(listed)

    return pa.table(
        {
            "uscc": [f"U{i:06}" for i in range(rows)],
            "name": [f"企业{i}" for i in range(rows)],
            "district": column(of(["qingyu", "yunping", "shijian"]), pa.string()),
            "industry_code": column(of(["2631", "3412", "5167", "6513", "9999"]), pa.string()),
            "industry": column(of(["26", "34", "51", "65", "99"]), pa.string()),
            "revenue": column(lambda: Decimal(drawn.randrange(10, 450_000)) / 10, money),
            "rd_expense": column(lambda: Decimal(drawn.randrange(0, 20_000_000)) / 10_000, money),
            "employees": column(lambda: drawn.randrange(0, 1500), pa.int64()),
            "above_scale": column(of([True, False]), pa.bool_()),
            "register:green_factory_provincial": column(of([True, False]), pa.bool_()),
            "register:specialised_provincial": column(of([True, False]), pa.bool_()),
        }
    )  # fmt: skip


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    root = tmp_path_factory.mktemp("simulated") / "lanhe"
    shutil.copytree(LANHE, root)
    (root / "policies").mkdir(exist_ok=True)
    for name, text in POLICIES.items():
        whole = f"{HEAD.format(id=name)}versions:\n{text}"
        (root / "policies" / f"{name}.yaml").write_text(whole, encoding="utf-8")
    city, book = checks.load(root)
    policies = {each.id: each for each in prepare(city, book, day=DAY)}
    assert set(policies) == set(POLICIES)
    return Town(city, book, Population.of(enterprises(400), day=DAY), policies)
