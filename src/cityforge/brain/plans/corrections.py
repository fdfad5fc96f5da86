"""Corrections that people made to a reading: a YAML overlay that survives reading again.

corrections:
  - target: {text: 建成渔港9座, value: 9}     # the clause as the plan prints it
    set: {indicator: 省级以上渔港, year: 2027}
  - target: {text: 依托12个园区, value: 12}
    drop: true
  - measure: {title: 建设网箱}
    set: {title: 建设深水网箱}
    units: [{name: 市渔业局, role: lead}]
"""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from cityforge.brain.city import document as documents
from cityforge.brain.city.shapes import Shape, Words
from cityforge.brain.city.wording import shape_problems
from cityforge.brain.errors import ProblemsFound, Text
from cityforge.brain.plans.characters import tight
from cityforge.brain.plans.reading import Measure, Reading, Target, UnitRole


class TargetRef(Shape):
    """A target by its clause and value; where a clause stands twice, `measure` tells which."""

    text: Words
    value: Decimal
    measure: str | None = None


class TargetChange(Shape):
    """The fields of a target that a person sets."""

    indicator: Words | None = None
    comparator: Literal["eq", "gt", "gte", "lt", "lte", "approx", "range"] | None = None
    value: Decimal | None = None
    value_max: Decimal | None = None
    unit: str | None = None
    year: int | None = None
    annual: bool | None = None
    baseline_year: int | None = None
    measure: str | None = None


class MeasureRef(Shape):
    """A measure by its title."""

    title: Words


class MeasureChange(Shape):
    """The fields of a measure that a person sets."""

    title: Words | None = None
    number: Words | None = None


class UnitEntry(Shape):
    """A responsible unit that a person sets."""

    name: Words
    role: Literal["lead", "support", "responsible"] = "responsible"


class TargetCorrection(Shape):
    """One correction of a target: set fields, or drop what is none."""

    target: TargetRef
    set: TargetChange | None = None
    drop: bool = False


class MeasureCorrection(Shape):
    """One correction of a measure; `units` replaces all its units."""

    measure: MeasureRef
    set: MeasureChange | None = None
    units: list[UnitEntry] | None = None


class Corrections(Shape):
    """The overlay file."""

    corrections: list[Annotated[TargetCorrection | MeasureCorrection, Field()]] = Field(
        default_factory=list
    )


def read(file: Path) -> Corrections:
    """The overlay; raises ProblemsFound with the place of each fault."""
    document = documents.read(file, shown_as=file.name)
    if document.problems:
        raise ProblemsFound(document.problems)
    try:
        return Corrections.model_validate(document.data or {})
    except ValidationError as error:
        raise ProblemsFound(shape_problems(error, document, Corrections)) from None


def apply(reading: Reading, overlay: Corrections) -> Reading:
    """The reading with the corrections laid over it; what fits nothing any more becomes a note."""
    targets, measures = list(reading.targets), list(reading.measures)
    notes = list(reading.notes)
    for correction in overlay.corrections:
        if isinstance(correction, TargetCorrection):
            fits = [i for i, target in enumerate(targets) if _is_meant(target, correction.target)]
            words = correction.target.text
            if fits and correction.drop:
                del targets[fits[0]]
            elif fits and correction.set is not None:
                targets[fits[0]] = _target(targets[fits[0]], correction.set)
        else:
            title = tight(correction.measure.title)
            fits = [i for i, measure in enumerate(measures) if tight(measure.title) == title]
            words = correction.measure.title
            if fits:
                old = measures[fits[0]]
                measures[fits[0]] = _measure(old, correction)
                targets = [
                    replace(t, measure=measures[fits[0]].number) if t.measure == old.number else t
                    for t in targets
                ]
        if not fits:
            notes.append(
                Text(
                    zh=f"更正“{words}”在文本中已找不到，未采用",
                    en=f"the correction of {words} fits nothing in the text any more",
                )
            )
    return replace(reading, targets=tuple(targets), measures=tuple(measures), notes=tuple(notes))


def _is_meant(target: Target, ref: TargetRef) -> bool:
    same = tight(target.text) == tight(ref.text) and target.value == ref.value
    return same and ref.measure in (None, target.measure)


def _target(target: Target, change: TargetChange) -> Target:
    fields: dict[str, Any] = change.model_dump(exclude_unset=True)
    if "year" in fields:
        fields["year_source"] = "explicit" if fields["year"] else None
    return replace(target, **fields)


def _measure(measure: Measure, correction: MeasureCorrection) -> Measure:
    fields: dict[str, Any] = (
        correction.set.model_dump(exclude_unset=True) if correction.set is not None else {}
    )
    if correction.units is not None:
        span = measure.span
        fields["units"] = tuple(UnitRole(u.name, u.role, span) for u in correction.units)
    return replace(measure, **fields)
