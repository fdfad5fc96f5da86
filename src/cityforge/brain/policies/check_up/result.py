"""One policy for one enterprise: whether, how much, by when, and what that rests on."""

from collections.abc import Sequence
from dataclasses import dataclass

from cityforge.brain.policies.benefit import Working, work_out
from cityforge.brain.policies.check_up import ranges
from cityforge.brain.policies.check_up.declared import Answer, changed, laid, rests_on
from cityforge.brain.policies.check_up.ranges import Range
from cityforge.brain.policies.check_up.timing import Timing, timing
from cityforge.brain.policies.prepared import Prepared
from cityforge.brain.policies.reach.bounds import World
from cityforge.brain.rules.judging import Finding, judge
from cityforge.brain.rules.row import Row


@dataclass(frozen=True, slots=True)
class Result:
    """One policy for one enterprise; the working is that of an entitled one.

    row       what is known of the enterprise in the year this policy looks at, answers included
    between   what would be paid at least and at most while the amount is unknown
    declared  columns of answers on which the decision or the amount rests
    """

    prepared: Prepared
    finding: Finding
    working: Working
    row: Row
    timing: Timing
    between: Range | None = None
    declared: tuple[str, ...] = ()

    @property
    def money(self) -> int:
        """分 that would be paid; 0 where it is unknown or no money."""
        return self.working.payable or 0

    @property
    def provisional(self) -> bool:
        """Whether it rests on what the enterprise alone has said."""
        return bool(self.declared)

    @property
    def lacking(self) -> tuple[str, ...]:
        """The missing columns that stand between this policy and an answer with its amount."""
        if self.finding.truth is False:
            return ()
        return tuple(dict.fromkeys((*self.finding.lacking, *self.working.lacking)))


def judged(
    prepared: Prepared,
    row: Row,
    *,
    answers: Sequence[Answer] = (),
    back: int = 0,
    world: World,
) -> Result:
    """One policy for one enterprise with its answers; the facts of `row` are `back` years older
    than those the answers speak of."""
    known = laid(row, answers, back=back)
    finding, working = judge(prepared.condition, known), work_out(prepared, known)
    open_ = prepared.amount is not None and working.payable is None
    return Result(
        prepared=prepared,
        finding=finding,
        working=working,
        row=known,
        timing=timing(prepared, row.day),
        between=ranges.payable(prepared, known, world) if open_ else None,
        declared=_resting(prepared, known, answers, back, (finding.truth, working.payable)),
    )


def _resting(
    prepared: Prepared,
    row: Row,
    answers: Sequence[Answer],
    back: int,
    answer: tuple[bool | None, int | None],
) -> tuple[str, ...]:
    """The answers without which the decision or the amount would be another.

    Where each alone could be missed and all of them could not, all that are read.
    """
    if not answers:
        return ()
    read = rests_on(prepared.reads, row)
    own = {one.column: one.in_year(back) for one in answers}
    heard = {column: here for column, here in own.items() if here in read}
    needed = [column for column, here in heard.items() if _without(prepared, row, [here]) != answer]
    if not needed and heard and _without(prepared, row, list(heard.values())) != answer:
        needed = list(heard)
    return tuple(needed)


def _without(
    prepared: Prepared, row: Row, columns: Sequence[str | None]
) -> tuple[bool | None, int | None]:
    bare = changed(row, {column: None for column in columns if column is not None})
    return bare.truth(prepared.condition.truth), work_out(prepared, bare).payable
