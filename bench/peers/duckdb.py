"""DuckDB: a table with one boolean column per policy, by the SQL that our compiler prints."""

from collections.abc import Sequence

import duckdb
import pyarrow as pa

import kernel_workload as workload
from cityforge.brain.engines import sql
from cityforge.brain.engines.kernel.planes import Planes
from peers.peer import planes

# Policies a statement. DuckDB makes a join of each long IN, so that wide statements take long to
# plan; of 5, 20, 100 and 500 policies the few were the fastest, and words as ENUM faster than text.
BATCH = 10


class DuckDB:
    def __init__(self, table: pa.Table, policies: Sequence[workload.Joint]) -> None:
        self._rows = table.num_rows
        self._connection = duckdb.connect(config={"threads": 2})
        types = {name: sql.sql_type(fact.type) for name, fact in workload.scope().facts.items()}
        for name, words in (("industry", workload.INDUSTRIES), ("district", workload.DISTRICTS)):
            types[name] = f"enum({', '.join(map(repr, words))})"
        columns = ", ".join(f'"{name}"::{type_} as "{name}"' for name, type_ in types.items())
        numbered = table.append_column("id", pa.array(range(self._rows), pa.int32()))
        self._connection.register("given", numbered)
        self._run(f"create table enterprises as select id, {columns} from given")
        self._connection.unregister("given")
        typed = workload.typed(list(policies))
        self._asked = [sql.to_sql(one, as_of=workload.AS_OF).sql("duckdb") for one in typed]
        self._batches = range(0, len(self._asked), BATCH)

    def match(self) -> None:
        for first in self._batches:
            asked = enumerate(self._asked[first : first + BATCH], first)
            columns = ", ".join(f'{condition} as "{number}"' for number, condition in asked)
            self._create(f"answers_{first}", columns)

    def match_one(self, number: int) -> None:
        self._create("one", f'{self._asked[number]} as "{number}"')

    def answers(self) -> Planes:
        truths: list[pa.Array] = []
        for first in self._batches:
            found = self._connection.sql(f"select * exclude id from answers_{first} order by id")
            truths += [column.combine_chunks() for column in found.to_arrow_table().columns]
        return planes(truths, self._rows)

    def _create(self, name: str, columns: str) -> None:
        self._run(f"create or replace table {name} as select id, {columns} from enterprises")

    def _run(self, statement: str) -> None:
        self._connection.execute(statement).fetchall()
