"""Schemes run by the engine over facts given as plain rows; for the tests of evaluations."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlglot import exp

from cityforge.brain.city import checks
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.scheme import Scheme
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.evaluation.prepared import Moment, prepare
from cityforge.brain.evaluation.statement import columns, statement
from cityforge.brain.expr.types import Kind

LANHE = Path(__file__).resolve().parents[1] / "cities" / "lanhe"
Row = Mapping[str, Any]
# What only enterprises that are rated have.
RATED_ALONE = ("value_", "base_", "low_", "high_", "place_", "points_", "how_", "bonus", "penalty")
OF_ALL = ("status", "part", "total", "ranked", "rank", "ranked_grade", "limited_by", "grade")


def book() -> Dictionary:
    """The facts of the made-up city."""
    return checks.load(LANHE)[1]


def as_table(book: Dictionary, rows: Sequence[Row]) -> pa.Table:
    """Rows as a table of facts, each of its declared type."""
    types: dict[str, pa.DataType] = {"registered_on": pa.date32(), "above_scale": pa.bool_()}
    for name, fact in book.facts.items():
        if fact.type.kind is Kind.EXACT:
            types[name] = pa.decimal128(fact.type.precision, fact.type.scale)
    return pa.table(
        {
            name: pa.array([row[name] for row in rows], types.get(name, pa.string()))
            for name in rows[0]
        }
    )


def moment(year: int, parameters: Mapping[str, Any]) -> Moment:
    known = {name: value for name, value in parameters.items() if value is not None}
    return Moment(year, date(year, 12, 31), known, "registered_on")


def query(
    book: Dictionary,
    scheme: Mapping[str, Any],
    *,
    parameters: Mapping[str, Any],
    year: int = 2024,
    has_before: bool = False,
) -> tuple[exp.Select, list[str]]:
    """A scheme as a statement over the tables `now` and `earlier`, and the columns it gives."""
    prepared = prepare(book, Scheme.model_validate(scheme))
    past = (moment(year - 1, parameters), exp.to_table("earlier")) if has_before else None
    asked = statement(prepared, moment(year, parameters), facts=exp.to_table("now"), before=past)
    return asked, columns(prepared)


def answer(
    engine: Engine,
    book: Dictionary,
    asked: exp.Select,
    rows: Sequence[Row],
    before: Sequence[Row] | None = None,
) -> pa.Table:
    """What a statement gives over facts, one row an enterprise, by credit code."""
    for name, given in (("now", rows), ("earlier", before)):
        if given is not None:
            engine.take(name, as_table(book, given))
    found = engine.arrow(asked)
    for name in ("now", "earlier"):
        engine.drop(name)
    return found


def run(
    engine: Engine,
    book: Dictionary,
    scheme: Mapping[str, Any],
    rows: Sequence[Row],
    before: Sequence[Row] | None = None,
    *,
    parameters: Mapping[str, Any],
    year: int = 2024,
) -> list[dict[str, Any]]:
    """The result of the engine, one row an enterprise, by credit code."""
    has_before = before is not None
    asked, wanted = query(book, scheme, parameters=parameters, year=year, has_before=has_before)
    found = answer(engine, book, asked, rows, before)
    assert found.column_names == wanted
    return list(found.to_pylist())


def differences(got: Row, wanted: Row) -> list[tuple[str, Any, Any]]:
    """The columns in which a row of the engine is not what the second method gives.

    Numbers agree to 1e-9, relative where large.
    """
    found = []
    for name, value in got.items():
        if name in OF_ALL or (wanted["status"] == "rated" and name.startswith(RATED_ALONE)):
            other = wanted.get(name)
            if value is None or other is None or isinstance(value, str):
                same = value == other
            else:
                same = abs(value - float(other)) <= 1e-9 * max(1.0, abs(value))
            if not same:
                found.append((name, value, other))
    return found
