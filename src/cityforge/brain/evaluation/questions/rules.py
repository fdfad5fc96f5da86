"""Questions about rules that many indicators share, each asked once with all it concerns.

Bounds of points, fixed base values, gaps, what rests on declarations alone.
"""

from collections.abc import Iterator
from datetime import date

from cityforge.brain.city.document import Path_
from cityforge.brain.city.scheme_scoring import BASE
from cityforge.brain.errors import Text
from cityforge.brain.evaluation.phrases import joined
from cityforge.brain.evaluation.prepared import PreparedIndicator, Reference
from cityforge.brain.evaluation.questions import reach
from cityforge.brain.evaluation.questions.finding import Finding, Looked
from cityforge.brain.expr import results

OLD = 2  # years that a fixed base value may be older than the year that is evaluated
# Functions whose points grow with the value without end, unless capped.
_OPEN = ("ratio_to_base", "target_completion", "growth_completion")
_LINEAR = (*_OPEN, "ratio_capped", "ratio_capped_at_base", "efficacy_coefficient")
Asked = Iterator[tuple[str, Path_]]
"""A rule, and where the question stands."""

SAID: dict[str, tuple[Text, Text]] = {
    "uncapped": (
        Text(
            zh="得分没有上限，一家极高的值会盖过其余指标：{}",
            en="points have no cap, one extreme value outweighs all else: {}",
        ),
        Text(
            zh="写 scoring.cap，如 1.5 或 2；确认原文是否不设上限",
            en="Write scoring.cap, such as 1.5 or 2, unless the text has none.",
        ),
    ),
    "below_zero": (
        Text(
            zh="数值可能为负，而得分没有下限：{}",
            en="values may be negative, and points have no floor: {}",
        ),
        Text(
            zh="写 scoring.floor: 0，或确认可以倒扣",
            en="Write scoring.floor: 0, unless points may be lost by it.",
        ),
    ),
    "old_base": (
        Text(
            zh="最近的固定基准值早于评价年度两年以上：{}",
            en="the newest fixed value is more than two years older than the year: {}",
        ),
        Text(zh="补上近年的基准值", en="Add that of a later year."),
    ),
    "unsourced_base": (
        Text(zh="固定值没有写来源：{}", en="a fixed value names no source: {}"),
        Text(zh="在 values 或 bases 里写 source", en="Write its source."),
    ),
    "gap_pays": (
        Text(
            zh="缺数不吃亏，而数据由企业自报，差的企业不报更有利：{}",
            en="a gap costs nothing, and enterprises hand it in themselves: the poor do better by "
            "silence: {}",
        ),
        Text(
            zh="改用 zero 或 penalty，或由部门提供数据",
            en="Use zero or penalty, or take an office's data.",
        ),
    ),
    "declared": (
        Text(zh="只凭企业自报：{}", en="rests on declarations alone: {}"),
        Text(zh="与部门数据核对后再定级", en="Check it against an office's data first."),
    ),
}
# Asked at the first place where it comes up, not at each.
_ONCE = ("old_base", "unsourced_base", "declared")


def find(looked: Looked) -> Iterator[Finding]:
    """Each question once, at the rule that raises it, with the indicators it concerns."""
    gathered: dict[tuple[str, Path_], list[Text]] = {}
    first: dict[str, Path_] = {}
    for i, part in enumerate(looked.prepared.parts):
        for j, one in enumerate(part.indicators):
            name = Text(zh=one.indicator.title, en=one.indicator.title_en)
            for rule, place in _asked(looked, ("parts", i, "indicators", j), one):
                at = first.setdefault(rule, place) if rule in _ONCE else place
                names = gathered.setdefault((rule, at), [])
                if name not in names:
                    names.append(name)
    for (rule, at), names in gathered.items():
        what, hint = SAID[rule]
        shown = joined(names)
        yield looked.finding(
            rule, at, Text(zh=what.zh.format(shown.zh), en=what.en.format(shown.en)), hint
        )


def _asked(looked: Looked, path: Path_, one: PreparedIndicator) -> Asked:
    yield from _bounds(looked, path, one)
    yield from _bases(looked, path, one)
    yield from _gaps(looked, path, one)


def _bounds(looked: Looked, path: Path_, one: PreparedIndicator) -> Asked:
    at: Path_ = (*path, "scoring") if one.indicator.scoring else ("scoring",)
    if one.scoring.function in _OPEN and one.scoring.cap is None:
        yield "uncapped", at
    sides = results.ratio(one.expression)
    low, _ = reach.interval(looked.city, looked.book, sides[0] if sides else one.expression)
    is_linear = one.scoring.function in _LINEAR and one.scoring.floor is None
    if is_linear and low < 0 and looked.is_of_enterprises:
        yield "below_zero", at


def _bases(looked: Looked, path: Path_, one: PreparedIndicator) -> Asked:
    for reference in one.references:
        values = reference.rule.values
        if reference.rule.method != "fixed" or not values:
            continue
        newest = max(values, key=lambda value: value.year)
        if looked.day is not None and newest.year < _evaluated(looked.day) - OLD:
            yield "old_base", _where(looked, path, reference)
        if any(value.source is None for value in values):
            yield "unsourced_base", _where(looked, path, reference)


def _evaluated(day: date) -> int:
    """The newest year that is over on a day."""
    return day.year if (day.month, day.day) == (12, 31) else day.year - 1


def _where(looked: Looked, path: Path_, reference: Reference) -> Path_:
    """Where the fixed values of an indicator stand."""
    for place in ((*path, "bases"), (*path, reference.slot), (reference.slot,)):
        if looked.is_written(*place) and (place[-1] != "bases" or reference.slot == BASE):
            return place
    return path


def _gaps(looked: Looked, path: Path_, one: PreparedIndicator) -> Asked:
    """Rules that make it pay to hand in nothing; what no office can confirm."""
    facts = looked.rests_on(one.expression)
    declared = [fact for fact in facts if fact.declared]
    if declared and one.missing in ("group_average_score", "reweight"):
        yield "gap_pays", (*path, "missing") if one.indicator.missing else ("missing",)
    elif declared and len(declared) == len(facts):
        yield "declared", (*path, "expr")
