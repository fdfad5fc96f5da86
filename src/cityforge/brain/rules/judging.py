"""A condition judged for one enterprise: met, not met (how far) or unknown (what is lacking)."""

from collections.abc import Callable
from typing import NamedTuple

from cityforge.brain.expr.typed import Op, walk
from cityforge.brain.rules.conditions import Condition
from cityforge.brain.rules.distance import Shortfall, shortfalls
from cityforge.brain.rules.row import Row

PAPER, SWITCH, TITLE, NEVER = 0, 2, 3, 5
"""Effort by default: a paper to hand in, a yes or no to change, a title to gain, what stays."""

STEPS = ((0.05, 1), (0.2, 2), (0.5, 3))
"""Effort of a number by its relative distance from the threshold; 4 beyond the last."""


class Finding(NamedTuple):
    """What a clause gives for one enterprise.

    truth       True: met; False: not met; None: unknown
    parts       the findings of the clauses inside
    shortfalls  of an expression not met: what stands in the way, and how far
    lacking     the observed columns without which it cannot be said, where it is unknown
    effort      how hard it would be to meet it: 0 nothing or a paper … 5 never; sums over `all`
    """

    condition: Condition
    truth: bool | None
    parts: tuple["Finding", ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    lacking: tuple[str, ...] = ()
    effort: int = 0

    @property
    def leaves(self) -> list["Finding"]:
        """The findings of the clauses that are expressions, in the order of the file."""
        if not self.parts:
            return [self]
        return [leaf for part in self.parts for leaf in part.leaves]


Leaf = Callable[[Condition, bool], Finding]
"""Gives the finding of a clause that is an expression, and whether it is wanted true."""


def judge(condition: Condition, row: Row) -> Finding:
    """The finding of a clause and of every clause in it."""
    return joined(condition, lambda part, wanted: judge_leaf(part, row, wanted=wanted))


def joined(condition: Condition, leaf: Leaf, *, wanted: bool = True) -> Finding:
    """The finding of a clause from those of the expressions in it.

    `wanted`: what would help the enterprise; what stands under `none` is wanted false, and
    its shortfalls and effort say what would make it so.
    """
    if not condition.parts:
        return leaf(condition, wanted)
    clause = condition.clause
    inner = wanted if clause.none is None else not wanted
    parts = tuple(
        [
            joined(part, leaf, wanted=inner) if part.parts else leaf(part, inner)
            for part in condition.parts
        ]
    )
    truth = _joined(condition, [part.truth for part in parts])
    effort = 0 if truth is wanted else _effort(condition, parts, wanted=inner)
    lacking: tuple[str, ...] = ()
    if truth is None:
        named = [name for part in parts if part.truth is None for name in part.lacking]
        lacking = tuple(dict.fromkeys(named))
    return Finding(condition, truth, parts, lacking=lacking, effort=effort)


def _joined(condition: Condition, truths: list[bool | None]) -> bool | None:
    """The clause's own answer, from those of its parts; the same as its condition's."""
    clause = condition.clause
    needed = len(truths) if clause.all is not None else clause.at_least or 1
    met, open_ = truths.count(True), truths.count(None)
    answer = True if met >= needed else None if met + open_ >= needed else False
    if clause.none is None or answer is None:
        return answer
    return not answer


def _effort(condition: Condition, parts: tuple[Finding, ...], *, wanted: bool) -> int:
    """The least sum over the parts that would do."""
    efforts = sorted(part.effort for part in parts)
    clause = condition.clause
    needed = len(parts) if clause.all is not None else clause.at_least or 1
    if not wanted:
        # So many must fail that too few are left.
        needed = len(parts) - needed + 1
    return sum(efforts[:needed])


def judge_leaf(condition: Condition, row: Row, *, wanted: bool) -> Finding:
    """The finding of a clause that is an expression."""
    typed = condition.truth
    truth = row.truth(typed)
    if truth is wanted:
        return Finding(condition, truth)
    if truth is None:
        stated = condition.clause.effort
        effort = PAPER if stated is None or stated < NEVER else NEVER
        return Finding(condition, None, lacking=row.lacking(typed), effort=effort)
    found = tuple(shortfalls(typed, row, wanted=wanted))
    return Finding(condition, truth, shortfalls=found, effort=_stated(condition, found))


def _stated(condition: Condition, found: tuple[Shortfall, ...]) -> int:
    if condition.clause.effort is not None:
        return condition.clause.effort
    return max((_by_kind(one) for one in found), default=SWITCH)


def _by_kind(found: Shortfall) -> int:
    if found.relative is not None:
        return next((effort for reach, effort in STEPS if found.relative <= reach), 4)
    ops = {part.op for part in walk(found.typed)}
    if ops & {Op.REGISTER, Op.EVER, Op.FIRST, Op.ENTRIES}:
        return TITLE
    return NEVER if ops & {Op.IN, Op.LIKE, Op.EQUAL, Op.UNEQUAL} else SWITCH
