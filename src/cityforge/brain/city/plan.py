"""The action plan (行动计划) as data: measures, targets, responsible units."""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from cityforge.brain.city.shapes import Evidence, Id, Shape, Words

Comparator = Literal["eq", "gt", "gte", "lt", "lte", "approx", "range"]


class ResponsibleUnit(Shape):
    """A unit (units.yaml) and its role in a measure."""

    unit: Id
    role: Literal["lead", "support", "responsible"] = "responsible"


class Measure(Shape):
    """One numbered measure (举措)."""

    number: str
    title: Words
    section: list[Words] = Field(default_factory=list)
    kind: Literal["measure", "safeguard"] = "measure"
    responsible_units: list[ResponsibleUnit] = Field(default_factory=list)


class Target(Shape):
    """One indicator, one value, one deadline. A range has `value_max`."""

    id: Id
    measure: str | None = None
    indicator: Words
    comparator: Comparator = "eq"
    value: Decimal
    value_max: Decimal | None = None
    unit: str | None = None
    year: int | None = None
    annual: bool = False
    baseline_year: int | None = None
    modal: Words | None = Field(None, description="力争等语气词 / such as 力争 (strive for)")


class TableRow(Shape):
    """One row of the plan's indicator table; `definition` names a file of indicators/."""

    number: int | None = None
    group: Words
    name: Words
    unit: str | None = None
    comparator: Comparator = "eq"
    value: Decimal
    year: int
    definition: Id | None = None


class Plan(Shape):
    """plan.yaml."""

    title: Words
    title_en: Words
    from_year: int
    to_year: int
    outlook_year: int | None = None
    default_units: list[Id] = Field(default_factory=list)
    evidence: Evidence
    measures: list[Measure] = Field(min_length=1)
    targets: list[Target] = Field(default_factory=list)
    indicator_table: list[TableRow] = Field(default_factory=list)
