"""The trail for the auditor, the state of the system."""

from datetime import datetime
from typing import Any

from ninja import Schema

from cityforge.portal.api.shapes.answers import Words, told


class EventOut(Schema):
    """审计轨迹的一条 · An event of the trail"""

    number: int = told("序号", "its number", 42)
    at: datetime = told("时间", "when", "2026-01-05T01:30:00Z")
    actor: str = told("用户名", "user name", "analyst")
    actor_name: str = told("姓名", "name", "分析员")
    organisation: str = told("机构", "organisation", "示例市")
    action: str = told("动作", "what was done", "enterprises.downloaded")
    kind: str = told("对象种类", "kind of thing", "list")
    about: str = told("对象", "to what", "")
    detail: dict[str, Any] = told("内容", "more", {"form": "csv"})
    digest: str = told("本条摘要", "its digest", "9f86d081884c7d65…")
    before: str = told("前一条摘要", "digest of the event before", "2c26b46b68ffc68f…")


class BreakOut(Schema):
    """链条断在哪里 · Where the chain does not hold"""

    number: int = told("序号", "the number", 42)
    why: str = told("原因", "why", "what it says is not what was written")


class ChainOut(Schema):
    """审计链条是否完整 · Whether the chain of the trail is whole"""

    whole: bool = told("是否完整", "whether it is whole", example=True)
    breaks: list[BreakOut] = told("断处", "where it is not", [])


class TaskOut(Schema):
    """一项后台任务 · A background task"""

    name: str = told("名称", "its name", "imports.tasks.check")
    state: Words = told("状态", "its state")
    light: str = told("灯", "its light", "green")
    enqueued: datetime = told("排入时间", "since when", "2026-01-05T01:30:00Z")
    seconds: float | None = told("用时（秒）", "seconds taken", 1.2)
    error: str = told("出错时的种类", "kind of error, where it failed", "")


class CountOut(Schema):
    """一种状态有多少项 · How many tasks are in a state"""

    state: Words = told("状态", "the state")
    count: int = told("项数", "how many", 3)


class VersionOut(Schema):
    """一个组件的版本 · The version of a part"""

    title: Words = told("组件", "the part")
    version: str = told("版本", "its version", "5.2.7")


class SystemOut(Schema):
    """系统状况 · The state of the system"""

    counts: list[CountOut] = told("后台任务", "background tasks")
    tasks: list[TaskOut] = told("最近的任务", "the newest tasks")
    versions: list[VersionOut] = told("版本", "versions")


class FolderFault(Schema):
    """城市文件夹的一处问题 · A problem of the city folder"""

    file: str = told("文件", "the file", "policies/lh_rd.yaml")
    line: int = told("第几行；0 为整个文件", "its line; 0: the whole file", 14)
    column: int = told("第几列", "its column", 9)
    severity: str = told("error 或 warning", "error or warning", "error")
    what: Words = told("什么问题", "what it is")
    hint: Words = told("怎么改", "how to mend it")


class FolderOut(Schema):
    """城市文件夹查得怎样 · The city folder after all checks"""

    problems: list[FolderFault] = told("各处问题，错误在前", "its problems, errors first")
    examples: int = told("算例数", "how many examples", 12)
    failing: list[Words] = told("没通过的算例", "examples that fail", [])
