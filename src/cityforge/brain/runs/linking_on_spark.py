"""The same linkage, on Spark: for registers too large for one machine. Needs the extra `spark`."""

from sqlglot import exp

from cityforge.brain.city.folder import City
from cityforge.brain.engines import duckdb, spark
from cityforge.brain.linkage import link as ladder
from cityforge.brain.linkage import places
from cityforge.brain.linkage.found import LINKS, PAIRS
from cityforge.brain.runs.linking import Linker


def on_spark(master: str) -> Linker:
    """A linker for runs.linking.link: takes the records to Spark, brings links and pairs back.

    master  as Spark names it: local[N] or spark://host:port
    """

    def linker(engine: duckdb.Engine, records: str, city: City) -> None:
        with spark.Engine(master=master) as beyond:
            beyond.take(records, engine.arrow(exp.select("*").from_(records)))
            ladder.link(beyond, records, places=places.national(within=[city.place.region]))
            for table in (LINKS, PAIRS):
                engine.take(table, beyond.arrow(exp.select("*").from_(table)))

    return linker
