"""Figures of parks and bureaus, made up by their contract."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.city.folder import City
from cityforge.brain.city.place import Place, Unit
from cityforge.brain.mock import place_figures
from cityforge.brain.mock.setting import Setting

EVIDENCE = {"source": "虚构", "verified": "assumption"}
DISTRICT = {"id": "a", "title": "甲区", "title_en": "A", "short": "甲", "tile": [0, 0]}
DISTRICT["codes"] = [{"code": "339901"}]
PARKS = [
    {"id": f"park{i}", "title": f"园区{i}", "title_en": "X", "district": "a"} for i in range(8)
]
COLUMNS: list[dict[str, Any]] = [
    {"id": "place", "kind": "text"},
    {"id": "period", "kind": "period"},
    {"id": "floor", "kind": "quantity", "unit": "㎡", "scale": 2, "mock": {"of": "land",
     "about": "120%", "spread": 0}},
    {"id": "land", "kind": "quantity", "unit": "亩", "scale": 2, "min": 0, "mock": {"about": 300}},
    {"id": "port", "kind": "boolean", "mock": {"places": ["park1", "park4"]}},
    {"id": "rank", "kind": "choice", "values": ["低", "高"], "mock": {"shares": ["0%", "100%"]}},
    {"id": "growth", "kind": "quantity", "unit": "%", "mock": {"negative": "100%"}},
    {"id": "rare", "kind": "quantity", "scale": 0, "mock": {"about": 3, "present": "20%"}},
    {"id": "word", "kind": "text"},
]  # fmt: skip


def city() -> City:
    place = Place.model_validate(
        {
            "id": "here",
            "title": "此地",
            "title_en": "Here",
            "province": "省",
            "province_en": "P",
            "region": "339900",
            "districts": [DISTRICT],
            "parks": PARKS,
            "evidence": EVIDENCE,
        }
    )  # fmt: skip
    units = {
        "b": Unit.model_validate({"id": "b", "title": "局", "title_en": "B"}),
        "g": Unit.model_validate({"id": "g", "title": "组", "title_en": "G", "kind": "group"}),
    }
    return City(root=Path(), place=place, units=units)


def dataset(places: str = "park") -> Dataset:
    return Dataset.model_validate(
        {
            "id": "yearly",
            "title": "年度",
            "title_en": "Yearly",
            "owner": "b",
            "grain": "place_period",
            "places": places,
            "key": ["place", "period"],
            "freshness": {"every": "year"},
            "sensitivity": "public",
            "legal_use": ["describe"],
            "evidence": EVIDENCE,
            "columns": [{"title": one["id"], "title_en": one["id"], **one} for one in COLUMNS],
        }
    )


@pytest.fixture(scope="module")
def setting() -> Setting:
    return Setting.of(
        seed=3,
        as_of=date(2025, 9, 30),
        first_year=2020,
        last_year=2026,
        gap_rate=0.1,
        fault_rate=0.1,
    )


def made(setting: Setting, places: str = "park") -> list[dict[str, str]]:
    (part,) = place_figures.rows(dataset(places), city(), setting)
    columns = {name: cells.to_pylist() for name, cells in part.columns.items()}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def test_there_is_a_row_for_each_park_and_complete_year(setting: Setting) -> None:
    found = made(setting)
    keys = [(row["place"], row["period"]) for row in found]
    assert keys == [(f"园区{i}", str(year)) for year in range(2020, 2025) for i in range(8)]
    assert "word" not in found[0], "words are not made up"


def test_figures_are_as_their_contract_says(setting: Setting) -> None:
    found = made(setting)
    for row in found:
        # A share without spread is exact: 120 % of the land, 666.67 ㎡ to the 亩.
        floor = Decimal(row["land"]) * Decimal("1.2") * 2000 / 3
        assert abs(Decimal(row["floor"]) - floor) < 5
        assert row["port"] == ("是" if row["place"] in ("园区1", "园区4") else "否")
        assert row["rank"] == "高"
        assert Decimal(row["growth"]) < 0
    land = [float(row["land"]) for row in found]
    assert 150 < sorted(land)[len(land) // 2] < 600
    rare = [row["rare"] for row in found]
    assert 0 < sum(value != "0" for value in rare) < len(rare) / 2


def test_the_same_seed_makes_the_same(setting: Setting) -> None:
    assert made(setting) == made(setting)


def test_bureaus_are_the_units_that_are_bureaus(setting: Setting) -> None:
    assert {row["place"] for row in made(setting, "bureau")} == {"局"}
