"""The newest run: its city in a few words, and whether it is a large one.

The newest snapshot is opened once and kept until another stands there.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from cityforge.brain.api import evaluations, snapshots
from cityforge.brain.api.evaluations import Snapshot
from cityforge.brain.errors import CityForgeError, Text

# With more enterprises a page tells what the run wrote; it evaluates nobody again.
MOST_EVALUATED = 60_000


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest snapshot in a few words."""

    snapshot: Snapshot
    city: Text
    as_of: str
    simulated: bool
    enterprises: int

    @property
    def is_large(self) -> bool:
        return self.enterprises > MOST_EVALUATED


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
        int(snapshot.run["tables"]["enterprises"]["rows"]),
    )
