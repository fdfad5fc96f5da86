"""Policies matched in a run: the facts as of its day, then every policy against every enterprise.

Evaluation looks at a year as it stood at its end; a policy looks at the day of application: who is
in a register then, how old an enterprise is then, by the yearly facts of the year its window names.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
from sqlglot import exp

from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.facts import table as facts
from cityforge.brain.facts.asked import Asked
from cityforge.brain.policies import matches
from cityforge.brain.policies.blocks import Matcher
from cityforge.brain.policies.matching import ROW, table_of
from cityforge.brain.policies.prepared import Prepared, facts_year


@dataclass(frozen=True, slots=True)
class Asking:
    """What the run knows when policies are matched; see facts.table.build."""

    city: City
    book: Dictionary
    as_of: date
    year: int
    absent: Collection[str]
    asked: Asked
    made: Collection[int]


def match(
    engine: Engine, asking: Asking, policies: Sequence[Prepared], folder: Path
) -> dict[str, int]:
    """Write `applicants` (facts of the newest year as of the day), `applicants_<year>` for each
    other year that a window names, and the tables of policies.matches; the rows by table."""
    rows: dict[str, int] = {}
    parts = []
    parameters = facts.bindings(asking.city, asking.as_of)
    by_year: dict[int, list[Prepared]] = {asking.year: []}
    for one in policies:
        by_year.setdefault(facts_year(one, asking.year), []).append(one)
    for year, own in sorted(by_year.items(), reverse=True):
        name = table_of(year, asking.year)
        _build(engine, asking, year, name)
        file = folder / f"{name}.parquet"
        row = exp.Window(this=exp.RowNumber(), order=exp.Order(expressions=[exp.column("uscc")]))
        numbered = exp.alias_(exp.Sub(this=row, expression=exp.Literal.number(1)), ROW)
        engine.write(exp.select("*", numbered).from_(name).order_by("uscc"), file)
        engine.drop(name)
        rows[name] = engine.count(file)
        matcher = Matcher(tuple(one.claim for one in own), asking.as_of, parameters)
        there = set(pq.read_schema(file).names)
        columns = [column for column in matcher.columns if column in there]
        parts.append((matcher, pq.read_table(file, columns=columns)))
    return rows | matches.write_by_year(parts, folder)


def _build(engine: Engine, asking: Asking, year: int, name: str) -> None:
    facts.build(
        engine,
        asking.city,
        asking.book,
        year=year,
        as_of=asking.as_of,
        absent=asking.absent,
        asked=asking.asked,
        made=asking.made,
        day=asking.as_of,
        name=name,
    )
