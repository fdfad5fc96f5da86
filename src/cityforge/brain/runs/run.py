"""The main road: a city folder, its data and an as-of date in; one immutable snapshot out."""

import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

from sqlglot import exp

from cityforge.brain.city import checks
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import Text
from cityforge.brain.evaluation import published, statement
from cityforge.brain.evaluation.prepared import ENTERPRISE, Prepared, prepare
from cityforge.brain.facts import corrections as corrections_
from cityforge.brain.facts import frame as frames
from cityforge.brain.facts import places
from cityforge.brain.facts import table as facts
from cityforge.brain.facts.asked import asked
from cityforge.brain.facts.corrections import Corrections
from cityforge.brain.intake import datasets, quarantine, resolving, sources
from cityforge.brain.policies import prepared as policies
from cityforge.brain.reports import html
from cityforge.brain.runs import clock, matching, placing, record, store
from cityforge.brain.runs.evaluating import moment_of
from cityforge.brain.runs.record import Tables

Tell = Callable[[Text, float], None]


@dataclass(slots=True)
class Asked:
    """What a run is asked to do. `out` holds the snapshots; `scratch` files stand there too."""

    city: Path
    data: Path
    as_of: date
    out: Path
    threads: int | None = None
    memory_limit: str | None = None
    with_report: bool = True


@dataclass(slots=True)
class Made:
    """Where a snapshot stands, its record, and what a reader should be told."""

    snapshot: Path
    record: dict[str, Any]
    notes: list[Text] = field(default_factory=list)


def run(asked: Asked, *, tell: Tell | None = None) -> Made:
    """Run a city on its data as of a date; returns the snapshot.

    Raises CityRefused, DataRefused (all Problems at once), RunRefused or EngineFailed; whatever
    happens, the previous snapshot stays whole.
    """
    say = tell or (lambda _text, _share: None)
    began, started = clock.now(), clock.seconds()
    say(Text(zh="检查城市文件夹", en="Checking the city folder"), 0.0)
    with store.workplace(asked.out) as place:
        folder = place / "snapshot"
        (folder / "tables").mkdir(parents=True)
        # The copy is what is read, so that nothing changes between the reading and the record.
        store.copy_city(asked.city, folder)
        city, book = checks.load(folder / store.CITY)
        year = facts.last_complete_year(asked.as_of)
        found = sources.find(city, asked.data)
        digests = record.digests(folder / store.CITY, found, asked.data)
        with Engine(
            threads=asked.threads, memory_limit=asked.memory_limit, scratch=place / "scratch"
        ) as engine:
            taken, notes = datasets.read_all(
                engine, city, found, tell=lambda text, share: say(text, 0.02 + 0.4 * share)
            )
            corrections, unfit = corrections_.load(city, book, found.corrections)
            corrections_.take(engine, corrections)
            tables = _compute(
                engine, city, book, asked.as_of, year, found.absent, corrections, folder, say
            )
            notes += unfit + tables.corrections + tables.places
            notes += [note for scheme in tables.notes.values() for note in scheme]
        say(Text(zh="写入运行记录", en="Writing the record"), 0.9)
        made = record.record(
            city,
            as_of=asked.as_of,
            year=year,
            found=found,
            digests=digests,
            taken=taken,
            tables=tables,
            folder=folder,
        )
        store.write_json(folder / store.RECORD, made)
        if asked.with_report:
            say(Text(zh="生成报告", en="Drawing the report"), 0.93)
            html.write(folder, folder / "report.html")
        aside = {
            "began": began,
            "seconds": round(clock.seconds() - started, 3),
            "host": platform.node(),
            "data": str(asked.data.resolve()),
            "city": str(asked.city.resolve()),
        }
        store.write_json(folder / store.ASIDE, aside)
        snapshot = store.keep(folder, asked.out, made["run_id"])
    say(Text(zh="完成", en="Done"), 1.0)
    return Made(snapshot, made, notes)


def _compute(
    engine: Engine,
    city: City,
    book: Dictionary,
    as_of: date,
    year: int,
    absent: list[str],
    corrections: Corrections,
    folder: Path,
    say: Tell,
) -> Tables:
    made = Tables()
    say(Text(zh="归集企业事实", en="Gathering facts"), 0.45)
    frames.build(engine, city, as_of=as_of)
    made.places = placing.place(engine, city)
    _write(engine, placing.lines(), placing.PLACES, folder, made)
    schemes = [
        prepare(book, scheme) for scheme in city.schemes.values() if scheme.subject == ENTERPRISE
    ]
    reads = [typed for prepared in schemes for typed in prepared.reads]
    entitling = policies.prepare(city, book, day=as_of)
    kept = policies.prepare(city, book, day=as_of, models=True)
    reads += [typed for one in kept for typed in one.reads]
    wanted = asked(book, reads)
    years = [year - 2, year - 1, year]
    made_for: list[int] = []
    for i, each in enumerate(range(years[0] - wanted.reach, year + 1)):
        facts.build(
            engine,
            city,
            book,
            year=each,
            as_of=as_of,
            absent=absent,
            asked=wanted,
            made=made_for,
            corrections=corrections,
        )
        made_for.append(each)
        share = (i + 1) / (len(years) + wanted.reach)
        say(Text(zh=f"{each} 年事实", en=f"Facts of {each}"), 0.45 + 0.3 * share)
    if corrections.entries:
        _write_corrections(engine, book, corrections, made_for, folder, made)
    for each in years:
        rows = exp.select("*").from_(facts.name_of(each)).order_by("uscc")
        _write(engine, rows, facts.table_of(each, year), folder, made)
    _write_places(engine, city, as_of, years, folder, made)
    if entitling:
        say(Text(zh="匹配政策", en="Matching policies"), 0.75)
        asking = matching.Asking(
            city, book, as_of, year, absent, wanted, made_for, corrections=corrections
        )
        made.rows |= matching.match(engine, asking, entitling, folder / "tables")
    _write(engine, quarantine.lines(engine, city), "quarantine", folder, made)
    _write(engine, resolving.lines(), resolving.FOUND, folder, made)
    # What is kept as a model from elsewhere, and what is about places, is evaluated where it is
    # named: see `evaluating`.
    schemes = [prepared for prepared in schemes if not prepared.scheme.model]
    for i, prepared in enumerate(schemes):
        scheme = prepared.scheme
        share = 0.8 + 0.1 * i / len(schemes)
        say(Text(zh=f"评价：{scheme.title}", en=f"Evaluating: {scheme.title_en}"), share)
        _evaluate(engine, city, prepared, as_of, years, folder, made)
    return made


def _write_corrections(
    engine: Engine,
    book: Dictionary,
    corrections: Corrections,
    years: list[int],
    folder: Path,
    made: Tables,
) -> None:
    """Every correction, and whether it holds in the facts."""
    tables = {year: facts.name_of(year) for year in years}
    told, made.corrections = corrections_.told(engine, book, corrections, tables)
    engine.take("corrections_told", told)
    rows = exp.select("*").from_("corrections_told").order_by("uscc", "year", "fact")
    _write(engine, rows, corrections_.TABLE, folder, made)


def _write_places(
    engine: Engine, city: City, as_of: date, years: list[int], folder: Path, made: Tables
) -> None:
    """The facts of the places that schemes evaluate: parks, districts, bureaus."""
    subjects = {scheme.subject for scheme in city.schemes.values()}
    for kind in get_args(places.Kind):
        for year in years if kind in subjects else ():
            name = places.table_of(kind, year)
            places.build(engine, city, kind, year, as_of, name)
            rows = exp.select("*").from_(name).order_by("uscc")
            _write(engine, rows, name, folder, made)


def _evaluate(
    engine: Engine,
    city: City,
    prepared: Prepared,
    as_of: date,
    years: list[int],
    folder: Path,
    made: Tables,
) -> None:
    """Evaluate the last two years, so that who moved can be seen; write results and counts."""
    scheme = prepared.scheme
    results = []
    for before, year in pairwise(years):
        query = statement.statement(
            prepared,
            moment_of(city, year, as_of),
            facts=exp.to_table(facts.name_of(year)),
            before=(moment_of(city, before, as_of), exp.to_table(facts.name_of(before))),
        )
        name = f"evaluated_{year}"
        engine.create(name, query)
        results.append(exp.select("*").from_(name))
    both = exp.union(results[0], results[1], distinct=False).subquery("both")
    ordered = exp.select("*").from_(both).order_by("year", "uscc")
    engine.create("evaluated", ordered)
    evaluated = exp.select("*").from_("evaluated").order_by("year", "uscc")
    _write(engine, evaluated, f"evaluation_{scheme.id}", folder, made)
    _write(engine, statement.counted(prepared, "evaluated"), f"grades_{scheme.id}", folder, made)
    made.years[scheme.id] = years[1:]
    made.notes[scheme.id] = published.notes(engine, prepared, "evaluated")
    for year in years[1:]:
        engine.drop(f"evaluated_{year}")
    engine.drop("evaluated")


def _write(engine: Engine, query: exp.Select, name: str, folder: Path, made: Tables) -> None:
    file = folder / "tables" / f"{name}.parquet"
    engine.write(query, file)
    made.rows[name] = engine.count(file)
