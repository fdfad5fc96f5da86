"""Typed trees as one graph: equal parts once, parameters bound, constants worked out.

Trees share their parts (`at least n of m` would else grow beyond measure), so they are walked by
identity, never as trees, and without recursion.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cityforge.brain.engines import reference
from cityforge.brain.expr.typed import REGISTER_OPS, Op, Typed, column_name
from cityforge.brain.expr.types import Kind, Type

COLUMNS = (Op.FACT, Op.PAST, *REGISTER_OPS)


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """An operation on nodes of lower numbers. A LITERAL holds its value; None is missing.

    typed   an expression that means the same
    """

    number: int
    typed: Typed
    children: tuple["Node", ...] = ()

    @property
    def op(self) -> Op:
        return self.typed.op

    @property
    def type(self) -> Type:
        return self.typed.type

    @property
    def kind(self) -> Kind:
        return self.typed.type.kind

    @property
    def value(self) -> object:
        return self.typed.value

    @property
    def is_constant(self) -> bool:
        return self.typed.op is Op.LITERAL


@dataclass(slots=True)
class Graph:
    """Grows by `add`; `nodes[n].number == n`, children before parents."""

    as_of: date
    parameters: Mapping[str, object]
    nodes: list[Node] = field(default_factory=list)
    _by_key: dict[object, Node] = field(default_factory=dict)
    # The tree is kept beside its node: an identity counts only while its owner lives.
    _by_identity: dict[int, tuple[Typed, Node]] = field(default_factory=dict)

    def add(self, typed: Typed) -> Node:
        known = self._by_identity
        waiting = [typed]
        while waiting:
            top = waiting[-1]
            ahead = [child for child in top.children if id(child) not in known]
            if ahead:
                waiting.extend(reversed(ahead))
                continue
            waiting.pop()
            if id(top) not in known:
                children = tuple(known[id(child)][1] for child in top.children)
                known[id(top)] = (top, self.made(top, children))
        return known[id(typed)][1]

    def made(self, typed: Typed, children: tuple[Node, ...]) -> Node:
        """The node of an operation on these children, found or new."""
        if typed.op is Op.PARAMETER or (children and all(child.is_constant for child in children)):
            given = Typed(typed.op, typed.type, tuple(c.typed for c in children), typed.value)
            value = reference.evaluate(given, {}, as_of=self.as_of, parameters=self.parameters)
            return self.constant(value, typed.type)
        if typed.op is Op.COALESCE and children[0].is_constant and children[0].value is not None:
            return self.constant(children[0].value, typed.type)
        key = (*_key(typed), tuple(child.number for child in children))
        found = self._by_key.get(key)
        if found is None:
            found = Node(len(self.nodes), typed, children)
            self.nodes.append(found)
            self._by_key[key] = found
        return found

    def constant(self, value: object, type_: Type) -> Node:
        return self.made(Typed(Op.LITERAL, type_, value=value), ())

    def columns(self) -> dict[str, Type]:
        """The columns that the graph reads, with their types."""
        read = [node.typed for node in self.nodes if node.op in COLUMNS]
        return {column_name(typed): typed.type for typed in read}


def _key(typed: Typed) -> tuple[object, ...]:
    """What an operation computes. The unit does not count: conversions stand in the tree."""
    type_, value = typed.type, typed.value
    if isinstance(value, Decimal):
        value = (value.as_tuple(), "decimal")
    return (typed.op, type_.kind, type_.precision, type_.scale, typed.may_overflow, value)
