"""A scheme evaluated on the facts of a snapshot: as it stands, changed, or with facts corrected.

The snapshot itself stays as it is. What a run wrote and what is evaluated here are the same rows.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
from sqlglot import exp

from cityforge.brain.city import dictionary
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.city.scheme import Scheme
from cityforge.brain.engines.duckdb import Engine, parquet
from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.evaluation.evaluated import Evaluated
from cityforge.brain.evaluation.prepared import ENTERPRISE, Moment, prepare
from cityforge.brain.evaluation.statement import statement
from cityforge.brain.facts import corrected, places
from cityforge.brain.facts import table as facts
from cityforge.brain.facts.correction import Correction
from cityforge.brain.reports.snapshot import Snapshot


def years(snapshot: Snapshot, subject: str = ENTERPRISE) -> list[int]:
    """The years that can be evaluated: those whose year before has facts too, newest last."""
    have = sorted(_files(snapshot, subject))
    return [year for year in have if year - 1 in have]


def evaluate(
    snapshot: Snapshot,
    scheme: Scheme,
    *,
    year: int | None = None,
    corrections: Sequence[Correction] = (),
    threads: int | None = None,
) -> Evaluated:
    """Evaluate a scheme of the snapshot's city, or a changed one, in a year (the newest without).

    corrections  facts to take in place of the snapshot's; what is derived from them follows
    Raises RunRefused where the year has no facts or a correction does not fit.
    """
    city = snapshot.city
    chosen = snapshot.year if year is None else year
    can = years(snapshot, scheme.subject)
    if chosen not in can:
        shown = "、".join(str(each) for each in can)
        raise RunRefused(
            Text(
                zh=f"本次运行没有 {chosen} 年度的事实；可评：{shown or '无'}",
                en=f"this run has no facts of {chosen}; it can evaluate {shown or 'none'}",
            )
        )
    book = dictionary.build(city)
    prepared = prepare(book, scheme)
    moment = moment_of(city, chosen, snapshot.as_of)
    before = moment_of(city, chosen - 1, snapshot.as_of)
    with Engine(threads=threads) as engine:
        tables = _tables(engine, snapshot, scheme.subject, book, corrections)
        query = statement(
            prepared,
            moment,
            facts=tables[chosen],
            before=(before, tables[chosen - 1]),
        )
        rows = engine.arrow(query)
        source = exp.select("*").from_(tables[chosen].copy()).order_by("uscc")
        return Evaluated(prepared, moment, rows, engine.arrow(source))


def moment_of(city: City, year: int, as_of: date) -> Moment:
    """The year that is evaluated, the day its facts stand at, the parameters in force."""
    day = facts.last_day(year, as_of)
    frame = city.frame
    return Moment(year, day, facts.bindings(city, day), frame.founded_on if frame else None)


def _tables(
    engine: Engine,
    snapshot: Snapshot,
    subject: str,
    book: Dictionary,
    corrections: Sequence[Correction],
) -> dict[int, exp.Expr]:
    files = _files(snapshot, subject)
    sources = {year: parquet(file) for year, file in files.items()}
    if not corrections:
        return sources
    if subject != ENTERPRISE:
        raise RunRefused(
            Text(
                zh="只有企业的数可以更正；园区、区县、部门的数由报送单位重新报送",
                en="only facts of enterprises are corrected; places report theirs again",
            )
        )
    moments = {year: moment_of(snapshot.city, year, snapshot.as_of) for year in files}
    return corrected.build(
        engine,
        book,
        corrections,
        sources=sources,
        columns=pq.read_schema(files[snapshot.year]).names,
        days={year: moment.day for year, moment in moments.items()},
        parameters={year: moment.parameters for year, moment in moments.items()},
    )


def _files(snapshot: Snapshot, subject: str = ENTERPRISE) -> dict[int, Path]:
    """The Parquet of each year's facts of enterprises, or of places."""
    newest = snapshot.year

    def table(year: int) -> str:
        if subject == ENTERPRISE:
            return facts.table_of(year, newest)
        return places.table_of(subject, year)

    named = {
        year: snapshot.folder / "tables" / f"{table(year)}.parquet"
        for year in range(newest - 9, newest + 1)
    }
    return {year: file for year, file in named.items() if file.is_file()}
