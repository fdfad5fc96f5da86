"""How far a condition is from being met, in the units in which an enterprise counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from cityforge.brain.expr import check, results
from cityforge.brain.expr.typed import Op, Typed
from cityforge.brain.expr.types import Kind
from cityforge.brain.rules.row import GIVEN, Row
from cityforge.brain.values.quantity import PLAIN, Unit, unit

Direction = Literal["more", "less", "same", "other"]

_WANTED: dict[Op, Direction] = {
    Op.AT_LEAST: "more",
    Op.MORE: "more",
    Op.AT_MOST: "less",
    Op.LESS: "less",
    Op.EQUAL: "same",
    Op.UNEQUAL: "other",
}
_TURNED: dict[Direction, Direction] = {
    "more": "less",
    "less": "more",
    "same": "other",
    "other": "same",
}
_CONVERSIONS = (Op.SCALE, Op.SCALE_DOUBLE, Op.TO_DOUBLE)
_CONSTANT = (Op.LITERAL, Op.PARAMETER)
_PERCENT = unit("%")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a unit: exact where the facts are, else a double as a fraction."""

    number: Fraction
    unit: Unit


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One comparison or fact that stands in the way.

    columns     the columns it reads
    direction   what would help: more, less, the same as the threshold, or another value
    value, threshold, difference    None where it is no comparison of numbers
    in_part     the same difference as so much more (or less) of the numerator of a ratio, with the
                column; None where the value is no ratio or the numerator no single column
    relative    difference to threshold, as a share; None without one
    strict      whether the threshold itself does not meet it
    known       each column with its value, where it is no comparison of numbers
    """

    typed: Typed
    columns: tuple[str, ...]
    direction: Direction
    value: Amount | None = None
    threshold: Amount | None = None
    difference: Amount | None = None
    in_part: tuple[str, Amount] | None = None
    strict: bool = False
    known: tuple[tuple[str, object], ...] = ()

    @property
    def relative(self) -> float | None:
        if self.difference is None or self.threshold is None or not self.threshold.number:
            return None
        return float(abs(self.difference.number / self.threshold.number))


def shortfalls(typed: Typed, row: Row, *, wanted: bool = True) -> list[Shortfall]:
    """What keeps a condition from being `wanted`; nothing where it is so already, or unknown.

    Of alternatives the nearest alone is told.
    """
    if row.truth(typed) is not (not wanted):
        return []
    if typed.op is Op.NOT:
        return shortfalls(typed.children[0], row, wanted=not wanted)
    if typed.op in (Op.AND, Op.OR):
        ways = [shortfalls(child, row, wanted=wanted) for child in typed.children]
        if (typed.op is Op.AND) is wanted:
            return [one for way in ways for one in way]
        return min((way for way in ways if way), key=_farness, default=[])
    return [_shortfall(typed, row, wanted=wanted)]


def _farness(way: Iterable[Shortfall]) -> float:
    """How far the farthest of several is; what is no number counts as twice the threshold."""
    return max(2.0 if one.relative is None else one.relative for one in way)


def _shortfall(typed: Typed, row: Row, *, wanted: bool) -> Shortfall:
    columns = tuple(sorted(check.columns(typed)))
    direction = _WANTED.get(typed.op, "other")
    if typed.op not in _WANTED or not typed.children[0].type.is_number:
        return Shortfall(typed, columns, "other", known=_known(columns, row))
    left, right = typed.children
    is_strict = typed.op in (Op.MORE, Op.LESS, Op.UNEQUAL)
    if not wanted:
        direction, is_strict = _TURNED[direction], not is_strict
    if _is_constant(left) and not _is_constant(right):
        left, right = right, left
        direction = {"more": "less", "less": "more"}.get(direction, direction)  # type: ignore[assignment]
    own, threshold = _amount(left, row), _amount(right, row)
    if own is None or threshold is None:
        return Shortfall(typed, columns, direction, known=_known(columns, row))
    value = _in(own, _told_in(left))
    threshold = _in(threshold, value.unit)
    difference = Amount(abs(threshold.number - value.number), value.unit)
    part = _in_numerator(left, threshold, row)
    return Shortfall(
        typed, columns, direction, value, threshold, difference, part, strict=is_strict
    )


def _known(columns: Iterable[str], row: Row) -> tuple[tuple[str, object], ...]:
    return tuple((name, row.values.get(name)) for name in columns)


def _is_constant(typed: Typed) -> bool:
    while typed.op in _CONVERSIONS:
        typed = typed.children[0]
    return typed.op in _CONSTANT


def _amount(typed: Typed, row: Row) -> Amount | None:
    number = row.value(typed)
    if not isinstance(number, Decimal | float) or isinstance(number, bool):
        return None
    return Amount(Fraction(number), typed.type.unit)


def _told_in(typed: Typed) -> Unit:
    """The unit a number is told in: that of the fact before conversions, % for a share."""
    if typed.type.is_share and typed.type.unit.is_like(PLAIN):
        return _PERCENT
    while typed.op in _CONVERSIONS:
        typed = typed.children[0]
    return typed.type.unit


def _in(amount: Amount, target: Unit) -> Amount:
    if amount.unit is target:
        return amount
    return Amount(amount.number * amount.unit.factor / target.factor, target)


def _in_numerator(typed: Typed, threshold: Amount, row: Row) -> tuple[str, Amount] | None:
    """How much more of the numerator a ratio would need, its denominator as it is."""
    ratio = results.ratio(typed) if typed.type.kind is Kind.DOUBLE else None
    if ratio is None or ratio[0].op not in GIVEN:
        return None
    above, below = (_amount(part, row) for part in ratio)
    if above is None or below is None or below.number <= 0:
        return None
    needed = threshold.number * threshold.unit.factor * below.number * below.unit.factor
    gap = abs(needed / above.unit.factor - above.number)
    (column,) = check.columns(ratio[0])
    return column, Amount(gap, above.unit)
