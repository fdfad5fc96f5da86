"""A profile as one self-contained HTML page, in the language of forms of the run's report."""

import base64
import gzip
import json
from dataclasses import asdict
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jinja2

from cityforge.brain.intake.profile.shape import (
    AgreementProfile,
    ColumnProfile,
    DatasetProfile,
    Profile,
)
from cityforge.brain.reports import assets, font, profile_words
from cityforge.brain.reports.inline import hash_of, inline
from cityforge.brain.reports.payload import words_inside

Json = dict[str, Any]


def write(profile: Profile, out: Path) -> None:
    """Write the page; the same profile gives the same bytes.

    Raises RunRefused when the front-end files are absent.
    """
    data = payload(profile)
    plain = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    page = _template().render(
        title=f"{profile.city.zh}{profile_words.say('p_title', 'zh')}",
        sentence=data["sentence"]["zh"],
        simulated=profile.simulated,
        as_of=profile.as_of.isoformat(),
        version=version("cityforge"),
        say=lambda key, language="zh": profile_words.say(key, language),
        style=inline(assets.own("report.css") + assets.own("profile.css")),
        regular=font.woff2(assets.vendor(assets.REGULAR), words_inside(data)),
        semibold=font.woff2(assets.vendor(assets.SEMIBOLD), words_inside(data)),
        charts=inline(assets.vendor(assets.ECHARTS).read_text(encoding="utf-8")),
        script=inline(assets.own("page.js") + assets.own("profile.js")),
        hash=hash_of,
        data=base64.b64encode(gzip.compress(plain.encode(), compresslevel=6, mtime=0)).decode(
            "ascii"
        ),
    )
    # Written aside first: whoever has the page open never reads half of it.
    aside = out.with_name(out.name + ".partial")
    aside.write_text(page, encoding="utf-8", newline="\n")
    aside.replace(out)


def payload(profile: Profile) -> Json:
    """Everything profile.js shows, as plain JSON values, the datasets most urgent first."""
    ordered = sorted(profile.datasets, key=profile_words.urgency)
    data: Json = {
        "run": {"simulated": profile.simulated},
        "messages": profile_words.catalogue(),
        "city": asdict(profile.city),
        "as_of": profile.as_of,
        "frame": profile.frame,
        "sentence": asdict(profile_words.sentence(profile)),
        "datasets": [_dataset(each) for each in ordered],
        "agreements": [_agreement(each) for each in profile.agreements],
        "notes": [asdict(each) for each in profile.notes],
    }
    found: Json = _plain(data)
    return found


def _dataset(dataset: DatasetProfile) -> Json:
    return {
        **asdict(dataset),
        "columns": [_column(each) for each in dataset.columns],
        "refused": [{"what": asdict(p.what), "hint": asdict(p.hint)} for p in dataset.refused],
        "slips": dataset.slips,
        "said": asdict(profile_words.light(dataset)),
        "to_do": [asdict(each) for each in profile_words.to_do(dataset)],
    }


def _column(column: ColumnProfile) -> Json:
    found = asdict(column)
    if column.figures:
        found["figures"]["sizes"] = sorted(column.figures.sizes.items())
    return found


def _agreement(agreement: AgreementProfile) -> Json:
    return {
        **asdict(agreement),
        "ratios": sorted(agreement.ratios.items()),
        "slips": agreement.slips,
    }


def _plain(value: Any) -> Any:
    """Dates as text, doubles short."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return float(f"{value:.10g}")
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def _template() -> jinja2.Template:
    machine = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    return machine.from_string(assets.own("profile.html.j2"))
