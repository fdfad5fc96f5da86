"""What linkage asks of a table engine; engines.duckdb and engines.spark both give it."""

from typing import Any, Protocol

import pyarrow as pa
import sqlglot
from sqlglot import exp


class Tables(Protocol):
    """Named tables, filled and read by SQLGlot queries. `native` is what Splink speaks to."""

    @property
    def dialect(self) -> str: ...
    @property
    def native(self) -> Any: ...
    def sql(self, tree: exp.Expr) -> str: ...
    def create(self, name: str, select: exp.Query) -> None: ...
    def append(self, name: str, select: exp.Query) -> None: ...
    def drop(self, name: str) -> None: ...
    def take(self, name: str, table: pa.Table) -> None: ...
    def arrow(self, select: exp.Query) -> pa.Table: ...
    def columns(self, name: str) -> dict[str, str]: ...


def query(text: str) -> exp.Query:
    """The tree of one of the program's own queries; each engine prints it in its dialect."""
    tree = sqlglot.parse_one(text, read="duckdb")
    assert isinstance(tree, exp.Query)
    return tree
