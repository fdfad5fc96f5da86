"""The macro series the mock knows: what each is, and its course where nothing is published.

A course is yearly, for the city, and follows from series before it in the table; published figures
then bend it. All levels and drifts are assumptions, save the national price index.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from cityforge.brain.mock.streams import Floats, stream

Nature = Literal["flow", "stock", "rate"]
"""A flow adds up over months and places; a stock is a level at the end, and adds up over places; a
rate is a mean over months and adds up over nothing."""

# Producer prices of industry, previous year = 100, China (NBS, yearly communiqués); the city's own
# course scatters around the nation's. Other years: 100.
_NATIONAL_PRICES = {2018: 103.5, 2019: 99.7, 2020: 98.2, 2021: 108.1, 2022: 104.1, 2023: 97.0}
_NATIONAL_PRICES |= {2024: 97.8, 2025: 97.4}
_GDP_UNPUBLISHED = 3000.0  # 亿元, in the first year


@dataclass(slots=True)
class Courses:
    """Yearly courses of the city, series by series; index 0 is the year before the first."""

    years: range
    seed: int
    yearly: dict[str, Floats] = field(default_factory=dict)

    def luck(self, name: str, spread: float) -> Floats:
        """Small deviations of a series, one a year."""
        return stream(self.seed, f"macro/{name}").normal(0.0, spread, len(self.years))

    @property
    def since(self) -> Floats:
        """Years since the first."""
        return np.arange(len(self.years), dtype=np.float64) - 1.0


Course = Callable[[Courses, str], Floats]


@dataclass(frozen=True, slots=True)
class Series:
    """One series. `spread`: how far districts (a rate) or months scatter, in its unit."""

    id: str
    unit: str
    nature: Nature
    course: Course
    spread: float = 0.0
    of_districts: bool = True


def _part_of(whole: str, share: float, *, drift: float = 0.0) -> Course:
    """A share of another series that drifts by `drift` a year."""

    def course(courses: Courses, name: str) -> Floats:
        part = np.maximum(share + drift * courses.since, share / 10)
        return courses.yearly[whole] * part * np.exp(courses.luck(name, 0.012))

    return course


def _around(level: float, *, drift: float = 0.0, spread: float = 0.0) -> Course:
    def course(courses: Courses, name: str) -> Floats:
        return np.asarray(level + drift * courses.since + courses.luck(name, spread))

    return course


def _prices(courses: Courses, name: str) -> Floats:
    national = [_NATIONAL_PRICES.get(year, 100.0) for year in courses.years]
    return np.array(national) + courses.luck(name, 0.4)


def _gdp(courses: Courses, name: str) -> Floats:
    growth = np.log(1.045) + courses.luck(name, 0.012)
    # Half of producer prices passes through to the price of all output.
    growth += 0.5 * np.log(courses.yearly["price_index"] / 100.0)
    growth[:2] = 0.0, growth[1]
    path = np.cumsum(growth)
    return np.asarray(_GDP_UNPUBLISHED * np.exp(path - path[1]))


def _population(courses: Courses, name: str) -> Floats:
    head = courses.yearly["gdp"][1] / 11.4  # 万人, at 114,000 yuan a head in the first year
    return np.asarray(head * np.exp(-0.002 * courses.since + courses.luck(name, 0.001)))


def _patents(courses: Courses, name: str) -> Floats:
    held = 20.0 * 1.12**courses.since  # 件 per 万人
    return np.asarray(courses.yearly["population"] * held * np.exp(courses.luck(name, 0.01)))


def _employees(courses: Courses, name: str) -> Floats:
    productivity = 34.0 * 1.045**courses.since  # 万元 a head
    made = courses.yearly["value_added_manufacturing"]
    return np.asarray(made / productivity * np.exp(courses.luck(name, 0.01)))


def _real_growth(courses: Courses, _: str) -> Floats:
    """Nominal growth of industry with producer prices taken out, %."""
    made = courses.yearly["value_added_industry"]
    nominal = np.concatenate([[1.06], made[1:] / made[:-1]])
    real = nominal / (courses.yearly["price_index"] / 100.0) - 1.0
    return np.asarray(np.clip(100.0 * real, -6.0, 15.0))


def _energy(courses: Courses, name: str) -> Floats:
    """万吨标准煤: grows with real value added, less about 3.4 % a year of saving."""
    growth = np.log1p(courses.yearly["value_added_industry_growth"] / 100.0)
    saving = np.log(1.0 - 0.034) + courses.luck(name, 0.006)
    path = np.cumsum(growth + saving)
    first = 0.45 * courses.yearly["value_added_industry"][1]
    return np.asarray(first * np.exp(path - path[1]))


def _intensity_change(courses: Courses, _: str) -> Floats:
    """What energy and real growth say together, %."""
    energy = courses.yearly["energy_industry"]
    ratio = np.concatenate([[1.02], energy[1:] / energy[:-1]])
    real = 1.0 + courses.yearly["value_added_industry_growth"] / 100.0
    return np.asarray(100.0 * (ratio / real - 1.0))


def _none(courses: Courses, _: str) -> Floats:
    return np.zeros(len(courses.years))


COUNTED = ("revenue_10bn_count", "listed_count")
"""Series that are counted among the mock enterprises."""

SERIES: dict[str, Series] = {
    series.id: series
    for series in (
        Series("price_index", "", "rate", _prices, 0.5, of_districts=False),
        Series("gdp", "亿元", "flow", _gdp),
        Series("value_added_secondary", "亿元", "flow", _part_of("gdp", 0.48, drift=-0.001)),
        Series("value_added_industry", "亿元", "flow", _part_of("gdp", 0.41, drift=0.001)),
        Series("value_added_industry_growth", "%", "rate", _real_growth, 0.8),
        Series("value_added_manufacturing", "亿元", "flow", _part_of("value_added_industry", 0.88)),
        Series("value_added_digital_core", "亿元", "flow", _part_of("gdp", 0.11, drift=0.004)),
        Series("exports", "亿元", "flow", _part_of("gdp", 0.14)),
        Series("exports_high_tech", "亿元", "flow", _part_of("exports", 0.10, drift=0.005)),
        Series("foreign_investment", "百万美元", "flow", _part_of("gdp", 0.28, drift=-0.012)),
        Series("population", "万人", "stock", _population),
        Series("rd_expenditure", "亿元", "flow", _part_of("gdp", 0.025, drift=0.0006)),
        Series("invention_patents_valid", "件", "stock", _patents),
        Series("output_above_scale", "亿元", "flow", _part_of("gdp", 1.2)),
        Series(
            "output_emerging", "亿元", "flow", _part_of("output_above_scale", 0.35, drift=0.011)
        ),
        Series("employees_manufacturing", "万人", "stock", _employees),
        Series("integration_index", "", "rate", _around(60.0, drift=1.4, spread=0.2), 1.5),
        Series("energy_industry", "万吨标准煤", "flow", _energy),
        Series(
            "energy_industry_non_fossil",
            "万吨标准煤",
            "flow",
            _part_of("energy_industry", 0.04, drift=0.006),
        ),
        Series("energy_intensity_change", "%", "rate", _intensity_change, 0.4),
        # 1 万千瓦时 = 1.229 吨标准煤 (当量值); two fifths of industrial energy is electricity.
        Series(
            "electricity_industry", "亿千瓦时", "flow", _part_of("energy_industry", 0.4 / 1.229)
        ),
        Series("investment_industry_growth", "%", "rate", _around(8.0, spread=2.5), 2.0),
        Series("investment_technology_growth", "%", "rate", _around(9.0, spread=3.0), 2.5),
        *(Series(name, "家", "stock", _none) for name in COUNTED),
    )
}
"""In the order in which each stands after what it follows from."""
