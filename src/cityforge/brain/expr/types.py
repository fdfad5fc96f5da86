"""Types of expressions: kind, unit, grain; the named things a type is known of; what is in scope.

Numbers are EXACT (a decimal of stated precision and scale, in its unit) or DOUBLE (IEEE binary64).
Sums, differences, products and comparisons of EXACT stay exact while they fit 38 digits; what
would not fit, and every quotient, is DOUBLE.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property

from cityforge.brain.expr.nodes import Node
from cityforge.brain.values.quantity import PLAIN, Unit

MOST_DIGITS = 38  # the widest DECIMAL that DuckDB, Spark and Arrow share
ANY_DOUBLE = (309, 324)  # a finite double lies below 10**309, a nonzero one at or above 10**-324


class Kind(Enum):
    __hash__ = object.__hash__  # as of Op

    BOOL = "bool"
    TEXT = "text"
    DATE = "date"
    EXACT = "exact"
    DOUBLE = "double"


class Grain(Enum):
    """What one value is known of. NONE: a constant, the same everywhere."""

    NONE = "none"
    ENTERPRISE = "enterprise"
    ENTERPRISE_YEAR = "enterprise_year"
    PLACE_PERIOD = "place_period"


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a value. `precision` (all digits) and `scale` (decimals) count for EXACT only.

    `is_share` marks the ratio of two like quantities. `reach` bounds a DOUBLE: its size is below
    10**reach[0] and, unless zero, at least 10**-reach[1]; it tells where overflow must be guarded.
    """

    kind: Kind
    unit: Unit = PLAIN
    precision: int = 0
    scale: int = 0
    grain: Grain = Grain.NONE
    is_share: bool = False
    reach: tuple[int, int] = field(default=ANY_DOUBLE, compare=False)

    @property
    def is_number(self) -> bool:
        return self.kind in (Kind.EXACT, Kind.DOUBLE)

    @property
    def whole_digits(self) -> int:
        """Digits before the point of an EXACT."""
        return self.precision - self.scale

    @property
    def bounds(self) -> tuple[int, int]:
        """The reach of any number."""
        return (self.whole_digits, self.scale) if self.kind is Kind.EXACT else self.reach

    def of_grain(self, grain: Grain) -> "Type":
        return replace(self, grain=grain)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A fact or parameter that an expression may name. `values`: the only texts it can hold."""

    name: str
    title: str
    type: Type
    values: frozenset[str] | None = None


@dataclass(frozen=True)
class Scope:
    """What an expression may name: facts by id, parameters by id, registers by id or title.

    `registers` leads from each id and each title to the id. `grain`, where given, is the widest
    that the result may have. `terms` are parameters given as literals, `steps` expressions that
    may be used by name: either stands in the tree as if it were written there.
    """

    facts: Mapping[str, Symbol]
    parameters: Mapping[str, Symbol]
    registers: Mapping[str, str]
    grain: Grain | None = None
    terms: Mapping[str, Node] = field(default_factory=dict)
    steps: Mapping[str, Node] = field(default_factory=dict)

    def fact(self, name: str) -> Symbol | None:
        """The fact of this id, else the one of this title; a title that two facts share is none."""
        return self.facts.get(name) or self._by_title.get(name)

    @cached_property
    def _by_title(self) -> dict[str, Symbol | None]:
        found: dict[str, Symbol | None] = {}
        for symbol in self.facts.values():
            found[symbol.title] = None if symbol.title in found else symbol
        return found


def common_grain(left: Grain, right: Grain) -> Grain | None:
    """The grain of what is made of both; None where they do not go together."""
    if left is right or right is Grain.NONE:
        return left
    if left is Grain.NONE:
        return right
    pair = {left, right}
    return Grain.ENTERPRISE_YEAR if pair == {Grain.ENTERPRISE, Grain.ENTERPRISE_YEAR} else None


def exact(unit: Unit, whole_digits: int, scale: int, grain: Grain) -> Type | None:
    """The EXACT of so many digits before and after the point; None beyond 38 in all."""
    precision = max(whole_digits, 0) + scale
    if precision > MOST_DIGITS:
        return None
    return Type(Kind.EXACT, unit, precision=max(precision, 1), scale=scale, grain=grain)


def double(unit: Unit, grain: Grain, reach: tuple[int, int] = ANY_DOUBLE) -> Type:
    """A DOUBLE; a reach beyond the finite doubles is cut to theirs (what overflows is missing)."""
    bounded = (min(reach[0], ANY_DOUBLE[0]), min(reach[1], ANY_DOUBLE[1]))
    return Type(Kind.DOUBLE, unit, grain=grain, reach=bounded)
