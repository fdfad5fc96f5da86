"""From totals to grades as trees: rank, share or total, ties, and the limits that move a grade."""

from sqlglot import exp

from cityforge.brain.evaluation import trees
from cityforge.brain.evaluation.grading import grade_sql, number_sql
from cityforge.brain.evaluation.prepared import Moment, Prepared
from cityforge.brain.evaluation.subject import is_rated

GRADED_RANK, NUMBER = "graded_rank", "grade_number"
RANKED_GRADE, LIMITED_BY = "ranked_grade", "limited_by"


def columns(prepared: Prepared) -> list[str]:
    """Columns of the result that only schemes with limits have."""
    return [RANKED_GRADE, LIMITED_BY] if prepared.limits else []


def carried(prepared: Prepared) -> list[str]:
    """What the grade follows from besides rank, size of the group and total."""
    names = [f"limit_{limit.id}" for limit, _ in prepared.limits]
    return [*names, GRADED_RANK] if _is_shared(prepared) else names


def _is_shared(prepared: Prepared) -> bool:
    """Whether equal totals share the rank that their grade is cut by."""
    return prepared.scheme.grading.by == "rank_share" and prepared.scheme.grading.tied != "apart"


def limits(prepared: Prepared, moment: Moment) -> dict[str, exp.Expr]:
    """Whether each limit's condition holds; NULL where that is unknown."""
    return {
        f"limit_{limit.id}": exp.paren(trees.to_sql(typed, moment))
        for limit, typed in prepared.limits
    }


def ranked(prepared: Prepared, group: list[exp.Column]) -> exp.Select:
    """Rank and size of the group: by total, then the tie-breaking indicators, then the code."""
    grading = prepared.scheme.grading
    keys = [exp.Ordered(this=exp.column("total"), desc=True, nulls_first=False)]
    for name in prepared.scheme.ties:
        keys += trees.best_first(prepared, name)
    # The rated are ranked among themselves: `is_rated` keeps the others apart.
    parts = [is_rated(), *group]
    code = exp.Ordered(this=exp.column("uscc"))
    rank = _window(exp.RowNumber(), parts, [*keys, code])
    size = _window(exp.Count(this=exp.Star()), parts)
    query = exp.select(
        "*",
        exp.alias_(exp.cast(exp.Case().when(is_rated(), size), "INTEGER"), "ranked"),
        exp.alias_(exp.cast(exp.Case().when(is_rated(), rank), "INTEGER"), "rank"),
    )
    if _is_shared(prepared):
        first = _window(exp.Anonymous(this="rank"), parts, keys)
        graded: exp.Expr = first
        if grading.tied == "worse":
            alike = _window(exp.Count(this=exp.Star()), [*parts, *(key.this for key in keys)])
            graded = exp.Sub(
                this=exp.Add(this=first, expression=alike), expression=exp.Literal.number(1)
            )
        query = query.select(exp.alias_(exp.cast(graded, "INTEGER"), GRADED_RANK))
    return query.from_("totalled")


def _window(
    function: exp.Expr, parts: list[exp.Expr], keys: list[exp.Ordered] | None = None
) -> exp.Window:
    order = exp.Order(expressions=[key.copy() for key in keys]) if keys else None
    return exp.Window(this=function, partition_by=[part.copy() for part in parts], order=order)


def graded(prepared: Prepared) -> dict[str, exp.Expr]:
    """The grade, and where a scheme has limits the grade before them and which limit moved it."""
    grading = prepared.scheme.grading
    rank = exp.column(GRADED_RANK if _is_shared(prepared) else "rank")
    # In 64 bits: a share may be cut to a millionth of a percent.
    size = exp.cast(exp.column("ranked"), "BIGINT")
    number = number_sql(grading, rank, size, exp.column("total"))
    rated = exp.Case().when(is_rated(), number)
    if not prepared.limits:
        return {"grade": grade_sql(grading, rated)}
    bounded, moved = _limited(prepared, rated)
    return {
        RANKED_GRADE: grade_sql(grading, rated),
        LIMITED_BY: moved,
        "grade": grade_sql(grading, bounded),
    }


def _limited(prepared: Prepared, number: exp.Expr) -> tuple[exp.Expr, exp.Expr]:
    """The number within the limits, and the id of the limit that set it.

    Gates first, then vetoes over what they give; of several the one that goes furthest.
    """
    order = {grade: i for i, grade in enumerate(prepared.scheme.grading.grades, start=1)}
    gates = [(limit, order[limit.at_least]) for limit, _ in prepared.limits if limit.at_least]
    vetoes = [(limit, order[limit.at_most]) for limit, _ in prepared.limits if limit.at_most]
    gates.sort(key=lambda pair: pair[1])
    vetoes.sort(key=lambda pair: -pair[1])
    moved: exp.Expr = exp.cast(exp.null(), "TEXT")
    for some, beyond in ((gates, exp.GT), (vetoes, exp.LT)):
        bounded, moved_by = exp.Case(), exp.Case()
        for limit, at in some:
            to = exp.Literal.number(at)
            acts = exp.and_(
                exp.column(f"limit_{limit.id}"),
                beyond(this=exp.paren(number.copy()), expression=to),
            )
            bounded = bounded.when(acts, to.copy())
            moved_by = moved_by.when(acts.copy(), trees.text(limit.id))
        if some:
            number, moved = bounded.else_(number), moved_by.else_(moved)
    return number, moved
