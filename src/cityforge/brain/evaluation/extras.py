"""Bonus and penalty (加分、减分): each item as a column, their sums within the cap."""

from collections.abc import Sequence

from sqlglot import exp

from cityforge.brain.city.scheme_grading import Extras
from cityforge.brain.evaluation import trees
from cityforge.brain.evaluation.prepared import Moment, Prepared, PreparedExtra
from cityforge.brain.expr import results
from cityforge.brain.scoring.machines import SQL
from cityforge.brain.values.quantity import PLAIN

BONUS, PENALTY = "bonus", "penalty"


def columns(prepared: Prepared) -> list[str]:
    """Columns of the result: each item (NULL: unknown whether it applies), and the sums."""
    found: list[str] = []
    for kind, items_, _ in _kinds(prepared):
        found += [*(f"{kind}_{one.item.id}" for one in items_), kind]
    return found


def _kinds(prepared: Prepared) -> list[tuple[str, tuple[PreparedExtra, ...], Extras]]:
    scheme = prepared.scheme
    both = ((BONUS, prepared.bonus, scheme.bonus), (PENALTY, prepared.penalty, scheme.penalty))
    return [(kind, items_, extras) for kind, items_, extras in both if extras is not None]


def items(prepared: Prepared, moment: Moment) -> dict[str, exp.Expr]:
    """The points of each item: 0 where it does not apply, NULL where that is unknown."""
    found: dict[str, exp.Expr] = {}
    for kind, items_, _ in _kinds(prepared):
        for one in items_:
            when = exp.paren(trees.to_sql(one.when, moment))
            points: exp.Expr = SQL.number(float(one.item.points or 0))
            if one.points is not None:
                points = trees.to_sql(results.as_double(one.points, PLAIN), moment)
                points = SQL.held(points, 0.0, None)
            found[f"{kind}_{one.item.id}"] = SQL.choose(when, points, SQL.number(0.0))
    return found


def counted(prepared: Prepared, source: str) -> exp.Expr:
    """A step with the sums of bonus and penalty beside each enterprise."""
    kinds = _kinds(prepared)
    if not kinds:
        return exp.to_table(source)
    query = exp.select("*").from_(source)
    for kind, items_, extras in kinds:
        cap = None if extras.cap is None else float(extras.cap)
        query = query.select(exp.alias_(SQL.held(_sum(kind, items_), None, cap), kind))
    return query.subquery("extra")


def _sum(kind: str, items_: Sequence[PreparedExtra]) -> exp.Expr:
    """The sum in the order of the file; of items that exclude each other the highest."""
    together: dict[str, list[exp.Expr]] = {}
    for one in items_:
        points = exp.func("coalesce", exp.column(f"{kind}_{one.item.id}"), SQL.number(0.0))
        together.setdefault(one.item.one_of or f"only {one.item.id}", []).append(points)
    total: exp.Expr | None = None
    for parts in together.values():
        term = parts[0]
        if len(parts) > 1:
            term = exp.Greatest(this=parts[0], expressions=parts[1:], ignore_nulls=True)
        total = term if total is None else exp.Add(this=total, expression=term)
    assert total is not None
    return total


def added(prepared: Prepared, summed: exp.Expr) -> exp.Expr:
    """The sum of the indicators' points with the bonus added and the penalty taken."""
    for kind, _, _ in _kinds(prepared):
        join = SQL.plus if kind == BONUS else SQL.minus
        summed = join(summed, exp.column(kind))
    return summed
