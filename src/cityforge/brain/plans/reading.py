"""What was read from a plan: measures, targets, indicator table, and what was set aside and why.

Every span is a pair of character positions in `Reading.text`.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from cityforge.brain.errors import Text

Span = tuple[int, int]
Comparator = Literal["eq", "gt", "gte", "lt", "lte", "approx", "range"]
Role = Literal["lead", "support", "responsible"]
Kind = Literal["annual", "growth_rate", "reduction", "increment", "level"]
YearSource = Literal["explicit", "inherited", "document"]


@dataclass(frozen=True, slots=True)
class UnitRole:
    """A responsible unit as the plan names it, an elided 市 or 省 restored, and its role."""

    name: str
    role: Role
    span: Span


@dataclass(frozen=True, slots=True)
class Measure:
    """One numbered measure. `number` is the path (“三（一）1”) where numbers restart."""

    number: str
    title: str
    section: tuple[str, ...]
    kind: Literal["measure", "safeguard"]
    text: str
    units: tuple[UnitRole, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Target:
    """One indicator, one value, one deadline. A range has `value_max`; `unit` is as written."""

    text: str
    indicator: str
    comparator: Comparator
    comparator_text: str | None
    value: Decimal
    value_max: Decimal | None
    unit: str | None
    year: int | None
    year_source: YearSource | None
    annual: bool
    baseline_year: int | None
    modal: str | None
    kind: Kind
    measure: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the indicator table, one entry a target year; `value` None: words, no number."""

    number: int | None
    group: str
    name: str
    unit: str | None
    value: Decimal | None
    value_max: Decimal | None
    value_text: str
    comparator: Comparator
    year: int | None
    span: Span


@dataclass(frozen=True, slots=True)
class NotTarget:
    """A number that is no target, with its sentence and the reason."""

    text: str
    number: str
    reason: Text
    span: Span


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole plan as data."""

    title: str
    text: str
    from_year: int | None
    to_year: int | None
    measures: tuple[Measure, ...] = ()
    targets: tuple[Target, ...] = ()
    table: tuple[Row, ...] = ()
    not_targets: tuple[NotTarget, ...] = ()
    default_units: tuple[str, ...] = ()
    notes: tuple[Text, ...] = field(default_factory=tuple)
