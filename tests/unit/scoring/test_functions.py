"""Each scoring function gives the same double in Python and in SQL, bounds included."""

import math

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.scoring.functions import FUNCTIONS, bounded, bounded_sql, double

NUMBERS = st.one_of(
    st.none(),
    st.sampled_from([0.0, -0.0, 0.1, 1.0, 3.0, -2.5]),
    st.floats(-1e15, 1e15, allow_subnormal=False),
)
BOUND = st.one_of(st.none(), st.sampled_from([0.0, 0.5, 1.0, 1.5, 2.0]))
WEIGHT = st.sampled_from([0.1, 10.0, 33.3, 45.0])


def in_sql(point: exp.Expr, rows: list[tuple[float | None, float | None]]) -> list[float | None]:
    table = pa.table(
        {
            "n": list(range(len(rows))),
            "x": pa.array([x for x, _ in rows], pa.float64()),
            "b": pa.array([b for _, b in rows], pa.float64()),
        }
    )
    with Engine(threads=1) as engine:
        engine.take("t", table)
        return [row[0] for row in engine.rows(exp.select(point).from_("t").order_by("n"))]


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@given(
    rows=st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=20),
    weight=WEIGHT,
    cap=BOUND,
    floor=BOUND,
)
def test_python_and_sql_give_the_same_double(
    name: str,
    rows: list[tuple[float | None, float | None]],
    weight: float,
    cap: float | None,
    floor: float | None,
) -> None:
    function = FUNCTIONS[name]
    raw = function.sql(exp.column("x"), exp.column("b"), double(weight))
    got = in_sql(bounded_sql(raw, weight=weight, cap=cap, floor=floor), rows)
    for (x, base), found in zip(rows, got, strict=True):
        points = None if x is None or base is None else function.points(x, base, weight)
        wanted = bounded(points, weight=weight, cap=cap, floor=floor)
        assert found == wanted, (x, base)


@pytest.mark.parametrize(
    ("x", "base", "weight", "points"),
    [
        (18, 20, 45, 40.5),
        (520, 400, 35, 45.5),
        (1.2, 1.5, 20, 16.0),
        (0, 20, 45, 0.0),
        (-2, 20, 45, -4.5),
        (18, 0, 45, None),
        (18, -1, 45, None),
    ],
)
def test_ratio_to_base_by_hand(x: float, base: float, weight: float, points: float | None) -> None:
    got = FUNCTIONS["ratio_to_base"].points(x, base, weight)
    assert got is None if points is None else math.isclose(got or 0.0, points, abs_tol=1e-12)


@pytest.mark.parametrize(
    ("points", "cap", "floor", "wanted"),
    [
        (100.0, 1.5, 0.0, 60.0),
        (60.0, 1.5, 0.0, 60.0),
        (-3.0, 1.5, 0.0, 0.0),
        (-3.0, 1.5, None, -3.0),
        (100.0, None, 0.0, 100.0),
        (None, 1.5, 0.0, None),
    ],
)
def test_bounds_by_hand(
    points: float | None, cap: float | None, floor: float | None, wanted: float | None
) -> None:
    assert bounded(points, weight=40.0, cap=cap, floor=floor) == wanted
    point: exp.Expr = exp.cast(exp.null(), "DOUBLE") if points is None else double(points)
    assert in_sql(bounded_sql(point, weight=40.0, cap=cap, floor=floor), [(None, None)]) == [wanted]


def test_each_function_says_where_it_comes_from_and_holds() -> None:
    for name, function in FUNCTIONS.items():
        assert function.name == name
        assert function.source.strip() and function.domain.strip() and function.formula.strip()
