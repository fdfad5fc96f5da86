"""The totals that enterprises would have with other facts: base values and averages held.

Values, points and totals are the doubles that the statement computes; what a value is held against
(base, lowest, highest, the average that stands in for a gap) stays as the result has it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cityforge.brain.city.dictionary import Dictionary, Fact
from cityforge.brain.city.scheme_scoring import BASE, DOWN, HIGH, LOW, PLACE
from cityforge.brain.engines.kernel.changing import Changing, Floats, Whole
from cityforge.brain.evaluation.extras import BONUS, PENALTY
from cityforge.brain.evaluation.prepared import (
    Moment,
    Prepared,
    PreparedExtra,
    PreparedIndicator,
    PreparedPart,
)
from cityforge.brain.evaluation.statement import AVERAGED, PENALISED, REWEIGHTED
from cityforge.brain.expr import check, results
from cityforge.brain.expr.typed import Op, Typed
from cityforge.brain.expr.types import Kind
from cityforge.brain.scoring.functions import Against
from cityforge.brain.scoring.machines import ARRAYS
from cityforge.brain.values.quantity import PLAIN

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scored:
    """What other facts would give: totals, the value of each indicator, limits that hold (or NaN).

    points  of each indicator, NaN where its part has none
    """

    totals: Floats
    values: dict[str, Floats]
    points: dict[str, Floats]
    limits: dict[str, Floats]


@dataclass(frozen=True)
class Scorer:
    """Scores rated enterprises anew; rows are those of `rows`, which are all rated."""

    prepared: Prepared
    changing: Changing
    places: "Mapping[str, Places]"
    parts: Mapping[str, Bools]
    slots: Mapping[str, Floats]
    gaps: Mapping[str, Floats]

    @classmethod
    def of(
        cls,
        prepared: Prepared,
        moment: Moment,
        rows: pa.Table,
        facts: pa.Table,
        *,
        take: Whole | None = None,
    ) -> "Scorer":
        """rows, facts: the result and the facts of the same rated enterprises, in one order.

        take  only these rows are scored; their groups are whole all the same
        """
        expressions = [_inlined(typed, prepared.book) for typed in _expressions(prepared)]
        own = facts if take is None else facts.take(take)
        changing = Changing.of(
            expressions, own, as_of=moment.day, parameters=dict(moment.parameters)
        )
        placed = [name for name in prepared.indicator_ids if prepared.needs(name, PLACE)]
        groups = group_codes(prepared, rows)
        places = {
            name: Places.of(
                column(rows, f"value_{name}"),
                groups,
                signs=better_sign(prepared, rows, name),
                take=take,
            )
            for name in placed
        }
        mine = rows if take is None else rows.take(take)
        part_of = np.asarray(mine["part"].to_pylist(), dtype=object)
        parts = {part.part.id: part_of == part.part.id for part in prepared.parts}
        slots = {
            name: column(mine, name)
            for indicator in prepared.indicator_ids
            for name in (f"{slot}_{indicator}" for slot in (BASE, LOW, HIGH))
            if name in mine.column_names
        }
        gaps = {name: _gaps(prepared, mine, name) for name in prepared.indicator_ids}
        return cls(prepared, changing, places, parts, slots, gaps)

    def scored(self, changed: Mapping[str, Whole] | None = None) -> Scored:
        """What the enterprises would get; `changed` as in `Changing.computed`."""
        computed = self.changing.computed(changed)
        found = iter(computed)
        scheme, rows = self.prepared.scheme, self.changing.frame.rows
        totals = np.full(rows, np.nan)
        values: dict[str, Floats] = {}
        points: dict[str, Floats] = {}
        for part in self.prepared.parts:
            mine = self.parts[part.part.id]
            raw = {i.id: self._points(i, next(found), values, mine, found) for i in part.indicators}
            filled = {i: np.where(np.isnan(raw[i]), self.gaps[i], raw[i]) for i in raw}
            for name, gained in filled.items():
                kept = points.setdefault(name, np.full(rows, np.nan))
                kept[mine] = gained[mine]
            totals = np.where(mine, _summed(part, filled), totals)
        for kind, items, extras in (
            (BONUS, self.prepared.bonus, scheme.bonus),
            (PENALTY, self.prepared.penalty, scheme.penalty),
        ):
            if extras is None:
                continue
            cap = None if extras.cap is None else float(extras.cap)
            sums = ARRAYS.held(_extra(items, found, rows), None, cap)
            totals = totals + sums if kind == BONUS else totals - sums
        limits = {limit.id: next(found) for limit, _ in self.prepared.limits}
        return Scored(ARRAYS.settled(totals), values, points, limits)

    def _points(
        self,
        indicator: PreparedIndicator,
        value: Floats,
        values: dict[str, Floats],
        mine: Bools,
        found: Iterator[Floats],
    ) -> Floats:
        name = indicator.id
        kept = values.setdefault(name, np.full(len(value), np.nan))
        kept[mine] = value[mine]
        slots = {BASE: None, LOW: None, HIGH: None} | {
            slot: self.slots[f"{slot}_{name}"]
            for slot in indicator.function.traits.needs
            if slot != PLACE
        }
        for reference in indicator.references:
            if reference.expression is not None:
                slots[reference.slot] = next(found)
        place = count = None
        if name in self.places:
            place, count = self.places[name].of_values(value)
        against = Against(
            ARRAYS.number(indicator.weight), slots[BASE], slots[LOW], slots[HIGH], place, count
        )
        made = indicator.function.points(ARRAYS, value, against, indicator.settings)
        return ARRAYS.held(made, *indicator.bounds)

    @property
    def levers(self) -> dict[str, Fact]:
        """The observed numbers that the indicators rest on, in the order of the file."""
        reads = [i.expression for part in self.prepared.parts for i in part.indicators]
        names = dict.fromkeys(
            fact.name
            for typed in reads
            for fact in self.prepared.book.rests_on(sorted(check.names(typed)))
        )
        book = self.prepared.book
        return {
            name: book.facts[name] for name in names if book.facts[name].type.kind is Kind.EXACT
        }


@dataclass(frozen=True, slots=True)
class Places:
    """The values of each group, best first, to tell the place of another value among the others."""

    groups: Whole
    own: Floats
    ordered: list[Floats]
    signs: Floats

    @classmethod
    def of(cls, values: Floats, groups: Whole, *, signs: Floats, take: Whole | None) -> "Places":
        """signs: by which a value is multiplied so that less is better."""
        own = signs * ARRAYS.settled(values)
        count = int(groups.max()) + 1 if len(groups) else 0
        ordered = []
        for group in range(count):
            inside = own[groups == group]
            ordered.append(np.sort(inside[~np.isnan(inside)]))
        mine = np.arange(len(values)) if take is None else take
        return cls(groups[mine], own[mine], ordered, signs[mine])

    def of_values(self, values: Floats) -> tuple[Floats, Floats]:
        """The place of each value, everyone else as before; and how many have a value."""
        place, count = np.full(len(values), np.nan), np.full(len(values), np.nan)
        mine = self.signs * ARRAYS.settled(values)
        for group, ordered in enumerate(self.ordered):
            inside = self.groups == group
            better = np.searchsorted(ordered, mine[inside], side="left")
            place[inside] = 1.0 + better - (self.own[inside] < mine[inside])
            count[inside] = float(len(ordered))
        return np.where(np.isnan(values), np.nan, place), count


def _gaps(prepared: Prepared, rows: pa.Table, name: str) -> Floats:
    """What an indicator gets where it has no points, as the result filled the gap."""
    how = np.asarray(rows[f"how_{name}"].to_pylist(), dtype=object)
    filled = np.where(how == AVERAGED, column(rows, f"points_{name}"), 0.0)
    filled = np.where(how == PENALISED, -float(prepared.scheme.missing_points or 0), filled)
    return np.where(how == REWEIGHTED, np.nan, filled)


def column(rows: pa.Table, name: str) -> Floats:
    """A column of doubles with NaN for a gap."""
    return np.asarray(rows[name].combine_chunks().to_numpy(zero_copy_only=False), np.float64)


def better_sign(prepared: Prepared, rows: pa.Table, name: str) -> Floats:
    """What each enterprise's value of an indicator is multiplied by so that less is better."""
    downs = [part.part.id for part, i in prepared.of(name) if i.indicator.direction == DOWN]
    parts = np.asarray(rows["part"].to_pylist(), dtype=object)
    return np.where(np.isin(parts, downs), 1.0, -1.0)


def group_codes(prepared: Prepared, rows: pa.Table) -> Whole:
    """A number for each ranking group."""
    keys = [rows[name].to_pylist() for name in ("part", *prepared.scheme.groups)]
    found: dict[tuple[object, ...], int] = {}
    return np.array(
        [found.setdefault(key, len(found)) for key in zip(*keys, strict=True)], np.int64
    )


def _summed(part: PreparedPart, points: Mapping[str, Floats]) -> Floats:
    summed: Floats | None = None
    known: Floats | None = None
    for i in part.indicators:
        gained, weight = points[i.id], np.where(np.isnan(points[i.id]), 0.0, i.weight)
        if i.missing == "reweight":
            gained = np.where(np.isnan(gained), 0.0, gained)
        summed = gained if summed is None else summed + gained
        known = weight if known is None else known + weight
    assert summed is not None and known is not None
    if all(i.missing != "reweight" for i in part.indicators):
        return summed
    whole = sum(i.weight for i in part.indicators)
    with np.errstate(all="ignore"):
        return np.where(known > 0.0, summed * whole / known, 0.0)


def _extra(items: tuple[PreparedExtra, ...], found: Iterator[Floats], rows: int) -> Floats:
    together: dict[str, list[Floats]] = {}
    for one in items:
        when = next(found)
        points = np.full(rows, float(one.item.points or 0))
        if one.points is not None:
            points = next(found)
            points = ARRAYS.held(points, 0.0, None)
        gained = np.where(when == 1.0, points, 0.0)
        gained = np.where(np.isnan(gained), 0.0, gained)
        together.setdefault(one.item.one_of or f"only {one.item.id}", []).append(gained)
    total: Floats | None = None
    for parts in together.values():
        term = np.maximum.reduce(parts)
        total = term if total is None else total + term
    assert total is not None
    return total


def _expressions(prepared: Prepared) -> list[Typed]:
    """All that is computed of facts, in the order in which `scored` takes it."""
    found = []
    for part in prepared.parts:
        for i in part.indicators:
            found.append(results.as_double(i.expression, i.type.unit))
            found += [
                results.as_double(r.expression, i.type.unit) for r in i.references if r.expression
            ]
    for one in (*prepared.bonus, *prepared.penalty):
        found.append(one.when)
        if one.points is not None:
            found.append(results.as_double(one.points, PLAIN))
    return [*found, *(typed for _, typed in prepared.limits)]


def _inlined(typed: Typed, book: Dictionary) -> Typed:
    """An expression over observed facts alone: derived ones are written out."""
    if typed.op is Op.FACT:
        fact = book.facts.get(str(typed.value))
        if fact is not None and fact.expression is not None:
            return _inlined(fact.expression, book)
    if not typed.children:
        return typed
    return replace(typed, children=tuple(_inlined(child, book) for child in typed.children))
