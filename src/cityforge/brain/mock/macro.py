"""The macro series of the city and its districts, month by month, through every published figure.

Months are the one store: a quarter, a cumulative period, a year are read from them, so all tables
agree. Districts add up to the city wherever that makes sense.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from cityforge.brain.city.folder import City
from cityforge.brain.mock import places
from cityforge.brain.mock.pins import CITY, MONTHS, Pins, meet, read
from cityforge.brain.mock.series import COUNTED, SERIES, Courses, Nature, Series
from cityforge.brain.mock.setting import Setting
from cityforge.brain.mock.streams import Floats, persistent, stream
from cityforge.brain.mock.targets import Target, through
from cityforge.brain.values.period import Period

# The shares of the months in a year: less around the Spring Festival, more in December.
_SEASON = (75, 65, 85, 83, 84, 90, 80, 81, 86, 84, 88, 99)


@dataclass(slots=True)
class Macro:
    """`monthly[series]`: place x year x month in the series' unit; NaN where there is none.

    `strays` are published figures of series the mock does not know: they stand alone.
    """

    places: list[str | None]
    years: range
    as_of: dt.date
    monthly: dict[str, Floats] = field(default_factory=dict)
    strays: dict[tuple[str, str | None, Period], Target] = field(default_factory=dict)

    def covers(self, period: Period) -> bool:
        """Whether the period is over by the as-of date and within the years."""
        return period.year in self.years and period.complete_on(self.as_of)

    def unit_of(self, name: str) -> str:
        if name in self.monthly:
            return SERIES[name].unit
        strays = (
            t.figure.unit or "" for (series, _, _), t in self.strays.items() if series == name
        )
        return next(strays, "")

    def value(self, name: str, place: str | None, period: Period) -> float:
        """The value of a period in the series' unit; NaN where there is none."""
        if name not in self.monthly:
            stray = self.strays.get((name, place, period))
            return float("nan") if stray is None else stray.value_in(self.unit_of(name))
        row = self.monthly[name][self.places.index(place), period.year - self.years[0]]
        return read(row, period, SERIES[name].nature)


def simulate(
    city: City,
    targets: list[Target],
    counts: Mapping[str, Floats],
    setting: Setting,
) -> Macro:
    """All known series. `counts[series]`: place x year, what the mock enterprises count up to."""
    own = [target for target in targets if not target.is_of_enterprises]
    districts = [district.id for district in city.place.districts]
    macro = Macro([None, *districts], setting.macro_years, setting.as_of)
    years = setting.macro_years
    courses = Courses(range(years[0] - 1, years[-1] + 1), setting.seed)
    weights = places.district_shares(city, setting.seed)
    for series in SERIES.values():
        covered = [t for t in own if t.column == series.id and macro.covers(t.period)]
        if all(target.fits(series.unit) for target in covered):
            pins = Pins.of(covered, macro.places, years, series.unit, series.nature)
            macro.monthly[series.id] = (
                _counted(counts[series.id], pins)
                if series.id in COUNTED
                else _simulated(series, pins, weights, courses)
            )
        else:  # published in a unit of another kind (foreign money): only the figures stand
            courses.yearly[series.id] = series.course(courses, series.id)
    for target in own:
        if target.column not in macro.monthly and macro.covers(target.period):
            macro.strays[target.column, target.figure.place, target.period] = target
    return macro


def _simulated(series: Series, pins: Pins, weights: Floats, courses: Courses) -> Floats:
    """Place x year x month of one series; its yearly course is left in `courses`."""
    season = _season(series, courses)
    course = _bent(series.course(courses, series.id), pins, season, series.nature)
    courses.yearly[series.id] = course
    whole = _months(series, course, season, courses)
    meet(whole, pins.of_place(CITY), series.nature)
    parts = _districts(series, whole, weights, pins, courses)
    for row, part in enumerate(parts, start=1):
        meet(part, pins.of_place(row), series.nature)
    return np.concatenate([whole[None], parts])


def _bent(course: Floats, pins: Pins, season: Floats, nature: Nature) -> Floats:
    """The city's yearly course through its pins; a part of a year stands for its whole.

    Index 0 of `course` is the year before the first; the pins' years count from the first.
    """
    whole: dict[int, float] = {}
    for year, period, value in sorted(pins.of_place(CITY), key=lambda pin: len(pin[1].months)):
        months = [month - 1 for month in period.months]
        part = season[year + 1, months].sum() if nature == "flow" else 1.0
        if nature != "rate" or period.kind == "year":
            whole[year + 1] = value / part
    if nature != "rate":
        return through(course, whole.items())
    bent = course.copy()
    for year, value in whole.items():
        bent[year] = value
    return bent


def _season(series: Series, courses: Courses) -> Floats:
    """Year x month: shares of a flow; they sum to 1 over each year."""
    draw = stream(courses.seed, f"macro/{series.id}/season")
    usual = np.array(_SEASON) * np.exp(draw.normal(0.0, 0.02, (len(courses.years), MONTHS)))
    return np.asarray(usual / usual.sum(axis=1, keepdims=True))


def _months(series: Series, course: Floats, season: Floats, courses: Courses) -> Floats:
    """The city's months from its years (the year before the first falls away)."""
    if series.nature == "flow":
        return course[1:, None] * season[1:]
    if series.nature == "stock":
        into = np.arange(1, MONTHS + 1) / MONTHS
        return np.asarray(course[:-1, None] + np.diff(course)[:, None] * into)
    draw = stream(courses.seed, f"macro/{series.id}/months")
    shape = (len(course) - 1, MONTHS)
    scatter = persistent(draw, shape, firm=0.0, year=series.spread, memory=0.6)
    return np.asarray(course[1:, None] + scatter - scatter.mean(axis=1, keepdims=True))


def _districts(
    series: Series, whole: Floats, weights: Floats, pins: Pins, courses: Courses
) -> Floats:
    draw = stream(courses.seed, f"macro/{series.id}/districts")
    count, years = len(weights), len(whole)
    if not series.of_districts:
        return np.full((count, years, MONTHS), np.nan)
    if series.nature == "rate":
        offsets = persistent(draw, (count, years), firm=series.spread, year=series.spread / 3)
        return np.asarray(whole[None] + (offsets - offsets.mean(axis=0))[:, :, None])
    spread = 0.0 if series.id == "gdp" else 0.15
    tilt = np.exp(persistent(draw, (count, years), firm=spread, year=0.006))
    parts = weights[:, None] * tilt
    parts = _pinned_shares(parts / parts.sum(axis=0), whole, pins, series.nature)
    return parts[:, :, None] * whole[None]


def _pinned_shares(parts: Floats, whole: Floats, pins: Pins, nature: Nature) -> Floats:
    """District x year: shares of the city bent through published districts; the rest make room."""
    pinned = np.zeros(parts.shape, dtype=bool)
    bent = parts.copy()
    for row, values in pins.at.items():
        if row != CITY:
            wanted = [(y, value / read(whole[y], period, nature)) for y, period, value in values]
            bent[row - 1] = through(parts[row - 1], wanted)
            pinned[row - 1, [year for year, _ in wanted]] = True
    fixed = np.where(pinned, bent, 0.0).sum(axis=0)
    free = np.where(pinned, 0.0, bent).sum(axis=0)
    # Published districts may add up to the whole city or beyond: then the others keep their shares.
    room = (free > 0) & (fixed < 1.0)
    factor = np.where(room, (1.0 - fixed) / np.where(free > 0, free, 1.0), 1.0)
    return np.where(pinned, bent, bent * factor)


def _counted(counts: Floats, pins: Pins) -> Floats:
    """Counts at the end of each year as months; a published count bends its place's course."""
    months = np.repeat(counts[:, :, None], MONTHS, axis=2).astype(np.float64)
    for row, values in pins.at.items():
        for year, _, value in values:
            months[row, year] = value
    return months
