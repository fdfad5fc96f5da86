"""Targets that share one clause by name: 分别, 均, 各, and a row of years."""

import re
from dataclasses import replace

from cityforge.brain.plans import claims, indicators, years
from cityforge.brain.plans.claims import Clause
from cityforge.brain.plans.clauses import joined_names
from cityforge.brain.plans.numbers import Number
from cityforge.brain.plans.reading import Target

_DISTRIBUTES = re.compile(
    r"分别|均|(?<=[^\d])各(?=\s*(?:新增|建成|建设|培育|打造|创建|引进)?\s*\d)"
)


def shared(context: Clause, taken: list[Number]) -> list[Target] | None:
    """Targets of “A、B分别达到1、2” and “A、B均达到1”: one for each name; None elsewhere."""
    paragraph, start = context.paragraph, context.span[0]
    folded = paragraph.folded
    found = next(
        (
            m
            for m in _DISTRIBUTES.finditer(folded, start, taken[0].start + 1)
            if paragraph.marks.depth[m.start()] == 0
            and folded[m.start() - 1 : m.end() + 1] not in ("年均", "人均", "平均", "户均", "亩均")
            and not (
                m.group() == "均"
                and folded[max(0, m.start() - 1)] in "年人平户亩日月地"
                and not _YEAR_END.search(folded[max(0, m.start() - 5) : m.start()])
            )
        ),
        None,
    )
    if found is None:
        return None
    said = folded[start : found.start()]
    if found.group() == "分别":
        taken = _alike(taken)
    verb = folded[found.end() : taken[0].before]
    lead = folded[context.lead_start : start] if context.lead_start is not None else ""
    if not lead and context.before and _YEARS_ONLY.fullmatch(folded[slice(*context.before)]):
        lead = folded[slice(*context.before)]  # 到2025年、2026年，…分别…
    dated = _by_years(context, taken, lead + said, verb)
    if dated is not None:
        return dated
    names = joined_names(indicators.lead_free(said))
    if (
        len(names) < 2
        and context.before is not None
        and len(said.strip("力争到至年底前0123456789 ")) < 2
    ):
        names = joined_names(indicators.lead_free(folded[slice(*context.before)]))
    if len(names) < 2 or len(names) > 12 or any(len(name) > 60 for name in names):
        return None
    if found.group() == "分别" and len(taken) > 1:
        pairs = list(zip(names, taken, strict=False)) if len(names) == len(taken) else None
    else:
        pairs = [(name, taken[0]) for name in names] if len(taken) == 1 else None
    if pairs is None:
        return None
    return _shared_targets(context, pairs, verb)


_YEAR_END = re.compile(r"20\d\d年$")


def _alike(taken: list[Number]) -> list[Number]:
    """“分别超过70%和50%”: the word before the list holds for each member."""
    first = taken[0]
    if first.comparator not in ("gt", "gte", "lt", "lte") or first.before == first.start:
        return taken
    return [
        replace(number, comparator=first.comparator, comparator_text=first.comparator_text)
        if number.comparator == "eq" and number.comparator_text is None
        else number
        for number in taken
    ]


def _by_years(context: Clause, taken: list[Number], said: str, verb: str) -> list[Target] | None:
    """“2024年、2025年新增企业分别达到1家、2家”: one target a year."""
    mentions = years.deadlines(said, 0, len(said))
    if len(taken) == 1 and len(mentions) > 1 and _YEARS_ONLY.fullmatch(said):
        taken = taken * len(mentions)  # 2025年、2026年均不少于250家
    if len(mentions) != len(taken) or len(mentions) < 2:
        return None
    words = re.sub(r"(?:到|至)?20\d\d年(?:底|末)?[、和及，]?", "", said)
    indicator = indicators.noun_before(words)
    if not indicator:
        indicator = indicators.noun_before(verb) or context.setting.subject
    return [
        replace(
            claims.build(context, number, context.span, first=True, indicator=indicator),
            year=mention.year,
            year_source="explicit",
        )
        for mention, number in zip(mentions, taken, strict=True)
    ]


_YEARS_ONLY = re.compile(r"[^，。]{0,24}?(?:(?:到|至)?20\d\d年(?:底|末)?[、和及，]?)+")


def _shared_targets(context: Clause, pairs: list[tuple[str, Number]], verb: str) -> list[Target]:
    folded = context.paragraph.folded
    last = pairs[-1][1]
    after = indicators.noun_after(folded[last.after : context.span[1]])
    kept = (
        verb.strip() if verb.strip() in ("新增", "增长", "年均增长", "下降", "降低", "提高") else ""
    )
    return [
        claims.build(
            context, number, context.span, first=True,
            indicator=f"{indicators.noun_before(_NAME_TAIL.sub('', name))}{kept}{after}",
        )
        for name, number in pairs
    ]  # fmt: skip


_NAME_TAIL = re.compile(r"(?:在20\d\d年.*|(?<=.{2})(?:实现|力争|总数|数量).*)$")
