"""Tables of databases, brought in as Parquet: every cell as text, rows in the order of their text.

Read-only, one statement, one moment: what was read is then a file like any other. Its digest is
that of its rows, not of its bytes, which another version of the engine would write differently.
"""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from psycopg import sql
from sqlglot import exp

from cityforge.brain.engines import duckdb
from cityforge.brain.errors import DataRefused, EngineFailed, Problem, Text, ValueRefused
from cityforge.brain.intake.source_entry import ENVIRONMENT, Table

LIST = "sources.yaml"
_PATIENCE = 10  # seconds to reach a server
_STEP = 32 << 20
_BATCH = 16_384

Tell = Callable[[Text, float], None]


def fetch(
    engine: duckdb.Engine, name: str, table: Table, scratch: Path, *, tell: Tell | None = None
) -> Path:
    """A table as `scratch/<name>.parquet`; raises DataRefused when it cannot be had."""
    file = scratch / f"{name}.parquet"
    try:
        if table.file is not None:
            engine.copy_table(table.file, table.table, file)
        else:
            _from_postgres(engine, name, table, scratch, file, tell)
    except ValueRefused as error:
        raise DataRefused([_unread(table, error.what, error.hint)]) from error
    except EngineFailed as error:
        raise DataRefused([_unread(table, error.text, _LOOK)]) from error
    except (psycopg.Error, OSError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise DataRefused([_unread(table, Text(zh=reason, en=reason), _LOOK)]) from error
    return file


def digest(file: Path) -> str:
    """SHA-256 in hex over the rows of a fetched table, which stand in the order of their text.

    What is digested: the names of the columns as a JSON list, then cell by cell, left to right and
    row by row, its bytes in UTF-8 behind their number and a colon; "-" where the cell is NULL.
    """
    table = pq.ParquetFile(file)
    found = hashlib.sha256(json.dumps(table.schema_arrow.names, ensure_ascii=False).encode())
    for batch in table.iter_batches(_BATCH):
        lines = _lines(batch)
        # The whole batch as one text: a Python object a row would cost minutes at 10 M rows.
        found.update(lines.buffers()[2][: pc.sum(pc.binary_length(lines)).as_py() or 0])
    return found.hexdigest()


def _lines(batch: pa.RecordBatch) -> pa.Array:
    """Of each row one text that no other row gives."""
    cells = []
    for column in batch.columns:
        size = pc.cast(pc.binary_length(column), pa.string())
        cell = pc.binary_join_element_wise(size, column, ":")
        cells.append(pc.fill_null(cell, "-"))
    return pc.binary_join_element_wise(*cells, "")


def _from_postgres(
    engine: duckdb.Engine, name: str, table: Table, scratch: Path, file: Path, tell: Tell | None
) -> None:
    """COPY into a scratch file, which DuckDB makes into Parquet: memory stays bounded."""
    text = scratch / f"{name}.copy"
    source = sql.Identifier(*table.table.split("."))
    with _connected(table) as connection, connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(source))
        columns = [column.name for column in cursor.description or ()]
        # The first column keeps a row of nothing but NULL from being an empty line.
        cells = [sql.SQL("1"), *(sql.SQL("{}::text").format(sql.Identifier(c)) for c in columns)]
        query = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT csv)").format(
            sql.SQL(", ").join(cells), source
        )
        with text.open("wb") as out, cursor.copy(query) as copy:
            _pour(copy, out.write, table, tell)
        sent = cursor.rowcount
    lines = duckdb.csv(text, width=len(columns) + 1, skip=0)
    renamed = [
        exp.alias_(exp.column(f"c{i + 1}"), column, quoted=True) for i, column in enumerate(columns)
    ]
    rows = exp.select(*renamed).from_(lines).subquery("sent")
    engine.write(duckdb.as_text(columns, rows), file)
    text.unlink()
    kept = engine.count(file)
    if kept != sent:
        raise ValueRefused(
            Text(zh=f"服务器发来 {sent} 行，读到 {kept} 行", en=f"{sent} rows sent, {kept} read"),
            Text(zh="请联系开发者", en="Please report this."),
        )


def _pour(
    copy: psycopg.Copy, write: Callable[[memoryview], object], table: Table, tell: Tell | None
) -> None:
    done, told = 0, 0
    for block in copy:
        write(memoryview(block))
        done += len(block)
        if tell is not None and done - told >= _STEP:
            told = done
            size = f"{done >> 20} MB"
            tell(Text(zh=f"{table.shown} 已读 {size}", en=f"{table.shown}: {size} read"), 0.0)


def _connected(table: Table) -> psycopg.Connection[tuple[object, ...]]:
    dsn = table.dsn
    if dsn.startswith(ENVIRONMENT):
        variable = dsn.removeprefix(ENVIRONMENT)
        dsn = os.environ.get(variable, "")
        if not dsn:
            raise ValueRefused(
                Text(zh=f"环境变量 {variable} 没有设置", en=f"{variable} is not set"),
                Text(
                    zh=f"设置 {variable} 为 PostgreSQL 连接串",
                    en=f"Set {variable} to a PostgreSQL connection string.",
                ),
            )
    try:
        connection = psycopg.connect(dsn, connect_timeout=_PATIENCE, client_encoding="UTF8")
    except psycopg.ProgrammingError:
        # libpq repeats a string it cannot read, password and all.
        raise ValueRefused(
            Text(zh="数据库连接串写法有误", en="the connection string cannot be read"), _LOOK
        ) from None
    connection.read_only = True
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    return connection


_LOOK = Text(
    zh="检查 sources.yaml 中的库、表和权限；只需要 SELECT 权限",
    en="Check database, table and rights in sources.yaml; SELECT is all that is needed.",
)


def _unread(table: Table, what: Text, hint: Text) -> Problem:
    return Problem(
        LIST,
        0,
        0,
        Text(
            zh=f"读不到“{table.shown}”：{what.zh}",
            en=f"cannot read '{table.shown}': {what.en}",
        ),
        hint,
    )
