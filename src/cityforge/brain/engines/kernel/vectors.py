"""Values of a block of rows, and what each operation makes of them, exactly.

Whole numbers carry the bounds within which all of them lie, so that every step knows beforehand
whether 64 bits hold its result; where they do not it computes in Python's own numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from cityforge.brain.engines.kernel.planes import Bits, packed, unpacked

Array = npt.NDArray[Any]
Bounds = tuple[int, int]
_LIMIT = 2**63 - 1
_EXACT_IN_DOUBLE = 2**53  # whole numbers up to here are doubles
_SURE_WHOLE = 2**51  # a double of hundredths times 100 is off by less than a half below
_EXACT_POWER = 22  # powers of ten up to here are doubles


@dataclass(frozen=True, slots=True)
class Vector:
    """Values of one block; a constant has a `data` of no dimension.

    valid   plane of what is known; None: everything
    bounds  none of the whole numbers lies outside: EXACT, in units of 10**-scale; days; words
    words   the texts that the numbers stand for, in order
    """

    data: Array
    valid: Bits | None = None
    bounds: Bounds = (0, 0)
    scale: int = 0
    words: tuple[str, ...] = ()


def both(left: Bits | None, right: Bits | None) -> Bits | None:
    """Known on both sides."""
    if left is None or right is None:
        return right if left is None else left
    return left & right


def _whole(array: Array, *bounds: Bounds) -> Array:
    """Wide enough for numbers within all these bounds."""
    fits = all(low >= -_LIMIT and high <= _LIMIT for low, high in bounds)
    return array.astype(np.int64 if fits else object, copy=False)


def _shared(left: Vector, right: Vector, *bounds: Bounds) -> tuple[Array, Array]:
    every = (left.bounds, right.bounds, *bounds)
    return _whole(left.data, *every), _whole(right.data, *every)


def rescaled(vector: Vector, scale: int) -> Vector:
    """The same numbers in units of 10**-scale, not coarser than their own."""
    if scale == vector.scale:
        return vector
    power = 10 ** (scale - vector.scale)
    bounds = (vector.bounds[0] * power, vector.bounds[1] * power)
    data = _array(_whole(vector.data, bounds) * power)
    return replace(vector, data=data, bounds=bounds, scale=scale)


def aligned(vectors: Sequence[Vector]) -> list[Vector]:
    """Numbers in one scale, texts in one vocabulary: whole numbers that compare as they do."""
    scale = max(vector.scale for vector in vectors)
    same = [rescaled(vector, scale) for vector in vectors]
    if len({vector.words for vector in same}) == 1:
        return same
    words = tuple(sorted({word for vector in same for word in vector.words}))
    rank = {word: number for number, word in enumerate(words)}
    return [_renumbered(vector, words, rank) for vector in same]


def _renumbered(vector: Vector, words: tuple[str, ...], rank: dict[str, int]) -> Vector:
    table = np.array([rank[word] for word in vector.words] or [0], np.int32)
    bounds = (0, max(len(words) - 1, 0))
    return replace(vector, data=_array(table[vector.data]), bounds=bounds, words=words)


def _array(data: Any) -> Array:
    """An array, also of what NumPy gave as a bare number."""
    if isinstance(data, np.ndarray):
        return data
    return np.array(data, object if isinstance(data, int) else None)


def add(left: Vector, right: Vector) -> Vector:
    left, right = aligned([left, right])
    bounds = (left.bounds[0] + right.bounds[0], left.bounds[1] + right.bounds[1])
    above, below = _shared(left, right, bounds)
    return Vector(_array(above + below), both(left.valid, right.valid), bounds, left.scale)


def subtract(left: Vector, right: Vector) -> Vector:
    return add(left, negate(right))


def multiply(left: Vector, right: Vector) -> Vector:
    corners = [a * b for a in left.bounds for b in right.bounds]
    bounds = (min(corners), max(corners))
    above, below = _shared(left, right, bounds)
    valid = both(left.valid, right.valid)
    return Vector(_array(above * below), valid, bounds, left.scale + right.scale)


def negate(vector: Vector) -> Vector:
    bounds = (-vector.bounds[1], -vector.bounds[0])
    return replace(vector, data=_array(-_whole(vector.data, vector.bounds, bounds)), bounds=bounds)


def absolute(vector: Vector) -> Vector:
    low, high = vector.bounds
    bounds = (0, max(-low, high, 0))
    data = _array(np.abs(_whole(vector.data, vector.bounds, bounds)))
    return replace(vector, data=data, bounds=bounds)


def floor(vector: Vector) -> Vector:
    power = 10**vector.scale
    bounds = (vector.bounds[0] // power, vector.bounds[1] // power)
    data = _array(_whole(vector.data, vector.bounds, (0, power)) // power)
    return replace(vector, data=data, bounds=bounds, scale=0)


def rounded(vector: Vector, decimals: int) -> Vector:
    """A half goes away from zero; floor division of what is doubled stays in whole numbers."""
    if decimals >= vector.scale:
        return vector
    power = 10 ** (vector.scale - decimals)
    most = max(-vector.bounds[0], vector.bounds[1]) + power
    numbers = _whole(vector.data, (-most, most))
    sizes = (np.abs(numbers) + power // 2) // power
    bounds = (-(most // power) - 1, most // power + 1)
    data = _array(np.where(numbers < 0, -sizes, sizes))
    return replace(vector, data=data, bounds=bounds, scale=decimals)


def extreme(vectors: Sequence[Vector], *, least: bool) -> Vector:
    """The least, or the greatest, of whole numbers, days or doubles; missing when any is."""
    found, *rest = aligned(vectors)
    choose = np.minimum if least else np.maximum
    pick = min if least else max
    for other in rest:
        above, below = found.data, other.data
        if found.data.dtype != np.float64:
            above, below = _shared(found, other)
        low, high = (pick(a, b) for a, b in zip(found.bounds, other.bounds, strict=True))
        valid = both(found.valid, other.valid)
        data = _array(choose(above, below))
        found = replace(found, data=data, valid=valid, bounds=(low, high))
    return found


def chosen(truth: Bits, known: Bits, then: Vector, otherwise: Vector, rows: int) -> Vector:
    """`then` where a plane is set, `otherwise` elsewhere; missing where `known` is not set."""
    then, otherwise = aligned([then, otherwise])
    above, below = then.data, otherwise.data
    if np.float64 not in (above.dtype, below.dtype):
        above, below = _shared(then, otherwise)
    data = _array(np.where(unpacked(truth, rows), above, below))
    valid = known.copy()
    if then.valid is not None:
        valid &= then.valid | ~truth
    if otherwise.valid is not None:
        valid &= otherwise.valid | truth
    low = min(then.bounds[0], otherwise.bounds[0])
    high = max(then.bounds[1], otherwise.bounds[1])
    return Vector(data, valid, (low, high), then.scale, then.words)


def first_known(vectors: Sequence[Vector], ones: Bits, rows: int) -> Vector:
    found, *rest = vectors
    for other in rest:
        if found.valid is None:
            break
        known = ones if other.valid is None else found.valid | other.valid
        # Where `found` is known it is taken; its own gaps elsewhere do not count.
        whole = replace(found, valid=None)
        merged = chosen(found.valid, ones, whole, replace(other, valid=None), rows)
        found = replace(merged, valid=known)
    return found


def is_exact_in_double(vector: Vector) -> bool:
    """Whether the whole numbers, and what they are divided by, are doubles as they stand."""
    most = max(-vector.bounds[0], vector.bounds[1])
    return most <= _EXACT_IN_DOUBLE and vector.scale <= _EXACT_POWER


def times_exact(vector: Vector, factor: int) -> int | None:
    """What the whole numbers are to be multiplied by, in doubles and exactly, to have the vector
    times a factor; None where that is not exact."""
    times, rest = divmod(factor, 10**vector.scale)
    most = max(-vector.bounds[0], vector.bounds[1])
    return None if rest or most * times >= _SURE_WHOLE else times


def counted_whole(vector: Vector, factor: int) -> Vector:
    """The nearest double times a factor, to the nearest whole number.

    That is the number itself, without any rounding, where no decimal is left and it is below
    2**51: the two roundings on the way are off by less than a half there.
    """
    times = times_exact(vector, factor)
    if times is not None:
        numbers = vector.data.astype(np.float64)
        return Vector(_array(numbers * float(times) if times > 1 else numbers), vector.valid)
    shifted = to_double(vector).data * float(factor)
    return rounded_double(Vector(_array(shifted), vector.valid), 0)


def to_double(vector: Vector) -> Vector:
    """The nearest double: one division of doubles where both are exact, Python's own elsewhere."""
    divisor = 10**vector.scale
    if is_exact_in_double(vector):
        numbers = vector.data.astype(np.float64)
        return Vector(_array(numbers / float(divisor) if vector.scale else numbers), vector.valid)
    flat = vector.data.reshape(-1).astype(object)
    is_small = np.abs(flat) <= (_EXACT_IN_DOUBLE if vector.scale <= _EXACT_POWER else -1)
    is_small = is_small.astype(bool)
    found = np.where(is_small, flat, 0).astype(np.float64) / float(divisor)
    found[~is_small] = [number / divisor for number in flat[~is_small]]
    return Vector(found.reshape(vector.data.shape), vector.valid)


def double_sum(left: Vector, right: Vector) -> Vector:
    return finite(Vector(_array(left.data + right.data), both(left.valid, right.valid)))


def double_difference(left: Vector, right: Vector) -> Vector:
    return finite(Vector(_array(left.data - right.data), both(left.valid, right.valid)))


def double_product(left: Vector, right: Vector) -> Vector:
    return finite(Vector(_array(left.data * right.data), both(left.valid, right.valid)))


def quotient(left: Vector, right: Vector) -> Vector:
    """By zero: missing."""
    return finite(Vector(_array(left.data / right.data), both(left.valid, right.valid)))


def scaled_double(vector: Vector, ratio: Fraction) -> Vector:
    data = vector.data * float(ratio.numerator) / float(ratio.denominator)
    return finite(Vector(_array(data), vector.valid))


def rounded_double(vector: Vector, decimals: int) -> Vector:
    """Shifted, rounded and shifted back; what is left of a number without its fraction is exact."""
    shift = 10.0**decimals
    shifted = vector.data * shift
    fractionless = np.trunc(shifted)
    is_up = np.abs(shifted - fractionless) >= 0.5
    moved = (fractionless + np.copysign(is_up.astype(np.float64), shifted)) / shift
    return finite(Vector(_array(np.where(np.isfinite(shifted), moved, vector.data)), vector.valid))


def root(vector: Vector) -> Vector:
    """Of a negative number: missing."""
    return finite(Vector(_array(np.sqrt(vector.data)), vector.valid))


def finite(vector: Vector) -> Vector:
    """Missing in place of what is not finite; a zero stands there. The data are written over."""
    is_finite = np.isfinite(vector.data)
    if is_finite.all():
        return vector
    if not vector.data.ndim:
        # The same for every row: a column that is not there. Constants of the text were folded.
        assert vector.valid is not None
        return replace(vector, data=np.array(0.0), valid=np.zeros_like(vector.valid))
    # The bits of a double and-ed with none of theirs are a zero: a choice by row takes longer.
    bits = vector.data.view(np.int64)
    bits &= -is_finite.view(np.int8).astype(np.int64)
    return replace(vector, valid=both(vector.valid, packed(is_finite)))


def years_since(vector: Vector, as_of: tuple[int, int, int]) -> Vector:
    """Whole years from days to a day (year, month, day)."""
    year, month, day = as_of
    days = vector.data.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    in_month = (days - months).astype(np.int64) + 1
    since = months.astype(np.int64)  # months since 1970
    is_ahead = since % 12 * 100 + 100 + in_month > month * 100 + day
    years = year - (since // 12 + 1970) - is_ahead
    low, high = (year - 1970 - limit // 365 for limit in (vector.bounds[1], vector.bounds[0]))
    return Vector(_array(years), vector.valid, (low - 3000, high + 3000))
