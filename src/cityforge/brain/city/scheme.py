"""An evaluation scheme: who is in, how scored, ranked and graded. A city's evaluation is a file."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from cityforge.brain.city.scheme_grading import (
    Extras,
    Grading,
    HistoryRule,
    Limit,
    Measure,
    PublishedCounts,
    Stage,
)
from cityforge.brain.city.scheme_scoring import Base, BaseValue, Missing, Scoring
from cityforge.brain.city.shapes import Evidence, Id, Named, Percent, Shape, Words

Subject = Literal["enterprise", "park", "district", "bureau"]


class Exemption(Shape):
    """A class of enterprises that is not ranked (T), with the reason it is told."""

    id: Id
    says: Words
    says_en: Words
    when: Words


class SchemeIndicator(Shape):
    """One indicator of a scheme: an expression with unit, weight, direction.

    `base`, `scoring`, `missing`: its own, in place of the scheme's. `low` and `high`: the lowest
    and highest values of functions that stretch between two (不允许值, 满意值); without them those
    of its ranking group.
    """

    id: Id
    title: Words
    title_en: Words
    expr: Words
    unit: str | None = None
    weight: Decimal = Field(gt=0, le=1000)
    direction: Literal["up", "down"] = "up"
    bases: list[BaseValue] = Field(default_factory=list)
    base: Base | None = None
    low: Base | None = None
    high: Base | None = None
    scoring: Scoring | None = None
    missing: Missing | None = Field(None, description="缺省随方案 / else the scheme's")


class Part(Shape):
    """One kind of enterprise that is scored by its own indicators and bases (规上、规下)."""

    id: Id
    title: Words
    title_en: Words
    when: Words
    indicators: list[SchemeIndicator] = Field(min_length=1)


class StatedError(Shape):
    """How far a fact may be off (relative, one standard deviation): for how sure a grade is."""

    fact: Id
    within: Percent
    note: Words | None = None


class Lever(Shape):
    """A fact that an enterprise can change, and how far it may be asked to (改变量)."""

    fact: Id
    by_at_most: Percent = "100%"


class Scheme(Named):
    """schemes/<id>.yaml."""

    evidence: Evidence
    assumptions: list[Words] = Field(
        default_factory=list, description="文件未载明、由本市设定的事项 / what the city assumed"
    )
    model: bool = Field(
        default=False,
        description="样本方案，点名才评 / a model: evaluated where it is named only",
    )
    subject: Subject = Field("enterprise", description="评价对象 / what is evaluated")
    population: Words = Field(description="参评范围 / who is in")
    exempt: list[Exemption] = Field(default_factory=list)
    groups: list[Id] = Field(description="排名分组（另按部分分）/ ranking groups, besides the part")
    parts: list[Part] = Field(min_length=1)
    weights_sum: Decimal = Decimal(100)
    base: Base | None = None
    scoring: Scoring = Field(default_factory=lambda: Scoring.model_validate({}))
    missing: Missing
    missing_points: Decimal | None = Field(
        None, gt=0, description="missing: penalty 时每项扣分 / points taken for a gap"
    )
    bonus: Extras | None = None
    penalty: Extras | None = None
    limits: list[Limit] = Field(default_factory=list)
    ties: list[Id] = Field(
        default_factory=list, description="同分时依次比较的指标 / indicators that break a tie"
    )
    grading: Grading
    history: list[HistoryRule] = Field(default_factory=list)
    consequences: list[Measure] = Field(default_factory=list)
    calendar: list[Stage] = Field(default_factory=list)
    errors: list[StatedError] = Field(default_factory=list)
    levers: list[Lever] = Field(default_factory=list)
    published: list[PublishedCounts] = Field(default_factory=list)
    valid_from: date | None = None
    valid_to: date | None = None
    publicity_days: int | None = None

    def base_of(self, indicator: SchemeIndicator) -> Base | None:
        """The base rule of an indicator: its own, else the scheme's."""
        return indicator.base or self.base

    def scoring_of(self, indicator: SchemeIndicator) -> Scoring:
        """The scoring of an indicator: its own, else the scheme's."""
        return indicator.scoring or self.scoring

    @property
    def withins(self) -> list[str]:
        """The facts by which base values are grouped, each once."""
        rules = [self.base] if self.base else []
        for part in self.parts:
            for one in part.indicators:
                rules += [rule for rule in (one.base, one.low, one.high) if rule]
        return list(dict.fromkeys(name for rule in rules for name in rule.within))
