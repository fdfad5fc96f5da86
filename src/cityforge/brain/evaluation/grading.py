"""Grades by share of rank, cut on whole ranks: never on a float percentage; or by total.

Grades are numbered from 1, the best, until the very end.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm

from sqlglot import exp

from cityforge.brain.city.scheme_grading import Grading
from cityforge.brain.errors import Text
from cityforge.brain.scoring.machines import SQL

ROUNDINGS = {
    "half_up": Text(zh="四舍五入", en="rounded half up"),
    "floor": Text(zh="舍去", en="rounded down"),
    "ceiling": Text(zh="进一", en="rounded up"),
    "largest_remainder": Text(zh="最大余数", en="by largest remainder"),
}


def last_ranks(grading: Grading, ranked: int) -> dict[str, int]:
    """The last rank of each grade among `ranked` enterprises.

    The cumulative share is rounded, so that the counts always add up: 265 enterprises at
    20/60/95/100 % are cut after 53, 159, 252 and 265. By largest remainder each grade gets the
    whole part of its own share; the places left go to the largest fractions, the better grade
    first where they are equal.
    """
    if grading.rounding == "largest_remainder":
        return _by_remainder(grading, ranked)
    return {
        band.grade: _cut(*_fraction(band.to), ranked, grading.rounding) for band in grading.bands
    }


def _by_remainder(grading: Grading, ranked: int) -> dict[str, int]:
    shares, whole = _shares(grading)
    remainders = [ranked * share % whole for share in shares]
    left = ranked - sum(ranked * share // whole for share in shares)
    first = sorted(range(len(shares)), key=lambda i: (-remainders[i], i))[:left]
    found, last = {}, 0
    for i, (band, share) in enumerate(zip(grading.bands, shares, strict=True)):
        last += ranked * share // whole + (i in first)
        found[band.grade] = last
    return found


def _shares(grading: Grading) -> tuple[list[int], int]:
    """Each band's own share in whole parts of one whole."""
    fractions = [Fraction(band.to) - Fraction(band.from_) for band in grading.bands]
    whole = 100 * lcm(*(f.denominator for f in fractions))
    return [int(f * whole / 100) for f in fractions], whole


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


def number_sql(grading: Grading, rank: exp.Expr, ranked: exp.Expr, total: exp.Expr) -> exp.Expr:
    """The number of the grade as a tree, in whole numbers where shares decide.

    The first band that the rank falls into or has passed and whose least total is reached; the last
    takes who is left. Rank and total are known wherever an enterprise is rated.
    """
    case = exp.Case()
    lasts = _last_ranks_sql(grading, ranked) if grading.by == "rank_share" else []
    for number, band in enumerate(grading.bands, start=1):
        tests: list[exp.Expr] = []
        if lasts:
            tests.append(exp.LTE(this=rank.copy(), expression=lasts[number - 1]))
        if band.at_least is not None:
            limit = SQL.number(float(band.at_least))
            tests.append(exp.GTE(this=total.copy(), expression=limit))
        case = case.when(exp.and_(*tests) if tests else _known(total), _n(number))
    is_bounded = lasts and any(band.at_least is not None for band in grading.bands)
    return case.else_(_n(len(grading.bands))) if is_bounded else case


def grade_sql(grading: Grading, number: exp.Expr) -> exp.Expr:
    """The grade of a number."""
    case = exp.Case(this=number)
    for i, band in enumerate(grading.bands, start=1):
        case = case.when(_n(i), exp.Literal.string(band.grade))
    return case


def _known(total: exp.Expr) -> exp.Expr:
    return total.copy().is_(exp.null()).not_()


def _last_ranks_sql(grading: Grading, ranked: exp.Expr) -> list[exp.Expr]:
    if grading.rounding != "largest_remainder":
        cuts = [_fraction(band.to) for band in grading.bands]
        return [_cut_sql(part, whole, ranked, grading.rounding) for part, whole in cuts]
    shares, whole = _shares(grading)
    scaled = [exp.Mul(this=ranked.copy(), expression=_n(share)) for share in shares]
    floors = [_divided(one, whole) for one in scaled]
    rests = [exp.Mod(this=exp.paren(one.copy()), expression=_n(whole)) for one in scaled]
    left = exp.Sub(this=ranked.copy(), expression=exp.paren(_summed(floors)))
    found: list[exp.Expr] = []
    counts_: list[exp.Expr] = []
    for i, rest in enumerate(rests):
        ahead = [
            exp.Case().when(_is_ahead(other, rest, before=j < i), _n(1)).else_(_n(0))
            for j, other in enumerate(rests)
            if j != i
        ]
        gets = exp.LT(this=exp.paren(_summed(ahead)), expression=exp.paren(left.copy()))
        counts_ += [floors[i], exp.Case().when(gets, _n(1)).else_(_n(0))]
        found.append(exp.paren(_summed(counts_)))
    return found


def _is_ahead(other: exp.Expr, own: exp.Expr, *, before: bool) -> exp.Expr:
    compare = exp.GTE if before else exp.GT
    return compare(this=other.copy(), expression=own.copy())


def _summed(parts: Sequence[exp.Expr]) -> exp.Expr:
    if not parts:
        return _n(0)
    total = parts[0].copy()
    for part in parts[1:]:
        total = exp.Add(this=total, expression=part.copy())
    return total


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
