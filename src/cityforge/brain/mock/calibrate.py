"""Enterprise totals brought to the published ones; and the table that shows how near they are."""

from dataclasses import dataclass

import numpy as np

from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.city.folder import City
from cityforge.brain.errors import Text
from cityforge.brain.mock import gaps
from cityforge.brain.mock.enterprises import Enterprises
from cityforge.brain.mock.figures import figures
from cityforge.brain.mock.macro import Macro
from cityforge.brain.mock.panel import Panel
from cityforge.brain.mock.setting import Setting
from cityforge.brain.mock.streams import Flags
from cityforge.brain.mock.targets import Target, through

# Totals that say how large the enterprises are; the first that is published sets their spread.
_TURNOVER = ("revenue", "output_value", "invoiced_sales")
_NARROWEST, _WIDEST, _HALVINGS = 0.2, 3.0, 30
_LISTED = "above_scale"

NOT_SIMULATED = Text(zh="未模拟", en="not simulated")
NOT_COMPLETE = Text(zh="截止日后或年份之外", en="after the as-of date or outside the years")


@dataclass(frozen=True, slots=True)
class Met:
    """One published figure beside its mock total, in the figure's unit; None where there is none.

    `deviation` is relative to the published value.
    """

    target: Target
    mock: float | None
    note: Text | None = None

    @property
    def deviation(self) -> float | None:
        published = float(self.target.figure.value)
        if self.mock is None or published == 0.0:
            return None
        return self.mock / published - 1.0


def sized_panel(enterprises: Enterprises, targets: list[Target], setting: Setting) -> Panel:
    """The panel with sizes spread so that turnover comes near its published total.

    Who is above scale does not change; what remains to the total is left to `scale_totals`.
    """
    years, seed = setting.years, setting.seed
    panel = figures(enterprises, years, seed)
    wanted = next(
        (
            (target.value_in("万元"), target.period.year - years[0], column)
            for column in _TURNOVER
            for target in targets
            if target.is_of_enterprises
            and target.column == column
            and target.figure.place is None
            and target.period.kind == "year"
            and target.period.year in years
        ),
        None,
    )
    if wanted is None:
        return panel
    total, year, column = wanted
    low, high = _NARROWEST, _WIDEST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _total(panel, middle, year, column) < total else (low, middle)
    return figures(enterprises, years, seed, stretch=(low + high) / 2)


def scale_totals(panel: Panel, targets: list[Target], city: City, setting: Setting) -> None:
    """Multiply each published column so that what stands in its file adds up to the total.

    Years between published ones are bent evenly, years beyond follow the nearest. A district's
    total scales its own enterprises; the city's then scales the rest.
    """
    district_ids = [district.id for district in city.place.districts]
    for dataset, column in _published_columns(panel, targets, city):
        written = gaps.readable(dataset, column, panel, setting)
        own = [target for target in _yearly(targets, panel) if target.column == column.id]
        rest = np.ones(len(panel.enterprises), dtype=bool)
        for place in sorted({t.figure.place for t in own if t.figure.place is not None}):
            members = panel.enterprises.district == district_ids.index(place)
            pins = _pins(panel, column.id, [t for t in own if t.figure.place == place])
            _bend(panel, column.id, written, members, pins)
            rest &= ~members
        pins = _pins(panel, column.id, [t for t in own if t.figure.place is None])
        fixed = np.nansum(np.where(written & ~rest[:, None], panel[column.id], 0.0), axis=0)
        _bend(
            panel, column.id, written, rest, [(year, value - fixed[year]) for year, value in pins]
        )


def compare(
    panel: Panel, macro: Macro, targets: list[Target], city: City, setting: Setting
) -> list[Met]:
    """Every published figure beside what the mock city has written."""
    columns = {c.id: (d, c) for d, c in _published_columns(panel, targets, city)}
    return [
        _met_by_enterprises(target, panel, columns, city, setting)
        if target.is_of_enterprises
        else _met_by_series(target, macro, city)
        for target in targets
    ]


def _met_by_enterprises(
    target: Target,
    panel: Panel,
    columns: dict[str, tuple[Dataset, Column]],
    city: City,
    setting: Setting,
) -> Met:
    if target.period.kind != "year" or target.period.year not in panel.years:
        return Met(target, None, NOT_COMPLETE)
    year = target.period.year - panel.years[0]
    members = _members(target, panel, city)
    if target.column == _LISTED:
        return Met(target, float(np.sum(panel.listed[members, year])))
    if target.column not in columns:
        return Met(target, None, NOT_SIMULATED)
    written = gaps.readable(*columns[target.column], panel, setting)
    values = panel[target.column][:, year]
    total = float(np.nansum(values[written[:, year] & members]))
    return Met(target, target.back(total, panel.amounts[target.column].unit))


def _met_by_series(target: Target, macro: Macro, city: City) -> Met:
    if not any(
        dataset.column(target.column) is not None and dataset.grain == "place_period"
        for dataset in city.datasets.values()
    ):
        return Met(target, None, NOT_SIMULATED)
    if not macro.covers(target.period):
        return Met(target, None, NOT_COMPLETE)
    value = macro.value(target.column, target.figure.place, target.period)
    if np.isnan(value):
        return Met(target, None, NOT_SIMULATED)
    return Met(target, target.back(value, macro.unit_of(target.column)))


def _members(target: Target, panel: Panel, city: City) -> Flags:
    if target.figure.place is None:
        return np.ones(len(panel.enterprises), dtype=bool)
    ids = [district.id for district in city.place.districts]
    return np.asarray(panel.enterprises.district == ids.index(target.figure.place))


def _published_columns(
    panel: Panel, targets: list[Target], city: City
) -> list[tuple[Dataset, Column]]:
    """The dataset and column of every enterprise total that the mock can bring about."""
    wanted = {target.column for target in targets if target.is_of_enterprises}
    found: dict[str, tuple[Dataset, Column]] = {}
    for dataset in sorted(city.datasets.values(), key=lambda dataset: dataset.id):
        if dataset.grain == "enterprise_year":
            for column in dataset.columns:
                if column.id in wanted and column.id in panel:
                    found.setdefault(column.id, (dataset, column))
    return list(found.values())


def _yearly(targets: list[Target], panel: Panel) -> list[Target]:
    return [
        target
        for target in targets
        if target.is_of_enterprises
        and target.period.kind == "year"
        and target.period.year in panel.years
    ]


def _pins(panel: Panel, column: str, targets: list[Target]) -> list[tuple[int, float]]:
    symbol = panel.amounts[column].unit
    return [(t.period.year - panel.years[0], t.value_in(symbol)) for t in targets]


def _bend(
    panel: Panel, column: str, written: Flags, members: Flags, pins: list[tuple[int, float]]
) -> None:
    values = panel.amounts[column].values
    totals = np.nansum(np.where(written & members[:, None], values, 0.0), axis=0)
    if np.all(totals > 0):
        values[members] *= through(totals, pins) / totals


def _total(panel: Panel, stretch: float, year: int, column: str) -> float:
    """The year's total of a turnover column if sizes were spread by `stretch`."""
    line = np.log(2000.0)
    size = line + stretch * (panel.log_size[:, year] - line)
    ratio = panel[column][:, year] / np.exp(panel.log_size[:, year])
    return float(np.nansum(ratio * np.exp(size)))
