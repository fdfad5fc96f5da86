"""Runs of the whole city: looked at beforehand, followed, and whom they move."""

from datetime import date, datetime

from ninja import Schema

from cityforge.portal.api.shapes.answers import Fault, TableOut, Words, told


class EffectOut(Schema):
    """谁升谁降 · Who moves"""

    up: int = told("升等家数", "how many rise", 12)
    down: int = told("降等家数", "how many fall", 9)
    says: list[Words] = told("逐句说明", "sentences")
    tables: list[TableOut] = told("各表，与网页相同", "the tables of the page")


class RunOut(Schema):
    """一次评价计算 · A run of the whole city"""

    id: int = told("编号", "its number", 3)
    scheme: str = told("按哪个方案比较", "the scheme it is looked at by", "lanhe_2025")
    year: int = told("评价年度", "the year", 2024)
    as_of: date = told("数据截至", "the day of the data", "2025-09-30")
    state: str = told(
        "状态：running、done、adopted、discarded、refused、cancelled、interrupted", "its state",
        "running",
    )  # fmt: skip
    state_title: Words = told("状态的说法", "the state in words")
    next: Words = told("接下来做什么", "what is to be done next")
    working: bool = told("是否还在计算", "whether it is at work", example=True)
    stalled: bool = told("是否久无进展", "whether nothing was heard of it", example=False)
    progress: int = told("进度，0 到 100", "progress, 0 to 100", 40)
    doing: Words = told("正在做什么", "what it is doing")
    in_force: bool = told("各页现在是否显示它", "whether pages show it now", example=False)
    snapshot: str = told("运行编号；没有算成为空", "id of its snapshot; empty where none",
                         "2025-09-30-eaa37b610fec")  # fmt: skip
    before: str = told("开始时的现行结果", "what was in force when it began",
                       "2025-09-30-eaa37b610fec")  # fmt: skip
    started_by: str = told("谁开始的", "who started it", "分析员")
    started_at: datetime = told("何时开始", "when", "2026-01-05T09:30:00+08:00")
    ended_at: datetime | None = told("何时结束", "when it ended", None)


class RunFull(RunOut):
    """一次评价计算和它的结果 · A run with what came of it"""

    effect: EffectOut | None = told("与现行结果比", "against the result in force")
    notes: list[Words] = told("提示", "notes")
    problems: list[Fault] = told("没有算成的原因", "why it was not computed")
    may: list[str] = told("本账号现在能做什么：cancelled、adopted、discarded",
                          "what this account may make of it now", ["cancelled"])  # fmt: skip


class BeforeOut(Schema):
    """开始计算前的预览 · What is seen before a run is started"""

    scheme: str = told("方案代码", "id of the scheme", "lanhe_2025")
    year: int = told("评价年度", "the year", 2024)
    changed: list[Words] = told("上次以来有新数据的数据集", "datasets supplied anew since")
    in_force: bool = told("是否就是现行结果", "whether it is the result in force", example=False)
    effect: EffectOut | None = told("按现有数据谁会动", "whom it would move by the data in force")
    ruled: int = told("将采用的已核实更正", "ruled corrections that it will read", 2)
    declared: int = told("将采用的申报数", "declared facts that it will read", 5)
    problems: list[Fault] = told("不能计算的原因", "what is in the way")


class StartIn(Schema):
    """开始计算 · Start a run"""

    scheme: str = told("方案代码", "id of the scheme", "lanhe_2025", max_length=63,
                       pattern=r"^[-a-zA-Z0-9_]+$")  # fmt: skip
    year: int = told("评价年度", "the year", 2024, ge=1990, le=2200)
