"""The statement against a slow, obvious evaluation in plain Python, on random small populations."""

import random
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sqlglot import exp

from cityforge.brain.city import checks
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.scheme import Scheme
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.evaluation.grading import last_ranks
from cityforge.brain.evaluation.prepared import Moment, prepare
from cityforge.brain.evaluation.statement import columns, statement
from cityforge.brain.expr.types import Kind

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"
EVIDENCE = {"source": "设例", "verified": "assumption"}
Row = dict[str, Any]
YEAR = 2024


@pytest.fixture(scope="module")
def book() -> Dictionary:
    return checks.load(LANHE)[1]


# --- a scheme with every setting drawn -----------------------------------------------------------


def drawn_scheme(chance: random.Random) -> Scheme:
    """Two parts; `yield` means another ratio in each; missing, base and bands as drawn."""
    unit, times = chance.choice([("万元/亩", 1), ("元/亩", 10_000)])

    def indicator(name: str, expr: str, unit: str | None, weight: int, base: Decimal) -> Row:
        found: Row = {"id": name, "title": name, "title_en": name, "expr": expr, "unit": unit}
        found |= {"weight": weight}
        years = [year for year in (2020, 2023, 2025) if chance.random() < 0.7] or [2021]
        found["bases"] = [{"year": year, "value": base * (year - 2000)} for year in years]
        if chance.random() < 0.3:
            found["missing"] = chance.choice(["zero", "group_average_score"])
        return found

    above = [
        indicator("yield", "tax_paid / land_mu", unit, 60, Decimal("0.5") * times),
        indicator("labour", "value_added / employees", "万元/人", 40, Decimal("0.1")),
    ]
    below = [indicator("yield", "revenue / land_mu", unit, 100, Decimal("0.3") * times)]
    places: list[list[str]] = [[], ["district"], ["district", "industry"], ["industry"]]
    to = chance.choice([[20, 60, 95, 100], [50, 100], [Decimal("12.5"), 30, 100]])
    bands = [{"grade": "甲乙丙丁"[i], "from": ([0, *to])[i], "to": to[i]} for i in range(len(to))]
    return Scheme.model_validate(
        {
            "id": "drawn",
            "title": "设例",
            "title_en": "Drawn",
            "evidence": EVIDENCE,
            "population": "above_scale or land_mu >= 3亩",
            "exempt": [
                {"id": "new", "says": "新办", "says_en": "new", "when": "years_in_production < 2年"}
            ],
            "groups": chance.choice(places),
            "parts": [
                {"id": "above", "title": "规上", "title_en": "above", "when": "above_scale",
                 "indicators": above},
                {"id": "below", "title": "规下", "title_en": "below",
                 "when": "not above_scale and revenue > 1万元", "indicators": below},
            ],
            "base": {
                "method": chance.choice(["fixed", "previous_year_mean", "this_year_mean"]),
                "factor": chance.choice([1, 2, Decimal("1.5")]),
                "mean": chance.choice(["of_sums", "of_ratios"]),
                "within": chance.choice(places),
            },
            "scoring": {
                "cap": chance.choice([None, 1, Decimal("1.5")]),
                "floor": chance.choice([None, 0, -5]),
            },
            "missing": chance.choice(["zero", "group_average_score"]),
            "ties": chance.choice([[], ["yield"], ["labour", "yield"]]),
            "grading": {
                "rounding": chance.choice(["half_up", "floor", "ceiling"]),
                "bands": bands,
            },
        }
    )  # fmt: skip


def drawn_facts(chance: random.Random, count: int) -> list[Row]:
    """Small whole numbers, so that ties, zeros and gaps all come up."""

    def number(low: int, high: int) -> Decimal | None:
        return None if chance.random() < 0.12 else Decimal(chance.randint(low, high))

    return [
        {
            "uscc": f"{i:018d}",
            "name": f"企业{i}",
            "district": chance.choice(["qingyu", "yunping", None]),
            "industry": chance.choice(["26", "35", "35", None]),
            "registered_on": chance.choice([None, date(2010, 1, 1), date(2025, 1, 1)]),
            "above_scale": chance.choice([True, True, False, None]),
            "land_mu": number(0, 6),
            "tax_paid": number(-2, 6),
            "value_added": number(-1, 5),
            "employees": number(0, 4),
            "revenue": number(0, 5),
            "years_in_production": number(0, 6),
        }
        for i in range(count)
    ]


# --- the same by plain Python --------------------------------------------------------------------


Truth = bool | None


def either(*parts: Truth) -> Truth:
    return True if any(parts) else (None if None in parts else False)


def both(*parts: Truth) -> Truth:
    return False if False in parts else (None if None in parts else True)


def more(value: Decimal | None, than: int) -> Truth:
    return None if value is None else value > than


RATIOS = {
    ("above", "yield"): ("tax_paid", "land_mu"),
    ("above", "labour"): ("value_added", "employees"),
    ("below", "yield"): ("revenue", "land_mu"),
}


def standing(row: Row, scheme: Scheme) -> tuple[str, str | None]:
    """Status and part."""
    small = None if row["above_scale"] is None else not row["above_scale"]
    whens = {"above": row["above_scale"], "below": both(small, more(row["revenue"], 1))}
    part = None
    for name, when in whens.items():
        if when is not False:
            part = name if when else None
            break
    population = either(row["above_scale"], more(row["land_mu"], 2))
    if row["registered_on"] and row["registered_on"] > date(YEAR, 12, 31):
        return "outside", part
    if population is None:
        return "undetermined", part
    if not population:
        return "outside", part
    if row["years_in_production"] is not None and row["years_in_production"] < 2:
        return "exempt", part
    if part is None:
        return ("undetermined" if None in whens.values() else "outside"), part
    if any(row[name] is None for name in scheme.groups):
        return "undetermined", part
    return "rated", part


def value_of(row: Row, part: str, name: str, times: int) -> float | None:
    above, below = (row[fact] for fact in RATIOS[(part, name)])
    if above is None or not below:
        return None
    return float(above) / float(below) * (times if name == "yield" else 1)


@dataclass
class Expected:
    status: str
    part: str | None
    values: dict[str, float | None] = field(default_factory=dict)
    bases: dict[str, float | None] = field(default_factory=dict)
    points: dict[str, float] = field(default_factory=dict)
    how: dict[str, str] = field(default_factory=dict)


def base_of(scheme: Scheme, part: str, name: str, row: Row, pool: list[Row]) -> float | None:
    """The base value of one enterprise; `pool`: the facts of the year that means are taken of."""
    times = times_of(scheme)
    own = next(p for p in scheme.parts if p.id == part)
    indicator = next(i for i in own.indicators if i.id == name)
    if scheme.base.method == "fixed":
        past = [base for base in indicator.bases if base.year <= YEAR]
        return float(max(past, key=lambda base: base.year).value) if past else None
    within = scheme.base.within
    peers = [
        peer
        for peer in pool
        if standing(peer, scheme) == ("rated", part)
        and all(row[w] is not None and peer[w] == row[w] for w in within)
    ]
    factor = float(scheme.base.factor)
    if scheme.base.mean == "of_ratios":
        ratios = [v for peer in peers if (v := value_of(peer, part, name, times)) is not None]
        return sum(ratios) / len(ratios) * factor if ratios else None
    top, bottom = RATIOS[(part, name)]
    counted = [p for p in peers if p[top] is not None and p[bottom] is not None and p[bottom] > 0]
    if not counted:
        return None
    mean = float(sum(p[top] for p in counted)) / float(sum(p[bottom] for p in counted))
    return mean * (times if name == "yield" else 1) * factor


def times_of(scheme: Scheme) -> int:
    return 10_000 if scheme.parts[0].indicators[0].unit == "元/亩" else 1


def raw_points(
    scheme: Scheme, weight: float, value: float | None, base: float | None
) -> float | None:
    if value is None or base is None or base <= 0:
        return None
    points = value / base * weight
    if scheme.scoring.cap is not None:
        points = min(points, float(scheme.scoring.cap) * weight)
    if scheme.scoring.floor is not None:
        points = max(points, float(scheme.scoring.floor))
    return points


def evaluated(scheme: Scheme, rows: list[Row], before: list[Row]) -> dict[str, Expected]:
    pool = before if scheme.base.method == "previous_year_mean" else rows
    found: dict[str, Expected] = {}
    raw: dict[tuple[str, str], float | None] = {}
    groups: dict[tuple[Any, ...], list[str]] = {}
    for row in rows:
        status, part = standing(row, scheme)
        one = found[row["uscc"]] = Expected(status, part)
        if part is None:
            continue
        for indicator in next(p for p in scheme.parts if p.id == part).indicators:
            name = indicator.id
            one.values[name] = value_of(row, part, name, times_of(scheme))
            one.bases[name] = base_of(scheme, part, name, row, pool)
            weight = float(indicator.weight)
            raw[(row["uscc"], name)] = raw_points(scheme, weight, one.values[name], one.bases[name])
        if status == "rated":
            key = (part, *(row[name] for name in scheme.groups))
            groups.setdefault(key, []).append(row["uscc"])
    for (part, *_), members in groups.items():
        for indicator in next(p for p in scheme.parts if p.id == part).indicators:
            name = indicator.id
            known = [p for uscc in members if (p := raw[(uscc, name)]) is not None]
            rule = indicator.missing or scheme.missing
            for uscc in members:
                own = raw[(uscc, name)]
                how = "scored"
                if own is None and rule == "group_average_score" and known:
                    own, how = sum(known) / len(known), "group_average"
                elif own is None:
                    own = 0.0
                    how = "zero" if found[uscc].values[name] is None else "no_base"
                found[uscc].points[name], found[uscc].how[name] = own, how
    return found


# --- the two held together -----------------------------------------------------------------------


def as_table(book: Dictionary, rows: list[Row]) -> pa.Table:
    types: dict[str, pa.DataType] = {"registered_on": pa.date32(), "above_scale": pa.bool_()}
    for name, fact in book.facts.items():
        if fact.type.kind is Kind.EXACT:
            types[name] = pa.decimal128(fact.type.precision, fact.type.scale)
    return pa.table(
        {
            name: pa.array([row[name] for row in rows], types.get(name, pa.string()))
            for name in rows[0]
        }
    )


def moment(year: int) -> Moment:
    return Moment(year, date(year, 12, 31), {}, "registered_on")


def stated(
    book: Dictionary, scheme: Scheme, rows: list[Row], before: list[Row], *, threads: int = 1
) -> list[Row]:
    prepared = prepare(book, scheme)
    with Engine(threads=threads) as engine:
        engine.take("now", as_table(book, rows))
        engine.take("earlier", as_table(book, before))
        query = statement(
            prepared,
            moment(YEAR),
            facts=exp.to_table("now"),
            before=(moment(YEAR - 1), exp.to_table("earlier")),
        )
        found = engine.arrow(query)
    assert found.column_names == columns(prepared)
    return list(found.to_pylist())


def near(value: float | None) -> object:
    return None if value is None else pytest.approx(value, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("seed", range(60))
def test_the_statement_is_the_plain_evaluation(book: Dictionary, seed: int) -> None:
    chance = random.Random(seed)
    scheme = drawn_scheme(chance)
    rows, before = drawn_facts(chance, 45), drawn_facts(chance, 45)
    got = stated(book, scheme, rows, before)
    wanted = evaluated(scheme, rows, before)
    assert [row["uscc"] for row in got] == sorted(wanted)
    for row in got:
        one = wanted[row["uscc"]]
        assert (row["status"], row["part"], row["year"]) == (one.status, one.part, YEAR)
        assert (row["reason"] is None) is (one.status == "rated")
        for name in ("yield", "labour"):
            assert row[f"value_{name}"] == near(one.values.get(name)), (row["uscc"], name)
            assert row[f"base_{name}"] == near(one.bases.get(name)), (row["uscc"], name)
            assert row[f"points_{name}"] == near(one.points.get(name)), (row["uscc"], name)
            assert row[f"how_{name}"] == one.how.get(name), (row["uscc"], name)
        total = sum(one.points.values()) if one.status == "rated" else None
        assert row["total"] == near(total)
    check_ranks(scheme, got)


def check_ranks(scheme: Scheme, got: list[Row]) -> None:
    """Ranks and grades from the totals: highest first, then the ties, then the code."""

    def order(row: Row) -> tuple[Any, ...]:
        ties = [row[f"value_{name}"] for name in scheme.ties]
        return (-row["total"], *((tie is None, -(tie or 0.0)) for tie in ties), row["uscc"])

    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in got:
        if row["status"] == "rated":
            groups.setdefault((row["part"], *(row[g] for g in scheme.groups)), []).append(row)
        else:
            assert row["rank"] is row["ranked"] is row["grade"] is row["total"] is None
    for members in groups.values():
        cuts = last_ranks(scheme.grading, len(members))
        for rank, row in enumerate(sorted(members, key=order), start=1):
            grade = next(grade for grade, last in cuts.items() if rank <= last)
            assert (row["rank"], row["ranked"], row["grade"]) == (rank, len(members), grade)


def test_the_drawn_populations_meet_every_case(book: Dictionary) -> None:
    """Else the comparison above would prove little."""
    seen: dict[str, set[Any]] = {"status": set(), "how_yield": set(), "grade": set()}
    ties = 0
    for seed in range(60):
        chance = random.Random(seed)
        scheme = drawn_scheme(chance)
        rows, before = drawn_facts(chance, 45), drawn_facts(chance, 45)
        wanted = evaluated(scheme, rows, before)
        seen["status"] |= {one.status for one in wanted.values()}
        seen["how_yield"] |= {one.how.get("yield") for one in wanted.values()}
        totals = [sum(o.points.values()) for o in wanted.values() if o.status == "rated"]
        ties += len(totals) - len(set(totals))
    assert seen["status"] == {"rated", "exempt", "outside", "undetermined"}
    assert seen["how_yield"] == {"scored", "group_average", "no_base", "zero", None}
    assert ties > 100


@pytest.mark.parametrize("seed", [3, 17])
def test_order_of_rows_and_threads_change_no_bit(book: Dictionary, seed: int) -> None:
    chance = random.Random(seed)
    scheme = drawn_scheme(chance)
    rows, before = drawn_facts(chance, 3000), drawn_facts(chance, 3000)
    first = stated(book, scheme, rows, before)
    chance.shuffle(rows)
    chance.shuffle(before)
    second = stated(book, scheme, rows, before, threads=2)
    assert repr(first) == repr(second)


def test_a_reason_names_the_facts_that_are_missing(book: Dictionary) -> None:
    scheme = drawn_scheme(random.Random(0)).model_copy(update={"groups": ["district"]})
    whole = drawn_facts(random.Random(1), 1)[0] | {
        "district": "qingyu", "industry": "26", "registered_on": None, "above_scale": True,
        "land_mu": Decimal(5), "years_in_production": Decimal(5),
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
        ({"registered_on": date(2025, 1, 1)}, "outside", "评价年度内尚未成立"),
        ({"district": None}, "undetermined", "缺少：所属区县"),
    ]
    rows = [whole | {"uscc": f"{i:018d}"} | cells for i, (cells, _, _) in enumerate(cases)]
    # 规上 unknown and 营业收入 known: only the first is missing.
    rows[2]["revenue"] = Decimal(3)
    got = stated(book, scheme, rows, rows)
    assert [(row["status"], row["reason"]) for row in got] == [case[1:] for case in cases]
    assert all((row["reason_en"] is None) == (row["reason"] is None) for row in got)


@pytest.mark.parametrize("seed", range(6))
def test_nobody_to_evaluate_is_an_empty_result(book: Dictionary, seed: int) -> None:
    chance = random.Random(seed)
    scheme = drawn_scheme(chance)
    rows = drawn_facts(chance, 3)
    nobody = as_table(book, rows).slice(0, 0)
    with Engine(threads=1) as engine:
        engine.take("now", nobody)
        engine.take("earlier", nobody)
        query = statement(
            prepare(book, scheme),
            moment(YEAR),
            facts=exp.to_table("now"),
            before=(moment(YEAR - 1), exp.to_table("earlier")),
        )
        assert engine.arrow(query).num_rows == 0


def test_without_a_year_before_no_base_of_it_is_made_up(book: Dictionary) -> None:
    chance = random.Random(5)
    scheme = drawn_scheme(chance)
    base = scheme.base.model_copy(update={"method": "previous_year_mean"})
    scheme = scheme.model_copy(update={"base": base})
    with Engine(threads=1) as engine:
        engine.take("now", as_table(book, drawn_facts(chance, 45)))
        query = statement(prepare(book, scheme), moment(YEAR), facts=exp.to_table("now"))
        got = engine.arrow(query).to_pylist()
    rated = [row for row in got if row["status"] == "rated"]
    assert len(rated) > 5
    assert {row["base_yield"] for row in got} == {None}
    assert {(row["points_yield"], row["total"]) for row in rated} == {(0.0, 0.0)}
    # The reader is told which of the two it was: no value, or nothing to hold it against.
    for row in rated:
        assert row["how_yield"] == ("zero" if row["value_yield"] is None else "no_base")
