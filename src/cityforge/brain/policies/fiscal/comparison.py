"""Two versions of a policy over one population: who comes in, who falls out, who gets more or less.

Versions may be those of two days, or one with other terms; both are judged by the same facts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from cityforge.brain.errors import Text
from cityforge.brain.policies.fiscal import outcome as outcomes
from cityforge.brain.policies.fiscal import simulation
from cityforge.brain.policies.fiscal.groupings import Grouping
from cityforge.brain.policies.fiscal.outcome import Outcome, Truths, Whole, sums
from cityforge.brain.policies.fiscal.simulation import Sums
from cityforge.brain.policies.matching import Population
from cityforge.brain.policies.prepared import Prepared

Change = Literal["in", "out", "more", "less", "same", "unpriced"]
CHANGES: tuple[Change, ...] = ("in", "out", "more", "less", "same", "unpriced")
MOST_AFFECTED = 20


@dataclass(frozen=True, slots=True)
class Changed:
    """One kind of change within a group: enterprises, and what they get before and after; 分."""

    change: Change
    count: int
    before: int
    after: int

    @property
    def difference(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class ChangedGroup:
    """The changes of one district, industry or size class."""

    key: str | None
    title: Text
    changes: tuple[Changed, ...]

    @property
    def difference(self) -> int:
        return sum(one.difference for one in self.changes)


@dataclass(frozen=True, slots=True)
class Affected:
    """One enterprise that the other version treats otherwise; 分, None: not entitled, not known."""

    row: int
    uscc: str
    name: str | None
    change: Change
    before: int | None
    after: int | None

    @property
    def difference(self) -> int:
        return (self.after or 0) - (self.before or 0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changes from one version to the other.

    before, after  the sums of each
    changes  of those entitled in either: newly entitled, no longer entitled (which is not the same
             as refused: their facts may no longer suffice to tell), more, less, the same,
             entitled in both with an amount that is not known in one
    moves    enterprises by answer before and after (True, False, None: unknown)
    groups   by grouping
    most     those whose money changes most, gains and losses alike, at most so many as asked
    """

    one: Prepared
    other: Prepared
    before: Sums
    after: Sums
    changes: tuple[Changed, ...]
    moves: Mapping[tuple[bool | None, bool | None], int]
    groups: Mapping[str, tuple[ChangedGroup, ...]]
    most: tuple[Affected, ...]

    @property
    def difference(self) -> int:
        return self.after.total - self.before.total


def compare(
    one: Prepared,
    other: Prepared,
    population: Population,
    *,
    groupings: Sequence[Grouping] = (),
    most: int = MOST_AFFECTED,
) -> Comparison:
    """From one version to the other."""
    before, after = outcomes.outcomes([one, other], population)
    return of_outcomes(before, after, population, groupings=groupings, most=most)


def of_outcomes(
    before: Outcome,
    after: Outcome,
    population: Population,
    *,
    groupings: Sequence[Grouping] = (),
    most: int = MOST_AFFECTED,
) -> Comparison:
    """As `compare`, of two versions decided already."""
    kinds = _kinds(before, after)
    return Comparison(
        one=before.prepared,
        other=after.prepared,
        before=simulation.whole(before),
        after=simulation.whole(after),
        changes=changes(before, after),
        moves=dict(_moves(before, after)),
        groups={
            grouping.name: tuple(
                ChangedGroup(key, title, found)
                for key, title, found in zip(
                    grouping.keys,
                    grouping.titles,
                    _changes(before, after, kinds, grouping.codes, len(grouping.keys)),
                    strict=True,
                )
            )
            for grouping in groupings
        },
        most=_most(before, after, kinds, population, most),
    )


def changes(before: Outcome, after: Outcome) -> tuple[Changed, ...]:
    """The changes of the whole population."""
    everyone = np.zeros(before.rows, np.int64)
    return _changes(before, after, _kinds(before, after), everyone, 1)[0]


def _kinds(before: Outcome, after: Outcome) -> dict[Change, Truths]:
    both = before.true & after.true
    has_money = before.prepared.amount is not None or after.prepared.amount is not None
    known = both & before.priced & after.priced
    unpriced = both & ~known if has_money else np.zeros_like(both)
    return {
        "in": after.true & ~before.true,
        "out": before.true & ~after.true,
        "more": known & (after.fen > before.fen),
        "less": known & (after.fen < before.fen),
        "same": both & ~unpriced & (after.fen == before.fen),
        "unpriced": unpriced,
    }


def _changes(
    before: Outcome,
    after: Outcome,
    kinds: Mapping[Change, Truths],
    codes: npt.NDArray[np.int64],
    groups: int,
) -> list[tuple[Changed, ...]]:
    found: list[list[Changed]] = [[] for _ in range(groups)]
    for change in CHANGES:
        rows = kinds[change]
        counts = np.bincount(codes[rows], minlength=groups)
        old, new = (
            sums(claims[rows], codes[rows], groups) for claims in (before.claims, after.claims)
        )
        for group, (count, was, is_) in enumerate(zip(counts, old, new, strict=True)):
            found[group].append(Changed(change, int(count), was, is_))
    return [tuple(one) for one in found]


def _moves(
    before: Outcome, after: Outcome
) -> Iterator[tuple[tuple[bool | None, bool | None], int]]:
    def answers(found: Outcome) -> tuple[tuple[bool | None, Truths], ...]:
        return ((True, found.true), (False, found.false), (None, found.unknown))

    for was, old in answers(before):
        for is_, new in answers(after):
            yield (was, is_), int((old & new).sum())


def _most(
    before: Outcome,
    after: Outcome,
    kinds: Mapping[Change, Truths],
    population: Population,
    most: int,
) -> tuple[Affected, ...]:
    """Most money first; of equal changes the earlier row."""
    size: Whole = np.abs(after.claims - before.claims)
    rows = np.flatnonzero(kinds["in"] | kinds["out"] | kinds["more"] | kinds["less"])
    rows = rows[np.argsort(-size[rows], kind="stable")][:most]
    table = population.table.take(rows)
    names = table.column("name").to_pylist() if "name" in table.column_names else [None] * len(rows)
    return tuple(
        Affected(
            row,
            uscc,
            name,
            next(change for change in CHANGES if kinds[change][row]),
            _paid(before, row),
            _paid(after, row),
        )
        for row, uscc, name in zip(
            rows.tolist(), table.column("uscc").to_pylist(), names, strict=True
        )
    )


def _paid(found: Outcome, row: int) -> int | None:
    return int(found.fen[row]) if found.true[row] and found.priced[row] else None
