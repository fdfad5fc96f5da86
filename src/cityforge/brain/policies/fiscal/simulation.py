"""What a policy would cost a city: how many are entitled, how much they get, where and when.

Nothing here is a decision about one enterprise: it is what follows if the facts at hand are true.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from cityforge.brain.errors import Text
from cityforge.brain.policies.fiscal import outcome as outcomes
from cityforge.brain.policies.fiscal import spending
from cityforge.brain.policies.fiscal.groupings import Grouping
from cityforge.brain.policies.fiscal.outcome import Outcome, Whole, sums
from cityforge.brain.policies.fiscal.spending import Arrival, Year
from cityforge.brain.policies.matching import Population
from cityforge.brain.policies.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Sums:
    """Enterprises and money (分) of a population or a group of it.

    total          what the entitled would be paid, as far as amounts are known
    open           what the unknown would be paid on top, were all of them entitled
    unpriced       entitled whose amount is not known; open_unpriced: so of the unknown
    """

    eligible: int = 0
    not_yet: int = 0
    unknown: int = 0
    total: int = 0
    open: int = 0
    unpriced: int = 0
    open_unpriced: int = 0

    @property
    def enterprises(self) -> int:
        return self.eligible + self.not_yet + self.unknown

    @property
    def low(self) -> int:
        """If none of the unknown turned out entitled."""
        return self.total

    @property
    def high(self) -> int:
        """If all of the unknown turned out entitled; what is unpriced counts as nothing."""
        return self.total + self.open


@dataclass(frozen=True, slots=True)
class Group:
    """The sums of one district, industry or size class; `key` None: those of whom it is not
    known."""

    key: str | None
    title: Text
    sums: Sums


@dataclass(frozen=True, slots=True)
class Spread:
    """How the money lies over the entitled whose amount is known; 分.

    median     the middle one, or half the sum of the middle two, half up
    top_ten    together the ten with most; top_tenth: the tenth of them with most, rounded up
    """

    count: int
    smallest: int
    median: int
    largest: int
    top_ten: int
    top_tenth: int
    total: int

    @property
    def top_ten_share(self) -> Fraction:
        return Fraction(self.top_ten, self.total) if self.total else Fraction(0)


@dataclass(frozen=True, slots=True)
class Simulation:
    """One policy over a population.

    has_money  whether an amount follows from facts at all
    groups     by grouping: all of its groups, in its order
    spread     None where nobody is paid
    years      when the money falls due, with budgets; empty where there is no money
    absent     columns it reads that the population lacks: what rests on them is unknown
    """

    prepared: Prepared
    day: date
    sums: Sums
    groups: Mapping[str, tuple[Group, ...]]
    spread: Spread | None
    years: tuple[Year, ...]
    arrival: Arrival
    absent: tuple[str, ...]

    @property
    def has_money(self) -> bool:
        return self.prepared.amount is not None


def simulate(
    prepared: Prepared,
    population: Population,
    *,
    groupings: Sequence[Grouping] = (),
    arrival: Arrival = "even",
) -> Simulation:
    """One policy over everyone, its claims served in the order of the population."""
    return of_outcome(
        outcomes.outcome(prepared, population),
        population,
        groupings=groupings,
        arrival=arrival,
    )


def of_outcome(
    found: Outcome,
    population: Population,
    *,
    groupings: Sequence[Grouping] = (),
    arrival: Arrival = "even",
) -> Simulation:
    """As `simulate`, of a policy decided already."""
    prepared = found.prepared
    has_money = prepared.amount is not None
    years = spending.years(prepared, found.claims, day=population.day, arrival=arrival)
    return Simulation(
        prepared=prepared,
        day=population.day,
        sums=whole(found),
        groups={one.name: grouped(found, one) for one in groupings},
        spread=spread(found),
        years=years if has_money else (),
        arrival=arrival,
        absent=outcomes.absent(prepared, population),
    )


def whole(found: Outcome) -> Sums:
    return _sums(found, np.zeros(found.rows, np.int64), 1)[0]


def grouped(found: Outcome, grouping: Grouping) -> tuple[Group, ...]:
    every = _sums(found, grouping.codes, len(grouping.keys))
    named = zip(grouping.keys, grouping.titles, every, strict=True)
    return tuple(Group(key, title, one) for key, title, one in named)


def spread(found: Outcome) -> Spread | None:
    paid = np.sort(found.fen[found.true & found.priced])
    if not len(paid):
        return None
    middle = int(paid[(len(paid) - 1) // 2]) + int(paid[len(paid) // 2])
    tenth = -(-len(paid) // 10)
    return Spread(
        count=len(paid),
        smallest=int(paid[0]),
        median=(middle + 1) // 2,
        largest=int(paid[-1]),
        top_ten=outcomes.summed(paid[-10:]),
        top_tenth=outcomes.summed(paid[-tenth:]),
        total=outcomes.summed(paid),
    )


def _sums(found: Outcome, codes: npt.NDArray[np.int64], groups: int) -> list[Sums]:
    unknown = found.unknown
    has_money = found.prepared.amount is not None

    def count(rows: npt.NDArray[np.bool_]) -> list[int]:
        return [int(n) for n in np.bincount(codes[rows], minlength=groups)]

    def money(rows: npt.NDArray[np.bool_]) -> list[int]:
        fen: Whole = found.fen[rows]
        return sums(fen, codes[rows], groups)

    none = [0] * groups
    columns = (
        count(found.true),
        count(found.false),
        count(unknown),
        money(found.true),
        money(unknown),
        count(found.true & ~found.priced) if has_money else none,
        count(unknown & ~found.priced) if has_money else none,
    )
    return [Sums(*values) for values in zip(*columns, strict=True)]
