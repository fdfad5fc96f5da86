"""Columns as the text that stands in a file: numbers with fixed decimals, dates, yes and no."""

from decimal import Decimal
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.city.dataset import Column
from cityforge.brain.mock.streams import Days, Flags, Floats, Integers, Words
from cityforge.brain.values.quantity import PLAIN, Quantity, Unit, unit

Cells: TypeAlias = Any
"""A pyarrow array of strings; null is an empty cell."""


def numbers(values: Floats, *, given_in: str, column: Column) -> Cells:
    """Amounts in the column's unit, rounded to its scale; NaN is empty.

    Raises ValueRefused when the units are not like.
    """
    factor = float(Quantity(1, unit(given_in)).to(_unit_of(column)).value)
    known = ~np.isnan(values)
    scaled = np.rint(np.where(known, values, 0.0) * (factor * 10**column.scale))
    return fixed(scaled.astype(np.int64), column.scale, known)


def fits(given_in: str, column: Column) -> bool:
    """Whether amounts of a unit can stand in the column."""
    return column.kind == "quantity" and unit(given_in).is_like(_unit_of(column))


def _unit_of(column: Column) -> Unit:
    return unit(column.unit) if column.unit else PLAIN


def fixed(scaled: Integers, scale: int, known: Flags) -> Cells:
    """Integers of 10^-scale as decimals: 12345 with scale 2 is 123.45."""
    if scale == 0:
        return pa.array(scaled, mask=~known).cast(pa.string())
    size, sign = np.abs(scaled), np.where(scaled < 0, "-", "")
    whole = pa.array(size // 10**scale).cast(pa.string())
    part = pc.utf8_slice_codeunits(pa.array(size % 10**scale + 10**scale).cast(pa.string()), 1)
    text = pc.binary_join_element_wise(whole, part, ".")
    if (scaled < 0).any():
        text = pc.binary_join_element_wise(pa.array(sign, pa.string()), text, "")
    return pc.if_else(pa.array(known), text, pa.scalar(None, pa.string()))


def days(values: Days) -> Cells:
    """ISO dates; NaT is empty."""
    known = ~np.isnat(values)
    array = pa.array(values.astype("datetime64[D]"), mask=~known)
    return array.cast(pa.string())


def flags(values: Flags) -> Cells:
    """是 and 否."""
    return pc.if_else(pa.array(values), "是", "否")


def words(values: Words) -> Cells:
    """Text as it is; None is empty."""
    return pa.array(values, pa.string())


def emptied(cells: Cells, kept: Flags) -> Cells:
    """The cells with those not kept made empty."""
    return cells if kept.all() else pc.if_else(pa.array(kept), cells, pa.scalar(None, pa.string()))


def shown(value: Decimal | float) -> str:
    """A number for a table a person reads."""
    return f"{value:.4f}".rstrip("0").rstrip(".")
