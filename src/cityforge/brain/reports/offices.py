"""What the office in charge of a policy is called in either language."""

import re

from cityforge.brain.city.folder import City
from cityforge.brain.errors import Text
from cityforge.brain.values import office

_OTHERS = re.compile(r"等.{1,3}部门$")


def named(city: City, name: str) -> Text:
    """An office, or several, as a policy names them; in English those that have a name there."""
    return Text(zh=name, en="; ".join(_english(city, one) for one in name.split("、")))


def _english(city: City, name: str) -> str:
    """The English name by the city's units, the table of the state's offices, or a unit of that
    kind in a district; else the name as it stands."""
    alone = _OTHERS.sub("", name)
    if alone != name:
        return f"{_english(city, alone)} and others"
    own = _unit(city, name)
    if own is not None:
        return own
    province, place = city.place.province, city.place
    if name.startswith(province):
        found = office.department(name.removeprefix(province).removeprefix("省"))
        if found is not None:
            return f"{found}, {place.province_en}"
    for district in place.districts:
        _, of_district, kind = name.partition(district.title)
        found = _unit(city, kind) if of_district else None
        if found is not None:
            return f"{found}, {district.title_en}"
    return office.central(name) or name


def _unit(city: City, name: str) -> str | None:
    for one in city.units.values():
        if name == one.title or name in one.forms:
            return one.title_en
    return None
