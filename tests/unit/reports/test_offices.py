"""Offices in charge, in English where they have a name there."""

from pathlib import Path

import pytest

from cityforge.brain.city import checks
from cityforge.brain.city.folder import City
from cityforge.brain.reports import offices

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"


@pytest.fixture(scope="module")
def city() -> City:
    read, _ = checks.load(LANHE)
    return read


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("市经信局", "Bureau of Economy and Information Technology"),
        ("财政部、国家税务总局", "Ministry of Finance; State Taxation Administration"),
        ("工业和信息化部等六部门", "Ministry of Industry and Information Technology and others"),
        ("越东省财政厅", "Department of Finance, Yuedong"),
        ("兰河市青屿区科技局", "Bureau of Science and Technology, Qingyu"),
        ("某协会、财政部", "某协会; Ministry of Finance"),  # no English name at hand: as it stands
    ],
)
def test_an_office_in_english(city: City, zh: str, en: str) -> None:
    told = offices.named(city, zh)
    assert (told.zh, told.en) == (zh, en)
