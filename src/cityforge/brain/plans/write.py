"""A Reading as JSON in the shape that scorers and other programs read."""

import json
from decimal import Decimal
from typing import Any

from cityforge.brain.plans.reading import Measure, Reading, Row, Target


def as_json(reading: Reading) -> str:
    """The reading as JSON: keys in English, values as in the plan, spans into `text`."""
    return json.dumps(as_data(reading), ensure_ascii=False, indent=1) + "\n"


def as_data(reading: Reading) -> dict[str, Any]:
    """The reading as plain lists and dictionaries."""
    return {
        "title": reading.title,
        "from_year": reading.from_year,
        "to_year": reading.to_year,
        "default_units": list(reading.default_units),
        "measures": [_measure(measure) for measure in reading.measures],
        "targets": [_target(target) for target in reading.targets],
        "indicator_table": [_row(row) for row in reading.table],
        "not_targets": [
            {
                "text": item.text,
                "number": item.number,
                "reason": item.reason.zh,
                "reason_en": item.reason.en,
                "span": list(item.span),
            }
            for item in reading.not_targets
        ],
        "notes": [note.zh for note in reading.notes],
        "text": reading.text,
    }


def number(value: Decimal | None) -> int | float | None:
    """An exact number as JSON writes it: 1900, 2.8."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "number": measure.number,
        "title": measure.title,
        "section": list(measure.section),
        "kind": measure.kind,
        "text": measure.text,
        "responsible_units": [
            {"name": unit.name, "role": unit.role, "span": list(unit.span)}
            for unit in measure.units
        ],
        "span": list(measure.span),
    }


def _target(target: Target) -> dict[str, Any]:
    return {
        "text": target.text,
        "indicator": target.indicator,
        "comparator": target.comparator,
        "comparator_text": target.comparator_text,
        "value": number(target.value),
        "value_max": number(target.value_max),
        "unit": target.unit,
        "year": target.year,
        "year_source": target.year_source,
        "annual": target.annual,
        "baseline_year": target.baseline_year,
        "modal": target.modal,
        "kind": target.kind,
        "measure": target.measure,
        "span": list(target.span),
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "number": row.number,
        "group": row.group,
        "name": row.name,
        "unit": row.unit,
        "value": number(row.value),
        "value_max": number(row.value_max),
        "value_text": row.value_text,
        "comparator": row.comparator,
        "year": row.year,
        "span": list(row.span),
    }
