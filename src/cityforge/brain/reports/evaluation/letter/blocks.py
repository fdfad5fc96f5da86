"""The paragraphs of a letter: what the result is, what would change it, what follows, objections.

Whoever is not rated is told why, and that it is no verdict.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cityforge.brain.errors import Language, Text
from cityforge.brain.evaluation.reasons.sureness import Sureness
from cityforge.brain.reports.evaluation import changing, wording
from cityforge.brain.reports.evaluation.letter import page
from cityforge.brain.reports.evaluation.letter.enterprise import Enterprise
from cityforge.brain.reports.evaluation.period import Publicity
from cityforge.brain.reports.messages import fixed


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, sentences, things that can be done, and a remark."""

    title: Text
    lines: tuple[Text, ...]
    to_do: tuple[Text, ...] = ()
    note: Text | None = None

    def say(self, language: Language) -> page.Block:
        return page.Block(
            self.title.say(language),
            tuple(line.say(language) for line in self.lines),
            tuple(line.say(language) for line in self.to_do),
            self.note.say(language) if self.note else "",
        )


def sentence(of: Enterprise) -> Text:
    """The result in one sentence."""
    row, year = of.row, of.results.year
    reason = Text(zh=row["reason"] or "", en=row["reason_en"] or "")
    if row["status"] == "rated":
        grade = wording.grade(of.results, row["grade"])
        return Text(
            zh=f"{year} 年度评价为 {grade.zh}：总分 {fixed(row['total'], 2)} 分，"
            f"在“{of.group.zh}”{row['ranked']:,} 家企业中列第 {row['rank']:,} 位。",
            en=f"Grade {grade.en} in {year}: {fixed(row['total'], 2)} points, "
            f"{row['rank']:,} of {row['ranked']:,} in {of.group.en}.",
        )
    if row["status"] == "exempt":
        return Text(
            zh=f"{year} 年度不定级（T），不参加排名：{reason.zh}。",
            en=f"Exempt (T) in {year}, not ranked: {reason.en}.",
        )
    if row["status"] == "undetermined":
        return Text(
            zh=f"{year} 年度暂时无法判定：{reason.zh}。",
            en=f"Not determined yet in {year}: {reason.en}.",
        )
    return Text(
        zh=f"{year} 年度不参加本方案的评价：{reason.zh}。",
        en=f"Not evaluated by this scheme in {year}: {reason.en}.",
    )


def of(enterprise: Enterprise, publicity: Publicity, sure: Sureness | None) -> Iterator[Block]:
    """The paragraphs in the order of the letter."""
    if enterprise.is_rated:
        yield _ways(enterprise)
        yield _meaning(enterprise)
        if sure is not None:
            yield from _sure(enterprise, sure)
    else:
        yield _not_rated(enterprise)
    yield _objections(enterprise, publicity)


def _not_rated(enterprise: Enterprise) -> Block:
    row = enterprise.row
    reason = Text(zh=row["reason"] or "", en=row["reason_en"] or "")
    if row["status"] == "exempt":
        title = Text(zh="为什么不定级", en="Why there is no grade")
        first = Text(
            zh=f"方案规定这类企业不定级：{reason.zh}。不再符合该情形后，按方案正常评价。",
            en=f"The scheme leaves such enterprises ungraded: {reason.en}. Once that no longer "
            "holds, it is evaluated like all others.",
        )
        then = Text(zh="不定级不是好坏的评定", en="No grade is no verdict, good or bad")
    elif row["status"] == "undetermined":
        title = Text(zh="为什么无法判定", en="Why it is not determined")
        first = Text(
            zh=f"判定所需的数据不全（{reason.zh}）。请按下列部门联系补齐，补齐后即可评价。",
            en=f"Data are lacking ({reason.en}). Ask the offices below to supply them; then it can "
            "be evaluated.",
        )
        then = Text(
            zh="缺数据不等于不合格，不作任何等级", en="Lack of data is no failure and no grade"
        )
    else:
        title = Text(zh="为什么不参评", en="Why it is not evaluated")
        first = Text(zh=f"{reason.zh}。", en=f"{reason.en}.")
        then = Text(zh="这不是对企业的评定", en="This is no verdict on the enterprise")
    resources = dict.fromkeys(one.resource for one in enterprise.results.scheme.consequences)
    named = [wording.RESOURCES[one] for one in resources]
    zh, en = then.zh, then.en
    if named:
        zh += f"；与等级挂钩的措施（{'、'.join(one.zh for one in named)}）不适用于本企业"
        en += f"; measures tied to grades ({', '.join(one.en for one in named)}) do not apply"
    return Block(title, (first, Text(zh=f"{zh}。", en=f"{en}.")))


def _ways(enterprise: Enterprise) -> Block:
    results, way, found = enterprise.results, enterprise.ways, enterprise.why
    assert way is not None and found is not None  # it is rated
    if way.target is None:
        lines = [Text(zh="已是最高等级。", en="It has the best grade.")]
        if found.behind is not None:
            margin = fixed(found.total - found.behind, 2)
            lines.append(
                Text(
                    zh=f"总分比同组下一等级的第一名高 {margin} 分。",
                    en=f"{margin} points above the first of the next grade.",
                )
            )
        return Block(Text(zh="怎样保持", en="How to stay"), tuple(lines))
    title = Text(zh=f"怎样升到 {way.target} 类", en=f"How to reach {way.target}")
    veto = changing.blocked(results, way)
    if veto is not None:
        line = Text(
            zh=f"等级受“{veto.zh}”限制；该情形消除后，按名次定级。数字的改变不能解除限制。",
            en=f"The grade is bounded by: {veto.en}. Once that is over, the rank decides; no "
            "number lifts it.",
        )
        return Block(title, (line,))
    lines = changing.told(results, way)
    if not lines:
        lines = [
            Text(
                zh="在一倍以内单独或同时改变各项数据，都达不到；请与主管部门商量提升方案。",
                en="No change of the data up to double reaches it; talk it over with the office.",
            )
        ]
        return Block(title, tuple(lines))
    gap = ""
    gap_en = ""
    if found.before is not None:
        short = fixed(max(found.before - found.total, 0.0), 2)
        gap, gap_en = f"距该等级最后一名差 {short} 分。", f"{short} points short of its last. "
    lead = "以下每一项单独做到即可" if way.singles else "需要同时改变"
    lead_en = "Each of these alone suffices" if way.singles else "Needed together"
    first = Text(zh=f"{gap}{lead}：", en=f"{gap_en}{lead_en}:")
    notes = changing.notes(results)
    note = Text(zh="".join(n.zh for n in notes), en=" ".join(n.en for n in notes))
    return Block(title, (first,), tuple(lines), note)


def _meaning(enterprise: Enterprise) -> Block:
    results, past = enterprise.results, enterprise.past
    found = results.consequences
    measures, rules = found.measures(past), found.rules(past)
    grade, years = enterprise.row["grade"], past["years_running"]
    longer = Text(zh="（更早年度未知）", en=" (earlier years not known)")
    more = longer if past["maybe_longer"] and len(found.years) > 1 else Text(zh="", en="")
    lines = []
    if years > 1:
        lines.append(
            Text(
                zh=f"已连续 {years} 年为 {grade} 类{more.zh}。",
                en=f"{grade} for {years} years running{more.en}.",
            )
        )
    lines += [Text(zh=rule.says + "。", en=rule.says_en + ".") for rule in rules]
    for one in measures:
        what, says = wording.RESOURCES[one.resource], wording.measure(one)
        lines.append(Text(zh=f"{what.zh}：{says.zh}。", en=f"{what.en}: {says.en}."))
    scheme = results.scheme
    evidence = [one.evidence for one in rules if one.evidence is not None]
    evidence += [one.evidence for one in measures]
    note = None
    if evidence:
        said = list(dict.fromkeys(wording.evidence(one) for one in evidence))
        note = Text(
            zh="依据：" + "；".join(one.zh for one in said),
            en="By: " + "; ".join(one.en for one in said),
        )
    if not measures and not rules:
        zh, en = "方案没有写明这一等级适用的措施。", "The scheme names no measure for this grade."
        if not scheme.consequences:
            zh, en = "方案没有写明等级与哪些措施挂钩。", "The scheme ties no measure to grades."
        lines.append(Text(zh=zh, en=en))
    return Block(Text(zh="等级意味着什么", en="What the grade means"), tuple(lines), note=note)


def _sure(enterprise: Enterprise, sure: Sureness) -> Iterator[Block]:
    if enterprise.uscc not in sure.codes:
        return
    at = sure.codes.index(enterprise.uscc)
    shares = sure.shares[at]
    order = [i for i in np.argsort(-shares, kind="stable").tolist() if shares[i]]
    told_zh = "，".join(f"{sure.grades[i]} 类 {shares[i]:.0%}" for i in order)
    told_en = ", ".join(f"{sure.grades[i]} {shares[i]:.0%}" for i in order)
    zh = f"按方案写明的数据误差模拟 {sure.draws} 次，"
    en = f"With the stated errors of the data drawn {sure.draws} times, "
    if sure.kept[at] == 1.0:
        lines = [Text(zh=zh + "每一次都仍是这一等级。", en=en + "every draw keeps this grade.")]
    else:
        lines = [Text(zh=f"{zh}等级分别为：{told_zh}。", en=f"{en}the grades are {told_en}.")]
    if sure.rounding[at]:
        lines.append(
            Text(
                zh="本企业处在名额取整的边上，换一种取整方法等级会不同。",
                en="It stands where places are rounded: another rounding would give another grade.",
            )
        )
    yield Block(Text(zh="结果有多大把握", en="How sure this is"), tuple(lines))


def _objections(enterprise: Enterprise, publicity: Publicity) -> Block:
    period = publicity.period(enterprise.results.scheme.publicity_days)
    lines = (
        Text(
            zh=f"{period.zh}。{publicity.objections.zh}",
            en=f"{period.en}. {publicity.objections.en}",
        ),
        Text(
            zh="数据有误的，向下列提供部门申请核对；更正后本企业及同组重新计算，原结果一并留存。",
            en="Where data are wrong, ask the office below; once corrected, the enterprise and its "
            "group are worked out anew, and both results are kept.",
        ),
    )
    return Block(Text(zh="有异议怎么办", en="How to object"), lines)
