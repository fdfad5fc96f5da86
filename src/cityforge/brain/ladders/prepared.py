"""A ladder as its engine needs it on a day: each rung with the rule that counts, clause by clause.

The rule of a rung is a policy; its clauses that must all hold are told apart by what they do to the
answer: ask for the rung beneath, say whom it is for, wait for people or a platform, or count.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import numpy as np
import numpy.typing as npt

from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.city.ladder import Ladder, Library, Line, Renewal, Rung, ScoreTable
from cityforge.brain.engines import reference
from cityforge.brain.expr import check
from cityforge.brain.expr.typed import REGISTER_OPS, Op, Typed, walk
from cityforge.brain.expr.types import Kind, Scope
from cityforge.brain.policies.prepared import AREA, Prepared, prepare_one
from cityforge.brain.rules.conditions import Condition

Truths = npt.NDArray[np.bool_]
_NOTHING = Scope({}, {}, {})
Role = Literal["before", "scope", "manual", "awaited", "hard"]


@dataclass(frozen=True, slots=True)
class Part:
    """One clause that must hold, and what it does.

    before    it asks for a title of a rung beneath, and nothing else
    scope     not met: the rung is not for this enterprise
    manual    people judge it; the data never decide
    awaited   a platform or experts settle it; open until they have
    hard      the data decide
    """

    condition: Condition
    role: Role

    @property
    def id(self) -> str:
        return self.condition.clause.id or ""


@dataclass(frozen=True, slots=True)
class Step:
    """A rung on a day.

    rule    its policy in the version that counts; None: it has none, or none in force
    parts   the clauses of the rule that must all hold
    before  registers of the rungs of which one must be held first
    beneath rungs of the same line that come before it, over whatever others
    gaps    so many clauses not met are few; near: a number this share from its threshold is near
    """

    line: Line
    rung: Rung
    place: int
    rule: Prepared | None
    parts: tuple[Part, ...]
    before: frozenset[str]
    beneath: frozenset[str]
    gaps: int
    near: float
    library: Library
    renewal: Renewal

    @property
    def id(self) -> str:
        return self.rung.id

    @property
    def column(self) -> str | None:
        """The column of a table of facts that says who holds it; None for a stage."""
        if self.rung.register_ is not None:
            return f"{Op.REGISTER.value}:{self.rung.register_}"
        return self.rung.fact

    @property
    def reads(self) -> list[Typed]:
        return [] if self.rule is None else [self.rule.condition.truth]


@dataclass(frozen=True, slots=True)
class Climb:
    """A ladder on a day: its steps from the first line's lowest on, and whom each line is for."""

    ladder: Ladder
    day: date
    steps: tuple[Step, ...]
    applies: dict[str, Typed]

    def step(self, name: str) -> Step | None:
        return next((step for step in self.steps if step.id == name), None)

    @property
    def reads(self) -> list[Typed]:
        """Every expression that decides a state."""
        return [*self.applies.values(), *(typed for step in self.steps for typed in step.reads)]


def prepare(city: City, book: Dictionary, ladder: Ladder, *, day: date) -> Climb:
    """A ladder on a day. The city was checked before: reading again cannot fail."""
    by_id = {rung.id: rung for line in ladder.lines for rung in line.rungs}
    steps = []
    for line in ladder.lines:
        for place, rung in enumerate(line.rungs):
            rule = _rule(city, book, rung, day)
            before = frozenset(
                name for one in rung.from_ if (name := by_id[one].register_) is not None
            )
            steps.append(
                Step(
                    line=line,
                    rung=rung,
                    place=place,
                    rule=rule,
                    parts=parts(rung, rule, before) if rule is not None else (),
                    before=before,
                    beneath=_beneath(rung, by_id) & {one.id for one in line.rungs},
                    gaps=rung.gaps or ladder.gaps,
                    near=share(rung.near or ladder.near),
                    library=rung.library or ladder.library,
                    renewal=rung.renewal or ladder.renewal,
                )
            )
    applies = {
        line.id: check.read(line.applies, book.scope, expect=Kind.BOOL)
        for line in ladder.lines
        if line.applies is not None
    }
    return Climb(ladder, day, tuple(steps), applies)


def share(text: str) -> float:
    """A literal share as a number; the city was checked before."""
    typed = check.read(text, _NOTHING)
    value = reference.evaluate(typed, {}, as_of=date.min)
    assert isinstance(value, Decimal | float)
    return float(value) * float(typed.type.unit.factor)


def parts(rung: Rung, rule: Prepared, before: frozenset[str]) -> tuple[Part, ...]:
    """The clauses of a rule with their roles; `before`: registers of the rungs that come first."""
    return tuple(
        Part(condition, _role(rung, condition, before)) for condition in _all_of(rule.condition)
    )


def score_table(rung: Rung, day: date) -> ScoreTable | None:
    """The score table of a rung in force on a day."""
    in_force = [
        table
        for table in rung.scores
        if table.from_ <= day and (table.to is None or day <= table.to)
    ]
    return max(in_force, key=lambda table: table.from_) if in_force else None


def renewal_version(city: City, step: Step, *, until: date) -> date | None:
    """The first day of the version by which a title that runs out on `until` is renewed; None where
    there is none."""
    policy = city.policies.get(step.rung.policy or "")
    if policy is None:
        return None
    named = [one.version for one in step.renewal.follows if one.from_ <= until <= one.to]
    starts = {version.from_ for version in policy.versions}
    version = policy.on(next((day for day in named if day in starts), until))
    return None if version is None else version.from_


def renewal_rule(city: City, book: Dictionary, step: Step, *, until: date) -> Prepared | None:
    """The rule by which a title that runs out on `until` is renewed; None where there is none."""
    asked = renewal_version(city, step, until=until)
    policy = city.policies.get(step.rung.policy or "")
    version = policy.on(asked) if policy is not None and asked is not None else None
    if policy is None or asked is None or version is None:
        return None
    # A renewal waits for no window: the version itself is read.
    alone = version.model_copy(update={"windows": [], "rolling": True})
    only = policy.model_copy(update={"versions": [alone]})
    return prepare_one(city, book, only, day=asked)


def _rule(city: City, book: Dictionary, rung: Rung, day: date) -> Prepared | None:
    policy = city.policies.get(rung.policy or "")
    return None if policy is None else prepare_one(city, book, policy, day=day)


def _beneath(rung: Rung, by_id: dict[str, Rung]) -> frozenset[str]:
    seen: set[str] = set()
    waiting = list(rung.from_)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(by_id[name].from_)
    return frozenset(seen)


def _all_of(condition: Condition) -> Iterator[Condition]:
    if condition.clause.all is None:
        yield condition
        return
    for part in condition.parts:
        yield from _all_of(part)


def _role(rung: Rung, condition: Condition, before: frozenset[str]) -> Role:
    name = condition.clause.id or ""
    if name == AREA or name in rung.scope:
        return "scope"
    if name in rung.manual:
        return "manual"
    if name in rung.awaited:
        return "awaited"
    return "before" if _asks_only(condition.truth, before) else "hard"


def _asks_only(typed: Typed, before: frozenset[str]) -> bool:
    """Whether a clause asks for titles of the rungs beneath, and for nothing else."""
    looked = {str(part.value) for part in walk(typed) if part.op in REGISTER_OPS}
    return bool(looked) and looked <= before and not check.names(typed) and not check.past(typed)
