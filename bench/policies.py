"""Policy matching: every policy against every enterprise, in one run beside the memory pass.

    python bench/policies.py [--rows 1000000] [--policies 1000] [--rounds 5] [--peers]

--peers adds DuckDB, a boolean SQL column per policy in batches of 20, on a tenth of the rows (its
time is stated for that tenth, its answers are compared with ours).
"""

import argparse
import resource
import statistics
import sys
import time

import duckdb
import numpy as np

import kernel_workload as workload
from cityforge.brain.engines import sql
from cityforge.brain.engines.kernel.frame import Frame
from cityforge.brain.engines.kernel.program import Program, compile


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--policies", type=int, default=1_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--peers", action="store_true")
    given = options.parse_args()
    made = workload.policies(given.policies)
    say(workload.described(given.rows, made))
    table = workload.table(given.rows)
    conditions = workload.typed(made)
    began = time.perf_counter()
    program = compile(conditions, as_of=workload.AS_OF)
    say(f"compiled in {time.perf_counter() - began:.2f} s: {len(program.steps):,} steps")
    frame = Frame.of(table)
    began = time.perf_counter()
    planes = program.run(frame)
    say(f"first run, columns prepared and fresh planes: {time.perf_counter() - began:.2f} s")
    counts = planes.counts()
    total = given.rows * given.policies
    known = int(counts.true.sum()), int(counts.false.sum())
    say(f"true {known[0] / total:.1%}, unknown {1 - sum(known) / total:.1%}")
    ours, passes = [], []
    for _ in range(given.rounds):
        ours.append(seconds(lambda: program.run(frame, out=planes)))
        passes.append(seconds(lambda: memory_pass(frame, program, planes)))
    program.run(frame, out=planes)
    ratios = [one / other for one, other in zip(ours, passes, strict=True)]
    say(f"ours, warm: median {statistics.median(ours):.3f} s = "
        f"{total / statistics.median(ours):.2e} decisions/s; goal 2e9: "
        f"{'met' if total / statistics.median(ours) >= 2e9 else 'not met'}")  # fmt: skip
    say(
        f"memory pass: median {statistics.median(passes):.3f} s; "
        f"ratio {statistics.median(ratios):.1f}"
    )
    one = compile(conditions[:1], as_of=workload.AS_OF)
    single = statistics.median(seconds(lambda: one.run(frame)) for _ in range(21))
    say(f"one new policy over all rows, columns at hand: {single * 1000:.1f} ms; goal 5 ms")
    if given.peers:
        beside_duckdb(table, conditions, given.rows // 10, program)
    say(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def seconds(work: object) -> float:
    began = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - began


def memory_pass(frame: Frame, program: Program, planes: object) -> None:
    """Reads every column once and writes both planes once: what no machine can do without."""
    for name in program.columns:
        np.add.reduce(frame.column(name).data, dtype=np.int64)
    planes.true[:] = 0  # type: ignore[attr-defined]
    planes.false[:] = 0  # type: ignore[attr-defined]


def beside_duckdb(table: object, conditions: list, rows: int, program: Program) -> None:
    """One boolean column per policy, in batches of 20, two threads; counts only."""
    part = table.slice(0, rows)  # type: ignore[attr-defined]
    counts = program.run(part).counts()
    ours = statistics.median(seconds(lambda: program.run(part)) for _ in range(3))
    with duckdb.connect() as connection:
        connection.execute("set threads to 2")
        connection.register("given", part)
        connection.execute("create table e as select * from given")
        began = time.perf_counter()
        for first in range(0, len(conditions), 20):
            batch = conditions[first : first + 20]
            asked = ", ".join(
                f"count(*) filter ({sql.to_sql(one, as_of=workload.AS_OF).sql('duckdb')}), "
                f"count(*) filter (not ({sql.to_sql(one, as_of=workload.AS_OF).sql('duckdb')}))"
                for one in batch
            )
            found = connection.execute(f"select {asked} from e").fetchone()
            for i in range(len(batch)):
                wanted = int(counts.true[first + i]), int(counts.false[first + i])
                if found[2 * i : 2 * i + 2] != wanted:
                    sys.exit(
                        f"policy {first + i}: DuckDB {found[2 * i : 2 * i + 2]}, ours {wanted}"
                    )
        theirs = time.perf_counter() - began
    say(f"DuckDB on {rows:,} rows: {theirs:.2f} s, ours {ours:.3f} s: {theirs / ours:.0f} times; "
        "same counts; goal 40 times")  # fmt: skip


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
