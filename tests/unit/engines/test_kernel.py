"""The kernel over whole tables: blocks, tails, threads, counts, columns of other shapes."""

from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityforge.brain.engines.kernel.frame import Frame
from cityforge.brain.engines.kernel.planes import Planes
from cityforge.brain.engines.kernel.program import compile as compiled
from cityforge.brain.engines.kernel.program import values
from cityforge.brain.expr import check, logic
from cityforge.brain.expr.types import Grain, Kind, Scope, Symbol, Type
from cityforge.brain.values.quantity import unit

AS_OF = date(2026, 1, 1)
YUAN = Type(Kind.EXACT, unit("万元"), precision=18, scale=4, grain=Grain.ENTERPRISE)
STAFF = Type(Kind.EXACT, unit("人"), precision=9, grain=Grain.ENTERPRISE)
SCOPE = Scope(
    {
        symbol.name: symbol
        for symbol in (
            Symbol("revenue", "营业收入", YUAN),
            Symbol("staff", "人数", STAFF),
            Symbol("industry", "行业", Type(Kind.TEXT, grain=Grain.ENTERPRISE)),
            Symbol("listed", "上市", Type(Kind.BOOL, grain=Grain.ENTERPRISE)),
        )
    },
    {"limit": Symbol("limit", "门槛", YUAN)},
    {"champion": "champion"},
)  # fmt: skip
TEXTS = (
    "revenue >= 500万元",
    "listed and revenue < 200万元 or staff > 40人",
    "industry like 'C2%' and not listed",
    "revenue / staff >= 10万元/人",
)


def _table(rows: int) -> pa.Table:
    """Every seventh value is missing, in turn."""
    revenue = [None if i % 7 == 0 else Decimal(i % 1000) for i in range(rows)]
    return pa.table(
        {
            "revenue": pa.array(revenue, pa.decimal128(18, 4)),
            "staff": pa.array([None if i % 7 == 1 else i % 60 for i in range(rows)], pa.int32()),
            "industry": pa.array([("C26", "C35", "F51", None)[i % 4] for i in range(rows)]),
            "listed": pa.array([None if i % 7 == 2 else i % 3 == 0 for i in range(rows)]),
        }
    )


def _run(table: pa.Table, texts: tuple[str, ...] = TEXTS, **options: int) -> Planes:
    read = [check.read(text, SCOPE, expect=Kind.BOOL) for text in texts]
    return compiled(read, as_of=AS_OF).run(table, **options)


def _truths(planes: Planes) -> list[list[bool | None]]:
    return [planes.truth(i).to_pylist() for i in range(len(planes.true))]


@pytest.mark.parametrize("rows", [0, 1, 7, 8, 9, 64, 1003])
def test_blocks_and_threads_change_nothing(rows: int) -> None:
    table = _table(rows)
    whole = _truths(_run(table, threads=1))
    assert [len(column) for column in whole] == [rows] * len(TEXTS)
    for options in ({"block": 8}, {"block": 64, "threads": 2}, {"block": 512, "threads": 3}):
        assert _truths(_run(table, **options)) == whole


def test_a_slice_of_a_table_is_read_from_where_it_begins() -> None:
    table = _table(300)
    whole = _truths(_run(table))
    for start, length in ((1, 50), (13, 200), (8, 64)):
        part = _truths(_run(table.slice(start, length)))
        assert part == [column[start : start + length] for column in whole]


def test_chunks_and_dictionaries_give_the_same() -> None:
    table = _table(300)
    whole = _truths(_run(table))
    chunked = pa.concat_tables([table.slice(0, 101), table.slice(101)])
    encoded = table.set_column(2, "industry", table["industry"].dictionary_encode())
    assert _truths(_run(chunked)) == _truths(_run(encoded)) == whole


def test_counts_are_those_of_the_columns() -> None:
    planes = _run(_table(1003), block=64)
    groups = np.arange(1003) // 300 - 1  # -1 for the first 300
    counts, by = planes.counts(), planes.counts_by(groups, 3)
    for i, column in enumerate(_truths(planes)):
        assert (counts.true[i], counts.false[i]) == (column.count(True), column.count(False))
        for group in range(3):
            inside = [t for t, g in zip(column, groups, strict=True) if g == group]
            assert by.true[i, group] == inside.count(True)
            assert by.false[i, group] == inside.count(False)


def test_scattered_groups_count_the_same() -> None:
    planes = _run(_table(500))
    groups = np.arange(500) % 4
    by = planes.counts_by(groups, 4)
    first = planes.truth(0).to_pylist()
    assert [int(n) for n in by.true[0]] == [first[g::4].count(True) for g in range(4)]


def test_planes_at_hand_are_written_over() -> None:
    table = _table(100)
    read = [check.read(text, SCOPE) for text in TEXTS]
    program = compiled(read, as_of=AS_OF)
    first = program.run(table)
    wanted = _truths(first)
    first.true[:] = 0xFF
    assert program.run(table, out=first) is first
    assert _truths(first) == wanted


def test_a_column_that_is_not_there_is_missing() -> None:
    table = pa.table({"staff": pa.array([10, 50]), "listed": pa.nulls(2)})
    assert _truths(_run(table)) == [[None, None], [None, True], [None, None], [None, None]]


@pytest.mark.parametrize(
    "text", ["revenue / coalesce(0人, staff) > 1万元/人", "10万元 / staff > 1万元/人"]
)
@pytest.mark.parametrize("is_compiled", [True, False])
def test_a_division_by_what_is_zero_for_all_is_missing(text: str, *, is_compiled: bool) -> None:
    table = pa.table({"revenue": pa.array([Decimal(4)], pa.decimal128(18, 4))})
    program = compiled([check.read(text, SCOPE)], as_of=AS_OF, compiled=is_compiled)
    assert _truths(program.run(table)) == [[None]]


def test_a_parameter_is_bound_and_an_absent_one_is_missing() -> None:
    read = [check.read("revenue >= p.limit", SCOPE)]
    table = pa.table({"revenue": pa.array([Decimal(4), Decimal(6)], pa.decimal128(18, 4))})
    bound = compiled(read, as_of=AS_OF, parameters={"limit": Decimal(5)}).run(table)
    assert _truths(bound) == [[False, True]]
    assert _truths(compiled(read, as_of=AS_OF).run(table)) == [[None, None]]


def test_parts_that_are_shared_are_computed_once() -> None:
    """At least 20 of 40 shared conditions: as a tree beyond measure, as a graph 800 joins."""
    parts = [check.read(f"staff >= {i}人", SCOPE) for i in range(40)]
    program = compiled([logic.at_least(20, parts)], as_of=AS_OF)
    assert len(program.steps) < 2_000
    table = pa.table({"staff": pa.array([18, 19, 20, None], pa.int32())})
    assert _truths(program.run(table)) == [[False, True, True, None]]


def test_columns_that_a_program_reads() -> None:
    read = [check.read("holds('champion') and revenue >= 1万元", SCOPE)]
    assert set(compiled(read, as_of=AS_OF).columns) == {"register:champion", "revenue"}


def test_a_frame_serves_several_programs() -> None:
    frame = Frame.of(_table(100))
    one = compiled([check.read(TEXTS[0], SCOPE)], as_of=AS_OF).run(frame)
    assert _truths(one)[0] == _truths(_run(_table(100)))[0]
    assert Frame.of(frame) is frame


@given(
    st.lists(st.one_of(st.none(), st.integers(-(10**17), 10**17)), max_size=40),
    st.sampled_from([1, 10, 10**4, 10**8]),
    st.integers(-(10**12), 10**12),
)
def test_thresholds_cut_where_whole_numbers_do(
    numbers: list[int | None], factor: int, limit: int
) -> None:
    given_ = [None if n is None else Decimal(n).scaleb(-4) for n in numbers]
    table = pa.table({"revenue": pa.array(given_, pa.decimal128(22, 4))})
    threshold = Decimal(limit) / factor
    for sign in (">=", ">", "<", "<=", "=", "!="):
        text = f"revenue {sign} ({threshold:f}元)"
        (found,) = _truths(_run(table, (text,)))
        yuan = [None if n is None else n * 10_000 for n in given_]
        wanted = {
            ">=": lambda n: n >= threshold, ">": lambda n: n > threshold,
            "<": lambda n: n < threshold, "<=": lambda n: n <= threshold,
            "=": lambda n: n == threshold, "!=": lambda n: n != threshold,
        }[sign]  # fmt: skip
        assert found == [None if n is None else wanted(n) for n in yuan]


def test_numbers_come_back_as_arrow() -> None:
    table = _table(20)
    money = values(check.read("revenue * 2", SCOPE), table, as_of=AS_OF)
    assert money.to_pylist() == [None if n is None else n * 2 for n in table["revenue"].to_pylist()]
    truth = values(check.read("listed", SCOPE), table, as_of=AS_OF)
    assert truth.to_pylist() == table["listed"].to_pylist()
    assert (
        values(check.read("industry", SCOPE), table, as_of=AS_OF).to_pylist()
        == table["industry"].to_pylist()
    )
