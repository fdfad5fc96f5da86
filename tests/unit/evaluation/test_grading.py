"""Grades by share of rank: counts that always add up, and the same cut in SQL for every rank."""

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from cityforge.brain.city.scheme_grading import Grading
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.evaluation import grading as g
from cityforge.brain.evaluation.published import note

TO = (20, 60, 95, 100)
ROUNDINGS = ("half_up", "floor", "ceiling")


def grading(rounding: str = "half_up", to: tuple[Decimal | int, ...] = TO) -> Grading:
    bands = [
        {"grade": chr(ord("A") + i), "from": low, "to": high}
        for i, (low, high) in enumerate(zip((0, *to), to, strict=False))
    ]
    return Grading.model_validate({"rounding": rounding, "bands": bands})


def cut(share: Decimal | int, ranked: int, rounding: str) -> int:
    """The last rank of a share by fractions: the definition, word for word."""
    exact = Fraction(share) * ranked / 100
    if rounding == "floor":
        return floor(exact)
    return ceil(exact) if rounding == "ceiling" else floor(exact + Fraction(1, 2))


@pytest.mark.parametrize(
    ("ranked", "rounding", "wanted"),
    [
        (100, "half_up", [20, 40, 35, 5]),
        (100, "floor", [20, 40, 35, 5]),
        (100, "ceiling", [20, 40, 35, 5]),
        (265, "half_up", [53, 106, 93, 13]),
        (265, "floor", [53, 106, 92, 14]),
        (265, "ceiling", [53, 106, 93, 13]),
        (0, "half_up", [0, 0, 0, 0]),
        (1, "half_up", [0, 1, 0, 0]),
        (1, "floor", [0, 0, 0, 1]),
        (1, "ceiling", [1, 0, 0, 0]),
        (2, "half_up", [0, 1, 1, 0]),
        (3, "half_up", [1, 1, 1, 0]),
        (10, "half_up", [2, 4, 4, 0]),  # 9.5 goes up
        (30, "half_up", [6, 12, 11, 1]),
        (30, "floor", [6, 12, 10, 2]),
    ],
)
def test_counts_by_hand(ranked: int, rounding: str, wanted: list[int]) -> None:
    assert list(g.counts(grading(rounding), ranked).values()) == wanted


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_small_groups_add_up(rounding: str) -> None:
    for ranked in range(31):
        assert sum(g.counts(grading(rounding), ranked).values()) == ranked


SHARES = st.lists(
    st.decimals(min_value="0.01", max_value="99.99", places=2), max_size=5, unique=True
).map(lambda found: (*sorted(found), 100))


@given(SHARES, st.integers(0, 10**9), st.sampled_from(ROUNDINGS))
def test_any_bands_are_cut_as_fractions_say(
    to: tuple[Decimal | int, ...], ranked: int, rounding: str
) -> None:
    last = list(g.last_ranks(grading(rounding, to), ranked).values())
    assert last == [cut(share, ranked, rounding) for share in to]
    assert last == sorted(last) and last[-1] == ranked
    counts = g.counts(grading(rounding, to), ranked)
    assert sum(counts.values()) == ranked and min(counts.values()) >= 0


@given(SHARES, st.integers(0, 10**6), st.sampled_from(ROUNDINGS))
def test_one_more_ranked_moves_no_cut_down(
    to: tuple[Decimal | int, ...], ranked: int, rounding: str
) -> None:
    asked = grading(rounding, to)
    now, more = g.last_ranks(asked, ranked), g.last_ranks(asked, ranked + 1)
    assert all(0 <= more[grade] - now[grade] <= 1 for grade in now)


@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize("to", [TO, (Decimal("12.5"), Decimal("33.33"), 100)])
def test_sql_gives_each_rank_the_grade_of_its_cut(
    rounding: str, to: tuple[Decimal | int, ...]
) -> None:
    asked = grading(rounding, to)
    pairs = [(rank, ranked) for ranked in range(1, 68) for rank in range(1, ranked + 1)]
    table = pa.table({"rank": [a for a, _ in pairs], "ranked": [b for _, b in pairs]})
    number = g.number_sql(asked, exp.column("rank"), exp.column("ranked"), exp.null())
    grade = g.grade_sql(asked, number)
    with Engine() as engine:
        engine.take("t", table)
        got = engine.rows(exp.select("rank", "ranked", grade).from_("t"))
    assert len(got) == len(pairs)
    for rank, ranked, given_grade in got:
        last = g.last_ranks(asked, ranked)
        assert given_grade == next(grade for grade, to in last.items() if rank <= to)


def test_ranks_of_a_whole_country_do_not_overflow() -> None:
    ranked = 100_000_000
    asked = grading("half_up", (Decimal("12.3456"), 100))
    table = pa.table(
        {"rank": pa.array([12_345_600, 12_345_601], pa.int32()), "ranked": [ranked] * 2}
    )
    number = g.number_sql(asked, exp.column("rank"), exp.column("ranked"), exp.null())
    grade = g.grade_sql(asked, number)
    with Engine() as engine:
        engine.take("t", table)
        rows = engine.rows(exp.select(grade).from_("t").order_by("rank"))
    assert rows == [("A",), ("B",)]
    assert g.last_ranks(asked, ranked)["A"] == 12_345_600


@pytest.mark.parametrize(
    ("published", "answer"),
    [
        ((20, 40, 35, 5), True),
        ((53, 106, 93, 13), True),
        ((53, 106, 92, 14), True),  # rounded down
        ((55, 97, 99, 14), False),
        ((55, 106, 93, 11), False),
        ((53, 107, 92, 13), False),
        ((2, 4, 4, 0), True),
    ],
)
def test_published_counts_follow_or_not_by_any_rounding(
    published: tuple[int, ...], *, answer: bool
) -> None:
    asked = grading("ceiling")
    assert g.follows(asked, dict(zip("ABCD", published, strict=True))) is answer


def test_a_grade_left_out_of_the_published_counts_nobody() -> None:
    assert g.follows(grading(), {"A": 2, "B": 4, "C": 4})
    assert not g.follows(grading(), {"A": 2, "B": 4, "D": 4})


def test_no_share_is_told_of_grades_by_total() -> None:
    """Bands by total have no shares: it would be wrong to say what they give."""
    bands = [{"grade": "A", "at_least": 80}, {"grade": "B"}]
    asked = Grading.model_validate({"by": "score", "bands": bands})
    said = note(asked, {"A": 1, "B": 3}, {"A": 2, "B": 2}, 2024)
    assert said.zh.startswith("2024 年度本次结果 A1 B3；公布的 A2 B2（共 4 家）")
    assert "按总分定档" in said.zh and "by total" in said.en
    assert "取整" not in said.zh and "rounding" not in said.en


def test_words_keep_the_order_of_the_bands() -> None:
    assert g.words({"D": 13, "A": 53, "C": 93}, "ABCD") == "A53 B0 C93 D13"
