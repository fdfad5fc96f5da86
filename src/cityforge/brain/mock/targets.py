"""Published figures as targets: a number with its unit, of a series, a place and a period."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from cityforge.brain.city.published import Published, PublishedFigure
from cityforge.brain.mock.streams import Floats
from cityforge.brain.values import period as periods
from cityforge.brain.values.period import Period
from cityforge.brain.values.quantity import Quantity, unit

ENTERPRISES = "enterprises."
"""Before the column id in a figure's `series`: a total over enterprises."""


@dataclass(frozen=True, slots=True)
class Target:
    """One published figure, its period read."""

    figure: PublishedFigure
    period: Period

    @property
    def column(self) -> str:
        return self.figure.series.removeprefix(ENTERPRISES)

    @property
    def is_of_enterprises(self) -> bool:
        return self.figure.series.startswith(ENTERPRISES)

    def fits(self, symbol: str) -> bool:
        """Whether the value can be told in a unit."""
        return not self.figure.unit or unit(self.figure.unit).is_like(unit(symbol))

    def value_in(self, symbol: str) -> float:
        """The value in another unit; a figure without a unit is in that unit already."""
        if not self.figure.unit:
            return float(self.figure.value)
        given = Quantity(self.figure.value, unit(self.figure.unit))
        return float(given.to(unit(symbol)).value)

    def back(self, value: float, symbol: str) -> float:
        """A value in unit `symbol`, in the figure's unit."""
        if not self.figure.unit:
            return value
        return value * float(unit(symbol).factor / unit(self.figure.unit).factor)


def read(published: Published) -> list[Target]:
    """Every figure; raises ValueRefused for a period that cannot be read."""
    return [Target(figure, periods.parse(figure.period)) for figure in published.figures]


def through(path: Floats, pins: Iterable[tuple[int, float]]) -> Floats:
    """A positive yearly path bent through pins (index, value).

    The bend (a factor) is exact at the pins, runs evenly in logs between them, and stays beyond.
    """
    exact = sorted((index, value) for index, value in pins if value > 0 and path[index] > 0)
    if not exact:
        return path
    at = [index for index, _ in exact]
    factors = [np.log(value / path[index]) for index, value in exact]
    return np.asarray(path * np.exp(np.interp(np.arange(len(path)), at, factors)))
