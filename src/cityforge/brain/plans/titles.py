"""The plan's own title, among the lines before its first heading."""

import re

from cityforge.brain.plans.characters import fold
from cityforge.brain.plans.layout import Block

_KINDS = (
    "行动计划|实施计划|工作计划|三年计划|五年计划|推进计划|攻坚计划|培育计划|计划|行动方案|"
    "实施方案|工作方案|专项方案|总体方案|推进方案|方案|指导意见|实施意见|若干意见|意见|"
    "若干措施|政策措施|若干政策|措施|"
    "工作要点|工作安排|重点工作|任务清单|工作清单|要点|规划纲要|发展规划|专项规划|规划|纲要|政府工作报告|"
    "工作报告|报告|实施细则|办法|通知|倡议|决定"
)
_TITLE = re.compile(rf"[^。；;]{{2,120}}(?:{_KINDS})(?:\([^()]{{1,40}}\))*(?:的通知|的意见)?")
_NOTICE = re.compile(r"(?:印发|转发|发布|公布|下达)[《<]?.*的?通知$")
_WITHIN = re.compile(r"《([^《》]{4,100})》")


def title_block(blocks: list[Block]) -> Block | None:
    """The block that is the title; the plan's own goes before that of its covering notice."""
    candidates = [
        block
        for block in blocks[:60]
        if not block.cells and _TITLE.fullmatch(fold(block.text).strip()) and len(block.text) <= 130
    ]
    own = [block for block in candidates if not _NOTICE.search(fold(block.text))]
    if own:
        return own[-1] if len(own) == 1 else _best(own)
    if not candidates:
        return None
    within = _WITHIN.search(candidates[0].text)
    return Block(within.group(1), candidates[0].start) if within else candidates[0]


def _best(own: list[Block]) -> Block:
    """Of several, the one that names its years, else the longest of the first three."""
    dated = [block for block in own if re.search(r"20\d\d", block.text)]
    return (dated or sorted(own[:3], key=lambda block: -len(block.text)))[0]


_PLANS = re.compile(r"计划|方案|要点|意见|规划|纲要|工作报告|重点工作|工作安排|措施")


def plans(title: str) -> bool:
    """Whether a title is that of a plan, whose numbers are aims."""
    return _PLANS.search(title) is not None


def title_words(blocks: list[Block], title: Block | None) -> str:
    """The title with the short line before it: long titles are printed in two."""
    if title is None:
        return ""
    before = [block for block in blocks if block.start < title.start and not block.cells]
    if not before or len(before[-1].text) > 40 or re.search(r"[。：:，]|月\d", before[-1].text):
        return title.text
    return before[-1].text + title.text
