"""Figures of the desk with all that is known of them, the map by district, what waits."""

from datetime import date, datetime

from ninja import Schema

from cityforge.portal.api.shapes.answers import Words, told
from cityforge.portal.api.shapes.city import FigureOut


class SupplyOut(Schema):
    """数字所用的一个数据集 · A dataset behind a figure"""

    dataset: str = told("数据集代码", "id of the dataset", "performance")
    title: Words = told("数据集", "the dataset")
    owner: Words = told("提供部门", "the bureau that supplies it")
    facts: list[Words] = told("所用的项", "the facts that are read")
    read: int | None = told("读入行数", "rows read", 300)
    accepted: int | None = told("采用行数", "rows taken", 298)


class DistrictFigure(Schema):
    """一个区县的数 · The figure of a district"""

    id: str = told("区县代码", "id of the district", "qingyu")
    title: Words = told("区县", "the district")
    value: str = told("数值；没有为空", "its value; empty where none", "12")


class FigureFull(FigureOut):
    """一个数字的含义、算法、来源 · A figure with its meaning, working and sources"""

    place: Words | None = told("区县；空为全部", "the district; null: all")
    says: Words = told("含义", "what it means")
    how: Words = told("怎么算的", "how it is computed")
    scheme: str = told("方案代码", "id of the scheme", "lanhe_2025")
    year: int = told("评价年度", "the year evaluated", 2024)
    as_of: date = told("数据截至", "the day of the data", "2025-09-30")
    run: str = told("运行编号", "id of the run", "2025-09-30-eaa37b610fec")
    evidence: str = told("依据", "by what it is evaluated", "兰河市评价办法（虚构）")
    table: str = told("结果表", "the table it is counted in", "evaluation_lanhe_2025.parquet")
    digest: str = told("该表的摘要", "digest of that table", "2c26b46b68ffc68f…")
    supplies: list[SupplyOut] = told("所用数据", "the data behind it")
    districts: list[DistrictFigure] = told("各区县", "by district")
    number: str | None = told(
        "这个数的永久地址；没有为空", "its permanent address; null where none", "/api/v1/numbers/…"
    )


class BehindOut(Schema):
    """数字背后的一家企业 · An enterprise behind a figure"""

    uscc: str = told("统一社会信用代码；不在查看范围为空", "credit code; empty where it is not for "
                     "the reader", "91990001MK00000009")  # fmt: skip
    name: str = told("企业名称；同上", "its name; the same", "青屿甲机械有限公司")
    district: Words = told("区县", "the district")
    before: str = told("上年等次；不是升降的数为空", "grade before, of those who moved", "C")
    grade: str = told("等次", "its grade", "B")
    total: str = told("总分", "total of points", "71.76")
    value: str = told("该指标的值；不是指标为空", "value of the indicator", "")
    reason: Words | None = told("不定级的原因", "why it has no grade")


class TileOut(Schema):
    """图上的一个区县 · A district on the map"""

    id: str = told("区县代码", "id of the district", "qingyu")
    title: Words = told("区县", "the district")
    row: int = told("第几行", "its row", 1)
    column: int = told("第几列", "its column", 2)
    value: str = told("数值；没有为空", "its value; empty where none", "19.8")
    step: int | None = told("深浅，0 到 4", "how dark, 0 to 4", 3)


class MapOut(Schema):
    """各区县图的一层 · A layer of the map by district"""

    layer: FigureOut = told("这一层", "the layer")
    layers: list[FigureOut] = told("可以换的层", "every layer")
    tiles: list[TileOut] = told("各区县", "the districts")


class WaitingOut(Schema):
    """一类待办 · Things of one kind that wait"""

    title: Words = told("事项", "what")
    count: int = told("件数", "how many", 3)
    address: str = told("在哪个网页办；没有为空", "the page where it is dealt with", "/data/")
    mine: bool = told("是否由本账号办", "whether this account does it", example=True)
    who: Words | None = told("由谁办", "who does it, where not this account")
    until: date | None = told("最早的期限", "the first is due on", "2026-03-31")
    light: str = told("red 逾期或停住、amber 待办、grey 提示", "its light", "amber")


class PartOut(Schema):
    """通知的一段 · A part of a notice"""

    head: Words = told("小标题", "its heading")
    text: Words = told("内容", "its text")


class NoticeOut(Schema):
    """一条通知 · A notice"""

    id: int = told("编号", "its number", 8)
    title: Words = told("标题", "its title")
    parts: list[PartOut] = told("各段", "its parts")
    organisation: str = told("给哪家机构；给本人为空", "for which organisation; empty: oneself", "")
    address: str = told("去哪个网页办；没有为空", "the page to act on", "/policies/lh_tax/")
    sent_at: datetime = told("何时发出", "when it was sent", "2026-01-05T09:30:00+08:00")
    read_at: datetime | None = told("何时在网页打开", "when it was opened on the page", None)
