"""How `cityforge mock` makes a column up: what its figures are like. Real data never reads it."""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from cityforge.brain.city.shapes import Id, Percent, Shape


def fraction(percent: str) -> float:
    """3.5% as 0.035."""
    return float(Decimal(percent.removesuffix("%")) / 100)


class Likeness(Shape):
    """What the made-up values of a column are like; every key may be left out.

    An amount is about so much, spread in logs, or about a share of another column; of one in like
    units it is a part and never exceeds it. A date falls in the year, or in the enterprise's life.
    """

    of: Id | None = Field(
        None,
        description="随哪一列变化；单位可换算且 about 不超过 100% 时是它的一部分，日期则在它之后 / "
        "the column it follows: a part of it where units are like, a day after it",
    )
    about: Decimal | Percent | None = Field(
        None, description="典型值，或占 of 的比例 / the usual value, or the share of `of`"
    )
    spread: Decimal | None = Field(
        None, ge=0, le=3, description="对数标准差 / standard deviation of the log"
    )
    present: Percent | None = Field(
        None, description="有这一项的企业所占比例，其余为 0 或否 / share that has it; else 0 or no"
    )
    known: Percent | None = Field(
        None, description="提供单位掌握的比例，其余为空 / share that the owner knows; else empty"
    )
    where: Id | None = Field(
        None,
        description="只在该列大于 0 时有，其余为空 / only where that column is above 0; else empty",
    )
    negative: Percent | None = Field(None, description="为负的比例 / share below nought")
    leans: Decimal | None = Field(
        None,
        ge=-2,
        le=2,
        description="大而重研发的企业更多（正）或更少（负）/ more (+) or less (-) for the large "
        "that do research",
    )
    shares: list[Percent] | None = Field(
        None, description="各允许值的比例，由差到好 / share of each allowed value, worst first"
    )
    within: Literal["year", "life"] | None = Field(
        None, description="日期在当年，还是成立以来 / the day is in the year, or since it began"
    )
    industries: list[str] | None = Field(
        None, description="只有这些行业大类有 / only these divisions of GB/T 4754 have it"
    )
    places: list[Id] | None = Field(
        None,
        description="只有这些园区或部门有，其余为 0 或否 / only these parks or bureaus have it",
    )
    entries: Id | None = Field(
        None, description="名录当年记入的条数 / entries of a register in the year"
    )
