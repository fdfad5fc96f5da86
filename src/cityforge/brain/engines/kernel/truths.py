"""Three-valued truth of a block of rows, and the comparisons that give it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np

from cityforge.brain.engines.kernel.planes import Bits, packed
from cityforge.brain.engines.kernel.vectors import Array, Vector, aligned, both
from cityforge.brain.expr.typed import Op

MOST_RUNS = 6  # beyond, one look-up for each row is faster

COMPARE: dict[Op, Callable[[Any, Any], Any]] = {
    Op.EQUAL: np.equal,
    Op.UNEQUAL: np.not_equal,
    Op.LESS: np.less,
    Op.AT_MOST: np.less_equal,
    Op.MORE: np.greater,
    Op.AT_LEAST: np.greater_equal,
}
TURNED = {
    Op.LESS: Op.MORE,
    Op.MORE: Op.LESS,
    Op.AT_MOST: Op.AT_LEAST,
    Op.AT_LEAST: Op.AT_MOST,
    Op.EQUAL: Op.EQUAL,
    Op.UNEQUAL: Op.UNEQUAL,
}


@dataclass(frozen=True, slots=True)
class Truth:
    """Known true and known false, one bit a row; bits beyond the last row are zero in both."""

    true: Bits
    false: Bits


def told(truths: Any, valid: Bits | None, ones: Bits, rows: int) -> Truth:
    """A truth for each row (or one for all), known where `valid` says."""
    return of_bytes(np.broadcast_to(np.asarray(truths, np.bool_), (rows,)), valid, ones)


def of_bytes(truths: Array, valid: Bits | None, ones: Bits) -> Truth:
    """The same of one byte a row: what is not zero is true."""
    true = packed(truths)
    known = ones if valid is None else valid & ones
    true &= known
    return Truth(true, known & ~true)


def compared(op: Op, left: Vector, right: Vector, ones: Bits, rows: int) -> Truth:
    """Numbers, days or texts of two vectors."""
    above, below = aligned([left, right])
    found = COMPARE[op](above.data, below.data)
    return told(found, both(left.valid, right.valid), ones, rows)


@dataclass(frozen=True, slots=True)
class Cut:
    """A comparison of whole numbers with a constant: at least `limit`, or equal to it.

    limit   None: every number within the bounds gives `truth`
    turned  the answer is to be turned
    """

    limit: int | None
    is_equal: bool = False
    truth: bool = False
    turned: bool = False


def cut(op: Op, bounds: tuple[int, int], constant: Fraction) -> Cut:
    """The constant cut to a whole number; what lies outside the bounds needs no look."""
    low, high = bounds
    if op in (Op.EQUAL, Op.UNEQUAL):
        is_there = constant.denominator == 1 and low <= constant <= high
        return Cut(int(constant) if is_there else None, is_equal=True, turned=op is Op.UNEQUAL)
    limit = ceil(constant) if op in (Op.AT_LEAST, Op.LESS) else floor(constant) + 1
    is_within = low < limit <= high
    turned = op in (Op.LESS, Op.AT_MOST)
    return Cut(limit if is_within else None, truth=low >= limit, turned=turned)


def against(op: Op, vector: Vector, constant: Fraction, ones: Bits, rows: int) -> Truth:
    """Whole numbers against a constant, given in units of the vector's last decimal."""
    found = cut(op, vector.bounds, constant)
    truths: Any = np.bool_(found.truth)
    if found.limit is not None:
        truths = vector.data == found.limit if found.is_equal else vector.data >= found.limit
    told_ = told(truths, vector.valid, ones, rows)
    return Truth(told_.false, told_.true) if found.turned else told_


MOST_WORDS = 2048  # whose truths a machine may hold as bits


@dataclass(frozen=True, slots=True)
class Asked:
    """What a condition on a text says of each word, in the order of the words.

    runs   words that follow one another and are all true: first, end (excluded)
    bits   the truths as bits, padded to MOST_WORDS; None where there are more words
    """

    truths: Array
    runs: tuple[tuple[int, int], ...]
    bits: Array | None

    @classmethod
    def of(cls, known: Array) -> "Asked":
        edges = np.flatnonzero(np.diff(known, prepend=False, append=False)).reshape(-1, 2)
        bits = None
        if len(known) <= MOST_WORDS:
            padded = np.zeros(MOST_WORDS, np.bool_)
            padded[: len(known)] = known
            bits = packed(padded)
        return cls(known, tuple((first, end) for first, end in edges.tolist()), bits)


def looked_up(asked: Asked, vector: Vector, ones: Bits, rows: int) -> Truth:
    """Texts by a truth for each word.

    Words are in order, so what they have in common (a prefix) lies in one run: comparing the ends
    of a few runs is faster than looking every row up.
    """
    known = asked.truths
    if len(asked.runs) > MOST_RUNS:
        return told(known[vector.data], vector.valid, ones, rows)
    found = np.False_
    for first, end in asked.runs:
        inside = _inside(vector.data, first, end, len(known))
        found = inside if found is np.False_ else found | inside
    return told(found, vector.valid, ones, rows)


def _inside(codes: Array, first: int, end: int, words: int) -> Any:
    """Whether each code lies in first..end, the end excluded."""
    if first == 0:
        return codes < end if end < words else np.True_
    if end == words:
        return codes >= first
    return (codes >= first) & (codes < end)


def all_of(parts: Iterable[Truth]) -> Truth:
    first, *rest = parts
    if not rest:
        return first
    true, false = first.true & rest[0].true, first.false | rest[0].false
    for part in rest[1:]:
        true &= part.true
        false |= part.false
    return Truth(true, false)


def any_of(parts: Iterable[Truth]) -> Truth:
    turned = all_of([Truth(part.false, part.true) for part in parts])
    return Truth(turned.false, turned.true)


def chosen(condition: Truth, then: Truth, otherwise: Truth) -> Truth:
    """An unknown condition gives unknown, even where both branches agree."""
    return Truth(
        condition.true & then.true | condition.false & otherwise.true,
        condition.true & then.false | condition.false & otherwise.false,
    )


def first_known(parts: Sequence[Truth]) -> Truth:
    true, false = parts[0].true, parts[0].false
    for part in parts[1:]:
        open_ = ~(true | false)
        true, false = true | part.true & open_, false | part.false & open_
    return Truth(true, false)


def same(left: Truth, right: Truth) -> Truth:
    """Whether two conditions agree, where both are known."""
    return Truth(
        left.true & right.true | left.false & right.false,
        left.true & right.false | left.false & right.true,
    )
