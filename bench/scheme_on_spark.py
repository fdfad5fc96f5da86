"""Evaluation schemes on Spark (local[2]) beside DuckDB on this machine: the same rows, both times.

    python bench/scheme_on_spark.py [--rows 1000000]

Three schemes that differ as much as they can (scheme_workload.py), from the same Parquet to
Parquet. The result is compared whole, sorted by code: SHA-256 over every cell, of a double its
eight bytes. One Spark session serves all; its start is told apart. Seconds are of one run each.
"""

import argparse
import tempfile
import time
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import scheme_workload as workload
from cityforge.brain.city import checks
from cityforge.brain.engines import duckdb, spark
from cityforge.brain.evaluation.prepared import Prepared
from cityforge.brain.runs import evaluating_at_scale, evaluating_on_spark
from shown import say, table

CITY = Path(__file__).parent.parent / "cities" / "taizhou"
NOW, BEFORE = workload.moment(workload.YEAR), workload.moment(workload.YEAR - 1)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=1_000_000)
    given = options.parse_args()
    city, book = checks.load(CITY)
    schemes = workload.prepared(city, book)
    say(f"{given.rows:,} enterprises of two years; two threads")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = workload.make_facts(folder, given.rows, schemes)
        local = [here(one, files, folder / f"{one.scheme.id}.parquet") for one in schemes]
        began = time.perf_counter()
        with spark.Engine(master="local[2]") as engine:
            started = time.perf_counter() - began
            beyond = [there(engine, one, files, folder / one.scheme.id) for one in schemes]
        lines, is_same = [], True
        for one, own, theirs in zip(schemes, local, beyond, strict=True):
            found = [digest(folder / n) for n in (f"{one.scheme.id}.parquet", one.scheme.id)]
            is_same = is_same and found[0] == found[1]
            seconds = (f"{own:.1f} s", f"{theirs:.1f} s", f"{theirs / own:.1f}x")
            lines.append((one.scheme.id, *seconds, *(text[:12] for text in found)))
    say(f"Spark started in {started:.1f} s")
    say()
    heads = ("Parquet to Parquet", "DuckDB", "Spark", "Spark x", "rows of DuckDB", "of Spark")
    table(heads, lines)
    if not is_same:
        raise SystemExit("the results differ")
    say("the same rows, bit by bit, in the same order")


def here(prepared: Prepared, files: dict[int, Path], file: Path) -> float:
    began = time.perf_counter()
    with duckdb.Engine(threads=2, scratch=file.parent / "scratch") as engine:
        evaluating_at_scale.write(
            engine,
            prepared,
            NOW,
            facts=files[workload.YEAR],
            before=(BEFORE, files[workload.YEAR - 1]),
            file=file,
        )
    return time.perf_counter() - began


def there(engine: spark.Engine, prepared: Prepared, files: dict[int, Path], folder: Path) -> float:
    began = time.perf_counter()
    evaluating_on_spark.write(
        engine,
        prepared,
        NOW,
        facts=files[workload.YEAR],
        before=(BEFORE, files[workload.YEAR - 1]),
        folder=folder,
    )
    return time.perf_counter() - began


def digest(rows: Path) -> str:
    """SHA-256 of the cells as they stand, column by column."""
    found, whole = sha256(), pq.read_table(rows)
    for name, column in zip(whole.column_names, whole.columns, strict=True):
        found.update(f"{name} {column.type}\n".encode())
        found.update(pc.is_valid(column).combine_chunks().cast(pa.uint8()).to_numpy().tobytes())
        nothing = "" if pa.types.is_string(column.type) else 0
        cells = pc.fill_null(column, pa.scalar(nothing, column.type)).combine_chunks()
        if pa.types.is_string(column.type):
            found.update(pc.binary_length(cells).to_numpy().tobytes())
            found.update(b"".join(cells.cast(pa.binary()).to_pylist()))
        else:
            found.update(cells.to_numpy().tobytes())
    return found.hexdigest()


if __name__ == "__main__":
    main()
