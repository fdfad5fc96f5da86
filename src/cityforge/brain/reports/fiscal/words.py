"""A fiscal simulation said in a few sentences, with what was assumed."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from cityforge.brain.errors import Text
from cityforge.brain.policies.fiscal.comparison import Comparison
from cityforge.brain.policies.fiscal.simulation import Simulation
from cityforge.brain.policies.fiscal.spending import SHARES, Year, span
from cityforge.brain.policies.fiscal.sweep import Sweep
from cityforge.brain.policies.fiscal.together import Together
from cityforge.brain.policies.prepared import Prepared
from cityforge.brain.reports.fact_names import Names
from cityforge.brain.reports.fiscal.fiscal import Fiscal, Fiscals
from cityforge.brain.reports.money import amount
from cityforge.brain.reports.policy_words import term
from cityforge.brain.reports.snapshot import Snapshot

SIMULATED = Text(zh="▲ 模拟数据", en="▲ Simulated data")
MODEL = Text(
    zh="▲ 外地政策范本，只供参照起草：本市企业不能据此申报，不计入体检、匹配和合计",
    en="▲ A model from elsewhere, to draft by: no enterprise of this city can claim by it; left "
    "out of check-ups, matches and totals",
)
NO_DECISION = Text(
    zh="以上是按现有数据的测算，用于安排资金，不是对任何企业的决定。",
    en="This is worked out from the data at hand to plan money; it decides about no enterprise.",
)
_BEYOND = {
    "proportional": Text(zh="超出部分按比例压减", en="cut in proportion beyond it"),
    "first_come": Text(zh="先到先得，用完为止", en="first come, first served"),
}
_ARRIVAL = {
    "even": Text(zh="假定金额在受理期内每天均匀到达", en="assuming even arrival of claims by day"),
    "first_day": Text(zh="假定首日全部到达", en="assuming that all claims arrive on the first day"),
}


def of_policy(found: Fiscal) -> list[Text]:
    """Line by line: which version, what it costs, the budget, what changes, what was assumed."""
    lines = marks(found.snapshot, found.simulation.prepared)
    lines.append(_heading(found))
    lines.append(_cost(found.simulation))
    lines += _budget(found.simulation)
    if found.comparison is not None:
        lines += _change(found.comparison)
    if found.sweep is not None:
        lines.append(_swept(found.sweep))
    lines += _cautions(found)
    lines.append(NO_DECISION)
    return lines


def marks(snapshot: Snapshot, prepared: Prepared) -> list[Text]:
    """What must be read before any figure of one policy."""
    simulated = [SIMULATED] if snapshot.simulated else []
    return [*simulated, MODEL] if prepared.policy.model else simulated


def of_city(found: Fiscals) -> list[Text]:
    """What all policies cost together, beside their plain sum."""
    lines = [SIMULATED] if found.snapshot.simulated else []
    together: Together = found.together
    paid, claimed = amount(together.paid), amount(together.claimed)
    less = amount(together.claimed - together.paid)
    lines.append(
        Text(
            zh=f"截至 {found.snapshot.as_of}，{len(together.policies)} 项政策共 "
            f"{together.enterprises:,} 家可享；逐项相加 {claimed.zh}，按组合规则取最优后 "
            f"{paid.zh}，少付 {less.zh}，涉及 {together.reduced:,} 家",
            en=f"As of {found.snapshot.as_of}, {together.enterprises:,} enterprises may have one "
            f"of {len(together.policies)} policies; {claimed.en} item by item, {paid.en} by the "
            f"best sets under the combinations: {less.en} less for {together.reduced:,} of them",
        )
    )
    lines.append(
        Text(
            zh=f"· 组合规则涉及 {together.tied:,} 家，求解最优组合 {together.searched:,} 种；"
            "金额未知的按 0 计",
            en=f"· {together.tied:,} enterprises are under a rule, {together.searched:,} best sets "
            "were worked out; an amount not known counts as nothing",
        )
    )
    lines.append(NO_DECISION)
    return lines


def _heading(found: Fiscal) -> Text:
    prepared = found.simulation.prepared
    policy, version = prepared.policy, prepared.version
    changed = [(term(version, name), value) for name, value in found.asked.terms.items()]
    zh = "、".join(f"{name.zh}为 {value}" for name, value in changed)
    en = ", ".join(f"{name.en} at {value}" for name, value in changed)
    snapshot: Snapshot = found.snapshot
    return Text(
        zh=f"{policy.title}（{policy.id}，{version.from_} 起施行"
        + ("；草案" if found.asked.city is not None else "")
        + (f"；改{zh}" if zh else "")
        + f"）　截至 {snapshot.as_of}，按 {found.year} 年数据，"
        f"{found.simulation.sums.enterprises:,} 家企业",
        en=f"{policy.title_en} ({policy.id}, in force from {version.from_}"
        + ("; draft" if found.asked.city is not None else "")
        + (f"; with {en}" if en else "")
        + f")  as of {snapshot.as_of}, by the data of {found.year}, "
        f"{found.simulation.sums.enterprises:,} enterprises",
    )


def _cost(found: Simulation) -> Text:
    sums = found.sums
    counts = Text(
        zh=f"符合 {sums.eligible:,} 家，暂不符合 {sums.not_yet:,} 家，信息不足 {sums.unknown:,} 家",
        en=f"{sums.eligible:,} entitled, {sums.not_yet:,} not yet, {sums.unknown:,} lack facts",
    )
    if not found.has_money:
        return Text(
            zh=f"{counts.zh}；不涉及按数据测算的金额",
            en=f"{counts.en}; no money that follows from facts",
        )
    low, high = amount(sums.low), amount(sums.high)
    zh = f"{counts.zh}；需 {low.zh}"
    en = f"{counts.en}; {low.en}"
    if sums.unknown:
        zh += f"，信息不足的全部符合时 {high.zh}"
        en += f", {high.en} if all that lack facts are entitled"
    if sums.unpriced or sums.open_unpriced:
        zh += f"；另有 {sums.unpriced + sums.open_unpriced:,} 家金额未知，未计入"
        en += f"; {sums.unpriced + sums.open_unpriced:,} more have no known amount, not counted"
    return Text(zh, en)


def _budget(found: Simulation) -> Iterator[Text]:
    for year in found.years:
        if year.budget is None or year.beyond is None:
            continue
        due, budget, paid = amount(year.due), amount(year.budget), amount(year.paid)
        how = _BEYOND[year.beyond]
        zh = f"{year.year} 年预算 {budget.zh}，应付 {due.zh}，实付 {paid.zh}"
        en = f"Budget of {year.year}: {budget.en}; {due.en} due, {paid.en} paid"
        if year.cut:
            zh += f"（{how.zh}），{year.cut:,} 家不足额"
            en += f" ({how.en}), {year.cut:,} get less than is due"
        told = _days(year)
        if told is not None:
            opens, closes = span(found.prepared, found.day)
            zh += f"；{_ARRIVAL[found.arrival].zh}（{opens} 至 {closes}），{told.zh}"
            en += f"; {_ARRIVAL[found.arrival].en} ({opens} to {closes}), {told.en}"
        yield Text(zh, en)


def _days(year: Year) -> Text | None:
    """When so much of the budget is spent."""
    told: list[tuple[Decimal, date]] = [
        (share, day) for share, day in zip(SHARES, year.reached, strict=False) if day is not None
    ]
    if not told:
        return None
    return Text(
        zh="，".join(f"{share:.0%} 于 {day} 用去" for share, day in told),
        en=", ".join(f"{share:.0%} is spent on {day}" for share, day in told),
    )


def _change(found: Comparison) -> Iterator[Text]:
    by = {one.change: one.count for one in found.changes}
    before, after = amount(found.before.total), amount(found.after.total)
    more, sign = amount(abs(found.difference)), "+" if found.difference >= 0 else "−"
    same = by["same"] + by["unpriced"]
    yield Text(
        zh=f"与现行相比：新增 {by['in']:,} 家，退出 {by['out']:,} 家，金额增加 {by['more']:,} 家，"
        f"减少 {by['less']:,} 家，不变 {same:,} 家；"
        f"{before.zh} → {after.zh}（{sign}{more.zh}）",
        en=f"Against the present: {by['in']:,} come in, {by['out']:,} fall out, {by['more']:,} "
        f"get more, {by['less']:,} less, {same:,} the same; "
        f"{before.en} -> {after.en} ({sign}{more.en})",
    )
    lost = found.moves[(True, None)]
    if lost:
        yield Text(
            zh=f"· 退出的有 {lost:,} 家并非不符合，而是信息不足以判断",
            en=f"· {lost:,} of those that fall out are not refused: their facts no longer suffice",
        )


def _swept(found: Sweep) -> Text:
    name = term(found.prepared.version, found.term)
    return Text(
        zh=f"“{name.zh}”现为 {found.stands}，逐值测算见表",
        en=f"'{name.en}' is {found.stands} now; the table tells each value",
    )


def _cautions(found: Fiscal) -> Iterator[Text]:
    """What the figures rest on and do not say."""
    simulated = found.simulation
    if simulated.absent:
        told = Names(found.city, found.book).columns(simulated.absent, year=found.year)
        yield Text(
            zh=f"▲ 本次运行没有这些数据，凡依据它们的均为未知：{told.zh}",
            en=f"▲ This run lacks these data, and all that rests on them is unknown: {told.en}",
        )
    if any(year.beyond == "first_come" and year.cut for year in simulated.years):
        yield Text(
            zh="· 先到先得的次序按统一社会信用代码假定",
            en="· the order of first come is assumed to be that of the credit codes",
        )
    if len(simulated.years) > 1:
        yield Text(
            zh="· 只计本次符合的各期应付，往年批次的后续各期未计入",
            en="· only instalments of those entitled now; later ones of earlier years are left out",
        )
    for assumption in simulated.prepared.version.assumptions:
        yield Text(zh=f"· 本市设定：{assumption}", en=f"· the city assumed: {assumption}")
