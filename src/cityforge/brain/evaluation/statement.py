"""A prepared scheme as one SQL tree of named steps: facts in, one graded row an enterprise out.

subject -> measured -> based -> pointed -> scored -> ranked. Reading the steps top to bottom is
reading the scheme: who is in, what was measured, against which base, how many points, which rank.
"""

from sqlglot import exp

from cityforge.brain.city.dictionary import DISTRICT
from cityforge.brain.city.scheme import SchemeIndicator
from cityforge.brain.evaluation import means, trees
from cityforge.brain.evaluation.grading import grade_sql
from cityforge.brain.evaluation.prepared import Moment, Prepared, PreparedIndicator, PreparedPart
from cityforge.brain.evaluation.subject import LACKING, LACKING_EN, RATED, is_rated, said, subject
from cityforge.brain.expr import results
from cityforge.brain.scoring.functions import FUNCTIONS, bounded_sql, double

# Two totals that are equal by hand may differ in a double's last digits, as may an average and the
# one score it is made of. No such digit decides a rank: that is what the tie-breakers are for.
TOTAL_DECIMALS = 9


def statement(
    prepared: Prepared,
    moment: Moment,
    *,
    facts: exp.Expr,
    before: tuple[Moment, exp.Expr] | None = None,
) -> exp.Select:
    """The whole evaluation of one year.

    facts    the table of the year's facts (a table, or a function that reads one)
    before   moment and facts of the year before, where base values come from it; without it such
             a scheme has no base values, and every indicator counts as missing
    returns  a query, ordered by credit code
    """
    scheme = prepared.scheme
    steps = {
        "subject": subject(prepared, moment, facts),
        "measured": _measured(prepared, moment),
    }
    if scheme.base.method == "previous_year_mean" and before is not None:
        steps["subject_before"] = subject(prepared, before[0], before[1])
        steps["bases"] = means.bases(prepared, before[0], "subject_before")
    elif scheme.base.method == "this_year_mean":
        steps["bases"] = means.bases(prepared, moment, "subject")
    steps["based"] = _based(prepared, moment, from_means="bases" in steps)
    steps["pointed"] = _pointed(prepared)
    averages = _averages(prepared)
    if averages is not None:
        steps["averages"] = averages
    steps["scored"] = _scored(prepared, has_averages=averages is not None)
    steps["totalled"] = _totalled(prepared)
    steps["ranked"] = _ranked(prepared)
    query = _graded(prepared, moment)
    for name, step in steps.items():
        query = query.with_(name, as_=step)
    return query


def columns(prepared: Prepared) -> list[str]:
    """The columns of the result, in order."""
    own = ["uscc", "name", "year", *prepared.places, "part", "status", "reason", "reason_en"]
    for name in prepared.indicator_ids:
        own += [f"value_{name}", f"base_{name}", f"points_{name}", f"how_{name}"]
    return [*own, "total", "ranked", "rank", "grade"]


def _measured(prepared: Prepared, moment: Moment) -> exp.Select:
    """The value of each indicator in its own unit, NULL where a fact is missing."""
    query = exp.select("uscc", "name", *trees.named(prepared.places))
    query = query.select("part", "standing", LACKING, LACKING_EN).from_("subject")
    for name in prepared.indicator_ids:
        value = trees.by_part(
            prepared,
            name,
            lambda _, i: trees.to_sql(results.as_double(i.expression, i.type.unit), moment),
        )
        query = query.select(exp.alias_(value, f"value_{name}"))
    return query


def _based(prepared: Prepared, moment: Moment, *, from_means: bool) -> exp.Select:
    """Beside each value its base: a dated constant of the scheme, or the group's mean."""
    scheme = prepared.scheme
    query = exp.select("m.*").from_(exp.alias_(exp.to_table("measured"), "m", table=True))
    for name in prepared.indicator_ids:
        base: exp.Expr = exp.cast(exp.null(), "DOUBLE")
        if scheme.base.method == "fixed":
            base = trees.by_part(prepared, name, lambda _, i: _fixed(i.indicator, moment.year))
        elif from_means:
            base = trees.by_part(
                prepared, name, lambda part, i: exp.column(f"{part.part.id}_{i.id}", "b")
            )
        query = query.select(exp.alias_(base, f"base_{name}"))
    if not from_means:
        return query
    own, theirs = ["part", *scheme.base.within], [means.BASE_PART, *scheme.base.within]
    same = [
        exp.EQ(this=exp.column(a, "m", quoted=True), expression=exp.column(b, "b", quoted=True))
        for a, b in zip(own, theirs, strict=True)
    ]
    return query.join(
        exp.alias_(exp.to_table("bases"), "b", table=True), on=exp.and_(*same), join_type="left"
    )


def _fixed(indicator: SchemeIndicator, year: int) -> exp.Expr:
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

        def points(_: PreparedPart, i: PreparedIndicator) -> exp.Expr:
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

        query = query.select(exp.alias_(trees.by_part(prepared, name, points), f"raw_{name}"))
    return query


def _averages(prepared: Prepared) -> exp.Select | None:
    """The average points of each ranking group, for the indicators whose gaps they fill."""
    keys = _group(prepared)
    query = exp.select(
        *[exp.alias_(key, f"average_{key.name}", quoted=True) for key in keys]
    ).from_("pointed")
    filled = [name for name in prepared.indicator_ids if _is_averaged(prepared, name)]
    for name in filled:
        points = exp.cast(exp.column(f"raw_{name}"), means.MEAN_TYPE)
        query = query.select(exp.alias_(means.mean(points), f"average_of_{name}"))
    return query.where(is_rated()).group_by(*[key.copy() for key in keys]) if filled else None


def _is_averaged(prepared: Prepared, name: str) -> bool:
    return any(
        (indicator.indicator.missing or prepared.scheme.missing) == "group_average_score"
        for part in prepared.parts
        for indicator in part.indicators
        if indicator.id == name
    )


def _scored(prepared: Prepared, *, has_averages: bool) -> exp.Select:
    """Missing points filled as the scheme says, and `how_` each indicator was scored."""
    query = exp.select("p.*").from_(exp.alias_(exp.to_table("pointed"), "p", table=True))
    for name in prepared.indicator_ids:
        raw, value = exp.column(f"raw_{name}"), exp.column(f"value_{name}")
        average = trees.by_part(prepared, name, lambda _, i: _filled(prepared, i))
        scored = exp.and_(is_rated(), trees.in_part(prepared, name))
        points = exp.Case().when(scored, exp.func("coalesce", raw, average, double(0.0)))
        how = (
            exp.Case()
            .when(exp.not_(scored.copy()), exp.null())
            .when(raw.copy().is_(exp.null()).not_(), trees.text("scored"))
            .when(average.copy().is_(exp.null()).not_(), trees.text("group_average"))
            # A value without points: there was no base, or none above zero, to hold it against.
            .when(value.is_(exp.null()).not_(), trees.text("no_base"))
            .else_(trees.text("zero"))
        )
        query = query.select(exp.alias_(points, f"points_{name}"), exp.alias_(how, f"how_{name}"))
    if not has_averages:
        return query
    same = [
        exp.EQ(
            this=exp.column(key.name, "p", quoted=True),
            expression=exp.column(f"average_{key.name}", "a", quoted=True),
        )
        for key in _group(prepared)
    ]
    return query.join(
        exp.alias_(exp.to_table("averages"), "a", table=True), on=exp.and_(*same), join_type="left"
    )


def _filled(prepared: Prepared, indicator: PreparedIndicator) -> exp.Expr:
    """What stands in for missing points: the group's average, or nothing."""
    rule = indicator.indicator.missing or prepared.scheme.missing
    if rule == "group_average_score":
        return exp.column(f"average_of_{indicator.id}")
    return exp.cast(exp.null(), "DOUBLE")


def _group(prepared: Prepared) -> list[exp.Column]:
    """The columns that make a ranking group."""
    return [exp.column(name, quoted=True) for name in ("part", *prepared.scheme.groups)]


def _totalled(prepared: Prepared) -> exp.Select:
    """The sum of the points, in the order of the file, rounded to `TOTAL_DECIMALS`."""
    total = exp.Case()
    decimals = exp.Literal.number(TOTAL_DECIMALS)
    for part in prepared.parts:
        terms: list[exp.Expr] = [exp.column(f"points_{i.id}") for i in part.indicators]
        summed = terms[0]
        for term in terms[1:]:
            summed = exp.Add(this=summed, expression=term)
        mine = exp.and_(
            is_rated(),
            exp.column("part").eq(trees.text(part.part.id)),
        )
        total = total.when(mine, exp.Round(this=exp.paren(summed), decimals=decimals.copy()))
    return exp.select("*", exp.alias_(total, "total")).from_("scored")


def _ranked(prepared: Prepared) -> exp.Select:
    """Rank and size of the group: by total, then the tie-breaking indicators, then the code."""
    keys = [exp.Ordered(this=exp.column("total"), desc=True, nulls_first=False)]
    for name in prepared.scheme.ties:
        keys.append(exp.Ordered(this=exp.column(f"value_{name}"), desc=True, nulls_first=False))
    keys.append(exp.Ordered(this=exp.column("uscc")))
    # The rated are ranked among themselves: `is_rated` keeps the others apart.
    group = [is_rated(), *_group(prepared)]
    rank = exp.Window(this=exp.RowNumber(), partition_by=group, order=exp.Order(expressions=keys))
    size = exp.Window(
        this=exp.Count(this=exp.Star()), partition_by=[column.copy() for column in group]
    )
    return exp.select(
        "*",
        exp.alias_(exp.Case().when(is_rated(), size), "ranked"),
        exp.alias_(exp.Case().when(is_rated(), rank), "rank"),
    ).from_("totalled")


def _graded(prepared: Prepared, moment: Moment) -> exp.Select:
    grade = grade_sql(prepared.scheme.grading, exp.column("rank"), exp.column("ranked"))
    words = said(prepared, moment)
    query = exp.select()
    for name in columns(prepared):
        column: exp.Expr = exp.column(name, quoted=True)
        if name in words:
            column = exp.alias_(words[name], name)
        elif name == "year":
            column = exp.alias_(exp.cast(exp.Literal.number(moment.year), "INTEGER"), "year")
        elif name == "grade":
            column = exp.alias_(grade, "grade")
        elif name in ("rank", "ranked"):
            column = exp.alias_(exp.cast(column, "INTEGER"), name)
        query = query.select(column)
    return query.from_("ranked").order_by("uscc")


def counted(prepared: Prepared, evaluated: str) -> exp.Select:
    """How many enterprises of each group got each grade, and which ranks it spans."""
    keys = ["year", "part", *dict.fromkeys([DISTRICT, *prepared.scheme.groups]), "ranked", "grade"]
    names = [exp.column(key, quoted=True) for key in keys]
    return (
        exp.select(
            *names,
            exp.alias_(exp.Count(this=exp.Star()), "count"),
            exp.alias_(exp.Min(this=exp.column("rank", quoted=True)), "first_rank"),
            exp.alias_(exp.Max(this=exp.column("rank", quoted=True)), "last_rank"),
        )
        .from_(evaluated)
        .where(exp.column("status").eq(trees.text(RATED)))
        .group_by(*names)
        .order_by(*names)
    )
