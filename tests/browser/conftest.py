"""What every browser test needs: Debian's Chromium, which `make test` installs."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium. Its absence fails: a browser test never skips in silence."""
    found = shutil.which("chromium")
    if found is None:
        pytest.fail("there is no Chromium; `make test` installs it")
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A browser for the tests of one page."""
    with sync_playwright() as player:
        launched = player.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()
