"""What every test may use: the shared data folder, guarded by its marker."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Nothing is timed in a test: a busy machine would make properties fail.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip `shared` tests on a user's clone; in CI their data must be there."""
    if SHARED.is_dir():
        return
    if os.environ.get("CI") == "true":
        raise pytest.UsageError(f"CI=true, but the shared data folder is absent: {SHARED}")
    skip = pytest.mark.skip(reason="the open data folder ../shared is not on this machine")
    for item in items:
        if item.get_closest_marker("shared"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of open data beside the checkout."""
    return SHARED
