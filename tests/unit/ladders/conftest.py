"""A ladder of the made-up city with rules of its own, over enterprises with gaps."""

import random
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from cityforge.brain.city import checks
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.ladders.prepared import Climb, prepare
from cityforge.brain.policies.matching import Population

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"
DAY = date(2025, 9, 30)
MONEY = pa.decimal128(18, 4)
POLICY = """\
id: {id}
title: {id}
title_en: {id}
level: city
office: 市经信局
delivery: reviewed
versions:
{versions}
"""
VERSION = """\
  - from: {from_}
    {to}
    document: {{title: 设例}}
    evidence: {{source: 设例, verified: assumption}}
    {when}
    conditions:
      all:
{clauses}
    benefit: {{kind: title, says: 称号, says_en: title}}
"""
FIRST = """\
        - {id: local, says: 在清屿, expr: "district = 'qingyu'"}
        - {id: revenue, says: 收入, expr: revenue >= 1000万元}
        - {id: staff, says: 人数, expr: employees >= 100人}
        - {id: large, says: 规上, expr: above_scale, effort: 2}
        - {id: market, says: 市场靠前, expr: value_added >= 500万元}
        - {id: points, says: 平台评分, expr: energy >= 60吨标准煤}"""
SECOND_OLD = """\
        - {id: base, says: 先有专精特新, expr: "holds('specialised_provincial')"}
        - {id: research, says: 研发占比, expr: rd_expense / revenue >= 3%}
        - any:
            - {id: rich, says: 收入, expr: revenue >= 5000万元}
            - {id: big, says: 人数, expr: employees >= 500人}
        - none:
            - {id: idle, says: 停产, expr: not above_scale, effort: 5}
        - {id: growth, says: 增长, expr: "revenue >= revenue[-1] * 105%"}"""
SECOND_NEW = SECOND_OLD.replace(">= 3%", ">= 5%")
LADDER = """\
id: climb
title: 登高
title_en: Climb
gaps: 2
near: 20%
library: {states: [promising, opportunity], evidence: {source: 设例, verified: assumption}}
renewal: {alert_days: [180, 90, 30], evidence: {source: 设例, verified: assumption}}
trend: {method: linear, most: 50%, evidence: {source: 设例, verified: assumption}}
evidence: {source: 设例, verified: assumption}
lines:
  - id: titles
    title: 称号
    title_en: Titles
    rungs:
      - {id: first, title: 一级, title_en: First, level: provincial,
         register: specialised_provincial, policy: first,
         scope: [local], manual: [market], awaited: [points]}
      - id: second
        title: 二级
        title_en: Second
        level: national
        register: green_factory_provincial
        policy: second
        from: [first]
        gaps: 1
        renewal:
          alert_days: [90, 30]
          follows: [{from: 2026-01-01, to: 2026-12-31, version: 2020-01-01}]
          skips: [growth]
          evidence: {source: 设例, verified: assumption}
  - id: size
    title: 规模
    title_en: Size
    applies: revenue > 0元
    rungs:
      - {id: above, title: 规上, title_en: Above, level: national, fact: above_scale,
         unspecified: [标准不在手边]}
"""


@dataclass(frozen=True)
class Town:
    """The city with its ladder."""

    city: City
    book: Dictionary

    def climb(self, day: date = DAY) -> Climb:
        return prepare(self.city, self.book, self.city.ladders["climb"], day=day)

    def people(self, *rows: Mapping[str, object], day: date = DAY) -> Population:
        """Enterprises that are as GOOD but for what is stated."""
        return Population.of(table(rows), day=day)

    def crowd(self, rows: int) -> Population:
        """Enterprises drawn around the thresholds."""
        return Population.of(drawn(rows), day=DAY)


def policy(name: str, *versions: str) -> str:
    return POLICY.format(id=name, versions="".join(versions).rstrip())


def version(clauses: str, *, from_: str, to: str = "", when: str = "rolling: true") -> str:
    stated = f"to: {to}" if to else ""
    return VERSION.format(from_=from_, to=stated, when=when, clauses=clauses)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    root = tmp_path_factory.mktemp("climbing") / "lanhe"
    shutil.copytree(LANHE, root)
    (root / "policies").mkdir()
    files = {
        "policies/first": policy("first", version(FIRST, from_="2020-01-01")),
        "policies/second": policy(
            "second",
            version(SECOND_OLD, from_="2020-01-01", to="2026-03-31"),
            version(SECOND_NEW, from_="2026-04-01"),
        ),
        "ladders/climb": LADDER,
    }
    for name, text in files.items():
        (root / f"{name}.yaml").write_text(text, encoding="utf-8")
    return Town(*checks.load(root))


TYPES = {
    "uscc": pa.string(),
    "name": pa.string(),
    "district": pa.string(),
    "revenue": MONEY,
    "revenue[-1]": MONEY,
    "revenue[-2]": MONEY,
    "rd_expense": MONEY,
    "rd_expense[-1]": MONEY,
    "rd_expense[-2]": MONEY,
    "value_added": MONEY,
    "energy": MONEY,
    "employees": pa.decimal128(9, 0),
    "employees[-1]": pa.decimal128(9, 0),
    "employees[-2]": pa.decimal128(9, 0),
    "above_scale": pa.bool_(),
    "register:specialised_provincial": pa.bool_(),
    "register:green_factory_provincial": pa.bool_(),
}
GOOD: dict[str, object] = {
    "district": "qingyu", "revenue": 6000, "revenue[-1]": 5000, "revenue[-2]": 4000,
    "rd_expense": 300, "rd_expense[-1]": 250, "rd_expense[-2]": 200, "value_added": 600,
    "energy": 70, "employees": 300, "employees[-1]": 300, "employees[-2]": 300,
    "above_scale": True, "register:specialised_provincial": True,
    "register:green_factory_provincial": False,
}  # fmt: skip


def table(rows: Iterable[Mapping[str, object]]) -> pa.Table:
    """Enterprises that are as GOOD but for what is stated; None is unknown."""
    whole = [{"uscc": f"U{i:03}", "name": f"企业{i}", **GOOD, **row} for i, row in enumerate(rows)]
    return pa.table(
        {
            name: pa.array([_exact(row[name]) for row in whole], type_)
            for name, type_ in TYPES.items()
        }
    )


def drawn(rows: int, seed: int = 11) -> pa.Table:
    """Enterprises drawn around the thresholds, about one in eight facts missing."""
    dice = random.Random(seed)

    def some(choices: Sequence[object]) -> object:
        return None if dice.random() < 0.12 else dice.choice(choices)

    return table(
        {
            "district": some(["qingyu", "qingyu", "yunping"]),
            "revenue": some([0, 700, 800, 999.9999, 1000, 3900, 4000, 4999, 5000, 9000]),
            "revenue[-1]": some([0, 800, 1000, 4000, 5000]),
            "rd_expense": some([0, 24, 25, 30, 150, 270, 300]),
            "value_added": some([0, 500, 800]),
            "energy": some([0, 47, 48, 60]),
            "employees": some([0, 9, 10, 79, 80, 100, 399, 400, 500]),
            "above_scale": some([True, False]),
            "register:specialised_provincial": some([True, False]),
            "register:green_factory_provincial": some([False, False, False, True]),
        }
        for _ in range(rows)
    )


def _exact(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return Decimal(str(value))
