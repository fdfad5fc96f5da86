"""The next best question: which one missing fact would settle most money."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cityforge.brain.policies.benefit import work_out
from cityforge.brain.policies.best import BestSet, Rule, best_set
from cityforge.brain.policies.check_up.declared import changed
from cityforge.brain.policies.check_up.result import Result
from cityforge.brain.rules.row import Row


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that no one has told yet, and what it would settle.

    settles  ids of the policies that lack nothing else: decided by this fact alone, whatever the
             answer, or, where they are decided already, their amount
    touches  ids of all policies that lack it
    money    分 by which the best set would gain, were each of `settles` in favour, at most
    shared   分 at stake in all of `touches`, those of each policy shared among the facts it lacks
    """

    column: str
    settles: tuple[str, ...]
    touches: tuple[str, ...]
    money: int
    shared: int = 0


def ask(results: Sequence[Result], best: BestSet, rules: Sequence[Rule]) -> tuple[Question, ...]:
    """The missing facts: first that which alone settles most, then that with most at stake."""
    stakes = {result.prepared.id: at_stake(result) for result in results}
    entitled = [result for result in results if result.finding.truth is True]
    amounts = {result.prepared.id: result.money for result in entitled}
    lacking = {result.prepared.id: result.lacking for result in results if result.lacking}
    found = []
    for column in sorted({column for columns in lacking.values() for column in columns}):
        touches = tuple(name for name, columns in lacking.items() if column in columns)
        settles = tuple(name for name in touches if lacking[name] == (column,))
        favour = {name: stakes[name] for name in settles}
        found.append(
            Question(
                column,
                settles,
                touches,
                _gain(amounts, favour, best, rules),
                sum(stakes[name] // len(lacking[name]) for name in touches),
            )
        )
    return tuple(sorted(found, key=_order))


def _order(question: Question) -> tuple[int, int, int, int, str]:
    return (
        -question.money,
        -question.shared,
        -len(question.settles),
        -len(question.touches),
        question.column,
    )


def _gain(
    amounts: Mapping[str, int], favour: Mapping[str, int], best: BestSet, rules: Iterable[Rule]
) -> int:
    if not any(favour.values()):
        return 0
    return best_set({**amounts, **favour}, rules).total - best.total


def at_stake(result: Result) -> int:
    """分 that a policy could pay: its amount where it is known, else the most that it can be, else
    what it would be if missing figures were those of the year next to theirs; 0 beyond that."""
    if result.working.payable is not None:
        return result.working.payable
    if result.between is None:
        return 0
    if result.between.high is not None:
        return result.between.high
    stood_in = changed(result.row, _neighbours(result.row, result.working.lacking))
    return work_out(result.prepared, stood_in).payable or result.between.low


def _neighbours(row: Row, columns: Iterable[str]) -> dict[str, object]:
    """For each missing figure that of the year before, or after, where it is known."""
    found: dict[str, object] = {}
    for column in columns:
        fact, _, back = column.partition("[")
        years = int(back.rstrip("]")) if back else 0
        near = [f"{fact}[{years - 1}]", f"{fact}[{years + 1}]" if years < -1 else fact]
        value = next((row.values[name] for name in near if row.values.get(name) is not None), None)
        if value is not None:
            found[column] = value
    return found
