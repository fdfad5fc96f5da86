"""A diagnosis as a PDF on A4, set by Typst with the fonts of the house."""

import dataclasses
import json
from pathlib import Path

import typst

from cityforge.brain.errors import Language
from cityforge.brain.reports import assets
from cityforge.brain.reports.diagnosis import content
from cityforge.brain.reports.diagnosis.diagnosed import Diagnosed


def write(found: Diagnosed, out: Path, *, language: Language = "zh") -> None:
    """Set the page of a diagnosis; the same diagnosis gives the same bytes. Raises RunRefused
    where the fonts are absent."""
    for font in (assets.REGULAR, assets.SEMIBOLD):
        assets.vendor(font)
    page = content.build(found, language)
    data = json.dumps(dataclasses.asdict(page), ensure_ascii=False)
    made = typst.compile(
        assets.HERE / "diagnosis" / "page.typ",
        font_paths=[assets.VENDOR],
        ignore_system_fonts=True,
        sys_inputs={"page": data},
    )
    assert isinstance(made, bytes)
    # Written aside first: whoever has the page open never reads half of it.
    aside = out.with_name(out.name + ".partial")
    aside.write_bytes(made)
    aside.replace(out)
