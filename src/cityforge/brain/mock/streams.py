"""Seeded random numbers, one independent stream per topic.

A topic's stream depends on the seed and the topic's name alone: adding a topic, or drawing more
numbers for one, leaves the numbers of all others as they were.
"""

import zlib
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Days: TypeAlias = NDArray[np.datetime64]
Words: TypeAlias = NDArray[Any]
"""An object array of str; None where the word is unknown."""


def stream(seed: int, topic: str) -> np.random.Generator:
    """The generator of one topic, always the same for the same seed and name."""
    key = zlib.crc32(topic.encode())
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(key,))))


def shares(weights: Floats) -> Floats:
    """Weights made to sum to 1."""
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def persistent(
    draw: np.random.Generator,
    shape: tuple[int, int],
    *,
    firm: float,
    year: float,
    memory: float = 0.7,
) -> Floats:
    """Log deviations of enterprise x year: a lasting part and an AR(1) part, each mean 0.

    `firm` and `year` are the standard deviations of the two parts; `memory` is the AR coefficient.
    """
    count, years = shape
    result = np.empty(shape)
    lasting = draw.normal(0.0, firm, count)
    moving = draw.normal(0.0, year, count)
    fresh = year * np.sqrt(1.0 - memory**2)
    for index in range(years):
        result[:, index] = lasting + moving
        moving = memory * moving + draw.normal(0.0, fresh, count)
    return result
