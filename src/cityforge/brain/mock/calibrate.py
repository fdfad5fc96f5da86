"""Enterprise totals brought to the published ones."""

import numpy as np

from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.city.folder import City
from cityforge.brain.mock import cells, gaps
from cityforge.brain.mock.enterprises import Enterprises
from cityforge.brain.mock.figures import figures
from cityforge.brain.mock.panel import Panel, spread_out
from cityforge.brain.mock.setting import Setting
from cityforge.brain.mock.streams import Flags, Floats
from cityforge.brain.mock.targets import Target, through

# Totals that say how large the enterprises are; the first that is published sets their spread.
_TURNOVER = ("revenue", "output_value", "invoiced_sales")
_SURVEYED = "survey_"
_NARROWEST, _WIDEST, _HALVINGS = 0.2, 3.0, 30


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
    total scales its own enterprises; the city's then scales the rest. Columns without a total of
    their own follow the first published turnover, surveyed ones what they repeat, so that figures
    of one enterprise still fit together.
    """
    factors = {
        column.id: _scaled(panel, dataset, column, targets, city, setting)
        for dataset, column in published_columns(panel, targets, city)
    }
    leader = next((factors[column] for column in _TURNOVER if column in factors), None)
    for name in panel:
        factor = factors.get(name.removeprefix(_SURVEYED), leader)
        if name not in factors and factor is not None:
            panel.amounts[name].values *= factor


def _scaled(
    panel: Panel,
    dataset: Dataset,
    column: Column,
    targets: list[Target],
    city: City,
    setting: Setting,
) -> Floats:
    """Scale one column; returns the factor of each enterprise and year."""
    written = gaps.readable(dataset, column, panel, setting)
    own = [target for target in _yearly(targets, panel) if target.column == column.id]
    values = panel.amounts[column.id].values
    factor, rest = np.ones(panel.shape), np.ones(len(panel.enterprises), dtype=bool)
    for index, district in enumerate(city.place.districts):
        pins = _pins(panel, column.id, [t for t in own if t.figure.place == district.id])
        if pins:
            members = panel.enterprises.district == index
            factor[members] = _bend(values, written & members[:, None], pins)
            rest &= ~members
    values *= factor
    fixed = _sums(values, written & ~rest[:, None])
    pins = _pins(panel, column.id, [t for t in own if t.figure.place is None])
    left = [(year, value - fixed[year]) for year, value in pins]
    last = np.where(rest[:, None], _bend(values, written & rest[:, None], left), 1.0)
    values *= last
    return np.asarray(factor * last)


def published_columns(
    panel: Panel, targets: list[Target], city: City
) -> list[tuple[Dataset, Column]]:
    """The dataset and column of every enterprise total that the mock can bring about."""
    wanted = {target.column for target in targets if target.is_of_enterprises}
    found: dict[str, tuple[Dataset, Column]] = {}
    for dataset in sorted(city.datasets.values(), key=lambda dataset: dataset.id):
        if dataset.grain == "enterprise_year":
            for column in dataset.columns:
                amounts = panel.amounts.get(column.id)
                if column.id in wanted and amounts and cells.fits(amounts.unit, column):
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


def _bend(values: Floats, counted: Flags, pins: list[tuple[int, float]]) -> Floats:
    """The yearly factors that bring the sum of the counted cells through the pins."""
    totals = _sums(values, counted)
    return through(totals, pins) / totals if np.all(totals > 0) else np.ones(len(totals))


def _sums(values: Floats, counted: Flags) -> Floats:
    return np.asarray(np.nansum(np.where(counted, values, 0.0), axis=0))


def _total(panel: Panel, stretch: float, year: int, column: str) -> float:
    """The year's total of a turnover column if sizes were spread by `stretch`."""
    size = spread_out(panel.log_size[:, year], stretch)
    ratio = panel[column][:, year] / np.exp(panel.log_size[:, year])
    return float(np.nansum(ratio * np.exp(size)))
