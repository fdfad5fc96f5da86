"""Policy matching from Parquet to counts, for more enterprises than memory holds.

    python bench/policies_large.py [--rows 10000000] [--policies 1000]

The same road for ten million enterprises and for the nation's sixty (--rows 60000000: some 5 GB of
Parquet in the temporary folder). The file is read in pieces, one ahead; the process that counts
does nothing else, and its peak of memory is its own. The counts are compared with those of the
pieces before they were written.
"""

import argparse
import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import kernel_workload as workload
from cityforge.brain.engines.kernel.planes import Counts, Planes
from cityforge.brain.engines.kernel.program import Program, compile
from contenders import peak_mebibytes
from shown import most, say, table

PIECE = 2**19  # rows
HALF = PIECE // 2  # a block for each of two threads
SECONDS = 15  # for ten million enterprises
MEMORY = 2048  # MiB


@dataclass(frozen=True, slots=True)
class Counted:
    """Rows known true and known false by policy, and what it took."""

    counts: Counts
    seconds: float
    peak: float


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--policies", type=int, default=1_000)
    given = options.parse_args()
    say(workload.described(given.rows, workload.policies(given.policies)))
    # Each in a process of its own, so that neither counts the memory of the other.
    own = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "enterprises.parquet"
        with own.Pool(1) as pool:
            wanted = pool.apply(write, (file, given.rows, given.policies))
        say(f"written: {file.stat().st_size / 2**20:,.0f} MiB")
        with own.Pool(1) as pool:
            found = pool.apply(count, (file, given.policies))
    show(given.rows, given.policies, found, wanted)


def write(file: Path, rows: int, policies: int) -> Counts:
    """The enterprises as Parquet, piece by piece; their counts, from the pieces in memory."""
    program = _program(policies)
    counts = []
    with pq.ParquetWriter(
        file, workload.table(0).schema, compression="zstd", store_decimal_as_integer=True
    ) as writer:
        for number, first in enumerate(range(0, rows, PIECE)):
            piece = workload.table(min(PIECE, rows - first), number)
            writer.write_table(piece, row_group_size=PIECE)
            counts.append(program.run(piece, block=HALF).counts())
    return _added(counts)


def count(file: Path, policies: int) -> Counted:
    """From the file to the counts of every policy."""
    program = _program(policies)
    began = time.perf_counter()
    planes: dict[int, Planes] = {}  # by rows: the last piece is smaller
    counts = []
    for piece in _ahead(_pieces(file)):
        rows = piece.num_rows
        planes[rows] = program.run(piece, block=HALF, out=planes.get(rows))
        counts.append(planes[rows].counts())
    return Counted(_added(counts), time.perf_counter() - began, peak_mebibytes())


def _program(policies: int) -> Program:
    return compile(workload.typed(workload.policies(policies)), as_of=workload.AS_OF)


def _pieces(file: Path) -> Iterator[pa.RecordBatch]:
    # Buffered ahead, the whole file would stay in memory.
    names = ["industry", "district"]
    with pq.ParquetFile(file, read_dictionary=names, pre_buffer=False) as opened:
        yield from opened.iter_batches(PIECE)


def _ahead(pieces: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same pieces; the next is read while one is worked on."""
    with ThreadPoolExecutor(1) as executor:
        coming = executor.submit(next, pieces, None)
        while (piece := coming.result()) is not None:
            coming = executor.submit(next, pieces, None)
            yield piece


def _added(counts: list[Counts]) -> Counts:
    return Counts(
        np.sum([one.true for one in counts], axis=0), np.sum([one.false for one in counts], axis=0)
    )


def show(rows: int, policies: int, found: Counted, wanted: Counts) -> None:
    goal = SECONDS * rows / 10_000_000
    sides = ((found.counts.true, wanted.true), (found.counts.false, wanted.false))
    differing = sum(int((one != other).sum()) for one, other in sides)
    say()
    table(
        ("Parquet to counts", "found", "goal", "verdict"),
        [
            ("seconds", f"{found.seconds:.1f} s", *most(found.seconds, goal, " s")),
            ("peak memory", f"{found.peak:,.0f} MiB", *most(found.peak, MEMORY, " MiB")),
            ("decisions", f"{rows * policies / found.seconds:.2e}/s", "", ""),
            ("differing counts", f"{differing}", *most(differing, 0, "")),
        ],
    )


if __name__ == "__main__":
    main()
