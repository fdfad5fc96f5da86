"""What every browser test needs: Debian's Chromium, which `make test` installs."""

import shutil

import pytest


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium. Its absence fails: a browser test never skips in silence."""
    found = shutil.which("chromium")
    if found is None:
        pytest.fail("there is no Chromium; `make test` installs it")
    return found
