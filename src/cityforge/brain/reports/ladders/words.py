"""A ladder in sentences: the whole city, and what must be said before and after any figure."""

from cityforge.brain.errors import Text
from cityforge.brain.ladders.states import State
from cityforge.brain.reports.ladders import telling
from cityforge.brain.reports.ladders.found import CityLadder
from cityforge.brain.reports.messages import fixed

_METHODS = {
    "linear": Text(
        zh="按近两年年均增量外推一年", en="the mean yearly step of two years, once more"
    ),
    "compound": Text(
        zh="按近两年年均增长率外推一年", en="the mean yearly growth of two years, once more"
    ),
}


def city(found: CityLadder) -> list[Text]:
    """Of which day and run, how many are promising, what rests on assumptions."""
    ground = found.ground
    snapshot, ladder = ground.snapshot, ground.ladder
    lines = [telling.SIMULATED] if snapshot.simulated else []
    judged = [step for step in found.steps if step.rule is not None]
    some = next(iter(found.standings.values()))
    promising = sum(found.funnels[step.id].states[State.PROMISING] for step in judged)
    library = sum(found.funnels[step.id].library for step in judged)
    place = snapshot.city.place
    lines.append(
        Text(
            zh=f"{place.title}{ladder.title}　截至 {snapshot.as_of}：{len(some.states):,} 家企业、"
            f"{len(ladder.lines)} 条赛道、{len(found.steps)} 级；条件已齐 {promising:,} 家次，"
            f"培育库 {library:,} 家次，{_days(found)}天内到期 {len(found.expiring):,} 家次",
            en=f"{place.title_en}, {ladder.title_en}, as of {snapshot.as_of}: "
            f"{len(some.states):,} enterprises, {len(ladder.lines)} lines, {len(found.steps)} "
            f"rungs; {promising:,} promising, {library:,} in the libraries, "
            f"{len(found.expiring):,} titles run out within {_days(found)} days",
        )
    )
    return lines


def notes(found: CityLadder) -> list[Text]:
    """What the figures rest on: states, method of the estimate, models, rungs without a rule."""
    ladder = found.ground.ladder
    lines = [
        Text(
            zh=f"“{telling.STATES[State.OPPORTUNITY].zh}”指差 {ladder.gaps} 条以内、每条差在要求的 "
            f"{ladder.near} 以内；未知不算未满足。",
            en=f"An opportunity fails at most {ladder.gaps} clauses, each by at most "
            f"{ladder.near} of its threshold; what is unknown is not counted as not met.",
        )
    ]
    trend, method = ladder.trend, _METHODS[ladder.trend.method]
    without = max(found.without.values(), default=0)
    lines.append(
        Text(
            zh=f"一年后为推算：数值{method.zh}，一年变化不超过 {trend.most}，其余事实和称号照旧，"
            f"按届时有效的标准；没有往年数据的（单项最多 {without:,} 家）仍为未知。",
            en=f"The year ahead is an estimate: numbers move by {method.en}, by at most "
            f"{trend.most}; all else and titles held stay, under the rules in force then. Without "
            f"earlier figures (up to {without:,} enterprises a fact) it stays unknown.",
        )
    )
    models = [step for step in found.steps if step.rule is not None and step.rule.policy.model]
    if models:
        named = telling.joined([telling.rung(step) for step in models], "、", ", ")
        lines.append(
            Text(
                zh=f"▲ {named.zh}：本市标准未取得，按外地标准参照，不作为认定依据。",
                en=f"▲ {named.en}: no rule of this city is at hand; judged by another place's as a "
                "model, which recognises nobody.",
            )
        )
    unjudged = [step for step in found.steps if step.rung.unspecified]
    if unjudged:
        named = telling.joined([telling.rung(step) for step in unjudged], "、", ", ")
        lines.append(
            Text(
                zh=f"{telling.STATES[State.UNSPECIFIED].zh}、只列名录：{named.zh}。",
                en=f"No rule at hand, the register alone is told: {named.en}.",
            )
        )
    lines.append(
        Text(
            zh=f"名单中高于“{found.allowed.upto.value}”密级的数值不列；用 --show 改。",
            en=f"Values more sensitive than '{found.allowed.upto.value}' are not listed; see "
            "--show.",
        )
    )
    lines += [Text(zh=f"设定：{each}。", en=f"assumed: {each}") for each in ladder.assumptions]
    lines.append(telling.NO_VERDICT)
    return lines


def rung(found: CityLadder, name: str) -> list[Text]:
    """One rung: its rule, how many can make it now and a year on."""
    step = next(step for step in found.steps if step.id == name)
    lines = [telling.SIMULATED] if found.ground.snapshot.simulated else []
    title = telling.rung(step)
    if step.rung.unspecified:
        lines.append(telling.unspecified(step))
    elif step.rule is not None:
        rule = telling.rule(step.rule)
        lines.append(Text(zh=f"{title.zh}　标准：{rule.zh}", en=f"{title.en}: by {rule.en}"))
    own = found.outlooks.get(step.id)
    if own is not None:
        by_rule = Text(
            zh=f"同样数据按届时标准 {own.by_rule:,} 家，", en=f"{own.by_rule:,} by the rule then, "
        )
        lines.append(
            Text(
                zh=f"条件已齐 {own.now:,} 家；到 {found.next_day}："
                f"{by_rule.zh if own.rule_changes else ''}"
                f"推算 {own.next_year:,} 家（新达到 {own.gained:,}，不再达到 {own.lost:,}），"
                f"{own.open:,} 家说不准",
                en=f"{own.now:,} are promising; on {found.next_day} "
                f"{by_rule.en if own.rule_changes else ''}an estimated {own.next_year:,} "
                f"({own.gained:,} gained, {own.lost:,} lost), {own.open:,} cannot be told",
            )
        )
    for gap in sorted(found.gaps.get(step.id, ()), key=lambda gap: -gap.alone)[:1]:
        if gap.alone:
            clause = telling.part(gap.part)
            lines.append(
                Text(
                    zh=f"{fixed(gap.alone, 0)} 家只差一条：{clause.zh}",
                    en=f"{fixed(gap.alone, 0)} miss one clause alone: {clause.en}",
                )
            )
    return lines


def _days(found: CityLadder) -> int:
    return max(max(step.renewal.alert_days) for step in found.steps)
