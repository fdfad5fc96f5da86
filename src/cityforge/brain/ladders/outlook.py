"""Next year by the trend of facts: every number moved on a year, all else as it is.

An estimate (推算), never data: of each yearly number the mean step, or the mean growth, of the last
years is added once more. A number without the year before it has no trend: it stays unknown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.city.dictionary import Dictionary, Fact
from cityforge.brain.city.folder import City
from cityforge.brain.city.ladder import Trend
from cityforge.brain.engines.kernel import program
from cityforge.brain.engines.kernel.planes import packed
from cityforge.brain.expr import check
from cityforge.brain.expr.typed import Typed
from cityforge.brain.expr.types import MOST_DIGITS, Grain, Kind
from cityforge.brain.ladders.prepared import share
from cityforge.brain.policies.matching import Population

YEARS = 2  # how far a trend looks back
Doubles = npt.NDArray[np.float64]


def moved(book: Dictionary, reads: Iterable[Typed]) -> list[str]:
    """The yearly numbers that expressions rest on in the end: those that have a trend."""
    names = {name for typed in reads for name in check.names(typed)}
    names |= {name for typed in reads for name, _ in check.past(typed)}
    return [fact.name for fact in book.rests_on(names) if _has_trend(fact)]


def history(book: Dictionary, reads: Iterable[Typed]) -> set[tuple[str, int]]:
    """The earlier years that next year's facts need (fact, years back): of a number its trend, of
    what a rule looks back at the year that will be so far back."""
    reads = list(reads)
    derived = [fact.expression for fact in _derived(book, reads)]
    past = {pair for typed in [*reads, *derived] if typed for pair in check.past(typed)}
    wanted = {(name, -back) for name in moved(book, reads) for back in range(1, YEARS + 1)}
    return wanted | {(name, back + 1) for name, back in past if back < -1}


def next_day(day: date) -> date:
    """The same day a year on; of the last of February the last."""
    return _in_year(day, day.year + 1)


def day_before(day: date) -> date:
    """The same day a year earlier."""
    return _in_year(day, day.year - 1)


@dataclass(frozen=True, slots=True)
class Projected:
    """A population a year on. `without`: how many enterprises have no trend, by fact."""

    population: Population
    without: Mapping[str, int] = field(default_factory=dict)


def project(
    city: City,
    book: Dictionary,
    population: Population,
    reads: Iterable[Typed],
    trend: Trend,
    parameters: Mapping[str, object],
) -> Projected:
    """The facts that expressions rest on, a year on; derived ones worked out anew.

    Titles held stay held. Numbers stay within the bounds of their contract.
    """
    reads = list(reads)
    table, day = population.table, next_day(population.day)
    columns = {name: table.column(name) for name in table.column_names}
    most = share(trend.most)
    without: dict[str, int] = {}
    names = set(columns)
    for fact, back in sorted(_dated(names), key=lambda pair: pair[1]):
        # The oldest first: each takes the year after it.
        later = fact if back == -1 else f"{fact}[{back + 1}]"
        columns[f"{fact}[{back}]"] = columns.get(later, pa.nulls(table.num_rows))
    for name in moved(book, reads):
        if name not in names:
            continue
        numbers = _next(table, name, trend, most)
        known = int((~np.isnan(_doubles(table, name))).sum())
        without[name] = known - int((~np.isnan(numbers)).sum())
        columns[name] = _exact(numbers, book.facts[name], city)
    for fact_ in _derived(book, reads):
        assert fact_.expression is not None
        made = pa.table(columns)
        columns[fact_.name] = program.values(
            fact_.expression, made, as_of=day, parameters=parameters
        )
    return Projected(Population.of(pa.table(columns), day=day, parameters=parameters), without)


def _derived(book: Dictionary, reads: Iterable[Typed]) -> list[Fact]:
    """The derived facts that expressions rest on, each after what it rests on itself."""
    wanted: set[str] = set()
    waiting = [name for typed in reads for name in _named(typed)]
    while waiting:
        name = waiting.pop()
        fact = book.facts.get(name)
        if name in wanted or fact is None or fact.expression is None:
            continue
        wanted.add(name)
        waiting.extend(_named(fact.expression))
    return [fact for name, fact in book.facts.items() if name in wanted]


def _named(typed: Typed) -> set[str]:
    return set(check.names(typed)) | {name for name, _ in check.past(typed)}


def _has_trend(fact: Fact) -> bool:
    return fact.type.kind is Kind.EXACT and fact.type.grain is Grain.ENTERPRISE_YEAR


def _next(table: pa.Table, name: str, trend: Trend, most: float) -> Doubles:
    """The number of next year; NaN where the fact is missing, or every earlier year."""
    now, before, first = (
        _doubles(table, name if not back else f"{name}[-{back}]") for back in range(YEARS + 1)
    )
    with np.errstate(all="ignore"):
        two = ~np.isnan(first)
        if trend.method == "linear":
            step = np.where(two, (now - first) / 2, now - before)
        else:
            rate = np.where(two, np.sqrt(now / first), now / before) - 1
            # From nothing, or across it, there is no rate: the mean step stands in.
            plain = np.where(two, (now - first) / 2, now - before)
            step = np.where(np.isfinite(rate), now * rate, plain)
        limit = np.abs(now) * most
        step = np.clip(step, -limit, limit)
    found: Doubles = np.where(np.isnan(before) & ~two, np.nan, now + step)
    return found


def _doubles(table: pa.Table, name: str) -> Doubles:
    if name not in table.column_names:
        return np.full(table.num_rows, np.nan)
    column = table.column(name).cast(pa.float64())
    return np.asarray(pc.fill_null(column, np.nan), np.float64)


def _exact(numbers: Doubles, fact: Fact, city: City) -> pa.Array:
    """Rounded to the decimals of the fact, within the bounds of its contract."""
    scale = fact.type.scale
    dataset = city.datasets.get(fact.dataset or "")
    column = dataset.column(fact.name) if dataset is not None else None
    if column is not None and column.min is not None:
        numbers = np.maximum(numbers, float(column.min))
    if column is not None and column.max is not None:
        numbers = np.minimum(numbers, float(column.max))
    missing = np.isnan(numbers)
    halves = np.empty((len(numbers), 2), np.int64)
    halves[:, 0] = np.rint(np.where(missing, 0.0, numbers) * 10.0**scale).astype(np.int64)
    halves[:, 1] = halves[:, 0] >> 63  # the sign, repeated
    buffers = [pa.py_buffer(packed(~missing)), pa.py_buffer(halves)]
    return pa.Array.from_buffers(pa.decimal128(MOST_DIGITS, scale), len(numbers), buffers)


def _dated(names: Iterable[str]) -> list[tuple[str, int]]:
    """The columns of earlier years: fact and years back."""
    found = []
    for name in names:
        fact, _, back = name.partition("[")
        if back and ":" not in name:
            found.append((fact, int(back.rstrip("]"))))
    return found


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
