"""The quantified targets of a paragraph, and its numbers that are none, with the reason."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from cityforge.brain.errors import Text
from cityforge.brain.plans import indicators, refusals, years
from cityforge.brain.plans.characters import fold
from cityforge.brain.plans.clauses import (
    Brackets,
    brackets,
    clauses,
    joined_names,
    members,
    sentences,
)
from cityforge.brain.plans.numbers import Number, numbers
from cityforge.brain.plans.reading import NotTarget, Target, YearSource
from cityforge.brain.plans.refusals import Around


@dataclass(slots=True)
class Setting:
    """What holds for the clauses that follow: the year, 每年, 力争, the subject last named."""

    from_year: int | None = None
    to_year: int | None = None
    review: bool = False
    year: int | None = None
    every_year: bool = False
    annual: bool = False
    modal: str | None = None
    subject: str = ""
    verb: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What one paragraph gave."""

    targets: list[Target]
    refused: list[NotTarget]


@dataclass(frozen=True, slots=True)
class _Paragraph:
    text: str
    folded: str
    offset: int
    marks: Brackets
    measure: str | None
    hidden: tuple[tuple[int, int], ...]


def read_paragraph(
    text: str,
    *,
    offset: int,
    skip: int,
    hidden: Iterable[tuple[int, int]],
    measure: str | None,
    setting: Setting,
) -> Found:
    """The targets of a paragraph of plan text.

    `skip`: letters of its number; `hidden`: places that name units. `setting` is carried on: the
    year that a lead-in names holds for what follows.
    """
    folded = fold(text)
    paragraph = _Paragraph(text, folded, offset, brackets(folded), measure, tuple(hidden))
    found = Found([], [])
    every = [n for n in numbers(folded) if n.start >= skip and not _hidden(paragraph, n)]
    if not every and not re.search(r"20\d\d|十[三四五六]五", folded):
        return found
    at = 0
    for sentence in sentences(folded, paragraph.marks, skip):
        setting.every_year, setting.modal, setting.verb = False, None, ""
        inside = []
        while at < len(every) and every[at].start < sentence[1]:
            inside.append(every[at])
            at += 1
        _read_sentence(paragraph, sentence, inside, setting, found)
    return found


def _hidden(paragraph: _Paragraph, number: Number) -> bool:
    return any(start <= number.start < end for start, end in paragraph.hidden)


def _read_sentence(
    paragraph: _Paragraph,
    sentence: tuple[int, int],
    inside: list[Number],
    setting: Setting,
    found: Found,
) -> None:
    if not inside:
        return
    lead_start: int | None = None
    fresh = False  # the year stands in a lead-in just before this clause
    at = 0
    before: tuple[int, int] | None = None
    for clause in clauses(paragraph.folded, paragraph.marks, sentence):
        mine = []
        while at < len(inside) and inside[at].start < clause[1]:
            mine.append(inside[at])
            at += 1
        said = _carry(paragraph, clause, setting)
        explicit = said or fresh
        if _only_lead_in(paragraph.folded[slice(*clause)]):
            lead_start = clause[0] if lead_start is None else lead_start
            fresh = fresh or said
            continue
        context = _Clause(paragraph, clause, sentence, before, lead_start, explicit, setting)
        taken = _read_clause(context, mine, found)
        if taken:
            fresh = False
        elif mine == [] and not said:
            _remember_subject(paragraph, clause, setting)
        lead_start = None
        before = clause


@dataclass(frozen=True, slots=True)
class _Clause:
    paragraph: _Paragraph
    span: tuple[int, int]
    sentence: tuple[int, int]
    before: tuple[int, int] | None
    lead_start: int | None
    explicit: bool
    setting: Setting


_EVERY_YEAR = re.compile(r"每年度?|每[个一]?年")
_ANNUAL = re.compile(
    r"年均|逐年|年度(?=新增|新建|培育|引进|完成|实施|新认定)|(?<![\d一二三四五两全今当本去明前])年(?=新增|新培育|培育|引进|新建|培训|增长|增速|增幅|递增|均)"
)
_LEVEL = re.compile(r"累计|总数|总量(?=达|突破|超)|达到|突破|(?<!不)超过|(?<!不)达(?!\w{0,4}标)")
_MODAL = re.compile(r"力争|争取|力求|努力|确保|务求")
_LEAD_ONLY = re.compile(
    r"(?:\s|其中|力争|争取|力求|努力|确保|通过努力|经过.{1,8}努力|用.{1,6}年(?:左右)?(?:的)?时间|同时|此外|每年度?|年内|今年|全年|预期|主要|全[省市县区]|"
    r"(?:到|至|截至|在|自|从)?(?:20\d\d年?)?(?:-|至|到|~)?(?:到|至|截至|在|于)?20\d\d年(?:年?底前?|年?末|前|度|底|起|\d{1,2}月(?:\d{1,2}日)?(?:份|底|末)?)?(?:以?前|之前)?|(?:到|至)?“?十[二三四五六]五”?(?:期末|末|期间|时期|规划期)?)+"
)


def _only_lead_in(words: str) -> bool:
    return len(words) < 60 and _LEAD_ONLY.fullmatch(words) is not None


def _carry(paragraph: _Paragraph, clause: tuple[int, int], setting: Setting) -> bool:
    """Takes up year, 每年 and 力争 of a clause; whether it names a year."""
    folded = paragraph.folded
    words = folded[slice(*clause)]
    mentions = [m for m in years.deadlines(folded, *clause) if not paragraph.marks.titled[m.start]]
    if _EVERY_YEAR.search(words):
        setting.every_year = True
    elif mentions or _LEVEL.search(words):
        setting.every_year = False
    # “年均增长” holds for its own clause only, 每年 for those that follow too.
    setting.annual = setting.every_year or _ANNUAL.search(words) is not None
    if mentions:
        setting.year = mentions[-1].year if mentions[0].start > clause[0] + 12 else mentions[0].year
        setting.modal = None
    elif (
        setting.from_year
        and setting.from_year == setting.to_year
        and years.says_this_year(folded, *clause)
    ):
        setting.year = setting.to_year
    modal = _MODAL.search(words)
    if modal:
        setting.modal = modal.group()
    return bool(mentions)


def _remember_subject(paragraph: _Paragraph, clause: tuple[int, int], setting: Setting) -> None:
    words = indicators.lead_free(paragraph.folded[slice(*clause)])
    if 2 <= len(words) <= 60:
        setting.subject = paragraph.text[clause[1] - len(words) : clause[1]].strip("，、；：。 ")


def _read_clause(context: _Clause, mine: list[Number], found: Found) -> bool:
    """Whether the clause held a target."""
    paragraph, folded = context.paragraph, context.paragraph.folded
    taken: list[Number] = []
    for i, number in enumerate(mine):
        if _is_date(folded, number):
            continue
        following = mine[i + 1].start if i + 1 < len(mine) else context.span[1]
        around = Around(
            folded,
            context.span,
            context.sentence,
            quoted=paragraph.marks.quoted[number.start],
            titled=paragraph.marks.titled[number.start],
            review=context.setting.review or _before_the_plan(context),
            aimed=bool(context.setting.year or context.setting.annual or context.setting.modal),
            next_start=following,
        )
        ranked = _ranked(folded, number, context.span)
        if ranked is not None:
            taken.append(ranked)
            continue
        reason = refusals.refuse(number, around)
        if reason is None:
            taken.append(number)
        elif not (reason is refusals.VAGUE and number.value < 2):
            found.refused.append(_refused(context, number, reason))
    if not taken:
        return False
    shared = _shared(context, taken)
    if shared is not None:
        found.targets.extend(shared)
        return True
    inner = [n for n in taken if paragraph.marks.depth[n.start] > 0]
    outer = [n for n in taken if paragraph.marks.depth[n.start] == 0]
    for group, span in _groups(context, outer, inner):
        for number, part in zip(group, members(folded, paragraph.marks, span, group), strict=True):
            found.targets.append(_target(context, number, part, first=number is taken[0]))
    return True


def _groups(
    context: _Clause, outer: list[Number], inner: list[Number]
) -> list[tuple[list[Number], tuple[int, int]]]:
    """The numbers outside brackets over the clause; those in a bracket over that bracket."""
    groups: list[tuple[list[Number], tuple[int, int]]] = []
    if outer:
        groups.append((outer, context.span))
    folded = context.paragraph.folded
    for number in inner:
        start = folded.rfind("(", context.span[0], number.start) + 1
        end = folded.find(")", number.end, context.span[1])
        span = (start, end if end >= 0 else context.span[1])
        if groups and groups[-1][1] == span:
            groups[-1][0].append(number)
        else:
            groups.append(([number], span))
    return groups


_DATE_AFTER = re.compile(r"\s*(?:月|季度|号文)")


def _is_date(folded: str, number: Number) -> bool:
    """Years, months, days: no quantity, and not worth a remark."""
    if 1900 <= number.value <= 2100 and number.value == int(number.value):
        if number.bare_unit == "年" or (number.value_max and number.value_max <= 2100):
            return True
        if number.unit is None and re.match(
            r"\s*年|\)|[-~至到]\s*20\d\d|$|/\d|\.\d", folded[number.end : number.end + 6]
        ):
            return True
    if _DATE_AFTER.match(folded, number.end) and (number.unit is None or number.value_max):
        return True
    before = folded[max(0, number.start - 1) : number.start]
    return number.bare_unit in ("日", "号") and before == "月"


_RANKS = re.compile(
    r"(?:进入|跻身|位居|位列|排名|保持|居|列|进|入围|稳居|前移至)[^，。；;\d]{0,16}前\s*$"
)


def _ranked(folded: str, number: Number, clause: tuple[int, int]) -> Number | None:
    """“进入全国前20位” is a target that is kept from above; “前100强” is a list's name."""
    if number.unit not in (None, "名", "位") or number.value > 1000:
        return None
    if not _RANKS.search(folded[max(clause[0], number.start - 24) : number.start]):
        return None
    if re.match(r"\s*(?:强|百|%)", folded[number.end : number.end + 3]):
        return None
    return replace(
        number,
        comparator="lte",
        comparator_text="前",
        before=number.start - 1,
        unit=number.unit or "位",
    )


def _before_the_plan(context: _Clause) -> bool:
    """Whether the clause speaks of a year before the plan begins: “2020年，…达到…”."""
    setting = context.setting
    start = setting.from_year
    if start is None or setting.year is None or not context.explicit:
        return False
    return setting.year < start


def _refused(context: _Clause, number: Number, reason: Text) -> NotTarget:
    paragraph = context.paragraph
    start, end = context.span
    text = paragraph.text[start:end].strip()
    return NotTarget(
        text,
        paragraph.text[number.start : number.end],
        reason,
        (paragraph.offset + number.start, paragraph.offset + number.end),
    )


_DISTRIBUTES = re.compile(
    r"分别|均|(?<=[^\d])各(?=\s*(?:新增|建成|建设|培育|打造|创建|引进)?\s*\d)"
)


def _shared(context: _Clause, taken: list[Number]) -> list[Target] | None:
    """Targets of “A、B分别达到1、2” and “A、B均达到1”: one for each name; None elsewhere."""
    paragraph, (start, end) = context.paragraph, context.span
    folded = paragraph.folded
    found = next(
        (
            m
            for m in _DISTRIBUTES.finditer(folded, start, taken[0].start + 1)
            if paragraph.marks.depth[m.start()] == 0
            and folded[m.start() - 1 : m.end() + 1] not in ("年均", "人均", "平均", "户均", "亩均")
            and not (m.group() == "均" and folded[max(0, m.start() - 1)] in "年人平户亩日月地")
        ),
        None,
    )
    if found is None:
        return None
    said = folded[start : found.start()]
    dated = _by_years(context, taken, said)
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
    return _shared_targets(context, pairs, folded[found.end() : taken[0].before])


def _by_years(context: _Clause, taken: list[Number], said: str) -> list[Target] | None:
    """“2024年、2025年新增企业分别达到1家、2家”: one target a year."""
    mentions = years.deadlines(said, 0, len(said))
    if len(mentions) != len(taken) or len(mentions) < 2:
        return None
    indicator = indicators.noun_before(re.sub(r"(?:到|至)?20\d\d年(?:底|末)?[、和及]?", "", said))
    return [
        replace(
            _target(context, number, context.span, first=True, indicator=indicator),
            year=mention.year,
            year_source="explicit",
        )
        for mention, number in zip(mentions, taken, strict=True)
    ]


def _shared_targets(context: _Clause, pairs: list[tuple[str, Number]], verb: str) -> list[Target]:
    folded = context.paragraph.folded
    last = pairs[-1][1]
    after = indicators.noun_after(folded[last.after : context.span[1]])
    kept = (
        verb.strip() if verb.strip() in ("新增", "增长", "年均增长", "下降", "降低", "提高") else ""
    )
    return [
        _target(
            context, number, context.span, first=True,
            indicator=f"{indicators.noun_before(_NAME_TAIL.sub('', name))}{kept}{after}",
        )
        for name, number in pairs
    ]  # fmt: skip


_NAME_TAIL = re.compile(r"(?:在20\d\d年.*|(?<=.{2})(?:实现|力争|总数|数量).*)$")


def _target(
    context: _Clause,
    number: Number,
    part: tuple[int, int],
    *,
    first: bool,
    indicator: str | None = None,
) -> Target:
    paragraph, setting = context.paragraph, context.setting
    folded = paragraph.folded
    start, end = part
    shut = [a - 1 for a, _ in paragraph.hidden if number.after < a <= end]
    if shut:  # the bracket that names the units is no part of the clause
        end = min(shut)
        part = (start, end)
    if first and context.lead_start is not None and start == context.span[0]:
        start = context.lead_start
    year, source = _year(context, number, part, first=first)
    words = folded[slice(*context.span)]
    base = years.baseline(folded, *part) or (
        years.baseline(folded, *context.span) if _changes(number) else None
    )
    named = indicator or _indicator(context, number, part)
    annual = setting.annual and not _overall(folded[part[0] : number.start])
    text = paragraph.text[start:end].strip("，、；：。;:,. 　\n")
    at = start + paragraph.text[start:end].find(text)
    setting.subject = named or setting.subject
    return Target(
        text=text,
        indicator=named,
        comparator=_comparator(folded, number, part),
        comparator_text=number.comparator_text,
        value=number.value,
        value_max=number.value_max,
        unit=number.unit,
        year=year,
        year_source=source,
        annual=annual,
        baseline_year=base,
        modal=setting.modal,
        kind=_kind(words, number, annual=annual, indicator=named),
        measure=paragraph.measure,
        span=(paragraph.offset + at, paragraph.offset + at + len(text)),
    )


def _overall(before: str) -> bool:
    return re.search(r"累计|总数|总量达|总数达", before) is not None


def _year(
    context: _Clause, number: Number, part: tuple[int, int], *, first: bool
) -> tuple[int | None, YearSource | None]:
    """The deadline nearest before the number in its clause, else the one carried, else the title's."""
    setting, folded = context.setting, context.paragraph.folded
    mentions = years.deadlines(folded, *context.span)
    before = [m for m in mentions if m.start <= number.start]
    inside = [m for m in mentions if part[0] <= m.start < part[1]]
    if before:
        return before[-1].year, "explicit"
    if inside:
        return inside[0].year, "explicit"
    if setting.year is not None and not mentions:
        return setting.year, "explicit" if context.explicit and first else "inherited"
    if setting.from_year is not None and setting.from_year == setting.to_year:
        return setting.to_year, "document"
    return None, None


_DOWN = re.compile(r"降低|下降|减少|压减|压缩|缩短|降幅|下调|削减")
_UP = re.compile(r"增长|提高|提升|增加|上升|翻")


def _changes(number: Number) -> bool:
    words = number.comparator_text or ""
    return bool(_DOWN.search(words) or _UP.search(words)) or number.bare_unit in ("番", "倍")


def _comparator(
    folded: str, number: Number, part: tuple[int, int]
) -> Literal["eq", "gt", "gte", "lt", "lte", "approx", "range"]:
    """The words at the number; else 以上 or 左右 at the very end of its part."""
    if number.comparator != "eq":
        return number.comparator
    tail = folded[number.after : part[1]].rstrip("，、；;。 ")
    if tail.endswith("左右"):
        return "approx"
    if re.match(r"[^，、；;。]{0,3}以上$", tail):
        return "gte"
    return number.comparator


def _kind(
    words: str, number: Number, *, annual: bool, indicator: str
) -> Literal["annual", "growth_rate", "reduction", "increment", "level"]:
    before = number.comparator_text or ""
    if (
        number.bare_unit in ("%", "百分点", "个百分点", "番", "倍")
        and _UP.search(before + words[-30:])
        and (annual or "增" in before or "翻" in words)
    ):
        return "growth_rate"
    if _DOWN.search(before):
        return "reduction"
    if annual:
        return "annual"
    if re.search(r"新增|新培育|新建|新认定|新引进|新创建", indicator):
        return "increment"
    return "level"


_NEW = re.compile(r"(?:新增|新培育|新认定|新引进|新创建|新建|累计)")


def _indicator(context: _Clause, number: Number, part: tuple[int, int]) -> str:
    """The noun phrase that a number counts; an elided subject comes before it in （）."""
    paragraph, setting = context.paragraph, context.setting
    folded = paragraph.folded
    head = folded[part[0] : number.before]
    tail = indicators.noun_after(folded[number.after : part[1]])
    attached = number.before < number.start  # “达到”, “超过”: the subject stands before
    before = indicators.noun_before(head)
    new = _NEW.search(head)
    carried = setting.verb if part[0] > context.span[0] and not attached else ""
    verb = new.group() if new else carried
    if part[0] == context.span[0]:
        setting.verb = new.group() if new else ""
    if tail and (
        not before
        or indicators.is_verb_only(head)
        or (indicators.ends_in_verb(head) and not attached)
    ):
        named = tail
    elif tail and not attached:
        named = before + tail
    else:
        named = before
    grown = _grown(folded[part[0] : number.start])
    named = _tidy(named)
    if grown and not named.endswith(grown):
        named += grown
    if verb and verb not in named:
        named = verb + named
    if (
        indicators.needs_subject(named)
        and setting.subject
        and not named.startswith(setting.subject)
    ):
        named = f"（{setting.subject[:60]}）{named}"
    return named or setting.subject


def _grown(head: str) -> str:
    found = re.search(
        r"((?:年均)?(?:同比)?(?:增长|提高|提升|降低|下降|压减|减少))(?![到至])[^，]{0,4}$", head
    )
    return found.group(1) if found else ""


_COUNTS_WITHIN = re.compile(r"\((?:其中|含|包括|累计)?[^()]*\d[^()]*\)$")


def _tidy(named: str) -> str:
    """Round brackets and commas as people write them."""
    named = _COUNTS_WITHIN.sub("", named)
    return named.replace("(", "（").replace(")", "）").strip("，、；：。;:. 　")
