"""The checked tree: every operation with its type, every conversion of a unit written out.

This is what the machines read (the reference interpreter, the SQL compiler, later the kernel):
each of them is one table from `Op` to what it does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from operator import mul

from cityforge.brain.expr.nodes import Span
from cityforge.brain.expr.types import Kind, Type

KEPT_DIGITS = 34  # of a decimal, by Spark, when its sign is changed


class Op(Enum):
    """Every operation. In all but AND, OR, COALESCE and CASE a missing operand gives missing."""

    __hash__ = object.__hash__  # each is there once; Enum's own hashes the name anew every time

    LITERAL = "literal"  # value: Decimal, float, bool, str or date
    FACT = "fact"  # value: the fact's id
    PAST = "past"  # value: (the fact's id, years back as -1, -2, …)
    PARAMETER = "parameter"  # value: the parameter's id
    REGISTER = "register"  # value: the register's id; true when the enterprise is in it
    EVER = "ever"  # value: the register's id; true when it was ever recognised there
    FIRST = "first"  # value: the register's id; the day of its first recognition there
    ENTRIES = "entries"  # value: the register's id; how many entries it has there
    SCALE = "scale"  # EXACT times a literal, exactly: the same amount in a smaller unit
    # EXACT to the nearest double; with a `value`, times that number, to the nearest whole one
    TO_DOUBLE = "to_double"
    SCALE_DOUBLE = "scale_double"  # value: a Fraction n/d; times n, then divided by d, in doubles
    NEGATE = "negate"
    ADD = "add"
    SUBTRACT = "subtract"
    MULTIPLY = "multiply"
    DIVIDE = "divide"  # two DOUBLE; by zero: missing
    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    NOT = "not"
    AND = "and"  # Kleene, any number of children
    OR = "or"
    IN = "in"  # child 0 in the tuple of literals `value`
    LIKE = "like"  # value: the pattern
    IF = "if"  # condition, then, else; an unknown condition gives missing
    COALESCE = "coalesce"  # the first child that is known
    LEAST = "least"
    GREATEST = "greatest"
    ROUND = "round"  # value: decimals; half away from zero
    FLOOR = "floor"
    ABS = "abs"
    ROOT = "root"  # square root of a DOUBLE; of a negative one: missing
    CUBE_ROOT = "cube_root"  # of a DOUBLE; near, but not everywhere the same to the last bit
    YEARS_SINCE = "years_since"  # whole years completed from a DATE to the as-of date


REGISTER_OPS = (Op.REGISTER, Op.EVER, Op.FIRST, Op.ENTRIES)


@dataclass(frozen=True, slots=True)
class Typed:
    """One operation with its type. Equal ones compute the same; where they stand does not count."""

    op: Op
    type: Type
    children: tuple["Typed", ...] = ()
    value: object = None
    span: Span = field(default=Span(0, 0, 1, 1), compare=False)
    depth: int = field(init=False, compare=False)
    weight: int = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Depth and weight of the whole, known at once: a tree too large must never be walked."""
        depth = 1 + max((child.depth for child in self.children), default=0)
        weights = [child.weight for child in self.children]
        weight = 1 + sum(map(mul, weights, _mentions(self)))
        object.__setattr__(self, "depth", depth)
        object.__setattr__(self, "weight", weight)

    @property
    def may_overflow(self) -> bool:
        """Whether the type cannot promise that a computed double is finite."""
        return self.op in _COMPUTED and self.type.kind is Kind.DOUBLE and self.type.reach[0] >= 309

    @property
    def is_guarded(self) -> bool:
        """Whether SQL must look at the size of a double before it is rounded."""
        if self.type.kind is not Kind.DOUBLE or self.op not in (Op.ROUND, Op.FLOOR):
            return False
        high = self.children[0].type.reach[0]
        return high + int(str(self.value)) > 308 if self.op is Op.ROUND else high > 15

    @property
    def is_turned_in_sum(self) -> bool:
        """Whether SQL must write a change of sign as a difference, to keep every digit."""
        turns = self.op in (Op.NEGATE, Op.ABS) and self.type.kind is Kind.EXACT
        return turns and self.type.precision > KEPT_DIGITS


_COMPUTED = {Op.ADD, Op.SUBTRACT, Op.MULTIPLY, Op.DIVIDE, Op.SCALE_DOUBLE}


def _mentions(typed: Typed) -> tuple[int, ...]:
    """How often SQL repeats each operand, to guard against NULL and overflow or to take it apart.

    DuckDB writes NULLIF and CASE … WHEN out with two copies of what they test.
    """
    count = len(typed.children)
    if typed.op is Op.IF:
        return (2, 1, 1)
    if typed.op is Op.ROOT:
        return (2,)
    if typed.is_guarded:
        return (3,)
    if typed.op is Op.ABS and typed.is_turned_in_sum:
        return (2,)
    if typed.op is Op.YEARS_SINCE:
        return (3,)
    if typed.op in (Op.LEAST, Op.GREATEST):
        return (2,) * count
    times = 2 if typed.may_overflow else 1
    if typed.op is Op.DIVIDE:
        return (times, times if typed.children[1].op is Op.LITERAL else 2 * times)
    return (times,) * count


def column_name(typed: Typed) -> str:
    """What the value of a fact or a look-up is called in a table of facts: `revenue`,
    `revenue[-1]`, `register:listed`, `first:listed` …"""
    if typed.op is Op.PAST and isinstance(typed.value, tuple):
        name, years = typed.value
        return f"{name}[{years}]"
    return f"{typed.op.value}:{typed.value}" if typed.op in REGISTER_OPS else str(typed.value)


def walk(typed: Typed) -> Iterator[Typed]:
    """The operation and everything under it, without recursion."""
    waiting = [typed]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(reversed(found.children))
