"""Heads of indicator tables: what each column holds, and of which year."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cityforge.brain.plans.characters import tight

Part = Literal["group", "index", "name", "unit", "value", "other"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it holds, and of a value column its year and whether it is the past."""

    part: Part
    year: int | None = None
    past: bool = False


_GROUP = re.compile(
    r"(?:重点任务|类别|类型|分类|领域|指标类别|指标类型|一级指标|维度|方面|方向|指标分类|"
    r"目标类别|项目类别|重点领域|任务|分项|板块|大类|准则层|目标领域|主要方面|主要领域|目标|类)"
)
_INDEX = re.compile(r"(?:序号|编号|No\.?|#|序)", re.IGNORECASE)
NAME_HEAD = re.compile(
    r"(?:[一二三]级指标(?:名称)?|(?:主要|具体|核心|重点|发展|量化|考核|预期)?指标(?:名称|"
    r"内容|体系|项目)?|(?:主要|具体|核心)?(?:指标|目标)(?:名称|内容)|名称|内容|项目|目标项目|"
    r"工作指标)"
)
_UNIT_HEAD = re.compile(r"(?:计量|指标)?单位(?:名称)?")
_VALUE = re.compile(
    r"(?:20\d\d年?(?:底|末)?)?(?:预期|计划|规划|发展|工作|年度|阶段)?(?:目标值?|指标值?|"
    r"目标任务|实际值?|完成值?|完成情况|现状值?|基期值?|基数|数值|值|预期|预计完成|预计|"
    r"基准值?|现状|预测|规划目标|计划)?(?:\(.{1,10}\))?"
)
_DATED = re.compile(r"(?:到|至)?(?:“?十[三四五六]五”?(?:期?末)?)?20\d\d")
_OTHER = re.compile(
    r"(?:指标)?属性|性质|(?:指标)?性质|备注|说明|(?:责任|牵头|配合|负责)(?:单位|部门|处室)|"
    r"数据来源|(?:年均|累计|五年|三年)?(?:增长|增速|增幅)(?:\(%\)|率)?(?:\[累计\])?|年均|"
    r"累计|年均/累计|年均增速.*|年均增长.*|来源"
)
_PAST = re.compile(r"实际|完成|现状|基期|基数|基准|预计")


def columns_of(cells: Sequence[str]) -> list[Column] | None:
    """The head of an indicator table; None where the cells are no such head."""
    found = [column_of(tight(cell)) for cell in cells]
    if None in found:
        return None
    columns = [column for column in found if column is not None]
    parts = [column.part for column in columns]
    if "value" not in parts or not {"name", "group"} & set(parts):
        return None
    if "name" not in parts:
        # A lone 目标领域 or 类别 beside the values is the name itself.
        i = max(k for k, part in enumerate(parts) if part == "group")
        columns[i] = Column("name")
    names = [i for i, column in enumerate(columns) if column.part == "name"]
    for i in names[:-1]:
        columns[i] = Column("group")
    if parts.count("value") == 1 and not any(c.year for c in columns) and parts.count("name") == 0:
        return None
    return columns


def column_of(head: str) -> Column | None:
    """What a head's words say; None for words that head no column of such a table."""
    if not head:
        return Column("other")
    if _INDEX.fullmatch(head):
        return Column("index")
    if _UNIT_HEAD.fullmatch(head):
        return Column("unit")
    if NAME_HEAD.fullmatch(head):
        return Column("name")
    year = re.search(r"20\d\d", head)
    if _DATED.match(head) or _VALUE.fullmatch(head):
        return Column("value", int(year.group()) if year else None, bool(_PAST.search(head)))
    if _OTHER.fullmatch(head):
        return Column("other")
    if _GROUP.fullmatch(head):
        return Column("group")
    return None
