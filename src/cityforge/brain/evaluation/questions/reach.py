"""How far an expression can reach by the bounds of its columns: an interval, a pair of truths.

Only what the contracts promise counts; what cannot be told reaches everywhere. Gaps are left aside.
"""

from collections.abc import Callable
from fractions import Fraction
from math import inf

from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.expr.typed import Op, Typed

Interval = tuple[float, float]
Truths = tuple[bool, bool]
"""Whether it can be true, and whether it can be false."""
ANYWHERE: Interval = (-inf, inf)
_EITHER: Truths = (True, True)
_COMPARED: dict[Op, Callable[[Interval, Interval], Truths]] = {
    Op.LESS: lambda a, b: (a[0] < b[1], a[1] >= b[0]),
    Op.AT_MOST: lambda a, b: (a[0] <= b[1], a[1] > b[0]),
    Op.MORE: lambda a, b: (a[1] > b[0], a[0] <= b[1]),
    Op.AT_LEAST: lambda a, b: (a[1] >= b[0], a[0] < b[1]),
}


def interval(city: City, book: Dictionary, typed: Typed) -> Interval:
    """The least and the greatest that a number can be, in the expression's own unit."""
    inner = [interval(city, book, child) for child in typed.children if child.type.is_number]
    match typed.op:
        case Op.LITERAL if isinstance(typed.value, bool) or not typed.type.is_number:
            return ANYWHERE
        case Op.LITERAL:
            value = float(str(typed.value))
            return value, value
        case Op.FACT:
            return _of_fact(city, book, str(typed.value))
        case Op.PAST if isinstance(typed.value, tuple):
            return _of_fact(city, book, typed.value[0])
        case Op.ENTRIES:
            return 0.0, inf
        case Op.TO_DOUBLE:
            factor = float(str(typed.value or 1))
            return _times(inner[0], (factor, factor))
        case Op.ROUND | Op.FLOOR:
            return inner[0]
        case Op.SCALE_DOUBLE if isinstance(typed.value, Fraction):
            return _times(inner[0], (float(typed.value), float(typed.value)))
        case Op.SCALE | Op.MULTIPLY:
            return _times(inner[0], inner[1])
        case Op.DIVIDE if inner[1][0] >= 0:
            return _quotient(inner[0])
        case Op.ADD:
            return inner[0][0] + inner[1][0], inner[0][1] + inner[1][1]
        case Op.SUBTRACT:
            return inner[0][0] - inner[1][1], inner[0][1] - inner[1][0]
        case Op.ABS:
            return 0.0, inf
        case Op.COALESCE | Op.LEAST | Op.GREATEST | Op.IF if inner:
            return min(low for low, _ in inner), max(high for _, high in inner)
    return ANYWHERE


def truths(city: City, book: Dictionary, typed: Typed) -> Truths:
    """Whether a condition can hold, and whether it can fail, by the bounds of its columns."""
    if typed.op is Op.LITERAL and isinstance(typed.value, bool):
        return typed.value, not typed.value
    if typed.op in _COMPARED and all(child.type.is_number for child in typed.children):
        left, right = (interval(city, book, child) for child in typed.children)
        return _COMPARED[typed.op](left, right)
    if typed.op in (Op.AND, Op.OR, Op.NOT):
        inner = [truths(city, book, child) for child in typed.children]
        if typed.op is Op.NOT:
            return inner[0][1], inner[0][0]
        join, meet = (all, any) if typed.op is Op.AND else (any, all)
        return join(can for can, _ in inner), meet(cannot for _, cannot in inner)
    return _EITHER


def _of_fact(city: City, book: Dictionary, name: str) -> Interval:
    fact = book.facts.get(name)
    if fact is not None and fact.expression is not None:
        return interval(city, book, fact.expression)
    sources = [city.datasets[fact.dataset]] if fact and fact.dataset else []
    if fact is None:  # a series of places: of every table that carries it
        sources = [one for one in city.datasets.values() if one.grain == "place_period"]
    columns = [column for one in sources if (column := one.column(name)) is not None]
    if not columns:
        return ANYWHERE
    lows = [-inf if column.min is None else float(column.min) for column in columns]
    highs = [inf if column.max is None else float(column.max) for column in columns]
    return min(lows), max(highs)


def _times(a: Interval, b: Interval) -> Interval:
    products = [0.0 if 0.0 in (x, y) else x * y for x in a for y in b]
    return min(products), max(products)


def _quotient(above: Interval) -> Interval:
    """Over something above zero of any size."""
    low, high = above
    return (0.0 if low >= 0 else -inf), (0.0 if high <= 0 else inf)
