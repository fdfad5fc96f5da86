"""What an expression says, as frozen nodes with their place in the text; no meaning yet."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from cityforge.brain.values.quantity import Unit

ArithmeticSign = Literal["+", "-", "*", "/"]
ComparisonSign = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Span:
    """Characters start..end (0-based, end excluded) of the text; line and column are 1-based."""

    start: int
    end: int
    line: int
    column: int

    def to(self, last: "Span") -> "Span":
        """From the beginning of this span to the end of `last`."""
        return Span(self.start, last.end, self.line, self.column)


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of an expression. Equal nodes say the same; where they stand does not count."""

    span: Span = field(compare=False)

    def children(self) -> tuple["Node", ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Number(Node):
    """`500`, `3%`, `20万元/亩`: the number as written and the unit after it (plain when none)."""

    value: Decimal
    unit: Unit


@dataclass(frozen=True, slots=True)
class Words(Node):
    """`'C26'`: a text."""

    value: str


@dataclass(frozen=True, slots=True)
class Truth(Node):
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True, slots=True)
class Day(Node):
    """`date '2024-01-01'`."""

    value: date


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A fact, by its id or its Chinese title."""

    name: str


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    """`p.name`: a dated parameter."""

    name: str


@dataclass(frozen=True, slots=True)
class Past(Node):
    """`revenue[-1]`, `revenue[-3:-1]`: a yearly fact of earlier years; 0 is the year itself."""

    name: str
    first: int
    last: int
    is_run: bool

    @property
    def years(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """`-x`."""

    child: Node

    def children(self) -> tuple[Node, ...]:
        return (self.child,)


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`left sign right`; `at` is where the sign stands."""

    sign: ArithmeticSign
    left: Node
    right: Node
    at: Span = field(compare=False)

    def children(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`left sign right`; `at` is where the sign stands."""

    sign: ComparisonSign
    left: Node
    right: Node
    at: Span = field(compare=False)

    def children(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class Not(Node):
    child: Node

    def children(self) -> tuple[Node, ...]:
        return (self.child,)


@dataclass(frozen=True, slots=True)
class Junction(Node):
    """`a and b and c` or `a or b or c`, however many."""

    word: Literal["and", "or"]
    parts: tuple[Node, ...]

    def children(self) -> tuple[Node, ...]:
        return self.parts


@dataclass(frozen=True, slots=True)
class OneOf(Node):
    """`child in (options)`."""

    child: Node
    options: tuple[Node, ...]

    def children(self) -> tuple[Node, ...]:
        return (self.child, *self.options)


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`child between low and high`, both ends included."""

    child: Node
    low: Node
    high: Node

    def children(self) -> tuple[Node, ...]:
        return (self.child, self.low, self.high)


@dataclass(frozen=True, slots=True)
class Like(Node):
    """`child like pattern`: % stands for any characters, _ for one."""

    child: Node
    pattern: Node

    def children(self) -> tuple[Node, ...]:
        return (self.child, self.pattern)


@dataclass(frozen=True, slots=True)
class Within(Node):
    """`day within 2025` (a calendar year), `day within 3年` (the years up to the as-of date)."""

    child: Node
    span_of_time: Node

    def children(self) -> tuple[Node, ...]:
        return (self.child, self.span_of_time)


@dataclass(frozen=True, slots=True)
class Case(Node):
    """`case when condition then value … else otherwise end`; without else, otherwise is None."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node | None

    def children(self) -> tuple[Node, ...]:
        flat = tuple(node for branch in self.branches for node in branch)
        return flat if self.otherwise is None else (*flat, self.otherwise)


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`function(arguments)`; `at` is the function's name."""

    function: str
    arguments: tuple[Node, ...]
    at: Span = field(compare=False)

    def children(self) -> tuple[Node, ...]:
        return self.arguments


def walk(node: Node) -> Iterator[Node]:
    """The node and everything under it, without recursion."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(reversed(found.children()))


def depth(node: Node) -> int:
    """How many nodes stand one inside the other on the longest way down."""
    level, deep = [node], 0
    while level:
        level, deep = [child for one in level for child in one.children()], deep + 1
    return deep
