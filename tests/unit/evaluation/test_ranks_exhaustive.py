"""Ranks and grades, by brute force: every way of tying, every rounding, every rule for ties.

The second method counts places one by one (`tests/spec/evaluation_oracle.py`); the engine does all
groups of a batch in one statement.
"""

import random
import runpy
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product
from math import floor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.scheme_grading import Grading
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.evaluation import grading as g

SPEC = Path(__file__).resolve().parents[2] / "spec"
ORACLE, RUN = (
    SimpleNamespace(**runpy.run_path(str(SPEC / f"evaluation_{name}.py")))
    for name in ("oracle", "run")
)
Row = dict[str, Any]
ROUNDINGS = ("half_up", "floor", "ceiling", "largest_remainder")
TIED = ("apart", "better", "worse")
BANDS: dict[str, tuple[Any, ...]] = {
    "huaian": (20, 60, 95, 100),
    "anhui": (25, 70, 95, 100),
    "halves": (50, 100),
    "thirds": (Decimal("33.333333"), Decimal("66.666667"), 100),
    "slivers": (Decimal("0.5"), 1, 99, 100),
}
# The two numbers of which a total is made, so that one of them can break a tie.
BASE: Row = {
    "id": "ranks",
    "title": "排名",
    "title_en": "Ranks",
    "evidence": {"source": "设例", "verified": "assumption"},
    "population": "land_mu >= 0亩",
    "groups": ["industry"],
    "parts": [
        {"id": "all", "title": "全部", "title_en": "all", "when": "land_mu >= 0亩",
         "indicators": [
             {"id": "first", "title": "一", "title_en": "1", "expr": "tax_paid", "unit": "万元",
              "weight": 50, "scoring": {"function": "given_points"}},
             {"id": "second", "title": "二", "title_en": "2", "expr": "revenue", "unit": "万元",
              "weight": 50, "scoring": {"function": "given_points"}},
         ]}
    ],
    "missing": "zero",
}  # fmt: skip


def grading(bands: str, rounding: str, tied: str = "apart") -> Row:
    to = BANDS[bands]
    return {
        "rounding": rounding,
        "tied": tied,
        "bands": [
            {"grade": "ABCD"[i], "from": low, "to": high}
            for i, (low, high) in enumerate(zip((0, *to), to, strict=False))
        ],
    }


def weak_orderings(n: int) -> Iterator[tuple[int, ...]]:
    """Every way in which n may tie and outdo each other: a level for each, no level skipped."""
    for levels in product(range(n), repeat=n):
        if set(levels) == set(range(max(levels) + 1)):
            yield levels


def compositions(n: int) -> Iterator[tuple[int, ...]]:
    """The same up to who is who: how many share each level, best first."""
    if n == 0:
        yield ()
    for first in range(1, n + 1):
        for rest in compositions(n - first):
            yield (first, *rest)


def patterns() -> list[tuple[int, ...]]:
    """All weak orderings of up to five; of six to eight one of each shape, codes mixed."""
    chance = random.Random(0)
    found = [levels for n in range(1, 6) for levels in weak_orderings(n)]
    for n in (6, 7, 8):
        for sizes in compositions(n):
            levels = [level for level, size in enumerate(sizes) for _ in range(size)]
            chance.shuffle(levels)
            found.append(tuple(levels))
    return found


PATTERNS = patterns()


def facts(groups: list[list[tuple[int | None, int | None]]]) -> list[Row]:
    """One enterprise for each pair of points, in as many groups."""
    return [
        {
            "uscc": f"{i:05d}-{j:02d}",
            "name": "企业",
            "district": "qingyu",
            "industry": str(i),
            "registered_on": None,
            "land_mu": Decimal(1),
            "tax_paid": None if first is None else Decimal(first),
            "revenue": None if second is None else Decimal(second),
        }
        for i, members in enumerate(groups)
        for j, (first, second) in enumerate(members)
    ]


@pytest.fixture(scope="module")
def book() -> Dictionary:
    return RUN.book()  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as engine:
        yield engine


def given(engine: Engine, book: Dictionary, scheme: Row, rows: list[Row]) -> dict[str, Row]:
    found = RUN.run(engine, book, scheme, rows, parameters={})
    return {row["uscc"]: row for row in found}


def test_there_are_as_many_orderings_as_the_books_say() -> None:
    fubini = [1, 3, 13, 75, 541]
    assert [len(list(weak_orderings(n))) for n in range(1, 6)] == fubini
    assert [len(list(compositions(n))) for n in (6, 7, 8)] == [32, 64, 128]
    assert len(PATTERNS) == sum(fubini) + 32 + 64 + 128


@pytest.mark.parametrize("tied", TIED)
@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize("bands", ["huaian", "halves", "thirds"])
def test_every_way_of_tying(
    engine: Engine, book: Dictionary, bands: str, rounding: str, tied: str
) -> None:
    """Level 0 has the most points. The rule is applied place by place."""
    rows = facts([[(20 - level, 0) for level in levels] for levels in PATTERNS])
    asked = grading(bands, rounding, tied)
    got = given(engine, book, BASE | {"grading": asked}, rows)
    for i, levels in enumerate(PATTERNS):
        n = len(levels)
        # By level, then by code: who stands where.
        order = sorted(range(n), key=lambda j: (levels[j], j))
        last = ORACLE.last_ranks(asked, n)
        for j, level in enumerate(levels):
            row = got[f"{i:05d}-{j:02d}"]
            places = [order.index(k) + 1 for k in range(n) if levels[k] == level]
            counts = {"apart": order.index(j) + 1, "better": min(places), "worse": max(places)}
            grade = next("ABCD"[b] for b, cut in enumerate(last) if counts[tied] <= cut)
            assert (row["rank"], row["ranked"], row["grade"]) == (order.index(j) + 1, n, grade)


@pytest.mark.parametrize("tied", TIED)
def test_a_tie_breaker_parts_who_else_would_tie(
    engine: Engine, book: Dictionary, tied: str
) -> None:
    """All pairs of levels of up to three: the total first, then the first number, missing last."""
    firsts: list[int | None] = [None, 0, 3, 5]
    groups: list[list[tuple[int | None, int | None]]] = [
        [(first, total - (first or 0)) for first, total in members]
        for n in (1, 2, 3)
        for members in product(product(firsts, [6, 7]), repeat=n)
    ]
    asked = grading("halves", "half_up", tied)
    got = given(engine, book, BASE | {"grading": asked, "ties": ["first"]}, facts(groups))
    for i, members in enumerate(groups):
        n = len(members)
        keys = [
            (-((first or 0) + (second or 0)), first is None, -(first or 0))
            for first, second in members
        ]
        order = sorted(range(n), key=lambda j: (keys[j], j))
        half = floor(Fraction(n, 2) + Fraction(1, 2))
        for j, key in enumerate(keys):
            row = got[f"{i:05d}-{j:02d}"]
            places = [order.index(k) + 1 for k in range(n) if keys[k] == key]
            counts = {"apart": order.index(j) + 1, "better": min(places), "worse": max(places)}
            assert row["rank"] == order.index(j) + 1
            assert row["grade"] == ("A" if counts[tied] <= half else "B"), members


@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize("bands", sorted(BANDS))
def test_every_size_of_a_group(engine: Engine, book: Dictionary, bands: str, rounding: str) -> None:
    """From 1 to 40 ranked, none tied: the counts of each grade, and that the better come first."""
    rows = facts([[(50 - j, 0) for j in range(n)] for n in range(1, 41)])
    asked = grading(bands, rounding)
    got = given(engine, book, BASE | {"grading": asked}, rows)
    model = Grading.model_validate(asked)
    for i, n in enumerate(range(1, 41)):
        grades = [got[f"{i:05d}-{j:02d}"]["grade"] for j in range(n)]
        assert grades == sorted(grades)
        cuts = ORACLE.last_ranks(asked, n)
        assert g.last_ranks(model, n) == dict(zip("ABCD", cuts, strict=False))
        wanted = [after - before for before, after in pairwise([0, *cuts])]
        assert [grades.count(grade) for grade in "ABCD"[: len(cuts)]] == wanted
        assert sum(wanted) == n


def test_quotas_by_hand() -> None:
    """20/60/95/100 %: 7 enterprises have 1.4, 2.8, 2.45 and 0.35 places."""
    by_hand = {"half_up": [1, 3, 3, 0], "floor": [1, 3, 2, 1], "ceiling": [2, 3, 2, 0]}
    # By largest remainder 1, 2, 2, 0 are whole; the two left go to .8 (B) and .45 (C).
    by_hand["largest_remainder"] = [1, 3, 3, 0]
    for rounding, wanted in by_hand.items():
        asked = Grading.model_validate(grading("huaian", rounding))
        assert list(g.counts(asked, 7).values()) == wanted, rounding


@pytest.mark.parametrize(
    "least", [(None, 60, None), (90, None, None), (90, 60, 10), (50, 80, None)]
)
@pytest.mark.parametrize("tied", TIED)
def test_a_least_total_keeps_out_of_its_band_whoever_lacks_it(
    engine: Engine, book: Dictionary, least: tuple[int | None, ...], tied: str
) -> None:
    """One in the band by rank, but short of its total, falls to the next that takes it."""
    asked = grading("anhui", "half_up", tied)
    asked["bands"] = [
        {"grade": grade, "from": low, "to": high}
        | ({} if at_least is None else {"at_least": at_least})
        for grade, low, high, at_least in zip("ABC", (0, 30, 70), (30, 70, 100), least, strict=True)
    ]
    chance = random.Random(str(least))
    groups = [
        [(chance.choice([0, 5, 25, 45, 50]), chance.choice([0, 5, 10, 40, 50])) for _ in range(n)]
        for n in range(1, 25)
    ]
    got = given(engine, book, BASE | {"grading": asked}, facts(groups))  # type: ignore[arg-type]
    fell = 0
    for i, members in enumerate(groups):
        totals = [a + b for a, b in members]
        for j, total in enumerate(totals):
            better = sum(other > total for other in totals)
            alike = sum(other == total for other in totals)
            before_me = sum(other == total for other in totals[:j])
            rank = {"apart": better + before_me + 1, "better": better + 1, "worse": better + alike}
            cuts = [
                floor(Fraction(share * len(members), 100) + Fraction(1, 2)) for share in (30, 70)
            ]
            band = sum(rank[tied] > cut for cut in cuts)
            by_rank = band
            while band < 2 and least[band] is not None and total < (least[band] or 0):
                band += 1
            fell += band > by_rank
            assert got[f"{i:05d}-{j:02d}"]["grade"] == "ABC"[band], (members, j)
    assert fell > 5
