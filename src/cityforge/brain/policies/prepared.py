"""A policy as its engine needs it on a day: the version that counts, every expression read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from cityforge.brain.city.clause import Clause
from cityforge.brain.city.dictionary import DISTRICT, Dictionary
from cityforge.brain.city.document import Path_
from cityforge.brain.city.folder import City
from cityforge.brain.city.place import District
from cityforge.brain.city.policy import Policy, PolicyVersion, Window
from cityforge.brain.city.policy_checks import YUAN, scope_of
from cityforge.brain.expr import check, results
from cityforge.brain.expr.nodes import Node
from cityforge.brain.expr.parse import parse
from cityforge.brain.expr.typed import Typed
from cityforge.brain.expr.types import Kind, Scope
from cityforge.brain.rules import conditions
from cityforge.brain.rules.conditions import Condition

State = Literal["rolling", "open", "coming", "closed", "unannounced"]

FEN = 2  # decimals of an amount in 元
AREA = "area"  # id of the clause that says where a policy applies


@dataclass(frozen=True, slots=True)
class Call:
    """The window that a day falls into or waits for, and how it stands that day."""

    state: State
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class PreparedStep:
    """One line of the working: its id, what it says, its expression with earlier steps inside."""

    id: str
    says: str
    says_en: str | None
    typed: Typed


@dataclass(frozen=True, slots=True)
class Claim:
    """What a policy asks of the facts, and nothing else of it: who is entitled, to how much."""

    id: str
    condition: Typed
    amount: Typed | None = None
    received: Typed | None = None

    @property
    def reads(self) -> list[Typed]:
        return [one for one in (self.condition, self.amount, self.received) if one is not None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A policy in the version that counts on a day.

    year       whose facts are looked at
    condition  who is entitled; where a policy applies only in some districts, that comes first
    amount     what an entitled enterprise gets, in 元 with two decimals; None: no money, or none
               that follows from facts
    received   money of the same kind already received, in 元; only the difference is paid
    """

    policy: Policy
    version: PolicyVersion
    call: Call
    year: int
    condition: Condition
    steps: tuple[PreparedStep, ...] = ()
    amount: Typed | None = None
    received: Typed | None = None

    @property
    def id(self) -> str:
        return self.policy.id

    @property
    def claim(self) -> Claim:
        return Claim(self.id, self.condition.truth, self.amount, self.received)

    @property
    def reads(self) -> list[Typed]:
        """Every expression: the condition, the steps, the amount."""
        money = [typed for typed in (self.amount, self.received) if typed is not None]
        return [self.condition.truth, *(step.typed for step in self.steps), *money]

    @property
    def facts(self) -> frozenset[str]:
        """Every fact that the policy reads."""
        return frozenset[str]().union(*(check.names(typed) for typed in self.reads))


def prepare(
    city: City, book: Dictionary, *, day: date, models: bool = False
) -> tuple[Prepared, ...]:
    """Every policy with a version that counts on a day, ordered by id.

    models   those kept as models from elsewhere too, by which no one of the city is entitled
    The city was checked before: reading again cannot fail.
    """
    found = (
        prepare_one(city, book, policy, day=day)
        for _, policy in sorted(city.policies.items())
        if models or not policy.model
    )
    return tuple(prepared for prepared in found if prepared is not None)


def prepare_one(
    city: City,
    book: Dictionary,
    policy: Policy,
    *,
    day: date,
    terms: Mapping[str, str] | None = None,
) -> Prepared | None:
    """One policy on a day; None where no version counts.

    `terms` replaces values of its terms ("rd_share": "2.5%") to ask what would be. Raises
    ProblemsFound where such a value cannot be read or does not fit.
    """
    version = policy.on(day)
    if version is None:
        return None
    call = call_on(version, day)
    if call.window is not None:
        # An application is judged by the version of its window, even where a newer one is in force.
        version = policy.on(call.window.opens) or version
    scope = scope_of(book.scope, version, terms or {})

    def read(text: str, path: Path_) -> Typed:
        return check.read(text, scope, expect=Kind.BOOL)

    condition = conditions.read(here(policy, version, city.place.districts), read)
    assert condition is not None
    scope, steps = _steps(scope, version)
    benefit = version.benefit
    return Prepared(
        policy=policy,
        version=version,
        call=call,
        year=year_of(call, day),
        condition=condition,
        steps=steps,
        amount=money(benefit.amount, scope),
        received=money(benefit.received, scope),
    )


def call_on(version: PolicyVersion, day: date) -> Call:
    """The window open on a day, else the next one, else the last."""
    if version.rolling:
        return Call("rolling")
    for window in sorted(version.windows, key=lambda window: window.opens):
        if day <= window.closes:
            return Call("open" if window.opens <= day else "coming", window)
    if version.windows:
        return Call("closed", max(version.windows, key=lambda window: window.closes))
    return Call("unannounced")


def year_of(call: Call, day: date) -> int:
    """The year whose facts count: the window's own, else the one before it opens, or the day's."""
    if call.window is None:
        return day.year - 1
    return call.window.year or call.window.opens.year - 1


def facts_year(prepared: Prepared, newest: int) -> int:
    """Whose facts a policy is judged by where `newest` is the last year that is over.

    An open or coming window says which year it looks at; until that year is over the newest stands
    in for it. Without such a window the newest counts.
    """
    if prepared.call.state in ("open", "coming"):
        return min(prepared.year, newest)
    return newest


def here(policy: Policy, version: PolicyVersion, districts: Iterable[District]) -> Clause:
    """The conditions of a version, with where it applies as the first of them."""
    if not policy.districts:
        return version.conditions
    named = [district for district in districts if district.id in policy.districts]
    listed = ", ".join(f"'{district.id}'" for district in named)
    area = {
        "id": AREA,
        "says": f"在{'、'.join(district.title for district in named)}",
        "says_en": f"in {', '.join(district.title_en for district in named)}",
        "expr": f"{DISTRICT} in ({listed})",
        "effort": 5,
    }
    return Clause.model_validate({"all": [area, version.conditions]})


def money(text: str | None, scope: Scope) -> Typed | None:
    """An expression in money as an amount in 元: exact, or a double, rounded to the 分 at last."""
    if text is None:
        return None
    typed = check.read(text, scope, unit=YUAN)
    return results.in_unit(typed, YUAN, decimals=FEN)


def _steps(scope: Scope, version: PolicyVersion) -> tuple[Scope, tuple[PreparedStep, ...]]:
    """The steps of the working, and the scope in which what follows may name them."""
    nodes: dict[str, Node] = {}
    made = []
    for step in version.benefit.steps:
        typed = check.read(step.expr, scope)
        if typed.type.is_number and typed.type.unit.is_like(YUAN):
            # Told in 元, not rounded: what follows rests on the step as it is written.
            typed = results.in_unit(typed, YUAN)
        made.append(PreparedStep(step.id, step.says, step.says_en, typed))
        nodes[step.id] = parse(step.expr)
        scope = replace(scope, steps=dict(nodes))
    return scope, tuple(made)
