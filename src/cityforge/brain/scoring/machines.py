"""The machines a scoring function runs on: plain numbers, SQL trees, NumPy arrays.

A function is written once, in the few operations of `Machine`; all three take the same steps in
the same order, so that they give the same IEEE double. Missing is None, NULL and NaN.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
from sqlglot import exp

V = TypeVar("V")  # a value
B = TypeVar("B")  # a truth
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# Two numbers that are equal by hand may differ in a double's last digits: 0.3 / 0.1 is a little
# less than 3. Whatever decides a rank or whether a limit is reached is held to so many decimals.
DECIMALS = 9
_SHIFT = 10.0**DECIMALS


class Machine(Protocol[V, B]):
    """What a scoring function may do with values; whatever touches a missing one is missing."""

    def number(self, value: float) -> V: ...
    def plus(self, left: V, right: V) -> V: ...
    def minus(self, left: V, right: V) -> V: ...
    def times(self, left: V, right: V) -> V: ...

    def over(self, left: V, right: V) -> V:
        """A quotient; the divisor is known not to be zero, or missing."""
        ...

    def more(self, left: V, right: V) -> B: ...
    def at_least(self, left: V, right: V) -> B: ...
    def differ(self, left: V, right: V) -> B: ...

    def only(self, when: B, value: V) -> V:
        """The value where the truth holds, missing elsewhere."""
        ...

    def choose(self, when: B, then: V, otherwise: V) -> V:
        """One of two values; missing where the truth is unknown."""
        ...

    def held(self, value: V, least: float | None, most: float | None) -> V:
        """The value held between two bounds."""
        ...

    def settled(self, value: V) -> V:
        """The value to nine decimals, a half away from zero: what is compared and ranked."""
        ...


class Plain:
    """The reference, on one number at a time."""

    def number(self, value: float) -> float | None:
        return value

    def plus(self, left: float | None, right: float | None) -> float | None:
        return None if left is None or right is None else left + right

    def minus(self, left: float | None, right: float | None) -> float | None:
        return None if left is None or right is None else left - right

    def times(self, left: float | None, right: float | None) -> float | None:
        return None if left is None or right is None else left * right

    def over(self, left: float | None, right: float | None) -> float | None:
        return None if left is None or right is None else left / right

    def more(self, left: float | None, right: float | None) -> bool | None:
        return None if left is None or right is None else left > right

    def at_least(self, left: float | None, right: float | None) -> bool | None:
        return None if left is None or right is None else left >= right

    def differ(self, left: float | None, right: float | None) -> bool | None:
        return None if left is None or right is None else left != right

    def only(self, when: bool | None, value: float | None) -> float | None:  # noqa: FBT001
        return value if when else None

    def choose(
        self,
        when: bool | None,  # noqa: FBT001
        then: float | None,
        otherwise: float | None,
    ) -> float | None:
        return None if when is None else then if when else otherwise

    def held(self, value: float | None, least: float | None, most: float | None) -> float | None:
        if value is None:
            return None
        if most is not None and value > most:
            return most
        return least if least is not None and value < least else value

    def settled(self, value: float | None) -> float | None:
        if value is None:
            return None
        rest, whole = math.modf(value * _SHIFT)
        if abs(rest) >= 0.5:
            whole += math.copysign(1.0, rest)
        return whole / _SHIFT


class Sql:
    """The same as trees. CASE throughout: LEAST and GREATEST would skip a missing value."""

    def number(self, value: float) -> exp.Expr:
        """A literal that every engine reads as the same double (0.1 alone may be a DECIMAL)."""
        return exp.cast(exp.Literal.number(repr(value)), "DOUBLE")

    def plus(self, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        return exp.Add(this=_one(left), expression=_one(right))

    def minus(self, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        return exp.Sub(this=_one(left), expression=_one(right))

    def times(self, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        return exp.Mul(this=_one(left), expression=_one(right))

    def over(self, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        return exp.Div(this=_one(left), expression=_one(right))

    def more(self, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        return exp.GT(this=_one(left), expression=_one(right))

    def at_least(self, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        return exp.GTE(this=_one(left), expression=_one(right))

    def differ(self, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        return exp.NEQ(this=_one(left), expression=_one(right))

    def only(self, when: exp.Expr, value: exp.Expr) -> exp.Expr:
        return exp.Case().when(when.copy(), value.copy())

    def choose(self, when: exp.Expr, then: exp.Expr, otherwise: exp.Expr) -> exp.Expr:
        case = exp.Case().when(when.copy(), then.copy())
        return case.when(exp.not_(exp.paren(when.copy())), otherwise.copy())

    def held(self, value: exp.Expr, least: float | None, most: float | None) -> exp.Expr:
        if least is None and most is None:
            return value
        bounds = exp.Case()
        if most is not None:
            bound = self.number(most)
            bounds = bounds.when(exp.GT(this=_one(value), expression=bound), bound.copy())
        if least is not None:
            bound = self.number(least)
            bounds = bounds.when(exp.LT(this=_one(value), expression=bound), bound.copy())
        return bounds.else_(value.copy())

    def settled(self, value: exp.Expr) -> exp.Expr:
        # Shifted, rounded, shifted back: some ROUND with decimals would round digits as printed.
        shifted = exp.Round(this=self.times(value, self.number(_SHIFT)))
        return self.over(shifted, self.number(_SHIFT))


def _one(tree: exp.Expr) -> exp.Expr:
    """A copy that may stand inside another tree."""
    compound = isinstance(tree, exp.Binary | exp.Unary | exp.Case)
    return exp.paren(tree) if compound else tree.copy()


@dataclass(frozen=True, slots=True)
class Truth:
    """Where something holds, and where that is known."""

    holds: Bools
    known: Bools


class Arrays:
    """The same on whole columns; values may be arrays of any shapes that go together."""

    def number(self, value: float) -> Floats:
        return np.asarray(value, dtype=np.float64)

    def plus(self, left: Floats, right: Floats) -> Floats:
        return _quiet(np.add, left, right)

    def minus(self, left: Floats, right: Floats) -> Floats:
        return _quiet(np.subtract, left, right)

    def times(self, left: Floats, right: Floats) -> Floats:
        return _quiet(np.multiply, left, right)

    def over(self, left: Floats, right: Floats) -> Floats:
        return _quiet(np.divide, left, right)

    def more(self, left: Floats, right: Floats) -> Truth:
        return _truth(np.greater(left, right), left, right)

    def at_least(self, left: Floats, right: Floats) -> Truth:
        return _truth(np.greater_equal(left, right), left, right)

    def differ(self, left: Floats, right: Floats) -> Truth:
        return _truth(np.not_equal(left, right), left, right)

    def only(self, when: Truth, value: Floats) -> Floats:
        return np.where(when.holds & when.known, value, np.nan)

    def choose(self, when: Truth, then: Floats, otherwise: Floats) -> Floats:
        return np.where(when.known, np.where(when.holds, then, otherwise), np.nan)

    def held(self, value: Floats, least: float | None, most: float | None) -> Floats:
        held = value if least is None else np.where(value < least, least, value)
        return held if most is None else np.where(value > most, most, held)

    def settled(self, value: Floats) -> Floats:
        shifted = self.times(value, self.number(_SHIFT))
        whole = np.trunc(shifted)
        is_half = np.abs(self.minus(shifted, whole)) >= 0.5
        return self.over(np.where(is_half, whole + np.sign(shifted), whole), self.number(_SHIFT))


def _truth(holds: Any, left: Floats, right: Floats) -> Truth:
    return Truth(np.asarray(holds), ~(np.isnan(left) | np.isnan(right)))


def _quiet(operation: Callable[[Floats, Floats], Any], left: Floats, right: Floats) -> Floats:
    with np.errstate(all="ignore"):
        return np.asarray(operation(left, right), dtype=np.float64)


PLAIN, SQL, ARRAYS = Plain(), Sql(), Arrays()
