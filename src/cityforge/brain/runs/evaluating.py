"""A scheme evaluated on the facts of a snapshot: as it stands, changed, or with facts corrected.

The snapshot itself stays as it is. What a run wrote and what is evaluated here are the same rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from sqlglot import exp

from cityforge.brain.city import dictionary
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.city.scheme import Scheme
from cityforge.brain.engines.duckdb import Engine, parquet
from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.evaluation.prepared import Moment, Prepared, prepare
from cityforge.brain.evaluation.statement import statement
from cityforge.brain.facts import corrected
from cityforge.brain.facts import table as facts
from cityforge.brain.facts.corrected import Correction
from cityforge.brain.reports.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One evaluation: what was asked, and one row an enterprise by credit code.

    rows   the columns of `statement.columns(prepared)`
    facts  the facts they were made of, the same enterprises by credit code
    """

    prepared: Prepared
    moment: Moment
    rows: pa.Table
    facts: pa.Table

    @property
    def scheme(self) -> Scheme:
        return self.prepared.scheme

    @property
    def year(self) -> int:
        return self.moment.year


def years(snapshot: Snapshot) -> list[int]:
    """The years that can be evaluated: those whose year before has facts too, newest last."""
    have = sorted(_files(snapshot))
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
    if chosen not in years(snapshot):
        shown = "、".join(str(each) for each in years(snapshot))
        raise RunRefused(
            Text(
                zh=f"本次运行没有 {chosen} 年度的事实；可评：{shown}",
                en=f"this run has no facts of {chosen}; it can evaluate {shown}",
            )
        )
    book = dictionary.build(city)
    prepared = prepare(book, scheme)
    moment = moment_of(city, chosen, snapshot.as_of)
    before = moment_of(city, chosen - 1, snapshot.as_of)
    with Engine(threads=threads) as engine:
        tables = _tables(engine, snapshot, book, corrections)
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
    engine: Engine, snapshot: Snapshot, book: Dictionary, corrections: Sequence[Correction]
) -> dict[int, exp.Expr]:
    files = _files(snapshot)
    sources = {year: parquet(file) for year, file in files.items()}
    if not corrections:
        return sources
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


def _files(snapshot: Snapshot) -> dict[int, Path]:
    """The Parquet of each year's facts."""
    newest = snapshot.year
    named = {
        year: snapshot.folder / "tables" / f"{facts.table_of(year, newest)}.parquet"
        for year in range(newest - 9, newest + 1)
    }
    return {year: file for year, file in named.items() if file.is_file()}
