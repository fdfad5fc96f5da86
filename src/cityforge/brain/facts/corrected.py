"""The facts of a snapshot with some of them corrected: what was derived from them follows.

A correction names an enterprise, a year and an observed fact. The tables of the snapshot are read,
never changed; rows that no correction touches come out as they are.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from sqlglot import exp

from cityforge.brain.city.dictionary import Dictionary, Fact
from cityforge.brain.engines import sql
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.facts import table as facts
from cityforge.brain.facts.correction import Correction, Value, check

_PAST = re.compile(r"(\w+)\[(-\d+)\]")  # revenue[-1]


def build(
    engine: Engine,
    book: Dictionary,
    corrections: Sequence[Correction],
    *,
    sources: Mapping[int, exp.Expr],
    columns: Sequence[str],
    days: Mapping[int, date],
    parameters: Mapping[int, Mapping[str, facts.Bound]],
) -> dict[int, exp.Expr]:
    """Tables of each year with the corrections made, derived facts and later years following.

    sources     the table of each year's facts as the snapshot has it, all of these `columns`
    days        the day each year's facts stand at; `parameters`: those in force that day
    returns     the table of each year; a year that nothing touches keeps its source
    Raises RunRefused where a correction names no observed fact or enterprise, or a value does not
    fit.
    """
    for one in corrections:
        check(book, one)
    found: dict[int, exp.Expr] = {}
    for year in sorted(sources):
        touched = sorted({one.uscc for one in corrections if one.year <= year})
        found[year] = sources[year]
        if touched:
            new = {(one.uscc, one.fact): one.value for one in corrections if one.year == year}
            observed = _observed(book, year, sources[year], found, columns, touched, new)
            made = facts.derived(observed, book, day=days[year], parameters=parameters[year])
            engine.create(f"corrected_{year}", _with_others(made, sources[year], columns, touched))
            found[year] = exp.to_table(f"corrected_{year}")
    return found


def _observed(
    book: Dictionary,
    year: int,
    source: exp.Expr,
    tables: Mapping[int, exp.Expr],
    columns: Sequence[str],
    touched: Sequence[str],
    new: Mapping[tuple[str, str], Value],
) -> exp.Select:
    """The observed facts of the enterprises touched, with what is new in place."""
    query = exp.select().from_(_named(source, "f"))
    joined = set()
    for name in columns:
        fact = book.facts.get(name)
        past = _PAST.fullmatch(name)
        value: exp.Expr = exp.column(name, "f", quoted=True)
        if fact is not None and fact.expression is not None:
            continue
        if fact is not None:
            value = _replaced(fact, value, new)
        elif past and year + int(past[2]) in tables:
            back = int(past[2])
            joined.add(back)
            value = exp.column(past[1], f"back{-back}", quoted=True)
        query = query.select(exp.alias_(value, name, quoted=True), copy=False)
    for back in sorted(joined):
        query = query.join(
            _named(tables[year + back], f"back{-back}"),
            on=exp.EQ(this=exp.column("uscc", "f"), expression=exp.column("uscc", f"back{-back}")),
            join_type="left",
        )
    return query.where(_among(touched))


def _replaced(fact: Fact, value: exp.Expr, new: Mapping[tuple[str, str], Value]) -> exp.Expr:
    mine = {code: value for (code, name), value in new.items() if name == fact.name}
    if not mine:
        return value
    case = exp.Case(this=exp.column("uscc", "f"))
    for code, right in sorted(mine.items()):
        case = case.when(exp.Literal.string(code), sql.constant(right, fact.type))
    return case.else_(value)


def _with_others(
    made: exp.Select, source: exp.Expr, columns: Sequence[str], touched: Sequence[str]
) -> exp.Query:
    ours = exp.select(*[exp.column(name, quoted=True) for name in columns]).from_(
        made.subquery("made", copy=False)
    )
    others = exp.select(*[exp.column(name, "f", quoted=True) for name in columns])
    others = others.from_(_named(source, "f")).where(exp.not_(_among(touched)))
    return exp.union(ours, others, distinct=False)


def _named(source: exp.Expr, alias: str) -> exp.Subquery:
    """A table, or a function that reads one, by a name of its own."""
    return exp.select("*").from_(source.copy()).subquery(alias)


def _among(codes: Sequence[str]) -> exp.Expr:
    return exp.In(
        this=exp.column("uscc", "f"), expressions=[exp.Literal.string(code) for code in codes]
    )
