"""All policies over a whole city at once: the best set of every enterprise beside the plain sum.

Only policies that a rule of combining ties are searched; enterprises entitled to the same of them
with the same amounts share one search.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from cityforge.brain.errors import Text
from cityforge.brain.policies import best
from cityforge.brain.policies.best import Rule
from cityforge.brain.policies.fiscal.groupings import Grouping
from cityforge.brain.policies.fiscal.outcome import Decided, Outcome, Truths, Whole, summed, sums
from cityforge.brain.policies.prepared import Prepared

Tell = Callable[[Text, float], None]
_NOT = -1  # in place of an amount: not entitled


@dataclass(frozen=True, slots=True)
class Share:
    """One policy: who is entitled and what they claim; who is left with it and what is paid; 分."""

    prepared: Prepared
    eligible: int
    claimed: int
    chosen: int
    paid: int


@dataclass(frozen=True, slots=True)
class Part:
    """What is claimed and paid in one district, industry or size class; 分."""

    key: str | None
    title: Text
    enterprises: int
    claimed: int
    paid: int


@dataclass(frozen=True, slots=True)
class Together:
    """The whole city; money in 分.

    enterprises   entitled to at least one policy
    tied          entitled to a policy that a rule names; reduced: who gets less than the sum
    claimed       as if each policy were paid on its own; paid: by the best sets
    searched      best sets worked out: one for each tied set of policies with its amounts
    """

    enterprises: int
    tied: int
    reduced: int
    claimed: int
    paid: int
    searched: int
    policies: tuple[Share, ...]
    groups: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)


def together(
    decided: Decided,
    rules: Sequence[Rule],
    *,
    groupings: Sequence[Grouping] = (),
    tell: Tell | None = None,
) -> Together:
    """Sum up the best sets of all enterprises; amounts not known count as nothing.
    Raises ValueRefused where one search has too many branches.
    """
    say = tell or (lambda _text, _share: None)
    claimed, paid = np.zeros(decided.rows, np.int64), np.zeros(decided.rows, np.int64)
    entitled, tied = np.zeros(decided.rows, np.bool_), np.zeros(decided.rows, np.bool_)
    shares: list[Share] = []
    searched = 0
    parts = _parts([one.id for one in decided.policies], rules)
    for number, (names, own) in enumerate(parts):
        say(Text(zh="求最优组合", en="Choosing the best sets"), number / len(parts))
        members = [decided.outcome(one) for one in decided.policies if one.id in names]
        for one in members:
            claimed += one.claims
            entitled |= one.true
        if own:
            found = _searched(members, own)
            searched += found.searched
            tied |= found.tied
            paid += found.paid
            shares += found.shares
        else:
            paid += members[0].claims
            shares.append(_alone(members[0]))
    return Together(
        enterprises=int(entitled.sum()),
        tied=int(tied.sum()),
        reduced=int((paid < claimed).sum()),
        claimed=summed(claimed),
        paid=summed(paid),
        searched=searched,
        policies=tuple(sorted(shares, key=lambda one: (-one.paid, one.prepared.id))),
        groups={one.name: _grouped(one, entitled, claimed, paid) for one in groupings},
    )


def _parts(names: Sequence[str], rules: Sequence[Rule]) -> list[tuple[frozenset[str], list[Rule]]]:
    """The policies in parts that no rule reaches across, each with its rules; none: it is free."""
    known = [Rule(r.combination, tuple(n for n in r.policies if n in names), r.cap) for r in rules]
    known = [rule for rule in known if rule.policies]
    found = []
    for part in best.connected(sorted(names), known):
        own = [rule for rule in known if rule.names & set(part)]
        found.append((frozenset(part), own))
    return found


@dataclass(frozen=True, slots=True)
class _Found:
    paid: Whole
    tied: Truths
    shares: list[Share]
    searched: int


def _searched(members: Sequence[Outcome], rules: Sequence[Rule]) -> _Found:
    """The best sets of one part for all enterprises."""
    ids = [one.prepared.id for one in members]
    tied = np.any([one.true for one in members], axis=0)
    rows = np.flatnonzero(tied)
    amounts = np.stack([np.where(one.true, one.fen, _NOT)[rows] for one in members], axis=1)
    kinds, kind_of = _distinct(amounts)
    paid_by_kind = np.zeros((len(kinds), len(ids)), np.int64)
    chosen = np.zeros((len(kinds), len(ids)), np.bool_)
    for number, kind in enumerate(kinds.tolist()):
        offered = {name: fen for name, fen in zip(ids, kind, strict=True) if fen != _NOT}
        found = best.best_set(offered, rules)
        paid_by_kind[number] = [found.paid.get(name, 0) for name in ids]
        chosen[number] = [name in found.chosen for name in ids]
    paid = np.zeros(len(tied), np.int64)
    paid[rows] = paid_by_kind.sum(axis=1)[kind_of]
    shares = [
        Share(
            one.prepared,
            int(one.true.sum()),
            summed(one.claims),
            int(chosen[kind_of, place].sum()),
            summed(paid_by_kind[kind_of, place]),
        )
        for place, one in enumerate(members)
    ]
    return _Found(paid, tied, shares, len(kinds))


def _distinct(amounts: Whole) -> tuple[Whole, npt.NDArray[np.intp]]:
    """The different rows, and which of them each row is."""
    if not len(amounts):
        return amounts, np.zeros(0, np.intp)
    kinds, kind_of = np.unique(amounts, axis=0, return_inverse=True)
    return kinds, kind_of.reshape(-1)


def _alone(one: Outcome) -> Share:
    count, claimed = int(one.true.sum()), summed(one.claims)
    return Share(one.prepared, count, claimed, count, claimed)


def _grouped(grouping: Grouping, entitled: Truths, claimed: Whole, paid: Whole) -> tuple[Part, ...]:
    count = len(grouping.keys)
    return tuple(
        Part(key, title, int(enterprises), asked, given)
        for key, title, enterprises, asked, given in zip(
            grouping.keys,
            grouping.titles,
            np.bincount(grouping.codes[entitled], minlength=count),
            sums(claimed, grouping.codes, count),
            sums(paid, grouping.codes, count),
            strict=True,
        )
    )
