"""Facts of places (园区、区县、部门) for one year: one wide table, one row for each place.

It has the shape of a table of enterprises' facts, so that one statement evaluates both: `uscc` is
the id of the place, `name` its title, `district` where it lies, then every series of the city.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Literal

import pyarrow as pa
from sqlglot import exp

from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.city.dictionary import DISTRICT
from cityforge.brain.city.folder import City
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.facts import known
from cityforge.brain.values.period import Period
from cityforge.brain.values.quantity import PLAIN, unit

Kind = Literal["park", "district", "bureau"]
_KEYS = ("place", "period")
_NAMES = "place_names"


def table_of(kind: str, year: int) -> str:
    """The table of a snapshot that holds the facts of places of a kind in a year."""
    return f"{kind}s_{year}"


def build(engine: Engine, city: City, kind: Kind, year: int, as_of: date, name: str) -> None:
    """Make the table `name`: one row for each place of a kind, from the yearly rows of a year.

    A row tells of a place by its id, title, short name, area code, or what else the city calls it;
    rows of other places are left aside. The yearly figure counts, else the cumulative one to
    December. A series that several tables carry is taken from the first that has it, yearly tables
    first; one that nobody reported is NULL.
    Raises RunRefused when the year is not over by the as-of date.
    """
    if date(year, 12, 31) > as_of:
        raise RunRefused(
            Text(
                zh=f"{year} 年到 {as_of} 尚未结束，不能评价",
                en=f"the year {year} is not over on {as_of}",
            )
        )
    places = _places(city, kind)
    engine.take(_NAMES, _table(places))
    of_place = exp.column("number", "p").eq(0)
    query = exp.select(*[exp.column(key, "p") for key in ("uscc", "name", DISTRICT)])
    query = query.from_(exp.alias_(exp.to_table(_NAMES), "p", table=True)).where(of_place)
    tables = sorted(
        (one for one in city.datasets.values() if one.grain == "place_period"),
        key=lambda one: one.freshness.every != "year",
    )
    for dataset in tables:
        query = query.join(
            _yearly(dataset, year, as_of).subquery(dataset.id),
            on=exp.EQ(this=exp.column("uscc", "p"), expression=exp.column("uscc", dataset.id)),
            join_type="left",
            copy=False,
        )
    for column in _series(city):
        query = query.select(exp.alias_(_value(column, tables), column.id, quoted=True), copy=False)
    engine.create(name, query.order_by(exp.column("uscc", "p")))
    engine.drop(_NAMES)


def series(city: City) -> list[str]:
    """The columns of the table besides uscc, name and district."""
    return [column.id for column in _series(city)]


def _places(city: City, kind: Kind) -> list[tuple[str, str, str | None, list[str]]]:
    """Id, title, district, and every way a file may name it."""
    if kind == "district":
        return [
            (one.id, one.title, one.id, [one.short, *(area.code for area in one.codes)])
            for one in city.place.districts
        ]
    if kind == "park":
        return [
            (one.id, one.title, one.district, [area.code for area in one.codes])
            for one in city.place.parks
        ]
    bureaus = [one for one in city.units.values() if one.kind == "bureau"]
    return [(one.id, one.title, None, one.forms) for one in bureaus]


def _table(places: Sequence[tuple[str, str, str | None, list[str]]]) -> pa.Table:
    """Every name of every place; `number` 0 is the place itself. A name goes to the first."""
    rows: list[tuple[str, str, str, str | None, int]] = []
    taken: set[str] = set()
    for uscc, title, district, others in places:
        names = [text for text in dict.fromkeys([uscc, title, *others]) if text not in taken]
        taken.update(names)
        rows += [(text, uscc, title, district, i) for i, text in enumerate(names)]
    texts = [pa.array([row[i] for row in rows], pa.string()) for i in range(4)]
    numbers = pa.array([row[4] for row in rows], pa.int64())
    return pa.table([*texts, numbers], names=["text", "uscc", "name", DISTRICT, "number"])


def _series(city: City) -> list[Column]:
    """The series of the dictionary: of a name that stands in several tables, the last table's."""
    found: dict[str, Column] = {}
    for dataset in city.datasets.values():
        if dataset.grain == "place_period":
            own = [column for column in dataset.columns if column.id not in _KEYS]
            found |= {column.id: column for column in own if column.id != dataset.known_on}
    return list(found.values())


def _yearly(dataset: Dataset, year: int, as_of: date) -> exp.Select:
    """One row a place: the figures of the year, or of January to December."""
    periods = [Period("year", year).iso, Period("cumulative", year, 12).iso]
    names = exp.alias_(exp.to_table(_NAMES), "n", table=True)
    rows = known.rows(dataset, as_of).select("*").subquery("r")
    own = [column.id for column in dataset.columns if column.id not in _KEYS]
    first = exp.Window(
        this=exp.RowNumber(),
        partition_by=[exp.column("uscc", "n")],
        order=exp.Order(expressions=[exp.column(key, "r", quoted=True) for key in _KEYS[::-1]]),
    )
    same = exp.EQ(this=exp.column("place", "r", quoted=True), expression=exp.column("text", "n"))
    wanted = exp.In(
        this=exp.column("period", "r", quoted=True),
        expressions=[exp.Literal.string(one) for one in periods],
    )
    return (
        exp.select(exp.column("uscc", "n"), *[exp.column(one, "r", quoted=True) for one in own])
        .from_(rows)
        .join(names, on=same)
        .where(wanted)
        .qualify(exp.EQ(this=first, expression=exp.Literal.number(1)))
    )


def _value(column: Column, tables: Sequence[Dataset]) -> exp.Expr:
    """The first known value of a series among the tables that carry it, in the series' unit."""
    values: list[exp.Expr] = []
    for dataset in tables:
        own = dataset.column(column.id)
        if own is not None:
            value: exp.Expr = exp.column(column.id, dataset.id, quoted=True)
            values.append(_converted(value, own, column))
    return values[0] if len(values) == 1 else exp.func("coalesce", *values)


def _converted(value: exp.Expr, given: Column, wanted: Column) -> exp.Expr:
    if given.kind != "quantity" or wanted.kind != "quantity":
        return value
    factor = Fraction(_factor(given)) / Fraction(_factor(wanted))
    if factor != 1:
        value = exp.Mul(this=value, expression=exp.Literal.number(factor.numerator))
        value = exp.Div(this=value, expression=exp.Literal.number(factor.denominator))
    return exp.cast(value, f"DECIMAL({wanted.precision}, {wanted.scale})")


def _factor(column: Column) -> Fraction:
    return (unit(column.unit) if column.unit else PLAIN).factor
