"""How an indicator is scored: the function, its settings, what a value is held against."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from cityforge.brain.city.shapes import Id, Shape, Words, fault

Method = Literal[
    "fixed",
    "parameter",
    "expression",
    "previous_year_mean",
    "this_year_mean",
    "previous_year_median",
    "this_year_median",
    "previous_year_lowest",
    "this_year_lowest",
    "previous_year_highest",
    "this_year_highest",
]
# What is taken of a group of enterprises, by the method's last word.
MEAN, MEDIAN, LOWEST, HIGHEST = "mean", "median", "lowest", "highest"

Function = Literal[
    "ratio_to_base",
    "ratio_capped",
    "ratio_capped_at_base",
    "reverse_ratio",
    "minmax_20_80",
    "rank_only",
    "weighted_rank_percentile",
    "first_is_100",
    "efficacy_coefficient",
    "target_completion",
    "growth_completion",
    "all_or_nothing",
    "steps",
    "given_points",
]
UP, DOWN = "up", "down"
BASE, LOW, HIGH, PLACE = "base", "low", "high", "place"


@dataclass(frozen=True, slots=True)
class Traits:
    """What a scheme must know of a scoring function; the formulas stand in `scoring`.

    needs       what a value is held against: base, low, high, its place in the group
    directions  up: more is better; down: less is
    settings    which settings it reads, besides cap and floor
    """

    needs: tuple[str, ...] = ()
    directions: tuple[str, ...] = (UP, DOWN)
    settings: tuple[str, ...] = ()


TRAITS: dict[str, Traits] = {
    "ratio_to_base": Traits((BASE,), (UP,)),
    "ratio_capped": Traits((BASE,), (UP,)),
    "ratio_capped_at_base": Traits((BASE,), (UP,)),
    "reverse_ratio": Traits((BASE,), (DOWN,)),
    "minmax_20_80": Traits((LOW, HIGH), settings=("start",)),
    "efficacy_coefficient": Traits((LOW, HIGH), settings=("start",)),
    "weighted_rank_percentile": Traits((PLACE,)),
    "rank_only": Traits(),
    "first_is_100": Traits((PLACE,), settings=("step",)),
    "target_completion": Traits((BASE,)),
    "growth_completion": Traits((BASE, LOW)),
    "all_or_nothing": Traits((BASE,)),
    "steps": Traits(settings=("steps",)),
    "given_points": Traits(directions=(UP,)),
}
Missing = Literal["group_average_score", "zero", "penalty", "reweight"]


class BaseValue(Shape):
    """A fixed value for the evaluation years from `year` on."""

    year: int
    value: Decimal
    source: Words | None = None


class Base(Shape):
    """How a value that scores are held against comes about.

    `fixed`: `values`, or the indicator's own `bases`. `parameter`: a dated parameter of the city.
    `expression`: of the enterprise's own facts, such as what it promised. The others are taken over
    the rated enterprises of the part and the group named by `within`, of this year or of the last,
    times `factor`.
    """

    method: Method
    values: list[BaseValue] = Field(default_factory=list)
    parameter: Id | None = None
    expr: Words | None = None
    factor: Decimal = Decimal(1)
    mean: Literal["of_sums", "of_ratios"] = Field(
        "of_sums",
        description="of_sums: 分子合计/分母合计；of_ratios: 各企业比值的平均",
    )
    within: list[Id] = Field(default_factory=list)

    @property
    def year_before(self) -> bool:
        """Whether it is taken over the enterprises of the year before."""
        return self.method.startswith("previous_year_")

    @property
    def over(self) -> str | None:
        """What is taken of the group: mean, median, lowest, highest; None: no group is asked."""
        return self.method.rpartition("_year_")[2] if "_year_" in self.method else None

    @model_validator(mode="after")
    def _together(self) -> "Base":
        for method in ("parameter", "expression"):
            key = "expr" if method == "expression" else method
            if (self.method == method) is not (getattr(self, key) is not None):
                raise fault(
                    f"method: {method} 与 {key} 须同时写或都不写",
                    f"method: {method} and {key} go together",
                )
        return self


class ScoreStep(Shape):
    """One step of a table: from this value on (down to it, where less is better), these points."""

    at: Decimal
    points: Decimal


class Scoring(Shape):
    """The scoring function, by name, its settings, and its bounds per indicator."""

    function: Function = "ratio_to_base"
    cap: Decimal | None = Field(None, description="每项得分上限为权重的倍数 / cap, times weight")
    floor: Decimal | None = Field(None, description="每项得分下限 / least points of an indicator")
    start: Decimal | None = Field(
        None,
        ge=0,
        lt=100,
        description="起点分（%）：minmax_20_80 缺省 20，efficacy_coefficient 缺省 60 / "
        "points at the lowest value, in percent of the weight",
    )
    step: Decimal | None = Field(
        None, gt=0, le=100, description="first_is_100：每后一名少几个百分点 / percent lost a place"
    )
    steps: list[ScoreStep] = Field(
        default_factory=list, description="steps：分档得分，先好后差 / best step first"
    )
    otherwise: Decimal = Field(
        Decimal(0), description="steps：各档都达不到时的得分 / points below the last step"
    )
