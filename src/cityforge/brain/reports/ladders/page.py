"""A city's ladder as one self-contained HTML page: no script, no network, two languages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path

import jinja2

from cityforge.brain.errors import Language, Text
from cityforge.brain.ladders.states import State
from cityforge.brain.reports import assets, font
from cityforge.brain.reports.inline import inline
from cityforge.brain.reports.ladders import city_tables, rung_tables, telling, words
from cityforge.brain.reports.ladders.found import CityLadder
from cityforge.brain.reports.messages import fixed
from cityforge.brain.reports.tables import Table

_TEMPLATE, _STYLE = "ladders/page.html.j2", "ladders/page.css"
_SHOWN = (State.HELD, State.EXPIRING, State.PROMISING, State.OPPORTUNITY)
_FIGURE = re.compile(r"[0-9][-0-9,.]*%?|—")
_LEVELS = {
    "national": Text(zh="国家", en="national"),
    "provincial": Text(zh="省", en="provincial"),
    "city": Text(zh="市", en="city"),
    "district": Text(zh="区县", en="district"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of a rung's bar: its state, how many, its width as a share of the longest."""

    key: str
    title: str
    count: str
    width: float


@dataclass(frozen=True, slots=True)
class RungShown:
    title: str
    level: str
    rule: str
    bars: tuple[Bar, ...]
    library: str
    remark: str


@dataclass(frozen=True, slots=True)
class LineShown:
    title: str
    rungs: tuple[RungShown, ...]


@dataclass(frozen=True, slots=True)
class TableShown:
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Page:
    language: Language
    title: str
    name: str
    day: str
    simulated: str
    sentence: str
    legend: tuple[tuple[str, str], ...]
    lines: tuple[LineShown, ...]
    tables: tuple[TableShown, ...]
    notes: tuple[str, ...]

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en


def write(found: CityLadder, out: Path, *, first: Language = "zh") -> Path:
    """Write the page into a folder, named after the ladder; the same ladder gives the same bytes.

    Raises RunRefused where the fonts are absent.
    """
    languages: tuple[Language, ...] = ("zh", "en") if first == "zh" else ("en", "zh")
    pages = [build(found, language) for language in languages]
    shown = [assets.own(_TEMPLATE), *(text for page in pages for text in _texts(page))]
    machine = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    drawn = machine.from_string(assets.own(_TEMPLATE)).render(
        pages=pages,
        version=found.ground.snapshot.run["versions"]["cityforge"],
        style=inline(assets.own(_STYLE)),
        regular=font.woff2(assets.vendor(assets.REGULAR), shown),
        semibold=font.woff2(assets.vendor(assets.SEMIBOLD), shown),
    )
    out.mkdir(parents=True, exist_ok=True)
    file = out / f"{found.ground.ladder.id}.html"
    # Written aside first: whoever has the page open never reads half of it.
    aside = file.with_name(f"{file.name}.partial")
    aside.write_text(drawn, encoding="utf-8", newline="\n")
    aside.replace(file)
    return file


def build(found: CityLadder, language: Language) -> Page:
    """What the page says in one language."""
    ladder, place = found.ground.ladder, found.ground.snapshot.city.place
    simulated = Text(
        zh="模拟数据：不代表任何真实企业", en="Simulated data: about no real enterprise"
    )
    lines = [line for line in words.city(found) if line is not telling.SIMULATED]
    tables = [
        city_tables.progress(found),
        city_tables.outlook(found),
        city_tables.gaps(found),
        *([city_tables.moves(found)] if found.moves else []),
        city_tables.districts(found),
        rung_tables.expiring(found, most=30),
    ]
    return Page(
        language=language,
        title=Text(zh=ladder.title, en=ladder.title_en).say(language),
        name=Text(zh=place.title, en=place.title_en).say(language),
        day=found.ground.climb.day.isoformat(),
        simulated=simulated.say(language) if found.ground.snapshot.simulated else "",
        sentence=" ".join(line.say(language) for line in lines),
        legend=tuple((state.key, telling.STATES[state].say(language)) for state in _SHOWN),
        lines=tuple(_lines(found, language)),
        tables=tuple(_table(table, language) for table in tables if table.rows),
        notes=tuple(line.say(language) for line in words.notes(found)),
    )


def _lines(found: CityLadder, language: Language) -> Iterator[LineShown]:
    for line in found.ground.ladder.lines:
        own = [step for step in found.steps if step.line.id == line.id]
        longest = max(sum(found.funnels[step.id].states[state] for state in _SHOWN) for step in own)
        yield LineShown(
            Text(zh=line.title, en=line.title_en).say(language),
            tuple(_rung(found, step.id, max(longest, 1), language) for step in reversed(own)),
        )


def _rung(found: CityLadder, name: str, longest: int, language: Language) -> RungShown:
    step = next(step for step in found.steps if step.id == name)
    funnel = found.funnels[name]
    bars = tuple(
        Bar(
            state.key,
            telling.STATES[state].say(language),
            fixed(funnel.states[state], 0),
            100 * funnel.states[state] / longest,
        )
        for state in _SHOWN
        if funnel.states[state]
    )
    remark = ""
    if step.rung.unspecified:
        remark = telling.unspecified(step).say(language)
    rule = telling.rule(step.rule).say(language) if step.rule is not None else ""
    return RungShown(
        telling.rung(step).say(language),
        _LEVELS[step.rung.level].say(language),
        rule,
        bars,
        fixed(funnel.library, 0) if step.rule is not None else "",
        remark,
    )


def _table(table: Table, language: Language) -> TableShown:
    rows = tuple(
        tuple(cell if isinstance(cell, str) else cell.say(language) for cell in row)
        for row in table.rows
    )
    figures = tuple(
        all(_FIGURE.fullmatch(row[i]) for row in rows) for i in range(len(table.columns))
    )
    columns = tuple(column.say(language) for column in table.columns)
    return TableShown(table.title.say(language), columns, rows, figures)


def _texts(value: object) -> Iterator[str]:
    """Every text inside a page."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each)
    elif is_dataclass(value):
        for each_field in fields(value):
            yield from _texts(getattr(value, each_field.name))
