"""A dataset: one table that some unit supplies, as a contract."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from cityforge.brain.city.likeness import Likeness
from cityforge.brain.city.shapes import (
    Evidence,
    Id,
    LegalUse,
    Named,
    Percent,
    Sensitivity,
    Shape,
    Words,
    fault,
)

ColumnKind = Literal[
    "text",
    "credit_code",
    "industry_code",
    "region_code",
    "date",
    "year",
    "period",
    "boolean",
    "choice",
    "quantity",
]

ColumnName = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}\.[a-z][a-z0-9_]{0,62}$")
]


class Agreement(Shape):
    """A column of another dataset that should tell the same of the same enterprise and year."""

    column: ColumnName = Field(description="另一来源：数据集.列 / the other source: dataset.column")
    within: Percent = Field("10%", description="容许的相对差 / relative difference allowed")

    @property
    def dataset(self) -> str:
        return self.column.split(".")[0]

    @property
    def name(self) -> str:
        """The id of the column in its dataset."""
        return self.column.split(".")[1]

    @property
    def tolerance(self) -> Decimal:
        return Decimal(self.within.removesuffix("%")) / 100


class Column(Shape):
    """One column: what it is called in files, its type and unit, what it may be used for."""

    id: Id
    title: Words = Field(description="表头 / header in files")
    title_en: Words
    synonyms: list[Words] = Field(default_factory=list, description="其他表头写法 / other headers")
    kind: ColumnKind
    unit: str | None = Field(None, description="计量单位（kind: quantity）/ unit of a quantity")
    states_currency: bool = Field(
        default=False,
        description="单元格可写币种，如“512.6万人民币”“240万美元”；外币不折算，按缺失处理 / "
        "cells may state a currency; a foreign sum stays foreign and counts as missing here",
    )
    precision: int = Field(18, ge=1, le=38, description="总位数 / digits in all")
    scale: int = Field(2, ge=0, le=18, description="小数位数 / digits after the point")
    min: Decimal | None = Field(None, description="下限 / least allowed")
    max: Decimal | None = Field(None, description="上限 / most allowed")
    values: list[Words] = Field(default_factory=list, description="允许值（kind: choice）")
    required: bool = False
    agrees_with: list[Agreement] = Field(
        default_factory=list,
        description="应相互印证的其他来源 / columns of other sources that should tell the same",
    )
    sensitivity: Sensitivity | None = Field(None, description="缺省随数据集 / else the dataset's")
    legal_use: list[LegalUse] | None = Field(None, description="缺省随数据集 / else the dataset's")
    mock: Likeness | None = Field(
        None,
        description="模拟时像什么样（只用于 cityforge mock）/ how `cityforge mock` makes it up",
    )


class Freshness(Shape):
    """How often the owner supplies the table, and by when."""

    every: Literal["year", "half", "quarter", "month", "event"]
    due: str | None = Field(None, description="报送时限 / when it is due, in words")


class Dataset(Named):
    """datasets/<id>.yaml.

    `grain` says what one row is about: an enterprise; an enterprise in a year; one entry of a
    register (a title, a penalty); a place in a period.
    """

    owner: Id = Field(description="提供单位（units.yaml）/ the unit that supplies it")
    grain: Literal["enterprise", "enterprise_year", "register", "place_period"]
    key: list[Id] = Field(min_length=1)
    frame: bool = Field(
        default=False, description="企业底册 / the list of enterprises that runs start from"
    )
    known_on: Id | None = Field(
        None,
        description="报送日期列；同一键取截止日前最新一行 / newest row known by the as-of date",
    )
    founded_on: Id | None = Field(
        None, description="成立日期列（底册）/ the frame's column that says since when it exists"
    )
    freshness: Freshness
    sensitivity: Sensitivity
    legal_use: list[LegalUse] = Field(min_length=1)
    declared: bool = Field(
        default=False, description="企业自行申报 / declared by the enterprise itself"
    )
    places: Literal["district", "park", "bureau"] = Field(
        "district",
        description="grain: place_period 的行说的是全市与区县、园区，还是部门 / "
        "of what kind of place its rows tell; district: the city and its districts",
    )
    evidence: Evidence
    columns: list[Column] = Field(min_length=1)

    @model_validator(mode="after")
    def _of_places(self) -> "Dataset":
        if self.places != "district" and self.grain != "place_period":
            raise fault(
                "places 只用于 grain: place_period", "places is for grain: place_period only"
            )
        return self

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.id == name), None)

    @property
    def row_key(self) -> list[str]:
        """What tells rows apart: the key, and the date of report where there is one."""
        return list(dict.fromkeys([*self.key, *([self.known_on] if self.known_on else [])]))

    def is_required(self, column: Column) -> bool:
        """Whether a row without it is refused: a row without its key belongs nowhere."""
        return column.required or column.id in self.row_key

    def sensitivity_of(self, column: Column) -> Sensitivity:
        return column.sensitivity or self.sensitivity

    def legal_use_of(self, column: Column) -> frozenset[LegalUse]:
        return frozenset(column.legal_use or self.legal_use)

    def may_name(self, column: Column | None = None) -> bool:
        """Whether a single enterprise's figure may be shown beside its name.

        What may only describe (the Statistics Law) is shown as figures of many; of a place, which
        is no enterprise, every figure is.
        """
        use = self.legal_use_of(column) if column else frozenset(self.legal_use)
        return LegalUse.TREAT in use or self.grain == "place_period"
