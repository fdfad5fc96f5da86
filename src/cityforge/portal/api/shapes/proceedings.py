"""Schemes and years side by side, what if, who answered and objected, files handed out."""

from ninja import Schema

from cityforge.portal.api.shapes.answers import TableOut, Words, told


class FieldOut(Schema):
    """可以试改的一项 · A weight or the end of a grade that may be tried at another value"""

    name: str = told("代码", "its id", "weight.tax")
    title: Words = told("名称", "its name")
    value: str = told("现值", "its value", "30")


class WhatIfOut(Schema):
    """换一组权重或比例会怎样 · What other weights and shares would do"""

    fields: list[FieldOut] = told("可以试改的各项", "what may be tried")
    says: list[Words] = told("逐句说明；没有试改为空", "sentences; empty where nothing is tried")
    tables: list[TableOut] = told("各表", "its tables")


class AnswerOut(Schema):
    """一家企业对数据的回应 · What an enterprise said of its data"""

    uscc: str = told("统一社会信用代码", "credit code", "91990001MK00000009")
    name: str = told("企业名称", "its name", "青屿甲机械有限公司")
    district: str = told("区县代码", "id of the district", "qingyu")
    state: str = told("confirmed 已确认、objected 有异议、silent 未回应", "confirmed, objected or "
                      "silent", "confirmed")  # fmt: skip


class ObjectionOut(Schema):
    """一件异议 · An objection"""

    id: str = told("编号", "its id", "e3")
    uscc: str = told("统一社会信用代码", "credit code", "91990001MK00000009")
    name: str = told("企业名称", "its name", "青屿甲机械有限公司")
    fact: Words = told("哪一项", "the fact")
    unit: str = told("单位", "its unit", "万元")
    stated: str = told("数据写的", "what the data say", "1,200")
    right: str = told("企业说应为", "what the enterprise says", "1,350")
    reason: str = told("理由", "why", "漏计")
    files: list[str] = told("佐证文件名", "names of the files of evidence", [])
    state: Words = told("状态", "its state")
    waits: bool = told("是否待认定", "whether it waits for a ruling", example=True)
    holds: str = told("认定的数", "what was found to hold", "")
    grounds: str = told("认定依据", "on what grounds", "")


class FileKind(Schema):
    """可以取的一种文件 · A file that may be taken"""

    kind: str = told("代码", "its id", "electricity")
    title: Words = told("名称", "its name")
    address: str = told("地址", "its address",
                        "/api/v1/evaluations/lanhe_2025/files/electricity")  # fmt: skip
