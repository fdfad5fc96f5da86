"""A policy check-up (政策体检) of one enterprise: what it may have, what is near, what is open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cityforge.brain.policies.benefit import Working, work_out
from cityforge.brain.policies.best import BestSet, Rule, best_set
from cityforge.brain.policies.prepared import Prepared
from cityforge.brain.rules.judging import NEVER, Finding, judge
from cityforge.brain.rules.row import Row


@dataclass(frozen=True, slots=True)
class Result:
    """One policy for one enterprise; the working is that of an entitled one."""

    prepared: Prepared
    finding: Finding
    working: Working

    @property
    def money(self) -> int:
        """分 that would be paid; 0 where it is unknown or no money."""
        return self.working.payable or 0


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that no one has told yet, and what it would settle.

    settles  ids of the policies that would be decided by this fact alone, whatever the answer
    money    分 that those policies would pay, as far as it is known; touches: ids of all policies
             that lack it
    """

    column: str
    settles: tuple[str, ...]
    touches: tuple[str, ...]
    money: int


@dataclass(frozen=True, slots=True)
class CheckUp:
    """All policies of a day for one enterprise.

    eligible   those it is entitled to, most money first
    near       those not met that effort could change, least effort first
    far        those not met that it cannot change (another district, another industry)
    unknown    those that lack a fact
    best       the best set of the eligible ones
    questions  what to ask first
    """

    eligible: tuple[Result, ...]
    near: tuple[Result, ...]
    far: tuple[Result, ...]
    unknown: tuple[Result, ...]
    best: BestSet
    questions: tuple[Question, ...]


def check_up(policies: Iterable[Prepared], row: Row, rules: Sequence[Rule]) -> CheckUp:
    """Judge every policy for one enterprise, choose the best set, rank what is missing."""
    results = [Result(one, judge(one.condition, row), work_out(one, row)) for one in policies]
    eligible = [result for result in results if result.finding.truth is True]
    failed = [result for result in results if result.finding.truth is False]
    unknown = [result for result in results if result.finding.truth is None]
    best = best_set({result.prepared.id: result.money for result in eligible}, rules)
    return CheckUp(
        eligible=tuple(sorted(eligible, key=_most_money)),
        near=tuple(
            sorted(
                (result for result in failed if not cannot(result.finding)),
                key=lambda result: (result.finding.effort, _most_money(result)),
            )
        ),
        far=tuple(result for result in failed if cannot(result.finding)),
        unknown=tuple(sorted(unknown, key=_most_money)),
        best=best,
        questions=_questions(unknown),
    )


def _most_money(result: Result) -> tuple[int, str]:
    return -result.money, result.prepared.id


def cannot(finding: Finding) -> bool:
    """Whether no effort could meet a clause: all of its ways hold something that never changes."""
    if finding.effort == 0 or finding.truth is True:
        return False
    if not finding.parts:
        return finding.effort >= NEVER
    clause = finding.condition.clause
    stuck = [part for part in finding.parts if part.effort and cannot(part)]
    if clause.all is not None or clause.none is not None:
        return bool(stuck)
    return len(finding.parts) - len(stuck) < (clause.at_least or 1)


def _questions(unknown: Sequence[Result]) -> tuple[Question, ...]:
    """The missing facts: first that which alone settles most money, then most policies."""
    columns = sorted({column for result in unknown for column in result.finding.lacking})
    found = []
    for column in columns:
        touched = [result for result in unknown if column in result.finding.lacking]
        alone = [result for result in touched if result.finding.lacking == (column,)]
        found.append(
            Question(
                column,
                tuple(result.prepared.id for result in alone),
                tuple(result.prepared.id for result in touched),
                sum(result.money for result in alone),
            )
        )
    order = sorted(found, key=lambda q: (-q.money, -len(q.settles), -len(q.touches), q.column))
    return tuple(order)
