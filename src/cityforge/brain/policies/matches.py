"""Matches on disk, read in either direction: an enterprise's policies, a policy's enterprises.

FOLDER/policy_matches.parquet   uscc, policy, answer (eligible or unknown), amount (分, as if
                                entitled; null: unknown or no money); sorted by uscc, then policy
FOLDER/policy_planes.parquet    policy, first_row, rows, true, false: packed bits, row r of the
                                population is bit r % 8 of byte r // 8, counted from first_row
FOLDER/policy_counts.parquet    policy, district, eligible, not_yet, unknown, amount (分, of the
                                eligible whose amount is known)

Who is in no line of `policy_matches` is not yet entitled. Where Spark wrote them, lines and planes
are folders of such files, one a task, each sorted.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cityforge.brain.engines.kernel.planes import Bits, packed
from cityforge.brain.engines.keyed import Keyed
from cityforge.brain.policies import blocks
from cityforge.brain.policies.blocks import Matched, Matcher
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
    parts: Sequence[tuple[Matcher, pa.Table]],
    folder: Path,
    *,
    block: int = BLOCK,
    say: Callable[[float], None] | None = None,
) -> dict[str, int]:
    """The same where policies look at several years: each matcher with the facts of its year.

    All tables are the same enterprises in the same order; `block` is a multiple of 8. `say` hears
    the share that is done.
    """
    rows = parts[0][1].num_rows
    lines, planes = (folder / f"{name}.parquet" for name in (MATCHES, PLANES))
    with Writing(lines, planes) as writing:
        for start in range(0, rows, block):
            here = [one.match(table.slice(start, block)) for one, table in parts]
            writing.add(blocks.together(here), start)
            if say is not None:
                say(min(1.0, (start + block) / rows))
    return {
        COUNTS: write_counts(writing.counts, folder),
        MATCHES: writing.lines,
        PLANES: writing.planes,
    }


class Writing:
    """A file of lines and one of planes while they are written, block by block.

    counts         of the blocks written so far, by policy and district
    lines, planes  how many are written
    """

    def __init__(self, lines: Path, planes: Path) -> None:
        self.lines = self.planes = 0
        self.counts = blocks.COUNTS.empty_table()
        with ExitStack() as opened:
            self._lines, self._planes = (
                opened.enter_context(_writer(file, schema))
                for file, schema in ((lines, blocks.LINES), (planes, blocks.PLANES))
            )
            self._opened = opened.pop_all()

    def __enter__(self) -> "Writing":
        return self

    def __exit__(self, *raised: object) -> None:
        self._opened.close()

    def add(self, block: Matched, first_row: int) -> None:
        """Write a block; `first_row` is that of its first enterprise in the whole population."""
        for lines in block.lines():
            self._lines.write_table(lines, row_group_size=_GROUP)
            self.lines += lines.num_rows
        self._planes.write_table(block.planes(first_row), row_group_size=_PLANES_GROUP)
        self.planes += len(block.ids)
        self.counts = blocks.summed([self.counts, block.counts()])


def write_counts(counts: pa.Table, folder: Path) -> int:
    """Write the table of counts; its rows."""
    with _writer(folder / f"{COUNTS}.parquet", blocks.COUNTS) as writer:
        writer.write_table(counts)
    rows: int = counts.num_rows
    return rows


def _writer(file: Path, schema: pa.Schema) -> pq.ParquetWriter:
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
