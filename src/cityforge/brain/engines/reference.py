"""The slow, plain interpreter of expressions: what every other machine must agree with.

Missing is None. Exact numbers are Decimals computed without rounding; doubles are Python floats,
one IEEE operation at a time. A double that overflows, and a division by zero, is missing.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, Inexact
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from cityforge.brain.expr.typed import Op, Typed, column_name
from cityforge.brain.expr.types import Kind

Value = bool | Decimal | float | str | date | None

_NOTHING: Mapping[str, object] = MappingProxyType({})
# Wide enough for every product of two 38-digit numbers; what would round is a fault of ours.
_EXACT = Context(prec=100, traps=[Inexact])


def evaluate(
    typed: Typed,
    facts: Mapping[str, object],
    *,
    as_of: date,
    parameters: Mapping[str, object] = _NOTHING,
    registers: Mapping[str, object] = _NOTHING,
) -> Value:
    """The value of an expression for one thing; None is missing, or unknown.

    `facts` and `parameters` hold exact numbers as Decimal in the unit of their symbol, texts, dates
    and bools; one that is absent or None is missing; a fact of an earlier year is `revenue[-1]`.
    `registers`: register id -> is in it; `ever:id`, `first:id`, `entries:id`: the other look-ups.
    """
    return _Machine(facts, as_of, parameters, registers).value(typed)


@dataclass(frozen=True, slots=True)
class _Machine:
    facts: Mapping[str, object]
    as_of: date
    parameters: Mapping[str, object]
    registers: Mapping[str, object]

    def value(self, typed: Typed) -> Value:
        own = _OWN.get(typed.op)
        if own is not None:
            return own(self, typed)
        operands = [self.value(child) for child in typed.children]
        if any(operand is None for operand in operands):
            return None
        return finite(STRICT[typed.op](typed, *operands))


def finite(value: Value) -> Value:
    """Missing in place of what is no finite number."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _given(source: Mapping[str, object], typed: Typed, name: str | None = None) -> Value:
    return as_known(source.get(name or str(typed.value)), typed)


def as_known(found: object, typed: Typed) -> Value:
    """A value of a table as the machine computes with it."""
    if found is None:
        return None
    if typed.type.kind is Kind.EXACT:
        return found if isinstance(found, Decimal) else Decimal(str(found))
    if typed.type.kind is Kind.DOUBLE:
        return float(str(found))
    return found  # type: ignore[return-value]


def _and(machine: _Machine, typed: Typed) -> Value:
    known = [machine.value(child) for child in typed.children]
    return False if False in known else None if None in known else True


def _or(machine: _Machine, typed: Typed) -> Value:
    known = [machine.value(child) for child in typed.children]
    return True if True in known else None if None in known else False


def _if(machine: _Machine, typed: Typed) -> Value:
    condition, then, otherwise = typed.children
    while True:
        truth = machine.value(condition)
        if truth is None:
            return None
        if truth:
            return machine.value(then)
        if otherwise.op is not Op.IF:
            return machine.value(otherwise)
        condition, then, otherwise = otherwise.children


def _coalesce(machine: _Machine, typed: Typed) -> Value:
    values = (machine.value(child) for child in typed.children)
    return next((value for value in values if value is not None), None)


def _years_since(machine: _Machine, typed: Typed) -> Value:
    return years_since(machine.value(typed.children[0]), machine.as_of)


def years_since(day: Value, as_of: date) -> Value:
    """Whole years by the calendar day; a 29 February comes round on 1 March of a common year."""
    if not isinstance(day, date):
        return None
    return Decimal(as_of.year - day.year - ((as_of.month, as_of.day) < (day.month, day.day)))


def _divide(typed: Typed, left: float, right: float) -> float | None:
    return left / right if right else None


def _to_double(typed: Typed, number: Decimal) -> float:
    found = float(number)
    if typed.value is None:
        return found
    shifted = Decimal(found * float(str(typed.value)))
    return float(shifted.to_integral_value(ROUND_HALF_UP))


def _scale_double(typed: Typed, number: float) -> float:
    ratio = typed.value
    assert isinstance(ratio, Fraction)
    return number * float(ratio.numerator) / float(ratio.denominator)


def _add(typed: Typed, left: Decimal | float, right: Decimal | float) -> Decimal | float:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return _EXACT.add(left, right)
    return float(left) + float(right)


def _subtract(typed: Typed, left: Decimal | float, right: Decimal | float) -> Decimal | float:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return _EXACT.subtract(left, right)
    return float(left) - float(right)


def _multiply(typed: Typed, left: Decimal | float, right: Decimal | float) -> Decimal | float:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return _EXACT.multiply(left, right)
    return float(left) * float(right)


def _negate(typed: Typed, number: Decimal | float) -> Decimal | float:
    return number.copy_negate() if isinstance(number, Decimal) else -number


def _abs(typed: Typed, number: Decimal | float) -> Decimal | float:
    return number.copy_abs() if isinstance(number, Decimal) else abs(number)


def _round(typed: Typed, number: Decimal | float) -> Decimal | float:
    """A half goes away from zero. A double is shifted, rounded and shifted back, as doubles."""
    decimals = int(str(typed.value))
    if isinstance(number, Decimal):
        return _quantized(number, decimals, ROUND_HALF_UP)
    shift = 10.0**decimals
    shifted = number * shift
    if not math.isfinite(shifted):
        return number
    return float(Decimal(shifted).to_integral_value(ROUND_HALF_UP)) / shift


def _floor(typed: Typed, number: Decimal | float) -> Decimal | float:
    if isinstance(number, Decimal):
        return _quantized(number, 0, ROUND_FLOOR)
    return float(math.floor(number))


def _quantized(number: Decimal, decimals: int, rounding: str) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), rounding, Context(prec=100))


def _like(typed: Typed, text: str) -> bool:
    return pattern(str(typed.value)).fullmatch(text) is not None


@lru_cache(maxsize=4096)
def pattern(like: str) -> re.Pattern[str]:
    """What `like` looks for: % stands for any characters, _ for one."""
    wild = {"%": ".*", "_": "."}
    return re.compile("".join(wild.get(sign) or re.escape(sign) for sign in like), re.DOTALL)


# What decides about missing operands itself.
_OWN: dict[Op, Callable[[_Machine, Typed], Value]] = {
    Op.LITERAL: lambda _, typed: typed.value,  # type: ignore[dict-item, return-value]
    Op.FACT: lambda machine, typed: finite(_given(machine.facts, typed)),
    Op.PARAMETER: lambda machine, typed: finite(_given(machine.parameters, typed)),
    Op.PAST: lambda machine, typed: finite(_given(machine.facts, typed, column_name(typed))),
    Op.REGISTER: lambda machine, typed: _given(machine.registers, typed),
    Op.EVER: lambda machine, typed: _given(machine.registers, typed, column_name(typed)),
    Op.FIRST: lambda machine, typed: _given(machine.registers, typed, column_name(typed)),
    Op.ENTRIES: lambda machine, typed: _given(machine.registers, typed, column_name(typed)),
    Op.AND: _and,
    Op.OR: _or,
    Op.IF: _if,
    Op.COALESCE: _coalesce,
    Op.YEARS_SINCE: _years_since,
}
# What is missing as soon as one operand is.
STRICT: dict[Op, Callable[..., Value]] = {
    Op.SCALE: _multiply,
    Op.TO_DOUBLE: _to_double,
    Op.SCALE_DOUBLE: _scale_double,
    Op.NEGATE: _negate,
    Op.ADD: _add,
    Op.SUBTRACT: _subtract,
    Op.MULTIPLY: _multiply,
    Op.DIVIDE: _divide,
    Op.EQUAL: lambda _, left, right: left == right,
    Op.UNEQUAL: lambda _, left, right: left != right,
    Op.LESS: lambda _, left, right: left < right,
    Op.AT_MOST: lambda _, left, right: left <= right,
    Op.MORE: lambda _, left, right: left > right,
    Op.AT_LEAST: lambda _, left, right: left >= right,
    Op.NOT: lambda _, truth: not truth,
    Op.IN: lambda _, child, *options: child in options,
    Op.LIKE: _like,
    Op.LEAST: lambda _, *numbers: min(numbers),
    Op.GREATEST: lambda _, *numbers: max(numbers),
    Op.ROUND: _round,
    Op.FLOOR: _floor,
    Op.ABS: _abs,
    Op.ROOT: lambda _, number: math.sqrt(number) if number >= 0 else None,
    Op.CUBE_ROOT: lambda _, number: math.cbrt(number),
}
