"""What is known of an enterprise beyond the columns: derived facts, dated parameters, registers."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from cityforge.brain.city.shapes import Evidence, Id, Named, Shape, Words


class DerivedFact(Named):
    """facts/<id>.yaml: one thing computed from other facts by an expression.

    Its legal use and sensitivity follow from the facts it rests on; they are not stated here.
    """

    expr: Words
    unit: str | None = None
    scale: int | None = Field(
        None, ge=0, le=18, description="定点数四舍五入到几位小数 / decimals of an exact number"
    )
    evidence: Evidence


class DatedValue(Shape):
    """One value of a parameter from a date on, with its legal source."""

    from_: date = Field(alias="from")
    value: Decimal | bool | str
    evidence: Evidence


class Parameter(Named):
    """parameters/<id>.yaml: a threshold or coefficient; a change of law adds a line."""

    unit: str | None = None
    values: list[DatedValue] = Field(min_length=1)

    def on(self, day: date) -> DatedValue | None:
        """The value in force on a day; None before the first."""
        in_force = [value for value in self.values if value.from_ <= day]
        return max(in_force, key=lambda value: value.from_) if in_force else None


class Register(Named):
    """registers/<id>.yaml: a typed list: who recognised what, when, until when, by which document.

    Its entries are the rows of a dataset of grain `register` whose `entry` column says `entry`.
    """

    kind: Literal["title", "certificate", "penalty", "list"]
    dataset: Id
    entry: Words = Field(description="数据集中的名目 / the value of the dataset's `entry` column")
    level: Literal["national", "provincial", "city", "none"] = "none"
    recognised_by: Words
    valid_years: int | None = Field(None, description="有效期（年），数据未写明时用 / validity")
    evidence: Evidence
