"""Ranks and grades in NumPy: where totals would stand, among others as they are or all anew.

The order is the statement's: total, the tie-breaking indicators, the credit code. Grades are
numbers from 1, the best.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cityforge.brain.engines.kernel.changing import Floats, Whole
from cityforge.brain.evaluation.grading import last_ranks
from cityforge.brain.evaluation.prepared import Prepared
from cityforge.brain.evaluation.reasons.scorer import better_sign, column, group_codes
from cityforge.brain.scoring.machines import ARRAYS

Bools = npt.NDArray[np.bool_]
UNREACHABLE = -1


@dataclass(frozen=True)
class Standing:
    """The rated enterprises of a result and the limits of its grades.

    groups  number of the ranking group; sizes of each
    cuts    last rank of each grade in each group
    ties    values by which equal totals are told apart, each so that less is better, NaN last
    """

    prepared: Prepared
    groups: Whole
    sizes: Whole
    cuts: Whole
    totals: Floats
    signs: dict[str, Floats]
    ties: tuple[Floats, ...]
    codes: Whole
    rank: Whole

    @classmethod
    def of(cls, prepared: Prepared, rows: pa.Table) -> "Standing":
        """rows: the rated enterprises of a result, by credit code."""
        groups = group_codes(prepared, rows)
        sizes = np.bincount(groups)
        grading = prepared.scheme.grading
        by_size = {n: list(last_ranks(grading, n).values()) for n in set(sizes.tolist())}
        cuts = np.array([by_size[n] for n in sizes.tolist()], np.int64).reshape(len(sizes), -1)
        values = {name: column(rows, f"value_{name}") for name in prepared.scheme.ties}
        signs = {name: better_sign(prepared, rows, name) for name in values}
        return cls(
            prepared,
            groups,
            sizes,
            cuts,
            column(rows, "total"),
            signs,
            _tie_keys(values, signs),
            np.arange(rows.num_rows),
            np.asarray(rows["rank"].to_numpy(), np.int64),
        )

    @property
    def grades(self) -> list[str]:
        return self.prepared.scheme.grading.grades

    def numbers(
        self, totals: Floats, values: Mapping[str, Floats], limits: Mapping[str, Floats]
    ) -> Whole:
        """The grade of everyone where all totals are these."""
        if self.prepared.scheme.grading.by == "score":
            return self.limited(self._by_total(totals), limits)
        ties = _tie_keys(values, self.signs)
        order = np.lexsort((self.codes, *reversed(ties), -totals, self.groups))
        starts = np.concatenate(([0], np.cumsum(self.sizes)[:-1]))
        rank = np.empty(len(totals), np.int64)
        rank[order] = np.arange(len(totals)) - starts[self.groups[order]] + 1
        rank = self._shared(rank, order, totals, ties)
        number = 1 + (rank[:, None] > self.cuts[self.groups]).sum(axis=1)
        if any(band.at_least is not None for band in self.prepared.scheme.grading.bands):
            number = np.maximum(number, self._by_total(totals))
        return self.limited(number, limits)

    def _shared(self, rank: Whole, order: Whole, totals: Floats, ties: tuple[Floats, ...]) -> Whole:
        """Ranks that equals share, where the scheme does not tell them apart."""
        tied = self.prepared.scheme.grading.tied
        if tied == "apart" or not len(order):
            return rank
        differs = np.zeros(len(order), np.bool_)
        differs[0] = True
        for key in (self.groups, totals, *ties):
            ordered = key[order]
            both_gaps = np.isnan(ordered[1:]) & np.isnan(ordered[:-1])
            differs[1:] |= (ordered[1:] != ordered[:-1]) & ~both_gaps
        run = np.cumsum(differs) - 1
        firsts = np.flatnonzero(differs)
        lasts = np.concatenate((firsts[1:], [len(order)])) - 1
        shared = np.empty_like(rank)
        shared[order] = rank[order][(firsts if tied == "better" else lasts)[run]]
        return shared

    def _by_total(self, totals: Floats) -> Whole:
        number = np.full(len(totals), len(self.grades), np.int64)
        for i, band in reversed(list(enumerate(self.prepared.scheme.grading.bands, start=1))):
            if band.at_least is None:
                number[:] = i
            else:
                number[totals >= float(band.at_least)] = i
        return number

    def limited(self, number: Whole, limits: Mapping[str, Floats]) -> Whole:
        """Grades within the limits that hold: gates first, vetoes over them."""
        order = {grade: i for i, grade in enumerate(self.grades, start=1)}
        for limit, _ in self.prepared.limits:
            if limit.at_least is not None:
                holds = limits[limit.id] == 1.0
                number = np.where(holds, np.minimum(number, order[limit.at_least]), number)
        for limit, _ in self.prepared.limits:
            if limit.at_most is not None:
                holds = limits[limit.id] == 1.0
                number = np.where(holds, np.maximum(number, order[limit.at_most]), number)
        return number

    def reaches(
        self,
        who: Whole,
        targets: Whole,
        totals: Floats,
        values: Mapping[str, Floats],
        limits: Mapping[str, Floats],
    ) -> Bools:
        """Whether each of some enterprises would have its target grade or better, alone changed.

        who      their rows; `targets` the number of the grade each aims at; what each would have
        """
        number = np.where(self._by_place(who, targets, totals, values), targets, len(self.grades))
        bands = self.prepared.scheme.grading.bands
        if self.prepared.scheme.grading.by == "score":
            number = self._by_total(totals)
        elif any(band.at_least is not None for band in bands):
            number = np.maximum(number, self._by_total(totals))
        return np.asarray(self.limited(number, limits) <= targets)

    def _by_place(
        self, who: Whole, targets: Whole, totals: Floats, values: Mapping[str, Floats]
    ) -> Bools:
        """Whether each would stand no later than the last rank of its target grade."""
        if self.prepared.scheme.grading.by == "score":
            return np.ones(len(who), np.bool_)
        last = self.cuts[self.groups[who], targets - 1]
        rival = self._at_rank(who, last)
        known = rival != UNREACHABLE
        beside = np.where(known, rival, 0)
        ahead = totals > self.totals[beside]
        equal = totals == self.totals[beside]
        signs = {name: sign[who] for name, sign in self.signs.items()}
        for mine, theirs in zip(_tie_keys(values, signs), self.ties, strict=True):
            other = theirs[beside]
            less = (mine < other) | (~np.isnan(mine) & np.isnan(other))
            same = (mine == other) | (np.isnan(mine) & np.isnan(other))
            ahead |= equal & less
            equal &= same
        tied = self.prepared.scheme.grading.tied
        if tied == "better":
            ahead |= equal
        elif tied == "apart":
            ahead |= equal & (self.codes[who] < self.codes[beside])
        inside = self.rank[who] <= last
        # Who stands inside by rank stays there where nobody else moves and its own total holds.
        holds = inside & (totals >= self.totals[who])
        return np.asarray((known & ahead) | (holds & (tied == "apart")))

    def _at_rank(self, who: Whole, rank: Whole) -> Whole:
        """The row of the enterprise at a rank of one's own group; UNREACHABLE for rank 0."""
        starts = np.concatenate(([0], np.cumsum(self.sizes)[:-1]))
        order = np.lexsort((self.rank, self.groups))
        place = starts[self.groups[who]] + rank - 1
        return np.where(rank > 0, order[np.maximum(place, 0)], UNREACHABLE)


def _tie_keys(values: Mapping[str, Floats], signs: Mapping[str, Floats]) -> tuple[Floats, ...]:
    """The tie-breaking values with less as better; NaN sorts last of its own."""
    return tuple(sign * ARRAYS.settled(values[name]) for name, sign in signs.items())
