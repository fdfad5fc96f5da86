"""Each column over the accepted rows: how full, how varied, between what bounds."""

from typing import Any

from sqlglot import exp

from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import Text
from cityforge.brain.intake.profile import outliers
from cityforge.brain.intake.profile.shape import ColumnProfile, Dates, Figures

TOP = 8
_ALWAYS_COUNTED = ("choice", "boolean", "year", "region_code")
_FEW = 60  # distinct values of a text that still are a kind of choice


def of(engine: Engine, dataset: Dataset) -> tuple[ColumnProfile, ...]:
    """All columns of a dataset, in the order of its contract: one statement for the bounds."""
    table = f"data_{dataset.id}"
    asked = exp.Select().from_(table)
    places: dict[str, slice] = {}
    width = 0
    for column in dataset.columns:
        figures = _figures(column)
        asked = asked.select(*figures)
        places[column.id] = slice(width, width + len(figures))
        width += len(figures)
    row = engine.rows(asked)[0]
    return tuple(
        _column(engine, dataset, column, row[places[column.id]]) for column in dataset.columns
    )


def _figures(column: Column) -> list[exp.Expr]:
    value = exp.column(column.id, quoted=True)
    asked: list[exp.Expr] = [
        exp.Count(this=value.copy()),
        exp.Count(this=exp.Distinct(expressions=[value.copy()])),
    ]
    if column.kind in ("quantity", "date"):
        shares = exp.Array(expressions=[exp.Literal.number(x) for x in ("0.25", "0.5", "0.75")])
        asked += [
            exp.Min(this=value.copy()),
            exp.Anonymous(this="quantile_disc", expressions=[value.copy(), shares]),
            exp.Max(this=value.copy()),
        ]
    if column.kind == "quantity":
        zero = exp.Literal.number(0)
        for compare in (exp.EQ, exp.LT):
            asked.append(exp.CountIf(this=compare(this=value.copy(), expression=zero.copy())))
    return asked


def _column(
    engine: Engine, dataset: Dataset, column: Column, row: tuple[Any, ...]
) -> ColumnProfile:
    may_name = dataset.may_name(column)
    filled, distinct = row[0], row[1]
    figures = dates = None
    if column.kind == "quantity" and filled:
        least, quartiles, most, zeros, negatives = row[2:]
        found = outliers.of(engine, dataset, column)
        low, middle, high = (float(each) for each in quartiles)
        figures = Figures(
            float(least) if may_name else None,
            (low, middle, high),
            float(most) if may_name else None,
            zeros,
            negatives,
            found.sizes,
            found.outliers,
            found.slips,
        )
    elif column.kind == "date" and filled:
        dates = Dates(row[2], tuple(row[3]), row[4])
    return ColumnProfile(
        column.id,
        Text(zh=column.title, en=column.title_en),
        column.kind,
        column.unit,
        filled,
        distinct,
        may_name,
        figures,
        dates,
        _top(engine, dataset, column, filled, distinct),
    )


def _top(
    engine: Engine, dataset: Dataset, column: Column, filled: int, distinct: int
) -> tuple[tuple[str, int], ...]:
    is_choice = column.kind in _ALWAYS_COUNTED or (
        column.kind in ("text", "period", "industry_code")
        and distinct <= _FEW
        and 2 * distinct <= filled
    )
    if not filled or not is_choice:
        return ()
    value = exp.column(column.id, quoted=True)
    counted = (
        exp.select(exp.alias_(exp.cast(value, "VARCHAR"), "v"), "count(*) AS n")
        .from_(f"data_{dataset.id}")
        .where(value.copy().is_(exp.null()).not_())
        .group_by("v")
        .order_by("n DESC", "v")
        .limit(TOP)
    )
    said = {"true": "是", "false": "否"} if column.kind == "boolean" else {}
    return tuple((said.get(text, text), count) for text, count in engine.rows(counted))
