"""What a bureau leaves out: empty cells and absent rows, at a set rate."""

from collections.abc import Iterable

import numpy as np

from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.mock.panel import Panel
from cityforge.brain.mock.setting import Setting
from cityforge.brain.mock.streams import Flags, Floats, stream

# A list that says who is above scale is what "confirmed" means: it lacks no one.
_WHOLE_LISTS = "above_scale"
# Half of a bureau's gaps are whole rows it has not; the other half of the rate falls on cells.
_ROW_PART = 0.5


def rows_kept(dataset: Dataset, shape: tuple[int, ...], setting: Setting) -> Flags:
    """Which rows the bureau has."""
    if dataset.grain != "enterprise_year" or dataset.column(_WHOLE_LISTS) is not None:
        return np.ones(shape, dtype=bool)
    draw = stream(setting.seed, f"gaps/{dataset.id}")
    return np.asarray(draw.random(shape) >= setting.gap_rate * _ROW_PART)


def cells_kept(dataset: Dataset, column: Column, shape: tuple[int, ...], setting: Setting) -> Flags:
    """Which cells of a column are filled; keys and required columns always are."""
    if not may_be_empty(dataset, column):
        return np.ones(shape, dtype=bool)
    draw = stream(setting.seed, f"gaps/{dataset.id}/{column.id}")
    return np.asarray(draw.random(shape) >= setting.gap_rate)


def may_be_empty(dataset: Dataset, column: Column) -> bool:
    """Whether gaps fall on the column at all."""
    return not column.required and column.id not in dataset.key and column.kind != "boolean"


def supplied(dataset: Dataset, panel: Panel, made: Iterable[Floats] = ()) -> Flags:
    """Enterprise x year: whether the bureau knows anything to write, before gaps.

    What is made up by the contract (`made`) fills the rows that there are, unless it is all.
    """
    known = [panel.amounts[column.id].values for column in dataset.columns if column.id in panel]
    if dataset.column(_WHOLE_LISTS) is None:
        known = known or list(made)
    if not known:
        return panel.active.copy()
    return np.asarray(np.logical_or.reduce([~np.isnan(values) for values in known]) & panel.active)


def readable(dataset: Dataset, column: Column, panel: Panel, setting: Setting) -> Flags:
    """Enterprise x year: whether a figure of the column stands in the file."""
    present = supplied(dataset, panel) & rows_kept(dataset, panel.shape, setting)
    present &= cells_kept(dataset, column, panel.shape, setting)
    return present
