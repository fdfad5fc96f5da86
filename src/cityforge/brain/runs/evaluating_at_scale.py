"""A scheme over more enterprises than the memory holds, Parquet to Parquet, on this machine."""

from pathlib import Path

from sqlglot import exp

from cityforge.brain.engines.duckdb import Engine, parquet
from cityforge.brain.evaluation.prepared import Moment, Prepared
from cityforge.brain.evaluation.statement import graded, ranked

RANKED = "ranked_rows"


def write(
    engine: Engine,
    prepared: Prepared,
    moment: Moment,
    *,
    facts: Path,
    before: tuple[Moment, Path] | None = None,
    file: Path,
) -> None:
    """Write what `evaluation.statement` gives, the same rows in the same order, in two turns.

    facts    Parquet of the year's facts, in any order
    before   moment and Parquet of the year before, where base values come from it
    Ranking and the last sort each keep their rows aside; one after the other they need half the
    memory. What does not fit the engine's `memory_limit` goes to its `scratch`.
    """
    earlier = None if before is None else (before[0], parquet(before[1]))
    engine.create(RANKED, ranked(prepared, moment, facts=parquet(facts), before=earlier))
    # Narrow rows are sorted and words put in as they leave: the engine keeps the order of rows.
    by_code = exp.select("*").from_(RANKED).order_by("uscc").subquery("by_code")
    engine.write(graded(prepared, moment, by_code, is_sorted=True), file)
    engine.drop(RANKED)
