"""Scoring functions, each defined once: its formula, where it holds, its source, two machines.

`points` is the reference on plain numbers; `sql` builds the same steps in the same order, so that
both give the same IEEE double.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp


@dataclass(frozen=True, slots=True)
class ScoringFunction:
    """`formula` in x (value), b (base), w (weight); `domain`: when it gives points at all."""

    name: str
    title: str
    formula: str
    domain: str
    source: str
    points: Callable[[float, float, float], float | None]
    sql: Callable[[exp.Expr, exp.Expr, exp.Expr], exp.Expr]


def _ratio_points(x: float, base: float, weight: float) -> float | None:
    return None if base <= 0 else x / base * weight


def _ratio_sql(x: exp.Expr, base: exp.Expr, weight: exp.Expr) -> exp.Expr:
    positive = exp.Case().when(exp.GT(this=base, expression=exp.Literal.number(0)), base.copy())
    return exp.Mul(this=exp.Div(this=x, expression=exp.paren(positive)), expression=weight)


FUNCTIONS: dict[str, ScoringFunction] = {
    "ratio_to_base": ScoringFunction(
        name="ratio_to_base",
        title="与基准值之比",
        formula="x / b × w",
        domain="b > 0; no points where the value or the base is missing",
        source="Huai'an 2024 and Huangyan FY2022 published schemes (third-party copies)",
        points=_ratio_points,
        sql=_ratio_sql,
    ),
}


def bounded(
    points: float | None, *, weight: float, cap: float | None, floor: float | None
) -> float | None:
    """Points held between a floor and `cap` times the weight; missing stays missing."""
    if points is None:
        return None
    if cap is not None and points > cap * weight:
        return cap * weight
    if floor is not None and points < floor:
        return floor
    return points


def bounded_sql(
    points: exp.Expr, *, weight: float, cap: float | None, floor: float | None
) -> exp.Expr:
    """The same bounds as a tree. CASE, not LEAST: LEAST would skip a missing value."""
    if cap is None and floor is None:
        return points
    bounds = exp.Case()
    if cap is not None:
        most = double(cap * weight)
        bounds = bounds.when(exp.GT(this=points.copy(), expression=most), most.copy())
    if floor is not None:
        least = double(floor)
        bounds = bounds.when(exp.LT(this=points.copy(), expression=least), least.copy())
    return bounds.else_(points)


def double(number: float) -> exp.Expr:
    """A literal that every engine reads as the same IEEE double (0.1 alone may be a DECIMAL)."""
    return exp.cast(exp.Literal.number(repr(number)), "DOUBLE")
