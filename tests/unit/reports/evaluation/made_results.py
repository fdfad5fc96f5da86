"""Results of a city made by hand: every number of the tests can be worked out on paper.

Twenty rated enterprises with 30 亩 each; the n-th pays n 万元 a 亩, so it has 3n points of tax and,
with 30 of 1,000 万元 spent on research, 40 of research. Rank 1 is the 20th: four A (20 to 17),
eight B (16 to 9), seven C (8 to 2), one D (1). One more is exempt, one undetermined, one outside.
"""

import datetime
import json
import shutil
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cityforge.brain.reports import snapshot as snapshots
from cityforge.brain.reports.evaluation.results import Results
from cityforge.brain.runs import evaluated_years

LANHE = Path(__file__).resolve().parents[3] / "cities" / "lanhe"
DISTRICTS = ["qingyu", "yunping", "shijian"]
HOSTILE = "=cmd|'/c calc'!A1"
SCHEME = """\
id: faces
title: 工业企业综合评价（设例）
title_en: Evaluation of enterprises (made up)
evidence: {source: 设例办法, verified: third_party_copy, document_number: 设例〔2025〕1号}
assumptions: [分档比例为设定, 缺数取组平均分]
population: above_scale
exempt:
  - {id: new_enterprise, says: 新投产企业, says_en: newly in production,
     when: years_in_production < 2年}
groups: []
parts:
  - id: all
    title: 规上
    title_en: above scale
    when: above_scale
    indicators:
      - {id: tax_per_mu, title: 亩均税收, title_en: tax per mu, expr: tax_paid / land_mu,
         unit: 万元/亩, weight: 60, bases: [{year: 2022, value: 20}]}
      - {id: rd_ratio, title: 研发占比, title_en: R&D ratio, expr: rd_expense / revenue,
         weight: 40, bases: [{year: 2022, value: 0.03}]}
base: {method: fixed}
scoring: {function: ratio_to_base}
missing: group_average_score
bonus:
  cap: 5
  items:
    - {id: many, says: 从业人数 500 人以上, says_en: 500 people, when: employees >= 500人,
       points: 2}
limits:
  - {id: veto, says: 能耗数据造假, says_en: energy data forged, when: energy > 99999吨标准煤,
     at_most: D}
ties: [tax_per_mu]
grading:
  by: rank_share
  rounding: half_up
  bands:
    - {grade: A, from: 0, to: 20, title: 优先发展类}
    - {grade: B, from: 20, to: 60, title: 鼓励提升类}
    - {grade: C, from: 60, to: 95, title: 监管调控类}
    - {grade: D, from: 95, to: 100, title: 落后整治类}
history:
  - {id: inefficient_land, says: 连续两年 D 类，列入低效用地, says_en: D two years running,
     grades: [D], years: 2}
consequences:
  - {resource: land, grades: [A], says: 优先供应土地, says_en: land first,
     evidence: {source: 甲文件, verified: third_party_copy}}
  - {resource: electricity, grades: [D], says: 差别电价首年, says_en: first year, value: 0.05,
     unit: 元/千瓦时, evidence: &power {source: 乙文件, verified: assumption}}
  - {resource: electricity, grades: [D], years: 2, says: 差别电价连续第二年, says_en: second year,
     value: 0.10, unit: 元/千瓦时, evidence: *power}
  - {resource: electricity, grades: [D], years: 3, says: 差别电价三年及以上, says_en: third year,
     value: 0.15, unit: 元/千瓦时, evidence: *power}
publicity_days: 7
"""
NUMBER = pa.decimal128(18, 4)
SHAPE = pa.schema(
    [
        *((name, pa.string()) for name in ("uscc", "name", "district", "industry")),
        ("registered_on", pa.date32()),
        ("above_scale", pa.bool_()),
        ("production_started_on", pa.date32()),
        ("years_in_production", pa.decimal128(4, 0)),
        *((name, NUMBER) for name in ("land_mu", "tax_paid", "revenue", "rd_expense", "energy")),
        ("land_owned", pa.decimal128(18, 2)),
        ("employees", pa.decimal128(18, 0)),
    ]
)


def code(number: int) -> str:
    return f"9133990000000000{number:02d}"


def write(folder: Path, *, simulated: bool = True, scheme: str = SCHEME) -> Path:
    """Write a snapshot folder whose facts are of 2022, 2023 and 2024."""
    shutil.copytree(LANHE, folder / "city")
    (folder / "city" / "schemes" / "faces.yaml").write_text(scheme, encoding="utf-8")
    (folder / "tables").mkdir()
    for year, name in (
        (2024, "enterprises"),
        (2023, "enterprises_2023"),
        (2022, "enterprises_2022"),
    ):
        table = pa.Table.from_pylist(_facts(year), SHAPE)
        pq.write_table(table, folder / "tables" / f"{name}.parquet")
    run = {
        "format": 1,
        "run_id": "2025-03-31-made",
        "as_of": "2025-03-31",
        "year": 2024,
        "simulated": simulated,
        "schemes": [],
        "versions": {"cityforge": "0"},
        "intake": [
            {"dataset": "performance", "title": "企业年度绩效", "read": 100, "quarantined": 4},
            {"dataset": "market_entities", "title": "市场主体", "read": 50, "quarantined": 0},
        ],
    }
    (folder / "run.json").write_text(json.dumps(run, ensure_ascii=False), encoding="utf-8")
    return folder


def results(folder: Path, **options) -> Results:
    opened = snapshots.read(write(folder, **options))
    return evaluated_years.of_years(opened, opened.city.schemes["faces"])


def _facts(year: int) -> list[dict]:
    rows = [_rated(number, year) for number in range(1, 21)]
    # Missing research: the group's average stands in, which is what the others have.
    rows[18]["rd_expense"] = None
    rows[18]["name"] = HOSTILE
    new = {**_rated(21, year), "years_in_production": Decimal(1)}
    unknown = {**_rated(22, year), "above_scale": None}
    outside = {**_rated(23, year), "above_scale": False}
    return [*rows, new, unknown, outside]


def _rated(number: int, year: int) -> dict:
    # In the year before the 3rd and the 9th had each other's tax: one C above the line, one below.
    paid = {3: 9, 9: 3}.get(number, number) if year == 2023 else number
    return {
        "uscc": code(number),
        "name": f"兰河第{number}机械有限公司",
        "district": DISTRICTS[number % 3],
        "industry": "34" if number <= 12 else "26",
        "registered_on": datetime.date(2010, 1, 1),
        "above_scale": True,
        "production_started_on": datetime.date(2011, 1, 1),
        "years_in_production": Decimal(12),
        "land_owned": Decimal("20000.00"),
        "land_mu": Decimal(30),
        "tax_paid": Decimal(30 * paid),
        "revenue": Decimal(1000),
        "rd_expense": Decimal(30),
        "energy": Decimal(100),
        "employees": Decimal(50),
    }
