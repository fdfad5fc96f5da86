"""One evaluation scheme over many enterprises, Parquet to Parquet: ours beside SQL by hand.

    python bench/scheme.py --rows 1000000 --rounds 7

Each measured run is a process of its own: its peak memory as the system counts it, and its seconds
from the city folder read (ours) or the engine imported (by hand) to the Parquet file written. The
two take turns, and the ratio is taken pair by pair. The results must be the same rows.
Goal: median ratio at most 1.1. The peak includes Python and the libraries themselves.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb

from cityforge.brain.city import checks
from cityforge.brain.engines.duckdb import Engine, parquet
from cityforge.brain.evaluation.prepared import Moment, prepare
from cityforge.brain.evaluation.statement import statement

HERE = Path(__file__).parent
CITY = HERE.parent / "cities" / "taizhou"
SCHEME = "js_huaian_2024"
YEAR = 2024
MEMORY = "700MB"  # the least at which both get through 10 million rows
SYNTHETIC = HERE / "scheme_input.sql"
BY_HAND = HERE / "scheme_by_hand.sql"


def ours(folder: Path) -> float:
    """The scheme as the product runs it; the seconds from the checked city to the file."""
    city, book = checks.load(CITY)
    began = time.perf_counter()
    founded_on = city.frame.founded_on if city.frame else None

    def moment(year: int) -> Moment:
        return Moment(year, date(year, 12, 31), {}, founded_on)

    query = statement(
        prepare(book, city.schemes[SCHEME]),
        moment(YEAR),
        facts=parquet(folder / "facts_2024.parquet"),
        before=(moment(YEAR - 1), parquet(folder / "facts_2023.parquet")),
    )
    with Engine(threads=2, memory_limit=MEMORY, scratch=folder / "scratch") as engine:
        engine.write(query, folder / "ours.parquet")
    return time.perf_counter() - began


def by_hand(folder: Path) -> float:
    """The committed statement, with the same settings of the engine; its seconds."""
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


def peak_mebibytes() -> float:
    """The peak of this process alone: what getrusage tells may be the parent's before the fork."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


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


def compare(folder: Path) -> None:
    """Both results row by row; any difference ends the bench."""
    with duckdb.connect(":memory:") as connection:
        a, b = f"'{folder}/ours.parquet'", f"'{folder}/by_hand.parquet'"
        count = connection.execute(f"SELECT count(*) FROM {a}").fetchone()
        apart = connection.execute(
            f"SELECT (SELECT count(*) FROM (FROM {a} EXCEPT ALL FROM {b}))"
            f" + (SELECT count(*) FROM (FROM {b} EXCEPT ALL FROM {a}))"
        ).fetchone()
    if not count or not apart or apart[0]:
        sys.exit(f"the results differ in {apart} rows")
    print(f"same {count[0]:,} rows, every column, both ways")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", choices=["ours", "by_hand"])
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.only:
        seconds = {"ours": ours, "by_hand": by_hand}[asked.only](asked.folder)
        print(seconds, peak_mebibytes())
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_input(folder, asked.rows)
        for which in ("ours", "by_hand"):
            measure(which, folder)
        compare(folder)
        taken: dict[str, list[tuple[float, float]]] = {"ours": [], "by_hand": []}
        for _ in range(asked.rounds):
            for which, results in taken.items():
                results.append(measure(which, folder))
        ratios = [a[0] / b[0] for a, b in zip(taken["ours"], taken["by_hand"], strict=True)]
        for which, results in taken.items():
            seconds = statistics.median(second for second, _ in results)
            peak = max(memory for _, memory in results)
            print(f"{which:8} median {seconds:.2f} s   peak {peak:,.0f} MiB")
        print(
            f"ratio ours / by hand: median {statistics.median(ratios):.2f} "
            f"(min {min(ratios):.2f}, max {max(ratios):.2f}, {asked.rounds} pairs)"
        )


if __name__ == "__main__":
    main()
