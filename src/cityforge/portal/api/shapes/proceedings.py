"""Schemes and years side by side, what if, who answered and objected, files handed out."""

from datetime import date

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


class PlaceOut(Schema):
    """某一版里的位置 · Where an enterprise stood in a version"""

    version: int = told("第几版", "the version", 2)
    grade: Words = told("等次", "the grade")
    total: float | None = told("总分；未参评为空", "total of points; null where not rated", 71.76)
    rank: int | None = told("组内名次", "rank in its group", 106)
    ranked: int | None = told("组内家数", "how many in the group", 257)


class OtherOut(Schema):
    """因此变动的另一家 · Somebody else who moved"""

    name: str = told("企业名称，只限已公示的", "its name, where it is shown to the public", "")
    old: Words = told("原等次", "its grade before")
    new: Words = told("新等次", "its grade after")
    why: Words = told("为什么", "why")


class KnockOnOut(Schema):
    """采纳更正后谁动了 · What a correction moved"""

    before: PlaceOut = told("更正前", "before")
    after: PlaceOut = told("更正后", "after")
    others: int = told("另有几家等次变动", "how many others have another grade", 2)
    places: int = told("另有几家名次变动", "how many others have another rank", 7)
    named: list[OtherOut] = told("是哪些企业", "who they are")


class OwnPart(Schema):
    """本企业在评价程序中 · One's own enterprise in the proceedings"""

    uscc: str = told("统一社会信用代码", "credit code", "91990001MK00000009")
    stage: str = told("程序走到哪一步", "stage of the proceedings", "checked")
    state: str = told("confirmed、objected 或 silent", "confirmed, objected or silent", "silent")
    may_confirm: bool = told("现在能否确认", "whether it may confirm now", example=True)
    may_object: bool = told("现在能否提出异议", "whether it may object now", example=True)
    objections: list[ObjectionOut] = told("提出的异议", "its objections")
    place: PlaceOut | None = told("最新一版的位置", "where it stands in the newest version")
    moved: KnockOnOut | None = told("采纳它的更正后谁动了", "what its correction moved")
    shown: bool = told("名单是否已公示", "whether the list was shown", example=False)


class EarlierOut(Schema):
    """以前的一次评价程序 · Proceedings on a run that is in force no more"""

    run: str = told("运行编号", "id of the run", "2025-06-30-5d41402abc4b")
    scheme: str = told("方案代码", "id of the scheme", "lanhe_2025")
    title: Words = told("方案", "the scheme")
    year: int = told("评价年度", "the year evaluated", 2024)
    stage: Words = told("停在哪一步", "where they stood")
    objections: int = told("异议件数", "how many objections", 3)
    versions: int = told("结果有几版", "how many versions of the result", 2)


class EarlierFull(EarlierOut):
    """以前的一次评价程序的异议和结果 · What was objected to and computed there"""

    as_of: date = told("数据截至", "the day of its data", "2025-06-30")
    tables: list[TableOut] = told("各表，与网页相同", "the tables of the page")
