"""Score tables and thresholds of the ladder: each band of ladder_scores.yaml, on two machines."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from ruamel.yaml import YAML
from sqlglot import exp

from cityforge.brain.city import checks
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.engines import sql
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.expr import check
from cityforge.brain.expr.typed import Typed
from cityforge.brain.expr.types import Kind, Type
from cityforge.brain.facts.table import bindings
from cityforge.brain.policies.prepared import prepare_one
from cityforge.brain.rules.row import Row, completed

TABLE = YAML(typ="safe", pure=True).load(Path(__file__).with_name("ladder_scores.yaml"))
TAIZHOU = Path(__file__).resolve().parents[2] / "cities" / "taizhou"
CLOSE = 5e-9  # of a growth rate in %, which the table tells to ten decimals


@dataclass(frozen=True)
class Ready:
    """The reference city, and an engine to ask."""

    city: City
    book: Dictionary
    engine: Engine


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ready]:
    city, book = checks.load(TAIZHOU)
    with Engine(threads=1, scratch=tmp_path_factory.mktemp("scratch")) as engine:
        yield Ready(city, book, engine)


def _scores() -> Iterator[Any]:
    for entry in TABLE["scores"]:
        for i, case in enumerate(entry["cases"]):
            given = {**entry["base"], **case["given"]}
            wanted = case[entry.get("of", "gives")]
            yield pytest.param(entry["fact"], given, wanted, id=f"{entry['fact']}-{i}")


def _clauses() -> Iterator[Any]:
    for entry in TABLE["clauses"]:
        day = entry.get("day", TABLE["day"])
        for i, case in enumerate(entry["cases"]):
            given = {**entry["base"], **case["given"]}
            name = f"{entry['policy']}-{entry['clause']}-{day.year}-{i}"
            yield pytest.param(entry["policy"], entry["clause"], day, given, case["gives"], id=name)


@pytest.mark.parametrize(("fact", "given", "wanted"), list(_scores()))
def test_points(ready: Ready, fact: str, given: dict[str, Any], wanted: float | None) -> None:
    typed = ready.book.facts[fact].expression
    assert typed is not None
    for value in _on_both(ready, typed, given, TABLE["day"]):
        if wanted is None:
            assert value is None
        else:
            assert value is not None
            assert abs(float(value) - wanted) <= CLOSE


@pytest.mark.parametrize(("policy", "clause", "day", "given", "wanted"), list(_clauses()))
def test_thresholds(
    ready: Ready,
    policy: str,
    clause: str,
    day: date,
    given: dict[str, Any],
    wanted: bool | None,  # noqa: FBT001
) -> None:
    prepared = prepare_one(ready.city, ready.book, ready.city.policies[policy], day=day)
    assert prepared is not None
    found = [part for part in prepared.condition.parts if part.clause.id == clause]
    assert len(found) == 1
    assert _on_both(ready, found[0].truth, given, day) == [wanted, wanted]


def test_every_table_has_its_boundaries_and_an_unknown() -> None:
    tables = {entry["fact"]: entry["cases"] for entry in TABLE["scores"]}
    assert len(tables) >= 17
    assert sum(len(cases) for cases in tables.values()) >= 250
    for fact in ("innovative_growth_points", "technology_sme_points", "specialised_fine_points"):
        assert any(case["gives"] is None for case in tables[fact])


def _on_both(ready: Ready, typed: Typed, given: dict[str, Any], day: date) -> list[Any]:
    """The value by the reference interpreter, then by DuckDB."""
    values = {name: _exact(value) for name, value in given.items()}
    parameters = bindings(ready.city, day)
    row: Row = completed(ready.book, values, day=day, parameters=parameters)
    return [row.value(typed), _on_duckdb(ready, typed, values, day)]


def _exact(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return Decimal(str(value))


def _on_duckdb(ready: Ready, typed: Typed, given: dict[str, Any], day: date) -> object:
    """One row with what is given, the derived facts that are needed layer by layer, the answer."""
    derived = _derived(ready.book, typed)
    names = set(check.columns(typed))
    for name in derived:
        names |= check.columns(_expression(ready.book, name))
    columns = {
        name: pa.array([given.get(name)], _arrow(ready.book, name)) for name in names - set(derived)
    }
    ready.engine.take("given", pa.table({"row_": pa.array([0]), **columns}))
    parameters = bindings(ready.city, day)

    def as_sql(expression: Typed, table: str) -> exp.Expr:
        value = sql.to_sql(expression, as_of=day, parameters=parameters, table=table)
        return exp.cast(value, sql.sql_type(expression.type))

    query = exp.select("*").from_("given")
    for name in derived:
        value = as_sql(_expression(ready.book, name), "level")
        query = exp.select("level.*", exp.alias_(value, name, quoted=True)).from_(
            query.subquery("level")
        )
    answer = exp.select(as_sql(typed, "level")).from_(query.subquery("level"))
    found = ready.engine.rows(answer)[0][0]
    ready.engine.drop("given")
    return found


def _derived(book: Dictionary, typed: Typed) -> list[str]:
    """The derived facts under an expression, each after what it rests on."""
    wanted: set[str] = set()
    waiting = [typed]
    while waiting:
        for name in check.names(waiting.pop()) - wanted:
            expression = book.facts[name].expression
            if expression is not None:
                wanted.add(name)
                waiting.append(expression)
    return [name for name in book.facts if name in wanted]


def _expression(book: Dictionary, name: str) -> Typed:
    found = book.facts[name].expression
    assert found is not None
    return found


def _arrow(book: Dictionary, column: str) -> pa.DataType:
    kind, _, register = column.partition(":")
    if register:
        return pa.date32() if kind == "first" else pa.bool_()
    type_: Type = book.facts[column.partition("[")[0]].type
    if type_.kind is Kind.EXACT:
        return pa.decimal128(type_.precision, type_.scale)
    return {Kind.BOOL: pa.bool_(), Kind.TEXT: pa.string(), Kind.DATE: pa.date32()}[type_.kind]
