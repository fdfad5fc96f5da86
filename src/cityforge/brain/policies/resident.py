"""One enterprise kept matched while its facts change: one changed fact, only what rests on it.

For the desk where a clerk types answers and sees what they settle; `check_up` from scratch gives
the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cityforge.brain.engines.live import Live
from cityforge.brain.expr import check
from cityforge.brain.expr.typed import Typed
from cityforge.brain.rules.conditions import Condition
from cityforge.brain.rules.judging import Finding, joined, judge_leaf
from cityforge.brain.rules.row import Row

_NOTHING: Mapping[str, object] = {}
_Key = tuple[int, int | None, bool]
_UNDERIVED: Mapping[str, Typed] = {}


@dataclass(slots=True)
class _Leaf:
    """An expression of a clause: its place among the live ones, and what was last told of it."""

    place: int
    wanted_true: _Key
    wanted_false: _Key
    finding: Finding | None = None

    def key(self, *, wanted: bool) -> _Key:
        return self.wanted_true if wanted else self.wanted_false


class Resident:
    """The answers of conditions for one enterprise.

    conditions  one a policy, in the order in which they are asked for
    values      by column name; absent or None: unknown
    derived     expressions of derived facts, each after those it rests on; one whose value is
                given is kept as it is given
    """

    def __init__(
        self,
        conditions: Sequence[Condition],
        values: Mapping[str, object],
        *,
        day: date,
        parameters: Mapping[str, object] = _NOTHING,
        derived: Mapping[str, Typed] = _UNDERIVED,
    ) -> None:
        self._conditions = conditions
        self._values = dict(values)
        self._row = Row(self._values, day, parameters, derived)
        # What was given is observed; what is worked out here follows its inputs.
        self._derived = {
            name: (expression, check.columns(expression))
            for name, expression in derived.items()
            if values.get(name) is None
        }
        for name, (expression, _) in self._derived.items():
            self._values[name] = self._row.value(expression)
        truths = [condition.truth for condition in conditions]
        leaves = {id(leaf): leaf for one in conditions for leaf in one.leaves}
        asked = [*truths, *(leaf.truth for leaf in leaves.values())]
        self._live = Live(asked, self._values, as_of=day, parameters=parameters)
        self._findings: list[Finding | None] = [None] * len(conditions)
        self._leaves: dict[int, _Leaf] = {}
        for place, (key, leaf) in enumerate(leaves.items(), start=len(truths)):
            says = (self._live.same_as(place), leaf.clause.effort)
            self._leaves[key] = _Leaf(place, (*says, True), (*says, False))
        # Clauses that say the same are judged once: by what they say, and how hard they say it is.
        self._judged: dict[_Key, Finding] = {}
        self._reading: dict[str, list[tuple[int, _Leaf, bool]]] = {}
        for place, condition in enumerate(conditions):
            for one, wanted in _wanted(condition):
                for column in self._columns(one.truth):
                    found = (place, self._leaves[id(one)], wanted)
                    self._reading.setdefault(column, []).append(found)
        self._stale: set[str] = set()

    def answer(self, place: int) -> bool | None:
        """Whether a condition is met now; None: unknown."""
        found = self._live.value(place)
        return found if isinstance(found, bool) else None

    def finding(self, place: int) -> Finding:
        """The same with reasons: of each clause whether it is met, how far, or what is lacking."""
        if self._stale:
            self._forget()
        found = self._findings[place]
        if found is None:
            found = self._findings[place] = joined(self._conditions[place], self._leaf)
        return found

    def set(self, column: str, value: object) -> list[int]:
        """Let one fact be known, changed or forgotten; the places whose answers changed."""
        changed: set[int] = set()
        for name, new in self._following(column, value):
            self._values[name] = new
            changed.update(self._live.set(name, new))
            self._stale.add(name)
        return sorted(place for place in changed if place < len(self._conditions))

    def _following(self, column: str, value: object) -> list[tuple[str, object]]:
        """The change, and those of derived facts that follow from it."""
        self._values[column] = value
        found = [(column, value)]
        moved = {column}
        for name, (expression, inputs) in self._derived.items():
            if name != column and not moved.isdisjoint(inputs):
                new = self._row.value(expression)
                if new != self._values[name]:
                    self._values[name] = new
                    found.append((name, new))
                    moved.add(name)
        return found

    def _forget(self) -> None:
        """Drop the findings that rest on what changed; a clause that was met and is met stays."""
        for column in self._stale:
            for place, leaf, wanted in self._reading.get(column, ()):
                told = leaf.finding
                if told is None or (
                    told.truth is wanted and self._live.value(leaf.place) is wanted
                ):
                    continue
                leaf.finding = self._findings[place] = None
                self._judged.pop(leaf.key(wanted=wanted), None)
        self._stale.clear()

    def _leaf(self, condition: Condition, wanted: bool) -> Finding:  # noqa: FBT001 - as Leaf has it
        leaf = self._leaves[id(condition)]
        if leaf.finding is None:
            leaf.finding = self._told(leaf, condition, wanted=wanted)
        return leaf.finding

    def _told(self, leaf: _Leaf, condition: Condition, *, wanted: bool) -> Finding:
        if self._live.value(leaf.place) is wanted:
            return Finding(condition, wanted)
        key = leaf.key(wanted=wanted)
        found = self._judged.get(key)
        if found is None:
            found = self._judged[key] = judge_leaf(condition, self._row, wanted=wanted)
        return Finding(
            condition,
            found.truth,
            shortfalls=found.shortfalls,
            lacking=found.lacking,
            effort=found.effort,
        )

    def _columns(self, typed: Typed) -> frozenset[str]:
        """The columns that a condition reads, and those that its derived facts rest on: what it
        says is lacking are those."""
        found = set(check.columns(typed))
        for name in reversed(list(self._derived)):
            if name in found:
                found |= self._derived[name][1]
        return frozenset(found)


def _wanted(condition: Condition, *, wanted: bool = True) -> Iterator[tuple[Condition, bool]]:
    """The expressions of a condition, and whether each is wanted true."""
    if not condition.parts:
        yield condition, wanted
    inner = wanted if condition.clause.none is None else not wanted
    for part in condition.parts:
        yield from _wanted(part, wanted=inner)
