"""One enterprise on a ladder: its titles, every rung, and of each what is met, not met, unknown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cityforge.brain.ladders.prepared import Climb, Part, Step, score_table
from cityforge.brain.ladders.renewing import renewal_parts
from cityforge.brain.ladders.scores import Scored, score
from cityforge.brain.ladders.states import State
from cityforge.brain.ladders.titles import Title
from cityforge.brain.policies.prepared import Prepared
from cityforge.brain.rules.judging import Finding, judge
from cityforge.brain.rules.row import Row

Answer = Literal["met", "unmet", "unknown", "manual_review", "not_applicable"]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One clause for one enterprise: its answer, and the finding that says how far."""

    part: Part
    answer: Answer
    finding: Finding


@dataclass(frozen=True, slots=True)
class Renewal:
    """Whether a title that runs out could be renewed: the rule and its clauses."""

    rule: Prepared
    criteria: tuple[Criterion, ...]

    @property
    def unmet(self) -> list[Criterion]:
        return [one for one in self.criteria if one.answer == "unmet"]

    @property
    def unknown(self) -> list[Criterion]:
        return [one for one in self.criteria if one.answer == "unknown"]


@dataclass(frozen=True, slots=True)
class Place:
    """One rung for one enterprise.

    ready     what must come first is held
    title     the entry in the register, where it is held
    above     a higher rung is held: this one is behind
    scored    by the score table in force, where the rung has one
    """

    step: Step
    state: State
    ready: bool
    title: Title | None
    above: bool
    criteria: tuple[Criterion, ...]
    scored: Scored | None = None
    renewal: Renewal | None = None

    @property
    def is_next(self) -> bool:
        """A rung to climb: not held, for this enterprise, with what must come first at hand."""
        return self.ready and self.state not in (
            State.HELD,
            State.EXPIRING,
            State.NOT_APPLICABLE,
            State.UNSPECIFIED,
        )

    def of(self, *answers: Answer) -> list[Criterion]:
        return [one for one in self.criteria if one.answer in answers]


def place(
    climb: Climb,
    step: Step,
    row: Row,
    *,
    state: State,
    ready: bool,
    title: Title | None,
    held: Mapping[str, bool],
    renewal: Renewal | None = None,
) -> Place:
    """The rung with its clauses judged; `state` and `ready` as they were worked out for all.

    held   by rung, whether this enterprise holds it
    """
    above = any(held.get(one.id, False) for one in climb.steps if step.id in one.beneath)
    table = score_table(step.rung, climb.day)
    return Place(
        step,
        state,
        ready,
        title,
        above,
        criteria=tuple(criterion(part, row) for part in step.parts),
        scored=score(table, row) if table is not None else None,
        renewal=renewal,
    )


def renewal(step: Step, rule: Prepared, row: Row) -> Renewal:
    """The clauses by which a title is renewed, judged."""
    return Renewal(rule, tuple(criterion(part, row) for part in renewal_parts(step, rule)))


def criterion(part: Part, row: Row) -> Criterion:
    """One clause judged for one enterprise."""
    finding = judge(part.condition, row)
    return Criterion(part, _answer(part, finding), finding)


def _answer(part: Part, finding: Finding) -> Answer:
    if part.role == "manual" or (part.role == "awaited" and finding.truth is None):
        return "manual_review"
    if finding.truth is None:
        return "unknown"
    if finding.truth:
        return "met"
    return "not_applicable" if part.role == "scope" else "unmet"
