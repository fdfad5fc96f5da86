"""Laws that hold whatever the figures: about rows, units, twins, newcomers and effort.

Each example is many small groups, which the engine does in one statement.
"""

import random
import runpy
import shutil
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from cityforge.brain.city import checks
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.scheme_grading import Grading
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.evaluation import grading as g

SPEC = Path(__file__).resolve().parents[2] / "spec"
RUN = SimpleNamespace(**runpy.run_path(str(SPEC / "evaluation_run.py")))
Row = dict[str, Any]
Group = list[tuple[int | None, int | None]]
CUMULATIVE = ("half_up", "floor", "ceiling")
ROUNDINGS = (*CUMULATIVE, "largest_remainder")
TIED = ("apart", "better", "worse")
# Settings of each function for an indicator counted in 万元/亩, held against what does not move.
SETTINGS: dict[str, Row] = {
    "ratio_to_base": {"base": 3},
    "ratio_capped": {"base": 3, "cap": Decimal("1.5")},
    "ratio_capped_at_base": {"base": 3},
    "reverse_ratio": {"base": 3, "down": True},
    "minmax_20_80": {"low": 0, "high": 6},
    "efficacy_coefficient": {"low": 6, "high": 1, "down": True},
    "weighted_rank_percentile": {},
    "first_is_100": {"down": True},
    "target_completion": {"base": 4, "cap": Decimal("1.2")},
    "growth_completion": {"base": 4, "low": 1, "floor": 0},
    "all_or_nothing": {"base": 4},
    "steps": {"steps": [(5, 60), (Decimal("2.5"), 20)]},
    "rank_only": {},
}
OF_PLACES = ("weighted_rank_percentile", "first_is_100")
ANY = st.sampled_from(sorted(SETTINGS))


def examples(number: int) -> settings:
    return settings(max_examples=number, suppress_health_check=list(HealthCheck))


NUMBER = st.one_of(st.none(), st.integers(0, 8), st.integers(0, 8))
GROUPS = st.lists(
    st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=7), max_size=20, min_size=8
)


def fixed(value: Any, scale: int) -> Row:
    return {"method": "fixed", "values": [{"year": 2020, "value": value * scale}]}


def scheme(function: str, *, rounding: str = "half_up", tied: str = "apart", scale: int = 1) -> Row:
    """The function on tax per mu, and a second indicator beside it; `scale`: in 元/亩."""
    with_ = dict(SETTINGS[function])
    unit = "万元/亩" if scale == 1 else "元/亩"
    one: Row = {
        "id": "one",
        "title": "一",
        "title_en": "1",
        "expr": "tax_paid / land_mu",
        "unit": unit,
    }
    one["direction"] = "down" if with_.pop("down", False) else "up"
    for slot in ("base", "low", "high"):
        if slot in with_:
            one[slot] = fixed(with_.pop(slot), scale)
    steps = [{"at": at * scale, "points": points} for at, points in with_.pop("steps", ())]
    one["scoring"] = {"function": function, **with_} | ({"steps": steps} if steps else {})
    two: Row = {
        "id": "two", "title": "二", "title_en": "2", "expr": "value_added / land_mu",
        "unit": "万元/亩", "weight": 40, "base": fixed(2, 1),
    }  # fmt: skip
    alone = function == "rank_only"
    one["weight"] = 100 if alone else 60
    to = (20, 60, 95, 100)
    return {
        "id": "laws",
        "title": "规律",
        "title_en": "Laws",
        "evidence": {"source": "设例", "verified": "assumption"},
        "population": "land_mu >= 0亩",
        "groups": ["industry"],
        "parts": [
            {"id": "all", "title": "全部", "title_en": "all", "when": "land_mu >= 0亩",
             "indicators": [one] if alone else [one, two]}
        ],
        "missing": "penalty" if alone else "zero",
        **({"missing_points": 3} if alone else {}),
        "ties": ["one"],
        "grading": {
            "rounding": rounding,
            "tied": tied,
            "bands": [
                {"grade": "ABCD"[i], "from": ((0, *to))[i], "to": to[i]} for i in range(len(to))
            ],
        },
    }  # fmt: skip


def facts(groups: list[Group], *, money: int = 1) -> list[Row]:
    """Tax and value added of each member of each group, a mu of land each."""

    def amount(value: int | None) -> Decimal | None:
        return None if value is None else Decimal(value)

    return [
        {
            "uscc": f"{i:03d}-{j:02d}",
            "name": "企业",
            "district": "qingyu",
            "industry": str(i),
            "registered_on": None,
            "land_mu": Decimal(3 if (i + j) % 2 else 1),
            "tax_paid": None if tax is None else Decimal(tax * money),
            "value_added": amount(added),
        }
        for i, members in enumerate(groups)
        for j, (tax, added) in enumerate(members)
    ]


@pytest.fixture(scope="module")
def book() -> Dictionary:
    return RUN.book()  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def book_in_yuan(tmp_path_factory: pytest.TempPathFactory) -> Dictionary:
    """The same city, whose tax is supplied in 元."""
    root = tmp_path_factory.mktemp("yuan") / "lanhe"
    shutil.copytree(RUN.LANHE, root)
    file = root / "datasets" / "performance.yaml"
    old = "{id: tax_paid, title: 税收, title_en: tax paid, kind: quantity, unit: 万元, scale: 4}"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, old.replace("万元, scale: 4", "元, scale: 0")), "utf-8")
    return checks.load(root)[1]


# Not an argument of the tests: hypothesis would keep it beyond the end of DuckDB itself.
OPEN: list[Engine] = []


@pytest.fixture(scope="module", autouse=True)
def _engine() -> Iterator[None]:
    with Engine(threads=1) as engine:
        OPEN.append(engine)
        yield
        OPEN.clear()


MADE: dict[tuple[int, str], exp.Select] = {}


def run(book: Dictionary, asked: Row, rows: list[Row]) -> dict[str, Row]:
    """The result by code; each scheme is made into a statement once."""
    key = (id(book), repr(asked))
    if key not in MADE:
        MADE[key] = RUN.query(book, asked, parameters={})[0]
    found = RUN.answer(OPEN[0], book, MADE[key], rows)
    return {row["uscc"]: row for row in found.to_pylist()}


def standings(found: dict[str, Row]) -> dict[str, tuple[Any, ...]]:
    return {code: (row["rank"], row["ranked"], row["grade"]) for code, row in found.items()}


@examples(20)
@given(groups=GROUPS, function=ANY, seed=st.integers(0, 99))
def test_the_order_of_rows_is_nothing(
    book: Dictionary, function: str, groups: list[Group], seed: int
) -> None:
    rows = facts(groups)
    first = run(book, scheme(function), rows)
    random.Random(seed).shuffle(rows)
    assert run(book, scheme(function), rows) == first


@examples(20)
@given(groups=GROUPS, function=ANY)
def test_a_unit_is_only_a_way_to_write(
    book: Dictionary, book_in_yuan: Dictionary, function: str, groups: list[Group]
) -> None:
    """Tax in 万元 or in 元, the indicator in 万元/亩 or in 元/亩 with all it is held against."""
    first = run(book, scheme(function), facts(groups))
    others = [
        run(book_in_yuan, scheme(function), facts(groups, money=10_000)),
        run(book, scheme(function, scale=10_000), facts(groups)),
        run(book_in_yuan, scheme(function, scale=10_000), facts(groups, money=10_000)),
    ]
    for other in others:
        assert {code: row["how_one"] for code, row in other.items()} == {
            code: row["how_one"] for code, row in first.items()
        }
        if function == "rank_only":  # its total is the value itself: 元 are more than 万元
            continue
        assert standings(other) == standings(first)
        for code, row in first.items():
            assert other[code]["total"] == pytest.approx(row["total"], rel=1e-12, abs=1e-9)


@pytest.mark.parametrize("tied", TIED)
@examples(12)
@given(groups=GROUPS, function=ANY.filter(lambda name: name not in OF_PLACES))
def test_a_twin_has_its_twin_s_points_and_place(
    book: Dictionary, function: str, tied: str, groups: list[Group]
) -> None:
    """The first of each group stands twice; nobody else's points change."""
    rows = facts(groups)
    before = run(book, scheme(function, tied=tied), rows)
    twins = [row | {"uscc": f"{row['uscc']}'"} for row in rows if row["uscc"].endswith("-00")]
    after = run(book, scheme(function, tied=tied), [*rows, *twins])
    for code, row in before.items():
        assert after[code]["total"] == row["total"]
    for twin in twins:
        one, two = after[twin["uscc"][:-1]], after[twin["uscc"]]
        assert one["total"] == two["total"]
        # Told apart by their codes alone, of which no other lies between.
        assert two["rank"] == one["rank"] + 1
        if tied != "apart":
            assert one["grade"] == two["grade"]


def with_a_worse_one(groups: list[Group], *, down: bool) -> list[Group]:
    """Each group with one more who is worse by far than any in it."""
    return [[*members, (99, -99) if down else (-99, -99)] for members in groups]


@pytest.mark.parametrize("tied", TIED)
@pytest.mark.parametrize("rounding", CUMULATIVE)
@examples(4)
@given(groups=GROUPS, function=st.sampled_from(["ratio_to_base", "reverse_ratio", "steps"]))
def test_a_new_worst_one_lowers_nobody(
    book: Dictionary, rounding: str, tied: str, function: str, groups: list[Group]
) -> None:
    """Where the cumulative share is rounded, half up, down or up, and what values are held against
    is fixed: each cut stays or moves down the list, and nobody's rank changes."""
    asked = scheme(function, rounding=rounding, tied=tied)
    before = run(book, asked, facts(groups))
    worse = with_a_worse_one(groups, down=function == "reverse_ratio")
    after = run(book, asked, facts(worse))
    for code, row in before.items():
        assert after[code]["rank"] == row["rank"]
        assert after[code]["grade"] <= row["grade"], (code, groups)


def test_by_largest_remainder_a_new_worst_one_may_lower_others() -> None:
    """The smallest case of three bands in steps of 5 %: A 10 %, B 35 %, C 55 %, four and then five.

    Of four: 0.4, 1.4, 2.2 places; the one that is left goes to A, the better of two equal
    fractions. Of five: 0.5, 1.75, 2.75; the two that are left go to B and C. The best enterprise
    falls from A to B because a fifth, worse than all, came in.
    """
    bands = [
        {"grade": "A", "from": 0, "to": 10},
        {"grade": "B", "from": 10, "to": 45},
        {"grade": "C", "from": 45, "to": 100},
    ]
    asked = Grading.model_validate({"rounding": "largest_remainder", "bands": bands})
    assert g.counts(asked, 4) == {"A": 1, "B": 1, "C": 2}
    assert g.counts(asked, 5) == {"A": 0, "B": 2, "C": 3}
    for first in range(5, 100, 5):
        for second in range(first + 5, 100, 5):
            three = [
                {"grade": "A", "from": 0, "to": first},
                {"grade": "B", "from": first, "to": second},
                {"grade": "C", "from": second, "to": 100},
            ]
            other = Grading.model_validate({"rounding": "largest_remainder", "bands": three})
            cuts = [list(g.last_ranks(other, n).values()) for n in range(5)]
            for few, more in pairwise(cuts):
                assert all(a <= b for a, b in zip(few, more, strict=True)), "no smaller case"


@pytest.mark.parametrize("to", [(20, 60, 95, 100), (25, 70, 95, 100)])
def test_nor_does_it_with_the_usual_bands(to: tuple[int, ...]) -> None:
    """With Huai'an's and the Anhui city's bands it does not happen up to a thousand ranked."""
    bands = [{"grade": "ABCD"[i], "from": ((0, *to))[i], "to": to[i]} for i in range(4)]
    asked = Grading.model_validate({"rounding": "largest_remainder", "bands": bands})
    before = [0, 0, 0, 0]
    for n in range(1, 1001):
        cuts = list(g.last_ranks(asked, n).values())
        assert all(a <= b for a, b in zip(before, cuts, strict=True)), n
        before = cuts


@pytest.mark.parametrize("tied", TIED)
@pytest.mark.parametrize("rounding", ROUNDINGS)
@examples(5)
@given(groups=GROUPS, by=st.integers(1, 9), function=ANY)
def test_a_better_value_never_lowers_one_s_own_grade(
    book: Dictionary,
    rounding: str,
    tied: str,
    function: str,
    groups: list[Group],
    by: int,
) -> None:
    """By any rounding and rule for ties, what values are held against being fixed.

    The exception is no value at all: a gap is no value that could be bettered.
    """
    down = SETTINGS[function].get("down", False)
    asked = scheme(function, rounding=rounding, tied=tied)
    before = run(book, asked, facts(groups))
    better = [
        [((tax - by if down else tax + by) if tax is not None else None, added), *rest]
        for (tax, added), *rest in groups
    ]
    after = run(book, asked, facts(better))
    for i in range(len(groups)):
        code = f"{i:03d}-00"
        assert after[code]["grade"] <= before[code]["grade"], (groups[i], by)
        assert after[code]["rank"] <= before[code]["rank"]
