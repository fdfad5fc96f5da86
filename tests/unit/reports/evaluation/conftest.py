"""Results made by hand, for the faces of an evaluation."""

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from cityforge.brain.reports import assets
from cityforge.brain.reports.evaluation.results import Results

_place = Path(__file__).with_name("made_results.py")
_spec = importlib.util.spec_from_file_location("made_results", _place)
assert _spec is not None and _spec.loader is not None
made_results = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(made_results)


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    made: Results = made_results.results(tmp_path_factory.mktemp("faces") / "snapshot")
    return made


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Results]:
    """Other results; arguments as of made_results.write."""
    return lambda **options: made_results.results(tmp_path / "other", **options)


@pytest.fixture(scope="session")
def glyphs() -> set[int]:
    """The characters that both weights of the house's font can draw."""
    found: list[set[int]] = []
    for name in (assets.REGULAR, assets.SEMIBOLD):
        with TTFont(assets.vendor(name)) as font:
            found.append(set(font.getBestCmap()))
    return found[0] & found[1]


@pytest.fixture(scope="session")
def strings() -> Callable[[object], Iterator[str]]:
    """Every text inside a page."""

    def inside(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list | tuple):
            for each in value:
                yield from inside(each)
        elif isinstance(value, dict):
            for each in value.values():
                yield from inside(each)

    return inside
