"""The first step of an evaluation: who is in, in which part, and if not rated why not."""

from collections.abc import Sequence

from sqlglot import exp

from cityforge.brain.engines.sql import register_column
from cityforge.brain.evaluation import trees
from cityforge.brain.evaluation.prepared import Moment, Prepared
from cityforge.brain.expr import check
from cityforge.brain.expr.typed import Typed

RATED, EXEMPT, OUTSIDE, UNDETERMINED = "rated", "exempt", "outside", "undetermined"


def subject(prepared: Prepared, moment: Moment, facts: exp.Expr) -> exp.Select:
    """Every enterprise with its part, whether it is rated, and if not why not."""
    needed = sorted(
        prepared.facts - set(prepared.places) - {"uscc", "name", moment.founded_on or ""}
    )
    registers = sorted({name for typed in prepared.conditions for name in check.registers(typed)})
    inner = exp.select(
        *[exp.column(name, quoted=True) for name in ["uscc", "name", *prepared.places, *needed]],
        *[exp.column(register_column(name), quoted=True) for name in registers],
    ).from_(facts.copy())
    if moment.founded_on:
        inner = inner.select(exp.column(moment.founded_on, quoted=True))
    part = _part(prepared, moment)
    cases = _standings(prepared, moment)
    status, reason, reason_en = exp.Case(), exp.Case(), exp.Case()
    for condition, state, zh, en in cases:
        status = status.when(condition.copy(), trees.text(state))
        reason = reason.when(condition.copy(), zh)
        reason_en = reason_en.when(condition.copy(), en)
    parted = exp.select("*", exp.alias_(part, "part")).from_(inner.subquery("f"))
    return exp.select(
        "*",
        exp.alias_(status.else_(trees.text(RATED)), "status"),
        exp.alias_(reason, "reason"),
        exp.alias_(reason_en, "reason_en"),
    ).from_(parted.subquery("p"))


Standing = tuple[exp.Expr, str, exp.Expr, exp.Expr]


def _standings(prepared: Prepared, moment: Moment) -> list[Standing]:
    """Conditions in the order in which they decide; who meets none of them is rated."""
    found: list[Standing] = []

    def add(condition: exp.Expr, status: str, zh: str, en: str) -> None:
        found.append((condition, status, trees.text(zh), trees.text(en)))

    def add_unknown(condition: exp.Expr, tests: Sequence[Typed]) -> None:
        names = (_lacking(prepared, tests, "zh"), _lacking(prepared, tests, "en"))
        found.append((condition, UNDETERMINED, *names))

    def holds(typed: Typed) -> exp.Expr:
        return exp.paren(trees.to_sql(typed, moment))

    if moment.founded_on:
        day = exp.cast(trees.text(moment.day.isoformat()), "DATE")
        later = exp.GT(this=exp.column(moment.founded_on, quoted=True), expression=day)
        add(later, OUTSIDE, "评价年度内尚未成立", "not yet founded")
    inside = holds(prepared.population)
    add_unknown(inside.is_(exp.null()), [prepared.population])
    add(exp.not_(inside), OUTSIDE, "不在参评范围", "not in the population")
    for exemption, typed in prepared.exempt:
        add(holds(typed), EXEMPT, exemption.says, exemption.says_en)
    whens = [part.when for part in prepared.parts]
    no_part = exp.column("part").is_(exp.null())
    undecided = exp.or_(*[holds(when).is_(exp.null()) for when in whens])
    add_unknown(exp.and_(no_part, undecided), whens)
    add(no_part.copy(), OUTSIDE, "不属于方案的任何一类", "in no part of the scheme")
    for name in prepared.scheme.groups:
        fact = prepared.book.facts[name]
        absent = exp.column(name, quoted=True).is_(exp.null())
        add(absent, UNDETERMINED, f"缺少：{fact.title}", f"unknown: {fact.title_en}")
    return found


def _lacking(prepared: Prepared, conditions: Sequence[Typed], language: str) -> exp.Expr:
    """The names of the facts that are missing in a row, as a text."""
    names = sorted(frozenset[str]().union(*(check.names(typed) for typed in conditions)))
    parts: list[exp.Expr] = []
    for name in names:
        fact = prepared.book.facts[name]
        missing = exp.column(name, quoted=True).is_(exp.null())
        title = fact.title if language == "zh" else fact.title_en
        parts.append(exp.Case().when(missing, trees.text(title)))
    listed = exp.func("concat_ws", trees.text("、" if language == "zh" else ", "), *parts)
    lead = "缺少：" if language == "zh" else "unknown: "
    return exp.DPipe(this=trees.text(lead), expression=listed)


def _part(prepared: Prepared, moment: Moment) -> exp.Expr:
    """The first part whose condition holds; unknown when an earlier condition is unknown."""
    case = exp.Case()
    for part in prepared.parts:
        when = exp.paren(trees.to_sql(part.when, moment))
        case = case.when(when, trees.text(part.part.id))
        case = case.when(when.copy().is_(exp.null()), exp.null())
    return case
