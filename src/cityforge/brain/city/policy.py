"""A policy: who is entitled to what, when, by which document. One file, its versions dated."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from cityforge.brain.city.clause import Clause
from cityforge.brain.city.shapes import Evidence, Id, Named, Shape, Words

Level = Literal["national", "provincial", "city", "district"]
Delivery = Literal["automatic", "instant", "reviewed", "competitive"]
Support = Literal[
    "title", "award", "subsidy", "interest", "premium", "compensation", "tax", "investment",
    "service",
]  # fmt: skip
Formula = Literal[
    "F01", "F02", "F03", "F04", "F05", "F06", "F07", "F08", "F09", "F10",
    "F11", "F12", "F13", "F14", "F15", "F16", "F17", "F18", "F19", "F20",
]  # fmt: skip


class Source(Shape):
    """The document a version stands in."""

    title: Words = Field(description="文件名称 / title of the document")
    number: Words | None = Field(None, description="文号 / document number")
    issued_on: date | None = Field(None, description="发布日期 / day of issue")
    clause: Words | None = Field(None, description="条款 / clause of the document")
    link: Words | None = Field(None, description="网址 / address")


class Window(Shape):
    """One call for applications; judged by the version in force on its first day."""

    opens: date
    closes: date
    year: int | None = Field(
        None,
        description="看哪一年的数据，默认上一年 / year of the facts, by default the one before",
    )
    batch: Words | None = Field(None, description="批次 / batch")


class Term(Shape):
    """A threshold, rate or cap of one version, used in its expressions as `p.<id>`."""

    id: Id
    says: Words | None = None
    says_en: Words | None = None
    value: Words = Field(description="字面量，如 3%、500万元 / a literal, as 3% or 500万元")


class Material(Shape):
    """One thing to hand in, and where it comes from."""

    title: Words
    title_en: Words | None = None
    source: Literal["enterprise", "shared", "licence"] = Field(
        "enterprise",
        description="企业提交、部门共享、电子证照 / handed in, shared by an office, e-licence",
    )
    owner: Id | None = Field(None, description="共享部门 / the office that shares it")
    required: bool = True


class Step(Shape):
    """One line of the working; later steps and the amount may use it by its id."""

    id: Id
    says: Words
    says_en: Words | None = None
    expr: Words


class Budget(Shape):
    """The money of one year; where claims exceed it they are cut in proportion, or closed."""

    year: int
    amount: Words = Field(description="字面量，如 2000万元 / a literal, as 2000万元")
    beyond: Literal["proportional", "first_come"] = "proportional"


class Benefit(Shape):
    """What an eligible enterprise gets; money is worked out to the 分 (0.01 元), half up."""

    kind: Support
    says: Words
    says_en: Words
    formulas: list[Formula] = Field(
        default_factory=list, description="算法类型 / patterns of money formulas"
    )
    steps: list[Step] = Field(default_factory=list)
    amount: Words | None = Field(None, description="金额表达式 / amount, an expression in money")
    instalments: list[Decimal] = Field(
        default_factory=list, description="分期比例，合计 1 / shares by instalment, summing to 1"
    )
    received: Words | None = Field(
        None,
        description="已获同类资金，只付差额 / money already received; only the difference is paid",
    )
    budgets: list[Budget] = Field(default_factory=list)
    title: Id | None = Field(None, description="所授予称号的名录 / register of the title it gives")


class Reviewed(Shape):
    """The answer to one question that lint raises for the review of fair competition."""

    rule: Id = Field(description="cityforge policy lint 提出的问题 / the question of policy lint")
    reason: Words = Field(description="审查意见、理由 / what the review found, and why")
    on: date | None = Field(None, description="审查日期 / day of the review")


class PolicyExample(Shape):
    """Given facts, the answer a person worked out; facts not named are unknown."""

    says: Words
    day: date | None = Field(None, description="按哪一天判断 / the day it is judged")
    facts: dict[str, Decimal | bool | str | date | None] = Field(default_factory=dict)
    holds: dict[str, bool | date] = Field(
        default_factory=dict,
        description="名录：是否在册，或首次认定日期 / register: holds it, or day first recognised",
    )
    expect: Literal["eligible", "not_yet", "unknown"]
    amount: Decimal | None = Field(None, description="应得金额（元） / amount in 元")


class PolicyVersion(Shape):
    """What the policy says from a day on."""

    from_: date = Field(alias="from")
    to: date | None = Field(None, description="失效日期（含） / last day in force")
    document: Source
    evidence: Evidence
    assumptions: list[Words] = Field(
        default_factory=list, description="文件未载明、由本市设定的事项 / what the city assumed"
    )
    rolling: bool = Field(default=False, description="常年受理 / open at any time")
    windows: list[Window] = Field(default_factory=list)
    terms: list[Term] = Field(default_factory=list)
    conditions: Clause
    materials: list[Material] = Field(default_factory=list)
    benefit: Benefit
    examples: list[PolicyExample] = Field(default_factory=list)
    reviewed: list[Reviewed] = Field(
        default_factory=list, description="公平竞争审查的答复 / answers on fair competition"
    )


class Policy(Named):
    """policies/<id>.yaml."""

    level: Level
    model: bool = Field(
        default=False,
        description="外地政策范本，供参照起草，不计入本市体检与测算 / a model from elsewhere: "
        "not counted in check-ups and totals",
    )
    office: Words = Field(description="发文或主管部门 / the office in charge")
    districts: list[Id] = Field(
        default_factory=list,
        description="只在这些市（区）适用；空为全市 / where; empty: everywhere",
    )
    delivery: Delivery = Field(
        description="兑现方式：免申即享 automatic、即申即享 instant、申报审核 reviewed、"
        "竞争性评审 competitive / how it is delivered"
    )
    contact: Words | None = Field(None, description="咨询 / whom to ask")
    patterns: list[Words] = Field(
        default_factory=list, description="条件类型（C01–C44） / patterns of its criteria"
    )
    versions: list[PolicyVersion] = Field(min_length=1)

    def on(self, day: date) -> PolicyVersion | None:
        """The version in force on a day; None where there is none."""
        in_force = [
            version
            for version in self.versions
            if version.from_ <= day and (version.to is None or day <= version.to)
        ]
        return max(in_force, key=lambda version: version.from_) if in_force else None
