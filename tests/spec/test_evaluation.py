"""The spec tables of evaluations, worked out by hand: points on every machine, groups, quotas."""

import math
import runpy
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML
from sqlglot import exp

from cityforge.brain.city.scheme_grading import Grading
from cityforge.brain.city.scheme_scoring import TRAITS
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.evaluation.grading import counts
from cityforge.brain.scoring.functions import FUNCTIONS, Against, Settings
from cityforge.brain.scoring.machines import ARRAYS, PLAIN, SQL

HERE = Path(__file__).parent
TABLE = YAML(typ="safe", pure=True).load(HERE / "evaluation.yaml")
RUN = SimpleNamespace(**runpy.run_path(str(HERE / "evaluation_run.py")))
Case = dict[str, Any]
POINTS = [
    pytest.param(name, case, id=f"{name}-{i}")
    for name, cases in TABLE["points"].items()
    for i, case in enumerate(cases)
]
SLOTS = ("x", "b", "l", "h", "k", "n")
SETTINGS = {"down", "start", "step", "steps", "otherwise"}
KNOWN = {*SLOTS, *SETTINGS, "w", "cap", "floor", "gives", "by_hand"}


def settings(case: Case) -> Settings:
    return Settings(
        is_down=case.get("down", False),
        start=case.get("start"),
        step=float(case.get("step", 5)),
        steps=tuple((float(at), float(points)) for at, points in case.get("steps", ())),
        otherwise=float(case.get("otherwise", 0)),
    )


def bounds(case: Case) -> tuple[float | None, float | None]:
    cap = case.get("cap")
    return case.get("floor"), None if cap is None else float(cap) * float(case["w"])


def numbers(case: Case) -> list[float | None]:
    return [None if case.get(slot) is None else float(case[slot]) for slot in SLOTS]


def fraction(text: object) -> Fraction:
    above, _, below = str(text).partition(" / ")
    return Fraction(above) / Fraction(below or 1)


def on_plain(name: str, case: Case) -> float | None:
    x, *others = numbers(case)
    points = FUNCTIONS[name].points(PLAIN, x, Against(float(case["w"]), *others), settings(case))
    return PLAIN.held(points, *bounds(case))


def on_arrays(name: str, case: Case) -> float | None:
    x, *others = (np.array([np.nan if n is None else n]) for n in numbers(case))
    against = Against(ARRAYS.number(float(case["w"])), *others)
    points = FUNCTIONS[name].points(ARRAYS, x, against, settings(case))
    (found,) = np.broadcast_to(ARRAYS.held(points, *bounds(case)), 1).tolist()
    return None if math.isnan(found) else float(found)


def in_sql(name: str, case: Case) -> exp.Expr:
    x, *others = (
        exp.cast(exp.null(), "DOUBLE") if n is None else SQL.number(n) for n in numbers(case)
    )
    against = Against(SQL.number(float(case["w"])), *others)
    return SQL.held(FUNCTIONS[name].points(SQL, x, against, settings(case)), *bounds(case))


@pytest.fixture(scope="module")
def by_sql() -> dict[str, float | None]:
    """All cases in one statement."""
    made = [exp.alias_(in_sql(*case.values), f"c{i}") for i, case in enumerate(POINTS)]
    with Engine(threads=1) as engine:
        (row,) = engine.rows(exp.select(*made))
    return {str(case.id): found for case, found in zip(POINTS, row, strict=True)}


@pytest.mark.parametrize(("name", "case"), POINTS)
def test_points_by_hand(
    request: pytest.FixtureRequest, by_sql: dict[str, float | None], name: str, case: Case
) -> None:
    assert case.keys() <= KNOWN
    plain = on_plain(name, case)
    sql = by_sql[request.node.callspec.id]
    assert [sql, on_arrays(name, case)] == [plain, plain], "the machines differ"
    if case["gives"] is None:
        assert plain is None
        return
    assert plain is not None
    wanted = fraction(case["gives"])
    within = 1e-9 if "/" in str(case["gives"]) else 4 * math.ulp(float(wanted) or 1.0)
    assert abs(plain - float(wanted)) <= within


def test_every_function_has_its_cases() -> None:
    assert TABLE["points"].keys() == TRAITS.keys()
    for name, cases in TABLE["points"].items():
        assert all(case["by_hand"] for case in cases)
        needs = TRAITS[name].needs
        ways = {"down" if case.get("down") else "up" for case in cases}
        assert ways <= set(TRAITS[name].directions)
        if "base" in needs and name != "all_or_nothing":
            assert any(case["gives"] is None and case.get("x") is not None for case in cases)


# --- one group through the whole statement -------------------------------------------------------


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as engine:
        yield engine


@pytest.mark.parametrize("case", TABLE["groups"], ids=lambda case: case["says"])
def test_a_group_by_hand(engine: Engine, case: Case) -> None:
    indicator = {
        "id": "yield", "title": "亩均税收", "title_en": "yield", "expr": "tax_paid / land_mu",
        "unit": "万元/亩", "weight": 100, **case["indicator"],
    }  # fmt: skip
    scheme = {
        "id": "one_group",
        "title": "一组",
        "title_en": "One group",
        "evidence": {"source": "设例", "verified": "assumption"},
        "population": "land_mu >= 0亩",
        "groups": [],
        "parts": [
            {"id": "all", "title": "全部", "title_en": "all", "when": "land_mu >= 0亩",
             "indicators": [indicator]}
        ],
        "missing": case.get("missing", "zero"),
        **({"missing_points": case["missing_points"]} if "missing_points" in case else {}),
        "grading": {"bands": [{"grade": "A", "from": 0, "to": 100}]},
    }  # fmt: skip
    rows = [
        {
            "uscc": str(i), "name": str(i), "district": "qingyu", "industry": "26",
            "registered_on": None, "land_mu": Decimal(1),
            "tax_paid": None if value is None else Decimal(value),
        }
        for i, value in enumerate(case["values"])
    ]  # fmt: skip
    got = RUN.run(engine, RUN.book(), scheme, rows, parameters={})
    assert [row["total"] for row in got] == case["gives"]


def three_decimals(number: float | Fraction) -> str:
    exact = (
        Decimal(number.numerator) / Decimal(number.denominator)
        if isinstance(number, Fraction)
        else Decimal(number)
    )
    return str(exact.quantize(Decimal("0.001"), ROUND_HALF_UP))


@pytest.mark.parametrize("case", TABLE["totals"], ids=lambda case: case["says"])
def test_a_worked_example(case: Case) -> None:
    ours, by_fractions = [], []
    for x, base, weight in case["rows"]:
        points = FUNCTIONS["ratio_to_base"].points(
            PLAIN, float(x), Against(float(weight), float(base)), Settings()
        )
        assert points is not None
        ours.append(points)
        by_fractions.append(fraction(x) / fraction(base) * fraction(weight))
    assert [three_decimals(points) for points in ours] == case["points"]
    assert [three_decimals(points) for points in by_fractions] == case["points"]
    assert three_decimals(sum(ours)) == three_decimals(sum(by_fractions)) == case["total"]


def test_static_and_dynamic_by_efficacy() -> None:
    """滁州：静态 40%、动态 60%，各按功效系数（起点 60）：40 × 0.92 + 60 × 0.6 = 72.8."""
    efficacy = FUNCTIONS["efficacy_coefficient"].points
    static = efficacy(PLAIN, 42.0, Against(40.0, low=30.0, high=45.0), Settings())
    dynamic = efficacy(PLAIN, 2.0, Against(60.0, low=2.0, high=5.0), Settings())
    assert static == pytest.approx(36.8, abs=1e-12)
    assert dynamic == pytest.approx(36.0, abs=1e-12)
    assert static + dynamic == pytest.approx(72.8, abs=1e-12)


@pytest.mark.parametrize(
    "case", TABLE["quotas"], ids=lambda case: f"{case['rounding']}-{case['of']}"
)
def test_quotas_by_hand(case: Case) -> None:
    to = case["to"]
    bands = [
        {"grade": "ABCD"[i], "from": low, "to": high}
        for i, (low, high) in enumerate(zip((0, *to), to, strict=False))
    ]
    asked = Grading.model_validate({"rounding": case["rounding"], "bands": bands})
    assert list(counts(asked, case["of"]).values()) == case["counts"]
    assert sum(case["counts"]) == case["of"] and case["by_hand"]
