"""The result of the newest run district by district, read once and kept until another stands."""

from functools import lru_cache
from pathlib import Path

from cityforge.brain.api import snapshots
from cityforge.brain.api.snapshots import ByDistrict, Supply
from cityforge.portal.analytics.city import newest


def by_district(districts: frozenset[str] | None) -> ByDistrict | None:
    """Of the whole city (None) or of some districts; None where no run evaluated anybody."""
    found = newest()
    if found is None or not found.snapshot.run["schemes"]:
        return None
    return _by_district(found.snapshot.folder, districts)


def supplies(indicator: str | None) -> tuple[Supply, ...]:
    """The datasets that the figures, or those of one indicator, rest on."""
    found = newest()
    return () if found is None else _supplies(found.snapshot.folder, indicator)


@lru_cache(maxsize=16)
def _by_district(_folder: Path, districts: frozenset[str] | None) -> ByDistrict:
    found = newest()
    assert found is not None
    return snapshots.by_district(found.snapshot, districts=districts)


@lru_cache(maxsize=64)
def _supplies(_folder: Path, indicator: str | None) -> tuple[Supply, ...]:
    found = newest()
    assert found is not None
    return snapshots.rests_on(found.snapshot, found.snapshot.scheme(), indicator)
