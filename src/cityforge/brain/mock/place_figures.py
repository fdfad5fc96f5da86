"""Yearly figures of parks or bureaus, made up by their contract alone; no gaps, no faults.

What their enterprises add up to is another matter: these stand for what an office reports.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from cityforge.brain.city import place
from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.city.folder import City
from cityforge.brain.city.likeness import Likeness, fraction
from cityforge.brain.mock import cells
from cityforge.brain.mock.cells import Cells
from cityforge.brain.mock.setting import Setting
from cityforge.brain.mock.streams import Flags, Floats, persistent, stream
from cityforge.brain.mock.tables import Part
from cityforge.brain.values.quantity import PLAIN, Unit, unit

_NOTHING = Likeness.model_validate({"about": 10})  # where a contract says nothing
_LASTING, _YEARLY, _SPREAD, _SHARE = 0.9, 0.35, 0.3, 0.1
_MADE = ("quantity", "boolean", "choice")


def rows(dataset: Dataset, city: City, setting: Setting) -> Iterator[Part]:
    """One row for each place and complete year, the places in the order of the city."""
    places: list[place.Park] | list[place.Unit] = city.place.parks
    if dataset.places == "bureau":
        places = [one for one in city.units.values() if one.kind == "bureau"]
    years = list(setting.years)
    maker = _Maker(dataset, [one.id for one in places], len(years), setting.seed)
    columns: dict[str, Cells] = {
        "place": pa.array([one.title for _ in years for one in places], pa.string()),
        "period": pa.array([str(year) for year in years for _ in places], pa.string()),
    }
    for column in dataset.columns:
        if column.id not in columns and column.kind in _MADE:
            columns[column.id] = _written(column, maker.values(column).T.ravel())
    kept = {column.id: columns[column.id] for column in dataset.columns if column.id in columns}
    yield Part(kept, np.ones(len(places) * len(years), dtype=bool))


@dataclass(slots=True)
class _Maker:
    """Makes the columns of one dataset up, each with its own stream."""

    dataset: Dataset
    ids: list[str]
    years: int
    seed: int
    made: dict[str, Floats] = field(default_factory=dict)

    def values(self, column: Column) -> Floats:
        """Place x year, in the column's own unit; yes is 1; a choice is its place in the values."""
        if column.id not in self.made:
            self.made[column.id] = self._values(column, column.mock or _NOTHING)
        return self.made[column.id]

    def _values(self, column: Column, likeness: Likeness) -> Floats:
        draw = stream(self.seed, f"places/{self.dataset.id}/{column.id}")
        shape = (len(self.ids), self.years)
        if column.kind == "choice":
            lot = draw.random(len(self.ids))[:, None]
            shares = [fraction(one) for one in likeness.shares or ()]
            cuts = np.cumsum(shares or [1 / len(column.values)] * len(column.values))[:-1]
            return np.broadcast_to(np.searchsorted(cuts, lot, side="right"), shape).astype(float)
        values = np.ones(shape)
        if column.kind == "quantity":
            spread = _SPREAD if likeness.spread is None else float(likeness.spread)
            luck = persistent(draw, shape, firm=_LASTING * spread, year=_YEARLY * spread)
            values = self._about(column, likeness) * np.exp(luck)
        if likeness.negative is not None:
            below = draw.random(shape) < fraction(likeness.negative)
            values = np.where(below, -0.6 * values, values)
        values = np.where(self._has(likeness, draw, shape), values, 0.0)
        low = -np.inf if column.min is None else float(column.min)
        return np.clip(values, low, np.inf if column.max is None else float(column.max))

    def _has(self, likeness: Likeness, draw: np.random.Generator, shape: tuple[int, int]) -> Flags:
        has = np.ones(shape, dtype=bool)
        if likeness.present is not None:
            has &= draw.random(shape) < fraction(likeness.present)
        if likeness.places is not None:
            has &= np.isin(self.ids, likeness.places)[:, None]
        return has

    def _about(self, column: Column, likeness: Likeness) -> Floats:
        """The usual value: of itself, or as a share of the column it follows."""
        followed = self.dataset.column(likeness.of) if likeness.of else None
        usual = _SHARE if followed else 10.0
        if likeness.about is not None:
            about = likeness.about
            usual = fraction(about) if isinstance(about, str) else float(about)
        if followed is None:
            return np.full((len(self.ids), self.years), usual)
        whole = self.values(followed)
        if _unit(followed).is_like(_unit(column)):
            whole = whole * float(_unit(followed).factor / _unit(column).factor)
        return np.asarray(whole * usual)


def _written(column: Column, values: Floats) -> Cells:
    if column.kind == "quantity":
        return cells.numbers(values, given_in=column.unit or "", column=column)
    if column.kind == "boolean":
        return cells.flags(values > 0)
    words = np.array(column.values, dtype=object)
    return cells.words(words[values.astype(np.int64)])


def _unit(column: Column) -> Unit:
    return unit(column.unit) if column.unit else PLAIN
