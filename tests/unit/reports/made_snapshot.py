"""A snapshot made by hand, of the shape that a run writes: small, seeded, with every oddity."""

import json
import random
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"
YEAR = 2024
DISTRICTS = ["qingyu", "yunping", "shijian"]
HOSTILE = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(2)>",
    "=cmd|'/c calc'!A1",
]

# A second scheme: two parts, so that everything that depends on parts is seen.
TWO_PARTS = """\
id: two_parts
title: 两类企业对照方案
title_en: Two parts compared
evidence: {source: 设例办法, verified: assumption, document_number: 设例〔2025〕1号}
assumptions: [加分不计, 分档四舍五入]
population: above_scale
groups: [district]
parts:
  - id: above
    title: 规上
    title_en: above scale
    when: above_scale
    indicators:
      - {id: tax_per_mu, title: 亩均税收, title_en: tax per mu, expr: tax_paid / land_mu,
         unit: 万元/亩, weight: 60}
      - {id: rd_ratio, title: 研发占比, title_en: R&D ratio, expr: rd_expense / revenue, weight: 40}
  - id: below
    title: 规下
    title_en: below scale
    when: not above_scale
    indicators:
      - {id: tax_per_mu, title: 亩均税收, title_en: tax per mu, expr: tax_paid / land_mu,
         unit: 万元/亩, weight: 100}
base: {method: fixed}
scoring: {function: ratio_to_base}
missing: group_average_score
grading:
  by: rank_share
  rounding: half_up
  bands:
    - {grade: A, from: 0, to: 20, title: 优先发展类}
    - {grade: B, from: 20, to: 60}
    - {grade: C, from: 60, to: 95}
    - {grade: D, from: 95, to: 100}
"""
# scheme -> part -> indicator -> (weight, base value)
SCHEMES = {
    "lanhe_2025": {
        "above": {
            "tax_per_mu": (40, 20.0),
            "value_added_per_energy": (30, 2.5),
            "labour_productivity": (20, 30.0),
            "rd_ratio": (10, 0.03),
        }
    },
    "two_parts": {
        "above": {"tax_per_mu": (60, 20.0), "rd_ratio": (40, 0.03)},
        "below": {"tax_per_mu": (100, 12.0)},
    },
}
BANDS = {
    "lanhe_2025": [("甲", 25), ("乙", 70), ("丙", 95), ("丁", 100)],
    "two_parts": [("A", 20), ("B", 60), ("C", 95), ("D", 100)],
}
CAP = {"lanhe_2025": 1.5, "two_parts": None}


def write(
    folder: Path,
    *,
    enterprises: int = 60,
    simulated: bool = True,
    year_before: bool = True,
    rated: bool = True,
    quarantined: bool = True,
    by_name: bool = True,
) -> Path:
    """Write a snapshot folder and return it."""
    shutil.copytree(LANHE, folder / "city")
    (folder / "city" / "schemes" / "two_parts.yaml").write_text(TWO_PARTS, encoding="utf-8")
    (folder / "tables").mkdir()
    frame = _frame(enterprises)
    years = [YEAR - 1, YEAR] if year_before else [YEAR]
    _save(folder, "enterprises", frame)
    for scheme in SCHEMES:
        rows = [row for year in years for row in _year(scheme, frame, year, rated=rated)]
        _save(folder, f"evaluation_{scheme}", rows)
    faults = _faults() if quarantined else []
    _save(folder, "quarantine", faults, schema=_QUARANTINE)
    found = _found_by_name() if by_name else []
    _save(folder, "found_by_name", found, schema=_FOUND)
    run = _record(enterprises, len({fault["row"] for fault in faults}), years)
    run["simulated"] = simulated
    run["intake"][1]["found_by_name"] = len(found)
    (folder / "run.json").write_text(json.dumps(run, ensure_ascii=False), encoding="utf-8")
    return folder


def _frame(count: int) -> list[dict]:
    names = random.Random(7)
    found = []
    for i in range(count):
        words = names.choice("恒瑞鼎盛华泰"), names.choice("机械电子医药化工")
        made = f"{'青云'[i % 2]}{''.join(words)}第{i}有限公司"
        found.append(
            {
                "uscc": f"91339900MA{i:08d}",
                "name": HOSTILE[i] if i < len(HOSTILE) else made,
                "district": DISTRICTS[i % 3],
                "industry": ["26", "35", "39", None][i % 4],
                "part": "above" if i % 5 < 3 else "below",
            }
        )
    return found


def _year(scheme: str, frame: list[dict], year: int, *, rated: bool) -> list[dict]:
    chance = random.Random(f"{scheme}{year}")
    rows = [_measured(scheme, each, year, chance, i, rated=rated) for i, each in enumerate(frame)]
    groups: dict[tuple, list[dict]] = {}
    for row in rows:
        if row["status"] == "rated":
            groups.setdefault((row["district"], row["part"]), []).append(row)
    for members in groups.values():
        _rank(scheme, members)
    return rows


def _measured(
    scheme: str, each: dict, year: int, chance: random.Random, i: int, *, rated: bool
) -> dict:
    parts = SCHEMES[scheme]
    status, reason, reason_en = "rated", None, None
    if i % 17 == 16:
        status, reason, reason_en = "exempt", "新投产企业", "newly in production"
    elif i % 19 == 18 or not rated:
        status, reason, reason_en = "undetermined", "缺少：用地面积", "unknown: land"
    elif each["part"] not in parts:
        status, reason, reason_en = "outside", "不在参评范围", "not in the population"
    row = {**each, "year": year, "status": status, "reason": reason, "reason_en": reason_en}
    total = 0.0
    for name in dict.fromkeys(name for part in parts.values() for name in part):
        weight, base = parts.get(each["part"], {}).get(name, (0, None))
        value = how = points = None
        if status == "rated" and base is not None:
            value = base * chance.lognormvariate(0, 0.6)
            ratio = value / base
            if CAP[scheme]:
                ratio = min(ratio, CAP[scheme])
            points, how = weight * ratio, "scored"
            if chance.random() < 0.08:
                value, points, how = None, weight * 0.9, "group_average"
            total += points
        row |= {f"value_{name}": value, f"base_{name}": base}
        row |= {f"points_{name}": points, f"how_{name}": how}
    row |= {"total": total if status == "rated" else None, "ranked": None, "rank": None}
    return row | {"grade": None}


def _rank(scheme: str, members: list[dict]) -> None:
    members.sort(key=lambda row: (-row["total"], row["uscc"]))
    n = len(members)
    for rank, row in enumerate(members, start=1):
        cuts = ((grade, (2 * n * to + 100) // 200) for grade, to in BANDS[scheme])
        row |= {"ranked": n, "rank": rank, "grade": next(g for g, last in cuts if rank <= last)}


_QUARANTINE = pa.schema(
    [
        *((name, pa.string()) for name in ("dataset", "title", "file")),
        ("row", pa.int64()),
        *((name, pa.string()) for name in ("column", "value", "reason_zh", "reason_en")),
    ]
)


def _faults() -> list[dict]:
    common = {"dataset": "tax", "title": "税务", "file": "tax.csv"}
    said = [
        (3, "uscc", "91339900MA0000000X", "校验位不对", "wrong check digit"),
        (9, "tax_paid", "<b>-5</b>", "不是数字", "not a number"),
        (9, "year", "二〇二四", "不是年份", "not a year"),
    ]
    keys = ("row", "column", "value", "reason_zh", "reason_en")
    return [{**common, **dict(zip(keys, each, strict=True))} for each in said]


_FOUND = pa.schema([(name, pa.string()) for name in ("dataset", "name", "uscc", "rung")])


def _found_by_name() -> list[dict]:
    rungs = ["one_slip", "name", "name"]
    return [
        {"dataset": "tax", "name": HOSTILE[0], "uscc": f"91339900MA{i:08d}", "rung": rung}
        for i, rung in enumerate(rungs)
    ]


def _record(enterprises: int, held: int, years: list[int]) -> dict:
    intake = [
        ("registrations", "企业登记", "Registrations", "市场监督管理局", enterprises, 0),
        ("tax", "税务", "Tax", "税务局", 2 * enterprises + held, held),
    ]
    return {
        "format": 1,
        "run_id": "2025-09-30-0123456789ab",
        "city": {"id": "lanhe", "title": "兰河市", "title_en": "Lanhe"},
        "as_of": "2025-09-30",
        "year": YEAR,
        "simulated": True,
        "simulated_note": None,
        "versions": {"cityforge": "0.1.0", "duckdb": "1.0", "python": "3.11"},
        "digests": {
            "city": "0" * 64,
            "inputs": {"tax": {"file": "tax.csv", "sha256": "1" * 64, "bytes": 1234}},
        },
        "intake": [
            {
                "dataset": dataset,
                "title": title,
                "title_en": title_en,
                "owner": owner,
                "file": f"{dataset}.csv",
                "read": read,
                "accepted": read - bad,
                "quarantined": bad,
            }
            for dataset, title, title_en, owner, read, bad in intake
        ],
        "schemes": [
            {
                "id": scheme,
                "title": scheme,
                "title_en": scheme,
                "years": years,
                "notes": [{"zh": "公布数与分档比例不符", "en": "published counts do not follow"}],
            }
            for scheme in SCHEMES
        ],
        "tables": {},
    }


def _save(folder: Path, name: str, rows: list[dict], *, schema: pa.Schema | None = None) -> None:
    table = pa.Table.from_pylist(rows, schema=schema or _schema(rows))
    pq.write_table(table, folder / "tables" / f"{name}.parquet")


def _schema(rows: list[dict]) -> pa.Schema:
    """Types by name, since a column may hold nothing but gaps."""
    kinds = {"year": pa.int32(), "rank": pa.int64(), "ranked": pa.int64(), "total": pa.float64()}
    figures = ("value_", "base_", "points_")
    return pa.schema(
        (name, pa.float64() if name.startswith(figures) else kinds.get(name, pa.string()))
        for name in rows[0]
    )
