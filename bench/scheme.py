"""One evaluation scheme over many enterprises: ours beside SQL by hand, Polars and pandas.

    python bench/scheme.py --rows 1000000 [--rounds 5]

Each run is a process of its own, from Parquet to Parquet: its peak memory as the system counts it,
Python and the libraries included, and its seconds from the libraries imported (and for ours the
city folder checked) to the file written. The contenders take turns; a ratio is the median of the
ratios of common rounds. One that has spent its patience sits out the rounds that remain. The
results must be the same: by hand in every column, in Polars and pandas status, rank and grade.
Goals are those of DESIGN, section 6, on two cores; that of memory is for 10 million.
"""

import argparse
import importlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

import scheme_peers
from cityforge.brain.city import checks
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.evaluation.prepared import Moment, prepare
from cityforge.brain.runs import evaluating_at_scale
from contenders import peak_mebibytes
from shown import least, most, say, table

HERE = Path(__file__).parent
CITY = HERE.parent / "cities" / "taizhou"
SCHEME = "js_huaian_2024"
YEAR = 2024
MEMORY = "700MB"  # the least at which the statement by hand gets through 10 million rows
OUR_LARGE_MEMORY = "240MB"
SYNTHETIC = HERE / "scheme_input.sql"
BY_HAND = HERE / "scheme_by_hand.sql"
PATIENCE = 600  # seconds
OURS, HAND, POLARS, PANDAS = "ours", "by_hand", "polars", "pandas"
NAMES = {OURS: "ours", HAND: "DuckDB SQL by hand", POLARS: "Polars, streaming", PANDAS: "pandas"}
IMPORTS = {OURS: "duckdb", HAND: "duckdb", POLARS: "polars", PANDAS: "pandas"}
MEBIBYTES = 512  # at so many rows:
LARGE = 10_000_000
GRADED = ("uscc", "part", "status", "ranked", "rank", "grade")


def ours(folder: Path) -> float:
    """The scheme by the road for many enterprises; seconds from the checked city to the file."""
    facts = folder / f"facts_{YEAR}.parquet"
    limit = OUR_LARGE_MEMORY if pq.read_metadata(facts).num_rows >= LARGE else MEMORY
    city, book = checks.load(CITY)
    began = time.perf_counter()
    founded_on = city.frame.founded_on if city.frame else None

    def moment(year: int) -> Moment:
        return Moment(year, date(year, 12, 31), {}, founded_on)

    with Engine(threads=2, memory_limit=limit, scratch=folder / "scratch") as engine:
        evaluating_at_scale.write(
            engine,
            prepare(book, city.schemes[SCHEME]),
            moment(YEAR),
            facts=facts,
            before=(moment(YEAR - 1), folder / f"facts_{YEAR - 1}.parquet"),
            file=folder / f"{OURS}.parquet",
        )
    return time.perf_counter() - began


def by_hand(folder: Path) -> float:
    """The committed statement; its seconds."""
    began = time.perf_counter()
    settings = {
        "threads": 2,
        "memory_limit": MEMORY,
        "temp_directory": str(folder / "scratch"),
        "preserve_insertion_order": True,
    }
    with duckdb.connect(":memory:", config=settings) as connection:
        text = BY_HAND.read_text(encoding="utf-8").replace("{folder}", str(folder))
        connection.execute(text).fetchall()
    return time.perf_counter() - began


def timed(work: Callable[[Path], None]) -> Callable[[Path], float]:
    def run(folder: Path) -> float:
        began = time.perf_counter()
        work(folder)
        return time.perf_counter() - began

    return run


CONTENDERS = {
    OURS: ours,
    HAND: by_hand,
    POLARS: timed(scheme_peers.in_polars),
    PANDAS: timed(scheme_peers.in_pandas),
}


def make_input(folder: Path, rows: int) -> None:
    """Two years of made-up facts, as Parquet."""
    with duckdb.connect(":memory:") as connection:
        for year in (YEAR - 1, YEAR):
            text = SYNTHETIC.read_text(encoding="utf-8")
            filled = text.replace("{rows}", str(rows)).replace("{year}", str(year))
            file = folder / f"facts_{year}.parquet"
            connection.execute(
                f"COPY ({filled}) TO '{file}' (FORMAT PARQUET, COMPRESSION ZSTD)"
            ).fetchall()


def measure(which: str, folder: Path) -> tuple[float, float]:
    """Seconds and peak MiB of one run in a process of its own."""
    command = [sys.executable, __file__, "--only", which, "--folder", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, peak = done.stdout.split()
    return float(seconds), float(peak)


def in_turns(folder: Path, rounds: int) -> dict[str, list[tuple[float, float]]]:
    taken: dict[str, list[tuple[float, float]]] = {which: [] for which in CONTENDERS}
    for number in range(rounds):
        for which, results in taken.items():
            if sum(seconds for seconds, _ in results) < PATIENCE:
                results.append(measure(which, folder))
        say(f"round {number + 1} of {rounds}")
    return taken


def digest(file: Path, columns: tuple[str, ...]) -> tuple[int, int]:
    """How many rows, and the sum of their hashes, which no order changes."""
    found = duckdb.execute(f"SELECT count(*), sum(hash({', '.join(columns)})) FROM '{file}'")
    count, total = found.fetchall()[0]
    return int(count), int(total)


def differences(folder: Path) -> dict[str, str]:
    """What of each contender is the same as ours; any difference ends the bench."""
    mine = folder / f"{OURS}.parquet"
    sorted_ = duckdb.execute(
        f"SELECT count(*) FROM (SELECT uscc <= lag(uscc) OVER () AS back FROM '{mine}') WHERE back"
    ).fetchall()
    if sorted_[0][0]:
        sys.exit("our rows are not in the order of their codes")
    columns = tuple(row[0] for row in duckdb.execute(f"DESCRIBE FROM '{mine}'").fetchall())
    told = {OURS: ""}
    for which in (HAND, POLARS, PANDAS):
        compared = columns if which == HAND else GRADED
        if digest(mine, compared) != digest(folder / f"{which}.parquet", compared):
            sys.exit(f"{NAMES[which]}: the results differ")
        told[which] = "every column" if which == HAND else "status, rank, grade"
    return told


def shown(
    taken: dict[str, list[tuple[float, float]]], same: dict[str, str], rows: int
) -> list[list[str]]:
    lines = []
    for which, results in taken.items():
        seconds = statistics.median(second for second, _ in results)
        peak = max(memory for _, memory in results)
        times, goal = "", ("", "")
        if which != OURS:
            pairs = list(zip(taken[OURS], results, strict=False))
            ratio = statistics.median(theirs[0] / own[0] for own, theirs in pairs)
            times = f"{ratio:.2f}x ours"
            if which == HAND:
                ratio = statistics.median(own[0] / theirs[0] for own, theirs in pairs)
                times, goal = f"ours takes {ratio:.2f}x", most(ratio, 1.1)
            if which == PANDAS:
                goal = least(ratio, 3)
        limit = most(peak, MEBIBYTES, " MiB") if which == OURS and rows >= LARGE else ("", "")
        first = f"{seconds:.2f} s", times, *goal, f"{peak:,.0f} MiB", *limit
        lines.append([NAMES[which], *first, str(len(results)), same[which]])
    return lines


HEADS = ("Parquet to Parquet", "median", "beside ours", "goal", "", "peak", "goal", "", "rounds",
         "same as ours")  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--only", choices=list(CONTENDERS))
    options.add_argument("--folder", type=Path)
    given = options.parse_args()
    if given.only:
        importlib.import_module(IMPORTS[given.only])
        seconds = CONTENDERS[given.only](given.folder)
        print(seconds, peak_mebibytes())
        return
    say(f"{SCHEME}, {given.rows:,} enterprises of two years; two threads")
    own = OUR_LARGE_MEMORY if given.rows >= LARGE else MEMORY
    say(f"memory limit of DuckDB: ours {own}, by hand {MEMORY}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_input(folder, given.rows)
        taken = in_turns(folder, given.rounds)
        same = differences(folder)
    say()
    table(HEADS, shown(taken, same, given.rows))


if __name__ == "__main__":
    main()
