"""Matching on Spark gives the lines, the planes and the counts of this machine.

Spark speaks to its Java over a socket of this machine; this file alone may open one.
"""

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cityforge.brain.errors import EngineFailed
from cityforge.brain.expr import check
from cityforge.brain.policies import blocks, matches
from cityforge.brain.policies.blocks import Matched, Matcher
from cityforge.brain.policies.matching import ROW
from cityforge.brain.policies.prepared import Claim

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
import kernel_workload as workload

on_spark = pytest.importorskip(
    "cityforge.brain.runs.matching_on_spark", reason="PySpark comes with the extra 'spark'"
)
pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "localhost"])
cloudpickle = pytest.importorskip("pyspark.cloudpickle")
ROWS, POLICIES = 3_001, 60


def _claims() -> tuple[Claim, ...]:
    """Policies of the bench's workload; every third pays."""
    conditions = workload.typed(workload.policies(POLICIES))
    claims = [Claim(f"p{number:03}", one) for number, one in enumerate(conditions)]
    paid = check.read("least(money_0 * 10%, 50万元)", workload.scope())
    return tuple(
        replace(claim, amount=paid) if number % 3 == 0 else claim
        for number, claim in enumerate(claims)
    )


def _table() -> pa.Table:
    codes = [f"91320000MA{number:08}" for number in range(ROWS)]
    return workload.table(ROWS).append_column("uscc", pa.array(codes))


@dataclass(frozen=True)
class _Breaking(Matcher):
    """Fails at the enterprises from 1,000 on; with a file to remember it by, only once."""

    mark: Path | None

    def match(self, table: pa.Table, *, threads: int = 2) -> Matched:
        if table[ROW][0].as_py() == 1_000 and (self.mark is None or not self.mark.exists()):
            if self.mark is not None:
                self.mark.touch()
            raise RuntimeError("broken on purpose")
        return super().match(table, threads=threads)


# The workers cannot import this file.
cloudpickle.register_pickle_by_value(sys.modules[__name__])


def _here(matcher: Matcher, folder: Path) -> tuple[dict[str, int], Path]:
    folder.mkdir()
    said: list[float] = []
    written = matches.write_by_year([(matcher, _table())], folder, block=512, say=said.append)
    assert said == [512 / ROWS, 1_024 / ROWS, 1_536 / ROWS, 2_048 / ROWS, 2_560 / ROWS, 1.0]
    return written, folder


def _in_pieces(folder: Path) -> Path:
    """The facts as a folder of files, which Spark puts together in an order of its own."""
    folder.mkdir()
    table = _table().append_column(ROW, pa.array(range(ROWS)))
    for number, (first, last) in enumerate([(2_000, ROWS), (0, 1_000), (1_000, 2_000)]):
        pq.write_table(table.slice(first, last - first), folder / f"{number}.parquet")
    return folder


def _same(here: Path, there: Path, matcher: Matcher) -> None:
    order = [("uscc", "ascending"), ("policy", "ascending")]
    lines = [
        pq.read_table(folder / f"{matches.MATCHES}.parquet").cast(blocks.PLAIN).sort_by(order)
        for folder in (here, there)
    ]
    assert lines[0].equals(lines[1])
    counts = [pq.read_table(folder / f"{matches.COUNTS}.parquet") for folder in (here, there)]
    assert counts[0].equals(counts[1])
    found, wanted = matches.Matches(there), matches.Matches(here)
    for claim in matcher.claims:
        for one, other in zip(found.of_policy(claim.id), wanted.of_policy(claim.id), strict=True):
            assert np.array_equal(one, other)
    for uscc in _table()["uscc"].to_pylist()[:: ROWS // 7]:
        assert found.of_enterprise(uscc).equals(wanted.of_enterprise(uscc))


def test_both_write_the_same(tmp_path: Path) -> None:
    file = tmp_path / "facts.parquet"
    pq.write_table(_table().append_column(ROW, pa.array(range(ROWS))), file, row_group_size=1_000)
    matcher = Matcher(_claims(), workload.AS_OF, {})
    ours, here = _here(matcher, tmp_path / "here")
    there = tmp_path / "there"
    there.mkdir()
    said: list[float] = []
    theirs = on_spark.on_spark("local[2]")([(matcher, file)], there, said.append)
    assert said == sorted(said)
    assert said and 0 <= said[0] <= said[-1] <= 1
    assert theirs[matches.MATCHES] == ours[matches.MATCHES]
    _same(here, there, matcher)


def test_a_task_that_runs_twice_doubles_nothing(tmp_path: Path) -> None:
    claims = _claims()
    _, here = _here(Matcher(claims, workload.AS_OF, {}), tmp_path / "here")
    matcher = _Breaking(claims, workload.AS_OF, {}, mark=tmp_path / "broken")
    there = tmp_path / "there"
    there.mkdir()
    on_spark.on_spark("local[2,2]")([(matcher, _in_pieces(tmp_path / "facts"))], there)
    assert (tmp_path / "broken").exists()
    _same(here, there, matcher)
    assert {file.name for file in there.iterdir()} == {
        f"{name}.parquet" for name in (matches.MATCHES, matches.PLANES, matches.COUNTS)
    }


def test_a_worker_that_fails_is_told_in_a_line_and_leaves_nothing(tmp_path: Path) -> None:
    matcher = _Breaking(_claims(), workload.AS_OF, {}, mark=None)
    there = tmp_path / "there"
    there.mkdir()
    match = on_spark.on_spark("local[2]")
    with pytest.raises(EngineFailed, match=r"RuntimeError: broken on purpose$"):
        match([(matcher, _in_pieces(tmp_path / "facts"))], there)
    assert list(there.iterdir()) == []


def test_a_master_that_does_not_answer_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(EngineFailed, match=r"spark://127\.0\.0\.1:9 does not answer"):
        on_spark.on_spark("spark://127.0.0.1:9")([], tmp_path)
