"""A policy check-up as a PDF on A4, set by Typst with the fonts of the house."""

import dataclasses
import json
from pathlib import Path

import typst

from cityforge.brain.errors import Language
from cityforge.brain.reports import assets
from cityforge.brain.reports.check_up import content
from cityforge.brain.reports.examined import Examined


def write(examined: Examined, out: Path, *, language: Language = "zh") -> None:
    """Set the page of a check-up; the same check-up gives the same bytes. Raises RunRefused where
    the fonts are absent."""
    for font in (assets.REGULAR, assets.SEMIBOLD):
        assets.vendor(font)
    page = content.build(examined, language)
    data = json.dumps(dataclasses.asdict(page), ensure_ascii=False)
    made = typst.compile(
        assets.HERE / "check_up" / "page.typ",
        font_paths=[assets.VENDOR],
        ignore_system_fonts=True,
        sys_inputs={"page": data},
    )
    assert isinstance(made, bytes)
    # Written aside first: whoever has the page open never reads half of it.
    aside = out.with_name(out.name + ".partial")
    aside.write_bytes(made)
    aside.replace(out)
