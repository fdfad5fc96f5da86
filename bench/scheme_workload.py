"""Schemes that differ as much as they can, and made-up facts for whatever they read.

The city's two evaluated schemes, and a third with what these lack: medians, lowest and highest
values, means of ratios, places, gaps reweighted and penalised, extra points, limits, shared ranks.
"""

from datetime import date
from pathlib import Path

import duckdb

from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.city.scheme import Scheme
from cityforge.brain.evaluation.prepared import Moment, Prepared, prepare
from cityforge.brain.expr import check
from cityforge.brain.expr.typed import column_name, walk
from cityforge.brain.expr.types import Kind, Type

YEAR = 2024
FOUNDED_ON = "registered_on"
DISTRICTS = 17
NAMED = ("js_huaian_2024", "zj_huangyan")


def prepared(city: City, book: Dictionary) -> list[Prepared]:
    """The three schemes."""
    return [prepare(book, scheme) for scheme in (*map(city.schemes.get, NAMED), everything())]


def moment(year: int) -> Moment:
    return Moment(year, date(year, 12, 31), {}, FOUNDED_ON)


def everything() -> Scheme:
    """A scheme of no city with every kind of scoring that the other two leave out."""

    def indicator(name: str, expr: str, unit: str | None, weight: int, **more: object) -> dict:
        given = {"id": name, "title": name, "title_en": name, "expr": expr, "weight": weight}
        return given | {"unit": unit} | more

    tax, energy = "tax_paid / land_mu", "energy / value_added"
    base = {"method": "this_year_median", "within": ["industry"]}
    above = [
        indicator("tax", tax, "万元/亩", 25, base=base, missing="reweight"),
        indicator(
            "energy", energy, "吨标准煤/万元", 15, direction="down", missing="penalty",
            scoring={"function": "reverse_ratio", "floor": 0},
            base={"method": "previous_year_mean", "mean": "of_ratios", "within": ["district"]},
        ),
        indicator(
            "labour", "value_added / employees", "万元/人", 20,
            scoring={"function": "minmax_20_80"}, missing="group_average_score",
        ),
        indicator(
            "rd", "rd_expense / revenue", "%", 15, scoring={"function": "efficacy_coefficient"},
            low={"method": "previous_year_lowest", "within": []},
            high={"method": "previous_year_median", "within": []},
        ),
        indicator(
            "place", "revenue / land_mu", "万元/亩", 10, missing="reweight",
            scoring={"function": "weighted_rank_percentile"},
        ),
        indicator(
            "first", "pollutants", "吨", 10, direction="down",
            scoring={"function": "first_is_100", "step": 1},
        ),
        indicator(
            "steps", "employees", "人", 5,
            scoring={"function": "steps",
                     "steps": [{"at": 300, "points": 5}, {"at": 20, "points": 2}]},
        ),
    ]  # fmt: skip
    below = [
        indicator(
            "tax", tax, "万元/亩", 60, missing="group_average_score",
            base={"method": "this_year_mean", "mean": "of_ratios", "within": ["industry"]},
        ),
        indicator(
            "energy", energy, "吨标准煤/万元", 40, direction="down", missing="penalty",
            scoring={"function": "target_completion", "cap": "1.2"},
            base={"method": "this_year_mean", "mean": "of_sums", "within": []},
        ),
    ]  # fmt: skip
    return Scheme.model_validate(
        {
            "id": "everything",
            "title": "全部计分方式",
            "title_en": "Every way of scoring",
            "evidence": {"source": "设例", "verified": "assumption"},
            "population": "above_scale or land_mu >= 3亩 or revenue > 2000万元",
            "exempt": [
                {"id": "new", "says": "新办", "says_en": "new", "when": "years_in_production < 2年"}
            ],
            "groups": ["district"],
            "parts": [
                {"id": "above", "title": "规上", "title_en": "above", "when": "above_scale",
                 "indicators": above},
                {"id": "below", "title": "规下", "title_en": "below",
                 "when": "not above_scale and revenue > 0", "indicators": below},
            ],
            "base": base,
            "scoring": {"function": "ratio_capped", "cap": "1.5", "floor": 0},
            "missing": "zero",
            "missing_points": 3,
            "bonus": {
                "cap": 6,
                "items": [
                    {"id": "staff", "says": "用工", "says_en": "staff",
                     "when": "employees >= 100人", "points": 2, "one_of": "size"},
                    {"id": "many", "says": "大户", "says_en": "many",
                     "when": "employees >= 500人", "points": "3.5", "one_of": "size"},
                    {"id": "rd", "says": "研发", "says_en": "research",
                     "when": "rd_expense > 100万元", "expr": "rd_expense / 100万元"},
                ],
            },
            "penalty": {
                "items": [{"id": "dirty", "says": "排放", "says_en": "emission",
                           "when": "pollutants > 500吨", "points": 1}]
            },
            "limits": [
                {"id": "veto", "says": "否决", "says_en": "veto", "when": "pollutants > 900吨",
                 "at_most": "丙"},
                {"id": "gate", "says": "保底", "says_en": "gate", "when": "tax_paid > 1000万元",
                 "at_least": "乙"},
            ],
            "ties": ["energy"],
            "grading": {
                "rounding": "largest_remainder",
                "tied": "worse",
                "bands": [
                    {"grade": "甲", "from": 0, "to": "12.5", "at_least": 40},
                    {"grade": "乙", "from": "12.5", "to": 60},
                    {"grade": "丙", "from": 60, "to": 100},
                ],
            },
        }
    )  # fmt: skip


def make_facts(folder: Path, rows: int, schemes: list[Prepared]) -> dict[int, Path]:
    """Parquet of two years with every column that the schemes read, in no order of codes."""
    types = _types(schemes)
    files = {}
    for year in (YEAR - 1, YEAR):
        columns = [
            f'{_made(type_, number * 10, year)} AS "{name}"'
            for number, (name, type_) in enumerate(sorted(types.items()), start=1)
        ]
        files[year] = folder / f"facts_{year}.parquet"
        query = f"""
            SELECT printf('91%06d%010d', 320000 + i % 97, i) AS uscc, '企业' || i AS name,
              CASE WHEN hash(i + 1) % 50 > 0 THEN 'd' || hash(i + 2) % {DISTRICTS} END AS district,
              printf('%02d', 13 + hash(i + 3) % 34) AS industry,
              DATE '1990-01-01' + CAST(hash(i + 4) % 12775 AS INTEGER) AS {FOUNDED_ON},
              {", ".join(columns)}
            FROM range({rows}) AS r(i) ORDER BY hash(i)
        """  # fmt: skip
        with duckdb.connect(":memory:", config={"threads": 2}) as connection:
            connection.execute(
                f"COPY ({query}) TO '{files[year]}' (FORMAT PARQUET, COMPRESSION ZSTD)"
            ).fetchall()
    return files


def _types(schemes: list[Prepared]) -> dict[str, Type]:
    """The columns that expressions read, with their types."""
    return {
        column_name(part): part.type
        for one in schemes
        for typed in one.reads
        for part in walk(typed)
        if check.columns(part) and not part.children
    }


def _made(type_: Type, seed: int, year: int) -> str:
    """A column of a type: gaps, zeros, ties among small whole numbers, losses, few large ones."""
    drawn = f"CAST(hash(i * 1000 + {seed} + {year}) // 2 AS BIGINT)"
    gap = f"hash(i * 1000 + {seed + 1} + {year}) % 11 = 0"
    if type_.kind is Kind.BOOL:
        value = f"{drawn} % 10 < 4"
    elif type_.kind is Kind.TEXT:
        value = f"printf('%04d', 1300 + {drawn} % 3400)"
    elif type_.kind is Kind.DATE:
        value = f"DATE '1990-01-01' + CAST({drawn} % 12000 AS INTEGER)"
    else:
        most = 10 ** min(type_.precision, 10) if type_.kind is Kind.EXACT else 10**10
        number = (
            f"CASE {drawn} % 9 WHEN 0 THEN {drawn} // 9 % 4 * 100"
            f" WHEN 1 THEN {drawn} // 9 % {most} ELSE {drawn} // 9 % {max(most // 1000, 9000)} END"
        )
        to = f"DECIMAL({type_.precision}, {type_.scale})" if type_.kind is Kind.EXACT else "DOUBLE"
        sign = f"CASE WHEN {drawn} % 53 = 0 THEN -1 ELSE 1 END"
        value = f"CAST(({number}) * ({sign}) / 100 AS {to})"
    return f"CASE WHEN NOT ({gap}) THEN {value} END"
