"""An example: given facts, the answer a person worked out by hand. `cityforge check` runs them."""

from decimal import Decimal

from pydantic import Field

from cityforge.brain.city.shapes import Evidence, Id, Named, Shape, Words


class ScoreExample(Shape):
    """Indicator values and bases of one enterprise, and the points they must give."""

    scheme: Id
    part: Id
    values: dict[str, Decimal | None]
    bases: dict[str, Decimal] = Field(default_factory=dict)
    lows: dict[str, Decimal] = Field(default_factory=dict)
    highs: dict[str, Decimal] = Field(default_factory=dict)
    places: dict[str, tuple[int, int]] = Field(
        default_factory=dict, description="名次、参排家数 / place and how many are ranked"
    )
    bonus: Decimal = Decimal(0)
    penalty: Decimal = Decimal(0)
    points: dict[str, Decimal] = Field(default_factory=dict)
    total: Decimal
    decimals: int = Field(3, description="比较到几位小数 / compared to so many decimals")


class BandExample(Shape):
    """A number of ranked enterprises, and how many each grade must get."""

    scheme: Id
    ranked: int = Field(gt=0)
    counts: dict[str, int]
    published: dict[str, int] | None = Field(
        None,
        description="公布的数；说明能否由分档得出 / published counts, checked against the bands",
    )


class Example(Named):
    """examples/<id>.yaml: one of `score` or `bands`."""

    says: Words | None = None
    score: ScoreExample | None = None
    bands: BandExample | None = None
    evidence: Evidence
