"""The city's units by the names that plans give them."""

import re
from collections.abc import Mapping

from cityforge.brain.city.place import Unit
from cityforge.brain.plans.characters import tight
from cityforge.brain.values.spelling import nearest

_LEVEL = re.compile(r"^[省市县区州](?!场)")


class UnitNames:
    """Finds a unit's id by its title or a form; a leading 市 or the city's name is free."""

    def __init__(self, units: Mapping[str, Unit], city: str = "") -> None:
        self._city = tight(city)
        self._ids: dict[str, str] = {}
        self._titles: dict[str, str] = {}
        for unit in units.values():
            for name in (unit.title, *unit.forms):
                self._ids.setdefault(self._plain(name), unit.id)
                self._titles.setdefault(name, unit.id)

    def find(self, name: str) -> str | None:
        """The id of the unit that a plan calls `name`; None where the city knows none."""
        return self._ids.get(self._plain(name))

    def nearest(self, name: str) -> str | None:
        """The known name that is spelt most like it."""
        found = nearest(name, self._titles, 1)
        return found[0] if found else None

    def _plain(self, name: str) -> str:
        text = tight(name)
        if self._city:
            text = text.removeprefix(self._city)
        return _LEVEL.sub("", text)
