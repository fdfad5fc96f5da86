"""The tree of numbered headings, and which of its items are measures, safeguards, goals, review."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from cityforge.brain.plans.characters import depths, fold
from cityforge.brain.plans.headings import Numbering, chinese_integer, numbering
from cityforge.brain.plans.layout import Block, Laid
from cityforge.brain.plans.unit_labels import UNIT_LINE
from cityforge.brain.plans.unit_places import has_units

Kind = Literal["tasks", "preamble", "review", "safeguard", "annex"]

_GOAL_WORDS = (
    "总体|总的|近期|远期|中期|长期|中长期|工作|主要|发展|行动|指导|基本|预期|具体|奋斗|年度|分年度|阶段|重点|远景|战略|"
    "目标|要求|思路|思想|原则|"
    "任务|定位|方针|方向|指标|理念|布局|总|现状|基础|形势|背景|意义|重要|环境|面临|的|和|与|"
    "及|、|建设|实施|期限|范围|愿景|总则|总论|概述|概况|经济|社会|展望|适用|前言|引言|目的|"
    "依据|编制"
)
_PREAMBLE = re.compile(
    rf"(?=.*(?:总体|要求|思路|思想|原则|目标|定位|背景|形势|指标|意义|前言|引言|展望|愿景|"
    rf"适用范围|期限|目的|依据|总则|总论|概述|概况))(?:{_GOAL_WORDS}|\d+年|到)+"
)
_TASKS = re.compile(r"任务|举措|措施|行动|工程|路径|布局")
_REVIEW = re.compile(
    r"回顾|工作总结|工作情况|现状|发展基础|基础条件|取得.{0,4}成[效就绩]|主要成[效就绩]|"
    r"工作成[效就绩]|发展成[效就绩]|进展情况|完成情况|存在.{0,4}问题"
)
_SAFEGUARD = re.compile(
    r"(?:(?:强化|加强|完善|健全|切实|全面|进一步|做好|狠抓|压实|抓好|严格|建立|注重|优化|"
    r"营造|各项|有力|坚强|扎实|和|与|及|、|，|的)*"
    r"(?:组织(?:领导|保障|实施|推进|管理|协调|落实)?|(?:支撑|服务|工作|实施|政策|综合|制度|"
    r"落实|规划|推进)?保障(?:措施|机制|体系|工作|力度|条件)?|(?:推进|实施|落实|支持|相关|"
    r"配套|工作)(?:措施|机制|体系|要求)|"
    r"工作(?:推进|落实|领导|考核)|规划实施|方案实施|任务落实|责任落实|(?:工作)?责任|措施|"
    r"领导|实施|落实|监督(?:考核|检查|管理|问责)?|督[导查促](?:考核|检查|问责|落实|评估)?|"
    r"(?:跟踪)?考核(?:评估|评价|问责|奖惩|激励)?|评估(?:考核|评价)?|统筹(?:协调|推进)|"
    r"政策(?:支持|扶持)|宣传(?:引导|推广|发动)?|舆论(?:引导|宣传|氛围)|良好(?:氛围|环境)|"
    r"有关要求|附则|跟踪问效|"
    r"党的(?:全面)?领导))+(?:，.{0,12})?"
)
_ANNEX = re.compile(r"附件\s*[一二三四五\d]{0,2}\s*[:、.]?")


@dataclass(slots=True)
class Item:
    """A numbered heading: its blocks (the first holds its title), and the items below it."""

    number: Numbering | None
    start: int
    title: str
    blocks: list[Block] = field(default_factory=list)
    children: list["Item"] = field(default_factory=list)
    parent: "Item | None" = None
    kind: Kind = "tasks"
    is_measure: bool = False
    label: str = ""

    @property
    def end(self) -> int:
        """Where the item's own blocks end, those of items below it included."""
        last = self
        while last.children:
            last = last.children[-1]
        return last.blocks[-1].end if last.blocks else self.start

    @property
    def depth(self) -> int:
        return 0 if self.parent is None else self.parent.depth + 1

    def walk(self) -> Iterator["Item"]:
        """This item and all below it, in order; no recursion, however deep."""
        waiting = [self]
        while waiting:
            item = waiting.pop()
            yield item
            waiting.extend(reversed(item.children))

    def own(self) -> list[Block]:
        """All blocks of the item and of what stands below it, in order."""
        return [block for item in self.walk() for block in item.blocks]


def outline(laid: Laid, tables: frozenset[int] = frozenset(), *, ordinals: bool = False) -> Item:
    """The tree of the plan. The root holds what stands before the first heading.

    Lines that start at the places of `tables` are no headings, whatever they begin with.
    """
    root = Item(None, 0, "")
    open_items = [root]
    for block in _split(laid.blocks):
        in_table = block.cells or block.start in tables
        number = None if in_table else numbering(block.text, ordinals=ordinals)
        if number is not None and not _is_heading(block.text, number):
            number = None
        if number is None:
            open_items[-1].blocks.append(block)
            continue
        while open_items[-1].number is not None and _closes(open_items[-1].number, number):
            open_items.pop()
        item = Item(number, block.start, title_of(block.text[number.length :]), [block])
        item.parent = open_items[-1]
        open_items[-1].children.append(item)
        open_items.append(item)
    _name_kinds(root)
    _choose_measures(root)
    _label(root)
    return root


def _closes(open_number: Numbering, number: Numbering) -> bool:
    return open_number.rank >= number.rank


_RUN_ON = re.compile(
    r"(?<=[。)）〕】])(?=[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])"
)
_RUN_ON_ARABIC = re.compile(r"(?<=[。)）〕】])(?=\d{1,2}[.．、](?=[^\d\s]))")
_LONG = 600  # letters; only in so long a paragraph may headings hide behind a full stop


def _split(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """The blocks, with paragraphs in which whole plans run on cut before each number."""
    for block in blocks:
        if block.cells or len(block.text) < _LONG:
            yield block
            continue
        depth = depths(fold(block.text))
        cuts = {found.start() for found in _RUN_ON.finditer(block.text)}
        if len(block.text) > _WHOLE_PLAN:
            cuts |= _counted(block.text)
        cuts |= {found.start() for found in _RUN_ON_ARABIC.finditer(block.text)}
        edges = [
            0,
            *sorted(cut for cut in cuts if depth[cut - 1] == 0 or _shut(block.text, cut, depth)),
            len(block.text),
        ]
        for start, end in pairwise(edges):
            if block.text[start:end].strip():
                yield Block(block.text[start:end], block.start + start)


_WHOLE_PLAN = 3000  # letters of a paragraph that must be a plan without line ends
_ANY_NUMBER = re.compile(
    r"(?<=[一-鿿）)”])(?:(?P<n>\d{1,2})[.．、](?=[一-鿿“])|"
    r"(?P<c>[一二三四五六七八九十]{1,3})、(?=[一-鿿“])|"
    r"[（(](?P<b>[一二三四五六七八九十]{1,3})[）)](?=[一-鿿“]))"
)


def _counted(text: str) -> set[int]:
    """Places of numbers that count on: 2. after 1., or 1. again after a heading."""
    last: dict[str, int] = {}
    cuts = set()
    for found in _ANY_NUMBER.finditer(text):
        style = found.lastgroup or ""
        value = _as_integer(found.group(style))
        if value == last.get(style, 0) + 1 or (value == 1 and style != "c"):
            last[style] = value
            cuts.add(found.start())
    return cuts


def _as_integer(text: str) -> int:
    return int(text) if text.isascii() else chinese_integer(text) or 0


def _shut(text: str, cut: int, depth: list[int]) -> bool:
    """Whether a bracket has just closed before `cut` and none is open at it."""
    return text[cut - 1] in ")）〕】" and depth[cut - 1] == 1


_TITLE_END = re.compile(r"。|\n|　")


def title_of(text: str) -> str:
    """The words up to the first full stop; a heading's bracket of units is no part of it."""
    found = _TITLE_END.search(text)
    title = (text[: found.start()] if found else text).strip()
    bracket = re.search(r"[（(〔【\[](?:责任|牵头|主办|承办|配合)[^（(〔【\[]{0,200}$", title)
    if bracket and bracket.start() > 3:
        title = title[: bracket.start()]
    return title.rstrip("：:；;，,")[:300]


def _is_heading(text: str, number: Numbering) -> bool:
    """Whether a numbered line is a heading: its words begin with a letter, and are enough."""
    words = text[number.length :].strip()
    if len(words) < 2:
        return False
    first = words[0]
    return first.isalpha() or first in '“《（(‘"「『#＃' or (first.isdigit() and len(words) > 6)


def _name_kinds(root: Item) -> None:
    tops = root.children
    while len(tops) == 1 and tops[0].children:
        tops = tops[0].children
    for i, top in enumerate(tops):
        late = _place_in_run(tops, i) > 0 and _to_the_end_of_run(tops, i) < 3
        for item in top.walk():
            parent = item.parent
            if parent is not None and parent.kind != "tasks":
                item.kind = parent.kind
            else:
                item.kind = _kind(item, late=late and item is top)


def _value_of(item: Item) -> int:
    return item.number.value if item.number else 0


def _place_in_run(tops: list[Item], i: int) -> int:
    """How many headings stand before in the same count; a file may hold several plans."""
    place = 0
    while i > 0 and _value_of(tops[i - 1]) < _value_of(tops[i]) and place < 3:
        i, place = i - 1, place + 1
    return place


def _to_the_end_of_run(tops: list[Item], i: int) -> int:
    left = 0
    while i + 1 < len(tops) and _value_of(tops[i + 1]) > _value_of(tops[i]) and left < 3:
        i, left = i + 1, left + 1
    return left


def _kind(item: Item, *, late: bool) -> Kind:
    title = re.sub(r"\s", "", item.title)
    if len(title) > 24:
        return "tasks"
    if _REVIEW.search(title) and not _TASKS.search(title):
        return "review"
    if _PREAMBLE.fullmatch(fold(title)) and not (_TASKS.search(title) and item.children):
        return "tasks" if any(_has_units(child) for child in item.children) else "preamble"
    if late and _SAFEGUARD.fullmatch(title):
        return "safeguard"
    return "tasks"


def _choose_measures(root: Item) -> None:
    """Marks the lowest numbered items that carry a task of their own."""
    for item in root.walk():
        if item.number is None or item.kind in ("preamble", "review", "annex"):
            continue
        above = item.parent
        if above is not None and above.is_measure:
            continue
        item.is_measure = not item.children or _swallows(item)
    for item in root.walk():
        above = item.parent
        while above is not None and not above.is_measure:
            above = above.parent
        if above is not None:
            item.is_measure = False


_STEPS = {"arabic_bracket", "arabic_half", "circle"}  # （1）, 1）, ①
_SHORT = 24  # letters


def _swallows(item: Item) -> bool:
    """Whether the items below are only steps of this one, which is then the measure."""
    leaves = item.children
    if item.number is None or item.number.rank < 3:
        return False
    if any(child.children for child in leaves):
        return False
    with_units = [_has_units(child) for child in leaves]
    if any(with_units[:-1]):
        return False
    if any(has_units(block.text) for block in item.blocks):
        return True  # the item names its units itself, before its steps
    if with_units[-1]:
        return len(leaves) > 1  # units once, after the last step
    steps = [child for child in leaves if child.number and child.number.style in _STEPS]
    if len(steps) < len(leaves):
        return False
    lengths = [sum(len(block.text) for block in child.blocks) for child in leaves]
    own = sum(len(block.text) for block in item.blocks)
    return sum(lengths) < _SHORT * len(leaves) or own > 2 * max(lengths)


def _has_units(item: Item) -> bool:
    return any(has_units(block.text) or UNIT_LINE.match(fold(block.text)) for block in item.blocks)


def _label(root: Item) -> None:
    """Numbers the measures: the printed number, or the path where it is not unique."""
    kinds: dict[str, list[Item]] = {"tasks": [], "safeguard": []}
    for item in root.walk():
        if item.is_measure:
            kinds["safeguard" if item.kind == "safeguard" else "tasks"].append(item)
    for item in kinds["safeguard"]:
        item.label = "保" + (_plain_label(item) if item.parent and item.parent.number else "")
    shorts = [_short_label(item) for item in kinds["tasks"]]
    restarts = len(set(shorts)) < len(shorts)
    for item, short in zip(kinds["tasks"], shorts, strict=True):
        item.label = _path(item) if restarts else short
    taken: dict[str, int] = {}
    for item in kinds["tasks"] + kinds["safeguard"]:
        taken[item.label] = taken.get(item.label, 0) + 1
        if taken[item.label] > 1:
            item.label = f"{item.label}#{taken[item.label]}"


def _short_label(item: Item) -> str:
    if item.number is not None and item.number.style.startswith("decimal"):
        return _plain_label(item)
    return str(item.number.value) if item.number else ""


def _plain_label(item: Item) -> str:
    label = fold(item.number.label).rstrip("、.: ") if item.number else ""
    return label.replace("(", "（").replace(")", "）")


def _path(item: Item) -> str:
    labels: list[str] = []
    at: Item | None = item
    while at is not None and at.number is not None:
        labels.insert(0, _plain_label(at))
        if at.number.style.startswith("decimal"):
            break
        at = at.parent
    return "".join(labels)
