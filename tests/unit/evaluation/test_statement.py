"""The statement against a slow, obvious evaluation by fractions, on schemes and facts at random.

The second method and what is drawn stand in `tests/spec/evaluation_{oracle,drawn}.py`; neither
imports anything of ours.
"""

import random
import runpy
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlglot import exp

from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.scheme import Scheme
from cityforge.brain.city.scheme_scoring import TRAITS
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.evaluation.prepared import prepare
from cityforge.brain.evaluation.statement import statement

SPEC = Path(__file__).resolve().parents[2] / "spec"
ORACLE, DRAWN, RUN = (
    SimpleNamespace(**runpy.run_path(str(SPEC / f"evaluation_{name}.py")))
    for name in ("oracle", "drawn", "run")
)
Row = dict[str, Any]
YEAR = 2024
SEEDS = range(100)
COUNT = 40


@pytest.fixture(scope="module")
def book() -> Dictionary:
    return RUN.book()  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as engine:
        yield engine


def drawn(seed: int) -> tuple[Row, list[Row], list[Row] | None, Row]:
    """A scheme, the facts of its year, those of the year before or none, parameters."""
    chance = random.Random(seed)
    scheme = DRAWN.scheme(chance)
    rows, before = DRAWN.facts(chance, COUNT), DRAWN.facts(chance, COUNT)
    return scheme, rows, None if chance.random() < 0.1 else before, DRAWN.parameters(chance)


def by_second_method(seed: int) -> dict[str, Row]:
    scheme, rows, before, parameters = drawn(seed)
    return dict(ORACLE.evaluated(scheme, rows, before, year=YEAR, parameters=parameters))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_statement_is_the_plain_evaluation(engine: Engine, book: Dictionary, seed: int) -> None:
    scheme, rows, before, parameters = drawn(seed)
    got = RUN.run(engine, book, scheme, rows, before, parameters=parameters)
    wanted = by_second_method(seed)
    assert [row["uscc"] for row in got] == sorted(wanted)
    for row in got:
        one = wanted[row["uscc"]]
        assert RUN.differences(row, one) == [], row["uscc"]
        assert (row["reason"] is None) is (one["status"] == "rated")
        assert (row["reason_en"] is None) is (one["status"] == "rated")


# --- that the comparison above proves something --------------------------------------------------


def rules(scheme: Row) -> Iterator[tuple[str, str, Row]]:
    """Slot, function and rule of whatever an indicator is held against."""
    for part in scheme["parts"]:
        for one in part["indicators"]:
            function = ORACLE.scoring_of(scheme, one)["function"]
            for slot in ("base", "low", "high"):
                rule = ORACLE.rule_of(scheme, one, slot)
                if slot in ORACLE.NEEDS[function] and rule is not None:
                    yield slot, function, rule


def moved_by(scheme: Row, one: Row) -> str | None:
    limit = next((x for x in scheme.get("limits", ()) if x["id"] == one.get("limited_by")), None)
    return limit and ("gate" if "at_least" in limit else "veto")


def met(seed: int) -> Iterator[tuple[str, ...]]:
    """Every case that one drawn evaluation meets among those it rates."""
    scheme, _, before, _ = drawn(seed)
    rated = [one for one in by_second_method(seed).values() if one["status"] == "rated"]
    grading = scheme["grading"]
    directions: dict[str, set[str]] = {}
    for part in scheme["parts"]:
        for one in part["indicators"]:
            name, scoring = one["id"], ORACLE.scoring_of(scheme, one)
            way = "down" if ORACLE.is_down(one) else "up"
            directions.setdefault(name, set()).add(way)
            mine = [row for row in rated if row["part"] == part["id"]]
            for row in mine:
                yield "function", scoring["function"], way, row[f"how_{name}"]
                gap = one.get("missing") or scheme["missing"]
                yield "missing", gap, row[f"how_{name}"]
                points = row[f"points_{name}"]
                if points is not None and scoring.get("cap") is not None:
                    most = ORACLE.stated(scoring["cap"]) * ORACLE.stated(one["weight"])
                    yield "cap", str(points == most)
                if points is not None and scoring.get("floor") is not None:
                    yield "floor", str(points == ORACLE.stated(scoring["floor"]))
            yield "own scoring", str("scoring" in one)
    for slot, _, rule in rules(scheme):
        if not rated:
            continue
        yield "method", slot, rule["method"]
        if rule["method"].endswith("mean"):
            yield "mean", rule["mean"]
        yield "factor", str(rule.get("factor", 1) != 1)
        yield "within", str(sorted(rule.get("within", ())))
    yield "year before", str(before is not None)
    for way in directions.values():
        yield "directions of one indicator", str(sorted(way))
    for kind in ("bonus", "penalty"):
        for item in scheme.get(kind, {}).get("items", ()):
            for row in rated:
                worth = row[f"{kind}_{item['id']}"]
                gained = "None" if worth is None else str(worth > 0)
                yield kind, "expr" if "expr" in item else "points", gained
        capped = scheme.get(kind, {}).get("cap")
        if capped is not None:
            yield from ((kind, "capped", str(row[kind] == capped)) for row in rated)
        names = Counter(item.get("one_of") for item in scheme.get(kind, {}).get("items", ()))
        yield kind, "one of several", str(any(n > 1 for name, n in names.items() if name))
    totals: dict[tuple[Any, ...], list[Row]] = {}
    for row in rated:
        totals.setdefault((row["part"], row["ranked"], row["total"]), []).append(row)
        yield "limit", str(moved_by(scheme, row))
    for alike in totals.values():
        if len(alike) > 1:
            parted = len({row.get("ranked_grade", row["grade"]) for row in alike}) > 1
            yield "tied", grading["tied"], grading["by"], "parted" if parted else "together"
    for band in grading["bands"]:
        yield "least total", grading["by"], str("at_least" in band)
    if rated:
        yield "rounding", grading["rounding"], grading["by"], grading["tied"]
    yield "ties", str(len(scheme["ties"]))
    yield "groups", str(sorted(scheme["groups"]))


def test_the_drawn_populations_meet_every_case() -> None:
    """Every function in each of its directions, every gap rule, base, rounding, tie and limit."""
    seen: Counter[tuple[str, ...]] = Counter()
    statuses: Counter[str] = Counter()
    for seed in SEEDS:
        seen.update(met(seed))
        statuses.update(one["status"] for one in by_second_method(seed).values())
    wanted: list[tuple[str, ...]] = [
        ("function", name, way, "scored")
        for name, traits in TRAITS.items()
        for way in traits.directions
    ]
    wanted += [
        ("missing", "zero", "zero"),
        ("missing", "zero", "no_base"),
        ("missing", "group_average_score", "group_average"),
        ("missing", "group_average_score", "zero"),
        ("missing", "group_average_score", "no_base"),
        ("missing", "penalty", "penalty"),
        ("missing", "penalty", "no_base"),
        ("missing", "reweight", "reweighted"),
    ]
    of_groups = [
        f"{year}_year_{over}"
        for year in ("this", "previous")
        for over in ("mean", "median", "lowest", "highest")
    ]
    wanted += [
        ("method", "base", name) for name in ("fixed", "parameter", "expression", *of_groups)
    ]
    wanted += [
        ("method", slot, name)
        for slot, end in (("low", "lowest"), ("high", "highest"))
        for name in ("fixed", f"this_year_{end}", f"previous_year_{end}")
    ]
    wanted += [("mean", "of_sums"), ("mean", "of_ratios")]
    for name in ("cap", "floor", "factor", "year before", "own scoring"):
        wanted += [(name, "True"), (name, "False")]
    for kind in ("bonus", "penalty"):
        wanted += [
            (kind, form, str(worth)) for form in ("expr", "points") for worth in (True, False)
        ]
        wanted += [(kind, "points", "None"), (kind, "expr", "None")]
        wanted += [(kind, "capped", "True"), (kind, "one of several", "True")]
    wanted += [("limit", name) for name in ("gate", "veto", "None")]
    wanted += [("tied", "apart", "rank_share", "parted")]
    wanted += [("tied", way, "rank_share", "together") for way in ("apart", "better", "worse")]
    wanted += [("least total", by, "True") for by in ("rank_share", "score")]
    wanted += [
        ("rounding", rounding, "rank_share", tied)
        for rounding in ("half_up", "floor", "ceiling", "largest_remainder")
        for tied in ("apart", "better", "worse")
    ]
    places = ([], ["district"], ["industry"], ["district", "industry"])
    wanted += [(name, str(place)) for place in places for name in ("within", "groups")]
    wanted += [("ties", number) for number in "012"]
    wanted += [("directions of one indicator", "['down', 'up']")]
    assert [case for case in wanted if not seen[case]] == []
    assert statuses.keys() == {"rated", "exempt", "outside", "undetermined"}


# --- what does not depend on a second method -----------------------------------------------------


@pytest.mark.parametrize("seed", [3, 17, 20])
def test_order_of_rows_and_threads_change_no_bit(book: Dictionary, seed: int) -> None:
    chance = random.Random(seed)
    scheme = DRAWN.scheme(chance)
    rows, before = DRAWN.facts(chance, 3000), DRAWN.facts(chance, 3000)
    with Engine(threads=1) as one:
        first = RUN.run(one, book, scheme, rows, before, parameters={})
    chance.shuffle(rows)
    chance.shuffle(before)
    with Engine(threads=2) as two:
        second = RUN.run(two, book, scheme, rows, before, parameters={})
    assert repr(first) == repr(second)


# The smallest scheme that says who is in, in which part, who is exempt.
SMALL: Row = {
    "id": "small",
    "title": "设例",
    "title_en": "Small",
    "evidence": {"source": "设例", "verified": "assumption"},
    "population": "above_scale or land_mu >= 3亩",
    "exempt": [
        {"id": "new", "says": "新办", "says_en": "new", "when": "years_in_production < 2年"}
    ],
    "groups": ["district"],
    "parts": [
        {"id": name, "title": name, "title_en": name, "when": when,
         "indicators": [{"id": "yield", "title": "亩均", "title_en": "yield", "unit": "万元/亩",
                         "expr": f"{above} / land_mu", "weight": 100}]}
        for name, when, above in (
            ("above", "above_scale", "tax_paid"),
            ("below", "not above_scale and revenue > 1万元", "revenue"),
        )
    ],
    "base": {"method": "previous_year_mean"},
    "missing": "zero",
    "grading": {"bands": [{"grade": "甲", "from": 0, "to": 100}]},
}  # fmt: skip


def test_a_reason_names_the_facts_that_are_missing(engine: Engine, book: Dictionary) -> None:
    whole = DRAWN.facts(random.Random(1), 1)[0] | {
        "district": "qingyu", "registered_on": None, "above_scale": True, "land_mu": Decimal(5),
        "years_in_production": Decimal(5), "revenue": Decimal(3),
    }  # fmt: skip
    cases: list[tuple[Row, str, str | None]] = [
        ({}, "rated", None),
        ({"above_scale": None, "land_mu": None}, "undetermined", "缺少：规上、用地面积（亩）"),
        ({"above_scale": None}, "undetermined", "缺少：规上"),
        ({"above_scale": None, "revenue": None}, "undetermined", "缺少：规上、营业收入"),
        ({"above_scale": False, "revenue": None}, "undetermined", "缺少：营业收入"),
        ({"above_scale": False, "land_mu": Decimal(2)}, "outside", "不在参评范围"),
        ({"above_scale": False, "revenue": Decimal(1)}, "outside", "不属于方案的任何一类"),
        ({"years_in_production": Decimal(1)}, "exempt", "新办"),
        ({"registered_on": ORACLE.date(2025, 1, 1)}, "outside", "评价年度内尚未成立"),
        ({"district": None}, "undetermined", "缺少：所属区县"),
    ]
    rows = [whole | {"uscc": f"{i:04d}"} | cells for i, (cells, _, _) in enumerate(cases)]
    got = RUN.run(engine, book, SMALL, rows, rows, parameters={})
    assert [(row["status"], row["reason"]) for row in got] == [case[1:] for case in cases]
    assert all((row["reason_en"] is None) == (row["reason"] is None) for row in got)


@pytest.mark.parametrize("seed", range(6))
def test_nobody_to_evaluate_is_an_empty_result(engine: Engine, book: Dictionary, seed: int) -> None:
    scheme, rows, _, parameters = drawn(seed)
    engine.take("nobody", RUN.as_table(book, rows).slice(0, 0))
    table = exp.to_table("nobody")
    query = statement(
        prepare(book, Scheme.model_validate(scheme)),
        RUN.moment(YEAR, parameters),
        facts=table,
        before=(RUN.moment(YEAR - 1, parameters), table),
    )
    assert engine.arrow(query).num_rows == 0
    engine.drop("nobody")


def test_without_a_year_before_no_base_of_it_is_made_up(engine: Engine, book: Dictionary) -> None:
    rows = DRAWN.facts(random.Random(5), COUNT)
    got = RUN.run(engine, book, SMALL, rows, None, parameters={})
    rated = [row for row in got if row["status"] == "rated"]
    assert len(rated) > 5
    assert {row["base_yield"] for row in got} == {None}
    assert {(row["points_yield"], row["total"]) for row in rated} == {(0.0, 0.0)}
    # The reader is told which of the two it was: no value, or nothing to hold it against.
    assert {row["how_yield"] for row in rated} == {"zero", "no_base"}
    for row in rated:
        assert row["how_yield"] == ("zero" if row["value_yield"] is None else "no_base")
