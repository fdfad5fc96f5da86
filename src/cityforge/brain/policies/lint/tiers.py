"""Tiers: gaps, overlaps, cliffs and dead ends in amounts, and in alternatives over one number.

Amounts are worked out by the reference interpreter for made-up entitled enterprises, on both sides
of every threshold; what is told was seen, with the figures.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from cityforge.brain.city.document import Path_
from cityforge.brain.errors import Text
from cityforge.brain.expr.nodes import Span
from cityforge.brain.expr.typed import REGISTER_OPS, Op, Typed, column_name, walk
from cityforge.brain.expr.types import Kind
from cityforge.brain.policies.lint.read import Expression, Finding, Looked, pairs, title_of
from cityforge.brain.policies.lint.rows import Sample, entitled
from cityforge.brain.policies.reach.reach import (
    COMPARISONS,
    Cut,
    Goal,
    Way,
    boxes,
    possible,
    put,
    ways_of,
)
from cityforge.brain.policies.reach.sets import Domain, Numbers
from cityforge.brain.rules.conditions import Condition
from cityforge.brain.rules.row import Row
from cityforge.brain.values.quantity import Unit

FACTOR = 5  # an amount that becomes so many times as much at a threshold is told
LEAST_FALL = Decimal("0.001")  # of the amount; a slope falls by less over one step
MOST_SAMPLES = 40
_NEAR = Fraction(1, 1_000_000)  # beside a threshold of a quotient, relative to it

_STANDS_FOR = "(the number)"
_MEND = Text(zh="核对各档的界限与金额", en="Check the bounds and amounts of the tiers.")


@dataclass(frozen=True, slots=True)
class Threshold:
    """One number that a term of an expression is held against, and where it stands."""

    term: Typed
    limit: Fraction
    path: Path_
    span: Span


def find(looked: Looked, *, factor: int = FACTOR) -> Iterator[Finding]:
    """What is to be told of the tiers of a version.

    factor   an amount that becomes more than so many times as much at a threshold is told
    """
    yield from _unreached(looked)
    yield from _overlaps(looked)
    yield from _alternatives(looked, looked.condition)
    if looked.amount is not None:
        yield from _steps(looked, looked.amount, factor)


def _own_cases(expression: Expression) -> Iterator[list[Typed]]:
    """Each `case` written in an expression, as its conditions in order."""
    inside: set[int] = set()
    for part in _own(expression):
        if part.op is Op.IF and id(part) not in inside:
            conditions, rest = [], part
            while rest.op is Op.IF and rest.span == part.span:
                inside.add(id(rest))
                conditions.append(rest.children[0])
                rest = rest.children[2]
            yield conditions


def _own(expression: Expression) -> Iterator[Typed]:
    """The parts of an expression whose places are in its own text."""
    waiting = [expression.typed]
    while waiting:
        found = waiting.pop()
        yield found
        if (found.span.line, found.span.column) not in expression.borrowed:
            waiting.extend(reversed(found.children))


def _unreached(looked: Looked) -> Iterator[Finding]:
    """Branches that no entitled enterprise comes to, because an earlier one takes all."""
    entitled_: list[Goal] = [*looked.area, (looked.condition.truth, True)]
    for expression in looked.expressions:
        for conditions in _own_cases(expression):
            for i, condition in enumerate(conditions):
                before: list[Goal] = [(other, False) for other in conditions[:i]]
                if possible([*entitled_, (condition, True)], looked.world) and not possible(
                    [*entitled_, *before, (condition, True)], looked.world
                ):
                    yield _at(
                        looked,
                        "unreached",
                        expression.path,
                        condition.span,
                        Text(
                            zh="前面的分档已包含这一档，轮不到它",
                            en="an earlier branch takes all that this one would",
                        ),
                    )


def _overlaps(looked: Looked) -> Iterator[Finding]:
    """Branches over one number that share a part of it, neither holding the other."""
    for expression in looked.expressions:
        for conditions in _own_cases(expression):
            ranges = [_range(looked, condition) for condition in conditions]
            yield from _shared(
                looked,
                [
                    (found, expression.path, c.span)
                    for found, c in zip(ranges, conditions, strict=True)
                ],
            )


_Ranged = tuple[tuple[Typed, Numbers] | None, Path_, Span | None]


def _shared(looked: Looked, ranged: Sequence[_Ranged]) -> Iterator[Finding]:
    for i, j in pairs(len(ranged)):
        (one, _, _), (other, path, span) = ranged[i], ranged[j]
        if one is None or other is None or one[0] != other[0]:
            continue
        both = one[1].meet(other[1])
        if not both.is_empty and not one[1].within(other[1]) and not other[1].within(one[1]):
            shown = _shown(one[0], next(iter(both.samples())))
            what = Text(
                zh=f"与另一档重叠：{_term(looked, one[0]).zh}为 {shown} 时两档都符合",
                en=f"overlaps another tier: both hold where {_term(looked, one[0]).en} is {shown}",
            )
            yield _at(looked, "overlap", path, span, what)


def _range(looked: Looked, condition: Typed) -> tuple[Typed, Numbers] | None:
    """The one term that a condition speaks of, with the values that meet it; None for others."""
    found = list(boxes([(condition, True)], looked.world))
    if len(found) != 1 or len(found[0]) != 1:
        return None
    ((term, domain),) = found[0].items()
    if not isinstance(term, Typed) or not isinstance(domain, Numbers):
        return None
    return (term, domain) if _is_tiered(term) else None


def _alternatives(looked: Looked, condition: Condition) -> Iterator[Finding]:
    """Gaps and overlaps of `any` whose parts each take a range of the same number."""
    for part in condition.parts:
        yield from _alternatives(looked, part)
    if condition.clause.any is None or len(condition.parts) < 2:
        return
    ranges = [_ranges(looked, part.truth) for part in condition.parts]
    if all(len(found) < 2 for found in ranges):
        return  # this or that range of one number, nothing else: no tiers
    for term in (term for term in ranges[0] if all(term in other for other in ranges)):
        domains = [found[term] for found in ranges]
        tiers = [domain for domain in domains if isinstance(domain, Numbers)]
        couples = [(tiers[i], tiers[j]) for i, j in pairs(len(tiers))]
        if len(tiers) < len(ranges) or any(a.within(b) or b.within(a) for a, b in couples):
            continue
        ranged: list[_Ranged] = [
            ((term, tier), (*part.path, *(("expr",) if part.clause.expr else ())), None)
            for tier, part in zip(tiers, condition.parts, strict=True)
        ]
        yield from _shared(looked, ranged)
        yield from _hole(looked, condition, term, tiers)


def _ranges(looked: Looked, truth: Typed) -> dict[Typed, Domain]:
    """What an alternative asks of each term, with what it leaves of it; nothing where it has
    alternatives itself."""
    ways = list(boxes([(truth, True)], looked.world))
    if len(ways) != 1:
        return {}
    return {
        term: domain
        for term, domain in ways[0].items()
        if isinstance(term, Typed) and not _is_time(term)
    }


def _is_tiered(term: Typed) -> bool:
    return term.type.is_number and not _is_time(term)


def _is_time(term: Typed) -> bool:
    """Years gone by are no tiers: that an award ends with them is what is meant."""
    return any(part.op is Op.YEARS_SINCE for part in walk(term))


def _hole(
    looked: Looked, condition: Condition, term: Typed, tiers: Sequence[Numbers]
) -> Iterator[Finding]:
    outside = Numbers(step=tiers[0].step)
    for tier in tiers:
        outside = outside.meet(tier.outside)
    inner = [one for one in outside.stretches if one.low is not None and one.high is not None]
    low = min((t.low for t in tiers if t.low is not None), default=None)
    if any(t.low is None for t in tiers):
        low = None
    holes = [one for one in inner if low is None or (one.low is not None and one.low >= low)]
    if holes:
        shown = _shown(term, next(iter(Numbers((holes[0],), tiers[0].step).samples())))
        called = _term(looked, term)
        what = Text(
            zh=f"各档之间有空档：{called.zh}为 {shown} 时哪一档都不符合",
            en=f"a gap between the tiers: none holds where {called.en} is {shown}",
        )
        yield looked.finding("gap", (*condition.path, "any"), what, _MEND, at_key=True)


def _steps(looked: Looked, amount: Typed, factor: int) -> Iterator[Finding]:
    """What the amount does at its thresholds: falls, leaps, or stops between two tiers."""
    thresholds = list(_thresholds(looked))
    if not thresholds:
        return
    samples = entitled(looked, [amount], most=MOST_SAMPLES)
    told: set[tuple[Path_, int, int]] = set()
    for threshold in thresholds:
        place = (threshold.path, threshold.span.line, threshold.span.column)
        for sample in samples:
            if place in told:
                break
            series = _Series(looked, amount, threshold.term, sample)
            others = [t.limit for t in thresholds if t.term == threshold.term]
            found = series.look(threshold, sorted({*others}), factor)
            if found is not None:
                told.add(place)
                yield found


def _thresholds(looked: Looked) -> Iterator[Threshold]:
    """Every number that a condition of a case in the working holds some term against."""
    for expression in looked.expressions:
        for conditions in _own_cases(expression):
            for condition in conditions:
                for part in walk(condition):
                    if part.op in COMPARISONS:
                        yield from _limits(looked, expression, part)


def _limits(looked: Looked, expression: Expression, comparison: Typed) -> Iterator[Threshold]:
    ways: list[Way] | None = ways_of((comparison, True), looked.world)
    while ways is not None and len(ways) == 1 and len(ways[0]) == 1:
        goal = ways[0][0]
        ways = ways_of(goal, looked.world)
        if ways is None and isinstance(goal, Cut) and _is_tiered(goal.term):
            literal = next(
                (c for c in comparison.children if looked.world.is_constant(c)), comparison
            )
            yield Threshold(goal.term, goal.number, expression.path, literal.span)


@dataclass(frozen=True)
class _Series:
    """The amount of one enterprise over the values of one term, all else as it is."""

    looked: Looked
    amount: Typed
    term: Typed
    sample: Sample

    def look(self, threshold: Threshold, limits: Sequence[Fraction], factor: int) -> Finding | None:
        gap = self._gap(threshold, limits)
        if gap is not None:
            return gap
        step = self._step(threshold.limit)
        points = [threshold.limit - step, threshold.limit, threshold.limit + step]
        amounts = [self.paid(point) for point in points]
        for i in (0, 1):
            low, high = amounts[i], amounts[i + 1]
            if low is None or high is None:
                continue
            where = (threshold, points[i], points[i + 1], low, high)
            if high < low * (1 - LEAST_FALL):
                return self._told("falls", "金额反而下降", "the amount falls", *where)
            if low > 0 and high > low * factor:
                return self._told(
                    "leaps",
                    f"金额跳升超过 {factor} 倍",
                    f"the amount leaps more than {factor} times",
                    *where,
                )
        return None

    def paid(self, value: Fraction) -> Decimal | None:
        """The amount at a value of the term; None where it is not entitled, or it is unknown."""
        row, stand = self._row(value)
        if row.truth(put(self.looked.condition.truth, self.term, stand)) is not True:
            return None
        found = row.value(put(self.amount, self.term, stand))
        return None if found is None else Decimal(str(found))

    def _gap(self, threshold: Threshold, limits: Sequence[Fraction]) -> Finding | None:
        """Nothing, or an unknown amount, right above this threshold, with money below and above."""
        above = [limit for limit in limits if limit > threshold.limit]
        below = [limit for limit in limits if limit < threshold.limit]
        step = self._step(threshold.limit)
        upper = above[0] if above else threshold.limit + abs(threshold.limit) + 10 * step
        lower = below[-1] if below else threshold.limit - step
        inside = self._snapped((threshold.limit + upper) / 2)
        if not self._lies_open(inside):
            return None
        if not any(self.paid(point) for point in (threshold.limit, threshold.limit - step, lower)):
            return None
        if not any(self.paid(limit + self._step(limit)) for limit in above):
            return None
        shown, called = _shown(self.term, inside), _term(self.looked, self.term)
        what = Text(
            zh=f"分档之间有空档：{called.zh}为 {shown} 时没有金额",
            en=f"a gap between the tiers: no amount where {called.en} is {shown}",
        )
        return _at(self.looked, "gap", threshold.path, threshold.span, what)

    def _lies_open(self, value: Fraction) -> bool:
        """Whether it is entitled there, and gets nothing or an unknown amount."""
        row, stand = self._row(value)
        if row.truth(put(self.looked.condition.truth, self.term, stand)) is not True:
            return False
        return not row.value(put(self.amount, self.term, stand))

    def _row(self, value: Fraction) -> tuple[Row, Typed]:
        """The enterprise with this value of the term, and what stands for the term."""
        if self.term.op in (Op.FACT, Op.PAST) and self.term.type.kind is Kind.EXACT:
            exact = Decimal(value.numerator) / Decimal(value.denominator)
            return self.sample.row(**{column_name(self.term): exact}), self.term
        stand = replace(self.term, op=Op.FACT, children=(), value=_STANDS_FOR)
        given: object = float(value)
        if self.term.type.kind is Kind.EXACT:
            given = Decimal(value.numerator) / Decimal(value.denominator)
        return self.sample.row(**{_STANDS_FOR: given}), stand

    def _step(self, limit: Fraction) -> Fraction:
        domain = self.looked.world.domain(self.term)
        step = domain.step if isinstance(domain, Numbers) else None
        return step if step is not None else max(abs(limit) * _NEAR, _NEAR)

    def _snapped(self, value: Fraction) -> Fraction:
        domain = self.looked.world.domain(self.term)
        step = domain.step if isinstance(domain, Numbers) else None
        return value if step is None else value // step * step

    def _told(
        self,
        rule: str,
        zh: str,
        en: str,
        threshold: Threshold,
        at: Fraction,
        then: Fraction,
        low: Decimal,
        high: Decimal,
    ) -> Finding:
        called = _term(self.looked, self.term)
        first, second = _shown(self.term, at), _shown(self.term, then)
        what = Text(
            zh=f"{called.zh}由 {first} 到 {second}，{zh}：{low:f} 元变为 {high:f} 元",
            en=f"from {first} to {second} of {called.en} {en}: {low:f} to {high:f} yuan",
        )
        return _at(self.looked, rule, threshold.path, threshold.span, what)


def _at(looked: Looked, rule: str, path: Path_, span: Span | None, what: Text) -> Finding:
    place = (span.line, span.column) if span is not None else None
    return looked.finding(rule, path, what, _MEND, place=place)


def _term(looked: Looked, term: Typed) -> Text:
    """A term in words: the fact's title; of a quotient or a sum the facts in it."""
    names = sorted(
        column_name(part) for part in walk(term) if part.op in (Op.FACT, Op.PAST, *REGISTER_OPS)
    )
    titles = [title_of(looked, name) for name in dict.fromkeys(names)]
    if len(titles) == 1:
        return titles[0]
    return Text(
        zh="、".join(title.zh for title in titles) + "所算出的数",
        en="the number of " + ", ".join(title.en for title in titles),
    )


def _shown(term: Typed, value: Fraction) -> str:
    """A number in the unit of its term, with no more decimals than it has (six at most)."""
    unit: Unit = term.type.unit
    rounded = round(Decimal(value.numerator) / Decimal(value.denominator), 6).normalize()
    return f"{rounded:f}{unit.symbol}"
