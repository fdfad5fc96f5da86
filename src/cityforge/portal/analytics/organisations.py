"""The door to who there is: the city's places and bureaus, and the names of enterprises."""

from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cityforge.brain.errors import Text
from cityforge.portal.analytics import contracts
from cityforge.portal.analytics.city import newest


def organisations() -> list[tuple[str, str, Text]]:
    """Kind, code and title: the city first, then districts, parks, bureaus; [] without a city."""
    city = contracts.city()
    if city is None:
        return []
    place = city.place
    found = [("city", place.id, Text(zh=place.title, en=place.title_en))]
    found += [("district", one.id, Text(zh=one.title, en=one.title_en)) for one in place.districts]
    found += [("park", one.id, Text(zh=one.title, en=one.title_en)) for one in place.parks]
    found += [
        ("bureau", one.id, Text(zh=one.title, en=one.title_en))
        for one in city.units.values()
        if one.kind == "bureau"
    ]
    return found


def enterprise_named(code: str) -> str | None:
    """The name of an enterprise of the newest run, by credit code; None for no such."""
    found = newest()
    if found is None:
        return None
    codes, names = _names(found.snapshot.folder)
    at = pc.index(codes, code).as_py()
    return None if at < 0 else str(names[at])


def first_enterprise() -> tuple[str, str] | None:
    """Credit code and name of the first enterprise of the newest run: the one of a demo."""
    found = newest()
    if found is None:
        return None
    codes, names = _names(found.snapshot.folder)
    return (str(codes[0]), str(names[0])) if len(codes) else None


@lru_cache(maxsize=1)
def _names(folder: Path) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    table = pq.read_table(folder / "tables" / "enterprises.parquet", columns=["uscc", "name"])
    return table["uscc"], table["name"]
