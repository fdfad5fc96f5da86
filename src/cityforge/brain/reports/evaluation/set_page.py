"""Pages set by Typst with the fonts of the house, and files put in place whole."""

import json
from pathlib import Path
from typing import Any

import typst

from cityforge.brain.reports import assets

HERE = Path(__file__).parent


def write_pdf(template: str, page: dict[str, Any], out: Path) -> Path:
    """Set a page's content by a template of this room; the same content gives the same bytes.

    Raises RunRefused where the fonts are absent.
    """
    made = _compile(template, page, "pdf")
    assert isinstance(made, bytes)
    return replace(out, made)


def png(template: str, page: dict[str, Any], *, dots_per_inch: float) -> bytes:
    """One page as a picture."""
    made = _compile(template, page, "png", dots_per_inch)
    assert isinstance(made, bytes)
    return made


def _compile(template: str, page: dict[str, Any], format_: Any, ppi: float | None = None) -> Any:
    for font in (assets.REGULAR, assets.SEMIBOLD):
        assets.vendor(font)
    return typst.compile(
        HERE / template,
        root=HERE,
        font_paths=[assets.VENDOR],
        ignore_system_fonts=True,
        format=format_,
        ppi=ppi,
        sys_inputs={"page": json.dumps(page, ensure_ascii=False)},
    )


def replace(out: Path, content: bytes) -> Path:
    """Written aside first: whoever has the file open never reads half of it."""
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = out.with_name(f".{out.name}.partial")
    aside.write_bytes(content)
    aside.replace(out)
    return out
