"""What values are held against: fixed values, the enterprise's own, and what a group gives.

Of a group: mean, median, lowest, highest, of this year or the last; and the averages of points that
stand in for gaps.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from cityforge.brain.city.scheme_scoring import HIGHEST, LOWEST, MEDIAN, BaseValue
from cityforge.brain.evaluation import trees
from cityforge.brain.evaluation.prepared import (
    Moment,
    Prepared,
    PreparedIndicator,
    PreparedPart,
    Reference,
)
from cityforge.brain.evaluation.subject import is_rated
from cityforge.brain.expr import results
from cityforge.brain.expr.types import Kind
from cityforge.brain.scoring.machines import SQL

# Other names than the enterprise's own, so that no step has two columns of one name.
BASE_PART = "base_part"
HELD = "held"
# So many decimals of a double are summed.
_SUMMED = 12


@dataclass(frozen=True, slots=True)
class Grouped:
    """One step of group values: of which year, by which facts, and whose."""

    name: str
    year_before: bool
    within: tuple[str, ...]
    wanted: tuple[tuple[PreparedPart, PreparedIndicator, Reference], ...]


def grouped(prepared: Prepared, *, has_before: bool) -> list[Grouped]:
    """The steps of group values that a scheme needs; last year's only where there is one."""
    found: dict[
        tuple[bool, tuple[str, ...]], list[tuple[PreparedPart, PreparedIndicator, Reference]]
    ] = {}
    for part, indicator, reference in _referred(prepared):
        rule = reference.rule
        if rule.over is not None and (has_before or not rule.year_before):
            key = (rule.year_before, tuple(rule.within))
            found.setdefault(key, []).append((part, indicator, reference))
    return [
        Grouped(f"bases_{number}", year_before, within, tuple(wanted))
        for number, ((year_before, within), wanted) in enumerate(found.items())
    ]


def _referred(
    prepared: Prepared,
) -> Iterator[tuple[PreparedPart, PreparedIndicator, Reference]]:
    for part in prepared.parts:
        for indicator in part.indicators:
            for reference in indicator.references:
                yield part, indicator, reference


def step(group: Grouped, moment: Moment, subject: str) -> exp.Select:
    """The group values of each part and group, over the enterprises that are rated."""
    query = exp.select(exp.alias_(exp.column("part"), BASE_PART), *trees.named(group.within)).from_(
        subject
    )
    for part, indicator, reference in group.wanted:
        value = _of_group(indicator, reference, moment)
        factor = float(reference.rule.factor)
        if factor != 1:
            value = SQL.times(value, SQL.number(factor))
        query = query.select(exp.alias_(value, column(part, indicator, reference), quoted=True))
    return query.where(is_rated()).group_by("part", *trees.named(group.within))


def column(part: PreparedPart, indicator: PreparedIndicator, reference: Reference) -> str:
    # A point stands in no id, so that parts a, a_b and indicators b_c, c do not meet in one name.
    return f"{part.part.id}.{indicator.id}.{reference.slot}"


def joined(query: exp.Select, groups: list[Grouped], *, left: str) -> exp.Select:
    """A step with the group values beside each enterprise."""
    for group in groups:
        own, theirs = ["part", *group.within], [BASE_PART, *group.within]
        same = [
            exp.EQ(
                this=exp.column(a, left, quoted=True),
                expression=exp.column(b, group.name, quoted=True),
            )
            for a, b in zip(own, theirs, strict=True)
        ]
        query = query.join(exp.to_table(group.name), on=exp.and_(*same), join_type="left")
    return query


def value(
    prepared: Prepared,
    name: str,
    slot: str,
    groups: list[Grouped],
    moment: Moment,
    *,
    is_held: bool = False,
) -> exp.Expr:
    """What an indicator is held against in a slot; NULL where there is nothing.

    is_held  what groups give comes from the table HELD beside each enterprise
    """
    place = {
        (part.part.id, indicator.id, reference.slot): group.name
        for group in groups
        for part, indicator, reference in group.wanted
    }

    def of(part: PreparedPart, indicator: PreparedIndicator) -> exp.Expr:
        nothing = exp.cast(exp.null(), "DOUBLE")
        reference = next((r for r in indicator.references if r.slot == slot), None)
        if reference is None:
            return nothing
        if reference.expression is not None:
            return exp.column(own_column(indicator, slot))
        if reference.rule.method == "fixed":
            return _fixed(reference.rule.values, moment.year)
        if is_held:
            return exp.column(f"{slot}_{name}", HELD)
        group = place.get((part.part.id, indicator.id, slot))
        if group is None:
            return nothing
        return exp.column(column(part, indicator, reference), group, quoted=True)

    return trees.by_part(prepared, name, of)


def own_column(indicator: PreparedIndicator, slot: str) -> str:
    return f"own_{slot}_{indicator.id}"


def own(prepared: Prepared, moment: Moment) -> dict[str, exp.Expr]:
    """The columns of values that follow from the enterprise's own facts or from parameters."""
    found: dict[str, exp.Expr] = {}
    for name in prepared.indicator_ids:
        for slot in dict.fromkeys(r.slot for _, i in prepared.of(name) for r in i.references):

            def of(_: PreparedPart, indicator: PreparedIndicator, slot: str = slot) -> exp.Expr:
                reference = next((r for r in indicator.references if r.slot == slot), None)
                if reference is None or reference.expression is None:
                    return exp.cast(exp.null(), "DOUBLE")
                measure = indicator.type.unit
                return trees.to_sql(results.as_double(reference.expression, measure), moment)

            if any(
                r.slot == slot and r.expression for _, i in prepared.of(name) for r in i.references
            ):
                found[f"own_{slot}_{name}"] = trees.by_part(prepared, name, of)
    return found


def fixed(values: list[BaseValue], year: int) -> float | None:
    """The newest value not later than the year; none before the first."""
    past = [value for value in values if value.year <= year]
    return float(max(past, key=lambda value: value.year).value) if past else None


def _fixed(values: list[BaseValue], year: int) -> exp.Expr:
    found = fixed(values, year)
    return exp.cast(exp.null(), "DOUBLE") if found is None else SQL.number(found)


def _of_group(indicator: PreparedIndicator, reference: Reference, moment: Moment) -> exp.Expr:
    rule = reference.rule
    value = trees.value(indicator, moment)
    if rule.over == LOWEST:
        return exp.Min(this=value)
    if rule.over == HIGHEST:
        return exp.Max(this=value)
    if rule.over == MEDIAN:
        return _median(value)
    if rule.mean == "of_sums":
        return _mean_of_sums(indicator, moment)
    return mean(value)


def _median(value: exp.Expr) -> exp.Expr:
    """Half of the lower and the upper median: the same double whatever engine sorts."""
    halves = [
        exp.WithinGroup(
            this=exp.PercentileDisc(this=exp.Literal.number("0.5")),
            expression=exp.Order(expressions=[exp.Ordered(this=value.copy(), desc=is_down)]),
        )
        for is_down in (False, True)
    ]
    return exp.Div(
        this=exp.paren(exp.Add(this=halves[0], expression=halves[1])), expression=SQL.number(2.0)
    )


def _mean_of_sums(indicator: PreparedIndicator, moment: Moment) -> exp.Expr:
    """Sum of numerators over sum of denominators, of the rows that have both."""
    parts = results.ratio(indicator.expression)
    assert parts is not None  # the scheme's check saw to it
    above, below = (trees.to_sql(side, moment) for side in parts)
    both = exp.and_(
        above.copy().is_(exp.null()).not_(),
        exp.GT(this=exp.paren(below), expression=exp.Literal.number(0)),
    )
    sums = [
        _sum(exp.Case().when(both.copy(), tree.copy()), side.type.kind)
        for side, tree in zip(parts, (above, below), strict=True)
    ]
    divisor = exp.Nullif(this=sums[1], expression=SQL.number(0.0))
    average = exp.Div(this=exp.paren(sums[0]), expression=divisor)
    ratio = parts[0].type.unit / parts[1].type.unit
    factor = ratio.factor / indicator.type.unit.factor
    return _rescaled(average, factor.numerator, factor.denominator)


def mean(value: exp.Expr) -> exp.Expr:
    """The mean of doubles, by a sum that no order changes."""
    number = exp.Nullif(
        this=exp.cast(exp.Count(this=value.copy()), "DOUBLE"), expression=SQL.number(0.0)
    )
    return exp.Div(this=exp.paren(_sum(value, Kind.DOUBLE)), expression=number)


def _sum(value: exp.Expr, kind: Kind) -> exp.Expr:
    """A sum as a double, the same in any order of the rows and on every engine.

    Decimals are summed as they are. Of doubles the whole parts and what remains, to `_SUMMED`
    decimals, are summed apart: engines differ in how they make one decimal of a large double.
    """
    if kind is Kind.EXACT:
        return _rounded_once(exp.Sum(this=value))
    shift = SQL.number(10.0**_SUMMED)
    whole = exp.Floor(this=value)
    rest = SQL.minus(value, exp.cast(whole.copy(), "DOUBLE"))
    rest = exp.Round(this=SQL.times(rest, shift))
    wholes = _rounded_once(exp.Sum(this=exp.cast(whole, "DECIMAL(38, 0)")))
    rests = _rounded_once(exp.Sum(this=exp.cast(rest, f"DECIMAL({_SUMMED + 1}, 0)")))
    return exp.Add(this=wholes, expression=SQL.over(rests, shift))


def _rounded_once(total: exp.Expr) -> exp.Expr:
    """A decimal as the nearest double. Cast at once, DuckDB rounds a large one twice."""
    return exp.cast(exp.cast(total, "TEXT"), "DOUBLE")


def _rescaled(value: exp.Expr, times: int, over: int) -> exp.Expr:
    if times != 1:
        value = exp.Mul(this=exp.paren(value), expression=SQL.number(float(times)))
    if over != 1:
        value = exp.Div(this=exp.paren(value), expression=SQL.number(float(over)))
    return value
