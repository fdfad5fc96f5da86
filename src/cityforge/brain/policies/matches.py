"""Matches on disk, read in either direction: an enterprise's policies, a policy's enterprises.

FOLDER/policy_matches.parquet   uscc, policy, answer (eligible or unknown), amount (分, as if
                                entitled; null: unknown or no money); sorted by uscc, then policy
FOLDER/policy_planes.parquet    policy, first_row, rows, true, false: packed bits, row r of the
                                population is bit r % 8 of byte r // 8, counted from first_row
FOLDER/policy_counts.parquet    policy, district, eligible, not_yet, unknown, amount (分, of the
                                eligible whose amount is known)

Who is in no line of `policy_matches` is not yet entitled. Where Spark wrote them each is a folder
of Parquet files, sorted within each file.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cityforge.brain.engines.kernel.planes import Bits, packed
from cityforge.brain.engines.keyed import Keyed
from cityforge.brain.policies import blocks
from cityforge.brain.policies.blocks import Matcher
from cityforge.brain.policies.matching import Population
from cityforge.brain.policies.prepared import Prepared

MATCHES, PLANES, COUNTS = "policy_matches", "policy_planes", "policy_counts"
BLOCK = 2**16  # enterprises at a time; with their amounts they fit the memory of a small machine
_GROUP = 2**14  # lines of a row group: what is read for one enterprise
_PLANES_GROUP = 16


def write(
    policies: Sequence[Prepared], population: Population, folder: Path, *, block: int = BLOCK
) -> dict[str, int]:
    """Match every policy with every enterprise, block by block; the number of rows by table.

    The table of the population is sorted by `uscc`. The same bytes every time.
    """
    matcher = Matcher(tuple(one.claim for one in policies), population.day, population.parameters)
    return write_by_year([(matcher, population.table)], folder, block=block)


def write_by_year(
    parts: Sequence[tuple[Matcher, pa.Table]], folder: Path, *, block: int = BLOCK
) -> dict[str, int]:
    """The same where policies look at several years: each matcher with the facts of its year.

    All tables are the same enterprises in the same order; `block` is a multiple of 8.
    """
    rows = parts[0][1].num_rows
    written = {COUNTS: 0, MATCHES: 0, PLANES: 0}
    counts = []
    with (
        _writer(folder, MATCHES, blocks.LINES) as matches,
        _writer(folder, PLANES, blocks.PLANES) as planes,
    ):
        for start in range(0, rows, block):
            here = blocks.together([one.match(table.slice(start, block)) for one, table in parts])
            for lines in here.lines():
                matches.write_table(lines, row_group_size=_GROUP)
                written[MATCHES] += lines.num_rows
            planes.write_table(here.planes(start), row_group_size=_PLANES_GROUP)
            written[PLANES] += len(here.ids)
            counts.append(here.counts())
    summed = blocks.summed(counts)
    with _writer(folder, COUNTS, blocks.COUNTS) as writer:
        writer.write_table(summed)
    written[COUNTS] = summed.num_rows
    return written


def _writer(folder: Path, name: str, schema: pa.Schema) -> pq.ParquetWriter:
    file = folder / f"{name}.parquet"
    return pq.ParquetWriter(file, schema, compression="zstd", compression_level=1)


@dataclass(slots=True)
class Matches:
    """The files of `write`, opened once; each question reads a few row groups."""

    folder: Path
    _matches: Keyed = field(init=False)
    _planes: Keyed = field(init=False)

    def __post_init__(self) -> None:
        self._matches = Keyed(self.folder / f"{MATCHES}.parquet")
        self._planes = Keyed(self.folder / f"{PLANES}.parquet", "policy")

    def of_enterprise(self, uscc: str) -> pa.Table:
        """The lines of one enterprise: policy, answer, amount (分); by policy."""
        found = self._matches.rows(uscc).cast(blocks.PLAIN)
        return found.select(["policy", "answer", "amount"]).sort_by("policy")

    def of_policy(self, policy: str) -> tuple[Bits, Bits]:
        """Who is entitled and who is not yet, as packed planes over the whole population."""
        own = self._planes.rows(policy).cast(blocks.PLANES).sort_by("first_row")
        true, false = (_one_plane(own, side) for side in ("true", "false"))
        return true, false


def _one_plane(own: pa.Table, side: str) -> Bits:
    """Blocks end on whole bytes where they were made here; Spark may cut anywhere."""
    rows = own["rows"].to_pylist()
    planes = [np.frombuffer(one, np.uint8) for one in own[side].to_pylist()]
    if all(count % 8 == 0 for count in rows[:-1]):
        return np.concatenate(planes) if planes else np.zeros(0, np.uint8)
    bits = [
        np.unpackbits(plane, count=count, bitorder="little")
        for plane, count in zip(planes, rows, strict=True)
    ]
    return packed(np.concatenate(bits).astype(np.bool_))
