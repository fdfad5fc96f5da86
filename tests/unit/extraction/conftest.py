"""A gazetteer of the reference city, built once."""

from pathlib import Path

import pytest

from cityforge.brain.city import checks
from cityforge.brain.extraction import gazetteer
from cityforge.brain.extraction.gazetteer import Gazetteer

CITIES = Path(__file__).resolve().parents[3] / "cities"


@pytest.fixture(scope="session")
def taizhou() -> Gazetteer:
    city, _ = checks.load(CITIES / "taizhou")
    return gazetteer.build(city)
