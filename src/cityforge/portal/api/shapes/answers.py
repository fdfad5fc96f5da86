"""What many answers are made of: words in both languages, tables, pages of lists, problems."""

from typing import Any, Generic, TypeVar

from ninja import Schema
from pydantic import Field

Item = TypeVar("Item")


def told(zh: str, en: str, example: Any = None, **more: Any) -> Any:
    """A field with its meaning in both languages and an example."""
    examples = [] if example is None else [example]
    return Field(description=f"{zh} · {en}", examples=examples, **more)


class Words(Schema):
    """同一句话的中文和英文 · The same words in Chinese and English"""

    zh: str = told("中文", "in Chinese", "青屿区")
    en: str = told("英文", "in English", "Qingyu")


class Choice(Schema):
    """一个选项 · One of several choices"""

    id: str = told("代码", "its id", "qingyu")
    title: Words = told("名称", "its name")


class TableOut(Schema):
    """一张表，与网页上的相同 · A table as the page shows it"""

    title: Words = told("表名", "its title")
    columns: list[Words] = told("列名", "titles of its columns")
    rows: list[list[Words]] = told("各行", "its rows")


class Page(Schema, Generic[Item]):
    """名单的一段 · A stretch of a list"""

    total: int = told("共有多少条", "how many there are", 128)
    is_more: bool = told(
        "实际比 total 还多：请缩小范围",
        "there are more than total: narrow what is asked",
        example=False,
    )
    limit: int = told("本段最多几条", "how many at most in this stretch", 50)
    offset: int = told("从第几条起（0 为第一条）", "where it begins, 0 being the first", 0)
    next: str | None = told(
        "下一段的地址；没有下一段时为空",
        "address of the next stretch; null after the last",
        "/api/v1/enterprises?limit=50&offset=50",
    )
    run: str = told("数据所属的运行", "the run that the data are of", "2025-09-30-eaa37b610fec")
    as_of: str = told("数据截至", "the day of the data", "2025-09-30")
    simulated: bool = told("是否模拟数据", "whether the data are made up", example=False)
    items: list[Item] = told("本段内容", "the stretch itself")


class Fault(Schema):
    """哪里不对 · What is wrong where"""

    where: str = told("位置", "the place", "query.limit")
    what: str = told("原因", "why, in Chinese", "不能大于 500")
    what_en: str = told("英文原因", "why, in English", "must be 500 or less")


class Problem(Schema):
    """为什么没有办成（RFC 9457） · Why something is refused (RFC 9457)"""

    type: str = told("问题的种类，是一个地址", "its kind, as an address", "/api/#problem-422")
    title: str = told("中文标题", "title in Chinese", "参数或内容不符合要求")
    title_en: str = told("英文标题", "title in English", "Does not fit")
    status: int = told("状态码", "status code", 422)
    detail: str = told("中文说明", "detail in Chinese", "请看 errors 中的每一处。")
    detail_en: str = told("英文说明", "detail in English", "See each place under errors.")
    instance: str = told("请求的地址", "the address asked", "/api/v1/enterprises")
    errors: list[Fault] = told("每一处问题", "every place at fault")


def table(one: Any) -> TableOut:
    """A table of the library or of the portal: cells of words stay both, figures say the same."""
    columns = [column[0] if isinstance(column, tuple) else column for column in one.columns]
    rows = [
        [words(cell[0] if isinstance(cell, tuple) else cell) for cell in row] for row in one.rows
    ]
    return TableOut(title=words(one.title), columns=[words(c) for c in columns], rows=rows)


def words(cell: Any) -> Words:
    if isinstance(cell, str):
        return Words(zh=cell, en=cell)
    return Words(zh=cell.zh, en=cell.en)
