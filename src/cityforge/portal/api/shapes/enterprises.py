"""Enterprises: a line of the list, the file of one."""

from datetime import date

from ninja import Schema

from cityforge.portal.api.shapes.answers import TableOut, Words, told


class EnterpriseRow(Schema):
    """名单中的一家企业 · An enterprise in a list"""

    uscc: str = told("统一社会信用代码", "unified social credit code", "91990001MK00000009")
    name: str = told("企业名称", "its name", "青屿甲机械有限公司")
    former: list[str] = told("曾用名", "former names", [])
    district: str = told("区县代码", "id of the district", "qingyu")
    district_title: Words = told("区县", "the district")
    park: str = told("园区", "the park", "青屿开发区")
    industry: str = told("行业大类代码", "division of industry", "34")
    industry_title: Words = told("行业大类", "the division")
    status: str = told("登记状态", "status of registration", "在业")
    registered_on: date | None = told("成立日期", "registered on", "2012-05-08")
    address: str = told("住所", "address", "青屿区一号路 1 号")
    grade: str = told("等次；未定级为空", "its grade; empty where none", "B")
    size: str | None = told(
        "规模；无权查看时为空", "size class; null where it is not for the reader", "中"
    )


class FactLine(Schema):
    """一项数据，逐年 · A fact, year by year"""

    name: str = told("代码", "its id", "revenue")
    title: Words = told("名称", "its name")
    values: list[Words | None] = told(
        "各年的值，依 years 的次序；没有为空", "values in the order of years; null: not known"
    )
    rests_on: Words | None = told("由哪些数据算出", "what it is worked out from")


class SourceOut(Schema):
    """一个数据集的数据和来源 · Facts of one dataset and where they come from"""

    dataset: str = told(
        "数据集代码；空为算出", "id of the dataset; empty: worked out", "performance"
    )
    title: Words = told("数据集", "the dataset")
    owner: Words = told("提供部门", "the bureau that supplies it")
    declared: bool = told("是否企业申报", "whether enterprises declare it", example=False)
    yearly: bool = told("是否逐年", "whether there is a value a year", example=True)
    correct: Words = told("怎样更正", "how to correct it")
    lines: list[FactLine] = told("各项", "its facts")
    lacking: list[Words] = told("没有的项", "facts that are not known")


class FactsOut(Schema):
    """一家企业的全部数据 · Everything known of one enterprise"""

    uscc: str = told("统一社会信用代码", "credit code", "91990001MK00000009")
    name: str = told("企业名称", "its name", "青屿甲机械有限公司")
    years: list[int] = told("年度", "the years", [2022, 2023, 2024])
    as_of: date = told("数据截至", "the day of the data", "2025-09-30")
    sources: list[SourceOut] = told("按来源", "by source")
    withheld: int = told("超出查看级别的项数", "facts above the reader's level", 0)
    describing: int = told(
        "只能用于描述全市、不对应到企业的项数", "facts that describe the city alone", 2
    )


class Graded(Schema):
    """一年的评价结果 · The result of one year"""

    year: int = told("年度", "the year", 2024)
    rated: bool = told("是否参评", "whether it was rated", example=True)
    grade: Words = told("等次", "the grade")
    total: float | None = told("总分", "total of points", 71.76)
    rank: int | None = told("组内名次", "rank in its group", 106)
    ranked: int | None = told("组内家数", "how many in the group", 257)
    reason: Words | None = told("未参评的原因", "why it was not rated")


class SchemeGrades(Schema):
    """一个方案的历年结果 · The results of one scheme"""

    scheme: str = told("方案代码", "id of the scheme", "lanhe_2025")
    title: Words = told("方案", "the scheme")
    years: list[Graded] = told("各年，新的在前", "the years, the newest first")


class TitleOut(Schema):
    """一项称号、证书或在册记录 · A title, certificate or record"""

    id: str = told("名录代码", "id of the register", "high_tech", alias="register")
    title: Words = told("名称", "its name")
    level: Words = told("级别", "its level")
    recognised_by: str = told("认定单位", "who recognised it", "省科技厅")
    recognised_on: date | None = told("认定日期", "recognised on", "2023-11-06")
    valid_until: date | None = told("有效期至", "valid until", "2026-11-05")
    document: str | None = told("文号", "its document", None)
    days_left: int | None = told("还剩天数", "days left", 401)
    correct: Words = told("怎样更正", "how to correct it")


class RegistersOut(Schema):
    """称号与处罚 · Titles and penalties"""

    titles: list[TitleOut] = told("在册的称号、证书", "titles and certificates held")
    penalties: list[TitleOut] = told("在册的处罚与失信", "penalties and dishonesty in force")
    clear: list[Words] = told("查过而不在册的名录", "lists that it is not on")
    unknown: list[Words] = told("未提供、无法判断的名录", "lists that were not supplied")
    hidden: bool = told(
        "是否有超出查看级别的名录", "whether lists are above the level", example=False
    )


class MatchedOut(Schema):
    """一项匹配的政策 · A policy that was matched"""

    policy: str = told("政策代码", "id of the policy", "lh_rd")
    title: Words = told("政策", "the policy")
    pays: Words = told("支持内容", "what it gives")
    delivery: Words = told("办理方式", "how it is had")
    office: str = told("经办部门", "the office", "兰河市科技局")
    document: str = told("文件", "its document", "《兰河市创新办法》")
    amount: Words | None = told("测算金额；未知或无权查看为空", "what it would pay")
    hidden: bool = told(
        "金额是否超出查看级别", "whether the amount is above the level", example=False
    )


class PoliciesOut(Schema):
    """匹配的政策 · Policies matched"""

    eligible: list[MatchedOut] = told("符合", "those it is entitled to")
    unknown: list[MatchedOut] = told("信息不足", "those that lack a fact")
    not_yet: int = told("现不符合的项数", "how many are not met now", 12)


class FileOut(Schema):
    """一企一档的首页 · The first page of an enterprise's file"""

    uscc: str = told("统一社会信用代码", "credit code", "91990001MK00000009")
    name: str = told("企业名称", "its name", "青屿甲机械有限公司")
    level: str = told("本账号的查看级别", "the level of this account", "confidential")
    former: list[str] = told("曾用名", "former names", [])
    merged_into: str = told("并入的代码；没有为空", "the code it is told under", "")
    merged_from: list[str] = told("并入本代码的代码", "codes told under this one", [])
    identity: SourceOut = told("登记信息", "its registration")
    grades: list[SchemeGrades] = told("评价等次", "its grades")
    registers: RegistersOut | None = told("称号与处罚", "titles and penalties")
    policies: PoliciesOut | None = told("匹配政策", "policies")


class PeerOut(Schema):
    """一家同类企业；不在数据范围内的不写名称 · An enterprise alike; unnamed outside of the scope"""

    name: Words = told("名称", "its name")
    uscc: str = told("信用代码；无权查看为空", "its code; empty where it is not for the reader", "")
    grade: str = told("等次", "its grade", "B")
    total: float = told("总分", "total of points", 72.4)
    same_industry: bool = told("是否同行业", "whether of the same industry", example=True)


class ReasonsOut(Schema):
    """为什么是这一等、怎样能升等 · Why this grade, and what would lift it"""

    scheme: str = told("方案代码", "id of the scheme", "lanhe_2025")
    title: Words = told("方案", "the scheme")
    years: list[Graded] = told("各年结果", "results by year")
    says: list[Words] = told(
        "逐句说明；无权查看时为空", "sentences; empty where not for the reader"
    )
    table: TableOut | None = told("各项指标", "its indicators")
    peers: list[PeerOut] = told("同类企业", "enterprises alike")


class OwnOut(Schema):
    """本账号代表的企业 · An enterprise that the account acts for"""

    uscc: str = told("统一社会信用代码", "credit code", "91990001MK00000009")
    name: str = told("企业名称", "its name", "青屿甲机械有限公司")
