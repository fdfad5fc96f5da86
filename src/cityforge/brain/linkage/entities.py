"""Entities as they hold: what the machine linked, under what people decided.

Ties are laid one by one, and each of the later kinds only where it joins no pair that people keep
apart:

1. what people joined (same, merge), in the order it was decided: always;
2. what a split took out together stays together;
3. the machine's ties inside one of its entities, the strongest first;
4. whatever else the machine holds in one entity, by the order of the records.

So the machine never overrides people, and without decisions its entities come out as they went in.
Where people joined what people keep apart, that is a conflict: named, and not resolved.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from cityforge.brain.linkage.decisions import Decision


@dataclass(frozen=True, slots=True)
class Machine:
    """What the machine found: the entity of each record, and its ties, the strongest first."""

    entity_of: Mapping[str, str]
    ties: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Tie:
    """Why two records are in one entity; `decision` is empty where the machine says so."""

    left: str
    right: str
    by: Literal["people", "split", "machine", "entity"]
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two records that one decision keeps apart and a chain of others joins."""

    left: str
    right: str
    apart: str
    chain: tuple[str, ...]


@dataclass(slots=True)
class Resolved:
    """The entity of each record, the ties that hold each entity together, and the conflicts."""

    entity_of: dict[str, str]
    ties: list[Tie] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


class Groups:
    """Records in groups that only grow, and pairs that must stay in two."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}
        self._members: dict[str, list[str]] = {}
        self._apart: dict[str, set[str]] = {}

    def of(self, record: str) -> str:
        """The group of a record, by one of its members."""
        root = self._parent.setdefault(record, record)
        while root != self._parent[root]:
            root = self._parent[root]
        while self._parent[record] != root:
            self._parent[record], record = root, self._parent[record]
        return root

    def members(self, record: str) -> list[str]:
        root = self.of(record)
        return self._members.get(root, [root])

    def keep_apart(self, left: str, right: str) -> None:
        """No later `join` brings these two together."""
        self._apart.setdefault(self.of(left), set()).add(right)
        self._apart.setdefault(self.of(right), set()).add(left)

    def may_join(self, left: str, right: str) -> bool:
        one, other = self.of(left), self.of(right)
        if len(self._apart.get(one, ())) > len(self._apart.get(other, ())):
            one, other = other, one
        return all(self.of(enemy) != other for enemy in self._apart.get(one, ()))

    def join(self, left: str, right: str) -> bool:
        """Make two groups one, whatever is kept apart; False where they are one already."""
        kept, gone = self.of(left), self.of(right)
        if kept == gone:
            return False
        if len(self.members(kept)) < len(self.members(gone)):
            kept, gone = gone, kept
        self._members[kept] = self.members(kept) + self.members(gone)
        self._members.pop(gone, None)
        self._parent[gone] = kept
        self._apart.setdefault(kept, set()).update(self._apart.pop(gone, set()))
        return True


def touched(machine: Mapping[str, str], decisions: Iterable[Decision]) -> set[str]:
    """The machine's entities that decisions speak of; the others stay as they are."""
    named = {record for decision in decisions for record in decision.touched}
    return {machine[record] for record in named if record in machine}


def resolve(machine: Machine, decisions: Sequence[Decision]) -> Resolved:
    """Lay the decisions in force over the machine's entities.

    `machine` may hold the touched entities only, each whole. A decision about a record that is in
    no data any more still holds between those that are.
    """
    groups = Groups()
    ties = _people(groups, decisions)
    conflicts = _conflicts(groups, decisions)
    for decision in decisions:
        for left, right in decision.apart():
            groups.keep_apart(left, right)
    for decision in decisions:
        if decision.kind == "split":
            for other in decision.records[1:]:
                _tie(groups, ties, Tie(decision.records[0], other, "split", decision.id))
    for left, right in machine.ties:
        of_left = machine.entity_of.get(left)
        if of_left is not None and of_left == machine.entity_of.get(right):
            _tie(groups, ties, Tie(left, right, "machine"))
    for members in _by_entity(machine.entity_of):
        _hold_together(groups, ties, members)
    return Resolved(_named(groups, machine.entity_of), ties, conflicts)


def conflicts(decisions: Sequence[Decision]) -> list[Conflict]:
    """Where decisions in force contradict each other: that does not depend on the machine."""
    groups = Groups()
    _people(groups, decisions)
    return _conflicts(groups, decisions)


def path(ties: Iterable[Tie], start: str) -> dict[str, list[Tie]]:
    """From a record to every other of its entity: the ties on the way, the shortest way."""
    beside: dict[str, list[tuple[str, Tie]]] = defaultdict(list)
    for tie in ties:
        beside[tie.left].append((tie.right, tie))
        beside[tie.right].append((tie.left, tie))
    ways: dict[str, list[Tie]] = {start: []}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for there, tie in beside[here]:
            if there not in ways:
                ways[there] = [*ways[here], tie]
                waiting.append(there)
    return ways


def _people(groups: Groups, decisions: Sequence[Decision]) -> list[Tie]:
    ties = []
    for decision in decisions:
        for other in decision.joined[1:]:
            first = decision.joined[0]
            groups.join(first, other)
            # Kept even where they were one already: who undoes a decision asks what else says so.
            ties.append(Tie(first, other, "people", decision.id))
    return ties


def _conflicts(groups: Groups, decisions: Sequence[Decision]) -> list[Conflict]:
    found = []
    for decision in decisions:
        clash = next(((a, b) for a, b in decision.apart() if groups.of(a) == groups.of(b)), None)
        if clash:
            chain = tuple(tie.decision for tie in path(_joins(decisions), clash[0])[clash[1]])
            found.append(Conflict(*clash, decision.id, tuple(dict.fromkeys(chain))))
    return found


def _joins(decisions: Sequence[Decision]) -> list[Tie]:
    return _people(Groups(), decisions)


def _tie(groups: Groups, ties: list[Tie], tie: Tie) -> None:
    if groups.may_join(tie.left, tie.right) and groups.join(tie.left, tie.right):
        ties.append(tie)


def _hold_together(groups: Groups, ties: list[Tie], members: list[str]) -> None:
    """Join the parts that ties left of one machine entity: each to the first that may have it."""
    parts = list(dict.fromkeys(groups.of(record) for record in members))
    firsts: dict[str, str] = {}
    for record in members:
        firsts.setdefault(groups.of(record), record)
    while parts:
        first = parts.pop(0)
        for other in list(parts):
            if groups.may_join(first, other):
                _tie(groups, ties, Tie(firsts[first], firsts[other], "entity"))
                parts.remove(other)


def _by_entity(entity_of: Mapping[str, str]) -> list[list[str]]:
    members: dict[str, list[str]] = defaultdict(list)
    for record in sorted(entity_of):
        members[entity_of[record]].append(record)
    return [members[entity] for entity in sorted(members)]


def _named(groups: Groups, present: Mapping[str, str]) -> dict[str, str]:
    """Each record of the data with the smallest record of its group that is in the data."""
    names: dict[str, str] = {}
    for record in sorted(present):
        names.setdefault(groups.of(record), record)
    return {record: names[groups.of(record)] for record in present}
