"""An evaluation scheme: who is in, how scored, ranked and graded. A city's evaluation is a file."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from cityforge.brain.city.shapes import Evidence, Id, Named, Shape, Words

Grade = str


class Exemption(Shape):
    """A class of enterprises that is not ranked (T), with the reason it is told."""

    id: Id
    says: Words
    says_en: Words
    when: Words


class BaseValue(Shape):
    """A fixed base value (基准值) for the evaluation years from `year` on."""

    year: int
    value: Decimal
    source: Words | None = None


class SchemeIndicator(Shape):
    """One indicator of a scheme: an expression with unit, weight, direction."""

    id: Id
    title: Words
    title_en: Words
    expr: Words
    unit: str | None = None
    weight: Decimal = Field(gt=0, le=1000)
    direction: Literal["up", "down"] = "up"
    bases: list[BaseValue] = Field(default_factory=list)
    missing: Literal["group_average_score", "zero"] | None = Field(
        None, description="缺省随方案 / else the scheme's"
    )


class Part(Shape):
    """One kind of enterprise that is scored by its own indicators and bases (规上、规下)."""

    id: Id
    title: Words
    title_en: Words
    when: Words
    indicators: list[SchemeIndicator] = Field(min_length=1)


class Base(Shape):
    """How base values come about.

    `fixed`: the indicator's own `bases`. `previous_year_mean`: factor times last year's mean of the
    group named by `within` and the part; `this_year_mean`: the same of the year itself.
    """

    method: Literal["fixed", "previous_year_mean", "this_year_mean"]
    factor: Decimal = Decimal(1)
    mean: Literal["of_sums", "of_ratios"] = Field(
        "of_sums",
        description="of_sums: 分子合计/分母合计；of_ratios: 各企业比值的平均",
    )
    within: list[Id] = Field(default_factory=list)


class Scoring(Shape):
    """The scoring function, by name, and its bounds per indicator."""

    function: Literal["ratio_to_base"] = "ratio_to_base"
    cap: Decimal | None = Field(None, description="每项得分上限为权重的倍数 / cap, times weight")
    floor: Decimal | None = Field(None, description="每项得分下限 / least points of an indicator")


class Band(Shape):
    """One grade and its share of the ranking, in percent from the top."""

    grade: Words
    from_: Decimal = Field(alias="from", ge=0, le=100, decimal_places=6)
    to: Decimal = Field(ge=0, le=100, decimal_places=6)
    title: Words | None = None


class Grading(Shape):
    """Bands by share of rank inside each group; rounding cuts the cumulative count."""

    by: Literal["rank_share"] = "rank_share"
    rounding: Literal["half_up", "floor", "ceiling"]
    bands: list[Band] = Field(min_length=1)


class PublishedCounts(Shape):
    """Grade counts that an office published, to be compared with what the bands give."""

    year: int
    part: Id
    group: dict[str, str] = Field(default_factory=dict)
    counts: dict[str, int]
    evidence: Evidence


class Scheme(Named):
    """schemes/<id>.yaml."""

    evidence: Evidence
    assumptions: list[Words] = Field(
        default_factory=list, description="文件未载明、由本市设定的事项 / what the city assumed"
    )
    subject: Literal["enterprise"] = "enterprise"
    population: Words = Field(description="参评范围 / who is in")
    exempt: list[Exemption] = Field(default_factory=list)
    groups: list[Id] = Field(description="排名分组（另按部分分）/ ranking groups, besides the part")
    parts: list[Part] = Field(min_length=1)
    weights_sum: Decimal = Decimal(100)
    base: Base
    scoring: Scoring
    missing: Literal["group_average_score", "zero"]
    ties: list[Id] = Field(
        default_factory=list, description="同分时依次比较的指标 / indicators that break a tie"
    )
    grading: Grading
    published: list[PublishedCounts] = Field(default_factory=list)
    valid_from: date | None = None
    valid_to: date | None = None
    publicity_days: int | None = None
