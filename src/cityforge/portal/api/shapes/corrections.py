"""Corrections of facts: what an enterprise says a figure should be, what the bureau found."""

from datetime import datetime

from ninja import Schema

from cityforge.portal.api.shapes.answers import Words, told


class CorrectableOut(Schema):
    """可以申请更正的一项 · A fact that may be put right"""

    fact: str = told("代码", "its id", "tax_paid")
    title: Words = told("名称", "its name")
    unit: str = told("单位", "its unit", "万元")
    kind: str = told("怎么填：number、yes_no、choice、day、words", "what its value is", "number")
    choices: list[str] = told("可选的值", "its choices", [])
    dataset: Words = told("数据集", "the dataset it stands in")
    owner: Words = told("由哪个部门核实", "the bureau that rules on it")
    declared: bool = told(
        "核实之前是否先按申报数计", "whether it counts before the ruling", example=False
    )
    yearly: bool = told("是否逐年", "whether there is a value a year", example=True)


class CorrectionOut(Schema):
    """一件数据更正 · A correction"""

    id: int = told("编号", "its number", 12)
    uscc: str = told("统一社会信用代码", "credit code", "91990001MK00000009")
    enterprise: str = told("企业名称", "its name", "青屿甲机械有限公司")
    fact: str = told("更正哪一项，代码", "id of the fact", "tax_paid")
    title: Words = told("更正哪一项", "the fact")
    dataset: Words = told("数据集", "the dataset it stands in")
    owner: Words = told("由哪个部门核实", "the bureau that rules on it")
    year: int = told("年度", "the year", 2024)
    stated: str = told("现有的数；没有为空", "what the data say; empty where nothing", "1200")
    stated_says: Words = told("现有的数，如网页所写", "the same as the page writes it")
    value: str = told("应为", "what they should say", "1350.5")
    value_says: Words = told("应为，如网页所写", "the same as the page writes it")
    reason: str = told("理由", "why", "漏计二季度入库税款")
    evidence: list[str] = told("佐证文件名", "names of the files of evidence",
                               ["9f86d081884c7d65….pdf"])  # fmt: skip
    state: str = told("状态：submitted、accepted、refused、withdrawn、undone", "its state",
                      "submitted")  # fmt: skip
    state_title: Words = told("状态的说法", "the state in words")
    counts: Words | None = told("计算时用不用", "whether runs take it")
    origin: Words | None = told(
        "由哪个评价程序认定；企业在此申请的为空", "the evaluation that ruled it; null where none"
    )
    later: int | None = told(
        "已由哪一件后来的更正代替", "a later one that counts in its place", None
    )
    grounds: str = told("核实依据", "on what grounds it was ruled on", "")
    asked_by: str = told("谁提交", "who asked", "企业经办")
    asked_at: datetime = told("何时提交", "when", "2026-01-05T09:30:00+08:00")
    ruled_by: str = told("谁核实；未核实为空", "who ruled; empty before", "")
    ruled_at: datetime | None = told("何时核实", "when it was ruled on", None)
    may: dict[str, bool] = told("本账号现在能做什么", "what this account may do now",
                                {"rule": False, "withdraw": True})  # fmt: skip


class RuleIn(Schema):
    """核实一件更正 · Rule on a correction"""

    outcome: str = told("accepted 采纳，refused 不采纳", "accepted or refused", "accepted",
                        pattern=r"^(accepted|refused)$")  # fmt: skip
    grounds: str = told("核实依据", "on what grounds", "已核对完税证明", min_length=1,
                        max_length=1000)  # fmt: skip
