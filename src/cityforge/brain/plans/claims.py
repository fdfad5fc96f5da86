"""One target built from its clause: year, comparator, kind, and the indicator it counts."""

import re
from dataclasses import dataclass

from cityforge.brain.plans import indicators, years
from cityforge.brain.plans.clauses import Brackets
from cityforge.brain.plans.numbers import Number
from cityforge.brain.plans.reading import Comparator, Kind, Target, YearSource


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
class Paragraph:
    text: str
    folded: str
    offset: int
    marks: Brackets
    measure: str | None
    hidden: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Clause:
    paragraph: Paragraph
    span: tuple[int, int]
    sentence: tuple[int, int]
    before: tuple[int, int] | None
    lead_start: int | None
    explicit: bool
    setting: Setting


def build(
    context: Clause,
    number: Number,
    part: tuple[int, int],
    *,
    first: bool,
    indicator: str | None = None,
) -> Target:
    """The target of one number. `part`: the words about it; `first`: it opens its clause."""
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
    if annual and not setting.every_year and folded.find("年均", *context.span) >= number.after:
        annual = False  # 年均 binds to a later number of the clause
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
    context: Clause, number: Number, part: tuple[int, int], *, first: bool
) -> tuple[int | None, YearSource | None]:
    """The deadline before the number in its clause, else the one carried, else the title's."""
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


def _comparator(folded: str, number: Number, part: tuple[int, int]) -> Comparator:
    """The words at the number; else 以上 or 左右 at the very end of its part."""
    if number.comparator != "eq":
        return number.comparator
    tail = folded[number.after : part[1]].rstrip("，、；;。 ")
    if tail.endswith("左右"):
        return "approx"
    if re.match(r"[^，、；;。]{0,3}以上$", tail):
        return "gte"
    return number.comparator


def _kind(words: str, number: Number, *, annual: bool, indicator: str) -> Kind:
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


def _indicator(context: Clause, number: Number, part: tuple[int, int]) -> str:
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
    if named.count("“") > named.count("”"):
        named = named.replace("“", "", 1)
    return named.replace("(", "（").replace(")", "）").strip("，、；：。;:. 　")
