"""Published values of one series as pins, and months moved until every pin holds exactly."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from cityforge.brain.mock.series import Nature
from cityforge.brain.mock.streams import Floats
from cityforge.brain.mock.targets import Target
from cityforge.brain.values.period import Period

CITY = 0
"""The row of the city itself; districts follow in the order of city.yaml."""

MONTHS = 12

Pin = tuple[int, Period, float]
"""A published value: the index of its year, its period, the number in the series' unit."""


@dataclass(slots=True)
class Pins:
    """The published values of one series, by the row of the place."""

    at: dict[int, list[Pin]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        targets: list[Target],
        places: list[str | None],
        years: range,
        unit: str,
        nature: Nature,
    ) -> "Pins":
        """The pins of one series in its unit; `places` are its rows."""
        pins = cls()
        for target in targets:
            row = places.index(target.figure.place)
            pin = (target.period.year - years[0], target.period, target.value_in(unit))
            pins.at.setdefault(row, []).append(pin)
        pins._add_up(len(places), nature)
        return pins

    def of_place(self, row: int) -> list[Pin]:
        """The pins of one place."""
        return self.at.get(row, [])

    def _add_up(self, rows: int, nature: Nature) -> None:
        """Where every district is published and the city is not, their sum is the city's."""
        if nature == "rate" or rows < 2:
            return
        known = {(year, period) for year, period, _ in self.at.get(CITY, [])}
        by_period = [
            {(year, period): value for year, period, value in self.at.get(row, [])}
            for row in range(1, rows)
        ]
        for key in sorted(set.intersection(*(set(part) for part in by_period)) - known):
            self.at.setdefault(CITY, []).append((*key, sum(part[key] for part in by_period)))


def meet(monthly: Floats, pins: Sequence[Pin], nature: Nature) -> None:
    """Months of one place moved so that every pin holds exactly.

    Single months and quarters first, then what counts from January.
    """
    for year in sorted({year for year, _, _ in pins}):
        of_year = [(period, value) for y, period, value in pins if y == year]
        _meet_year(monthly[year], of_year, nature)


def _meet_year(months: Floats, pins: list[tuple[Period, float]], nature: Nature) -> None:
    if nature == "stock":
        for period, value in pins:
            months[period.months[-1] - 1] = value
        return
    held = np.zeros(MONTHS, dtype=bool)
    done = 0
    order = sorted(pins, key=lambda pin: (pin[0].months[0] == 1, pin[0].months[-1]))
    for period, value in order:
        first, last = period.months[0] - 1, period.months[-1]
        total = value if nature == "flow" else value * (last - first)
        free = np.zeros(MONTHS, dtype=bool)
        free[max(first, done if first == 0 else first) : last] = True
        free &= ~held
        rest = total - months[first:last][~free[first:last]].sum()
        if free.any() and nature == "rate":
            months[free] += (rest - months[free].sum()) / free.sum()
        elif free.any() and rest > 0:
            months[free] *= rest / months[free].sum()
        if first == 0:
            done = last
        else:
            held[first:last] = True


def read(months: Floats, period: Period, nature: Nature) -> float:
    """The value of a period from the months of its year."""
    part = months[[month - 1 for month in period.months]]
    return float({"flow": part.sum(), "stock": part[-1], "rate": part.mean()}[nature])
