"""Policy matching on Spark (`mapInArrow`, local[2]) beside the same on this machine.

    python bench/policies_on_spark.py [--rows 1000000] [--policies 1000]

Both read the same Parquet and write the tables of policies/matches.py: who is entitled or might be
(a line each), the planes of every policy, the counts by district. The two must be the same: the
planes and the counts by SHA-256 in order, the lines by their number and the sum of their hashes,
which no order changes.
"""

import argparse
import tempfile
import time
from hashlib import sha256
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

import kernel_workload as workload
from cityforge.brain.policies import matches
from cityforge.brain.policies.blocks import Matcher
from cityforge.brain.policies.matching import ROW
from cityforge.brain.policies.prepared import Claim
from cityforge.brain.runs import matching_on_spark
from shown import say, table

GROUP = 2**16  # rows of a row group: what Spark gives a worker at a time


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--policies", type=int, default=1_000)
    given = options.parse_args()
    made = workload.policies(given.policies)
    say(workload.described(given.rows, made))
    conditions = workload.typed(made)
    claims = tuple(Claim(f"p{number:05}", one) for number, one in enumerate(conditions))
    matcher = Matcher(claims, workload.AS_OF, {})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file, here, there = (folder / part for part in ("facts.parquet", "here", "there"))
        here.mkdir()
        there.mkdir()
        write(file, given.rows)
        began = time.perf_counter()
        matches.write_by_year([(matcher, pq.read_table(file))], here)
        local = time.perf_counter() - began
        began = time.perf_counter()
        matching_on_spark.on_spark("local[2]")([(matcher, file)], there)
        spark = time.perf_counter() - began
        ids = [claim.id for claim in claims]
        found = [digests(one, ids) for one in (here, there)]
        sizes = [size(one) for one in (here, there)]
    say()
    heads = ("Parquet to lines, planes and counts", "seconds", "x local", "written")
    table(
        (*heads, "planes", "counts", "lines"),
        [
            ("local", f"{local:.1f} s", "", sizes[0], *found[0]),
            ("Spark local[2], its start included", f"{spark:.1f} s", f"{spark / local:.1f}x",
             sizes[1], *found[1]),
        ],
    )  # fmt: skip
    if found[0] != found[1]:
        raise SystemExit("the results differ")
    say("the same planes, counts and lines")


def write(file: Path, rows: int) -> None:
    """Facts as a snapshot has them: sorted by code, with the row of each."""
    numbers = range(rows)
    codes = pa.array([f"91320000MA{number:08}" for number in numbers])
    whole = workload.table(rows).append_column("uscc", codes)
    whole = whole.append_column(ROW, pa.array(numbers, pa.int64()))
    pq.write_table(whole, file, row_group_size=GROUP, compression="zstd")


def size(folder: Path) -> str:
    return f"{sum(one.stat().st_size for one in folder.rglob('*') if one.is_file()) >> 20:,} MiB"


def digests(folder: Path, ids: list[str]) -> tuple[str, str, str]:
    """Of planes, counts and lines; the first digits tell them apart."""
    planes, counts = sha256(), sha256()
    written = matches.Matches(folder)
    for name in ids:
        for plane in written.of_policy(name):
            planes.update(plane.tobytes())
    for row in pq.read_table(folder / f"{matches.COUNTS}.parquet").to_pylist():
        counts.update(repr(sorted(row.items())).encode())
    lines = folder / f"{matches.MATCHES}.parquet"
    files = f"{lines}/*.parquet" if lines.is_dir() else f"{lines}"
    with duckdb.connect(config={"threads": 2}) as connection:
        (found,) = connection.execute(
            "select count(*), sum(hash(uscc, policy, answer, amount)) from read_parquet($files)",
            {"files": files},
        ).fetchall()
    return planes.hexdigest()[:12], counts.hexdigest()[:12], f"{found[0]:,}:{found[1] % 10**8:08}"


if __name__ == "__main__":
    main()
