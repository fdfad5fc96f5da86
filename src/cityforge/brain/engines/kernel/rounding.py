"""Doubles rounded as people round the number they read: by their shortest decimal text."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import numpy.typing as npt

_SURE = 2.0**-50  # a product of two doubles is off by less, relative to its size


def of_doubles(numbers: npt.NDArray[np.float64], decimals: int) -> npt.NDArray[np.int64]:
    """Finite doubles in whole units of 10**-decimals, half away from zero.

    Fast where the double is clearly on one side of a half; the few others by their text. Raises
    OverflowError where 64 bits do not hold one.
    """
    scaled = np.abs(numbers) * 10.0**decimals
    below = np.floor(scaled)
    over = scaled - below
    found = np.where(over >= 0.5, below + 1, below)
    unsure = np.flatnonzero(np.abs(over - 0.5) <= _SURE * np.maximum(scaled, 1))
    if (scaled >= 2.0**63).any():
        raise OverflowError("a number does not fit 64 bits")
    whole = found.astype(np.int64)
    for place in unsure.tolist():
        text = Decimal(repr(float(abs(numbers[place]))))
        whole[place] = int(text.scaleb(decimals).to_integral_value(ROUND_HALF_UP))
    return np.where(numbers < 0, -whole, whole)
