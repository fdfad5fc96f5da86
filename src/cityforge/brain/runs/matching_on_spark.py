"""The same matching on Spark, for a province or the nation. Needs the extra `spark`.

The kernel runs inside the workers (`mapInArrow`) over the Parquet of facts, once: each task writes
a file of lines and one of planes as one machine would, and gives back its counts. The table of
facts must have a column `row`: which row of the whole population each is.

A task that Spark runs twice (it failed, or was slow) writes the same files again: each comes to
its name whole, and the tables to theirs when all are there.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cityforge.brain.engines import spark
from cityforge.brain.policies import blocks, matches
from cityforge.brain.policies.blocks import Matcher
from cityforge.brain.policies.matching import ROW
from cityforge.brain.runs.matching import Matching, Part, Say

_TABLES = (matches.MATCHES, matches.PLANES)


def on_spark(master: str) -> Matching:
    """Matches on a Spark: local[N] is N threads of this machine, spark://host:port a cluster.

    What it gives takes matchers, each with the Parquet of its year, and the folder to write to;
    both must be where the workers can read and write them.
    """

    def match(parts: Sequence[Part], folder: Path, say: Say | None = None) -> dict[str, int]:
        with spark.Engine(master=master) as engine:
            return write(engine, parts, folder.resolve(), say)

    return match


def write(
    engine: spark.Engine, parts: Sequence[Part], folder: Path, say: Say | None = None
) -> dict[str, int]:
    """Write the tables of policies.matches; the number of rows by table."""
    writing = folder / f".writing-{uuid4().hex}"
    for name in _TABLES:
        (writing / f"{name}.parquet").mkdir(parents=True)
    try:
        counts = []
        for number, (matcher, file) in enumerate(parts):
            work, columns = _Task(matcher, number, writing), [*matcher.columns, ROW]
            with engine.watched(_from(number, len(parts), say)):
                found = engine.sum_parquet(file, columns, work, blocks.COUNTS, blocks.COUNTED)
            counts.append(found.cast(blocks.COUNTS))
        rows = {matches.COUNTS: matches.write_counts(blocks.summed(counts), writing)}
        rows |= {name: _rows(writing / f"{name}.parquet") for name in _TABLES}
        # The lines last: who finds them finds all.
        for name in (matches.COUNTS, matches.PLANES, matches.MATCHES):
            (writing / f"{name}.parquet").rename(folder / f"{name}.parquet")
        return rows
    finally:
        shutil.rmtree(writing, ignore_errors=True)


def _from(number: int, of: int, say: Say | None) -> Say:
    """The share of one part as a share of all."""
    return lambda share: say((number + share) / of) if say is not None else None


def _rows(folder: Path) -> int:
    return sum(pq.read_metadata(file).num_rows for file in folder.glob("*.parquet"))


@dataclass(frozen=True, slots=True)
class _Task:
    """What a worker does with its share of the rows: writes its files, gives its counts.

    part     which of the matchers this is: names the files
    writing  the folder with the unfinished tables
    """

    matcher: Matcher
    part: int
    writing: Path

    def __call__(self, task: int, tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
        attempt = [self.writing / f"{name}-{uuid4().hex}" for name in _TABLES]
        with matches.Writing(*attempt) as writing:
            for table in tables:
                for run in _runs(table):
                    # Spark gives each worker one core.
                    matched = self.matcher.match(run, threads=1)
                    writing.add(matched, run[ROW][0].as_py())
        for file, name in zip(attempt, _TABLES, strict=True):
            file.replace(self.writing / f"{name}.parquet" / f"{self.part}-{task:05}.parquet")
        yield writing.counts


def _runs(table: pa.Table) -> Iterator[pa.Table]:
    """Rows that follow one another in the population; Spark may put several files in one task."""
    gaps = np.flatnonzero(np.diff(table[ROW].to_numpy()) != 1) + 1
    for start, end in zip([0, *gaps], [*gaps, table.num_rows], strict=True):
        yield table.slice(start, end - start)
