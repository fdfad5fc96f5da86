"""Snapshots made by hand, for the tests of reports."""

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest

_place = Path(__file__).with_name("made_snapshot.py")
_spec = importlib.util.spec_from_file_location("made_snapshot", _place)
assert _spec is not None and _spec.loader is not None
made_snapshot = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(made_snapshot)


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    """Write a snapshot; arguments as of made_snapshot.write."""
    return lambda **options: made_snapshot.write(tmp_path / "snapshot", **options)


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One snapshot with everything in it."""
    return made_snapshot.write(tmp_path_factory.mktemp("reports") / "snapshot")
