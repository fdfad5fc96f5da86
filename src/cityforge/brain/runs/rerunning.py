"""A result evaluated again after corrections: the groups they touch, or the whole pool.

Whose points cannot have moved keep their rows. What comes out is what a whole evaluation gives.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlglot import exp

from cityforge.brain.city import dictionary
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.scheme import Scheme
from cityforge.brain.engines.duckdb import Engine, parquet
from cityforge.brain.evaluation import references, trees
from cityforge.brain.evaluation.prepared import Prepared, prepare
from cityforge.brain.evaluation.reasons import held
from cityforge.brain.evaluation.statement import SCORED, group_of, statement
from cityforge.brain.evaluation.subject import RATED
from cityforge.brain.facts import corrected
from cityforge.brain.facts import table as facts
from cityforge.brain.facts.correction import Correction
from cityforge.brain.reports.snapshot import Snapshot
from cityforge.brain.runs.evaluating import evaluate, moment_of

Scope = Literal["pool", "groups", "nothing"]


@dataclass(frozen=True, slots=True)
class Known:
    """A result that stands: its rows by credit code, and the corrections in them."""

    rows: pa.Table
    corrections: tuple[Correction, ...]


@dataclass(frozen=True, slots=True)
class Again:
    """The rows with other corrections, how much was computed for them, and whose data differ."""

    rows: pa.Table
    scope: Scope
    corrected: frozenset[str]


def again(
    snapshot: Snapshot,
    scheme: Scheme,
    *,
    year: int,
    corrections: Sequence[Correction],
    known: Known | None,
    threads: int | None = None,
) -> Again:
    """Evaluate with corrections, from the rows that are known as far as they hold.

    Raises RunRefused where the year has no facts or a correction does not fit.
    """

    def whole(differ: frozenset[str]) -> Again:
        found = evaluate(snapshot, scheme, year=year, corrections=corrections, threads=threads)
        return Again(found.rows, "pool", differ)

    if known is None:
        return whole(frozenset(one.uscc for one in corrections))
    differing = set(corrections) ^ set(known.corrections)
    codes = frozenset(one.uscc for one in differing)
    if not codes:
        return Again(known.rows, "nothing", codes)
    prepared = prepare(dictionary.build(snapshot.city), scheme)
    if _moves_bases(prepared, year, min(one.year for one in differing)):
        return whole(codes)
    inside = _same_groups(prepared, known.rows, codes)
    members = known.rows.filter(inside)
    rows = _of_groups(snapshot, prepared, year, corrections, members, threads)
    if not _stayed(prepared, members, rows, codes):
        return whole(codes)
    others = known.rows.filter(pc.invert(inside))
    return Again(pa.concat_tables([others, rows]).sort_by("uscc"), "groups", codes)


def told(snapshot: Snapshot, about: Correction, *ways: Sequence[Correction]) -> list[tuple[object]]:
    """What the fact of an enterprise and year is with corrections, once for each way of them.

    returns  one value a way; none at all where the enterprise is not in the facts of that year
    Raises RunRefused where a correction names no observed fact or a value does not fit.
    """
    book = dictionary.build(snapshot.city)
    column = exp.column(about.fact, quoted=True)
    mine = exp.column("uscc").eq(trees.text(about.uscc))
    found: list[tuple[object]] = []
    for corrections in ways:
        with Engine(threads=1) as engine:
            tables = _tables(engine, snapshot, book, corrections, about.year, [about.uscc])
            if about.year in tables:
                table = tables[about.year].copy()
                found += engine.rows(exp.select(column).from_(table).where(mine))
    return found


def _moves_bases(prepared: Prepared, year: int, since: int) -> bool:
    """Whether base values are taken over facts that corrections from a year on may touch.

    Facts of later years follow: their earlier years are looked into.
    """
    rules = [
        reference.rule
        for part in prepared.parts
        for indicator in part.indicators
        for reference in indicator.references
    ]
    return any(
        rule.over is not None and since <= (year - 1 if rule.year_before else year)
        for rule in rules
    )


def _same_groups(prepared: Prepared, rows: pa.Table, codes: Collection[str]) -> pa.Array:
    """Which rows are of a ranking group that one of these enterprises is in, or one of them."""
    keys = [key.name for key in group_of(prepared)]
    mine = pc.is_in(rows["uscc"], pa.array(sorted(codes), pa.string()))
    touched = {tuple(row.values()) for row in rows.filter(mine).select(keys).to_pylist()}
    inside = [tuple(row.values()) in touched for row in rows.select(keys).to_pylist()]
    return pc.or_(pa.array(inside, pa.bool_()), mine)


def _of_groups(
    snapshot: Snapshot,
    prepared: Prepared,
    year: int,
    corrections: Sequence[Correction],
    members: pa.Table,
    threads: int | None,
) -> pa.Table:
    """The rows of some whole groups, with the base values that they were held against."""
    moment = moment_of(snapshot.city, year, snapshot.as_of)
    codes = members["uscc"].to_pylist()
    with Engine(threads=threads) as engine:
        tables = _tables(engine, snapshot, prepared.book, corrections, year, codes)
        averaged = _averaged(prepared)
        kept = held.table(prepared, members)
        engine.take("members", kept.drop_columns([f"average_of_{name}" for name in averaged]))
        source: exp.Expr = exp.to_table("members")
        if averaged:
            # First without averages, then with those that the points give.
            bare = _bare(averaged)
            engine.create("first", statement(prepared, moment, facts=tables[year], held=bare))
            source = _with_averages(prepared, averaged).subquery("averaged")
        return engine.arrow(statement(prepared, moment, facts=tables[year], held=source))


def _averaged(prepared: Prepared) -> list[str]:
    """The indicators whose gaps take the average of their group."""
    return [
        name
        for name in prepared.indicator_ids
        if any(indicator.missing == "group_average_score" for _, indicator in prepared.of(name))
    ]


def _bare(averaged: Sequence[str]) -> exp.Subquery:
    """The members' held values, and averages that are not known."""
    nothing = exp.cast(exp.null(), "DOUBLE")
    gaps = [exp.alias_(nothing.copy(), f"average_of_{name}") for name in averaged]
    return exp.select("*", *gaps).from_("members").subquery("bare")


def _with_averages(prepared: Prepared, averaged: Sequence[str]) -> exp.Select:
    """The members' held values with the average points of each group, as a whole run takes them."""
    keys = group_of(prepared)
    averages = exp.select(*[key.copy() for key in keys])
    for name in averaged:
        scored = exp.column(f"how_{name}").eq(trees.text(SCORED))
        points = exp.Case().when(scored, exp.column(f"points_{name}"))
        mean = references.mean(points)
        averages = averages.select(exp.alias_(mean, f"average_of_{name}"))
    rated = exp.column("status").eq(trees.text(RATED))
    averages = averages.from_("first").where(rated).group_by(*[key.copy() for key in keys])
    same_group = [
        exp.column(key.name, "f", quoted=True).eq(exp.column(key.name, "a", quoted=True))
        for key in keys
    ]
    wanted = [exp.column(f"average_of_{name}", "a") for name in averaged]
    return (
        exp.select("m.*", *wanted)
        .from_(exp.alias_(exp.to_table("members"), "m", table=True))
        .join(
            exp.alias_(exp.to_table("first"), "f", table=True),
            on=exp.column("uscc", "m").eq(exp.column("uscc", "f")),
        )
        .join(averages.subquery("a"), on=exp.and_(*same_group), join_type="left")
    )


def _stayed(prepared: Prepared, before: pa.Table, after: pa.Table, codes: Collection[str]) -> bool:
    """Whether the corrected enterprises are still where their groups and base values are."""
    mine = pa.array(sorted(codes), pa.string())
    names = ["uscc", "part", *prepared.places]
    was, now = (
        table.filter(pc.is_in(table["uscc"], mine)).select(names) for table in (before, after)
    )
    return bool(was.equals(now))


def _tables(
    engine: Engine,
    snapshot: Snapshot,
    book: Dictionary,
    corrections: Sequence[Correction],
    year: int,
    codes: Sequence[str],
) -> dict[int, exp.Expr]:
    """The facts of some enterprises up to a year, corrected."""
    engine.take("chosen", pa.table({"uscc": pa.array(codes, pa.string())}))
    chosen = exp.select("uscc").from_("chosen").subquery()
    among = exp.In(this=exp.column("uscc"), query=chosen)
    files = _files(snapshot, year)
    if not files:
        return {}
    sources = {
        each: exp.select("*").from_(parquet(file)).where(among.copy()).subquery("own")
        for each, file in files.items()
    }
    moments = {each: moment_of(snapshot.city, each, snapshot.as_of) for each in files}
    wanted = set(codes)
    return corrected.build(
        engine,
        book,
        [one for one in corrections if one.uscc in wanted],
        sources=sources,
        columns=pq.read_schema(next(iter(files.values()))).names,
        days={each: moment.day for each, moment in moments.items()},
        parameters={each: moment.parameters for each, moment in moments.items()},
    )


def _files(snapshot: Snapshot, year: int) -> dict[int, Path]:
    """The Parquet of the facts of each year up to one."""
    found = {
        each: snapshot.folder / "tables" / f"{facts.table_of(each, snapshot.year)}.parquet"
        for each in range(year - 9, year + 1)
    }
    return {each: file for each, file in found.items() if file.is_file()}
