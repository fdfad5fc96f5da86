"""Where the simulated enterprises are: districts by published GDP, parks, region codes."""

from typing import Literal

import numpy as np

from cityforge.brain.city.folder import City
from cityforge.brain.city.place import AreaCode
from cityforge.brain.mock.streams import Days, Floats, Integers, Words, shares, stream
from cityforge.brain.values import period as periods

_IN_A_PARK = 0.45  # of the enterprises of a district that has parks; assumption
_BY_OTHER_CODE, _BY_PARK_CODE = 0.06, 0.04  # of registrations; assumptions


def district_shares(city: City, seed: int) -> Floats:
    """Each district's weight: its newest published GDP, else the mean of those, else even-ish."""
    known: dict[str, tuple[periods.Period, float]] = {}
    for figure in city.published.figures:
        if figure.series == "gdp" and figure.place is not None:
            found = (periods.parse(figure.period), float(figure.value))
            known[figure.place] = max(known.get(figure.place, found), found)
    draw = stream(seed, "districts/weights").uniform(0.8, 1.2, len(city.place.districts))
    mean = float(np.mean([value for _, value in known.values()])) if known else 1.0
    weights = [
        known[district.id][1] if district.id in known else mean * luck
        for district, luck in zip(city.place.districts, draw, strict=True)
    ]
    return shares(np.array(weights))


def districts_drawn(city: City, seed: int, count: int) -> Integers:
    """The index of a district for each enterprise."""
    weights = district_shares(city, seed)
    drawn = stream(seed, "districts").choice(len(weights), size=count, p=weights)
    return np.asarray(drawn, dtype=np.int64)


def parks_drawn(city: City, seed: int, district: Integers) -> Integers:
    """The index of a park of its district for some enterprises, else -1."""
    draw = stream(seed, "parks")
    inside = draw.random(len(district)) < _IN_A_PARK
    at = draw.random(len(district))
    result = np.full(len(district), -1, dtype=np.int64)
    for index, one in enumerate(city.place.districts):
        here = [number for number, park in enumerate(city.place.parks) if park.district == one.id]
        chosen = inside & (district == index)
        if here:
            result[chosen] = np.array(here)[(at[chosen] * len(here)).astype(np.int64)]
    return result


def regions_drawn(
    city: City, seed: int, district: Integers, park: Integers, registered_on: Days
) -> Words:
    """The region code of each registration: mostly the current one of its district.

    Some carry another code of the district that was in use on the day, some the park's own.
    """
    draw = stream(seed, "regions")
    luck, at = draw.random(len(district)), draw.random(len(district))
    result = np.empty(len(district), dtype=object)
    for index, one in enumerate(city.place.districts):
        here = district == index
        result[here] = _current(one.codes)
        others = [area for area in one.codes if area.code != _current(one.codes)]
        for number, area in enumerate(others):
            turn = (at * len(others)).astype(np.int64) == number
            result[here & turn & (luck < _BY_OTHER_CODE) & _in_use(area, registered_on)] = area.code
    for index, place in enumerate(city.place.parks):
        if place.codes:
            result[(park == index) & (luck > 1 - _BY_PARK_CODE)] = _current(place.codes)
    return result


def district_words(city: City, district: Integers, what: Literal["short", "title"]) -> Words:
    """The name of each enterprise's district; None where it is unknown."""
    words = [getattr(one, what) for one in city.place.districts] + [None]
    return np.array(words, dtype=object)[district]


def park_words(city: City, park: Integers) -> Words:
    """The name of each enterprise's park; None where it lies in none."""
    return np.array([one.title for one in city.place.parks] + [None], dtype=object)[park]


def _current(areas: list[AreaCode]) -> str:
    current = [area.code for area in areas if area.kind == "current"]
    return (current or [areas[0].code])[0]


def _in_use(area: AreaCode, day: Days) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    if area.until is None:
        return np.full(len(day), area.kind != "former")
    return np.asarray(day <= np.datetime64(area.until))
