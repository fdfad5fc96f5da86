"""A letter as one self-contained HTML page, and as a PDF on one sheet: the same content."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from cityforge.brain.errors import Language
from cityforge.brain.evaluation.reasons.sureness import Sureness
from cityforge.brain.reports import assets, font
from cityforge.brain.reports.evaluation import set_page
from cityforge.brain.reports.evaluation.letter import content
from cityforge.brain.reports.evaluation.period import NOT_SETTLED, Publicity
from cityforge.brain.reports.evaluation.results import Results
from cityforge.brain.reports.inline import inline

_TEMPLATE = "evaluation/letter/letter.html.j2"


def write_letter_html(
    results: Results,
    who: str,
    out: Path,
    *,
    publicity: Publicity = NOT_SETTLED,
    sure: Sureness | None = None,
    language: Language = "zh",
) -> Path:
    """Write the letter as a page without scripts or network; the arguments as of `letter`.

    Raises RunRefused where there is no such enterprise, or the fonts are absent.
    """
    page = content.letter(results, who, publicity=publicity, sure=sure, language=language)
    shown = [assets.own(_TEMPLATE), *_texts(page)]
    drawn = _template().render(
        page=page,
        # Our own drawings: their labels are escaped where they are made.
        drawings=[Markup(line.strip) for line in page.lines],
        version=results.snapshot.run["versions"]["cityforge"],
        style=inline(assets.own("evaluation/letter/letter.css")),
        regular=font.woff2(assets.vendor(assets.REGULAR), shown),
        semibold=font.woff2(assets.vendor(assets.SEMIBOLD), shown),
    )
    return set_page.replace(out, drawn.encode("utf-8"))


def write_letter_pdf(
    results: Results,
    who: str,
    out: Path,
    *,
    publicity: Publicity = NOT_SETTLED,
    sure: Sureness | None = None,
    language: Language = "zh",
) -> Path:
    """Set the letter on A4; the same result gives the same bytes. Raises as the page does."""
    page = content.letter(results, who, publicity=publicity, sure=sure, language=language)
    data: dict[str, Any] = dataclasses.asdict(page)
    return set_page.write_pdf("letter/letter.typ", data, out)


def _template() -> jinja2.Template:
    machine = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return machine.from_string(assets.own(_TEMPLATE))


def _texts(value: object) -> Iterator[str]:
    """Every text inside a letter."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _texts(getattr(value, field.name))
