"""How sure grades are, and what would change them, for many enterprises.

    python bench/reasons.py --rows 100000

Goal: grades under 200 draws of errors for 100,000 enterprises in less than a minute. The smallest
single changes of all enterprises are timed beside it. Peak memory is the process's own.
"""

import argparse
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
from sqlglot import exp

from cityforge.brain.city import checks
from cityforge.brain.city.scheme import StatedError
from cityforge.brain.engines.duckdb import Engine, parquet
from cityforge.brain.evaluation.prepared import Moment, Prepared, prepare
from cityforge.brain.evaluation.reasons.changes import ways
from cityforge.brain.evaluation.reasons.sureness import sureness
from cityforge.brain.evaluation.statement import statement
from scheme import CITY, SCHEME, SYNTHETIC, YEAR, peak_mebibytes

DRAWS = 200
GOAL = 60.0
ERRORS = {"tax_paid": "1%", "invoiced_sales": "2%", "land_owned": "3%", "energy": "5%"}


def evaluated(folder: Path, rows: int) -> tuple[Prepared, Moment, pa.Table, pa.Table]:
    """The scheme with stated errors over made-up enterprises."""
    for year in (YEAR - 1, YEAR):
        made = SYNTHETIC.read_text(encoding="utf-8")
        made = made.replace("{rows}", str(rows)).replace("{year}", str(year))
        land = "SELECT *, land_mu AS land_owned, 0::DECIMAL(18, 4) AS land_rent_in"
        file = folder / f"facts_{year}.parquet"
        with duckdb.connect(":memory:") as connection:
            connection.execute(
                f"COPY ({land}, 0::DECIMAL(18, 4) AS land_rent_out FROM ({made}) ORDER BY uscc)"
                f" TO '{file}' (FORMAT PARQUET)"
            ).fetchall()
    city, book = checks.load(CITY)
    errors = [StatedError(fact=name, within=within) for name, within in ERRORS.items()]
    scheme = city.schemes[SCHEME].model_copy(update={"errors": errors})
    prepared = prepare(book, scheme)
    now, before = (
        Moment(year, date(year, 12, 31), {}, "registered_on") for year in (YEAR, YEAR - 1)
    )
    tables = {year: parquet(folder / f"facts_{year}.parquet") for year in (YEAR - 1, YEAR)}
    query = statement(prepared, now, facts=tables[YEAR], before=(before, tables[YEAR - 1]))
    with Engine(threads=2) as engine:
        result = engine.arrow(query)
        facts = engine.arrow(exp.select("*").from_(tables[YEAR]).order_by("uscc"))
    return prepared, now, result, facts


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        made = evaluated(Path(name), asked.rows)
        taken = []
        for _ in range(asked.rounds):
            began = time.perf_counter()
            found = sureness(*made, draws=DRAWS)
            taken.append(time.perf_counter() - began)
        median = statistics.median(taken)
        verdict = "met" if median < GOAL else "NOT MET"
        print(
            f"{asked.rows:,} enterprises, {len(found.codes):,} rated, {DRAWS} draws: "
            f"median {median:.1f} s of {asked.rounds}, peak {peak_mebibytes():,.0f} MiB "
            f"(goal < {GOAL:.0f} s: {verdict}); "
            f"{100 * found.kept.mean():.1f} % keep their grade, "
            f"{int(found.rounding.sum()):,} hang on rounding"
        )
        began = time.perf_counter()
        lifted = ways(*made, with_sets=False)
        seconds = time.perf_counter() - began
        singles = sum(bool(way.singles) for way in lifted)
        print(
            f"smallest single changes of all: {seconds:.1f} s; {singles:,} rise by one change, "
            f"peak {peak_mebibytes():,.0f} MiB"
        )


if __name__ == "__main__":
    main()
