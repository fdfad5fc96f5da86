"""The townships of a city, for reading addresses: those of today, and the names given up."""

from pydantic import Field

from cityforge.brain.city.place import RegionCode
from cityforge.brain.city.shapes import Evidence, Id, Shape, Words


class Township(Shape):
    """A township (乡、镇、街道) of today."""

    code: RegionCode = Field(description="九位代码 / nine-digit code")
    title: Words
    district: Id = Field(description="所在区县 / the district it lies in")
    also: list[Words] = Field(default_factory=list, description="其他写法 / other spellings")
    formerly_in: list[Id] = Field(
        default_factory=list,
        description="曾属的区县，整体划转的才写 / districts it was moved from as a whole",
    )


class FormerTownship(Shape):
    """A township given up, whose name addresses still use."""

    title: Words
    district: Id = Field(description="今属区县 / the district its land lies in today")
    now: Words | None = Field(
        None,
        description="今属乡镇、街道，分属几处的不写 / the township of today; none where several",
    )
    evidence: Evidence


class Townships(Shape):
    """townships.yaml: by what names an address tells a township."""

    townships: list[Township] = Field(min_length=1, description="现有乡镇、街道 / of today")
    former: list[FormerTownship] = Field(
        default_factory=list, description="撤并的旧乡镇 / names given up"
    )
    seat: Id | None = Field(
        None,
        description="只写市名、不写区县的住所多在此区，按推测计 /"
        " where an address with the city's name alone mostly lies: a guess",
    )
    evidence: Evidence
