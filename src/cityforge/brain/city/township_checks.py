"""Checks of townships.yaml: its districts exist, and no name stands twice in one of them."""

from collections.abc import Iterable

from cityforge.brain.city import expressions
from cityforge.brain.city.document import Document, Path_
from cityforge.brain.city.folder import City
from cityforge.brain.city.township import Townships
from cityforge.brain.errors import Problem, Text

_DISTRICT = Text(zh="区县", en="district")
_TOWNSHIP = Text(zh="乡镇", en="township")


def check_townships(city: City) -> Iterable[Problem]:
    """Every Problem of the file; nothing when a city has none."""
    document = city.documents.get(("townships", ""))
    if city.townships is None or document is None:
        return
    yield from _districts(city, document, city.townships)
    yield from _names(document, city.townships)
    yield from _successors(document, city.townships)


def _districts(city: City, document: Document, townships: Townships) -> Iterable[Problem]:
    known = [district.id for district in city.place.districts]
    used: list[tuple[Path_, str]] = []
    for i, town in enumerate(townships.townships):
        used.append((("townships", i, "district"), town.district))
        used += [(("townships", i, "formerly_in", j), n) for j, n in enumerate(town.formerly_in)]
    for i, former in enumerate(townships.former):
        used.append((("former", i, "district"), former.district))
    if townships.seat:
        used.append((("seat",), townships.seat))
    for path, name in used:
        if name not in known and not city.unread.may_hold(name, "city.yaml"):
            yield expressions.unknown(document, path, name, known, _DISTRICT)


def _names(document: Document, townships: Townships) -> Iterable[Problem]:
    entries: list[tuple[Path_, str, str]] = []
    for i, town in enumerate(townships.townships):
        entries.append((("townships", i, "code"), "", town.code))
        entries.append((("townships", i, "title"), town.district, town.title))
        entries += [
            (("townships", i, "also", j), town.district, name) for j, name in enumerate(town.also)
        ]
    for i, former in enumerate(townships.former):
        entries.append((("former", i, "title"), former.district, former.title))
    seen: dict[tuple[str, str], Path_] = {}
    for path, district, name in entries:
        if (district, name) in seen:
            line = document.spot(seen[district, name]).line
            yield document.problem(
                path,
                Text(zh=f"“{name}”重复", en=f"'{name}' stands twice"),
                Text(
                    zh=f"第 {line} 行已有；同一区县内一个名称只写一次",
                    en=f"It is on line {line} already: once a district.",
                ),
            )
        seen.setdefault((district, name), path)


def _successors(document: Document, townships: Townships) -> Iterable[Problem]:
    of_today: dict[str, list[str]] = {}
    for town in townships.townships:
        of_today.setdefault(town.district, []).append(town.title)
    for i, former in enumerate(townships.former):
        known = of_today.get(former.district, [])
        if former.now and former.now not in known:
            yield expressions.unknown(document, ("former", i, "now"), former.now, known, _TOWNSHIP)
