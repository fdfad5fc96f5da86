"""A Reading in the shape of a city's plan.yaml (city/plan.py)."""

import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from cityforge.brain.plans.characters import fold
from cityforge.brain.plans.headings import chinese_integer
from cityforge.brain.plans.reading import Measure, Reading, Row, Target
from cityforge.brain.plans.unit_names import UnitNames
from cityforge.brain.plans.write import number

Data = dict[str, Any]


def as_plan(
    reading: Reading,
    *,
    names: UnitNames | None = None,
    title_en: str = "Action plan",
    from_year: int | None = None,
    to_year: int | None = None,
    source: str = "",
) -> Data:
    """The plan as the data of a plan.yaml.

    With `names` units are written by id, unknown ones left out; without, by their names.
    A yearly quota becomes one target a year where the first and last year of the plan are known.
    """
    first = from_year or reading.from_year
    last = to_year or reading.to_year
    title = reading.title or "（无标题）"
    defaults = [unit for name in reading.default_units for unit in _ids(name, names)]
    return _without_empty(
        {
            "title": title,
            "title_en": title_en,
            "from_year": first or last,
            "to_year": last or first,
            "default_units": list(dict.fromkeys(defaults)),
            "evidence": {"source": source or title, "verified": "third_party_copy"},
            "measures": [_measure(measure, names) for measure in reading.measures],
            "targets": list(_targets(reading, first, last)),
            "indicator_table": [_row(row) for row in reading.table if _is_row(row)],
        }
    )


def unknown_units(reading: Reading, names: UnitNames) -> list[str]:
    """The units that the city does not know, in the order of the plan."""
    every = [unit.name for measure in reading.measures for unit in measure.units]
    every += reading.default_units
    return [name for name in dict.fromkeys(every) if names.find(name) is None]


def as_yaml_text(reading: Reading) -> str:
    """The plan as YAML text, units by their names."""
    return dump(as_plan(reading))


def dump(data: Data) -> str:
    """Data as YAML that people can read and edit."""
    text = StringIO()
    round_trip().dump(data, text)
    return text.getvalue()


def round_trip() -> YAML:
    """A YAML reader and writer that keeps comments and order."""
    yaml = YAML()
    yaml.width = 4096
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _ids(name: str, names: UnitNames | None) -> list[str]:
    if names is None:
        return [name]
    found = names.find(name)
    return [found] if found else []


def _measure(measure: Measure, names: UnitNames | None) -> Data:
    seen: dict[str, str] = {}
    for unit in measure.units:
        for name in _ids(unit.name, names):
            seen.setdefault(name, unit.role)
    return _without_empty(
        {
            "number": measure.number,
            "title": measure.title,
            "section": list(measure.section),
            "kind": None if measure.kind == "measure" else measure.kind,
            "responsible_units": [
                {"unit": name} if role == "responsible" else {"unit": name, "role": role}
                for name, role in seen.items()
            ],
        }
    )


def _targets(reading: Reading, first: int | None, last: int | None) -> Iterator[Data]:
    counts: dict[str, int] = {}
    for target in reading.targets:
        place = _place(target.measure)
        counts[place] = counts.get(place, 0) + 1
        data = _target(target, f"{place}_{counts[place]}")
        if target.annual and target.kind != "growth_rate" and first and last:
            for year in range(first, last + 1):
                yield {**data, "id": f"{data['id']}_{year}", "year": year, "annual": True}
        else:
            yield data


def _target(target: Target, id: str) -> Data:
    return _without_empty(
        {
            "id": id,
            "measure": target.measure,
            "indicator": target.indicator or target.text,
            "comparator": None if target.comparator == "eq" else target.comparator,
            "value": number(target.value),
            "value_max": number(target.value_max),
            "unit": target.unit,
            "year": target.year,
            "annual": target.annual or None,
            "baseline_year": target.baseline_year,
            "modal": target.modal,
        }
    )


def _place(measure: str | None) -> str:
    """“三（一）1” → m3_1_1, “保（二）” → s2, none → goal; a valid id."""
    if measure is None:
        return "goal"
    words = fold(measure)
    parts = re.findall(r"\d+|[零〇一二两三四五六七八九十百]+", words)
    numbers = [part if part.isdigit() else str(chinese_integer(part) or 0) for part in parts]
    return ("s" if words.startswith("保") else "m") + "_".join(numbers)


def _is_row(row: Row) -> bool:
    return row.value is not None and row.year is not None


def _row(row: Row) -> Data:
    return _without_empty(
        {
            "number": row.number,
            "group": row.group or row.name,
            "name": row.name,
            "unit": row.unit,
            "comparator": None if row.comparator == "eq" else row.comparator,
            "value": number(row.value),
            "year": row.year,
        }
    )


def _without_empty(data: Data) -> Data:
    return {key: value for key, value in data.items() if value not in (None, [], "")}
