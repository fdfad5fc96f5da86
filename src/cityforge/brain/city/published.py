"""Published figures of the city, each with its source: what mock data are calibrated to."""

from decimal import Decimal

from pydantic import Field

from cityforge.brain.city.shapes import Evidence, Id, Shape, Words


class PublishedFigure(Shape):
    """One published total, e.g. the city's GDP of 2023. `series` is a column of place_period data,
    or `enterprises.<what>` for a total over enterprises."""

    id: Id
    title: Words
    title_en: Words
    series: Words
    place: Id | None = Field(None, description="区县标识；空为全市 / a district, else the city")
    period: Words
    value: Decimal
    unit: str | None = None
    evidence: Evidence


class Published(Shape):
    """published.yaml."""

    figures: list[PublishedFigure] = Field(default_factory=list)
