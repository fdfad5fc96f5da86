"""The newest run: its city in a few words, and the desk of those who lead it.

The newest snapshot is opened once and kept until another stands there.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from cityforge.brain.api import evaluations, snapshots
from cityforge.brain.api.evaluations import Snapshot
from cityforge.brain.errors import CityForgeError, Text


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest snapshot in a few words."""

    snapshot: Snapshot
    city: Text
    as_of: str
    simulated: bool


def newest() -> Newest | None:
    """The newest run; None where there is none yet, or it cannot be read."""
    folder = Path(settings.SNAPSHOTS)
    if not folder.is_dir():
        return None
    try:
        found = snapshots.find_snapshot(folder)
    except CityForgeError:
        return None
    return _read(found, found.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read(folder: Path, _changed: int) -> Newest:
    snapshot = evaluations.read_snapshot(folder)
    place = snapshot.city.place
    return Newest(
        snapshot,
        Text(zh=place.title, en=place.title_en),
        snapshot.as_of.isoformat(),
        snapshot.simulated,
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """The city in one sentence and its pyramid of grades.

    grades  grade, how many, share of the rated
    moved   up, down; None where there is no year before
    """

    sentence: Text
    scheme: Text
    year: int
    grades: list[tuple[str, int, float]]
    rated: int
    exempt: int
    moved: tuple[int, int] | None
    districts: list[tuple[Text, int, list[int]]]
    datasets: list[tuple[Text, int, int]]


def desk(districts: frozenset[str] | None = None) -> Desk | None:
    """What the desk shows; of some districts only where asked. None where there is no run."""
    found = newest()
    if found is None or not found.snapshot.run["schemes"]:
        return None
    return _desk(found.snapshot.folder, districts)


@lru_cache(maxsize=32)
def _desk(folder: Path, districts: frozenset[str] | None) -> Desk:
    summary = snapshots.summary(folder)
    scheme = summary.schemes[0]
    chosen = [one for one in scheme.districts if districts is None or one.id in districts]
    counts = {grade: sum(one.grades[grade] for one in chosen) for grade in scheme.grades}
    rated = sum(counts.values())
    moved = (scheme.moves.up, scheme.moves.down) if scheme.moves and districts is None else None
    return Desk(
        sentence=scheme.sentence,
        scheme=Text(zh=scheme.scheme.title, en=scheme.scheme.title_en),
        year=scheme.year,
        grades=[(grade, n, 100 * n / rated if rated else 0.0) for grade, n in counts.items()],
        rated=rated,
        exempt=sum(one.grades.get("T", 0) for one in chosen),
        moved=moved,
        districts=[
            (one.title, one.rated, [one.grades[grade] for grade in scheme.grades]) for one in chosen
        ],
        datasets=[(one.title, one.read, one.quarantined) for one in summary.datasets],
    )
