"""Means of groups: base values from last year or this, and averages that stand in for gaps."""

from sqlglot import exp

from cityforge.brain.evaluation import trees
from cityforge.brain.evaluation.prepared import Moment, Prepared, PreparedIndicator
from cityforge.brain.evaluation.subject import is_rated
from cityforge.brain.expr import results
from cityforge.brain.expr.typed import Typed
from cityforge.brain.expr.types import Kind
from cityforge.brain.scoring.functions import double

# Means of ratios and of points are taken over decimals: a sum of doubles depends on their order.
MEAN_TYPE = exp.DataType.build("DECIMAL(38, 12)")
# Another name than the enterprise's own part, so that no step has two columns of one name.
BASE_PART = "base_part"
_SUM_TYPE = exp.DataType.build("DECIMAL(38, 10)")


def bases(prepared: Prepared, moment: Moment, subject: str) -> exp.Select:
    """The mean of each indicator in each part and group, over the enterprises that are rated."""
    scheme = prepared.scheme
    query = exp.select(
        exp.alias_(exp.column("part"), BASE_PART), *trees.named(scheme.base.within)
    ).from_(subject)
    for part in prepared.parts:
        for indicator in part.indicators:
            average = (
                _mean_of_sums(indicator, moment)
                if scheme.base.mean == "of_sums"
                else _mean_of_ratios(indicator, moment)
            )
            factor = float(scheme.base.factor)
            base = (
                average
                if factor == 1
                else exp.Mul(this=exp.paren(average), expression=double(factor))
            )
            query = query.select(exp.alias_(base, f"{part.part.id}_{indicator.id}"))
    query = query.where(is_rated())
    return query.group_by("part", *trees.named(scheme.base.within))


def _mean_of_sums(indicator: PreparedIndicator, moment: Moment) -> exp.Expr:
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
    average = exp.Div(this=sums[0], expression=exp.Nullif(this=sums[1], expression=double(0.0)))
    ratio = parts[0].type.unit / parts[1].type.unit
    factor = ratio.factor / indicator.type.unit.factor
    return _rescaled(average, factor.numerator, factor.denominator)


def _summable(typed: Typed, moment: Moment) -> exp.Expr:
    value = trees.to_sql(typed, moment)
    return value if typed.type.kind is Kind.EXACT else exp.cast(value, _SUM_TYPE)


def _mean_of_ratios(indicator: PreparedIndicator, moment: Moment) -> exp.Expr:
    value = trees.to_sql(results.as_double(indicator.expression, indicator.type.unit), moment)
    return mean(exp.cast(value, MEAN_TYPE))


def mean(value: exp.Expr) -> exp.Expr:
    """The mean of decimals, by an exact sum."""
    number = exp.Nullif(
        this=exp.cast(exp.Count(this=value.copy()), "DOUBLE"), expression=double(0.0)
    )
    return exp.Div(this=exp.cast(exp.Sum(this=value), "DOUBLE"), expression=number)


def _rescaled(value: exp.Expr, times: int, over: int) -> exp.Expr:
    if times != 1:
        value = exp.Mul(this=exp.paren(value), expression=double(float(times)))
    if over != 1:
        value = exp.Div(this=exp.paren(value), expression=double(float(over)))
    return value
