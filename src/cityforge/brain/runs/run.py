"""The main road: a city folder, its data and an as-of date in; one immutable snapshot out."""

import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlglot import exp

from cityforge.brain.city import checks
from cityforge.brain.city.dictionary import DISTRICT, Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import DataRefused, Problem, Text
from cityforge.brain.evaluation import published, statement
from cityforge.brain.evaluation.prepared import Moment, Prepared, prepare
from cityforge.brain.evaluation.subject import RATED
from cityforge.brain.facts import frame as frames
from cityforge.brain.facts import table as facts
from cityforge.brain.intake import accept, quarantine, raw, sources
from cityforge.brain.reports import html
from cityforge.brain.runs import clock, digest, store

FORMAT = 1
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
    city, book = checks.load(asked.city)
    year = last_complete_year(asked.as_of)
    found = sources.find(city, asked.data)
    with store.workplace(asked.out) as place:
        folder = place / "snapshot"
        (folder / "tables").mkdir(parents=True)
        with Engine(
            threads=asked.threads, memory_limit=asked.memory_limit, scratch=place / "scratch"
        ) as engine:
            taken, notes = _intake(engine, city, found, say)
            tables = _compute(engine, city, book, asked.as_of, year, found.absent, folder, say)
            notes += [note for scheme in tables.notes.values() for note in scheme]
        say(Text(zh="写入运行记录", en="Writing the record"), 0.9)
        made = _record(asked, city, year, found, taken, tables, folder)
        store.copy_city(asked.city, folder)
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


def last_complete_year(as_of: date) -> int:
    """The newest year that is over on a day."""
    return as_of.year if (as_of.month, as_of.day) == (12, 31) else as_of.year - 1


def _intake(
    engine: Engine, city: City, found: sources.Sources, say: Tell
) -> tuple[list[dict[str, Any]], list[Text]]:
    """Read every dataset by its contract, the frame first; counts per dataset, and remarks."""
    frame = city.frame
    if frame is None or frame.id not in found.files:
        title = frame.title if frame else "企业底册"
        raise DataRefused([_no_frame(title)])
    accept.prepare(engine)
    ordered = sorted(found.files, key=lambda name: (name != frame.id, name))
    taken: list[dict[str, Any]] = []
    notes: list[Text] = []
    problems: list[Problem] = []
    for i, name in enumerate(ordered):
        dataset = city.datasets[name]
        share = 0.02 + 0.4 * i / len(ordered)
        say(Text(zh=f"读取 {dataset.title}", en=f"Reading {dataset.title_en}"), share)
        try:
            table = raw.read(engine, dataset, found.files[name])
        except DataRefused as error:
            problems.extend(error.problems)
            continue
        known = f"data_{frame.id}" if name != frame.id else None
        result = accept.accept(engine, dataset, table, frame=known)
        unit = city.units.get(dataset.owner)
        taken.append(
            {
                "dataset": name,
                "title": dataset.title,
                "title_en": dataset.title_en,
                "owner": unit.title if unit else dataset.owner,
                "file": found.files[name].name,
                "read": result.read,
                "accepted": result.accepted,
                "quarantined": result.quarantined,
            }
        )
        notes += _header_notes(dataset.title, dataset.title_en, table)
    if problems:
        raise DataRefused(problems)
    for name in found.absent:
        dataset = city.datasets[name]
        engine.take(f"data_{name}", accept.empty(dataset))
        notes.append(
            Text(
                zh=f"没有“{dataset.title}”的文件：其中的事实按未知处理",
                en=f"no file for '{name}': its facts are unknown",
            )
        )
    for stranger in found.strangers:
        notes.append(
            Text(zh=f"文件 {stranger} 不属于任何数据集，未读取", en=f"{stranger} was not read")
        )
    return taken, notes


def _no_frame(title: str) -> Problem:
    return Problem(
        title,
        0,
        0,
        Text(zh=f"数据文件夹中没有企业底册“{title}”", en="the frame of enterprises is missing"),
        Text(
            zh="放入以数据集标识或名称命名的文件，或在 sources.yaml 中指明",
            en="Name its file as the dataset, or list it in sources.yaml.",
        ),
    )


def _header_notes(title: str, title_en: str, table: raw.Raw) -> list[Text]:
    notes = []
    if table.unknown_headers:
        names = "、".join(table.unknown_headers)
        notes.append(
            Text(zh=f"“{title}”有未约定的列，未读取：{names}", en=f"{title_en}: not read: {names}")
        )
    if table.absent_columns:
        names = "、".join(table.absent_columns)
        notes.append(
            Text(zh=f"“{title}”缺少列：{names}", en=f"{title_en}: columns absent: {names}")
        )
    return notes


@dataclass(slots=True)
class _Tables:
    """Row counts by table, and what was noted of each scheme."""

    rows: dict[str, int] = field(default_factory=dict)
    notes: dict[str, list[Text]] = field(default_factory=dict)
    years: dict[str, list[int]] = field(default_factory=dict)


def _compute(
    engine: Engine,
    city: City,
    book: Dictionary,
    as_of: date,
    year: int,
    absent: list[str],
    folder: Path,
    say: Tell,
) -> _Tables:
    made = _Tables()
    say(Text(zh="归集企业事实", en="Gathering facts"), 0.45)
    frames.build(engine, city, as_of=as_of)
    years = [year - 2, year - 1, year]
    for i, each in enumerate(years):
        facts.build(engine, city, book, year=each, as_of=as_of, absent=absent)
        say(Text(zh=f"{each} 年事实", en=f"Facts of {each}"), 0.45 + 0.1 * (i + 1))
    newest = exp.select("*").from_(facts.name_of(year)).order_by("uscc")
    _write(engine, newest, "enterprises", folder, made)
    _write(engine, quarantine.lines(engine, city), "quarantine", folder, made)
    for i, scheme in enumerate(city.schemes.values()):
        share = 0.75 + 0.15 * i / len(city.schemes)
        say(Text(zh=f"评价：{scheme.title}", en=f"Evaluating: {scheme.title_en}"), share)
        prepared = prepare(book, scheme)
        _evaluate(engine, city, prepared, as_of, years, folder, made)
    return made


def _evaluate(
    engine: Engine,
    city: City,
    prepared: Prepared,
    as_of: date,
    years: list[int],
    folder: Path,
    made: _Tables,
) -> None:
    """Evaluate the last two years, so that who moved can be seen; write results and counts."""
    scheme = prepared.scheme
    results = []
    for before, year in pairwise(years):
        query = statement.statement(
            prepared,
            _moment(city, year, as_of),
            facts=exp.to_table(facts.name_of(year)),
            before=(_moment(city, before, as_of), exp.to_table(facts.name_of(before))),
        )
        name = f"evaluated_{year}"
        engine.create(name, query)
        results.append(exp.select("*").from_(name))
    both = exp.union(results[0], results[1], distinct=False).subquery("both")
    ordered = exp.select("*").from_(both).order_by("year", "uscc")
    engine.create("evaluated", ordered)
    evaluated = exp.select("*").from_("evaluated").order_by("year", "uscc")
    _write(engine, evaluated, f"evaluation_{scheme.id}", folder, made)
    _write(engine, _grades(prepared), f"grades_{scheme.id}", folder, made)
    made.years[scheme.id] = years[1:]
    made.notes[scheme.id] = published.notes(engine, prepared, "evaluated")
    for year in years[1:]:
        engine.drop(f"evaluated_{year}")
    engine.drop("evaluated")


def _moment(city: City, year: int, as_of: date) -> Moment:
    day = facts.last_day(year, as_of)
    frame = city.frame
    return Moment(year, day, facts.bindings(city, day), frame.founded_on if frame else None)


def _grades(prepared: Prepared) -> exp.Select:
    """How many enterprises of each group got each grade, and which ranks it spans."""
    keys = ["year", "part", *dict.fromkeys([DISTRICT, *prepared.scheme.groups]), "ranked", "grade"]
    names = [exp.column(key, quoted=True) for key in keys]
    return (
        exp.select(
            *names,
            exp.alias_(exp.Count(this=exp.Star()), "count"),
            exp.alias_(exp.Min(this=exp.column("rank", quoted=True)), "first_rank"),
            exp.alias_(exp.Max(this=exp.column("rank", quoted=True)), "last_rank"),
        )
        .from_("evaluated")
        .where(exp.column("status").eq(exp.Literal.string(RATED)))
        .group_by(*names)
        .order_by(*names)
    )


def _write(engine: Engine, query: exp.Select, name: str, folder: Path, made: _Tables) -> None:
    file = folder / "tables" / f"{name}.parquet"
    engine.write(query, file)
    made.rows[name] = engine.count(file)


def _record(
    asked: Asked,
    city: City,
    year: int,
    found: sources.Sources,
    taken: list[dict[str, Any]],
    tables: _Tables,
    folder: Path,
) -> dict[str, Any]:
    """What was run, on what, and what it gave: everything that a replay must reproduce."""
    inputs = {
        name: {
            "file": str(file.relative_to(asked.data.resolve()))
            if file.is_relative_to(asked.data.resolve())
            else file.name,
            "sha256": digest.of_file(file),
            "bytes": file.stat().st_size,
        }
        for name, file in sorted(found.files.items())
    }
    written = {
        name: {"rows": rows, "sha256": digest.of_file(folder / "tables" / f"{name}.parquet")}
        for name, rows in sorted(tables.rows.items())
    }
    ground = {
        "format": FORMAT,
        "city": {"id": city.place.id, "title": city.place.title, "title_en": city.place.title_en},
        "as_of": asked.as_of.isoformat(),
        "year": year,
        "simulated": found.simulated,
        "simulated_note": found.note,
        "digests": {"city": digest.of_city(asked.city), "inputs": inputs},
        "intake": taken,
        "schemes": [
            {
                "id": scheme.id,
                "title": scheme.title,
                "title_en": scheme.title_en,
                "years": tables.years[scheme.id],
                "notes": [{"zh": n.zh, "en": n.en} for n in tables.notes[scheme.id]],
            }
            for scheme in city.schemes.values()
        ],
        "tables": written,
    }
    return {
        **ground,
        "run_id": f"{asked.as_of.isoformat()}-{digest.of_json(ground)[:12]}",
        "versions": {
            "cityforge": version("cityforge"),
            "duckdb": version("duckdb"),
            "python": platform.python_version(),
        },
    }
