"""Small tables of records to be linked; every name is made up."""

from collections.abc import Callable, Iterator

import pyarrow as pa
import pytest

from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.linkage.places import Places

COLUMNS = ("record", "source", "name", "code", "old_number", "address", "district", "former_names")
Take = Callable[[list[dict[str, str]]], str]


@pytest.fixture
def places() -> Places:
    return Places(["云海省", "澜河市", "青柳区", "石桥县", "北浦区"])


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(threads=2) as made:
        yield made


@pytest.fixture
def take(engine: Engine) -> Take:
    """Puts records, given by the columns that matter, into the table `records`."""

    def put(rows: list[dict[str, str]]) -> str:
        full = [{column: row.get(column) for column in COLUMNS} for row in rows]
        schema = pa.schema([(column, pa.string()) for column in COLUMNS])
        engine.take("records", pa.Table.from_pylist(full, schema=schema))
        return "records"

    return put
