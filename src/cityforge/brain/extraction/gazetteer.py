"""The words by which a text tells a place: a city's own, and the places elsewhere.

Built from a city's files and the national table of divisions; the words are found in one pass.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from cityforge.brain.city.folder import City
from cityforge.brain.errors import ValueRefused
from cityforge.brain.values import region

Kind = Literal["district", "short", "town", "stem", "park", "city", "above", "elsewhere"]
"""What a word tells.

district   a district by its whole name, of today or earlier (甲乙区, once 甲乙市)
short      a district by its name without the ending (甲乙)
town       a township by a whole name: 丙丁镇; 丙丁乡 too, as endings change
stem       a township by its name without the ending (丙丁)
park       a park (园区): it lies in one district
city       the city itself; above: what it lies in, or lay in; elsewhere: a place outside
"""

_TOWN_ENDINGS = ("街道办事处", "街道办", "街道", "办事处", "镇", "乡")
_COUNTY_ENDINGS = ("自治县", "自治旗", "县", "市", "区", "旗")
_BRACKETS = re.compile(r"[（(](.*?)[）)]")
# What makes a short name the name of a road, a bridge, a market: 甲乙南路, 甲乙大桥, 上海市场.
_ROAD = re.compile(
    r"(?:[东西南北中][一二三四五六七八九十]?|[一二三四五六七八九十]|大)?(?:路|街(?!道)|道|巷|弄|桥|河|场)"
)


@dataclass(frozen=True, slots=True)
class Town:
    """A township of today, or a name given up: then `title` is today's, None where several."""

    title: str | None
    code: str | None
    district: str
    formerly_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """What one word tells: a district or city-wide kind, or the townships that it may mean."""

    kind: Kind
    district: str | None = None
    towns: tuple[Town, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A word found in a text, where, and what it tells."""

    text: str
    start: int
    place: Place

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(slots=True)
class Gazetteer:
    """All words of a city. `seat` is the district to guess where only the city is named."""

    words: dict[str, Place] = field(default_factory=dict)
    seat: str | None = None
    by_start: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def find(self, text: str) -> list[Found]:
        """The words in a text from left to right, the longest at each place, no two overlapping."""
        found: list[Found] = []
        at = 0
        while at < len(text) - 1:
            word = next(
                (w for w in self.by_start.get(text[at : at + 2], ()) if text.startswith(w, at)), ""
            )
            place = self.words.get(word)
            if place is not None and not _is_road(text, at, word, place):
                found.append(Found(word, at, place))
            at += len(word) or 1
        return found


def build(city: City) -> Gazetteer:
    """The gazetteer of a city, from city.yaml, townships.yaml and the national divisions."""
    words = dict(_elsewhere(city))
    for name in _above(city):
        words[name] = Place("above")
    for name in _both(city.place.title):
        words[name] = Place("city")
    # What is told most surely comes last, and stands.
    towns = _towns(city)
    for name, meant in towns["stem"].items():
        words[name] = Place("stem", towns=tuple(meant))
    for name, meant in towns["town"].items():
        words[name] = Place("town", towns=tuple(meant))
    districts = list(_districts(city))
    for name, district in districts:
        short = _without_ending(name)
        if short and short != name:
            words[short] = Place("short", district)
    for park in city.place.parks:
        for name in _park_names(park.title, city):
            words[name] = _park(name, park.district, words)
    for name, district in districts:
        words[name] = Place("district", district)
    starts: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        starts.setdefault(word[:2], []).append(word)
    return Gazetteer(
        words=words,
        seat=city.townships.seat if city.townships else None,
        by_start={start: tuple(those) for start, those in starts.items()},
    )


def _is_road(text: str, at: int, word: str, place: Place) -> bool:
    """Whether a word without its ending is part of the name of a road or the like."""
    if place.kind == "elsewhere" and not word.endswith(("市", "省")):
        return False
    if place.kind in ("district", "town", "park"):
        return False
    return _ROAD.match(text, at + len(word)) is not None


def _districts(city: City) -> Iterator[tuple[str, str]]:
    """Every whole name of a district: its title, and what its area codes were called."""
    for district in city.place.districts:
        names = [_BRACKETS.sub("", district.title), *_BRACKETS.findall(district.title)]
        for area in district.codes:
            try:
                names.append(region.get(area.code).name)
            except ValueRefused:
                continue  # a registry's or statistician's own code has no name
        for name in dict.fromkeys(names):
            yield name, district.id
            # 甲乙县 became 甲乙市: a county's name changes its ending only.
            short = _without_ending(name)
            if len(short) > 1 and name.endswith("市"):
                yield short + "县", district.id
            elif len(short) > 1 and name.endswith("区"):
                yield short + "县", district.id
                yield short + "市", district.id


def _towns(city: City) -> dict[str, dict[str, list[Town]]]:
    """Townships by whole name and by stem. A name as written beats one with another's ending."""
    written: dict[str, list[Town]] = {}
    stems: dict[str, list[Town]] = {}
    for name, town in _named_towns(city):
        written.setdefault(name, []).append(town)
        stem = _town_stem(name)
        if len(stem) > 1:
            stems.setdefault(stem, []).append(town)
    whole = {
        stem + ending: towns for stem, towns in stems.items() for ending in _TOWN_ENDINGS
    } | written
    # 丙丁街道办 is 丙丁街道 and no other 丙丁.
    for name, towns in written.items():
        if name.endswith("街道"):
            whole |= {name + "办": towns, name + "办事处": towns}
    return {"town": whole, "stem": stems}


def _named_towns(city: City) -> Iterator[tuple[str, Town]]:
    if city.townships is None:
        return
    of_today = {}
    for entry in city.townships.townships:
        town = Town(entry.title, entry.code, entry.district, tuple(entry.formerly_in))
        of_today[entry.district, entry.title] = town
        for name in (entry.title, *entry.also):
            yield name, town
    for former in city.townships.former:
        today = of_today.get((former.district, former.now or ""))
        yield former.title, today or Town(None, None, former.district)


def _town_stem(name: str) -> str:
    ending = next((e for e in _TOWN_ENDINGS if name.endswith(e)), "")
    return name.removesuffix(ending)


def _park(name: str, district: str, words: dict[str, Place]) -> Place:
    """A park that bears its district's name tells the district as that name does."""
    bears = any(name.startswith(w) and p == Place("short", district) for w, p in words.items())
    return Place("short" if bears else "park", district)


def _park_names(title: str, city: City) -> Iterator[str]:
    """A park's title, also without the city's name before it."""
    for prefix in ("", *_both(city.place.title)):
        name = title.removeprefix(prefix)
        if len(name) > 4:
            yield name


def _above(city: City) -> Iterator[str]:
    """The province, and the prefectures that districts once belonged to."""
    yield from _both(city.place.province)
    for district in city.place.districts:
        for area in district.codes:
            try:
                prefecture = region.get(area.code[:4])
            except ValueRefused:
                continue
            if prefecture.name != city.place.title:
                yield prefecture.name


def _elsewhere(city: City) -> Iterator[tuple[str, Place]]:
    """Provinces, prefectures and counties outside, by whole names that no road is likely to have.

    Districts of other cities are left out: 新华区, 鼓楼区 are many; their city's name tells them.
    """
    own = {city.place.region[:6], city.place.region[:2] + "0000"}
    own |= {area.code for district in city.place.districts for area in district.codes}
    for code, name in _divisions():
        is_county = not code.endswith("00")
        if code in own or len(name) < 3 or name.endswith(("辖区", "城市", "辖县")):
            continue
        if not is_county or name.endswith(("县", "市", "旗")):
            yield name, Place("elsewhere")


@functools.cache
def _divisions() -> tuple[tuple[str, str], ...]:
    """Code and name of every division of the country down to the county."""
    found: list[tuple[str, str]] = []
    for number in range(11, 83):
        try:
            top = region.get(str(number))
        except ValueRefused:
            continue
        found.append((top.code, top.name))
        for below in top.children:
            found.append((below.code, below.name))
            if below.level == "prefecture":
                found += [(c.code, c.name) for c in below.children if c.level == "county"]
    return tuple(found)


def _both(name: str) -> tuple[str, str]:
    """A name with its ending and without."""
    return (name, _without_ending(name))


def _without_ending(name: str) -> str:
    for ending in (*_COUNTY_ENDINGS, "省"):
        if name.endswith(ending) and len(name) - len(ending) > 1:
            return name.removesuffix(ending)
    return name
