"""Ways to sort the enterprises of a population: by district, industry, size class."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.city.dictionary import DISTRICT, INDUSTRY, Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.city.shapes import LegalUse
from cityforge.brain.errors import Text, ValueRefused
from cityforge.brain.policies.matching import Population
from cityforge.brain.values import industry, size_class
from cityforge.brain.values.quantity import Quantity
from cityforge.brain.values.size_class import Figure, Limits, SizeClass, SizeRule

INDUSTRY_CODE = "industry_code"
SIZE = "size"
FIGURES: tuple[Figure, ...] = ("employees", "revenue", "assets")
NOT_KNOWN = Text(zh="不详", en="not known")
_NONE = -1  # the code of a row whose group nothing tells, until it gets the last place
_TITLES = {
    DISTRICT: Text(zh="市（区）", en="District"),
    INDUSTRY: Text(zh="行业", en="Industry"),
    SIZE: Text(zh="规模", en="Size"),
}


@dataclass(frozen=True, slots=True)
class Grouping:
    """One way to sort. `codes[r]` is the place of row r in `keys` and `titles`.

    keys   ids of districts, divisions of GB/T 4754, names of size classes; the last is None, for
           those of whom it is not known
    """

    name: str
    keys: tuple[str | None, ...]
    titles: tuple[Text, ...]
    codes: npt.NDArray[np.int64]

    @property
    def title(self) -> Text:
        return _TITLES[self.name]


def all_of(city: City, book: Dictionary, population: Population) -> tuple[Grouping, ...]:
    """By district, industry and size."""
    return (by_district(city, population), by_industry(population), by_size(book, population))


def by_district(city: City, population: Population) -> Grouping:
    """The districts of the city in its own order."""
    titles = {one.id: Text(zh=one.title, en=one.title_en) for one in city.place.districts}
    return _grouping(DISTRICT, titles, _texts(population, DISTRICT))


def by_industry(population: Population) -> Grouping:
    """The divisions that occur, ordered by code, with their names of GB/T 4754."""
    column = _texts(population, INDUSTRY)
    found = sorted(code for code in pc.unique(column).to_pylist() if code is not None)
    return _grouping(INDUSTRY, {code: industry.titled(code) for code in found}, column)


def by_size(book: Dictionary, population: Population) -> Grouping:
    """The size class of the statistical rule, by facts that may be used for a single enterprise;
    not known where a figure is missing that could change it, or the industry has no rule."""
    classes = sizes(book, population)
    order = sorted(SizeClass, reverse=True)
    titles = {one.name.lower(): one.text for one in order}
    place = {int(one): i for i, one in enumerate(order)} | {_NONE: len(order)}
    codes = np.array([place[one] for one in (*range(len(order)), _NONE)], np.int64)[classes]
    return Grouping(SIZE, (*titles, None), (*titles.values(), NOT_KNOWN), codes)


def sizes(book: Dictionary, population: Population) -> npt.NDArray[np.int64]:
    """The SizeClass of every row as a number; -1 where it is not known."""
    found = np.full(population.rows, _NONE, np.int64)
    column = _texts(population, INDUSTRY_CODE)
    if column.null_count == len(column):
        column = _texts(population, INDUSTRY)
    encoded = column.dictionary_encode()
    rules = [_rule(code) for code in encoded.dictionary.to_pylist()]
    each = np.asarray(pc.fill_null(encoded.indices, len(rules)))
    for rule in dict.fromkeys(one for one in rules if one is not None):
        member = np.array([one is rule for one in rules] + [False])[each]
        found[member] = _classified(rule, book, population)[member]
    return found


def _classified(rule: SizeRule, book: Dictionary, population: Population) -> npt.NDArray[np.int64]:
    """As `size_class.classify` for every row, were it of the rule's industries."""
    reached = [_reached(limits, book, population) for limits in rule.limits]
    least = np.min(reached, axis=0)
    is_micro = np.any([one == SizeClass.MICRO for one in reached], axis=0)
    return np.where(is_micro, int(SizeClass.MICRO), least)


def _reached(limits: Limits, book: Dictionary, population: Population) -> npt.NDArray[np.int64]:
    """The class whose limit of one figure is met; -1 where the figure is missing."""
    fact = book.facts.get(limits.figure)
    missing = np.full(population.rows, _NONE, np.int64)
    if fact is None or LegalUse.TREAT not in fact.legal_use:
        return missing
    if not fact.type.unit.is_like(limits.small.unit) or not population.frame.holds(fact.name):
        return missing
    column = population.table.column(fact.name)
    found = np.zeros(population.rows, np.int64)
    for limit in (limits.small, limits.medium, limits.large):
        least = pa.scalar(_decimal(limit.to(fact.type.unit)))
        met = pc.fill_null(pc.greater_equal(column, least), fill_value=False)
        found += np.asarray(met).astype(np.int64)
    return np.where(np.asarray(pc.is_valid(column)), found, _NONE)


def _rule(code: str) -> SizeRule | None:
    try:
        return size_class.rule_for(code)
    except ValueRefused:
        return None


def _decimal(limit: Quantity) -> Decimal:
    value: Fraction = limit.value
    return Decimal(value.numerator) / Decimal(value.denominator)


def _texts(population: Population, name: str) -> pa.Array:
    """A column of texts; all missing where the table lacks it."""
    if not population.frame.holds(name):
        return pa.nulls(population.rows, pa.string())
    column = population.table.column(name).cast(pa.string())
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _grouping(name: str, titles: dict[str, Text], column: pa.Array) -> Grouping:
    places = pc.index_in(column, value_set=pa.array(list(titles), pa.string()))
    codes = np.asarray(pc.fill_null(places, len(titles)).cast(pa.int64()))
    return Grouping(name, (*titles, None), (*titles.values(), NOT_KNOWN), codes)
