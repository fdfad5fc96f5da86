"""The same matching on Spark, for a province or the nation. Needs the extra `spark`.

The kernel runs inside the workers (`mapInArrow`) over the Parquet of facts and writes the tables of
policies.matches as folders of Parquet files. The table of facts must have a column `row`: which
row of the whole population each is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cityforge.brain.engines import spark
from cityforge.brain.policies import blocks, matches
from cityforge.brain.policies.blocks import Matched, Matcher
from cityforge.brain.policies.matching import ROW
from cityforge.brain.runs.matching import Matching, Part


def on_spark(master: str) -> Matching:
    """Matches on a Spark: local[N] is N threads of this machine, spark://host:port a cluster.

    What it gives takes matchers, each with the Parquet of its year, and the folder to write to;
    both must be where the workers can read and write them.
    """

    def match(parts: Sequence[Part], folder: Path) -> dict[str, int]:
        with spark.Engine(master=master) as engine:
            return write(engine, parts, folder)

    return match


def write(engine: spark.Engine, parts: Sequence[Part], folder: Path) -> dict[str, int]:
    """Write the tables of policies.matches; the number of rows by table."""
    counts = []
    for matcher, file in parts:
        columns = [*matcher.columns, ROW]
        lines = engine.map_parquet(file, columns, _Lines(matcher), blocks.PLAIN)
        lines.write(folder / f"{matches.MATCHES}.parquet")
        planes = engine.map_parquet(file, columns, _Planes(matcher), blocks.PLANES)
        planes.write(folder / f"{matches.PLANES}.parquet", sorted_by=("policy", "first_row"))
        counted = engine.map_parquet(file, columns, _Counts(matcher), blocks.COUNTS)
        counts.append(counted.fetch().cast(blocks.COUNTS))
    summed = blocks.summed(counts)
    pq.write_table(summed, folder / f"{matches.COUNTS}.parquet", compression="zstd")
    rows = {name: _rows(folder / f"{name}.parquet") for name in (matches.MATCHES, matches.PLANES)}
    return rows | {matches.COUNTS: summed.num_rows}


def _rows(folder: Path) -> int:
    return sum(pq.read_metadata(file).num_rows for file in folder.glob("*.parquet"))


@dataclass(frozen=True, slots=True)
class _Lines:
    matcher: Matcher

    def __call__(self, table: pa.Table) -> Iterator[pa.Table]:
        return _of(self.matcher, table).lines()


@dataclass(frozen=True, slots=True)
class _Planes:
    matcher: Matcher

    def __call__(self, table: pa.Table) -> Iterator[pa.Table]:
        yield _of(self.matcher, table).planes(table[ROW][0].as_py())


@dataclass(frozen=True, slots=True)
class _Counts:
    matcher: Matcher

    def __call__(self, table: pa.Table) -> Iterator[pa.Table]:
        yield _of(self.matcher, table).counts()


def _of(matcher: Matcher, table: pa.Table) -> Matched:
    # Spark gives each worker one core.
    return matcher.match(table, threads=1)
