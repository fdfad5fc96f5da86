"""The city itself: its districts and parks, and the units that a plan makes responsible."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cityforge.brain.city.shapes import Evidence, Id, Named, Shape, Words

RegionCode = Annotated[str, StringConstraints(pattern=r"^\d{6}(\d{3})?$")]


class AreaCode(Shape):
    """One code by which registers name an area; old codes keep the dates they were in use."""

    code: RegionCode
    kind: Literal["current", "former", "statistical", "registry"] = "current"
    until: date | None = None
    note: str | None = None


class District(Named):
    """One object of evaluation (市、区); several codes may mean it."""

    short: Words = Field(description="简称，用于图表 / short name for charts")
    codes: list[AreaCode] = Field(min_length=1)
    tile: tuple[int, int] = Field(description="示意图上的行、列 / row and column on the tile map")


class Park(Named):
    """A park (园区) that lies in one district."""

    district: Id
    codes: list[AreaCode] = Field(default_factory=list)
    evidence: Evidence | None = None


class Place(Named):
    """city.yaml: the city, its districts and parks."""

    province: Words
    province_en: Words
    region: RegionCode
    currency_unit: Literal["万元", "亿元"] = "万元"
    districts: list[District] = Field(min_length=1)
    parks: list[Park] = Field(default_factory=list)
    evidence: Evidence


class Unit(Named):
    """A responsible unit (责任单位): full name, and the forms by which a plan calls it."""

    forms: list[Words] = Field(default_factory=list, description="计划中的叫法 / names in plans")
    kind: Literal["bureau", "district", "park", "party", "company", "group"] = "bureau"


class Units(Shape):
    """units.yaml: all responsible units of the city."""

    units: list[Unit] = Field(min_length=1)
