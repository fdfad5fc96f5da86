"""What the page carries inside: the figures, and a column-wise table of the enterprises."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.city.scheme import Scheme
from cityforge.brain.errors import ValueRefused
from cityforge.brain.reports import ranking
from cityforge.brain.reports.messages import catalogue
from cityforge.brain.reports.ranking import Group
from cityforge.brain.reports.snapshot import Snapshot
from cityforge.brain.reports.summary import SchemeSummary, Summary
from cityforge.brain.values import industry, unit

MOST_ENTERPRISES = 200_000
NEAR = 20  # places on either side of a limit that stay in when the page must be cut
QUARANTINE_SHOWN = 500

Json = dict[str, Any]


def build(snapshot: Snapshot, summary: Summary, *, most: int = MOST_ENTERPRISES) -> Json:
    """Everything report.js shows, as plain JSON values.

    With more than `most` enterprises only those in a last grade, within NEAR places of a limit or
    listed as movers stay; `enterprises.total` tells of how many.
    """
    years = [snapshot.evaluation(each.scheme, snapshot.year) for each in summary.schemes]
    codes = _codes(years, summary, most=most)
    frame = _aligned(years[0], codes) if years else pa.table({"uscc": pa.array([], pa.string())})
    return {
        "run": snapshot.run,
        "messages": catalogue(),
        "city": _text(snapshot.city.place.title, snapshot.city.place.title_en),
        "province": _text(snapshot.city.place.province, snapshot.city.place.province_en),
        "datasets": [{**asdict(each), "balanced": each.balanced} for each in summary.datasets],
        "by_name": [asdict(each) for each in summary.by_name],
        "quarantine": _quarantine(snapshot),
        "enterprises": {
            "total": years[0].num_rows if years else 0,
            "limit": most,
            "columns": _columns(frame, ["uscc", "name", "district", "industry"])
            if years
            else {"uscc": []},
        },
        "industries": _industries(frame["industry"].to_pylist() if years else []),
        "schemes": [
            _scheme(snapshot, each, _aligned(year, codes))
            for each, year in zip(summary.schemes, years, strict=True)
        ],
    }


def _unit(symbol: str | None) -> Json | None:
    told = unit.written(symbol or "")
    return _text(told.zh, told.en) if symbol else None


def _text(zh: str, en: str) -> Json:
    return {"zh": zh, "en": en}


def _codes(years: Sequence[pa.Table], summary: Summary, *, most: int) -> pa.Array:
    """The credit codes of the enterprises that the page holds, in order."""
    if not years:
        return pa.array([], pa.string())
    every = years[0]["uscc"].combine_chunks()
    if len(every) <= most:
        return every
    kept: set[str] = set()
    for each, year in zip(summary.schemes, years, strict=True):
        kept.update(_closest(year, each))
        if each.moves:
            kept.update(move.uscc for move in (*each.moves.climbers, *each.moves.fallers))
    return pa.array(sorted(kept), pa.string())


def _closest(year: pa.Table, summary: SchemeSummary) -> Iterable[str]:
    columns = ranking.key_columns(summary.scheme)
    for group in summary.groups:
        mine = year.filter(pc.equal(year["status"], "rated"))
        for column, value in zip(columns, group.key, strict=True):
            mine = mine.filter(pc.equal(mine[column], value))
        keep = pc.equal(mine["grade"], group.bands[-1].grade)
        for band in group.bands[:-1]:
            if band.count:
                distance = pc.abs(pc.subtract(mine["rank"], band.last))
                keep = pc.or_(keep, pc.less_equal(distance, NEAR))
        yield from mine.filter(keep)["uscc"].to_pylist()


def _aligned(year: pa.Table, codes: pa.Array) -> pa.Table:
    """The rows of these codes, in their order; a code without a row gives nulls."""
    return year.take(pc.index_in(codes, year["uscc"].combine_chunks()))


def _columns(table: pa.Table, names: Iterable[str]) -> Json:
    return {name: _column(table[name].to_pylist()) for name in names}


def _column(values: list[Any]) -> Any:
    """A list, or {d: distinct values, i: which} where values repeat a lot."""
    short = [float(f"{x:.12g}") if isinstance(x, float) else x for x in values]
    distinct = list(dict.fromkeys(short))
    if len(distinct) * 4 > len(short):
        return short
    place = {value: i for i, value in enumerate(distinct)}
    return {"d": distinct, "i": [place[value] for value in short]}


def _industries(codes: Iterable[str | None]) -> dict[str, str]:
    """Names of the two-digit codes that occur; a code the standard lacks keeps its number."""
    names = {}
    for code in sorted({code for code in codes if code}):
        try:
            names[code] = industry.get(code).name
        except ValueRefused:
            names[code] = code
    return names


def _quarantine(snapshot: Snapshot) -> Json:
    table = snapshot.table("quarantine")
    return {"total": table.num_rows, "rows": table.slice(0, QUARANTINE_SHOWN).to_pylist()}


def _scheme(snapshot: Snapshot, summary: SchemeSummary, now: pa.Table) -> Json:
    scheme = summary.scheme
    before = _aligned(snapshot.evaluation(scheme, summary.year - 1), now["uscc"].combine_chunks())
    entry = next(each for each in snapshot.run["schemes"] if each["id"] == scheme.id)
    return {
        "id": scheme.id,
        "title": _text(scheme.title, scheme.title_en),
        "notes": entry.get("notes", []),
        "evidence": scheme.evidence.model_dump(mode="json"),
        "assumptions": scheme.assumptions,
        "by_district": "district" in scheme.groups,
        "cap": None if scheme.scoring.cap is None else float(scheme.scoring.cap),
        "grades": [
            {"grade": b.grade, "title": b.title, "from": f"{b.from_:f}", "to": f"{b.to:f}"}
            for b in scheme.grading.bands
        ],
        "parts": _parts(scheme),
        "headline": scheme.parts[0].indicators[0].id,
        **_figures(summary),
        "rows": _rows(scheme, summary.groups, now),
        "before": _columns(before, ["status", "grade", "total", "rank", "ranked"]),
    }


def _parts(scheme: Scheme) -> list[Json]:
    return [
        {
            "id": part.id,
            "title": _text(part.title, part.title_en),
            "indicators": [
                {
                    "id": each.id,
                    "title": _text(each.title, each.title_en),
                    "expr": each.expr,
                    "unit": _unit(each.unit),
                    "weight": f"{each.weight:f}",
                    "direction": each.direction,
                }
                for each in part.indicators
            ],
        }
        for part in scheme.parts
    ]


def _figures(summary: SchemeSummary) -> Json:
    moves = summary.moves
    return {
        "sentence": asdict(summary.sentence),
        "statuses": summary.statuses,
        "median": summary.median,
        "median_before": summary.median_before,
        "districts": [{**asdict(each), "rated": each.rated} for each in summary.districts],
        "groups": [asdict(each) for each in summary.groups],
        "histograms": [asdict(each) for each in summary.histograms],
        "moves": moves
        and {
            "matrix": sorted([a, b, count] for (a, b), count in moves.matrix.items()),
            "up": moves.up,
            "down": moves.down,
            "climbers": [asdict(each) for each in moves.climbers],
            "fallers": [asdict(each) for each in moves.fallers],
        },
    }


def _rows(scheme: Scheme, groups: Sequence[Group], now: pa.Table) -> Json:
    indicators = dict.fromkeys(each.id for part in scheme.parts for each in part.indicators)
    measured = [f"{what}_{i}" for i in indicators for what in ("value", "base", "points", "how")]
    own = ["part", "status", "reason", "reason_en", "total", "rank", "ranked", "grade"]
    places = {group.key: i for i, group in enumerate(groups)}
    keys = zip(ranking.keys(now, scheme), now["status"].to_pylist(), strict=True)
    group = [places[key] if status == "rated" else None for key, status in keys]
    return {**_columns(now, [*own, *measured]), "group": _column(group)}


def words_inside(value: Any) -> Iterable[str]:
    """Every text in a payload: the characters that its font must hold."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from words_inside(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from words_inside(inner)
