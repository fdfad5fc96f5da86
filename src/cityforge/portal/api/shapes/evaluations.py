"""Evaluations: schemes, results, the public list; published numbers with their receipt."""

from datetime import date

from ninja import Schema

from cityforge.portal.api.shapes.answers import TableOut, Words, told


class SchemeOut(Schema):
    """一个评价方案 · A scheme"""

    id: str = told("方案代码", "its id", "lanhe_2025")
    title: Words = told("名称", "its name")
    year: int = told("评价年度", "the year evaluated", 2024)
    is_model: bool = told(
        "是否外地参照方案", "whether it is another place's, kept as a model", example=False
    )
    evidence: str = told("来源", "its source", "兰河市评价办法（虚构）")
    years: list[int] = told("有结果的年度", "years with results", [2023, 2024])


class SchemeFull(Schema):
    """一个方案的结果和影响 · The result of a scheme and its effects"""

    title: Words = told("名称", "its name")
    year: int = told("评价年度", "the year evaluated", 2024)
    says: list[Words] = told("逐句说明", "sentences")
    tables: list[TableOut] = told("各表，与网页相同", "the tables of the page")


class ResultRow(Schema):
    """一家企业的评价结果 · The result of one enterprise"""

    uscc: str = told("统一社会信用代码", "credit code", "91990001MK00000009")
    name: str = told("企业名称", "its name", "青屿甲机械有限公司")
    district: str = told("区县代码", "id of the district", "qingyu")
    part: str = told("评价组别", "part of the scheme", "above")
    status: str = told("rated、exempt 或 undetermined", "rated, exempt or undetermined", "rated")
    grade: str = told("等次；未参评为空", "the grade; empty where not rated", "B")
    total: float | None = told("总分", "total of points", 71.76)
    rank: int | None = told("组内名次", "rank in its group", 106)
    ranked: int | None = told("组内家数", "how many in the group", 257)
    reason: Words | None = told("未参评的原因", "why it was not rated")


class StandingOut(Schema):
    """评价程序走到哪一步 · How the proceedings of an evaluation stand"""

    stage: str = told("阶段代码", "id of the stage", "checked")
    title: Words = told("阶段", "the stage")
    says: list[Words] = told("逐句说明", "sentences")
    tables: list[TableOut] = told("各表", "its tables")
    versions: int = told("结果有几版", "how many versions of the result", 2)
    may_object: bool = told(
        "企业现在能否提出异议", "whether enterprises may object now", example=True
    )


class OwnResult(Schema):
    """本企业的评价结果 · The result of one's own enterprise"""

    uscc: str = told("统一社会信用代码", "credit code", "91990001MK00000009")
    scheme: str = told("方案代码", "id of the scheme", "lanhe_2025")
    title: Words = told("方案", "the scheme")
    year: int = told("年度", "the year", 2024)
    says: list[Words] = told("逐句说明", "sentences")
    tables: list[TableOut] = told("各项指标", "its indicators")


class PublicList(Schema):
    """一份公示名单 · A list shown to the public"""

    scheme: str = told("方案代码", "id of the scheme", "lanhe_2025")
    title: Words = told("方案", "the scheme")
    year: int = told("年度", "the year", 2024)
    version: int = told("第几版", "its version", 1)
    begins_on: date | None = told("公示起", "shown from", "2025-10-09")
    ends_on: date | None = told("公示止", "shown until", "2025-10-15")
    digest: str = told("名单摘要", "digest of the list", "5d41402abc4b2a76…")
    total: int = told("家数", "how many enterprises", 257)


class PublicRow(Schema):
    """公示名单的一行 · A line of the public list"""

    name: str = told("企业名称", "name of the enterprise", "青屿甲机械有限公司")
    part: Words | None = told("评价组别", "part of the scheme")
    status: str = told("rated 或 exempt", "rated or exempt", "rated")
    grade: str | None = told("等次", "the grade", "B")
    reason: Words | None = told("未定级的原因", "why it has no grade")


class ReceiptOut(Schema):
    """凭它可以重算这个数 · By this anyone reruns the number"""

    run: str = told("运行编号，由全部输入和结果的摘要得出", "id of the run, made of all digests",
                    "2025-09-30-eaa37b610fec")  # fmt: skip
    version: str = told("铸城的版本", "version of CityForge", "0.1.0")
    city_digest: str = told("城市文件夹的摘要", "digest of the city folder", "9f86d081884c7d65…")
    table: str = told("数的所在", "where it is counted", "tables/evaluation_lanhe_2025.parquet")
    table_digest: str = told("该表的摘要", "digest of that table", "2c26b46b68ffc68f…")
    list_digest: str | None = told("公示名单的摘要", "digest of the public list", None)
    commands: list[str] = told("重算的命令", "commands that rerun it")
    query: str = told("计数的语句", "the statement that counts it", "SELECT count(*) FROM …")


class NumberOut(Schema):
    """一个公开的数和它的凭据 · A number with its receipt"""

    address: str = told("永久地址", "its permanent address", "/api/v1/numbers/…")
    value: int | None = told("数值；为保护个别企业而不公开时为空", "null where withheld", 51)
    withheld: bool = told(
        "是否因数目太小而不公开", "whether it is withheld as too small", example=False
    )
    unit: Words = told("单位", "its unit")
    definition: Words = told("含义", "what it means")
    source: str = told("依据", "by what it is evaluated", "兰河市评价办法（虚构）")
    as_of: date = told("数据截至", "the day of the data", "2025-09-30")
    year: int = told("评价年度", "the year evaluated", 2024)
    snapshot: str = told("运行编号", "id of the run", "2025-09-30-eaa37b610fec")
    scheme: str = told("方案代码", "id of the scheme", "lanhe_2025")
    version: str = told("run：运行结果；数字：公示的第几版", "run, or a version shown", "1")
    place: str = told("city 或区县代码", "city, or id of a district", "city")
    place_title: Words = told("地区", "the place")
    grade: str = told("等次；T 为不定级", "the grade; T: exempt", "A")
    simulated: bool = told("是否模拟数据", "whether the data are made up", example=False)
    receipt: ReceiptOut = told("重算凭据", "its receipt")


class NumberLine(Schema):
    """一个数 · A number"""

    address: str = told("永久地址", "its permanent address", "/api/v1/numbers/…")
    place: str = told("city 或区县代码", "city, or id of a district", "qingyu")
    grade: str = told("等次", "the grade", "A")
    value: int | None = told("数值；不公开为空", "its value; null where withheld", 12)
    withheld: bool = told("是否不公开", "whether it is withheld", example=False)
