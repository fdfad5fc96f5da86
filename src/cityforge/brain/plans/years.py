"""Years in official prose: deadlines (到2025年, “十四五”末), baselines (比2020年)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cityforge.brain.plans.characters import fold

_YEAR = r"(?<!\d)(?P<y>20\d\d)\s*年?"
_BASELINE = re.compile(
    r"(?:比|较|与|同|相比|对比|相对|相对于|对照|以)\s*(20\d\d)\s*年|"
    r"(?:在)?(20\d\d)\s*年(?:末|底|度)?(?:的)?(?:实际)?(?:基础|基数|水平|同期|的水平)|"
    r"(?:比|较)\s*“?(十[二三四五六]五)”?(?:末|期末|时期|规划)?|"
    # “由2020年的12%提高到45%”: the change starts there
    r"(?:由|从)\s*(20\d\d)\s*年(?:末|底|度)?的?(?=[^，。；;\d]{0,12}\d[^，。；;]{0,16}?(?:到|至|为|达))(?!到|至|-|起|开始)"
)
_DEADLINE = re.compile(
    r"(?:(?<!\d)20\d\d\s*年?\s*(?:-|~|至|到)\s*)?(?<!\d)(20\d\d)\s*年(?!版|度?预算|第|"
    r"\d{1,2}月(?!(?:\d{1,2}日)?(?:份)?(?:底|末|前|以前|之前))|\d{1,2}日)|"
    r"“?(十[二三四五六]五)”?(?=末|期末|期间|时期|规划期|以来|目标|，|前|中期)"
)
_FIVE = {"十二五": 2015, "十三五": 2020, "十四五": 2025, "十五五": 2030, "十六五": 2035}
_THIS_YEAR = re.compile(r"今年|本年度|年内|(?<!\d)年底前|全年(?!化)")
_SPAN = re.compile(r"(?<!\d)(20\d\d)\s*年?\s*(?:-{1,2}|~|至|到)\s*(20\d\d)\s*年?(?!\d)")
_SINGLE = re.compile(r"(?<!\d)(20\d\d)(?:\s*年|(?=[^\d%.个家]))")
_AIM = re.compile(r"(?:到|至|力争|争取|截至)\s*(20\d\d)\s*年")


@dataclass(frozen=True, slots=True)
class Mention:
    """A deadline in a text: the year, and where it stands."""

    year: int
    start: int
    end: int


def deadlines(folded: str, start: int, end: int) -> list[Mention]:
    """The deadline years between two places, baselines left out."""
    compared = [found.span() for found in _BASELINE.finditer(folded, start, end)]
    mentions = []
    for found in _DEADLINE.finditer(folded, start, end):
        if any(a <= found.start() < b or a < found.end() <= b for a, b in compared):
            continue
        if folded[max(0, found.start() - 1) : found.start()] in ("《", "(") and found.group(1):
            bracket = folded[found.start() - 1]
            if bracket == "《":
                continue
        year = int(found.group(1)) if found.group(1) else _FIVE[found.group(2)]
        mentions.append(Mention(year, found.start(), found.end()))
    return mentions


def baseline(folded: str, start: int, end: int) -> int | None:
    """The year that a change is counted from: “比2020年降低” → 2020."""
    every = list(_BASELINE.finditer(folded, start, end))
    if not every:
        return None
    found = every[-1]
    digits = found.group(1) or found.group(2) or found.group(4)
    return int(digits) if digits else _FIVE.get(found.group(3))


def says_this_year(folded: str, start: int, end: int) -> bool:
    """Whether the text speaks of the plan's one year without naming it."""
    return _THIS_YEAR.search(folded, start, end) is not None


def plan_years(title: str, paragraphs: Sequence[str]) -> tuple[int | None, int | None]:
    """The first and last year of the plan, from its title, else from the deadlines of its text."""
    title = fold(title)
    span = _SPAN.search(title)
    if span and int(span.group(1)) < int(span.group(2)):
        return int(span.group(1)), int(span.group(2))
    single = _SINGLE.search(title)
    if single:
        year = int(single.group(1))
        return year, year
    aims: dict[int, int] = {}
    for paragraph in map(fold, paragraphs):
        span = _SPAN.search(paragraph) if "计划" in paragraph or "方案" in paragraph else None
        if span and int(span.group(1)) < int(span.group(2)) and len(paragraph) < 400:
            return int(span.group(1)), int(span.group(2))
        for found in _AIM.finditer(paragraph):
            year = int(found.group(1))
            aims[year] = aims.get(year, 0) + 1
    if not aims:
        return None, None
    # The year named most often; of equals the later one.
    return None, max(aims, key=lambda year: (aims[year], year))
