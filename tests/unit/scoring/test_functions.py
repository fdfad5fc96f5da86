"""Each scoring function gives the same double on all machines; its numbers by hand."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from cityforge.brain.city.scheme_scoring import TRAITS
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.scoring.functions import FUNCTIONS, Against, Settings
from cityforge.brain.scoring.machines import ARRAYS, PLAIN, SQL

NUMBERS = st.one_of(
    st.none(),
    st.sampled_from([0.0, -0.0, 0.1, 1.0, 3.0, -2.5]),
    st.floats(-1e15, 1e15, allow_subnormal=False),
)
BOUND = st.one_of(st.none(), st.sampled_from([0.0, 0.5, 1.0, 1.5, 2.0]))
WEIGHT = st.sampled_from([0.1, 10.0, 33.3, 45.0])
SLOTS = ("x", "base", "low", "high", "place", "count")
ROW = st.tuples(*[NUMBERS] * 4, st.integers(1, 9).map(float), st.integers(9, 12).map(float))
SETTINGS = st.builds(
    Settings,
    is_down=st.booleans(),
    start=st.one_of(st.none(), st.sampled_from([0.0, 20.0, 60.0])),
    step=st.sampled_from([5.0, 20.0]),
    steps=st.sampled_from([(), ((3.0, 10.0), (1.0, 5.0), (-2.5, 1.0))]),
    otherwise=st.sampled_from([0.0, 2.0]),
)


def in_sql(point: exp.Expr, rows: list[tuple[float | None, ...]]) -> list[float | None]:
    columns: dict[str, Any] = {"n": list(range(len(rows)))}
    for i, name in enumerate(SLOTS):
        columns[name] = pa.array([row[i] for row in rows], pa.float64())
    with Engine(threads=1) as engine:
        engine.take("t", pa.table(columns))
        return [row[0] for row in engine.rows(exp.select(point).from_("t").order_by("n"))]


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@given(
    rows=st.lists(ROW, min_size=1, max_size=20),
    weight=WEIGHT,
    cap=BOUND,
    floor=BOUND,
    settings=SETTINGS,
)
def test_all_machines_give_the_same_double(
    name: str,
    rows: list[tuple[float | None, ...]],
    weight: float,
    cap: float | None,
    floor: float | None,
    settings: Settings,
) -> None:
    function = FUNCTIONS[name]
    most = None if cap is None else cap * weight
    columns = [exp.column(slot) for slot in SLOTS]
    tree = function.points(SQL, columns[0], Against(SQL.number(weight), *columns[1:]), settings)
    got = in_sql(SQL.held(tree, floor, most), rows)
    arrays = [
        np.array([np.nan if row[i] is None else row[i] for row in rows]) for i in range(len(SLOTS))
    ]
    against = Against(ARRAYS.number(weight), *arrays[1:])
    vector = ARRAYS.held(function.points(ARRAYS, arrays[0], against, settings), floor, most)
    by_array = np.broadcast_to(vector, len(rows)).tolist()
    for row, found, other in zip(rows, got, by_array, strict=True):
        points = function.points(PLAIN, row[0], Against(weight, *row[1:]), settings)
        wanted = PLAIN.held(points, floor, most)
        assert found == wanted, row
        assert (None if other != other else other) == wanted, row


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
    got = FUNCTIONS["ratio_to_base"].points(PLAIN, x, Against(weight, base), Settings())
    assert got is None if points is None else got == pytest.approx(points, abs=1e-12)


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
    most = None if cap is None else cap * 40.0
    assert PLAIN.held(points, floor, most) == wanted
    tree: exp.Expr = exp.cast(exp.null(), "DOUBLE") if points is None else SQL.number(points)
    assert in_sql(SQL.held(tree, floor, most), [(None,) * 6]) == [wanted]


@given(st.lists(NUMBERS, min_size=1, max_size=20))
def test_all_machines_settle_to_the_same_double(numbers: list[float | None]) -> None:
    rows = [(number, None, None, None, None, None) for number in numbers]
    wanted = [PLAIN.settled(number) for number in numbers]
    assert in_sql(SQL.settled(exp.column("x")), rows) == wanted
    array = ARRAYS.settled(np.array([np.nan if n is None else n for n in numbers]))
    assert [None if n != n else n for n in array.tolist()] == wanted


@pytest.mark.parametrize(
    ("value", "settled"),
    [
        (0.3 / 0.1, 3.0),  # a little less than 3
        (2.01 / 67, 0.03),
        (1.0000000004, 1.0),
        (1.0000000006, 1.000000001),
        (-1.0000000006, -1.000000001),
        (4e-10, 0.0),
        (-6e-10, -1e-9),
        (0.5, 0.5),
        (None, None),
    ],
)
def test_settled_by_hand(value: float | None, settled: float | None) -> None:
    assert PLAIN.settled(value) == settled


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@pytest.mark.parametrize("is_down", [False, True])
def test_a_missing_value_has_no_points_whatever_it_is_held_against(
    name: str, *, is_down: bool
) -> None:
    """Not even where there is one value in the whole group, or every step is passed."""
    settings = Settings(is_down=is_down, steps=((0.0, 5.0),), otherwise=2.0)
    for base, low, high in [(1.0, 2.0, 2.0), (1.0, 1.0, 2.0), (0.0, 0.0, 0.0)]:
        against = Against(10.0, base, low, high)
        if "place" in TRAITS[name].needs:  # who has no value has no place
            against = Against(10.0, base, low, high, None, 3.0)
        assert FUNCTIONS[name].points(PLAIN, None, against, settings) is None


def test_each_function_says_where_it_comes_from_and_holds() -> None:
    assert FUNCTIONS.keys() == TRAITS.keys()
    for name, function in FUNCTIONS.items():
        assert function.name == name
        assert function.source.strip() and function.domain.zh.strip() and function.formula.strip()
