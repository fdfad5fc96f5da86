"""How a page looks and to whom it speaks: at both widths, by axe, and as a picture for the docs.

Pictures are kept where CITYFORGE_PICTURES names a folder (docs/images/portal in the project).
"""

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

WIDTHS = (1440, 390)
_PAINTED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
_ROOT = Path(__file__).resolve().parents[2]
_PICTURES = os.environ.get("CITYFORGE_PICTURES")


def looked_at(
    page: Page, name: str, *, whole: bool = False, faults_at: Sequence[int] = WIDTHS
) -> None:
    """At 1440 and 390 px: nothing wider than the window, no serious fault, a picture kept.

    name   of the picture, as `policy-publish-2-lint`; none is kept of a page called /so/
    whole  the page from top to bottom instead of its first window
    faults_at  the widths at which faults are looked for, where time is short
    """
    before = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900 if width > 500 else 844})
        page.evaluate(_PAINTED)  # what the page does about its new width is done
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name}: {wide} px wide in a window of {width}"
        found = faults(page) if width in faults_at else []
        assert not found, f"{name} at {width} px: " + "; ".join(found[:5])
        if _PICTURES and not name.startswith("/"):
            folder = Path(_PICTURES)
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name}-{width}.png", full_page=whole)
    if before:
        page.set_viewport_size(before)


def faults(page: Page) -> list[str]:
    """What axe calls serious or critical: the rule, and where it is broken."""
    page.evaluate(_axe())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {one['help']}: {node['html'][:160]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@cache
def _axe() -> str:
    return (_ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
