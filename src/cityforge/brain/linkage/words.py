"""Links, evidence and decisions in words, in both languages."""

import json
from collections.abc import Mapping
from typing import Any

from cityforge.brain.errors import Text
from cityforge.brain.linkage.decisions import Decision

RUNGS: dict[str, Text] = {
    "credit_code": Text(zh="统一社会信用代码相同", en="equal credit codes"),
    "old_number": Text(zh="原注册号相同", en="equal old registration numbers"),
    "name": Text(zh="名称相同", en="equal names"),
    "core_name": Text(zh="字号相同", en="equal core names"),
    "address": Text(zh="住所相同、字号相近", en="equal addresses, similar core names"),
    "one_slip": Text(zh="名称只差一处笔误", en="names one slip apart"),
    "splink": Text(zh="多项相近（Splink）", en="similar in several fields (Splink)"),
    "alone": Text(zh="未与其他记录关联", en="linked with no other record"),
}
_FIELDS: dict[str, Text] = {
    "agree": Text(zh="相符", en="agree"),
    "against": Text(zh="不能关联", en="against"),
    "compared": Text(zh="比较", en="compared"),
    "slip": Text(zh="笔误", en="slip"),
    "weight": Text(zh="匹配权重", en="match weight"),
    "weights": Text(zh="其中", en="of which"),
    "with": Text(zh="关联到", en="linked with"),
    "branch_of": Text(zh="所属总机构", en="branch of"),
    "two codes": Text(zh="两个不同的信用代码", en="two different codes"),
    "one source": Text(zh="同一来源中是两条写法不同的记录", en="two spellings in one source"),
    "code": Text(zh="信用代码", en="credit code"),
    "credit_code": Text(zh="信用代码", en="credit code"),
    "old_number": Text(zh="原注册号", en="old number"),
    "subject": Text(zh="主体代码", en="organisation code"),
    "name": Text(zh="名称", en="name"),
    "whole": Text(zh="全称", en="whole name"),
    "prefix": Text(zh="地名", en="place in the name"),
    "core": Text(zh="字号和行业", en="core name"),
    "core_name": Text(zh="字号", en="core name"),
    "brand": Text(zh="字号", en="brand"),
    "form": Text(zh="组织形式", en="legal form"),
    "branch": Text(zh="分支机构", en="branch"),
    "address": Text(zh="住所", en="address"),
    "district": Text(zh="区县", en="district"),
}


def why(rung: str, evidence: str) -> Text:
    """The rung and its evidence; a field that has no words here is shown by its name."""
    first = RUNGS.get(rung, Text(zh=rung, en=rung))
    try:
        data: Any = json.loads(evidence) if evidence else {}
    except ValueError:
        data = evidence
    if isinstance(data, dict) and "compared" in data:
        # The pairs that were compared show themselves which of them agree.
        data = {key: value for key, value in data.items() if key != "agree"}
    if not data:
        return first
    rest = _value(data)
    return Text(zh=f"{first.zh}：{rest.zh}", en=f"{first.en}: {rest.en}")


def decided(decision: Decision) -> Text:
    """What a decision says, in one sentence."""
    records = decision.records
    if decision.kind == "same":
        return Text(
            zh=f"{records[0]} 与 {records[1]} 是同一企业",
            en=f"{records[0]} and {records[1]} are one enterprise",
        )
    if decision.kind == "different":
        return Text(
            zh=f"{records[0]} 与 {records[1]} 不是同一企业",
            en=f"{records[0]} and {records[1]} are two enterprises",
        )
    zh, en = "、".join(decision.entities), ", ".join(decision.entities)
    if decision.kind == "merge":
        return Text(zh=f"实体 {zh} 合并", en=f"entities {en} are merged")
    if decision.kind == "split":
        taken_zh, taken_en = "、".join(records), ", ".join(records)
        return Text(zh=f"从实体 {zh} 拆出 {taken_zh}", en=f"{taken_en} taken out of entity {en}")
    return Text(zh=f"撤销 {'、'.join(decision.undoes)}", en=f"{', '.join(decision.undoes)} undone")


def _value(value: Any) -> Text:
    if isinstance(value, Mapping):
        parts = [_field(str(key), inner) for key, inner in value.items() if inner is not None]
        return Text(zh="；".join(p.zh for p in parts), en="; ".join(p.en for p in parts))
    if isinstance(value, list):
        if len(value) == 2 and all(each is None or isinstance(each, str) for each in value):
            return _both(value[0] or "—", value[1] or "—")
        parts = [_value(each) for each in value]
        return Text(zh="、".join(p.zh for p in parts), en=", ".join(p.en for p in parts))
    if isinstance(value, bool):
        return Text(zh="是" if value else "否", en="yes" if value else "no")
    if isinstance(value, float):
        return Text(zh=f"{value:.2f}", en=f"{value:.2f}")
    return _FIELDS.get(str(value), Text(zh=str(value), en=str(value)))


def _field(key: str, value: Any) -> Text:
    label, said = _FIELDS.get(key, Text(zh=key, en=key)), _value(value)
    return Text(zh=f"{label.zh} {said.zh}", en=f"{label.en} {said.en}")


def _both(left: str, right: str) -> Text:
    if left == right:
        return Text(zh=f"都是“{left}”", en=f"both '{left}'")
    return Text(zh=f"“{left}”对“{right}”", en=f"'{left}' against '{right}'")
