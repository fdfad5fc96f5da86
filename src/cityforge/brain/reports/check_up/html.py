"""A policy check-up as one self-contained HTML page: no script, no network, two languages."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import jinja2

from cityforge.brain.errors import Language
from cityforge.brain.reports import assets, font
from cityforge.brain.reports.check_up import content
from cityforge.brain.reports.examined import Examined
from cityforge.brain.reports.inline import inline

_TEMPLATE = "check_up/page.html.j2"


def write(examined: Examined, out: Path, *, first: Language = "zh") -> None:
    """Write the page of a check-up, which opens in its `first` language; the same check-up gives
    the same bytes. Raises RunRefused where the fonts are absent."""
    languages: tuple[Language, ...] = ("zh", "en") if first == "zh" else ("en", "zh")
    pages = [content.build(examined, language) for language in languages]
    shown = [assets.own(_TEMPLATE), *(text for page in pages for text in _texts(page))]
    drawn = _template().render(
        pages=pages,
        version=examined.snapshot.run["versions"]["cityforge"],
        style=inline(assets.own("check_up/page.css")),
        regular=font.woff2(assets.vendor(assets.REGULAR), shown),
        semibold=font.woff2(assets.vendor(assets.SEMIBOLD), shown),
    )
    # Written aside first: whoever has the page open never reads half of it.
    aside = out.with_name(out.name + ".partial")
    aside.write_text(drawn, encoding="utf-8", newline="\n")
    aside.replace(out)


def _template() -> jinja2.Template:
    machine = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return machine.from_string(assets.own(_TEMPLATE))


def _texts(value: object) -> Iterator[str]:
    """Every text inside a page."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _texts(getattr(value, field.name))
