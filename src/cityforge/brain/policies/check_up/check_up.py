"""A policy check-up (政策体检) of one enterprise: what it may have, what is near, what is open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cityforge.brain.policies.best import BestSet, Rule, best_set
from cityforge.brain.policies.check_up.declared import Answer
from cityforge.brain.policies.check_up.questions import Question, ask
from cityforge.brain.policies.check_up.result import Result, judged
from cityforge.brain.policies.prepared import Prepared
from cityforge.brain.policies.reach.bounds import World
from cityforge.brain.rules.judging import NEVER, Finding
from cityforge.brain.rules.row import Row

_NO_BOUNDS = World()
_NO_ROWS: Mapping[int, Row] = {}


@dataclass(frozen=True, slots=True)
class CheckUp:
    """All policies of a day for one enterprise.

    eligible   those it is entitled to, most money first
    near       those not met that effort could change, least effort first
    far        those not met that it cannot change (another district, another industry)
    unknown    those that lack a fact
    best       the best set of the eligible ones
    questions  what to ask first
    answers    what the enterprise declared
    """

    eligible: tuple[Result, ...]
    near: tuple[Result, ...]
    far: tuple[Result, ...]
    unknown: tuple[Result, ...]
    best: BestSet
    questions: tuple[Question, ...]
    answers: tuple[Answer, ...] = ()

    @property
    def now(self) -> tuple[Result, ...]:
        """Of the best set what can be applied for that day."""
        return tuple(one for one in self._chosen if one.timing.is_open)

    @property
    def later(self) -> tuple[Result, ...]:
        """Of the best set what waits for its window to open."""
        return tuple(one for one in self._chosen if not one.timing.is_open)

    @property
    def _chosen(self) -> tuple[Result, ...]:
        return tuple(one for one in self.eligible if one.prepared.id in self.best.chosen)

    def paid(self, results: Iterable[Result]) -> int:
        """分 that some of the best set pay beside one another."""
        return sum(self.best.paid[one.prepared.id] for one in results)

    @property
    def results(self) -> tuple[Result, ...]:
        """Every policy."""
        return (*self.eligible, *self.near, *self.unknown, *self.far)


def check_up(
    policies: Iterable[Prepared],
    row: Row,
    rules: Sequence[Rule],
    *,
    answers: Sequence[Answer] = (),
    earlier: Mapping[int, Row] = _NO_ROWS,
    years_back: Mapping[str, int] | None = None,
    world: World = _NO_BOUNDS,
) -> CheckUp:
    """Judge every policy for one enterprise, choose the best set, rank what is missing.

    answers     facts that the enterprise declares, over what is known
    years_back  by id of each policy that looks at an earlier year, how many years; `earlier` has
                the row of each
    world       the bounds of facts, for what an unknown amount can be
    """
    back = years_back or {}
    results = [
        judged(
            one,
            earlier[back[one.id]] if back.get(one.id) else row,
            answers=answers,
            back=back.get(one.id, 0),
            world=world,
        )
        for one in policies
    ]
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
        questions=ask([*eligible, *unknown], best, rules),
        answers=tuple(answers),
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
