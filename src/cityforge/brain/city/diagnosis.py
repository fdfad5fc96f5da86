"""A diagnosis by questionnaire: what is asked, what answers are worth, which level they give."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from cityforge.brain.city.shapes import Evidence, Id, Named, Shape, Words, fault

Kind = Literal["single", "multi", "share", "direction", "scene", "requirement"]
Direction = Literal["up", "flat", "down"]
Satisfaction = Literal["full", "most", "part", "none"]
DIRECTIONS: tuple[Direction, ...] = ("up", "flat", "down")
SATISFACTIONS: tuple[Satisfaction, ...] = ("none", "part", "most", "full")
TOP_SCENE = 4
_NEEDS: dict[Kind, str | None] = {
    "single": "options",
    "multi": "options",
    "share": "bands",
    "direction": "directions",
    "scene": None,
    "requirement": "level",
}


class Document(Shape):
    """The document or standard a diagnosis follows."""

    title: Words = Field(description="文件或标准名称 / title of the document or standard")
    number: Words | None = Field(None, description="文号、标准号 / its number")
    issued_on: date | None = Field(None, description="发布日期 / day of issue")
    clause: Words | None = Field(None, description="章节 / its part")


class Option(Shape):
    """One answer to choose; those of a `single` stand from the least points to the most."""

    id: Id
    says: Words = Field(description="选项文字 / the option in words")
    says_en: Words = Field(description="选项英文 / the option in English")
    points: Decimal = Field(ge=0, description="得分 / its points")
    effort: int | None = Field(
        None,
        ge=1,
        le=5,
        description="做到它的难度，缺省随题目 / effort to get there; else its question's",
    )
    when: Words | None = Field(
        None,
        description="城市已知的事实满足它即预填 / filled in where the city's facts meet it",
    )


class ShareBand(Shape):
    """Points from a share on; the next band begins where this one ends."""

    from_: Decimal = Field(alias="from", ge=0, le=100, description="起（%，含）/ from, in %")
    points: Decimal = Field(ge=0, description="得分 / points")


class Question(Shape):
    """One question; its kind says which of `options`, `bands`, `directions`, `level` it has.

    single       one option; multi  any of them, up to `most` points; share  a percentage in bands;
    direction    up, flat or down against the year before; scene  a level from 0 to 4;
    requirement  how far a requirement of one level is satisfied
    """

    id: Id = Field(description="标识，诊断内唯一 / id, unique within the diagnosis")
    kind: Kind = Field(description="题型 / kind of question")
    says: Words = Field(description="题目 / the question")
    says_en: Words = Field(description="题目英文 / the question in English")
    options: list[Option] = Field(default_factory=list, description="选项 / options")
    most: Decimal | None = Field(
        None, gt=0, description="多选最多计几分 / points that a multi counts at most"
    )
    bands: list[ShareBand] = Field(default_factory=list, description="比例分档 / bands of a share")
    directions: dict[Direction, Decimal] | None = Field(
        None, description="上升 up、持平 flat、下降 down 各几分 / points of up, flat, down"
    )
    flat_within: Decimal = Field(
        Decimal(0),
        ge=0,
        lt=1,
        description="预填时变化不超过它算持平，如 0.01 / filled in as flat up to this change",
    )
    level: int | None = Field(
        None, ge=1, description="属于哪一级的要求 / the level that requires it"
    )
    key: bool = Field(default=False, description="关键场景 / a key scene")
    effort: int | None = Field(
        None,
        ge=1,
        le=5,
        description="提升一步的难度；不写则不建议 / effort of one step up; none: not proposed",
    )
    proof: list[Words] = Field(
        default_factory=list, description="佐证材料 / what proves the answer"
    )
    prefill: Words | None = Field(
        None,
        description="由企业事实预填的表达式 / expression over its facts that fills the answer in",
    )
    note: Words | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "Question":
        for key in ("options", "bands", "directions", "level"):
            stated, wanted = bool(getattr(self, key)), _NEEDS[self.kind] == key
            if stated != wanted:
                zh = f"{self.kind} 题{'须写' if wanted else '没有'} {key}"
                en = f"a {self.kind} question {'needs' if wanted else 'has no'} {key}"
                raise fault(zh, en)
        if self.directions is not None and set(self.directions) != set(DIRECTIONS):
            raise fault("directions 须写明 up、flat、down", "directions are up, flat and down")
        if self.most is not None and self.kind != "multi":
            raise fault("只有 multi 题可写 most", "only a multi has most")
        if self.key and self.kind != "scene":
            raise fault("只有 scene 题可写 key", "only a scene may be key")
        return self


class Block(Shape):
    """A part of the questionnaire: smaller parts, or questions."""

    id: Id
    title: Words
    title_en: Words
    points: Decimal | None = Field(
        None,
        gt=0,
        description="满分，与题目之和核对 / its most points, checked against the questions",
    )
    weight: Decimal | None = Field(
        None, gt=0, description="在上一层中的权重 / its weight in the part above"
    )
    may_cut: bool = Field(
        default=False, description="不适用时可裁剪 / may be cut where it does not apply"
    )
    blocks: list["Block"] = Field(default_factory=list, description="下一层 / parts of it")
    questions: list[Question] = Field(default_factory=list, description="题目 / questions")

    @model_validator(mode="after")
    def _one_of_both(self) -> "Block":
        if bool(self.blocks) == bool(self.questions):
            raise fault("blocks 与 questions 写其一", "a part has blocks or questions, one of them")
        return self


class DiagnosisLevel(Shape):
    """A level and the score from which it is given."""

    level: int = Field(ge=1, le=9, description="第几级 / its number")
    title: Words
    title_en: Words
    from_: Decimal = Field(alias="from", ge=0, description="得分下限（含）/ least score")


class SceneLevel(Shape):
    """What a scene of one level looks like."""

    level: int = Field(ge=1, le=TOP_SCENE, description="场景等级 / level of a scene")
    says: Words = Field(description="含义 / what it means")
    says_en: Words = Field(description="英文含义 / what it means, in English")
    effort: int | None = Field(
        None,
        ge=1,
        le=5,
        description="由下一级提升到它的难度 / effort to get there from the one below",
    )


class DiagnosisScoring(Shape):
    """How the answers give a score.

    points    the sum of the points
    maturity  GB/T 39117: the mean of the requirements of a level in each part, weighted upwards; a
              level is satisfied from `satisfied_at` on; satisfied levels count 1, the first
              unsatisfied one its own score, those after it nothing
    """

    method: Literal["points", "maturity"] = Field(description="计分方法 / method")
    total: Decimal | None = Field(None, gt=0, description="满分（points）/ most points in all")
    satisfied_at: Decimal | None = Field(
        None, gt=0, le=1, description="一级得分达到多少为满足（maturity）/ satisfied from"
    )
    satisfaction: dict[Satisfaction, Decimal] | None = Field(
        None, description="全部、大部分、部分、不满足各计多少（maturity）/ what each answer counts"
    )

    @model_validator(mode="after")
    def _fits_its_method(self) -> "DiagnosisScoring":
        stated = (self.satisfied_at is not None, self.satisfaction is not None)
        if self.method == "points" and (self.total is None or any(stated)):
            raise fault("points 须写且只写 total", "points needs total, and nothing else")
        if self.method == "maturity" and (self.total is not None or not all(stated)):
            raise fault(
                "maturity 须写 satisfied_at 和 satisfaction",
                "maturity needs satisfied_at and satisfaction",
            )
        if self.satisfaction is not None and not _rises(self.satisfaction):
            raise fault(
                "satisfaction 须写明 none、part、most、full，由 0 到 1 不减",
                "satisfaction is none, part, most and full, rising from 0 to 1",
            )
        return self


def _rises(satisfaction: dict[Satisfaction, Decimal]) -> bool:
    if set(satisfaction) != set(SATISFACTIONS):
        return False
    worth = [satisfaction[answer] for answer in SATISFACTIONS]
    return worth == sorted(worth) and worth[0] == 0 and worth[-1] == 1


class Joined(Shape):
    """How the level by score and the level by scenes make the final one.

    By scenes: the highest level that at least `scenes` of the scenes (of the key ones) reach. The
    final level is the lower of the two.
    """

    rule: Literal["lowest"] = Field(description="lowest：取最低 / the lower of the two")
    scenes: int = Field(ge=1, description="至少几个场景达到该级 / scenes that must reach it")
    of: Literal["key", "all"] = Field("key", description="关键场景或全部 / of the key ones, or all")
    says: Words = Field(description="规则原意 / the rule in words")
    says_en: Words = Field(description="英文 / in English")
    evidence: Evidence


class Effort(Shape):
    """One class of effort, and what a step of it costs."""

    effort: int = Field(ge=1, le=5, description="难度 / class of effort")
    says: Words = Field(description="含义 / what it means")
    says_en: Words = Field(description="英文含义 / what it means, in English")
    cost: Decimal = Field(gt=0, description="每一步的估算费用（万元）/ cost of a step, in 万元")


class Improvement(Shape):
    """What improvements cost; set by the city, and shown so."""

    efforts: list[Effort] = Field(min_length=1, description="各档难度 / classes of effort")
    evidence: Evidence


class Covered(Shape):
    """Enterprises whose coverage is told in the statistics of the city."""

    id: Id
    says: Words = Field(description="哪些企业 / which enterprises")
    says_en: Words = Field(description="英文 / in English")
    when: Words = Field(description="条件（表达式）/ condition")


class Diagnosis(Named):
    """diagnoses/<id>.yaml.

    One without `blocks` states in `unspecified` what was not obtained; it answers nothing.
    """

    document: Document = Field(description="所依文件或标准 / the document it follows")
    evidence: Evidence
    assumptions: list[Words] = Field(
        default_factory=list, description="文件未载明、由本市设定的事项 / what the city assumed"
    )
    unspecified: list[Words] = Field(
        default_factory=list, description="未取得的内容 / what was not obtained"
    )
    subject: Words = Field(description="诊断对象 / whom it is for")
    subject_en: Words = Field(description="诊断对象英文 / whom it is for, in English")
    levels: list[DiagnosisLevel] = Field(min_length=1, description="等级 / levels")
    scoring: DiagnosisScoring = Field(description="怎样计分 / how answers give a score")
    scenes: list[SceneLevel] = Field(
        default_factory=list, description="场景各级的含义 / what the levels of scenes mean"
    )
    joined: Joined | None = Field(
        None, description="得分等级与场景等级的合成 / how score and scenes make the level"
    )
    improvement: Improvement | None = Field(
        None, description="改进的难度和费用 / what improvements cost"
    )
    coverage: list[Covered] = Field(
        default_factory=list, description="统计覆盖率的企业范围 / whose coverage is told"
    )
    blocks: list[Block] = Field(default_factory=list, description="板块 / parts")
