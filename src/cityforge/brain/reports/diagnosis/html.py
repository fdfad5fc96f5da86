"""A diagnosis as one self-contained HTML page: no script, no network, two languages."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import jinja2
from markupsafe import Markup

from cityforge.brain.errors import Language
from cityforge.brain.reports import assets, font
from cityforge.brain.reports.diagnosis import content
from cityforge.brain.reports.diagnosis.diagnosed import Diagnosed
from cityforge.brain.reports.inline import inline

_TEMPLATE = "diagnosis/page.html.j2"


def write(found: Diagnosed, out: Path, *, first: Language = "zh") -> None:
    """Write the page of a diagnosis, which opens in its `first` language; the same diagnosis gives
    the same bytes. Raises RunRefused where the fonts are absent."""
    languages: tuple[Language, ...] = ("zh", "en") if first == "zh" else ("en", "zh")
    pages = [content.build(found, language) for language in languages]
    shown = [assets.own(_TEMPLATE), *(text for page in pages for text in _texts(page))]
    drawn = _template().render(
        pages=pages,
        # Our own drawing: its labels are escaped where it is made.
        drawings=[Markup(page.radar) for page in pages],
        style=inline(assets.own("check_up/page.css") + assets.own("diagnosis/page.css")),
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
