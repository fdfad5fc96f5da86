"""Matching on Spark gives the lines, the planes and the counts of this machine.

Spark speaks to its Java over a socket of this machine; this file alone may open one.
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cityforge.brain.expr import check
from cityforge.brain.policies import blocks, matches
from cityforge.brain.policies.blocks import Matcher
from cityforge.brain.policies.matching import ROW
from cityforge.brain.policies.prepared import Claim

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
import kernel_workload as workload

on_spark = pytest.importorskip(
    "cityforge.brain.runs.matching_on_spark", reason="PySpark comes with the extra 'spark'"
)
pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "localhost"])
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


def test_both_write_the_same(tmp_path: Path) -> None:
    file = tmp_path / "facts.parquet"
    table = _table()
    pq.write_table(table.append_column(ROW, pa.array(range(ROWS))), file, row_group_size=1_000)
    matcher = Matcher(_claims(), workload.AS_OF, {})
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    ours = matches.write_by_year([(matcher, table)], here, block=512)
    theirs = on_spark.on_spark("local[2]")([(matcher, file)], there)
    assert theirs[matches.MATCHES] == ours[matches.MATCHES]
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
    for uscc in table["uscc"].to_pylist()[:: ROWS // 7]:
        assert found.of_enterprise(uscc).equals(wanted.of_enterprise(uscc))
