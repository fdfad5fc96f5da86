"""What was evaluated, and by which rules: the scheme in words, with what the city assumed."""

import re
from collections.abc import Iterator

from cityforge.brain.city.scheme import SchemeIndicator
from cityforge.brain.city.scheme_scoring import Base
from cityforge.brain.errors import Text
from cityforge.brain.evaluation.grading import ROUNDINGS
from cityforge.brain.reports.evaluation import wording
from cityforge.brain.reports.evaluation.report.told import Table, Told
from cityforge.brain.reports.evaluation.results import Results

_METHODS = {
    "fixed": Text(zh="固定值", en="fixed"),
    "parameter": Text(zh="按参数", en="a parameter"),
    "expression": Text(zh="按企业自身数据", en="of its own data"),
    "mean": Text(zh="平均值", en="mean"),
    "median": Text(zh="中位数", en="median"),
    "lowest": Text(zh="最低值", en="lowest"),
    "highest": Text(zh="最高值", en="highest"),
}
_FUNCTIONS = {
    "ratio_to_base": Text(zh="与基准值之比乘权重", en="value to base, times weight"),
    "ratio_capped": Text(zh="与基准值之比乘权重，有上限", en="value to base, times weight, capped"),
    "ratio_capped_at_base": Text(zh="与基准值之比乘权重，达基准得满分", en="at most the weight"),
    "reverse_ratio": Text(zh="越低越好，按与基准值之比", en="less is better, by ratio to base"),
    "minmax_20_80": Text(zh="在最低与最高之间按比例", en="between lowest and highest"),
    "rank_only": Text(zh="只按名次", en="by rank alone"),
    "weighted_rank_percentile": Text(zh="按名次百分位", en="by percentile of rank"),
    "first_is_100": Text(zh="第一名满分，逐名递减", en="the first gets all, others less by place"),
    "efficacy_coefficient": Text(zh="功效系数法", en="efficacy coefficient"),
    "target_completion": Text(zh="按目标完成率", en="by completion of the target"),
    "growth_completion": Text(zh="按增长目标完成率", en="by completion of the growth target"),
    "all_or_nothing": Text(zh="达标得满分", en="all or nothing"),
    "steps": Text(zh="分档得分", en="by steps"),
    "given_points": Text(zh="直接给分", en="points as given"),
}
_MISSING = {
    "group_average_score": Text(zh="取组平均分", en="the group's average points"),
    "zero": Text(zh="计 0 分", en="0 points"),
    "penalty": Text(zh="扣分", en="points taken"),
    "reweight": Text(zh="权重分给其余指标", en="the weight goes to the others"),
}
_WORDS = {"and": "且", "or": "或", "not": "非", "true": "真", "false": "假", "in": "属于"}
_SIGNS = {">=": "≥", "<=": "≤", "!=": "≠", " = ": " 为 "}
_TOKEN = re.compile(r"'[^']*'|\bp\.[a-z0-9_]+|[a-z][a-z0-9_]*")


def told(results: Results) -> Iterator[Told]:
    """Scheme and evidence; who is in, exempt; the indicators; bands; assumptions."""
    scheme = results.scheme
    yield Text(
        zh=f"按“{scheme.title}”评价。依据：{wording.evidence(scheme.evidence).zh}。",
        en=f"By '{scheme.title_en}'. Evidence: {wording.evidence(scheme.evidence).en}.",
    )
    inside = in_words(results, scheme.population)
    lines = [Text(zh=f"参评范围：{inside.zh}", en=f"In scope: {inside.en}")]
    lines += [
        Text(zh=f"不定级（T）：{one.says}", en=f"Exempt (T): {one.says_en}")
        for one in scheme.exempt
    ]
    lines.append(_groups(results))
    lines.append(_bands(results))
    lines += _extras(results)
    yield tuple(lines)
    yield _indicators(results)
    if scheme.assumptions:
        yield Text(
            zh="文件未载明、由本市设定的事项：",
            en="What the document is silent on and was assumed:",
        )
        yield tuple(Text(zh=line, en=line) for line in scheme.assumptions)


def in_words(results: Results, expression: str) -> Text:
    """An expression with the facts called by their titles; for reading, not for running."""

    def zh(found: re.Match[str]) -> str:
        word = found.group()
        fact = results.prepared.book.facts.get(word)
        if fact is not None:
            return fact.title
        if word.startswith("p."):
            parameter = results.snapshot.city.parameters.get(word[2:])
            return parameter.title if parameter is not None else word
        return _WORDS.get(word, word)

    def en(found: re.Match[str]) -> str:
        fact = results.prepared.book.facts.get(found.group())
        return fact.title_en if fact is not None else found.group()

    flat = " ".join(expression.split())
    chinese = _TOKEN.sub(zh, flat)
    for sign, shown in _SIGNS.items():
        chinese = chinese.replace(sign, shown)
    return Text(zh=chinese, en=_TOKEN.sub(en, flat))


def _groups(results: Results) -> Text:
    names = [results.names.column(one) for one in results.scheme.groups]
    parts = [Text(zh=one.title, en=one.title_en) for one in results.scheme.parts]
    zh = "、".join(one.zh for one in names)
    en = ", ".join(one.en for one in names)
    apart = len(parts) > 1
    zh = (f"按{zh}分组" if zh else "全市一组") + (
        f"，{'、'.join(p.zh for p in parts)}分别排名" if apart else ""
    )
    en = (f"by {en}" if en else "the whole city") + (
        f", {', '.join(p.en for p in parts)} apart" if apart else ""
    )
    return Text(zh=f"排名：{zh}", en=f"Ranked {en}")


def _bands(results: Results) -> Text:
    grading = results.scheme.grading
    told = []
    for band in grading.bands:
        title = wording.grade(results, band.grade)
        zh, en = title.zh, title.en
        if grading.by == "rank_share":
            zh, en = f"{zh} {band.from_:f}%–{band.to:f}%", f"{en} {band.from_:f}–{band.to:f} %"
        if band.at_least is not None:
            zh, en = f"{zh} 总分 {band.at_least:f} 起", f"{en} from {band.at_least:f} points"
        told.append(Text(zh, en))
    zh, en = "；".join(one.zh for one in told), "; ".join(one.en for one in told)
    if grading.by == "rank_share":
        rounding = ROUNDINGS[grading.rounding]
        zh, en = f"{zh}（名次占比，{rounding.zh}）", f"{en} (share of rank, {rounding.en})"
    return Text(zh=f"等级：{zh}", en=f"Grades: {en}")


def _extras(results: Results) -> Iterator[Text]:
    scheme = results.scheme
    for extras, zh, en in ((scheme.bonus, "加分", "Bonus"), (scheme.penalty, "减分", "Penalty")):
        if extras is not None:
            cap = f"，合计不超过 {extras.cap:f} 分" if extras.cap is not None else ""
            cap_en = f", at most {extras.cap:f} in all" if extras.cap is not None else ""
            yield Text(
                zh=f"{zh}：{'、'.join(one.says for one in extras.items)}{cap}",
                en=f"{en}: {', '.join(one.says_en for one in extras.items)}{cap_en}",
            )
    for limit in scheme.limits:
        to = limit.at_most or limit.at_least
        zh = "最高" if limit.at_most else "不低于"
        en = "at most" if limit.at_most else "at least"
        yield Text(zh=f"{limit.says}的，{zh} {to} 类", en=f"{limit.says_en}: {en} {to}")


def _indicators(results: Results) -> Table:
    rows = []
    for part in results.scheme.parts:
        for one in part.indicators:
            rows.append(
                (
                    Text(zh=part.title, en=part.title_en),
                    wording.title(one),
                    one.unit or "—",
                    f"{one.weight:f}",
                    _base(results, one),
                    _scoring(results, one),
                    _MISSING[one.missing or results.scheme.missing],
                )
            )
    return Table(
        Text(zh="指标、权重、基准和计分", en="Indicators, weights, bases and scoring"),
        (
            Text(zh="部分", en="Part"),
            Text(zh="指标", en="Indicator"),
            Text(zh="单位", en="Unit"),
            Text(zh="权重", en="Weight"),
            Text(zh="基准值", en="Base"),
            Text(zh="计分", en="Points"),
            Text(zh="缺数", en="Gaps"),
        ),
        tuple(rows),
        figures=frozenset({3}),
    )


def _scoring(results: Results, indicator: SchemeIndicator) -> Text:
    return _FUNCTIONS[results.scheme.scoring_of(indicator).function]


def _base(results: Results, indicator: SchemeIndicator) -> Text:
    rule: Base | None = results.scheme.base_of(indicator)
    if rule is None:
        return wording.NONE
    method = _METHODS[rule.over or rule.method]
    zh, en = method.zh, method.en
    if rule.over is not None:
        where = [results.names.column(name) for name in rule.within]
        group, group_en = "、".join(one.zh for one in where), ", ".join(one.en for one in where)
        year = ("上年", "last year's") if rule.year_before else ("当年", "the year's")
        zh = f"{year[0]}{f'同{group}' if group else '全市'}{method.zh}"
        en = f"{year[1]} {method.en}" + (f" within one {group_en}" if group_en else "")
    if rule.method == "fixed":
        bases = [*rule.values, *indicator.bases]
        fitting = [one for one in bases if one.year <= results.year]
        if fitting:
            value = max(fitting, key=lambda one: one.year)
            zh, en = f"固定值 {value.value:f}", f"fixed, {value.value:f}"
    if rule.factor != 1:
        zh, en = f"{zh} × {rule.factor:f}", f"{en} × {rule.factor:f}"
    return Text(zh, en)
