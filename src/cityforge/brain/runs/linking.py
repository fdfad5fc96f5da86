"""The road of linkage: a city and its data in; records, links and pairs in a folder of links out.

A version is written aside and renamed into place; then the pointer says it counts. What people
decided stands beside the versions and is never touched here.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlglot import exp

from cityforge.brain.city import checks
from cityforge.brain.city.dataset import Dataset
from cityforge.brain.city.folder import City
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import DataRefused, Problem, Text, ValueRefused
from cityforge.brain.intake import datasets, raw, sources
from cityforge.brain.intake.sources import Sources
from cityforge.brain.linkage import journal, places, review
from cityforge.brain.linkage import link as ladder
from cityforge.brain.linkage.desk import Desk
from cityforge.brain.linkage.found import LINKS, PAIRS, RECORDS, RUN
from cityforge.brain.runs import clock, digest, store
from cityforge.brain.values import credit_code

NAME = "name"
_COLUMNS = ("uscc", NAME, "old_number", "address", "district", "former_names")
_TABLES = {RECORDS: ("record",), LINKS: ("record",), PAIRS: ("left", "right")}
Tell = Callable[[Text, float], None]
Linker = Callable[[Engine, str, City], object]
"""Leaves the tables `links` and `pairs` in the engine, made from the table of records named."""


@dataclass(slots=True)
class Linked:
    """What a run of the linkage gave; `rows` counts what was read, by dataset."""

    version: Path
    rows: dict[str, int]
    without_name: int
    records: int
    rungs: dict[str, int]
    machine_entities: int
    entities: int
    review: int
    seconds: float
    simulated: bool
    problems: list[Problem] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)


def link(
    city_folder: Path,
    data: Path,
    *,
    out: Path,
    linker: Linker | None = None,
    tell: Tell | None = None,
) -> Linked:
    """Link the records of every dataset that holds a name, and make the result the newest version.

    Every row with a name is a record, whatever else is wrong with it: rows without a code, or with
    a malformed one, are what linkage is for. Raises CityRefused, DataRefused or EngineFailed.
    """
    say = tell or (lambda _text, _share: None)
    started = clock.seconds()
    city, _ = checks.load(city_folder)
    found = sources.find(city, data)
    there = {*found.files, *found.tables}
    named = [d for d in city.datasets.values() if d.column(NAME) and d.id in there]
    if not named:
        raise DataRefused([_nothing_named(data)])
    with store.workplace(out) as place, Engine(scratch=place / "scratch") as engine:
        say(Text(zh="读取记录", en="Reading the records"), 0.1)
        rows, without = gather(engine, city, named, found)
        say(Text(zh="关联", en="Linking"), 0.3)
        (linker or by_ladder)(engine, RECORDS, city)
        say(Text(zh="写入结果", en="Writing the links"), 0.9)
        folder = place / "version"
        run = _written(engine, folder) | {"simulated": found.simulated, "rows": rows}
        store.write_json(folder / RUN, run)
        with journal.locked(out):
            version = store.keep(folder, out, digest.of_json(run)[:12])
            _drop_older(out, version)
    return _counted(out, version, run, without, clock.seconds() - started)


def by_ladder(engine: Engine, records: str, city: City) -> None:
    """The ladder and Splink, with the place words of the country and of this city."""
    ladder.link(engine, records, places=places.national(within=[city.place.region]))


def gather(
    engine: Engine, city: City, named: list[Dataset], found: Sources
) -> tuple[dict[str, int], int]:
    """Make the table of records; returns the rows read by dataset, and those without a name.

    A record's id does not depend on where its row stands: dataset:CODE where the code is valid,
    else dataset:~ and a digest of what the row says of itself. Rows of one dataset that give the
    same id are one record; the names they have besides the last are its former names.
    """
    records: dict[str, dict[str, str | None]] = {}
    rows: dict[str, int] = {}
    without = 0
    for dataset in named:
        table, _ = datasets.read_one(engine, city, dataset, found)
        query = exp.select(*[_text(name, table.columns) for name in _COLUMNS]).from_(table.table)
        read = engine.arrow(query.order_by(raw.ROW)).to_pylist()
        engine.drop(table.table)
        rows[dataset.id] = len(read)
        for row in read:
            if not row[NAME]:
                without += 1
                continue
            id = _id(dataset.id, row)
            records[id] = _merged(records.get(id), {"record": id, "source": dataset.id, **row})
    names = ["record", "source", NAME, "code", "old_number", "address", "district", "former_names"]
    columns = {
        name: pa.array([record.get(name) for record in records.values()], pa.string())
        for name in names
    }
    engine.take(RECORDS, pa.table(columns))
    return rows, without


def _text(name: str, present: list[str]) -> exp.Expr:
    known = exp.column(name, quoted=True) if name in present else exp.null()
    cell = exp.func("trim", exp.cast(known, "VARCHAR"), exp.Literal.string(" \t\r\n\u3000\ufeff"))
    return exp.alias_(cell, "code" if name == "uscc" else name, quoted=True)


def _id(dataset: str, row: dict[str, str | None]) -> str:
    try:
        return f"{dataset}:{credit_code.parse(row['code'] or '')}"
    except ValueRefused:
        said = [row[name] or "" for name in ("code", NAME, "old_number", "address")]
        return f"{dataset}:~{digest.of_json(said)[:12]}"


def _merged(old: dict[str, str | None] | None, new: dict[str, str | None]) -> dict[str, str | None]:
    """The newer row, with what it leaves empty from the older, and the older's other names."""
    if old is None:
        return new
    former = [*(old["former_names"] or "").split("；"), old[NAME], new["former_names"]]
    names = [name for name in dict.fromkeys(former) if name and name != new[NAME]]
    filled = {key: value or old[key] for key, value in new.items()}
    return filled | {"former_names": "；".join(names) or None}


def _written(engine: Engine, folder: Path) -> dict[str, Any]:
    folder.mkdir()
    counts: dict[str, Any] = {}
    for table, order in _TABLES.items():
        query = exp.select("*").from_(table).order_by(*[exp.column(n, quoted=True) for n in order])
        engine.write(query, folder / f"{table}.parquet")
        counts[table] = {
            "rows": engine.count(folder / f"{table}.parquet"),
            "sha256": digest.of_file(folder / f"{table}.parquet"),
        }
    star = exp.Count(this=exp.Star())
    by_rung = exp.select("rung", star).from_(LINKS).group_by("rung").order_by("rung")
    distinct = exp.Count(this=exp.Distinct(expressions=[exp.column("entity")]))
    return {
        "tables": counts,
        "rungs": dict(engine.rows(by_rung)),
        "entities": engine.rows(exp.select(distinct).from_(LINKS))[0][0],
    }


def _drop_older(out: Path, version: Path) -> None:
    for old in out.iterdir():
        if old.is_dir() and old != version and (old / RUN).is_file():
            shutil.rmtree(old, ignore_errors=True)


def _counted(out: Path, version: Path, run: dict[str, Any], without: int, seconds: float) -> Linked:
    desk = Desk(out)
    over = desk.laid_over.entity_of
    old = {link.entity for link in desk.found.links(over).values()}
    return Linked(
        version=version,
        rows=run["rows"],
        without_name=without,
        records=run["tables"][RECORDS]["rows"],
        rungs=run["rungs"],
        machine_entities=run["entities"],
        entities=run["entities"] - len(old) + len(set(over.values())),
        review=review.queue(out, limit=0).open,
        seconds=seconds,
        simulated=run["simulated"],
        problems=desk.problems(),
        notes=[desk.log.note] if desk.log.note else [],
    )


def _nothing_named(data: Path) -> Problem:
    return Problem(
        str(data),
        0,
        0,
        Text(zh="没有一个数据集带有企业名称", en="no dataset here holds a name"),
        Text(
            zh=f"数据合同中企业名称一列的 id 写作 {NAME}",
            en=f"A contract calls the enterprise's name '{NAME}'.",
        ),
    )
