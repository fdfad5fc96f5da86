"""A policy over a whole population: who is entitled, and what each would be paid, in exact 分."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.engines.kernel.planes import Planes, unpacked
from cityforge.brain.expr import check
from cityforge.brain.policies import matching
from cityforge.brain.policies.matching import Population
from cityforge.brain.policies.prepared import Prepared

Truths = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
_PIECE = 21  # bits: sums of so small pieces are exact in a double over 2**32 rows


@dataclass(frozen=True, slots=True)
class Outcome:
    """One policy for every row of a population; what is neither known true nor false is unknown.

    fen     分 it would be paid if it were entitled; 0 where that is unknown, or no money
    priced  where `fen` is known
    """

    prepared: Prepared
    true: Truths
    false: Truths
    fen: Whole
    priced: Truths

    @property
    def rows(self) -> int:
        return len(self.true)

    @property
    def unknown(self) -> Truths:
        return ~(self.true | self.false)

    @property
    def claims(self) -> Whole:
        """分 of each entitled one, 0 for all others."""
        return np.where(self.true, self.fen, 0)


Cohort = tuple[Sequence[Prepared], Population]
"""Policies that look at the same year, with the facts of that year."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Policies decided over the same enterprises; the money of each is worked out when asked."""

    policies: tuple[Prepared, ...]
    _places: Mapping[str, tuple[Planes, int, Population]]

    @classmethod
    def of(cls, cohorts: Sequence[Cohort]) -> "Decided":
        """All enterprises stand in the same order in every population."""
        places: dict[str, tuple[Planes, int, Population]] = {}
        for policies, population in cohorts:
            planes = matching.decided(policies, population)
            places |= {one.id: (planes, i, population) for i, one in enumerate(policies)}
        every = (one for policies, _ in cohorts for one in policies)
        return cls(tuple(sorted(every, key=lambda one: one.id)), places)

    @property
    def rows(self) -> int:
        return next((planes.rows for planes, _, _ in self._places.values()), 0)

    def population(self, prepared: Prepared) -> Population:
        return self._places[prepared.id][2]

    def outcome(self, prepared: Prepared) -> Outcome:
        planes, number, population = self._places[prepared.id]
        return _outcome(prepared, planes, number, population)


def outcomes(policies: Sequence[Prepared], population: Population) -> Iterator[Outcome]:
    """Each policy in turn; who is entitled is decided for all of them at once.

    The same policy may stand here in several versions.
    """
    planes = matching.decided(policies, population)
    for number, prepared in enumerate(policies):
        yield _outcome(prepared, planes, number, population)


def outcome(prepared: Prepared, population: Population) -> Outcome:
    """One policy alone."""
    return next(outcomes([prepared], population))


def absent(prepared: Prepared, population: Population) -> tuple[str, ...]:
    """The columns that a policy reads and the table lacks: all that rests on them is unknown."""
    names = frozenset[str]().union(*(check.columns(typed) for typed in prepared.reads))
    return tuple(sorted(name for name in names if not population.frame.holds(name)))


def sums(fen: Whole, codes: npt.NDArray[np.integer], groups: int) -> list[int]:
    """The sum of amounts, none below nothing, in each of `groups` groups; exact at any size."""
    found = [0] * groups
    for shift in range(0, 63, _PIECE):
        piece = (fen >> shift) & (2**_PIECE - 1)
        added = np.bincount(codes, weights=piece, minlength=groups)
        found = [one + (int(more) << shift) for one, more in zip(found, added, strict=True)]
    return found


def summed(fen: Whole) -> int:
    return sums(fen, np.zeros(len(fen), np.int8), 1)[0]


def _outcome(prepared: Prepared, planes: Planes, number: int, population: Population) -> Outcome:
    money: pa.Array = matching.payable(prepared, population)
    return Outcome(
        prepared,
        unpacked(planes.true[number], planes.rows),
        unpacked(planes.false[number], planes.rows),
        np.asarray(pc.fill_null(money, 0)),
        np.asarray(pc.is_valid(money)),
    )
