"""A data folder read as a run reads it, and told of: the road of `cityforge intake profile`."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlglot import exp

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.city.folder import City
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import DataRefused, Problem, Text
from cityforge.brain.intake import datasets, sources
from cityforge.brain.intake.profile import (
    agreement,
    columns,
    coverage,
    freshness,
    outliers,
    rejects,
)
from cityforge.brain.intake.profile.shape import DatasetProfile, Profile
from cityforge.brain.intake.sources import Sources

Tell = Callable[[Text, float], None]


def profile(
    city: City, data: Path, *, as_of: date, threads: int | None = None, tell: Tell | None = None
) -> Profile:
    """The profile of a data folder as of a date.

    A file that cannot be read at all is told of in its dataset, and the rest goes on; without the
    frame nothing can be told: raises DataRefused.
    """
    say = tell or (lambda _text, _share: None)
    found = sources.find(city, data)
    try:
        with Engine(threads=threads) as engine:
            return _read(engine, city, found, as_of, {}, say)
    except DataRefused as error:
        refused = _by_dataset(city, found, error.problems)
    for name in refused:
        found.files.pop(name, None)
        found.tables.pop(name, None)
        found.absent.append(name)
    with Engine(threads=threads) as engine:
        return _read(engine, city, found, as_of, refused, say)


def _by_dataset(
    city: City, found: Sources, problems: tuple[Problem, ...]
) -> dict[str, list[Problem]]:
    """The Problems of each unreadable file; raises DataRefused when one is the frame's or no
    dataset's."""
    owners = {file.name: name for name, file in found.files.items()}
    owners |= {table.shown: name for name, table in found.tables.items()}
    frame = city.frame
    refused: dict[str, list[Problem]] = {}
    for problem in problems:
        name = owners.get(problem.file)
        if name is None or frame is None or name == frame.id:
            raise DataRefused(problems)
        refused.setdefault(name, []).append(problem)
    return refused


def _read(
    engine: Engine,
    city: City,
    found: Sources,
    as_of: date,
    refused: Mapping[str, list[Problem]],
    say: Tell,
) -> Profile:
    taken, notes = datasets.read_all(
        engine, city, found, tell=lambda text, share: say(text, 0.6 * share)
    )
    frame = city.frame
    assert frame is not None  # read_all refuses a folder without it
    outliers.prepare(engine, frame)
    counts = {each["dataset"]: each for each in taken}
    told = []
    for i, dataset in enumerate(city.datasets.values()):
        about = Text(zh=f"统计 {dataset.title}", en=f"Profiling {dataset.title_en}")
        say(about, 0.6 + 0.35 * i / len(city.datasets))
        told.append(
            _dataset(
                engine, city, dataset, as_of, counts.get(dataset.id), refused.get(dataset.id, [])
            )
        )
    say(Text(zh="比对来源", en="Comparing sources"), 0.95)
    size = engine.rows(exp.select("count(*)").from_(coverage.NAMES))[0][0]
    return Profile(
        city=Text(zh=city.place.title, en=city.place.title_en),
        as_of=as_of,
        simulated=found.simulated,
        note=found.note,
        frame=size,
        datasets=tuple(told),
        agreements=agreement.all_(engine, city),
        notes=tuple(notes),
    )


def _dataset(
    engine: Engine,
    city: City,
    dataset: Dataset,
    as_of: date,
    counts: dict[str, Any] | None,
    refused: list[Problem],
) -> DatasetProfile:
    owner = city.units.get(dataset.owner)
    newest = coverage.newest(engine, dataset, as_of=as_of)
    return DatasetProfile(
        id=dataset.id,
        title=Text(zh=dataset.title, en=dataset.title_en),
        owner=Text(zh=owner.title, en=owner.title_en)
        if owner
        else Text(zh=dataset.owner, en=dataset.owner),
        file=counts["file"] if counts else None,
        read=counts["read"] if counts else 0,
        accepted=counts["accepted"] if counts else 0,
        quarantined=counts["quarantined"] if counts else 0,
        may_name=dataset.may_name(),
        freshness=freshness.judge(dataset.freshness, newest, as_of=as_of),
        coverage=coverage.of(engine, dataset),
        columns=columns.of(engine, dataset) if counts else (),
        rejects=rejects.of(engine, dataset),
        refused=tuple(refused),
    )
