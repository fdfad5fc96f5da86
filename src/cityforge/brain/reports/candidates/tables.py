"""The candidates of a policy as sentences and plain tables."""

from collections.abc import Iterable

from cityforge.brain.errors import Text
from cityforge.brain.policies.candidates.listing import Candidates
from cityforge.brain.reports import offices
from cityforge.brain.reports.candidates import telling
from cityforge.brain.reports.candidates.listing import CandidateList, Overview
from cityforge.brain.reports.fiscal import words as fiscal_words
from cityforge.brain.reports.messages import fixed
from cityforge.brain.reports.money import UNIT, amount, figure
from cityforge.brain.reports.policy_words import DELIVERY
from cityforge.brain.reports.tables import Row, Table

NO_VERDICT = Text(
    zh="名单按现有数据生成，供核实和告知，不是对企业的评定；数据有误，请联系提供部门更正。",
    en="The list follows from the data at hand, to be verified and to tell those concerned; it is "
    "no verdict. Where data are wrong, ask the office that holds them to correct them.",
)
_SHOWN = 50
_NEAR_SHOWN = 20
_BY = {
    "title": Text(zh="按名录", en="by the register"),
    "received": Text(zh="按已获资金", en="by money received"),
}


def words(listed: CandidateList) -> list[Text]:
    """How many, how much, who is served already, how many are near."""
    snapshot, found = listed.snapshot, listed.found
    policy = found.prepared.policy
    total = amount(found.total)
    has_money = found.prepared.amount is not None
    lines = fiscal_words.marks(snapshot, found.prepared)
    lines.append(
        Text(
            zh=f"{policy.title}（{policy.id}）　截至 {snapshot.as_of}：候选 "
            f"{len(found.listed):,} 家" + (f"，测算合计 {total.zh}" if has_money else ""),
            en=f"{policy.title_en} ({policy.id})  as of {snapshot.as_of}: "
            f"{len(found.listed):,} candidates" + (f", {total.en} in all" if has_money else ""),
        )
    )
    lines.append(_coverage(found))
    provisional = sum(one.provisional for one in found.listed)
    if provisional:
        lines.append(
            Text(
                zh=f"▲ {provisional:,} 家的依据含企业自行申报的数据，须核实后认定",
                en=f"▲ {provisional:,} rest on data that the enterprise declared: verify first",
            )
        )
    near = listed.near
    lines.append(
        Text(
            zh=f"只差一条的 {near.single:,} 家，按难度和差距由小到大列 {len(near.misses):,} 家",
            en=f"{near.single:,} fail one clause alone; {len(near.misses):,} are told, by effort "
            "and distance",
        )
    )
    lines.append(NO_VERDICT)
    return lines


def tables(listed: CandidateList) -> list[Table]:
    """The first candidates, the hurdles, the nearest misses; the workbook has them all."""
    found = listed.found
    rows = [
        (
            str(number),
            candidate.name or "—",
            candidate.uscc,
            telling.district(listed, candidate.district),
            figure(candidate.fen),
        )
        for number, candidate in enumerate(found.listed[:_SHOWN], 1)
    ]
    more = len(found.listed) - len(rows)
    title = Text(zh="候选企业", en="Candidates")
    if more > 0:
        title = Text(
            zh=f"候选企业（前 {_SHOWN} 家，另有 {more:,} 家，见 --xlsx）",
            en=f"Candidates (first {_SHOWN}; {more:,} more, see --xlsx)",
        )
    columns = (
        Text(zh="序号", en="No."),
        Text(zh="企业名称", en="Enterprise"),
        Text(zh="统一社会信用代码", en="credit code"),
        Text(zh="属地", en="District"),
        Text(zh=f"测算金额（{UNIT.zh}）", en=f"amount ({UNIT.en})"),
    )
    return [Table(title, columns, tuple(rows)), hurdles(listed), *_misses(listed)]


def overview_words(found: Overview) -> list[Text]:
    """Of which day, over all policies."""
    waiting = sum(one.waiting for one in found.policies)
    total = amount(sum(one.total for one in found.policies))
    lines = [fiscal_words.SIMULATED] if found.snapshot.simulated else []
    lines.append(
        Text(
            zh=f"截至 {found.snapshot.as_of}，{len(found.policies)} 项政策，候选 {waiting:,} 家次，"
            f"逐项相加 {total.zh}",
            en=f"As of {found.snapshot.as_of}, {len(found.policies)} policies: {waiting:,} "
            f"candidacies, {total.en} item by item",
        )
    )
    lines.append(NO_VERDICT)
    return lines


def overview(found: Overview) -> Table:
    """One row a policy: whose it is, who is entitled, served, waiting, near."""
    rows: list[Row] = [
        (
            Text(zh=policy.title, en=policy.title_en),
            offices.named(found.snapshot.city, policy.office),
            DELIVERY[policy.delivery],
            fixed(one.coverage.entitled, 0),
            fixed(one.coverage.served, 0) if one.coverage.by is not None else "—",
            "—" if one.coverage.share is None else f"{one.coverage.share:.1%}",
            fixed(one.waiting, 0),
            figure(one.total) if one.prepared.amount is not None else "—",
            fixed(one.single, 0),
        )
        for one in found.policies
        for policy in [one.prepared.policy]
    ]
    columns = (
        Text(zh="政策", en="Policy"),
        Text(zh="主管部门", en="Office"),
        Text(zh="兑现方式", en="Delivery"),
        Text(zh="符合", en="entitled"),
        Text(zh="已享受", en="served"),
        Text(zh="覆盖率", en="coverage"),
        Text(zh="候选", en="candidates"),
        Text(zh=f"测算（{UNIT.zh}）", en=f"amount ({UNIT.en})"),
        Text(zh="只差一条", en="one clause short"),
    )
    return Table(Text(zh="各项政策的候选与覆盖", en="How policies stand"), columns, tuple(rows))


def hurdles(listed: CandidateList) -> Table:
    """Of each clause that must hold: who fails it, who fails it alone, who lacks a fact for it."""
    rows: list[Row] = [
        (
            telling.says(hurdle.condition),
            fixed(hurdle.failing, 0),
            fixed(hurdle.alone, 0),
            fixed(hurdle.unknown, 0),
        )
        for hurdle in listed.near.hurdles
    ]
    columns = (
        Text(zh="条件", en="Clause"),
        Text(zh="未满足", en="not met"),
        Text(zh="只差这一条", en="this alone"),
        Text(zh="信息不足", en="lack facts"),
    )
    return Table(
        Text(zh="各条件卡住多少家", en="What each clause holds back"), columns, tuple(rows)
    )


def _coverage(found: Candidates) -> Text:
    coverage = found.coverage
    if coverage.by is None:
        return Text(
            zh=f"符合 {coverage.entitled:,} 家；没有数据说明谁已享受，覆盖率不详",
            en=f"{coverage.entitled:,} entitled; no data tell who is served already",
        )
    how, share = _BY[coverage.by], coverage.share
    rate = "—" if share is None else f"{share:.1%}"
    zh = f"符合 {coverage.entitled:,} 家，已享受 {coverage.served:,} 家（{how.zh}），覆盖率 {rate}"
    en = f"{coverage.entitled:,} entitled, {coverage.served:,} served ({how.en}): {rate}"
    if coverage.not_told:
        zh += f"；{coverage.not_told:,} 家是否已享受不详"
        en += f"; of {coverage.not_told:,} it is not told"
    if coverage.others:
        zh += f"；已享受而按现有数据不符合的 {coverage.others:,} 家"
        en += f"; {coverage.others:,} are served and not entitled by the data at hand"
    return Text(zh, en)


def _misses(listed: CandidateList) -> Iterable[Table]:
    misses = listed.near.misses[:_NEAR_SHOWN]
    if not misses:
        return
    rows: list[Row] = [
        (miss.name or "—", miss.uscc, telling.gap(listed, miss), figure(miss.fen))
        for miss in misses
    ]
    columns = (
        Text(zh="企业名称", en="Enterprise"),
        Text(zh="统一社会信用代码", en="credit code"),
        Text(zh="差什么", en="what it lacks"),
        Text(zh=f"达到后可得（{UNIT.zh}）", en=f"amount then ({UNIT.en})"),
    )
    yield Table(Text(zh="只差一条，由易到难", en="One clause short, easiest first"), columns,
                tuple(rows))  # fmt: skip
