"""docs/images/report.png: the report of the simulated city as a browser shows it at 1440 pixels."""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

from generator.transcripts import Session

_SIZE = {"width": 1440, "height": 1000}


def take(session: Session, target: Path) -> None:
    """Photograph the newest report of the session's Chinese papers."""
    (report,) = session.folder("zh").glob("demo/runs/*/report.html")
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport=_SIZE)
        page.goto(report.as_uri())
        page.wait_for_timeout(2000)
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=target)
        browser.close()
