"""An indicator (指标): a number for a place and a period, with its calibre (口径)."""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from cityforge.brain.city.shapes import Evidence, Id, Named, Shape, Words


class IndicatorTarget(Shape):
    year: int
    comparator: Literal["eq", "gt", "gte", "lt", "lte", "approx"] = "eq"
    value: Decimal
    evidence: Evidence


class Indicator(Named):
    """indicators/<id>.yaml: calibre in words, and as an expression over a place's series."""

    number: int | None = None
    group: Words | None = None
    unit: str | None = None
    direction: Literal["up", "down"] = "up"
    periods: list[Literal["year", "half", "quarter", "month", "event"]] = Field(min_length=1)
    owner: Id
    calibre: Words = Field(description="口径 / how it is defined, in words")
    calibre_en: Words
    trap: Words | None = Field(None, description="易错处 / what is easily got wrong")
    trap_en: Words | None = None
    expr: Words | None = Field(
        None, description="由地区序列计算的表达式 / expression over the series of a place"
    )
    register_count: list[Id] = Field(
        default_factory=list, description="名录内企业去重计数 / distinct enterprises in registers"
    )
    targets: list[IndicatorTarget] = Field(default_factory=list)
    evidence: Evidence
