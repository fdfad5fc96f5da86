"""What keeps an act out of the journal: by the stage, by the days, by what stands already."""

from collections.abc import Callable
from datetime import date
from typing import Any

from cityforge.brain.errors import Text
from cityforge.brain.evaluation.proceedings.acts import (
    Computation,
    Confirmation,
    Entry,
    Objection,
    Opening,
    Override,
    Publication,
    Ruling,
    Step,
    Withdrawal,
)
from cityforge.brain.evaluation.proceedings.docket import Docket
from cityforge.brain.evaluation.proceedings.stages import (
    BY_LIST,
    COMPUTING,
    OPEN_TO_OBJECTIONS,
    OVERRIDING,
    TITLES,
    Stage,
    not_allowed,
    not_now,
)

Refusal = Callable[[Docket, Entry, Any], Text | None]
_OBJECTING = Text(zh="提出异议", en="an objection")
_RULING = Text(zh="裁定", en="a ruling")


def refusal(docket: Docket, entry: Entry) -> Text | None:
    """Why an entry cannot follow what stands; None where it can."""
    expected = f"e{len(docket.entries) + 1}"
    if entry.id != expected:
        return Text(
            zh=f"编号应为 {expected}，不是 {entry.id}",
            en=f"id should be {expected}, not {entry.id}",
        )
    return _late_or_early(docket, entry) or _REFUSALS[type(entry.act)](docket, entry, entry.act)


def _late_or_early(docket: Docket, entry: Entry) -> Text | None:
    """An act is told after what it rests on.

    What an enterprise did on a day may be written down later, but not into an earlier period.
    """
    bound = docket.newest
    if isinstance(entry.act, Confirmation | Objection):
        period = docket.period
        bound = period.entered_on if period else docket.stays[-1].entered_on
    if entry.day >= bound:
        return None
    return Text(
        zh=f"日期 {entry.day} 早于 {bound}，次序不对",
        en=f"its day {entry.day} is before {bound}: out of order",
    )


def _opening(docket: Docket, _: Entry, act: Opening) -> Text | None:
    return Text(zh="已经开始，不能再开始一次", en="it has begun already")


def _step(docket: Docket, entry: Entry, act: Step) -> Text | None:
    if why := not_allowed(docket.stage, act.to):
        return why
    if by := BY_LIST.get(act.to):
        return Text(
            zh=f"“{TITLES[act.to].zh}”由发布{by.zh}进入，不单独流转",
            en=f"'{TITLES[act.to].en}' is entered by showing {by.en}, not by a step",
        )
    # Publicity may end in an objection at any time; the checking of data is given its time.
    if docket.stage == "checked" and (why := _cut_short(docket, entry.day)):
        return why
    if act.to in ("computed", "reviewed"):
        return _unfinished(docket)
    return None


def _cut_short(docket: Docket, day: date) -> Text | None:
    """A period that enterprises have a right to is not over on a day."""
    stay = docket.stays[-1]
    if stay.due_on is None or day > stay.due_on:
        return None
    return Text(
        zh=f"“{TITLES[stay.stage].zh}”到 {stay.due_on} 为止，{day} 还没有满期",
        en=f"'{TITLES[stay.stage].en}' lasts until {stay.due_on}; on {day} it is not over",
    )


def _unfinished(docket: Docket) -> Text | None:
    """Objections without a ruling, or a result that is behind."""
    if waiting := docket.open_objections:
        return Text(
            zh=f"还有 {len(waiting)} 件异议没有裁定：{'、'.join(waiting[:8])}",
            en=f"{len(waiting)} objection(s) wait for a ruling: {', '.join(waiting[:8])}",
        )
    if not docket.versions:
        return Text(zh="还没有计算结果", en="no result has been computed")
    if not docket.is_current:
        return Text(
            zh=f"第 {docket.versions[-1].version} 版结果之后又有更正或调整，须重新计算",
            en=f"version {docket.versions[-1].version} is behind what was ruled: compute anew",
        )
    return None


def _confirmation(docket: Docket, entry: Entry, act: Confirmation) -> Text | None:
    what = Text(zh="核对确认", en="a confirmation")
    if why := not_now(docket.stage, ("checked", "objected"), what):
        return why
    if act.uscc in docket.confirmed:
        return Text(zh="已经确认过", en="it has confirmed already")
    if any(docket.objection(id).uscc == act.uscc for id in docket.open_objections):
        return Text(
            zh="该企业还有未裁定的异议，先撤回再确认",
            en="its objection waits for a ruling: withdraw it first",
        )
    return None


def _objection(docket: Docket, entry: Entry, act: Objection) -> Text | None:
    if why := not_now(docket.stage, OPEN_TO_OBJECTIONS, _OBJECTING):
        return why
    period = docket.period
    if period and period.due_on and entry.day > period.due_on and not act.accepted_late:
        return Text(
            zh=f"{TITLES[period.stage].zh}期限 {period.due_on} 已过；仍予受理的，写明理由",
            en=f"the time for it ended on {period.due_on}; say why it is taken all the same",
        )
    if act.stated == act.right:
        return Text(zh="所称数值与现有数值相同", en="what it should be is what it is")
    if act.year > docket.opening.year:
        return Text(
            zh=f"评价的是 {docket.opening.year} 年度，不涉及 {act.year} 年的数据",
            en=f"the year evaluated is {docket.opening.year}: data of {act.year} play no part",
        )
    for id in docket.open_objections:
        if (other := docket.objection(id)) and _same_fact(other, act):
            return Text(zh=f"同一数据的异议 {id} 还没有裁定", en=f"{id} on the same fact is open")
    corrected = docket.corrected
    key = (act.uscc, act.year, act.fact)
    if key in corrected and (held := corrected[key]) != act.stated:
        return Text(
            zh=f"该数据已更正为 {held}，异议所引 {act.stated} 不是现有数值",
            en=f"the fact was corrected to {held}; the objection quotes {act.stated}",
        )
    return None


def _same_fact(one: Objection, other: Objection) -> bool:
    return (one.uscc, one.year, one.fact) == (other.uscc, other.year, other.fact)


def _ruling(docket: Docket, entry: Entry, act: Ruling) -> Text | None:
    if why := not_now(docket.stage, OPEN_TO_OBJECTIONS, _RULING):
        return why
    if act.objection not in docket.objections:
        return Text(zh=f"没有异议 {act.objection}", en=f"no objection {act.objection}")
    if act.objection not in docket.open_objections:
        by = docket.rulings.get(act.objection) or docket.withdrawn[act.objection]
        return Text(
            zh=f"异议 {act.objection} 已由 {by} 了结", en=f"{act.objection} was closed by {by}"
        )
    about = docket.objection(act.objection)
    fits = {
        "upheld": act.value == about.right,
        "partly": act.value not in (about.stated, about.right),
        "rejected": act.value == about.stated,
    }
    if not fits[act.outcome]:
        return Text(
            zh="采纳的取企业所称数值，不予采纳的仍为原值，部分采纳的另定数值",
            en="upheld takes the value asked for, rejected the one stated, partly another one",
        )
    return None


def _override(docket: Docket, entry: Entry, act: Override) -> Text | None:
    if why := not_now(docket.stage, OVERRIDING, Text(zh="人工调整等次", en="an override")):
        return why
    if not docket.versions:
        return Text(zh="还没有计算结果", en="no result has been computed")
    if act.grade not in docket.opening.grades:
        return Text(zh=f"方案没有等次“{act.grade}”", en=f"the scheme has no grade '{act.grade}'")
    if act.grade == act.before:
        return Text(zh="等次没有变化", en="the grade stays what it is")
    if act.uscc in docket.overrides:
        by = docket.overrides[act.uscc]
        return Text(zh=f"已由 {by} 调整过，先撤销它", en=f"{by} overrides it: withdraw that first")
    return None


def _computation(docket: Docket, entry: Entry, act: Computation) -> Text | None:
    if why := not_computing(docket):
        return why
    if act.version != len(docket.versions) + 1:
        return Text(
            zh=f"应为第 {len(docket.versions) + 1} 版，不是第 {act.version} 版",
            en=f"version {len(docket.versions) + 1} comes next, not {act.version}",
        )
    if act.basis != docket.basis:
        return Text(
            zh="所依据的更正和调整与现有的不符",
            en="it rests on other rulings and overrides than those that stand",
        )
    return None


def not_computing(docket: Docket) -> Text | None:
    """Why no result is computed now; None where one is."""
    if why := not_now(docket.stage, COMPUTING, Text(zh="计算", en="a computation")):
        return why
    if docket.is_current:
        return Text(zh="没有新的更正或调整，结果不变", en="nothing new was ruled: it stays")
    return None


def _publication(docket: Docket, entry: Entry, act: Publication) -> Text | None:
    to: Stage = "published" if act.purpose == "publicity" else "settled"
    if why := not_published(docket, to, entry.day):
        return why
    if act.version != len(docket.versions):
        return Text(zh="不是最新一版结果", en="it is not the newest version")
    if act.begins_on != entry.day or act.ends_on != ends_on(docket, to, entry.day):
        return Text(zh="起止日期与日历不符", en="its days do not follow from the calendar")
    return None


def not_published(docket: Docket, to: Stage, day: date) -> Text | None:
    """Why no list is shown on a day, for publicity or as final; None where one is."""
    if why := not_allowed(docket.stage, to) or _unfinished(docket):
        return why
    if to == "published" and to not in docket.opening.working_days:
        return Text(
            zh="公示期没有定：方案未写 publicity_days，开始时也没有给出",
            en="the length of publicity is not known: neither the scheme nor the opening states it",
        )
    if to == "settled":
        assert docket.shown is not None
        if docket.shown.version != len(docket.versions):
            return Text(zh="最新一版没有公示过", en="the newest version was not shown")
        return _cut_short(docket, day)
    return None


def ends_on(docket: Docket, to: Stage, day: date) -> date | None:
    """The last day of a stage entered on a day; None where its length is not stated."""
    count = docket.opening.working_days.get(to)
    return docket.days.after(day, count) if count else None


def _withdrawal(docket: Docket, entry: Entry, act: Withdrawal) -> Text | None:
    found = docket.entries.get(act.entry)
    if found is None:
        return Text(zh=f"没有记录 {act.entry}", en=f"there is no entry {act.entry}")
    if by := docket.withdrawn.get(act.entry):
        return Text(zh=f"{act.entry} 已由 {by} 撤销", en=f"{act.entry} was withdrawn by {by}")
    match found.act:
        case Confirmation():
            what = Text(zh="撤回确认", en="withdrawing a confirmation")
            return not_now(docket.stage, ("checked", "objected"), what)
        case Objection():
            if ruling := docket.rulings.get(act.entry):
                return Text(zh=f"已经裁定；先撤销裁定 {ruling}", en=f"withdraw its ruling {ruling}")
            return not_now(docket.stage, OPEN_TO_OBJECTIONS, _OBJECTING)
        case Ruling():
            return not_now(docket.stage, OPEN_TO_OBJECTIONS, _RULING) or _rests(docket, found)
        case Override():
            what = Text(zh="撤销调整", en="withdrawing an override")
            return not_now(docket.stage, OVERRIDING, what)
        case _:
            return Text(
                zh="流转、计算、名单和撤销不能撤销；按流转退回，再作一次",
                en="steps, results, lists and withdrawals stay: go back a stage and do it again",
            )


def _rests(docket: Docket, ruling: Entry) -> Text | None:
    """A later objection quotes the value that a ruling set."""
    assert isinstance(ruling.act, Ruling)
    about = docket.objection(ruling.act.objection)
    for id in docket.objections:
        later = docket.entries[id].number > ruling.number
        if later and id not in docket.withdrawn and _same_fact(docket.objection(id), about):
            return Text(
                zh=f"其后的异议 {id} 是针对这次裁定的数值提出的，先撤销它",
                en=f"{id} objects to the value of this ruling: withdraw it first",
            )
    return None


_REFUSALS: dict[type, Refusal] = {
    Opening: _opening,
    Step: _step,
    Confirmation: _confirmation,
    Objection: _objection,
    Ruling: _ruling,
    Override: _override,
    Computation: _computation,
    Publication: _publication,
    Withdrawal: _withdrawal,
}
