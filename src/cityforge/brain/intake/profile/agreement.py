"""Pairs of columns that should tell the same, held against each other row by row.

Two figures agree when they differ by no more than the contract's tolerance of the second. A
suspect stands within NEAR of a power of ten of 10, 1,000 or 10,000 times the other.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from sqlglot import exp

from cityforge.brain.city.dataset import Agreement, Column, Dataset
from cityforge.brain.city.folder import City
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import Text
from cityforge.brain.intake.profile.coverage import NAMES
from cityforge.brain.intake.profile.shape import AgreementProfile, Listed
from cityforge.brain.values.quantity import PLAIN, Unit, unit

NEAR = 0.15
LISTED = 50
FACTORS = (10.0, 1000.0, 10000.0, 0.1, 0.001, 0.0001)
_POWERS = (1, 3, 4, -1, -3, -4)
_PAIR = "profile_pair"


def all_(engine: Engine, city: City) -> tuple[AgreementProfile, ...]:
    """Every agreement that the city's contracts state."""
    return tuple(_one(engine, city, *pair) for pair in _pairs(city))


def _pairs(city: City) -> Iterable[tuple[Dataset, Column, Dataset, Column, Agreement]]:
    for dataset in city.datasets.values():
        for column in dataset.columns:
            for agreement in column.agrees_with:
                other = city.datasets[agreement.dataset]
                target = other.column(agreement.name)
                assert target is not None  # the check of the city folder saw to it
                yield dataset, column, other, target, agreement


def _one(
    engine: Engine,
    city: City,
    left: Dataset,
    column: Column,
    right: Dataset,
    target: Column,
    agreement: Agreement,
) -> AgreementProfile:
    may_name = left.may_name(column) and right.may_name(target)
    factor = _measure(target).factor / _measure(column).factor
    engine.create(_PAIR, _joined(left, column, right, target, factor))
    try:
        figures = _counts(engine, f"{agreement.tolerance:f}")
        bin_ = "CAST(round(x * 20) AS INT) AS bin"
        ratios = exp.select(bin_, "count(*)").from_(_PAIR).where("NOT x IS NULL")
        counted = dict(engine.rows(ratios.group_by("bin").order_by("bin")))
        listed = _differences(engine, f"{agreement.tolerance:f}") if may_name else ()
    finally:
        engine.drop(_PAIR)
    both, compared, agree, only_left, only_right, median, *near = figures
    return AgreementProfile(
        left=_title(left, column),
        right=_title(right, target),
        left_dataset=left.id,
        right_dataset=right.id,
        left_owner=_owner(city, left),
        right_owner=_owner(city, right),
        unit=column.unit,
        within=agreement.within,
        both=both,
        compared=compared,
        agree=agree,
        only_left=only_left,
        only_right=only_right,
        median=None if median is None else 10**median,
        ratios=counted,
        suspects=tuple(zip(FACTORS, near, strict=True)),
        differences=listed,
        may_name=may_name,
    )


def _joined(
    left: Dataset, column: Column, right: Dataset, target: Column, factor: Fraction
) -> exp.Select:
    """uscc, year, a, b (in the unit of a) and x, the power of ten of their ratio."""
    keys: list[int | str | exp.Expr] = ["uscc"]
    if left.column("year") is not None:
        keys.append("year")
    one, other = (
        exp.select(*keys, exp.alias_(exp.cast(exp.column(c.id, quoted=True), "DOUBLE"), name))
        .from_(f"data_{d.id}")
        .where(exp.column(c.id, quoted=True).is_(exp.null()).not_())
        for d, c, name in ((left, column, "a"), (right, target, "b"))
    )
    # Multiplied and divided by whole numbers, which doubles hold exactly.
    b = f"b * {factor.numerator} / {factor.denominator}"
    pair = exp.select(*keys, "a", f"{b} AS b").from_(one.subquery("l"))
    pair = pair.join(other.subquery("r"), using=keys, join_type="full")
    year = "year" if len(keys) == 2 else "CAST(NULL AS INT) AS year"
    x = "CASE WHEN a > 0 AND b > 0 THEN log10(a / b) END AS x"
    return exp.select("uscc", year, "a", "b", exp.maybe_parse(x, dialect="duckdb")).from_(
        pair.subquery("p")
    )


def _counts(engine: Engine, tolerance: str) -> tuple[Any, ...]:
    """Both known, compared (not both nothing), within the tolerance, one side alone, median."""
    known = "NOT a IS NULL AND NOT b IS NULL"
    near = [f"count_if(abs(x - {power}) <= {NEAR})" for power in _POWERS]
    return engine.rows(
        exp.select(
            f"count_if({known})",
            f"count_if({known} AND NOT (a = 0 AND b = 0))",
            f"count_if({known} AND NOT (a = 0 AND b = 0) AND {_agrees(tolerance)})",
            "count_if(b IS NULL)",
            "count_if(a IS NULL)",
            "median(x)",
            *near,
            dialect="duckdb",
        ).from_(_PAIR)
    )[0]


def _agrees(tolerance: str) -> str:
    # A hair's breadth wider, so that 1.1 against 1 is within 10 % in doubles too.
    return f"abs(a - b) <= {tolerance} * abs(b) * (1 + 1e-12)"


def _differences(engine: Engine, tolerance: str) -> tuple[Listed, ...]:
    rows = engine.rows(
        exp.select("p.uscc", "n.name", "p.year", "p.a", "p.b", "p.x")
        .from_(f"{_PAIR} AS p")
        .join(f"{NAMES} AS n", using=["uscc"], join_type="left")
        .where("NOT p.x IS NULL", f"NOT {_agrees(tolerance)}")
        .order_by("abs(p.x) DESC", "p.uscc", "p.year")
        .limit(LISTED)
    )
    return tuple(Listed(code, name, year, a, b, 10**x) for code, name, year, a, b, x in rows)


def _measure(column: Column) -> Unit:
    return unit(column.unit) if column.unit else PLAIN


def _title(dataset: Dataset, column: Column) -> Text:
    return Text(zh=f"{dataset.title}·{column.title}", en=f"{dataset.title_en}: {column.title_en}")


def _owner(city: City, dataset: Dataset) -> Text:
    unit_ = city.units.get(dataset.owner)
    return Text(zh=unit_.title, en=unit_.title_en) if unit_ else Text(dataset.owner, dataset.owner)
