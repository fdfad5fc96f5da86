"""Grades by share of rank, cut on whole ranks: never on a float percentage."""

from collections.abc import Iterable
from decimal import Decimal

from sqlglot import exp

from cityforge.brain.city.scheme import Grading
from cityforge.brain.errors import Text

ROUNDINGS = {
    "half_up": Text(zh="四舍五入", en="rounded half up"),
    "floor": Text(zh="舍去", en="rounded down"),
    "ceiling": Text(zh="进一", en="rounded up"),
}


def last_ranks(grading: Grading, ranked: int) -> dict[str, int]:
    """The last rank of each grade among `ranked` enterprises.

    The cumulative share is rounded, so that the counts always add up: 265 enterprises at
    20/60/95/100 % are cut after 53, 159, 252 and 265.
    """
    return {
        band.grade: _cut(*_fraction(band.to), ranked, grading.rounding) for band in grading.bands
    }


def counts(grading: Grading, ranked: int) -> dict[str, int]:
    """How many of `ranked` enterprises get each grade."""
    found: dict[str, int] = {}
    before = 0
    for grade, last in last_ranks(grading, ranked).items():
        found[grade] = last - before
        before = last
    return found


def follows(grading: Grading, published: dict[str, int]) -> bool:
    """Whether published counts follow from the bands by any of the roundings."""
    ranked = sum(published.values())
    grades = [band.grade for band in grading.bands]
    wanted = {grade: published.get(grade, 0) for grade in grades}
    return any(
        counts(grading.model_copy(update={"rounding": rounding}), ranked) == wanted
        for rounding in ROUNDINGS
    )


def grade_sql(grading: Grading, rank: exp.Expr, ranked: exp.Expr) -> exp.Expr:
    """The grade of a rank as a tree, in whole numbers throughout."""
    case = exp.Case()
    for band in grading.bands:
        part, whole = _fraction(band.to)
        last = _cut_sql(part, whole, ranked, grading.rounding)
        case = case.when(exp.LTE(this=rank.copy(), expression=last), exp.Literal.string(band.grade))
    return case


def _fraction(percent: Decimal) -> tuple[int, int]:
    """A percentage as part / whole in whole numbers: 20 -> (20, 100), 12.5 -> (125, 1000)."""
    exponent = percent.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    scale = 10 ** max(-exponent, 0)
    return int(percent * scale), 100 * scale


def _cut(part: int, whole: int, ranked: int, rounding: str) -> int:
    if rounding == "floor":
        return ranked * part // whole
    if rounding == "ceiling":
        return (ranked * part + whole - 1) // whole
    return (2 * ranked * part + whole) // (2 * whole)


def _cut_sql(part: int, whole: int, ranked: exp.Expr, rounding: str) -> exp.Expr:
    scaled = exp.Mul(this=ranked.copy(), expression=_n(part))
    if rounding == "floor":
        return _divided(scaled, whole)
    if rounding == "ceiling":
        return _divided(exp.Add(this=scaled, expression=_n(whole - 1)), whole)
    doubled = exp.Add(this=exp.Mul(this=_n(2), expression=scaled), expression=_n(whole))
    return _divided(doubled, 2 * whole)


def _divided(number: exp.Expr, by: int) -> exp.Expr:
    return exp.IntDiv(this=exp.paren(number), expression=_n(by))


def _n(number: int) -> exp.Expr:
    return exp.Literal.number(number)


def words(found: dict[str, int], order: Iterable[str]) -> str:
    """Counts as people write them: A53 B106 C93 D13."""
    return " ".join(f"{grade}{found.get(grade, 0)}" for grade in order)
