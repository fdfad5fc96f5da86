"""What one enterprise is told of a policy: why it, how much, by when, what to do next.

No value of a fact stands in it: those are on the enterprise's own pages, behind its sign-in.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cityforge.brain.api import check_ups
from cityforge.brain.errors import Language, Text
from cityforge.portal.analytics.policies import catalogue, checking, ready
from cityforge.portal.analytics.policies.checking import Check, Declared, One
from cityforge.portal.analytics.policies.page import NONE

Pair = tuple[Text, Text]
_WHY = Text(zh="为什么是您", en="Why you")
_MONEY = Text(zh="能享多少", en="How much")
_WHEN = Text(zh="什么时候前", en="By when")
_NEXT = Text(zh="下一步", en="What to do")
_WHO = Text(zh="找谁", en="Whom to ask")
_TITLES = {
    "eligible": Text(zh="贵企业符合条件", en="you are entitled"),
    "unknown": Text(zh="补上资料就能判断", en="some facts are lacking"),
    "not_yet": Text(zh="还差一步", en="a step short"),
}
_LANGUAGES: tuple[Language, Language] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Message:
    """A title, then headings with their words; the same in both languages."""

    title: Text
    parts: tuple[Pair, ...]


def message(who: str, policy: str, declared: Declared) -> Message | None:
    """By the newest run with what the enterprise declared. None where either is not in it."""
    page, found = catalogue.policy(policy), ready.examiner()
    zh, en = (checking.checklist(who, policy, declared, one) for one in _LANGUAGES)
    if page is None or found is None or zh is None or en is None:
        return None
    title = _TITLES[zh.answer]
    contact = f"{page.office} {page.contact}".strip()
    return Message(
        Text(zh=f"{page.title.zh}：{title.zh}", en=f"{page.title.en}: {title.en}"),
        (
            (_WHY, _why(zh, en, found.snapshot.as_of.isoformat())),
            (_MONEY, _money(zh.near.entry, en.near.entry, answer=zh.answer)),
            (_WHEN, page.when),
            (_NEXT, _next(zh, page.decided)),
            (_WHO, Text(zh=contact, en=contact)),
        ),
    )


def _why(zh: One, en: One, day: str) -> Text:
    if zh.answer == "eligible":
        met = what_is_met(zh.checks)
        why = Text(
            zh=f"按截至 {day} 的数据，贵企业满足条件：{met.zh}。",
            en=f"By the data as of {day} you meet its conditions: {met.en}.",
        )
        if not zh.provisional:
            return why
        return Text(
            zh=f"{why.zh}其中有企业自报的内容，核实后确定。",
            en=f"{why.en} Some of it you declared yourself; it is to be verified.",
        )
    if zh.answer == "unknown":
        names = _names(zh)
        return Text(
            zh=f"按截至 {day} 的数据还不能判断：{zh.clauses} 条中已满足 {zh.met} 条，"
            f"缺少{names.zh}。",
            en=f"By the data as of {day} it cannot be said: {zh.met} of {zh.clauses} conditions "
            f"are met; we lack {names.en}.",
        )
    lacks = Text(zh=_gaps(zh.near, "、"), en=_gaps(en.near, "; "))
    return Text(
        zh=f"按截至 {day} 的数据，{zh.clauses} 条中已满足 {zh.met} 条，还差：{lacks.zh}。",
        en=f"By the data as of {day} you meet {zh.met} of {zh.clauses} conditions; you lack: "
        f"{lacks.en}.",
    )


def what_is_met(checks: Check) -> Text:
    """The words of the clauses that are met."""
    said = list(_met(checks))
    return Text(zh="、".join(t.zh for t in said), en="; ".join(t.en for t in said))


def _met(checks: Check) -> Iterator[Text]:
    """Of what must not be, the words of the whole: those inside name what is not so."""
    says = checks.clause.says
    if checks.clause.joins == NONE:
        if says and all(one.mark == "met" for one in _leaves(checks)):
            yield says
    elif checks.parts:
        for part in checks.parts:
            yield from _met(part)
    elif says and checks.mark == "met":
        yield says


def _leaves(checks: Check) -> Iterator[Check]:
    if not checks.parts:
        yield checks
    for part in checks.parts:
        yield from _leaves(part)


def _gaps(near: check_ups.Near, between: str) -> str:
    return between.join(one.says for one in near.gaps)


def _names(one: One) -> Text:
    titles = [title for _, title in one.lacking]
    return Text(zh="、".join(t.zh for t in titles), en=", ".join(t.en for t in titles))


def _money(zh: check_ups.Entry, en: check_ups.Entry, *, answer: str) -> Text:
    if answer != "eligible" or not zh.money:
        return Text(zh=zh.pays, en=en.pays)
    return Text(
        zh=f"按现有数据测算 {zh.money}，以审核为准。{zh.pays}。",
        en=f"{en.money} by the data at hand, subject to review. {en.pays}.",
    )


def _next(one: One, decided: Text) -> Text:
    if one.answer == "eligible":
        return decided
    if one.answer == "unknown":
        names = _names(one)
        return Text(
            zh=f"打开对照清单，补填{names.zh}，当场重新测算。",
            en=f"Open the checklist and tell {names.en}; it is worked out anew at once.",
        )
    return Text(
        zh="打开对照清单，看还差多少；达到后系统会重新判断。",
        en="Open the checklist to see how far it is; once reached, it is judged anew.",
    )
