"""What states, answers, rungs and gaps of a ladder are called."""

from collections.abc import Iterable

from cityforge.brain.city.shapes import Verified
from cityforge.brain.errors import Text
from cityforge.brain.ladders.library import Changed, Way
from cityforge.brain.ladders.one import Answer, Criterion
from cityforge.brain.ladders.prepared import Part, Role, Step
from cityforge.brain.ladders.states import State
from cityforge.brain.policies.candidates.allowed import Allowed
from cityforge.brain.policies.prepared import Prepared
from cityforge.brain.reports.candidates.telling import HIDDEN, says
from cityforge.brain.reports.fact_names import Names
from cityforge.brain.reports.messages import text
from cityforge.brain.reports.policy_words import asked, unmet
from cityforge.brain.rules.judging import Finding

NOTHING = Text(zh="—", en="—")
SIMULATED = Text(zh="▲ 模拟数据", en="▲ Simulated data")
NO_VERDICT = Text(
    zh="以上按现有数据比对标准，用于培育和服务，不是认定结果；数据有误，请联系提供部门更正。",
    en="This compares the data at hand with the rules, to cultivate and to serve; it recognises "
    "nobody. Where data are wrong, ask the office that holds them to correct them.",
)
STATES = {
    State.HELD: Text(zh="已取得", en="held"),
    State.EXPIRING: Text(zh="即将到期", en="expiring"),
    State.PROMISING: Text(zh="条件已齐", en="promising"),
    State.OPPORTUNITY: Text(zh="有希望", en="opportunity"),
    State.NEEDS_DATA: Text(zh="信息不足", en="lacks facts"),
    State.NOT_MET: Text(zh="暂不符合", en="not yet"),
    State.NOT_APPLICABLE: Text(zh="不适用", en="not applicable"),
    State.UNSPECIFIED: Text(zh="标准未取得", en="no rule at hand"),
}
ANSWERS: dict[Answer, Text] = {
    "met": Text(zh="✓ 满足", en="✓ met"),
    "unmet": Text(zh="✗ 未满足", en="✗ not met"),
    "unknown": Text(zh="○ 信息不足", en="○ lacks facts"),
    "manual_review": Text(zh="△ 待评审", en="△ for review"),
    "not_applicable": Text(zh="– 不适用", en="– not applicable"),
}
ROLES: dict[Role, Text] = {
    "before": Text(zh="先取得下一级", en="the rung beneath"),
    "scope": Text(zh="适用范围", en="whom it is for"),
    "manual": Text(zh="人工评审", en="judged by people"),
    "awaited": Text(zh="平台或专家评分", en="scored by platform or experts"),
    "hard": Text(zh="数据判断", en="decided by data"),
}
WAYS: dict[Way, Text] = {
    "in": Text(zh="入库", en="in"),
    "up": Text(zh="晋级", en="up"),
    "out": Text(zh="出库", en="out"),
    "lost": Text(zh="称号失效", en="title lost"),
}
TRUTHS = {
    True: Text(zh="满足", en="met"),
    False: Text(zh="未满足", en="not met"),
    None: Text(zh="信息不足", en="lacks facts"),
}
MODEL = Text(zh="参照外地", en="modelled on another place")


def joined(told: Iterable[Text], zh: str = "；", en: str = "; ") -> Text:
    """Several texts as one."""
    parts = list(told)
    return Text(zh=zh.join(one.zh for one in parts), en=en.join(one.en for one in parts))


def rung(step: Step) -> Text:
    return Text(zh=step.rung.title, en=step.rung.title_en)


def line(step: Step) -> Text:
    return Text(zh=step.line.title, en=step.line.title_en)


def part(one: Part) -> Text:
    return says(one.condition)


def verified(mark: Verified) -> Text:
    """How far a rule may be trusted."""
    return text(f"verified_{mark.value}")


def rule(prepared: Prepared | None) -> Text:
    """The document that a rung is judged by, since when, and how far it may be trusted."""
    if prepared is None:
        return NOTHING
    version = prepared.version
    document = version.document.number or version.document.title
    mark = verified(version.evidence.verified)
    told = Text(
        zh=f"{document}（{version.from_} 起，{mark.zh}）",
        en=f"{document} (from {version.from_}; {mark.en})",
    )
    if prepared.policy.model:
        return Text(zh=f"{MODEL.zh}：{told.zh}", en=f"{MODEL.en}: {told.en}")
    return told


def unspecified(step: Step) -> Text:
    """Why a rung is not judged."""
    reasons = "；".join(step.rung.unspecified)
    state = STATES[State.UNSPECIFIED]
    return Text(zh=f"{state.zh}：{reasons}", en=f"{state.en}: {reasons}")


def gap(names: Names, one: Criterion, *, year: int, allowed: Allowed | None = None) -> Text:
    """A clause not met and by how much, in its own units; of alternatives the easiest."""
    told = [_lacks(names, leaf, year, allowed) for leaf in unmet(one.finding)]
    return joined(told) if told else part(one.part)


def lacking(names: Names, finding: Finding, *, year: int) -> Text:
    """The facts without which a clause cannot be decided."""
    if not finding.lacking:
        return Text(zh="无法计算", en="cannot be worked out")
    return names.columns(finding.lacking, year=year)


def change(names: Names, one: Changed, *, year: int, allowed: Allowed) -> Text:
    """A clause whose answer changed, with the facts that changed under it."""
    clause, before, after = part(one.part), TRUTHS[one.before], TRUTHS[one.after]
    facts = [
        _moved(names, column, was, now, allowed, year) for column, was, now in one.facts[:_FACTS]
    ]
    zh, en = f"{clause.zh}：{before.zh} → {after.zh}", f"{clause.en}: {before.en} → {after.en}"
    if facts:
        told = joined(facts, "，", ", ")
        zh, en = f"{zh}（{told.zh}）", f"{en} ({told.en})"
    return Text(zh, en)


_FACTS = 3  # facts told of one change; the workbook's reader can look up the others


def _moved(
    names: Names, column: str, was: object, now: object, allowed: Allowed, year: int
) -> Text:
    name = names.column(column)
    if not allowed.shows(column):
        return Text(zh=f"{name.zh} {HIDDEN.zh}", en=f"{name.en} {HIDDEN.en}")
    before, after = names.value(column, was), names.value(column, now)
    return Text(zh=f"{name.zh} {before.zh} → {after.zh}", en=f"{name.en} {before.en} → {after.en}")


def _lacks(names: Names, leaf: Finding, year: int, allowed: Allowed | None) -> Text:
    clause = asked(leaf, says(leaf.condition))
    told = [
        names.shortfall(one, year=year)
        for one in leaf.shortfalls
        if allowed is None or all(allowed.shows(name) for name in one.columns)
    ]
    if not told:
        return clause
    inside = joined(told)
    return Text(zh=f"{clause.zh}（{inside.zh}）", en=f"{clause.en} ({inside.en})")
