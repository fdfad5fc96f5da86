"""A snapshot as one self-contained HTML file: data, charts, type and script inside, no network."""

import base64
import gzip
import json
from pathlib import Path

import jinja2
from markupsafe import Markup

from cityforge.brain.reports import assets, font, payload, summary
from cityforge.brain.reports import snapshot as snapshots
from cityforge.brain.reports.inline import hash_of, inline
from cityforge.brain.reports.messages import say
from cityforge.brain.reports.snapshot import Snapshot


def write(snapshot_dir: Path, out: Path) -> None:
    """Write the report of a snapshot; the same snapshot gives the same bytes.

    Raises RunRefused (not a whole snapshot, or the front-end files are absent) or CityRefused.
    """
    snapshot = snapshots.read(snapshot_dir)
    figures = summary.of(snapshot)
    data = payload.build(snapshot, figures)
    plain = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    said = Markup("<br>").join(each.sentence.zh for each in figures.schemes)
    page = _template().render(
        title=_title(snapshot),
        sentence=said,
        simulated=snapshot.simulated,
        run=snapshot.run,
        say=lambda key, language="zh": say(key, language),
        style=inline(assets.own("report.css")),
        regular=font.woff2(assets.vendor(assets.REGULAR), payload.words_inside(data)),
        semibold=font.woff2(assets.vendor(assets.SEMIBOLD), _headings(data)),
        charts=inline(assets.vendor(assets.ECHARTS).read_text(encoding="utf-8")),
        script=inline(assets.own("page.js") + assets.own("report.js")),
        hash=hash_of,
        data=base64.b64encode(gzip.compress(plain.encode(), compresslevel=6, mtime=0)).decode(
            "ascii"
        ),
    )
    # Written aside first: whoever has the report open never reads half a page.
    aside = out.with_name(out.name + ".partial")
    aside.write_text(page, encoding="utf-8", newline="\n")
    aside.replace(out)


def _title(snapshot: Snapshot) -> str:
    year = say("year_n", "zh", year=str(snapshot.year))
    return f"{snapshot.city.place.title} {year}{say('report', 'zh')}"


def _template() -> jinja2.Template:
    machine = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    return machine.from_string(assets.own("report.html.j2"))


def _headings(data: payload.Json) -> list[str]:
    """What is set in semibold: everything but the rows of enterprises and of quarantine."""
    bare = {key: value for key, value in data.items() if key not in ("enterprises", "quarantine")}
    bare["schemes"] = [
        {key: value for key, value in scheme.items() if key not in ("rows", "before", "moves")}
        for scheme in data["schemes"]
    ]
    return list(payload.words_inside(bare))
