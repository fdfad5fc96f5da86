"""DuckDB, the table engine of one machine: the only module that speaks to it.

Statements arrive as SQLGlot trees; no text of a user or a file ever becomes SQL.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa
from sqlglot import exp

from cityforge.brain.errors import EngineFailed, Text

DIALECT = "duckdb"
ROW_GROUP = 4_096
"""Rows of a group in Parquet: what is read for one enterprise. With DuckDB's own 122,880 all the
columns of one would take a second; with fewer a file's index grows faster than that time falls."""
ASIDE = "1GB"
"""The `memory_limit` of work done beside a server that people wait for; beyond it on disk."""
LONGEST_LINE = 16_000_000
"""Bytes of a line of CSV; a longer one is no table."""
_BATCH = 65_536
_ATTACHED = "attached"


class Engine:
    """One connection. Use as a context manager.

    threads        at most so many; results do not depend on it
    memory_limit   such as "400MB"; beyond it DuckDB works on disk in `scratch`
    """

    dialect = DIALECT

    def __init__(
        self,
        *,
        threads: int | None = None,
        memory_limit: str | None = None,
        scratch: Path | None = None,
    ) -> None:
        settings: dict[str, Any] = {
            "preserve_insertion_order": True,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if threads:
            settings["threads"] = threads
        if memory_limit:
            settings["memory_limit"] = memory_limit
        # DuckDB's own choice would be a folder .tmp wherever the command was called.
        self._aside = None if scratch else TemporaryDirectory(prefix="cityforge-")
        settings["temp_directory"] = self._aside.name if self._aside else str(scratch)
        self._connection = duckdb.connect(":memory:", config=settings)
        # In an interactive interpreter DuckDB would draw its own bar, on stdout; in a notebook
        # without widgets it has none, and refuses to be told so.
        with suppress(duckdb.InvalidInputException):
            self._connection.execute("SET enable_progress_bar = false")

    def __enter__(self) -> "Engine":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()
        if self._aside:
            self._aside.cleanup()

    @property
    def native(self) -> duckdb.DuckDBPyConnection:
        """The connection, for a library that speaks to DuckDB itself (Splink)."""
        return self._connection

    def sql(self, tree: exp.Expr) -> str:
        """A tree as text of DuckDB's SQL."""
        return tree.sql(DIALECT)

    def create(self, name: str, select: exp.Query) -> None:
        """Keep the result of a query under a name."""
        made = exp.Create(this=exp.to_identifier(name), kind="TABLE", expression=select)
        self._run(made.sql(DIALECT), name)

    def append(self, name: str, select: exp.Query) -> None:
        """Add the result of a query to a table with the same columns."""
        added = exp.Insert(this=exp.to_table(name), expression=select)
        self._run(added.sql(DIALECT), name)

    def drop(self, name: str) -> None:
        self._run(
            exp.Drop(tables=[exp.to_table(name)], kind="TABLE", exists=True).sql(DIALECT), name
        )

    def take(self, name: str, table: pa.Table | pa.RecordBatchReader) -> None:
        """Bring an Arrow table in under a name; of a reader, never more than a batch at a time."""
        self._connection.register(f"arrow_{name}", table)
        self.create(name, exp.select("*").from_(exp.to_identifier(f"arrow_{name}")))
        self._connection.unregister(f"arrow_{name}")

    def rows(self, select: exp.Query) -> list[tuple[Any, ...]]:
        """The rows of a small result."""
        return self._run(select.sql(DIALECT), "rows")

    def arrow(self, select: exp.Query) -> pa.Table:
        """A result as an Arrow table."""
        try:
            return self._connection.sql(select.sql(DIALECT)).to_arrow_table()
        except duckdb.Error as error:
            raise _failed("arrow", error) from error

    def derive(
        self,
        name: str,
        select: exp.Query,
        schema: pa.Schema,
        each: Callable[[pa.RecordBatch], pa.RecordBatch],
    ) -> None:
        """Keep what a function makes of a result, batch by batch; memory holds one batch."""
        aside = self._connection.cursor()

        def made() -> Iterator[pa.RecordBatch]:
            yield from map(each, aside.sql(select.sql(DIALECT)).to_arrow_reader(_BATCH))

        try:
            self.take(name, pa.RecordBatchReader.from_batches(schema, made()))
        except duckdb.Error as error:
            raise _failed(name, error) from error
        finally:
            aside.close()

    def copy_table(self, database: Path, table: str, file: Path) -> int:
        """A table of a DuckDB file as Parquet, every cell as text, rows in the order of their text.

        table    `table` or `schema.table`; the file is opened read-only
        returns  the number of rows
        raises   EngineFailed when there is no such table: a view could reach for other files
        """
        *schema, bare = table.split(".")
        source = exp.table_(
            bare, db=schema[0] if schema else "main", catalog=_ATTACHED, quoted=True
        )
        self._run(f"ATTACH {_text(str(database))} AS {_ATTACHED} (READ_ONLY)", table)
        try:
            names = self._attached_columns(*schema, bare)
            self.write(as_text(names, source), file)
        finally:
            self._run(f"DETACH {_ATTACHED}", table)
        return self.count(file)

    def _attached_columns(self, *path: str) -> list[str]:
        tables = exp.select("schema_name", "table_name").from_("duckdb_tables()")
        mine = exp.EQ(this=exp.column("database_name"), expression=exp.Literal.string(_ATTACHED))
        found = self.rows(tables.where(mine.copy()))
        schema, bare = path if len(path) == 2 else ("main", *path)
        if (schema, bare) not in found:
            shown = ", ".join(f"{schema}.{name}" for schema, name in found)
            raise EngineFailed(
                Text(
                    zh=f"没有数据表 {'.'.join(path)}（视图不读）；库中的表有：{shown}",
                    en=f"no table {'.'.join(path)} (views are not read); there are: {shown}",
                )
            )
        named = exp.select("column_name").from_("duckdb_columns()")
        for column, value in (("schema_name", schema), ("table_name", bare)):
            same = exp.EQ(this=exp.column(column), expression=exp.Literal.string(value))
            named = named.where(same)
        return [row[0] for row in self.rows(named.where(mine).order_by("column_index"))]

    def columns(self, name: str) -> dict[str, str]:
        """Column names of a table with their SQL types."""
        described = self._run(exp.Describe(this=exp.to_table(name)).sql(DIALECT), name)
        return {row[0]: row[1] for row in described}

    def write(self, select: exp.Query, file: Path) -> None:
        """A result as Parquet. Order the rows in the query: then the bytes are always the same."""
        copy = exp.Copy(
            this=exp.Subquery(this=select),
            kind=False,
            files=[exp.Literal.string(str(file))],
            params=[
                exp.CopyParameter(this=exp.var("FORMAT"), expression=exp.var("PARQUET")),
                exp.CopyParameter(this=exp.var("COMPRESSION"), expression=exp.var("ZSTD")),
                exp.CopyParameter(
                    this=exp.var("ROW_GROUP_SIZE"), expression=exp.Literal.number(ROW_GROUP)
                ),
            ],
        )
        self._run(copy.sql(DIALECT), file.name)

    def count(self, file: Path) -> int:
        """How many rows a Parquet file holds."""
        counted = exp.select(exp.Count(this=exp.Star())).from_(parquet(file))
        return int(self.rows(counted)[0][0])

    def _run(self, statement: str, about: str) -> list[tuple[Any, ...]]:
        try:
            # A result is fetched whole: DuckDB 2 refuses the next statement before that.
            return self._connection.execute(statement).fetchall()
        except duckdb.Error as error:
            raise _failed(about, error) from error


def parquet(file: Path | Sequence[Path]) -> exp.Expr:
    """A Parquet file, or several alike, as a table to select from."""
    files = [file] if isinstance(file, Path) else list(file)
    names = exp.Array(expressions=[_one_file(name) for name in files])
    return exp.func("read_parquet", names)


def as_text(names: Sequence[str], source: exp.Expr) -> exp.Select:
    """Every column as text, rows in the order of their text: the same rows, the same bytes."""
    cells = [
        exp.alias_(exp.cast(exp.column(name, quoted=True), "VARCHAR"), name, quoted=True)
        for name in names
    ]
    order = [exp.Ordered(this=exp.Literal.number(i + 1)) for i in range(len(names))]
    return exp.select(*cells).from_(source).order_by(*order)


def csv(
    file: Path, *, width: int, skip: int, longest: int = LONGEST_LINE, in_parallel: bool = False
) -> exp.Expr:
    """A UTF-8 CSV file as a table of text in file order, columns c0, c1 … of the given width.

    Short rows are padded; what stands beyond the width is dropped: give one more than is awaited.
    Nothing is guessed from the file: a guess may take a line for a comment and leave it out.

    skip         lines before the first row: the header and what stands before it
    longest      bytes of its longest line, if known: buffers are sized by it
    in_parallel  only where the file holds no quote at all
    """
    options: dict[str, exp.Expr] = {
        "auto_detect": exp.false(),
        "columns": exp.Struct(
            expressions=[
                exp.PropertyEQ(
                    this=exp.Literal.string(f"c{i}"), expression=exp.Literal.string("VARCHAR")
                )
                for i in range(width)
            ]
        ),
        "header": exp.false(),
        "skip": exp.Literal.number(skip),
        "comment": exp.Literal.string(""),
        "delim": exp.Literal.string(","),
        "quote": exp.Literal.string('"'),
        "escape": exp.Literal.string('"'),
        "null_padding": exp.true(),
        "strict_mode": exp.false(),
        "parallel": exp.true() if in_parallel else exp.false(),
        "max_line_size": exp.Literal.number(longest),
    }
    settings = [
        exp.EQ(this=exp.to_identifier(name), expression=value) for name, value in options.items()
    ]
    return exp.func("read_csv", _one_file(file), *settings)


def _text(text: str) -> str:
    return exp.Literal.string(text).sql(DIALECT)


def _one_file(file: Path) -> exp.Expr:
    """The path of exactly this file: a * or [ in a folder's name is no pattern."""
    return exp.Literal.string(re.sub(r"([*?\[])", r"[\1]", str(file)))


def _failed(about: str, error: duckdb.Error) -> EngineFailed:
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return EngineFailed(
        Text(zh=f"数据引擎处理“{about}”失败：{first}", en=f"DuckDB failed at '{about}': {first}")
    )
