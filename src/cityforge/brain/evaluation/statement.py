"""A prepared scheme as one SQL tree of named steps: facts in, one graded row an enterprise out.

subject -> measured -> based -> pointed -> scored -> ranked. Reading the steps top to bottom is
reading the scheme: who is in, what was measured, against which base, how many points, which rank.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlglot import exp

from cityforge.brain.city.dictionary import DISTRICT, INDUSTRY
from cityforge.brain.city.scheme import SchemeIndicator
from cityforge.brain.engines import sql
from cityforge.brain.evaluation.grading import grade_sql
from cityforge.brain.evaluation.prepared import Prepared, PreparedIndicator, PreparedPart
from cityforge.brain.expr import check, results
from cityforge.brain.expr.check import Typed
from cityforge.brain.expr.types import Kind
from cityforge.brain.scoring.functions import FUNCTIONS, bounded_sql, double

Bound = Decimal | bool | str

RATED, EXEMPT, OUTSIDE, UNDETERMINED = "rated", "exempt", "outside", "undetermined"
# Means of ratios and of points are taken over decimals: a sum of doubles depends on their order.
_MEAN_TYPE = exp.DataType.build("DECIMAL(38, 12)")
_SUM_TYPE = exp.DataType.build("DECIMAL(38, 10)")


@dataclass(frozen=True, slots=True)
class Moment:
    """The year that is evaluated, the day its facts stand at, the parameters in force that day."""

    year: int
    day: date
    parameters: Mapping[str, Bound]
    founded_on: str | None = None


def statement(
    prepared: Prepared,
    moment: Moment,
    *,
    facts: exp.Expression,
    before: tuple[Moment, exp.Expression] | None = None,
) -> exp.Select:
    """The whole evaluation of one year.

    facts    the table of the year's facts (a table, or a function that reads one)
    before   moment and facts of the year before, where base values come from it; without it such
             a scheme has no base values, and every indicator counts as missing
    returns  a query, ordered by credit code
    """
    scheme = prepared.scheme
    steps = {
        "subject": _subject(prepared, moment, facts),
        "measured": _measured(prepared, moment),
    }
    if scheme.base.method == "previous_year_mean" and before is not None:
        steps["subject_before"] = _subject(prepared, before[0], before[1])
        steps["bases"] = _bases(prepared, before[0], "subject_before")
    elif scheme.base.method == "this_year_mean":
        steps["bases"] = _bases(prepared, moment, "subject")
    steps["based"] = _based(prepared, moment, from_means="bases" in steps)
    steps["pointed"] = _pointed(prepared)
    steps["scored"] = _scored(prepared)
    steps["totalled"] = _totalled(prepared)
    steps["ranked"] = _ranked(prepared)
    query = _graded(prepared, moment)
    for name, step in steps.items():
        query = query.with_(name, as_=step)
    return query


def columns(prepared: Prepared) -> list[str]:
    """The columns of the result, in order."""
    own = ["uscc", "name", "year", *_places(prepared), "part", "status", "reason", "reason_en"]
    for name in prepared.indicator_ids:
        own += [f"value_{name}", f"base_{name}", f"points_{name}", f"how_{name}"]
    return [*own, "total", "ranked", "rank", "grade"]


def _places(prepared: Prepared) -> list[str]:
    """Columns that say where an enterprise belongs: district, industry, and what else groups it."""
    scheme = prepared.scheme
    return list(dict.fromkeys([DISTRICT, INDUSTRY, *scheme.groups, *scheme.base.within]))


def _subject(prepared: Prepared, moment: Moment, facts: exp.Expression) -> exp.Select:
    """Every enterprise with its part, whether it is rated, and if not why not."""
    needed = sorted(
        prepared.facts - set(_places(prepared)) - {"uscc", "name", moment.founded_on or ""}
    )
    registers = sorted({name for typed in _conditions(prepared) for name in check.registers(typed)})
    inner = exp.select(
        *[exp.column(name, quoted=True) for name in ["uscc", "name", *_places(prepared), *needed]],
        *[exp.column(f"register:{name}", quoted=True) for name in registers],
    ).from_(facts.copy())
    if moment.founded_on:
        inner = inner.select(exp.column(moment.founded_on, quoted=True))
    part = _part(prepared, moment)
    cases = _standings(prepared, moment)
    status, reason, reason_en = exp.Case(), exp.Case(), exp.Case()
    for condition, state, zh, en in cases:
        status = status.when(condition.copy(), _text(state))
        reason = reason.when(condition.copy(), zh)
        reason_en = reason_en.when(condition.copy(), en)
    parted = exp.select("*", exp.alias_(part, "part")).from_(inner.subquery("f"))
    return exp.select(
        "*",
        exp.alias_(status.else_(_text(RATED)), "status"),
        exp.alias_(reason, "reason"),
        exp.alias_(reason_en, "reason_en"),
    ).from_(parted.subquery("p"))


def _conditions(prepared: Prepared) -> list[Typed]:
    return [
        prepared.population,
        *(typed for _, typed in prepared.exempt),
        *(part.when for part in prepared.parts),
    ]


Maker = Callable[[PreparedPart, PreparedIndicator], exp.Expression]
Standing = tuple[exp.Expression, str, exp.Expression, exp.Expression]


def _standings(prepared: Prepared, moment: Moment) -> list[Standing]:
    """Conditions in the order in which they decide; who meets none of them is rated."""

    def condition(typed: Typed) -> exp.Expression:
        return exp.paren(_sql(typed, moment))

    found: list[Standing] = []
    if moment.founded_on:
        later = exp.GT(
            this=exp.column(moment.founded_on, quoted=True),
            expression=exp.cast(_text(moment.day.isoformat()), "DATE"),
        )
        found.append((later, OUTSIDE, _text("评价年度内尚未成立"), _text("not yet founded")))
    inside = condition(prepared.population)
    found.append(
        (
            inside.is_(exp.null()),
            UNDETERMINED,
            _lacking(prepared, [prepared.population], "zh"),
            _lacking(prepared, [prepared.population], "en"),
        )
    )
    found.append((exp.not_(inside), OUTSIDE, _text("不在参评范围"), _text("not in the population")))
    for exemption, typed in prepared.exempt:
        found.append((condition(typed), EXEMPT, _text(exemption.says), _text(exemption.says_en)))
    whens = [part.when for part in prepared.parts]
    undecided = exp.or_(*[condition(when).is_(exp.null()) for when in whens])
    no_part = exp.column("part").is_(exp.null())
    found.append(
        (
            exp.and_(no_part, undecided),
            UNDETERMINED,
            _lacking(prepared, whens, "zh"),
            _lacking(prepared, whens, "en"),
        )
    )
    found.append(
        (no_part.copy(), OUTSIDE, _text("不属于方案的任何一类"), _text("in no part of the scheme"))
    )
    for name in prepared.scheme.groups:
        fact = prepared.book.facts[name]
        found.append(
            (
                exp.column(name, quoted=True).is_(exp.null()),
                UNDETERMINED,
                _text(f"缺少：{fact.title}"),
                _text(f"unknown: {fact.title_en}"),
            )
        )
    return found


def _lacking(prepared: Prepared, conditions: Sequence[Typed], language: str) -> exp.Expression:
    """The names of the facts that are missing in a row, as a text."""
    names = sorted(frozenset[str]().union(*(check.names(typed) for typed in conditions)))
    parts: list[exp.Expression] = []
    for name in names:
        fact = prepared.book.facts[name]
        missing = exp.column(name, quoted=True).is_(exp.null())
        title = fact.title if language == "zh" else fact.title_en
        parts.append(exp.Case().when(missing, _text(title)))
    listed = exp.func("concat_ws", _text("、" if language == "zh" else ", "), *parts)
    lead = "缺少：" if language == "zh" else "unknown: "
    return exp.DPipe(this=_text(lead), expression=listed)


def _part(prepared: Prepared, moment: Moment) -> exp.Expression:
    """The first part whose condition holds; unknown when an earlier condition is unknown."""
    case = exp.Case()
    for part in prepared.parts:
        when = exp.paren(_sql(part.when, moment))
        case = case.when(when, _text(part.part.id))
        case = case.when(when.copy().is_(exp.null()), exp.null())
    return case


def _measured(prepared: Prepared, moment: Moment) -> exp.Select:
    """The value of each indicator in its own unit, NULL where a fact is missing."""
    query = exp.select("uscc", "name", *_names(_places(prepared)))
    query = query.select("part", "status", "reason", "reason_en").from_("subject")
    for name in prepared.indicator_ids:
        value = _by_part(
            prepared,
            name,
            lambda _, i: _sql(results.as_double(i.expression, i.type.unit), moment),
        )
        query = query.select(exp.alias_(value, f"value_{name}"))
    return query


def _bases(prepared: Prepared, moment: Moment, subject: str) -> exp.Select:
    """The mean of each indicator in each part and group, over the enterprises that are rated."""
    scheme = prepared.scheme
    query = exp.select("part", *_names(scheme.base.within)).from_(subject)
    for part in prepared.parts:
        for indicator in part.indicators:
            mean = (
                _mean_of_sums(indicator, moment)
                if scheme.base.mean == "of_sums"
                else _mean_of_ratios(indicator, moment)
            )
            factor = float(scheme.base.factor)
            base = mean if factor == 1 else exp.Mul(this=exp.paren(mean), expression=double(factor))
            query = query.select(exp.alias_(base, f"{part.part.id}_{indicator.id}"))
    query = query.where(exp.column("status").eq(_text(RATED)))
    return query.group_by("part", *_names(scheme.base.within))


def _mean_of_sums(indicator: PreparedIndicator, moment: Moment) -> exp.Expression:
    """Sum of numerators over sum of denominators, of the rows that have both."""
    parts = results.ratio(indicator.expression)
    assert parts is not None  # the scheme's check saw to it
    above, below = (_summable(side, moment) for side in parts)
    both = exp.and_(
        above.copy().is_(exp.null()).not_(),
        exp.GT(this=below.copy(), expression=exp.Literal.number(0)),
    )
    sums = [
        exp.cast(exp.Sum(this=exp.Case().when(both.copy(), side.copy())), "DOUBLE")
        for side in (above, below)
    ]
    mean = exp.Div(this=sums[0], expression=exp.Nullif(this=sums[1], expression=double(0.0)))
    ratio = parts[0].type.unit / parts[1].type.unit
    factor = ratio.factor / indicator.type.unit.factor
    return _rescaled(mean, factor.numerator, factor.denominator)


def _summable(typed: Typed, moment: Moment) -> exp.Expression:
    value = _sql(typed, moment)
    return value if typed.type.kind is Kind.EXACT else exp.cast(value, _SUM_TYPE)


def _mean_of_ratios(indicator: PreparedIndicator, moment: Moment) -> exp.Expression:
    value = _sql(results.as_double(indicator.expression, indicator.type.unit), moment)
    return _mean(exp.cast(value, _MEAN_TYPE))


def _mean(value: exp.Expression, over: Sequence[exp.Expression] | None = None) -> exp.Expression:
    """The mean of decimals, by an exact sum; over a window where groups are given."""
    total: exp.Expression = exp.Sum(this=value)
    count: exp.Expression = exp.Count(this=value.copy())
    if over is not None:
        total = exp.Window(this=total, partition_by=[c.copy() for c in over])
        count = exp.Window(this=count, partition_by=[c.copy() for c in over])
    number = exp.Nullif(this=exp.cast(count, "DOUBLE"), expression=double(0.0))
    return exp.Div(this=exp.cast(total, "DOUBLE"), expression=number)


def _rescaled(value: exp.Expression, times: int, over: int) -> exp.Expression:
    if times != 1:
        value = exp.Mul(this=exp.paren(value), expression=double(float(times)))
    if over != 1:
        value = exp.Div(this=exp.paren(value), expression=double(float(over)))
    return value


def _based(prepared: Prepared, moment: Moment, *, from_means: bool) -> exp.Select:
    """Beside each value its base: a dated constant of the scheme, or the group's mean."""
    scheme = prepared.scheme
    query = exp.select("m.*").from_(exp.alias_(exp.to_table("measured"), "m", table=True))
    for name in prepared.indicator_ids:
        base: exp.Expression = exp.cast(exp.null(), "DOUBLE")
        if scheme.base.method == "fixed":
            base = _by_part(prepared, name, lambda _, i: _fixed(i.indicator, moment.year))
        elif from_means:
            base = _by_part(
                prepared, name, lambda part, i: exp.column(f"{part.part.id}_{i.id}", "b")
            )
        query = query.select(exp.alias_(base, f"base_{name}"))
    if not from_means:
        return query
    keys = ["part", *scheme.base.within]
    same = [
        exp.EQ(this=exp.column(k, "m", quoted=True), expression=exp.column(k, "b", quoted=True))
        for k in keys
    ]
    return query.join(
        exp.alias_(exp.to_table("bases"), "b", table=True), on=exp.and_(*same), join_type="left"
    )


def _fixed(indicator: SchemeIndicator, year: int) -> exp.Expression:
    """The newest base value not later than the year; none before the first."""
    past = [base for base in indicator.bases if base.year <= year]
    if not past:
        return exp.cast(exp.null(), "DOUBLE")
    return double(float(max(past, key=lambda base: base.year).value))


def _pointed(prepared: Prepared) -> exp.Select:
    """Points from value and base by the scoring function, within its bounds."""
    scoring = prepared.scheme.scoring
    function = FUNCTIONS[scoring.function]
    query = exp.select("*").from_("based")
    for name in prepared.indicator_ids:

        def points(_: PreparedPart, i: PreparedIndicator) -> exp.Expression:
            weight = float(i.indicator.weight)
            raw = function.sql(
                exp.column(f"value_{i.id}"), exp.column(f"base_{i.id}"), double(weight)
            )
            return bounded_sql(
                raw,
                weight=weight,
                cap=None if scoring.cap is None else float(scoring.cap),
                floor=None if scoring.floor is None else float(scoring.floor),
            )

        query = query.select(exp.alias_(_by_part(prepared, name, points), f"raw_{name}"))
    return query


def _scored(prepared: Prepared) -> exp.Select:
    """Missing points filled as the scheme says, and `how_` each indicator was scored."""
    query = exp.select("*").from_("pointed")
    for name in prepared.indicator_ids:
        raw = exp.column(f"raw_{name}")
        value, base = exp.column(f"value_{name}"), exp.column(f"base_{name}")
        known = raw.copy().is_(exp.null()).not_()
        here = _in_part(prepared, name)
        scored = exp.and_(exp.column("status").eq(_text(RATED)), here)
        averaged = _by_part(prepared, name, lambda _, i: _filled(prepared, i))
        points = exp.Case().when(scored, exp.func("coalesce", raw, averaged, double(0.0)))
        how = (
            exp.Case()
            .when(exp.not_(scored.copy()), exp.null())
            .when(known, _text("scored"))
            .when(
                exp.and_(
                    value.is_(exp.null()).not_(),
                    exp.or_(
                        base.is_(exp.null()),
                        exp.LTE(this=base.copy(), expression=exp.Literal.number(0)),
                    ),
                    averaged.copy().is_(exp.null()),
                ),
                _text("no_base"),
            )
            .when(averaged.copy().is_(exp.null()).not_(), _text("group_average"))
            .else_(_text("zero"))
        )
        query = query.select(exp.alias_(points, f"points_{name}"), exp.alias_(how, f"how_{name}"))
    return query


def _filled(prepared: Prepared, indicator: PreparedIndicator) -> exp.Expression:
    """What stands in for missing points: the group's average, or nothing."""
    rule = indicator.indicator.missing or prepared.scheme.missing
    if rule != "group_average_score":
        return exp.cast(exp.null(), "DOUBLE")
    raw = exp.cast(exp.column(f"raw_{indicator.id}"), _MEAN_TYPE)
    return _mean(raw, over=_group(prepared))


def _group(prepared: Prepared) -> list[exp.Expression]:
    """The columns that make a ranking group; `status` keeps the rated apart from the others."""
    return [exp.column("status"), exp.column("part"), *_names(prepared.scheme.groups)]


def _totalled(prepared: Prepared) -> exp.Select:
    """The sum of the points, in the order of the file."""
    total = exp.Case()
    for part in prepared.parts:
        terms: list[exp.Expression] = [exp.column(f"points_{i.id}") for i in part.indicators]
        summed = terms[0]
        for term in terms[1:]:
            summed = exp.Add(this=summed, expression=term)
        mine = exp.and_(
            exp.column("status").eq(_text(RATED)), exp.column("part").eq(_text(part.part.id))
        )
        total = total.when(mine, summed)
    return exp.select("*", exp.alias_(total, "total")).from_("scored")


def _ranked(prepared: Prepared) -> exp.Select:
    """Rank and size of the group: by total, then the tie-breaking indicators, then the code."""
    keys = [exp.Ordered(this=exp.column("total"), desc=True, nulls_first=False)]
    for name in prepared.scheme.ties:
        keys.append(exp.Ordered(this=exp.column(f"value_{name}"), desc=True, nulls_first=False))
    keys.append(exp.Ordered(this=exp.column("uscc")))
    rank = exp.Window(
        this=exp.RowNumber(),
        partition_by=_group(prepared),
        order=exp.Order(expressions=keys),
    )
    ranked = exp.Window(this=exp.Count(this=exp.Star()), partition_by=_group(prepared))
    rated = exp.column("status").eq(_text(RATED))
    return exp.select(
        "*",
        exp.alias_(exp.Case().when(rated, ranked), "ranked"),
        exp.alias_(exp.Case().when(rated.copy(), rank), "rank"),
    ).from_("totalled")


def _graded(prepared: Prepared, moment: Moment) -> exp.Select:
    grade = grade_sql(prepared.scheme.grading, exp.column("rank"), exp.column("ranked"))
    query = exp.select()
    for name in columns(prepared):
        column: exp.Expression = exp.column(name, quoted=True)
        if name == "year":
            column = exp.alias_(exp.cast(exp.Literal.number(moment.year), "INTEGER"), "year")
        elif name == "grade":
            column = exp.alias_(grade, "grade")
        elif name in ("rank", "ranked"):
            column = exp.alias_(exp.cast(column, "INTEGER"), name)
        query = query.select(column)
    return query.from_("ranked").order_by("uscc")


def _by_part(
    prepared: Prepared,
    name: str,
    make: Maker,
) -> exp.Expression:
    """What an indicator is in each part that has it; NULL elsewhere."""
    holders = [
        (part, indicator)
        for part in prepared.parts
        for indicator in part.indicators
        if indicator.id == name
    ]
    made = [make(part, indicator) for part, indicator in holders]
    if len(holders) == len(prepared.parts) and all(one == made[0] for one in made):
        return made[0]
    case = exp.Case()
    for (part, _), expression in zip(holders, made, strict=True):
        case = case.when(exp.column("part").eq(_text(part.part.id)), expression)
    return case


def _in_part(prepared: Prepared, name: str) -> exp.Expression:
    """Whether an enterprise's part has the indicator."""
    parts = [p for p in prepared.parts if any(i.id == name for i in p.indicators)]
    return exp.In(this=exp.column("part"), expressions=[_text(p.part.id) for p in parts])


def _sql(typed: Typed, moment: Moment) -> exp.Expression:
    return sql.to_sql(typed, as_of=moment.day, parameters=moment.parameters)


def _names(names: Sequence[str]) -> list[exp.Expression]:
    return [exp.column(name, quoted=True) for name in names]


def _text(words: str) -> exp.Expression:
    return exp.Literal.string(words)
