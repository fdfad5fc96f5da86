"""Every published figure beside what the mock city has written."""

from dataclasses import dataclass

import numpy as np

from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.city.folder import City
from cityforge.brain.errors import Text
from cityforge.brain.mock import gaps
from cityforge.brain.mock.calibrate import published_columns
from cityforge.brain.mock.macro import Macro
from cityforge.brain.mock.panel import Panel
from cityforge.brain.mock.setting import Setting
from cityforge.brain.mock.streams import Flags
from cityforge.brain.mock.targets import Target

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


def compare(
    panel: Panel, macro: Macro, targets: list[Target], city: City, setting: Setting
) -> list[Met]:
    """Every published figure beside what the mock city has written."""
    columns = {c.id: (d, c) for d, c in published_columns(panel, targets, city)}
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
