"""Datasets, how fresh they are, deliveries and their rows."""

from datetime import date, datetime
from typing import Any

from ninja import Schema

from cityforge.portal.api.shapes.answers import Words, told


class DatasetOut(Schema):
    """部门应报的一个数据集 · A dataset that a bureau owes"""

    id: str = told("数据集代码", "id of the dataset", "performance")
    title: Words = told("名称", "its name")
    owner: str = told("部门代码", "id of the bureau", "jxj")
    owner_title: Words = told("部门", "the bureau")
    every: Words = told("多久报一次", "how often")
    due: str = told("期限", "by when", "3-31")
    newest: Words | None = told("现有最新一期", "the newest period held")
    next_due: date | None = told("下一期最迟", "the next is due on", "2026-03-31")
    late: int | None = told("晚了几天；没有清点过为空", "days late; null where never counted", 0)
    light: str = told("灯：green、amber、red、grey", "its light", "green")
    state: Words | None = told("最近一次报送的状态", "state of the last delivery")


class ColumnOut(Schema):
    """数据集的一列 · A column of a dataset"""

    id: str = told("列代码", "id of the column", "revenue")
    title: Words = told("列名", "its name")
    unit: str = told("单位", "its unit", "万元")
    required: bool = told("是否必填", "whether it must be there", example=True)
    key: bool = told("是否用来认行", "whether it tells which row it is", example=False)


class ContractOut(DatasetOut):
    """数据集和它的列 · A dataset with its columns"""

    columns: list[ColumnOut] = told("各列", "its columns")


class DeliveryOut(Schema):
    """一次报送 · A delivery"""

    id: int = told("编号", "its number", 7)
    dataset: str = told("数据集", "the dataset", "performance")
    name: str = told("文件名", "name of the file", "绩效.csv")
    sha256: str = told("文件摘要", "digest of the file", "9f86d081884c7d65…")
    size: int = told("字节数", "bytes", 1024)
    state: str = told(
        "状态：uploaded、checked、unreadable、interrupted、submitted、taking、approved、returned、"
        "withdrawn、undone",
        "its state",
        "checked",
    )
    state_title: Words = told("状态的说法", "the state in words")
    next: Words = told("接下来做什么", "what is to be done next")
    working: bool = told("后台是否还在处理", "whether the background is at work", example=False)
    progress: int = told("进度，0 到 100", "progress, 0 to 100", 100)
    read: int = told("读入行数", "rows read", 12)
    accepted: int = told("通过行数", "rows accepted", 10)
    quarantined: int = told("未通过行数", "rows refused", 2)
    added: int = told("新增行数", "rows added", 5)
    removed: int = told("减少行数", "rows removed", 0)
    changed: int = told("改动行数", "rows changed", 0)
    same: int = told("相同行数", "rows that are the same", 5)
    changes_nothing: bool = told("与现有数据相同", "whether it changes nothing", example=False)
    note: str = told("提交说明", "note of who submitted", "")
    reason: str = told("退回或撤销的原因", "why it was returned or undone", "")
    uploaded_at: datetime = told("上传时间", "when it was uploaded", "2026-01-05T09:30:00+08:00")


class DeliveryFull(DeliveryOut):
    """一次报送，含检查结果 · A delivery with what its check found"""

    problems: list[Words] = told("文件读不出来的原因", "why the file cannot be read")
    alarms: list[Words] = told("▲ 警告：提交时须写明原因", "alarms, to be explained on submitting")
    notes: list[Words] = told("提示", "notes")
    refusals: list[dict[str, Any]] = told(
        "各列各原因有多少行未通过", "how many rows were refused in which column and why"
    )
    may: dict[str, bool] = told(
        "本账号现在能做什么", "what this account may do now", {"submit": True}
    )


class CellOut(Schema):
    """一格 · A cell"""

    value: str = told("文件中的原文", "as it stands in the file", "二〇二五")
    faults: list[Words] = told("哪里不对", "what is wrong with it")


class RowOut(Schema):
    """文件的一行 · A row of the file"""

    number: int = told("文件中的行号", "its number in the file", 12)
    cells: list[CellOut] = told("各格，依 columns 的次序", "its cells in the order of columns")
    faults: list[Words] = told("整行的问题", "what is wrong with the whole row")


class RowsOut(Schema):
    """文件的一页行 · A page of a file's rows"""

    columns: list[Words] = told("列名", "titles of the columns")
    page: int = told("第几页", "which page", 1)
    has_more: bool = told("还有没有下一页", "whether there is a next page", example=False)
    rows: list[RowOut] = told("各行", "the rows")


class SubmitIn(Schema):
    """提交审核 · Hand a delivery to the checker"""

    note: str = told("说明；有 ▲ 警告时必填", "a note; needed where there are alarms", "核实无误",
                     default="", max_length=500)  # fmt: skip


class Late(Schema):
    """一个部门的数据时效 · How fresh a bureau's data are"""

    title: Words = told("部门", "the bureau")
    light: str = told("最差的灯", "its worst light", "amber")
    late: int = told("逾期的数据集", "datasets that are late", 1)
    missing: int = told("没有数据的数据集", "datasets without any data", 0)
    datasets: list[DatasetOut] = told("各数据集", "its datasets")
