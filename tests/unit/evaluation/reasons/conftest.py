"""A population of thousands under schemes of every kind, evaluated by the statement."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sqlglot import exp

from cityforge.brain.city import checks
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.scheme import Scheme
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.evaluation.prepared import Moment, Prepared, prepare
from cityforge.brain.evaluation.statement import statement
from cityforge.brain.expr.types import Kind

LANHE = Path(__file__).resolve().parents[3] / "cities" / "lanhe"
MOMENT = Moment(2024, date(2024, 12, 31), {}, "registered_on")
BEFORE = Moment(2023, date(2023, 12, 31), {}, "registered_on")


@dataclass(frozen=True)
class Pool:
    """A scheme and what it said of a population."""

    prepared: Prepared
    rows: pa.Table
    facts: pa.Table

    def again(self, facts: pa.Table, held: pa.Table) -> list[dict[str, Any]]:
        """The statement once more, on other facts, with what groups gave held."""
        with Engine(threads=2) as engine:
            engine.take("facts", facts)
            engine.take("kept", held)
            query = statement(
                self.prepared, MOMENT, facts=exp.to_table("facts"), held=exp.to_table("kept")
            )
            return list(engine.arrow(query).to_pylist())


@pytest.fixture(scope="session")
def book() -> Dictionary:
    return checks.load(LANHE)[1]


def indicator(name: str, expr: str, unit: str | None, weight: int, **more: Any) -> dict[str, Any]:
    return {
        "id": name, "title": name, "title_en": name, "expr": expr, "unit": unit, "weight": weight,
    } | more  # fmt: skip


TAX = ("tax", "tax_paid / energy", "万元/吨标准煤")
LABOUR = ("labour", "value_added / employees", "万元/人")
ENERGY = ("energy", "energy / value_added", "吨标准煤/万元")
BANDS = [
    {"grade": "A", "from": 0, "to": 20},
    {"grade": "B", "from": 20, "to": 60},
    {"grade": "C", "from": 60, "to": 95},
    {"grade": "D", "from": 95, "to": 100},
]
PLAIN = {
    "id": "plain", "title": "设例", "title_en": "Drawn",
    "evidence": {"source": "设例", "verified": "assumption"},
    "population": "above_scale", "groups": ["district"], "missing": "zero",
    "base": {"method": "this_year_mean"}, "scoring": {"floor": 0},
    "grading": {"rounding": "half_up", "bands": BANDS}, "ties": ["tax"],
}  # fmt: skip

SCHEMES: dict[str, dict[str, Any]] = {
    "ratios": {
        "indicators": [indicator(*TAX, 60), indicator(*LABOUR, 40)],
        "scoring": {"cap": 2, "floor": 0},
    },
    "averaged": {
        "indicators": [indicator(*TAX, 60), indicator(*LABOUR, 40)],
        "missing": "group_average_score",
        "base": {"method": "previous_year_mean", "factor": 2, "within": ["district"]},
        "grading": {"rounding": "largest_remainder", "tied": "worse", "bands": BANDS},
    },
    "places": {
        "indicators": [
            indicator(*TAX, 50, scoring={"function": "weighted_rank_percentile"}),
            indicator(*LABOUR, 30, scoring={"function": "minmax_20_80"}),
            indicator(
                *ENERGY, 20, direction="down",
                scoring={"function": "reverse_ratio"}, base={"method": "this_year_median"},
            ),
        ],
        "missing": "reweight",
    },
    "by_score": {
        "indicators": [indicator(*TAX, 60), indicator(*LABOUR, 40)],
        "missing": "penalty", "missing_points": 3,
        "bonus": {"cap": 10, "items": [
            {"id": "rd", "says": "研发", "says_en": "rd", "when": "rd_expense >= revenue * 3%",
             "points": 8},
            {"id": "rd5", "says": "研发", "says_en": "rd", "when": "rd_expense >= revenue * 5%",
             "points": 10, "one_of": "rd"},
        ]},
        "limits": [
            {"id": "small", "says": "小", "says_en": "small", "when": "revenue < 3000万元",
             "at_most": "C"},
            {"id": "big", "says": "大", "says_en": "big", "when": "tax_paid >= 3000万元",
             "at_least": "B"},
        ],
        "grading": {"by": "score", "bands": [
            {"grade": "A", "at_least": 140}, {"grade": "B", "at_least": 90},
            {"grade": "C", "at_least": 40}, {"grade": "D"},
        ]},
    },
}  # fmt: skip


def scheme(name: str) -> Scheme:
    more = dict(SCHEMES[name])
    part = {
        "id": "all", "title": "全部", "title_en": "all", "when": "above_scale",
        "indicators": more.pop("indicators"),
    }  # fmt: skip
    return Scheme.model_validate(PLAIN | {"parts": [part]} | more)


def facts(book: Dictionary, seed: int, rows: int) -> pa.Table:
    chance = np.random.default_rng(seed)

    def column(name: str, mean: float, gaps: float) -> pa.Array:
        type_ = book.facts[name].type
        drawn = chance.lognormal(np.log(mean), 0.9, rows)
        known = chance.random(rows) >= gaps
        shown = [
            Decimal(f"{value:.{type_.scale}f}") if there else None
            for value, there in zip(drawn.tolist(), known.tolist(), strict=True)
        ]
        return pa.array(shown, pa.decimal128(type_.precision, type_.scale))

    assert book.facts["tax_paid"].type.kind is Kind.EXACT
    districts = chance.choice(["qingyu", "yunping"], rows)
    return pa.table(
        {
            "uscc": [f"{i:018d}" for i in range(rows)],
            "name": [f"企业{i}" for i in range(rows)],
            "district": districts.tolist(),
            "industry": ["35"] * rows,
            "registered_on": pa.array([date(2010, 1, 1)] * rows),
            "above_scale": [True] * rows,
            "tax_paid": column("tax_paid", 400, 0.04),
            "value_added": column("value_added", 2500, 0.04),
            "employees": column("employees", 120, 0.04),
            "energy": column("energy", 800, 0.04),
            "revenue": column("revenue", 9000, 0.02),
            "rd_expense": column("rd_expense", 300, 0.05),
        }
    )


@pytest.fixture(scope="session", params=sorted(SCHEMES))
def pool(request: pytest.FixtureRequest, book: Dictionary) -> Pool:
    prepared = prepare(book, scheme(request.param))
    now, before = facts(book, 1, 700), facts(book, 2, 700)
    with Engine(threads=2) as engine:
        engine.take("now", now)
        engine.take("earlier", before)
        query = statement(
            prepared,
            MOMENT,
            facts=exp.to_table("now"),
            before=(BEFORE, exp.to_table("earlier")),
        )
        return Pool(prepared, engine.arrow(query), now)
