"""How sure a grade is: certain without errors, the same for any threads, right by hand."""

from dataclasses import replace
from math import erf, sqrt

import numpy as np
import pyarrow as pa
import pytest

from cityforge.brain.city.scheme import StatedError
from cityforge.brain.errors import RunRefused
from cityforge.brain.evaluation.prepared import Prepared
from cityforge.brain.evaluation.reasons.sureness import on_rounding, sureness

from .conftest import MOMENT, Pool


def with_errors(prepared: Prepared, **errors: str) -> Prepared:
    stated = [StatedError(fact=name, within=within) for name, within in errors.items()]
    return replace(prepared, scheme=prepared.scheme.model_copy(update={"errors": stated}))


def test_without_stated_errors_it_is_not_said(pool: Pool) -> None:
    with pytest.raises(RunRefused, match="errors"):
        sureness(pool.prepared, MOMENT, pool.rows, pool.facts, draws=2)


def test_no_error_keeps_every_grade(pool: Pool) -> None:
    exact = with_errors(pool.prepared, tax_paid="0%")
    found = sureness(exact, MOMENT, pool.rows, pool.facts, draws=3)
    assert found.kept.tolist() == [1.0] * pool.rows.num_rows


def test_threads_and_another_run_change_nothing(pool: Pool) -> None:
    asked = with_errors(pool.prepared, tax_paid="10%", employees="5%")
    runs = [
        sureness(asked, MOMENT, pool.rows, pool.facts, draws=20, threads=threads)
        for threads in (1, 2)
    ]
    assert np.array_equal(runs[0].shares, runs[1].shares)
    other = sureness(asked, MOMENT, pool.rows, pool.facts, draws=20, seed=2)
    assert not np.array_equal(runs[0].shares, other.shares)
    assert np.allclose(runs[0].shares.sum(axis=1), 1.0)
    assert 0.5 < runs[0].kept.mean() < 1.0


@pytest.mark.parametrize("pool", ["by_score"], indirect=True)
def test_the_share_is_the_normal_probability_where_the_grade_hangs_on_one_number(
    pool: Pool,
) -> None:
    """Points are linear in tax; the chance to stay above a least total is a normal integral."""
    error = 0.10
    asked = with_errors(pool.prepared, tax_paid="10%")
    draws = 2000
    found = sureness(asked, MOMENT, pool.rows, pool.facts, draws=draws)
    checked = 0
    for i, row in enumerate(pool.rows.to_pylist()):
        limited = row["limited_by"] or row["how_tax"] != "scored" or row["grade"] != "B"
        big = (pool.facts["tax_paid"][i].as_py() or 0) > 1500
        small = (pool.facts["revenue"][i].as_py() or 0) < 3000
        if limited or big or small:
            continue
        spread = row["points_tax"] * error
        up, down = (140 - row["total"]) / spread, (90 - row["total"]) / spread
        wanted = (erf(up / sqrt(2)) - erf(down / sqrt(2))) / 2
        assert found.kept[i] == pytest.approx(wanted, abs=4 * sqrt(0.25 / draws))
        checked += 1
    assert checked > 20


def test_whose_grade_hangs_on_rounding(pool: Pool) -> None:
    """By hand: 700 in two groups; only ranks between the cuts of two roundings may hang."""
    hangs = on_rounding(pool.prepared, pool.rows)
    if pool.prepared.scheme.grading.by == "score":
        assert not hangs.any()
        return
    wanted = []
    for rank, ranked in zip(
        pool.rows["rank"].to_pylist(), pool.rows["ranked"].to_pylist(), strict=True
    ):
        exact = [ranked * share / 100 for share in (20, 60, 95)]
        wanted.append(any(int(cut) < rank <= -int(-cut // 1) and cut % 1 for cut in exact))
    assert hangs.tolist() == wanted


def test_the_table_is_one_row_an_enterprise(pool: Pool) -> None:
    found = sureness(
        with_errors(pool.prepared, tax_paid="3%"), MOMENT, pool.rows, pool.facts, draws=4
    )
    assert found.table.column_names == [
        "uscc", "sure_A", "sure_B", "sure_C", "sure_D", "kept", "on_rounding",
    ]  # fmt: skip
    assert found.table["uscc"].equals(pa.chunked_array([pool.rows["uscc"].to_pylist()]))
