"""A prepared scheme as one SQL tree of named steps: facts in, one graded row an enterprise out.

subject -> measured -> placed -> based -> pointed -> scored -> totalled -> ranked -> graded. Reading
the steps top to bottom is reading the scheme: who is in, what was measured, against which base, how
many points, which rank.
"""

from sqlglot import exp

from cityforge.brain.city.dictionary import DISTRICT
from cityforge.brain.city.scheme_scoring import BASE, HIGH, LOW, PLACE
from cityforge.brain.evaluation import extras, grades, placing, references, trees
from cityforge.brain.evaluation.prepared import Moment, Prepared, PreparedIndicator, PreparedPart
from cityforge.brain.evaluation.references import Grouped
from cityforge.brain.evaluation.subject import RATED, is_rated, lacking_columns, said, subject
from cityforge.brain.scoring.functions import Against
from cityforge.brain.scoring.machines import DECIMALS, SQL

# Two totals that are equal by hand may differ in a double's last digits, as may an average and the
# one score it is made of. No such digit decides a rank: that is what the tie-breakers are for.
TOTAL_DECIMALS = DECIMALS
# What a gap or a missing base does to an indicator, as the column `how_` says it.
SCORED, AVERAGED, NO_BASE, ZERO = "scored", "group_average", "no_base", "zero"
PENALISED, REWEIGHTED = "penalty", "reweighted"
# Until the end the word is its number in this list.
_HOW = (SCORED, AVERAGED, PENALISED, REWEIGHTED, NO_BASE, ZERO)
# Columns of the result that follow from a ranked row, or are the same in every row.
_SAID = ("year", "status", "reason", "reason_en", grades.RANKED_GRADE, grades.LIMITED_BY, "grade")


def statement(
    prepared: Prepared,
    moment: Moment,
    *,
    facts: exp.Expr,
    before: tuple[Moment, exp.Expr] | None = None,
    held: exp.Expr | None = None,
) -> exp.Select:
    """The whole evaluation of one year.

    facts    the table of the year's facts (a table, or a function that reads one)
    before   moment and facts of the year before, where base values come from it; without it such
             a scheme has no base values, and every indicator counts as missing
    held     by credit code, values of groups that are not to be computed anew: `base_x`, `low_x`,
             `high_x` and `average_of_x` of each indicator; then `before` is not needed
    returns  a query, ordered by credit code
    """
    steps = _steps(prepared, moment, facts, before, held)
    return _with(graded(prepared, moment, exp.to_table("ranked")), steps)


def ranked(
    prepared: Prepared,
    moment: Moment,
    *,
    facts: exp.Expr,
    before: tuple[Moment, exp.Expr] | None = None,
) -> exp.Select:
    """The same up to the ranks: narrow rows in no order, small numbers in place of words.

    To be kept as a table for `graded`: of a very large population neither then needs more memory
    than it takes to sort.
    """
    names = [name for name in columns(prepared) if name not in _SAID]
    carried = [*lacking_columns(prepared), *grades.carried(prepared)]
    query = exp.select(*trees.named(names), "standing", *trees.named(carried)).from_("ranked")
    return _with(query, _steps(prepared, moment, facts, before, None))


def graded(
    prepared: Prepared, moment: Moment, source: exp.Expr, *, is_sorted: bool = False
) -> exp.Select:
    """One row an enterprise (`columns`) of what is ranked, with grades and words, by credit code.

    source     the table of ranked rows
    is_sorted  the table is in that order, and the engine keeps it: then words need no sorting
    """
    made = said(prepared, moment) | grades.graded(prepared)
    made |= {f"how_{name}": _how(name) for name in prepared.indicator_ids}
    made["year"] = exp.cast(exp.Literal.number(moment.year), "INTEGER")
    shown = [
        exp.alias_(made[name], name) if name in made else exp.column(name, quoted=True)
        for name in columns(prepared)
    ]
    query = exp.select(*shown).from_(source)
    return query if is_sorted else query.order_by("uscc")


def _with(query: exp.Select, steps: dict[str, exp.Select]) -> exp.Select:
    for name, step in steps.items():
        query = query.with_(name, as_=step, copy=False)
    return query


def _steps(
    prepared: Prepared,
    moment: Moment,
    facts: exp.Expr,
    before: tuple[Moment, exp.Expr] | None,
    held: exp.Expr | None,
) -> dict[str, exp.Select]:
    groups = references.grouped(prepared, has_before=before is not None)
    if held is not None:
        groups = []
    steps = {
        "subject": subject(prepared, moment, facts),
        "measured": _measured(prepared, moment),
    }
    if any(prepared.needs(name, PLACE) for name in prepared.indicator_ids):
        steps["placed"] = placing.placed(prepared, group_of(prepared))
    if before is not None and any(group.year_before for group in groups):
        steps["subject_before"] = subject(prepared, before[0], before[1])
    for group in groups:
        when, source = moment, "subject"
        if group.year_before and before is not None:
            when, source = before[0], "subject_before"
        steps[group.name] = references.step(group, when, source)
    source = "placed" if "placed" in steps else "measured"
    steps["based"] = _based(prepared, moment, groups, source, held)
    steps["pointed"] = _pointed(prepared)
    averages = None if held is not None else _averages(prepared)
    if averages is not None:
        steps["averages"] = averages
    steps["scored"] = _scored(prepared, has_averages=averages is not None)
    steps["totalled"] = _totalled(prepared)
    steps["ranked"] = grades.ranked(prepared, group_of(prepared))
    return steps


def columns(prepared: Prepared) -> list[str]:
    """The columns of the result, in order.

    Of every scheme: who, where, status and reason, of each indicator value, base, points and how;
    total, rank, grade. Only where a scheme has them: low, high and place of an indicator, bonus and
    penalty, the grade before limits and the limit that moved it.
    """
    own = ["uscc", "name", "year", *prepared.places, "part", "status", "reason", "reason_en"]
    for name in prepared.indicator_ids:
        own += [f"value_{name}", f"base_{name}", f"points_{name}", f"how_{name}"]
        own += [f"{slot}_{name}" for slot in (LOW, HIGH, PLACE) if prepared.needs(name, slot)]
    own += extras.columns(prepared)
    return [*own, "total", "ranked", "rank", *grades.columns(prepared), "grade"]


def group_of(prepared: Prepared) -> list[exp.Column]:
    """The columns that make a ranking group."""
    return [exp.column(name, quoted=True) for name in ("part", *prepared.scheme.groups)]


def _measured(prepared: Prepared, moment: Moment) -> exp.Select:
    """The value of each indicator in its own unit, NULL where a fact is missing."""
    query = exp.select("uscc", "name", *trees.named(prepared.places))
    query = query.select("part", "standing", *lacking_columns(prepared)).from_("subject")
    for name in prepared.indicator_ids:
        value = trees.by_part(prepared, name, lambda _, i: trees.value(i, moment))
        query = query.select(exp.alias_(value, f"value_{name}"))
    others = references.own(prepared, moment) | extras.items(prepared, moment)
    for name, tree in (others | grades.limits(prepared, moment)).items():
        query = query.select(exp.alias_(tree, name))
    return query


def _based(
    prepared: Prepared,
    moment: Moment,
    groups: list[Grouped],
    source: str,
    held: exp.Expr | None,
) -> exp.Select:
    """Beside each value what it is held against."""
    is_held = held is not None
    query = exp.select("m.*").from_(exp.alias_(exp.to_table(source), "m", table=True))
    for name in prepared.indicator_ids:
        for slot in (BASE, LOW, HIGH):
            if slot == BASE or prepared.needs(name, slot):
                value = references.value(prepared, name, slot, groups, moment, is_held=is_held)
                query = query.select(exp.alias_(value, f"{slot}_{name}"))
        if is_held and _has(prepared, name, "group_average_score"):
            query = query.select(exp.column(f"average_of_{name}", references.HELD))
    if held is not None:
        same = exp.column("uscc", "m").eq(exp.column("uscc", references.HELD))
        table = exp.select("*").from_(held.copy()).subquery(references.HELD)
        query = query.join(table, on=same, join_type="left")
    return references.joined(query, groups, left="m")


def _pointed(prepared: Prepared) -> exp.Select:
    """Points from value and base by the scoring function, within its bounds."""
    query = exp.select("*").from_("based")
    for name in prepared.indicator_ids:
        points = trees.by_part(prepared, name, _points)
        query = query.select(exp.alias_(points, f"raw_{name}"))
    return query


def _points(_: PreparedPart, i: PreparedIndicator) -> exp.Expr:
    against = Against[exp.Expr](
        SQL.number(i.weight),
        *(exp.column(f"{slot}_{i.id}") for slot in (BASE, LOW, HIGH, PLACE, "of")),
    )
    raw = i.function.points(SQL, exp.column(f"value_{i.id}"), against, i.settings)
    return SQL.held(raw, *i.bounds)


def _averages(prepared: Prepared) -> exp.Select | None:
    """The average points of each ranking group, for the indicators whose gaps they fill."""
    keys = group_of(prepared)
    query = exp.select(
        *[exp.alias_(key, f"average_{key.name}", quoted=True) for key in keys]
    ).from_("pointed")
    filled = [
        name for name in prepared.indicator_ids if _has(prepared, name, "group_average_score")
    ]
    for name in filled:
        mean = references.mean(exp.column(f"raw_{name}"))
        query = query.select(exp.alias_(mean, f"average_of_{name}"))
    return query.where(is_rated()).group_by(*[key.copy() for key in keys]) if filled else None


def _has(prepared: Prepared, name: str, rule: str) -> bool:
    """Whether gaps of an indicator follow a rule in any part."""
    return any(i.missing == rule for _, i in prepared.of(name))


def _scored(prepared: Prepared, *, has_averages: bool) -> exp.Select:
    """Missing points filled as the scheme says, and `how_` each indicator was scored."""
    query = exp.select("p.*").from_(exp.alias_(exp.to_table("pointed"), "p", table=True))
    for name in prepared.indicator_ids:
        points, how = _filled(prepared, name)
        query = query.select(exp.alias_(points, f"points_{name}"), exp.alias_(how, f"how_{name}"))
    if not has_averages:
        return query
    same = [
        exp.EQ(
            this=exp.column(key.name, "p", quoted=True),
            expression=exp.column(f"average_{key.name}", "a", quoted=True),
        )
        for key in group_of(prepared)
    ]
    return query.join(
        exp.alias_(exp.to_table("averages"), "a", table=True), on=exp.and_(*same), join_type="left"
    )


def _filled(prepared: Prepared, name: str) -> tuple[exp.Expr, exp.Expr]:
    """The points of an indicator with its gaps filled, and how they came about."""
    raw, value = exp.column(f"raw_{name}"), exp.column(f"value_{name}")
    average = trees.by_part(prepared, name, _average)
    scored = exp.and_(is_rated(), trees.in_part(prepared, name))
    how = (
        exp.Case()
        .when(exp.not_(scored.copy()), exp.null())
        .when(raw.copy().is_(exp.null()).not_(), _number(SCORED))
    )
    if _has(prepared, name, "group_average_score"):
        how = how.when(average.copy().is_(exp.null()).not_(), _number(AVERAGED))
    filled: list[exp.Expr] = [average, SQL.number(0.0)]
    if _has(prepared, name, "penalty"):
        taken = SQL.number(-float(prepared.scheme.missing_points or 0))
        gap = exp.and_(value.copy().is_(exp.null()), _where(prepared, name, "penalty"))
        how = how.when(gap, _number(PENALISED))
        filled.insert(1, exp.Case().when(gap.copy(), taken))
    if _has(prepared, name, "reweight"):
        here = _where(prepared, name, "reweight")
        how = how.when(here, _number(REWEIGHTED))
        filled[-1] = exp.Case().when(exp.not_(here.copy()), SQL.number(0.0))
    # A value without points: there was no base, or none above zero, to hold it against.
    how = how.when(value.is_(exp.null()).not_(), _number(NO_BASE)).else_(_number(ZERO))
    points = exp.Case().when(scored, exp.func("coalesce", raw, *filled))
    return points, exp.cast(how, "TINYINT")


def _number(how: str) -> exp.Expr:
    return exp.Literal.number(_HOW.index(how))


def _how(name: str) -> exp.Expr:
    case = exp.Case(this=exp.column(f"how_{name}"))
    for how in _HOW:
        case = case.when(_number(how), trees.text(how))
    return case


def _where(prepared: Prepared, name: str, rule: str) -> exp.Expr:
    """In which parts gaps of an indicator follow a rule."""
    return trees.among([part.part.id for part, i in prepared.of(name) if i.missing == rule])


def _average(_: PreparedPart, indicator: PreparedIndicator) -> exp.Expr:
    """What stands in for missing points: the group's average, or nothing."""
    if indicator.missing == "group_average_score":
        return exp.column(f"average_of_{indicator.id}")
    return exp.cast(exp.null(), "DOUBLE")


def _totalled(prepared: Prepared) -> exp.Select:
    """The sum of the points, in the order of the file, with bonus and penalty, rounded."""
    total = exp.Case()
    for part in prepared.parts:
        summed = extras.added(prepared, _summed(part))
        mine = exp.and_(is_rated(), exp.column("part").eq(trees.text(part.part.id)))
        total = total.when(mine, trees.unsigned(SQL.settled(summed)))
    query = exp.select("*", exp.alias_(total, "total"))
    return query.from_(extras.counted(prepared, "scored"))


def _summed(part: PreparedPart) -> exp.Expr:
    """The sum of a part's points; what gaps leave of the weights is stretched to the whole."""
    summed: exp.Expr | None = None
    for i in part.indicators:
        points: exp.Expr = exp.column(f"points_{i.id}")
        if i.missing == "reweight":
            points = exp.func("coalesce", points, SQL.number(0.0))
        summed = points if summed is None else exp.Add(this=summed, expression=points)
    assert summed is not None
    if all(i.missing != "reweight" for i in part.indicators):
        return summed
    known: exp.Expr | None = None
    for i in part.indicators:
        there = exp.column(f"points_{i.id}").is_(exp.null()).not_()
        weight = exp.Case().when(there, SQL.number(i.weight)).else_(SQL.number(0.0))
        known = weight if known is None else exp.Add(this=known, expression=weight)
    assert known is not None
    whole = sum(i.weight for i in part.indicators)
    some = exp.GT(this=exp.paren(known), expression=SQL.number(0.0))
    stretched = SQL.over(SQL.times(summed, SQL.number(whole)), known)
    return exp.Case().when(some, stretched).else_(SQL.number(0.0))


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
