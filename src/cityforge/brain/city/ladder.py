"""A ladder (梯度培育): lines of rungs that an enterprise climbs, title by title."""

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from cityforge.brain.city.policy import Level
from cityforge.brain.city.shapes import Evidence, Id, Named, Shape, Words, fault

State = Literal[
    "held", "expiring", "promising", "opportunity", "needs_data", "not_met", "not_applicable",
    "unspecified",
]  # fmt: skip


class ScorePart(Shape):
    """One block of a score table.

    Told by a fact, or by two facts where experts choose within a band (without `high`: up to
    `most`); by none where only experts can tell, from nothing to `most`.
    """

    id: Id
    says: Words = Field(description="评分项 / the item")
    says_en: Words = Field(description="评分项（英文） / the item in English")
    fact: Id | None = Field(None, description="得分事实 / the fact that gives its points")
    low: Id | None = Field(None, description="所在档次的下限 / least points of its band")
    high: Id | None = Field(None, description="所在档次的上限 / most points of its band")
    most: Words = Field(description="满分，如 30分 / full points")
    least: Words | None = Field(None, description="本项最低要求 / least that this part must give")

    @model_validator(mode="after")
    def _told_once(self) -> "ScorePart":
        if self.low is None and self.high is not None:
            raise fault("写了 high 须写 low", "high needs low")
        if self.fact is not None and self.low is not None:
            raise fault("fact 与 low、high 只写一种", "state either fact or low and high")
        return self


class ScoreTable(Shape):
    """The score table of a rung while it is in force."""

    from_: date = Field(alias="from")
    to: date | None = Field(None, description="失效日期（含） / last day in force")
    pass_: Words = Field(alias="pass", description="合格分，如 60分 / pass mark")
    most: Words | None = Field(None, description="总分上限，如 100分 / most that the whole gives")
    strict: bool = Field(
        default=False, description="须高于合格分 / the pass mark itself is not enough"
    )
    parts: list[ScorePart] = Field(min_length=1, description="评分项 / its items")
    evidence: Evidence


class RenewalRule(Shape):
    """Titles that run out within these days are renewed by the version of the policy named."""

    from_: date = Field(alias="from", description="到期日起 / last days of titles from")
    to: date = Field(description="到期日止 / last days of titles until")
    version: date = Field(description="政策版本的施行日期 / `from` of the policy's version")


class Renewal(Shape):
    """How a title is kept beyond its last day."""

    alert_days: list[int] = Field(
        min_length=1, description="到期前多少天提醒，由远到近 / days before, farthest first"
    )
    follows: list[RenewalRule] = Field(
        default_factory=list, description="指定复核用的版本 / renewals that follow another version"
    )
    skips: list[Id] = Field(
        default_factory=list, description="复核不要求的条件 / clauses not asked at renewal"
    )
    evidence: Evidence


class Library(Shape):
    """Who is in the cultivation library (培育库) of a rung: those in one of these states."""

    states: list[Literal["promising", "opportunity", "needs_data"]] = Field(
        min_length=1, description="入库的状态 / states that are in the library"
    )
    evidence: Evidence


class Trend(Shape):
    """How the facts of next year are reckoned from those of the last years."""

    method: Literal["linear", "compound"] = Field(
        description="linear 年均增量、compound 年均增长率 / mean step, or mean growth a year"
    )
    most: Words = Field(description="一年变化不超过，如 50% / most change of a year, as a share")
    evidence: Evidence


class Rung(Named):
    """One title or stage of a line.

    Held by who stands in `register`, of whom `fact` is true, or whose stage is one of `stages`.
    """

    level: Level = Field(description="级别 / level")
    register_: Id | None = Field(None, alias="register", description="名录 / register of its title")
    fact: Id | None = Field(None, description="是否已达到的事实 / fact that says it is reached")
    stages: list[Words] = Field(
        default_factory=list, description="阶段事实的取值 / values of the line's stage fact"
    )
    policy: Id | None = Field(None, description="认定标准，按日期取版本 / policy with its rule")
    unspecified: list[Words] = Field(
        default_factory=list, description="没有标准的原因 / why there is no rule to judge by"
    )
    from_: list[Id] = Field(
        default_factory=list, alias="from", description="须先取得其一 / rungs, one of them first"
    )
    scope: list[Id] = Field(
        default_factory=list,
        description="不满足即不适用的条件 / clauses whose failure means: not for this enterprise",
    )
    manual: list[Id] = Field(
        default_factory=list,
        description="由人评审的条件，不由数据判断 / clauses that people judge, never the data",
    )
    awaited: list[Id] = Field(
        default_factory=list,
        description="由平台或专家给出结果的条件，未知时待评 / clauses settled elsewhere",
    )
    gaps: int | None = Field(None, ge=1, description="差几条以内算有希望 / gaps that are few")
    near: Words | None = Field(None, description="差多少以内算接近，如 30% / share that is near")
    library: Library | None = Field(None, description="本级的培育库 / its own library")
    scores: list[ScoreTable] = Field(
        default_factory=list, description="评分表，按日期 / score tables by date"
    )
    renewal: Renewal | None = Field(None, description="本级的复核 / its own renewal")

    @model_validator(mode="after")
    def _held_in_one_way(self) -> "Rung":
        ways = [bool(self.register_), bool(self.fact), bool(self.stages)]
        if sum(ways) != 1:
            raise fault(
                "须有且只有 register、fact、stages 之一", "one of register, fact, stages is needed"
            )
        if self.stages and (self.policy or self.unspecified):
            raise fault("阶段没有认定标准", "a stage has no rule of its own")
        if not self.stages and bool(self.policy) == bool(self.unspecified):
            raise fault(
                "policy 与 unspecified 须写其一：有标准，或说明为什么没有",
                "state the policy, or why there is none (unspecified)",
            )
        return self


class Line(Named):
    """One way up (赛道), lowest rung first.

    applies   whom it is for, an expression; nothing: everyone
    stage     a fact with the stage that an enterprise has reached, for a line of stages
    """

    applies: Words | None = Field(None, description="适用对象（表达式） / whom it is for")
    stage: Id | None = Field(None, description="阶段事实 / fact that tells the stage")
    rungs: list[Rung] = Field(min_length=1, description="由低到高的各级 / rungs, lowest first")

    @model_validator(mode="after")
    def _of_one_kind(self) -> "Line":
        if any(bool(rung.stages) != (self.stage is not None) for rung in self.rungs):
            raise fault(
                "stage 与各级的 stages 须同时写明",
                "stage and the stages of all rungs belong together",
            )
        return self


class Aim(Shape):
    """A target of the plan and the rungs whose holders count for it, each enterprise once."""

    target: Id = Field(description="计划目标 / target of plan.yaml")
    rungs: list[Id] = Field(min_length=1, description="计入的级 / rungs that count")


class Ladder(Named):
    """ladders/<id>.yaml."""

    gaps: int = Field(2, ge=1, description="差几条以内算有希望 / gaps that are few")
    near: Words = Field(
        "30%", description="数值差在要求的多少以内算接近 / share of a threshold that is near"
    )
    library: Library = Field(description="培育库口径 / who is in the cultivation library")
    renewal: Renewal = Field(description="到期和复核 / how titles are kept")
    trend: Trend = Field(description="趋势推算 / how next year is reckoned")
    lines: list[Line] = Field(min_length=1, description="赛道 / lines")
    aims: list[Aim] = Field(
        default_factory=list, description="对照计划目标 / targets of the plan to compare with"
    )
    evidence: Evidence
    assumptions: list[Words] = Field(
        default_factory=list, description="由本市设定的事项 / what the city assumed"
    )
