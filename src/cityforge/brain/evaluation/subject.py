"""The first step of an evaluation: who is in, in which part, and if not rated why not.

A small number stands for each reason (`standing`, 0 = rated) through all the steps; the words are
put in at the very end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from cityforge.brain.evaluation import trees
from cityforge.brain.evaluation.prepared import ENTERPRISE, Moment, Prepared
from cityforge.brain.expr import check
from cityforge.brain.expr.typed import Op, Typed, column_name, walk

RATED, EXEMPT, OUTSIDE, UNDETERMINED = "rated", "exempt", "outside", "undetermined"
# Facts that are missing are the bits of a number, so many to a column.
_BITS = 60


@dataclass(frozen=True, slots=True)
class Standing:
    """A condition under which an enterprise is not rated, its status, and the reason told.

    `tests`: the conditions that could not be decided; the reason then names their missing facts.
    """

    condition: exp.Expr
    status: str
    zh: str
    en: str
    tests: tuple[Typed, ...] = ()


def is_rated() -> exp.Expr:
    return exp.column("standing").eq(0)


def subject(prepared: Prepared, moment: Moment, facts: exp.Expr) -> exp.Select:
    """Every enterprise with its part and its standing."""
    read = prepared.facts.union(*(check.columns(typed) for typed in prepared.reads))
    founded_on = moment.founded_on if prepared.scheme.subject == ENTERPRISE else None
    needed = sorted(read - set(prepared.places) - {"uscc", "name", founded_on or ""})
    inner = exp.select(*trees.named(["uscc", "name", *prepared.places, *needed])).from_(
        facts.copy()
    )
    if founded_on:
        inner = inner.select(exp.column(founded_on, quoted=True))
    parted = exp.select("*", exp.alias_(_part(prepared, moment), "part")).from_(inner.subquery("f"))
    standing = exp.Case()
    for number, found in enumerate(standings(prepared, moment), start=1):
        standing = standing.when(found.condition.copy(), exp.Literal.number(number))
    small = exp.cast(standing.else_(exp.Literal.number(0)), "SMALLINT")
    stood = exp.select("*", exp.alias_(small, "standing")).from_(parted.subquery("p"))
    lacking = [exp.alias_(bits, name) for name, bits in _lacking_bits(prepared).items()]
    return exp.select("*", *lacking).from_(stood.subquery("s"))


def lacking_columns(prepared: Prepared) -> list[str]:
    """The columns that keep which facts were missing, for the reasons told at the end."""
    return list(_lacking_bits(prepared))


def standings(prepared: Prepared, moment: Moment) -> list[Standing]:
    """Conditions in the order in which they decide; who meets none of them is rated."""

    def holds(typed: Typed) -> exp.Expr:
        return exp.paren(trees.to_sql(typed, moment))

    found: list[Standing] = []
    if moment.founded_on and prepared.scheme.subject == ENTERPRISE:
        day = exp.cast(trees.text(moment.day.isoformat()), "DATE")
        later = exp.GT(this=exp.column(moment.founded_on, quoted=True), expression=day)
        found.append(Standing(later, OUTSIDE, "评价年度内尚未成立", "not yet founded"))
    population = prepared.population
    inside = holds(population)
    unknown = inside.is_(exp.null())
    found.append(Standing(unknown, UNDETERMINED, "缺少：", "unknown: ", (population,)))
    found.append(Standing(exp.not_(inside), OUTSIDE, "不在参评范围", "not in the population"))
    for exemption, typed in prepared.exempt:
        found.append(Standing(holds(typed), EXEMPT, exemption.says, exemption.says_en))
    whens = tuple(part.when for part in prepared.parts)
    no_part = exp.column("part").is_(exp.null())
    undecided = exp.and_(no_part, exp.or_(*[holds(when).is_(exp.null()) for when in whens]))
    found.append(Standing(undecided, UNDETERMINED, "缺少：", "unknown: ", whens))
    found.append(
        Standing(no_part.copy(), OUTSIDE, "不属于方案的任何一类", "in no part of the scheme")
    )
    for name in prepared.scheme.groups:
        zh, en = _titles(prepared, name)
        absent = exp.column(name, quoted=True).is_(exp.null())
        found.append(Standing(absent, UNDETERMINED, f"缺少：{zh}", f"unknown: {en}"))
    return found


def said(prepared: Prepared, moment: Moment) -> dict[str, exp.Expr]:
    """The columns `status`, `reason` and `reason_en` from the number of the standing."""
    status = exp.Case(this=exp.column("standing")).when("0", trees.text(RATED))
    reason, reason_en = exp.Case(this=exp.column("standing")), exp.Case(this=exp.column("standing"))
    for number, found in enumerate(standings(prepared, moment), start=1):
        key = exp.Literal.number(number)
        status = status.when(key, trees.text(found.status))
        zh, en = trees.text(found.zh), trees.text(found.en)
        if found.tests:
            words = _lacking(prepared, found.tests, is_chinese=True)
            words_en = _lacking(prepared, found.tests, is_chinese=False)
            zh, en = exp.DPipe(this=zh, expression=words), exp.DPipe(this=en, expression=words_en)
        reason, reason_en = reason.when(key.copy(), zh), reason_en.when(key.copy(), en)
    return {"status": status, "reason": reason, "reason_en": reason_en}


def _deciding(prepared: Prepared) -> list[tuple[str, int, str]]:
    """The facts that a reason may have to name, in the order of their bits."""
    return _given([prepared.population, *(part.when for part in prepared.parts)])


def _lacking_bits(prepared: Prepared) -> dict[str, exp.Expr]:
    """Which of the deciding facts are missing, as bits; a column for each `_BITS` of them."""
    facts = _deciding(prepared)
    columns: dict[str, exp.Expr] = {}
    for first in range(0, len(facts), _BITS):
        total: exp.Expr = _bit(None)
        for place, (_, _, column) in enumerate(facts[first : first + _BITS]):
            missing = exp.column(column, quoted=True).is_(exp.null())
            bit = exp.Case().when(missing, _bit(place)).else_(_bit(None))
            total = exp.Add(this=total, expression=bit)
        columns[f"lacking_{first // _BITS}"] = total
    return columns


def _bit(place: int | None) -> exp.Expr:
    """One bit as a number, or none."""
    return exp.cast(exp.Literal.number(0 if place is None else 1 << place), "BIGINT")


def _lacking(prepared: Prepared, tests: Sequence[Typed], *, is_chinese: bool) -> exp.Expr:
    """The names of the facts that are missing in a row, as a text."""
    own = set(_given(tests))
    parts: list[exp.Expr] = []
    for number, fact in enumerate(_deciding(prepared)):
        if fact not in own:
            continue
        name, back, _ = fact
        bits = exp.column(f"lacking_{number // _BITS}")
        set_ = exp.paren(exp.BitwiseAnd(this=bits, expression=_bit(number % _BITS)))
        title = _titles(prepared, name)[0 if is_chinese else 1]
        if back:
            title += f"（{back} 年前）" if is_chinese else f" ({back} years before)"
        is_missing = exp.NEQ(this=set_, expression=_bit(None))
        parts.append(exp.Case().when(is_missing, trees.text(title)))
    # Anonymous: SQLGlot's own CONCAT_WS would make the whole text NULL where one part is.
    comma = trees.text("、" if is_chinese else ", ")
    return exp.Anonymous(this="concat_ws", expressions=[comma, *parts])


def _titles(prepared: Prepared, name: str) -> tuple[str, str]:
    """What a fact of enterprises, or a series of places, is called."""
    fact = prepared.book.facts.get(name)
    if fact is not None and prepared.scheme.subject == ENTERPRISE:
        return fact.title, fact.title_en
    series = prepared.book.series.get(name)
    return (series.title, name) if series else (name, name)


def _given(tests: Sequence[Typed]) -> list[tuple[str, int, str]]:
    """The facts that conditions read, with how many years back, and their columns."""
    found = set()
    for part in (part for typed in tests for part in walk(typed)):
        if part.op is Op.FACT:
            found.add((str(part.value), 0, column_name(part)))
        elif part.op is Op.PAST and isinstance(part.value, tuple):
            found.add((part.value[0], -part.value[1], column_name(part)))
    return sorted(found)


def _part(prepared: Prepared, moment: Moment) -> exp.Expr:
    """The first part whose condition holds; unknown when an earlier condition is unknown."""
    case = exp.Case()
    for part in prepared.parts:
        when = exp.paren(trees.to_sql(part.when, moment))
        case = case.when(when, trees.text(part.part.id))
        case = case.when(when.copy().is_(exp.null()), exp.null())
    return case
