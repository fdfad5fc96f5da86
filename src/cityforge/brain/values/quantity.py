"""A number with its unit, exact: 512.6万元, 20亩, 3%; conversion, comparison, the energy switch.

Numbers are fractions inside, so a conversion there and back gives the same number. Units are
refused, never guessed: 万元 compares with 元 exactly and with 亩 not at all.
"""

import functools
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from cityforge.brain.errors import Text, ValueRefused
from cityforge.brain.values.spelling import half_width
from cityforge.brain.values.unit import (
    PLAIN,
    Dimension,
    KnownUnit,
    Unit,
    match_prefix,
    unit,
    units,
)

__all__ = [
    "PLAIN",
    "Dimension",
    "EnergyBasis",
    "KnownUnit",
    "Quantity",
    "Unit",
    "electricity_to_energy",
    "match_prefix",
    "unit",
    "units",
]

EnergyBasis = Literal["calorific", "equivalent"]
"""How electricity counts as coal: 当量值 (its own heat) or 等价值 (the coal burnt to supply it)."""

_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[+-]?\.\d+", re.ASCII)
_LONGEST = 60  # characters of a number; no amount of a city needs more
_MINUS_SIGNS = str.maketrans({"−": "-", "﹣": "-"})


@functools.total_ordering
@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Quantity:
    """An exact number of a unit. Equal and ordered by amount: 1万元 == 10000元.

    Ordering, adding and converting unlike units raises ValueRefused; `==` of unlike is False.
    """

    value: Fraction
    unit: Unit

    def __init__(self, value: Decimal | int | Fraction, unit: Unit = PLAIN) -> None:
        if isinstance(value, float):
            raise TypeError("a Quantity is exact: give a Decimal, an int or a Fraction")
        object.__setattr__(self, "value", Fraction(value))
        object.__setattr__(self, "unit", unit)

    @classmethod
    def parse(cls, text: str) -> "Quantity":
        """Reads a number and its unit: "512.6万元", "1,234.5 亩", "５２（万元）", "3%", "12".

        Raises ValueRefused with the position of what cannot be read.
        """
        folded = half_width(text).translate(_MINUS_SIGNS)
        start = len(folded) - len(folded.lstrip())
        number = _NUMBER.match(folded, start)
        if number is None or number.end() > _LONGEST:
            raise ValueRefused(
                Text(zh="开头不是可读的数字", en="no readable number at the beginning"),
                Text(zh="写成数字加单位，如 512.6万元", en="a number and its unit, as 512.6万元"),
                start,
            )
        return cls(Fraction(number.group().replace(",", "")), _unit_after(folded, number.end()))

    def to(self, unit: Unit) -> "Quantity":
        """The same amount in `unit`, exactly; raises ValueRefused when the units are not like."""
        _refuse_unlike(self.unit, unit)
        return Quantity(self.value * self.unit.factor / unit.factor, unit)

    def decimal(self, places: int) -> Decimal:
        """The number rounded half up (away from zero) to `places` decimals."""
        shifted = abs(self.value) * 10**places
        whole = (2 * shifted.numerator + shifted.denominator) // (2 * shifted.denominator)
        digits = tuple(int(digit) for digit in str(whole))
        return Decimal((int(self.value < 0 and whole > 0), digits, -places))

    def __add__(self, other: "Quantity") -> "Quantity":
        return Quantity(self.value + other.to(self.unit).value, self.unit)

    def __sub__(self, other: "Quantity") -> "Quantity":
        return self + -other

    def __neg__(self) -> "Quantity":
        return Quantity(-self.value, self.unit)

    def __mul__(self, other: "Quantity") -> "Quantity":
        return Quantity(self.value * other.value, self.unit * other.unit)

    def __truediv__(self, other: "Quantity") -> "Quantity":
        """The exact ratio; ZeroDivisionError when `other` is nothing."""
        return Quantity(self.value / other.value, self.unit / other.unit)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Quantity):
            return NotImplemented
        return self.unit.is_like(other.unit) and self._base == other._base

    def __lt__(self, other: "Quantity") -> bool:
        _refuse_unlike(self.unit, other.unit)
        return self._base < other._base

    def __hash__(self) -> int:
        return hash((self._base, self.unit.dimension))

    def __str__(self) -> str:
        return f"{_plainly(self.value)}{self.unit.symbol}"

    def __repr__(self) -> str:
        return f"Quantity({self})"

    @property
    def _base(self) -> Fraction:
        return self.value * self.unit.factor


_KWH = unit("kWh")
_KGCE = unit("kgce")
_KGCE_PER_KWH = unit("kgce/kWh")
_CALORIFIC_RATE = Quantity(Decimal("0.1229"), _KGCE_PER_KWH)  # GB/T 2589-2020, 电力（当量值）


def electricity_to_energy(
    electricity: Quantity, *, basis: EnergyBasis, coal_rate: Quantity | None = None
) -> Quantity:
    """Electricity as kgce: "calorific" = 当量值, 0.1229 kgce/kWh (GB/T 2589-2020).

    "equivalent" = 等价值: the coal rate of power supply differs by year, so the caller gives it
    (kgce/kWh or like). Raises ValueRefused for a missing rate and for unlike units.
    """
    if basis == "calorific":
        rate = _CALORIFIC_RATE
    elif coal_rate is not None:
        rate = coal_rate.to(_KGCE_PER_KWH)
    else:
        raise ValueRefused(
            Text(
                zh="按等价值折标煤需要当年的供电煤耗",
                en="the equivalent basis needs the year's coal rate of power supply",
            ),
            Text(
                zh="以带日期的参数给出，如 300克标准煤/kWh",
                en="give it as a dated parameter, such as 300gce/kWh",
            ),
        )
    return Quantity(electricity.to(_KWH).value * rate.value, _KGCE)


def _unit_after(text: str, start: int) -> Unit:
    """The unit in the rest of the text, which may stand in brackets."""
    rest = text[start:].strip()
    offset = start + len(text[start:]) - len(text[start:].lstrip())
    if rest.startswith("(") and rest.endswith(")"):
        rest, offset = rest[1:-1], offset + 1
    try:
        return unit(rest)
    except ValueRefused as refused:
        raise ValueRefused(refused.what, refused.hint, offset + (refused.position or 0)) from None


def _refuse_unlike(left: Unit, right: Unit) -> None:
    if left.is_like(right):
        return
    a, b = left.symbol or "纯数", right.symbol or "纯数"
    x, y = left.symbol or "a plain number", right.symbol or "a plain number"
    raise ValueRefused(
        Text(
            zh=f"“{a}”与“{b}”不是同一种量，不能换算或比较",
            en=f"{x} and {y} measure different things: they neither convert nor compare",
        ),
        Text(zh="检查两边的单位", en="check the units on both sides"),
    )


def _plainly(value: Fraction) -> str:
    """The number in decimals where they end, else as a fraction."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return str(value)
    return f"{Quantity(value).decimal(max(twos, fives)):f}"
