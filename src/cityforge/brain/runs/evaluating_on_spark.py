"""The same evaluation on Spark, for a province or the nation. Needs the extra `spark`.

The statement of `evaluation.statement`, printed in Spark's words, from Parquet to Parquet: the same
rows, every double the same to the last bit.
"""

from pathlib import Path

from sqlglot import exp

from cityforge.brain.engines import spark
from cityforge.brain.evaluation.prepared import Moment, Prepared
from cityforge.brain.evaluation.statement import statement

_NOW, _BEFORE = "facts_now", "facts_before"


def write(
    engine: spark.Engine,
    prepared: Prepared,
    moment: Moment,
    *,
    facts: Path,
    before: tuple[Moment, Path] | None = None,
    folder: Path,
) -> None:
    """Write one row an enterprise (`evaluation.statement.columns`) as a folder of Parquet files.

    facts    Parquet of the year's facts, a file or a folder, where the workers can read it
    before   moment and Parquet of the year before, where base values come from it
    folder   must not exist; its files one after another are in the order of credit codes
    """
    engine.read(_NOW, facts)
    earlier = None
    if before is not None:
        engine.read(_BEFORE, before[1])
        earlier = (before[0], exp.to_table(_BEFORE))
    query = statement(prepared, moment, facts=exp.to_table(_NOW), before=earlier)
    engine.write(query, folder)
