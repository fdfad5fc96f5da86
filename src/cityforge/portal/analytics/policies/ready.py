"""The newest snapshot with its policies made ready, kept until another stands there."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from cityforge.brain.api import matched
from cityforge.brain.api.check_ups import Examiner
from cityforge.portal.analytics.city import newest


@dataclass(frozen=True, slots=True)
class Places:
    """Where a reader may look: the whole city, or some districts and parks, by their ids."""

    everything: bool = False
    districts: frozenset[str] = field(default_factory=frozenset)
    parks: frozenset[str] = field(default_factory=frozenset)


def examiner() -> Examiner | None:
    """None where there is no run."""
    found = newest()
    return None if found is None else _examiner(found.snapshot.folder)


def year() -> int | None:
    """The year of the newest facts; None where there is no run."""
    found = newest()
    return None if found is None else found.snapshot.year


def within(places: Places, ready: Examiner) -> dict[str, list[str]] | None:
    """Places as columns of facts with their codes; None for the whole city."""
    if places.everything:
        return None
    # Enterprises name their park by its title.
    parks = [one.title for one in ready.snapshot.city.place.parks if one.id in places.parks]
    return {"district": sorted(places.districts), "park": sorted(parks)}


# A run is never altered, so its folder tells it.
@lru_cache(maxsize=2)
def _examiner(folder: Path) -> Examiner:
    return Examiner.of(matched.read_snapshot(folder))
