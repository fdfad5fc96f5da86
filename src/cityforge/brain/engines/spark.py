"""Spark, the table engine beyond one machine: a session and the same calls as engines.duckdb."""

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Any, TypeVar

import pyarrow as pa
from py4j.protocol import Py4JError, Py4JJavaError
from pyspark import TaskContext
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession, functions
from pyspark.sql.pandas.types import from_arrow_schema
from sqlglot import exp

from cityforge.brain.engines import spark_start
from cityforge.brain.errors import EngineFailed, Text

DIALECT = "spark"
_GLANCE = 0.5  # seconds between two looks at how far the work is
_LOCAL = re.compile(r"local(?:\[(\d+|\*))?")
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.autoBroadcastJoinThreshold": str(64 << 20),
    # Spark 4 would stop at what the other engines answer with NULL.
    "spark.sql.ansi.enabled": "false",
    # A product keeps all its decimals, though Spark counts one digit more than it can have.
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.legacy.decimal.retainFractionDigitsOnTruncate": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(1 << 16),
}
Result = TypeVar("Result")


class Engine:
    """One Spark session with named tables. Use as a context manager.

    master     where Spark runs: local[N] is N threads of this machine, spark://… a cluster
    settings   of Spark, over the ones set here
    """

    dialect = DIALECT

    def __init__(
        self, *, master: str = "local[2]", settings: Mapping[str, str] | None = None
    ) -> None:
        spark_start.reach(master)
        builder = SparkSession.builder.master(master).appName("cityforge")
        with ExitStack() as opened:
            folder = opened.enter_context(tempfile.TemporaryDirectory(prefix="cityforge-spark-"))
            own = _SETTINGS | _of_this_machine(master) | {"spark.sql.warehouse.dir": folder}
            for key, value in (own | dict(settings or {})).items():
                builder = builder.config(key, value)
            with spark_start.java(Path(folder)):
                self._session = _asked(master, builder.getOrCreate)
            opened.callback(self._session.stop)
            self._opened = opened.pop_all()

    def __enter__(self) -> "Engine":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._opened.close()

    @property
    def native(self) -> SparkSession:
        """The session, for a library that speaks to Spark itself (Splink)."""
        return self._session

    def sql(self, tree: exp.Expr) -> str:
        """A tree as text of Spark's SQL that means what the tree means on DuckDB."""
        return tree.transform(_meant).sql(DIALECT)

    def create(self, name: str, select: exp.Query) -> None:
        """Keep the result of a query under a name."""

        def keep() -> None:
            # The plan is cut here: a table made of many steps would be planned anew at each use.
            self._session.sql(self.sql(select)).localCheckpoint().createOrReplaceTempView(name)

        _asked(name, keep)

    def append(self, name: str, select: exp.Query) -> None:
        """Add the result of a query to a table with the same columns."""

        def add() -> None:
            made = self._session.table(name).unionByName(self._session.sql(self.sql(select)))
            made.localCheckpoint().createOrReplaceTempView(name)

        _asked(name, add)

    def drop(self, name: str) -> None:
        self._session.catalog.dropTempView(name)

    def take(self, name: str, table: pa.Table) -> None:
        """Bring an Arrow table in under a name."""
        _asked(name, lambda: self._session.createDataFrame(table).createOrReplaceTempView(name))

    def read(self, name: str, file: Path) -> None:
        """Name a Parquet file or a folder of them, to select from; nothing is read yet."""
        _asked(name, lambda: self._session.read.parquet(_at(file)).createOrReplaceTempView(name))

    def write(self, select: exp.Query, folder: Path) -> None:
        """A result as a folder of Parquet files, together in the order of the query."""

        def written() -> None:
            made = self._session.sql(self.sql(select))
            made.write.mode("errorifexists").option("compression", "zstd").parquet(_at(folder))

        _asked(folder.name, written)

    def rows(self, select: exp.Query) -> list[tuple[Any, ...]]:
        """The rows of a small result."""
        found = _asked("rows", lambda: self._session.sql(self.sql(select)).collect())
        return [tuple(row) for row in found]

    def arrow(self, select: exp.Query) -> pa.Table:
        """A result as an Arrow table."""
        return _asked("arrow", lambda: self._session.sql(self.sql(select)).toArrow())

    def sum_parquet(
        self,
        file: Path,
        columns: Sequence[str],
        work: Callable[[int, Iterator[pa.Table]], Iterator[pa.Table]],
        schema: pa.Schema,
        by: Sequence[str],
    ) -> pa.Table:
        """Parquet through a function of Arrow, once, inside the workers (`mapInArrow`); the sums.

        columns  what is read; those that the file lacks are left out
        work     from the number of a task and the tables of its rows to tables of `schema`; it
                 travels pickled, and the workers need this package installed. Spark may run a task
                 again: what it writes must come to the same
        by       the columns of `schema` to group by; the others are added up
        """

        def asked() -> pa.Table:
            read = self._session.read.parquet(_at(file))
            wanted = [name for name in columns if name in read.columns]
            chosen = read.select([functions.col(f"`{name}`") for name in wanted])
            made = chosen.mapInArrow(_Worker(work, schema), from_arrow_schema(schema))
            sums = [functions.sum(name).alias(name) for name in schema.names if name not in by]
            return made.groupBy(*by).agg(*sums).select(*schema.names).toArrow()

        return _asked(file.name, asked)

    @contextmanager
    def watched(self, say: Callable[[float], None]) -> Iterator[None]:
        """While work goes on, `say` hears the share of its tasks that are done."""
        tracker = self._session.sparkContext.statusTracker()
        ended = Event()

        def watch() -> None:
            most = 0.0
            while not ended.wait(_GLANCE):
                stages = [tracker.getStageInfo(one) for one in tracker.getActiveStageIds()]
                shares = [
                    one.numCompletedTasks / one.numTasks for one in stages if one and one.numTasks
                ]
                most = max([most, *shares])
                say(most)

        thread = Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def columns(self, name: str) -> dict[str, str]:
        """Column names of a table with their SQL types."""
        return dict(_asked(name, lambda: self._session.table(name).dtypes))


@dataclass(frozen=True, slots=True)
class _Worker:
    """Runs in a worker: batches in, batches out, in the schema that Spark was told."""

    work: Callable[[int, Iterator[pa.Table]], Iterator[pa.Table]]
    schema: pa.Schema

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        context = TaskContext.get()
        assert context is not None, "runs inside a task"
        tables = (pa.Table.from_batches([batch]) for batch in batches)
        for table in self.work(context.partitionId(), tables):
            yield from table.cast(self.schema).combine_chunks().to_batches()


def _at(path: Path) -> str:
    """A place on disk; without the scheme a cluster may look into its HDFS."""
    return f"file://{path.resolve()}"


def _meant(node: exp.Expr) -> exp.Expr:
    """What SQLGlot prints in Spark's words but DuckDB means otherwise.

    DuckDB's LEVENSHTEIN counts bytes of UTF-8, Spark's counts characters: read as Latin-1, every
    byte is a character. PERCENTILE_DISC would become PERCENTILE_APPROX, without its order.
    """
    if isinstance(node, exp.PercentileDisc):
        return exp.Anonymous(this="PERCENTILE_DISC", expressions=[node.this.copy()])
    if not isinstance(node, exp.Levenshtein):
        return node
    first, second = (
        exp.Decode(
            this=exp.Encode(this=text.copy(), charset=exp.Literal.string("UTF-8")),
            charset=exp.Literal.string("ISO-8859-1"),
        )
        for text in (node.this, node.expression)
    )
    return exp.Anonymous(this="LEVENSHTEIN", expressions=[first, second])


def _of_this_machine(master: str) -> dict[str, str]:
    """Settings where Spark runs on this machine: as many parts as threads, no door to the net."""
    local = _LOCAL.match(master)
    if not local:
        return {}
    threads = str(os.cpu_count()) if local[1] == "*" else local[1] or "1"
    return {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.default.parallelism": threads,
        "spark.sql.shuffle.partitions": threads,
        # What fits here takes longer to compile than to compute; Splink's model overflows a method.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    }


def _asked(about: str, ask: Callable[[], Result]) -> Result:
    try:
        return ask()
    except (PySparkException, Py4JError) as error:
        said = _told(error)
        raise EngineFailed(
            Text(zh=f"Spark 处理“{about}”失败：{said}", en=f"Spark failed at '{about}': {said}")
        ) from error


def _told(error: Exception) -> str:
    """The line of a long report that says what went wrong: of a worker's Python, else of Java."""
    report = str(error).strip()
    if isinstance(error, Py4JJavaError):
        report = str(error.java_exception.toString())
    traced = re.search(r"^Traceback .*?^(?=\w)([^\n]+)", report, re.MULTILINE | re.DOTALL)
    if traced:
        return traced[1]
    return (report.splitlines() or [type(error).__name__])[0]
