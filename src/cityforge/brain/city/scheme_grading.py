"""How totals become grades, what moves a grade, and what follows from it."""

from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from cityforge.brain.city.shapes import Evidence, Id, Shape, Words, fault


class Band(Shape):
    """One grade: its share of the ranking in percent from the top, or its least total, or both."""

    grade: Words
    from_: Decimal = Field(Decimal(0), alias="from", ge=0, le=100, decimal_places=6)
    to: Decimal = Field(Decimal(100), ge=0, le=100, decimal_places=6)
    at_least: Decimal | None = Field(None, description="总分下限 / least total")
    title: Words | None = None


class Grading(Shape):
    """Bands inside each group, best first.

    `rank_share`: by share of rank; a band's `at_least` then keeps out who has fewer points.
    `score`: by `at_least` alone. `rounding` cuts whole counts out of shares. `tied`: what becomes
    of enterprises that neither the total nor the `ties` tell apart, where a grade ends among them:
    told apart by their code, or all in the better or the worse grade.
    """

    by: Literal["rank_share", "score"] = "rank_share"
    rounding: Literal["half_up", "floor", "ceiling", "largest_remainder"] = "half_up"
    tied: Literal["apart", "better", "worse"] = "apart"
    bands: list[Band] = Field(min_length=1)

    @property
    def grades(self) -> list[str]:
        """The grades, best first."""
        return [band.grade for band in self.bands]


class ExtraPoints(Shape):
    """Points on top of the indicators (加分), or off (减分), when a condition holds.

    `points` or `expr` (a number of points, such as two for each penalty). Of the items with one
    `one_of` only the highest counts. Where the condition is unknown, nothing is added or taken.
    """

    id: Id
    says: Words
    says_en: Words
    when: Words
    points: Decimal | None = Field(None, gt=0)
    expr: Words | None = None
    one_of: Id | None = None
    evidence: Evidence | None = None

    @model_validator(mode="after")
    def _together(self) -> "ExtraPoints":
        if (self.points is None) is (self.expr is None):
            raise fault("points 和 expr 须写且只写一个", "one of points and expr is needed")
        return self


class Extras(Shape):
    """Items of extra points and the most that they come to together."""

    cap: Decimal | None = Field(None, gt=0, description="合计上限 / most in all")
    items: list[ExtraPoints] = Field(min_length=1)


class Limit(Shape):
    """A condition that bounds the grade: a veto (一票否决) `at_most` one, a gate `at_least` one.

    It acts after the ranking and moves nobody else; a veto goes before a gate. Where the condition
    is unknown it does not act.
    """

    id: Id
    says: Words
    says_en: Words
    when: Words
    at_most: Words | None = None
    at_least: Words | None = None
    evidence: Evidence | None = None

    @model_validator(mode="after")
    def _together(self) -> "Limit":
        if (self.at_most is None) is (self.at_least is None):
            raise fault(
                "at_most 和 at_least 须写且只写一个", "one of at_most and at_least is needed"
            )
        return self


class HistoryRule(Shape):
    """What follows when an enterprise had one of the grades in so many years running."""

    id: Id
    says: Words
    says_en: Words
    grades: list[Words] = Field(min_length=1)
    years: int = Field(ge=2, le=10)
    evidence: Evidence | None = None


class Measure(Shape):
    """One line of the policy on resources: what a grade means for land, power, water, credit.

    `years`: from the so-manieth year running in the grade on; of the lines of one resource that fit
    an enterprise the one with the most years counts. `value` and `unit`: the surcharge or rate.
    """

    resource: Literal[
        "land", "electricity", "water", "energy", "emission", "credit", "tax", "project"
    ]
    grades: list[Words] = Field(min_length=1)
    says: Words
    says_en: Words
    years: int = Field(1, ge=1, le=10)
    value: Decimal | None = None
    unit: Words | None = None
    evidence: Evidence


class Stage(Shape):
    """One step of the calendar: when it begins (month-day), how many working days it may take."""

    state: Literal[
        "announced",
        "listed",
        "collected",
        "checked",
        "objected",
        "computed",
        "reviewed",
        "published",
        "settled",
        "applied",
        "archived",
    ]
    begins: Words | None = Field(None, pattern=r"^\d\d-\d\d$")
    working_days: int | None = Field(None, ge=1, le=365)
    evidence: Evidence | None = None


class PublishedCounts(Shape):
    """Grade counts that an office published, to be compared with what the bands give."""

    year: int
    part: Id
    group: dict[str, str] = Field(default_factory=dict)
    counts: dict[str, int]
    evidence: Evidence
