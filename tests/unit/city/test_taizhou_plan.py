"""The reference city's plan.yaml says the same as the plan text and the key read from it."""

import json
import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cityforge.brain.city import folder
from cityforge.brain.city.folder import City
from cityforge.brain.city.plan import Target

pytestmark = pytest.mark.shared

TAIZHOU = Path(__file__).resolve().parents[3] / "cities" / "taizhou"


@pytest.fixture(scope="module")
def city() -> City:
    city, problems = folder.read(TAIZHOU)
    assert city is not None, [problem.say("en") for problem in problems]
    return city


@pytest.fixture(scope="module")
def key(shared: Path) -> Any:
    file = shared / "plans" / "taizhou.json"
    return json.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)


@pytest.fixture(scope="module")
def text(shared: Path) -> str:
    return _folded((shared / "plans" / "taizhou.txt").read_text(encoding="utf-8"))


def _folded(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).split())


def _unit_of(city: City) -> dict[str, str]:
    return {form: u.id for u in city.units.values() for form in (u.title, *u.forms)}


def test_each_form_means_one_unit(city: City) -> None:
    forms = [form for u in city.units.values() for form in (u.title, *u.forms)]
    assert sorted(forms) == sorted(set(forms))


def test_measures_have_the_titles_sections_and_units_of_the_key(city: City, key: Any) -> None:
    unit_of = _unit_of(city)
    expected = [
        (
            str(measure["number"]),
            measure["title"],
            measure["section"],
            measure.get("kind", "measure"),
            [(unit_of[unit["unit"]], unit["role"]) for unit in measure["units_detail"]],
        )
        for measure in key["measures"]
    ]
    assert city.plan is not None
    found = [
        (
            measure.number,
            measure.title,
            " > ".join(measure.section),
            measure.kind,
            [(unit.unit, unit.role) for unit in measure.responsible_units],
        )
        for measure in city.plan.measures
    ]
    assert found == expected
    assert city.plan.default_units == [unit_of[name] for name in key["default_units"]]


def test_measure_titles_stand_in_the_text(city: City, text: str) -> None:
    assert city.plan is not None
    absent = [m.title for m in city.plan.measures if f"{_folded(m.title)}。" not in text]
    assert absent == []


def test_targets_agree_with_the_key(city: City, key: Any) -> None:
    assert city.plan is not None
    assert len(city.plan.targets) == len(key["targets"])
    wrong = [
        (target.id, expected["text"])
        for target, expected in zip(city.plan.targets, key["targets"], strict=True)
        if not _agrees(target, expected)
    ]
    assert wrong == []


def _agrees(target: Target, expected: Any) -> bool:
    measure = expected["measure"]
    return (
        target.indicator == expected["indicator"]
        and target.comparator in expected.get("comparator_accept", [expected["comparator"]])
        and target.value == expected["value"]
        and target.unit == expected["unit"]
        and target.year == expected["year"]
        and target.annual == expected["annual"]
        and target.baseline_year == expected["baseline_year"]
        and target.measure == (None if measure is None else str(measure))
        and target.modal == expected.get("modal")
    )


def test_target_values_stand_in_the_text_as_written(city: City, text: str) -> None:
    assert city.plan is not None
    written = {target.id: f"{target.value}{target.unit or ''}" for target in city.plan.targets}
    assert [name for name, words in written.items() if _folded(words) not in text] == []


def test_indicator_table_agrees_row_by_row(city: City, key: Any) -> None:
    assert city.plan is not None
    rows = city.plan.indicator_table
    assert [row.number for row in rows] == list(range(1, 14))
    fields = ("group", "name", "unit", "comparator", "value", "year")
    found = [tuple(getattr(row, name) for name in fields) for row in rows]
    assert found == [tuple(row[name] for name in fields) for row in key["indicator_table"]]


def test_each_table_row_is_defined_by_an_indicator_with_the_same_target(city: City) -> None:
    assert city.plan is not None
    for row in city.plan.indicator_table:
        indicator = city.indicators[row.definition or ""]
        target = next(target for target in indicator.targets if target.year == row.year)
        assert (indicator.number, indicator.group) == (row.number, row.group)
        assert (target.value, target.comparator) == (row.value, row.comparator)
        assert indicator.unit == row.unit
