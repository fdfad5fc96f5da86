"""The quantified targets of a paragraph, and its numbers that are none, with the reason."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from cityforge.brain.errors import Text
from cityforge.brain.plans import claims, indicators, lists, refusals, years
from cityforge.brain.plans.characters import fold
from cityforge.brain.plans.claims import Clause, Paragraph, Setting
from cityforge.brain.plans.clauses import (
    brackets,
    clauses,
    members,
    sentences,
)
from cityforge.brain.plans.numbers import Number, numbers
from cityforge.brain.plans.reading import NotTarget, Target
from cityforge.brain.plans.refusals import Around


@dataclass(frozen=True, slots=True)
class Found:
    """What one paragraph gave."""

    targets: list[Target]
    refused: list[NotTarget]


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
    paragraph = Paragraph(text, folded, offset, brackets(folded), measure, tuple(hidden))
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
        led_in = setting.year
        _read_sentence(paragraph, sentence, inside, setting, found)
        if led_in is not None and _YEARS_LISTED.search(folded, *sentence):
            setting.year = led_in  # a row of years within a sentence ends with it
    return found


_YEARS_LISTED = re.compile(r"20\d\d年?(?:底|末)?[、和及]\s*20\d\d年")


def _hidden(paragraph: Paragraph, number: Number) -> bool:
    return any(start <= number.start < end for start, end in paragraph.hidden)


def _read_sentence(
    paragraph: Paragraph,
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
        context = Clause(paragraph, clause, sentence, before, lead_start, explicit, setting)
        taken = _read_clause(context, mine, found)
        if taken:
            fresh = False
        elif mine == [] and not said:
            _remember_subject(paragraph, clause, setting)
        lead_start = None
        before = clause


_EVERY_YEAR = re.compile(r"每年度?|每[个一]?年")
_ANNUAL = re.compile(
    r"(?<!20\d\d)年均|逐年|年度(?=新增|新建|培育|引进|完成|实施|新认定)|"
    r"(?<![\d一二三四五两全今当本去明前])年(?=新增|新培育|培育|引进|新建|培训|增长|增速|增幅|"
    r"递增|均)"
)
_LEVEL = re.compile(r"累计|总数|总量(?=达|突破|超)|达到|突破|(?<!不)超过|(?<!不)达(?!\w{0,4}标)")
_MODAL = re.compile(r"力争|争取|力求|努力|确保|务求")
_LEAD_ONLY = re.compile(
    r"(?:\s|其中|力争|争取|力求|努力|确保|通过努力|经过.{1,8}努力|"
    r"用.{1,6}年(?:左右)?(?:的)?时间|同时|此外|每年度?|年内|今年|全年|预期|主要|全[省市县区]|"
    r"(?:到|至|截至|在|自|从)?(?:20\d\d年?)?(?:-|至|到|~)?(?:到|至|截至|在|"
    r"于)?20\d\d年(?:年?底前?|年?末|前|度|底|起|\d{1,2}月(?:\d{1,2}日)?(?:份|底|"
    r"末)?)?(?:以?前|之前)?|(?:到|至)?“?十[二三四五六]五”?(?:期末|末|期间|时期|规划期)?)+"
)


def _only_lead_in(words: str) -> bool:
    return len(words) < 60 and _LEAD_ONLY.fullmatch(words) is not None


def _carry(paragraph: Paragraph, clause: tuple[int, int], setting: Setting) -> bool:
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


def _remember_subject(paragraph: Paragraph, clause: tuple[int, int], setting: Setting) -> None:
    words = indicators.lead_free(paragraph.folded[slice(*clause)])
    if 2 <= len(words) <= 60:
        setting.subject = paragraph.text[clause[1] - len(words) : clause[1]].strip("，、；：。 ")


def _read_clause(context: Clause, mine: list[Number], found: Found) -> bool:
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
    together = lists.shared(context, taken)
    if together is not None:
        found.targets.extend(together)
        return True
    inner = [n for n in taken if paragraph.marks.depth[n.start] > 0]
    outer = [n for n in taken if paragraph.marks.depth[n.start] == 0]
    for group, span in _groups(context, outer, inner):
        for number, part in zip(group, members(folded, paragraph.marks, span, group), strict=True):
            found.targets.append(claims.build(context, number, part, first=number is taken[0]))
    return True


def _groups(
    context: Clause, outer: list[Number], inner: list[Number]
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
    if re.match(r"\s*(?:强|百|%|的)", folded[number.end : number.end + 3]):
        return None
    return replace(
        number,
        comparator="lte",
        comparator_text="前",
        before=number.start - 1,
        unit=number.unit or "位",
    )


def _before_the_plan(context: Clause) -> bool:
    """Whether the clause speaks of a year before the plan begins: “2020年，…达到…”."""
    setting = context.setting
    start = setting.from_year
    if start is None or setting.year is None or not context.explicit:
        return False
    return setting.year < start


def _refused(context: Clause, number: Number, reason: Text) -> NotTarget:
    paragraph = context.paragraph
    start, end = context.span
    text = paragraph.text[start:end].strip()
    return NotTarget(
        text,
        paragraph.text[number.start : number.end],
        reason,
        (paragraph.offset + number.start, paragraph.offset + number.end),
    )
