"""One version of a policy with all that looking it over needs; what is found there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import product

from cityforge.brain.city.dictionary import DISTRICT, Dictionary
from cityforge.brain.city.document import Document, Path_
from cityforge.brain.city.folder import City
from cityforge.brain.city.policy import Policy, PolicyVersion
from cityforge.brain.city.policy_checks import YUAN, scope_of
from cityforge.brain.errors import Problem, Text
from cityforge.brain.expr import check, nodes, results
from cityforge.brain.expr.nodes import Node
from cityforge.brain.expr.parse import parse
from cityforge.brain.expr.typed import Typed
from cityforge.brain.expr.types import Kind, Scope
from cityforge.brain.facts.table import bindings
from cityforge.brain.policies import prepared
from cityforge.brain.policies.reach import bounds
from cityforge.brain.policies.reach.bounds import World
from cityforge.brain.policies.reach.reach import Goal
from cityforge.brain.rules import conditions
from cityforge.brain.rules.conditions import Condition

Place = tuple[int, int]
"""A line and a column inside the text of an expression, 1-based."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. A warning always: the city decides what to do about it.

    rule     what was looked for, as `never_holds`
    answer   the reason that the policy gives for it under `reviewed`, where it does
    """

    rule: str
    policy: str
    problem: Problem
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Expression:
    """One expression of the benefit as written: a step of the working, or the amount.

    borrowed   where it names steps before it; what stands there has its places in other texts
    """

    typed: Typed
    path: Path_
    borrowed: frozenset[Place]


@dataclass(frozen=True)
class Looked:
    """One version being looked over, as of a day.

    day   the day itself while the version is in force, else its first
    """

    city: City
    book: Dictionary
    policy: Policy
    version: PolicyVersion
    number: int
    day: date

    @property
    def document(self) -> Document:
        return self.city.documents[("policies", self.policy.id)]

    @property
    def path(self) -> Path_:
        return ("versions", self.number)

    @cached_property
    def world(self) -> World:
        return bounds.of_version(self.city, self.book, self.version)

    @cached_property
    def parameters(self) -> Mapping[str, object]:
        return bindings(self.city, self.day)

    @cached_property
    def condition(self) -> Condition:
        """The conditions of the version, with their paths in the file."""
        scope = self._scope

        def read(text: str, path: Path_) -> Typed:
            return check.read(text, scope, expect=Kind.BOOL)

        found = conditions.read(self.version.conditions, read, (*self.path, "conditions"))
        assert found is not None
        return found

    @cached_property
    def area(self) -> list[Goal]:
        """That an enterprise lies where the policy applies; nothing where it applies everywhere."""
        if not self.policy.districts:
            return []
        listed = ", ".join(f"'{name}'" for name in self.policy.districts)
        return [(check.read(f"{DISTRICT} in ({listed})", self._scope), True)]

    @cached_property
    def expressions(self) -> tuple[Expression, ...]:
        """The steps of the working in their order, then the amount where there is one."""
        benefit, path = self.version.benefit, (*self.path, "benefit")
        texts = [(step.expr, (*path, "steps", i, "expr")) for i, step in enumerate(benefit.steps)]
        if benefit.amount is not None:
            texts.append((benefit.amount, (*path, "amount")))
        scope, steps, made = self._scope, dict[str, Node](), []
        for number, (text, where) in enumerate(texts):
            node = parse(text)
            borrowed = frozenset(
                (name.span.line, name.span.column)
                for name in nodes.walk(node)
                if isinstance(name, nodes.Name) and name.name in steps
            )
            made.append(Expression(check.read(text, scope), where, borrowed))
            if number < len(benefit.steps):
                steps[benefit.steps[number].id] = node
                scope = replace(scope, steps=dict(steps))
        return tuple(made)

    @cached_property
    def amount(self) -> Typed | None:
        """What an entitled enterprise gets, in 元 to the 分."""
        if self.version.benefit.amount is None:
            return None
        return results.in_unit(self.expressions[-1].typed, YUAN, decimals=prepared.FEN)

    @property
    def _scope(self) -> Scope:
        return scope_of(self.book.scope, self.version, {})

    def finding(
        self,
        rule: str,
        path: Path_,
        what: Text,
        hint: Text,
        *,
        place: Place | None = None,
        at_key: bool = False,
    ) -> Finding:
        """A finding at a value of the file, or at a place inside its text."""
        problem = self.document.problem(path, what, hint, place=place, at_key=at_key, warning=True)
        return Finding(rule, self.policy.id, problem)


def versions(city: City, book: Dictionary, policy: Policy, day: date) -> Iterator[Looked]:
    """The versions in force on a day or later; what is over cannot be mended any more."""
    for number, version in enumerate(policy.versions):
        if version.to is None or version.to >= day:
            when = max(day, version.from_)
            yield Looked(city, book, policy, version, number, when)


def title_of(looked: Looked, column: str) -> Text:
    """A fact or look-up in words, by the name of its column."""
    kind, _, register = column.rpartition(":")
    if kind:
        found = looked.city.registers[register]
        return Text(zh=f"“{found.title}”", en=f"'{found.title_en}'")
    fact = looked.book.facts[column.split("[")[0]]
    year = column[len(fact.name) :]
    return Text(zh=f"“{fact.title}”{year}", en=f"'{fact.title_en}'{year}")


def pairs(count: int) -> Iterator[tuple[int, int]]:
    """Every two different numbers below `count`, the smaller first."""
    return ((i, j) for i, j in product(range(count), repeat=2) if i < j)
