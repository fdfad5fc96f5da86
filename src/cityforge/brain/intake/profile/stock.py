"""What is held of each dataset, and how new it is: the short form of a profile."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.city.folder import City
from cityforge.brain.engines.duckdb import ASIDE, Engine
from cityforge.brain.errors import DataRefused, Text
from cityforge.brain.intake import accept, datasets, resolving, sources
from cityforge.brain.intake.profile import coverage
from cityforge.brain.intake.sources import Sources

Tell = Callable[[Text, float], None]


@dataclass(frozen=True, slots=True)
class Held:
    """One dataset: rows read and accepted, and the newest day they tell of.

    newest   None where there is no file, or no day in it
    refused  why its file cannot be read at all
    """

    dataset: str
    read: int = 0
    accepted: int = 0
    newest: date | None = None
    refused: Text | None = None


def stock(
    city: City, data: Path, *, as_of: date, only: Sequence[str] = (), tell: Tell | None = None
) -> list[Held]:
    """Take stock of a data folder: of all its datasets, or of some.

    as_of    a day after it is a slip of the pen, not news
    raises   DataRefused where the folder itself cannot be made out
    """
    found = sources.find(city, data)
    frame = city.frame.id if city.frame else None
    # The others are held against the frame: it is read first, asked for or not.
    chosen = sorted(
        (one for one in city.datasets.values() if not only or one.id in (*only, frame)),
        key=lambda one: one.id != frame,
    )
    held: dict[str, Held] = {}
    with Engine(memory_limit=ASIDE) as engine:
        accept.prepare(engine)
        resolving.start(engine)
        for number, dataset in enumerate(chosen):
            if tell is not None:
                words = Text(zh=f"清点 {dataset.title}", en=f"Counting {dataset.title_en}")
                tell(words, number / len(chosen))
            has_frame = frame in held and held[frame].accepted > 0
            against = frame if has_frame and dataset.id != frame else None
            held[dataset.id] = _held(engine, city, dataset, found, against, as_of)
    return [held[name] for name in city.datasets if name in held and (not only or name in only)]


def _held(
    engine: Engine, city: City, dataset: Dataset, found: Sources, frame: str | None, as_of: date
) -> Held:
    if dataset.id not in (*found.files, *found.tables):
        return Held(dataset.id)
    try:
        table, _ = datasets.read_one(engine, city, dataset, found)
        if frame is not None:
            resolving.fill(engine, city, dataset, table)
        known = f"data_{frame}" if frame is not None else None
        counts = accept.accept(engine, dataset, table, frame=known)
    except DataRefused as error:
        return Held(dataset.id, refused=error.problems[0].what)
    newest = coverage.newest(engine, dataset, as_of=as_of)
    if city.frame is None or dataset.id != city.frame.id:
        engine.drop(f"data_{dataset.id}")
    return Held(dataset.id, counts.read, counts.accepted, newest)
