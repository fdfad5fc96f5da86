"""Expressions over one thing whose facts change one by one: only what rests on a change is redone.

The vectorised kernel asks each question of a million rows at once; here a million questions wait
for one row. Equal parts are computed once, as there; a change goes on only where it changes a
value; `and` and `or` count their parts, so that one part more or less costs one step.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from heapq import heappop, heappush
from typing import Any

from cityforge.brain.engines import reference
from cityforge.brain.engines.kernel.graph import COLUMNS, Graph, Node
from cityforge.brain.engines.reference import Value
from cityforge.brain.expr.typed import Op, Typed, column_name

_NOTHING: Mapping[str, object] = {}
_JOINTS = (Op.AND, Op.OR)
_COMPARE: Mapping[Op, Callable[[Any, Any], bool]] = {
    Op.EQUAL: operator.eq,
    Op.UNEQUAL: operator.ne,
    Op.LESS: operator.lt,
    Op.AT_MOST: operator.le,
    Op.MORE: operator.gt,
    Op.AT_LEAST: operator.ge,
}
Compute = Callable[[list[Value]], Value]


class Live:
    """Values of expressions for one row, kept right while the row changes.

    expressions  checked ones; `value(i)` is that of the i-th
    given        values by column name, as for the reference interpreter; absent: missing
    """

    def __init__(
        self,
        expressions: Sequence[Typed],
        given: Mapping[str, object],
        *,
        as_of: date,
        parameters: Mapping[str, object] = _NOTHING,
    ) -> None:
        graph = Graph(as_of, parameters)
        self._roots = [graph.add(typed).number for typed in expressions]
        nodes = graph.nodes
        self._nodes = nodes
        self._values: list[Value] = [None] * len(nodes)
        self._columns = {column_name(n.typed): n for n in nodes if n.op in COLUMNS}
        self._asked: dict[int, list[int]] = {}
        for place, number in enumerate(self._roots):
            self._asked.setdefault(number, []).append(place)
        self._compute = [_compute(node, as_of) for node in nodes]
        # What makes a joint, alone, what it is; None of what is none.
        self._decides = [{Op.AND: False, Op.OR: True}.get(node.op) for node in nodes]
        # Of each joint: how many parts decide it alone, how many are unknown.
        self._deciding = [0] * len(nodes)
        self._unknown = [len(node.children) for node in nodes]
        # Who reads a node: joints by `and`, by `or`; atoms, computed as soon as it has changed,
        # for they rest on it alone; and others.
        self._ands: list[list[int]] = [[] for _ in nodes]
        self._ors: list[list[int]] = [[] for _ in nodes]
        self._atoms: list[list[int]] = [[] for _ in nodes]
        self._others: list[list[int]] = [[] for _ in nodes]
        for node in nodes:
            readers = self._readers_like(node)
            for child in node.children:
                readers[child.number].append(node.number)
        self._fill(given)

    def value(self, place: int) -> Value:
        """The value of an expression now; None is missing, or unknown."""
        return self._values[self._roots[place]]

    def same_as(self, place: int) -> int:
        """A number that two expressions share where they say the same."""
        return self._roots[place]

    @property
    def columns(self) -> frozenset[str]:
        """What the expressions read."""
        return frozenset(self._columns)

    def set(self, column: str, value: object) -> list[int]:
        """Let a column have another value; the places of the expressions whose values changed.

        A column that nothing reads changes nothing.
        """
        node = self._columns.get(column)
        if node is None:
            return []
        changed: list[int] = []
        self._change(node.number, reference.finite(reference.as_known(value, node.typed)), changed)
        return sorted(changed)

    def _readers_like(self, node: Node) -> list[list[int]]:
        if node.op in _JOINTS:
            return self._ands if node.op is Op.AND else self._ors
        return self._atoms if _is_atom(node) else self._others

    def _fill(self, given: Mapping[str, object]) -> None:
        for node in self._nodes:
            number = node.number
            if node.op in COLUMNS:
                found = reference.as_known(given.get(column_name(node.typed)), node.typed)
                value = reference.finite(found)
            else:
                value = self._computed(number)
            if value is not None:
                self._values[number] = value
                self._tell(number, None, value)  # joints come later than their parts

    def _change(self, first: int, value: Value, changed: list[int]) -> None:
        """Carry a change on, each node once, after all that it rests on."""
        waiting: list[int] = []
        queued: set[int] = set()
        moved = [(first, value)]
        while True:
            for number, after in moved:
                before = self._values[number]
                # 1 equals 1.0 and true: only what is of one kind can be the same.
                if before is after or (before == after and type(before) is type(after)):
                    continue
                self._values[number] = after
                if number in self._asked:
                    changed.extend(self._asked[number])
                for reader in (*self._tell(number, before, after), *self._others[number]):
                    _queue(reader, waiting, queued)
                for atom in self._atoms[number]:
                    moved.append((atom, self._compute[atom](self._values)))
            if not waiting:
                return
            number = heappop(waiting)
            moved = [(number, self._computed(number))]

    def _tell(self, number: int, before: Value, after: Value) -> list[int]:
        """Count a part anew in the joints that it stands in; those that may have changed by it."""
        touched = []
        unknown = (after is None) - (before is None)
        for decides, readers in ((False, self._ands[number]), (True, self._ors[number])):
            deciding = (after is decides) - (before is decides)
            for reader in readers:
                decided = self._deciding[reader]
                open_ = self._unknown[reader]
                self._deciding[reader] = decided + deciding
                self._unknown[reader] = open_ + unknown
                # Decided by another part as before, or as open as before by another part.
                is_same = decided + deciding if decided else open_ and open_ + unknown
                if not is_same or (not decided and deciding):
                    touched.append(reader)
        return touched

    def _computed(self, number: int) -> Value:
        decides = self._decides[number]
        if decides is None:
            return self._compute[number](self._values)
        if self._deciding[number]:
            return decides
        return None if self._unknown[number] else not decides


def _queue(reader: int, waiting: list[int], queued: set[int]) -> None:
    if reader not in queued:
        queued.add(reader)
        heappush(waiting, reader)


def _is_atom(node: Node) -> bool:
    """Whether a condition rests on one column alone."""
    parts = [child for child in node.children if not child.is_constant]
    return node.op not in _JOINTS and len(parts) == 1 and parts[0].op in COLUMNS


def _compute(node: Node, as_of: date) -> Compute:
    """How a node comes out of the values of its children."""
    typed, places = node.typed, [child.number for child in node.children]
    if node.is_constant:
        return lambda _: typed.value  # type: ignore[return-value]
    if node.op is Op.IF:
        condition, then, otherwise = places
        return lambda values: (
            None
            if values[condition] is None
            else values[then]
            if values[condition]
            else values[otherwise]
        )
    if node.op is Op.COALESCE:
        return lambda values: next((values[n] for n in places if values[n] is not None), None)
    if node.op is Op.YEARS_SINCE:
        return lambda values: reference.years_since(values[places[0]], as_of)
    if node.op in _JOINTS or node.op in COLUMNS:
        return lambda _: None
    if node.op is Op.IN and all(child.is_constant for child in node.children[1:]):
        return _among(places[0], [child.value for child in node.children[1:]])
    if node.op is Op.LIKE:
        return _like(places[0], str(typed.value))
    if node.op in _COMPARE and node.children[1].is_constant:
        return _against(_COMPARE[node.op], places[0], node.children[1].value)
    strict = reference.STRICT[node.op]
    if len(places) == 1:
        (only,) = places
        return lambda values: (
            None if values[only] is None else reference.finite(strict(typed, values[only]))
        )
    if len(places) == 2:
        left, right = places
        return lambda values: (
            None
            if values[left] is None or values[right] is None
            else reference.finite(strict(typed, values[left], values[right]))
        )

    def many(values: list[Value]) -> Value:
        found = [values[place] for place in places]
        return None if None in found else reference.finite(strict(typed, *found))

    return many


def _against(compare: Callable[[Any, Any], bool], place: int, constant: object) -> Compute:
    if constant is None:
        return lambda _: None
    return lambda values: None if values[place] is None else compare(values[place], constant)


def _among(place: int, options: Sequence[object]) -> Compute:
    if None in options:
        return lambda _: None
    known = frozenset(options)
    return lambda values: None if values[place] is None else values[place] in known


def _like(place: int, like: str) -> Compute:
    found = reference.pattern(like).fullmatch
    return lambda values: None if values[place] is None else found(str(values[place])) is not None
