"""One enterprise's grade in words: how it came about, and what would change it."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.city.scheme import Scheme, SchemeIndicator
from cityforge.brain.errors import Language, RunRefused, Text
from cityforge.brain.reports import ranking
from cityforge.brain.reports import snapshot as snapshots
from cityforge.brain.reports.messages import fixed, quantity, say, text
from cityforge.brain.reports.ranking import Group
from cityforge.brain.reports.snapshot import Snapshot

Row = dict[str, Any]
Groups = Mapping[ranking.Key, Group]
# A line to be: a message and what fills its places. report.js says the same lines in the page.
Line = tuple[str, dict[str, str | Text]]


def explain(folder: Path, who: str, *, scheme: str | None = None, language: Language = "zh") -> str:
    """The grade of one enterprise of the snapshot in a folder, line by line.

    who      credit code, or the whole name where only one enterprise bears it
    scheme   its id; without it the first of the run

    Raises RunRefused where the run has no such enterprise or scheme; it tells why a row was
    quarantined where the code stands among the quarantined.
    """
    snapshot = snapshots.read(folder)
    chosen = snapshot.scheme(scheme)
    now = snapshot.evaluation(chosen, snapshot.year)
    row = _find(snapshot, now, who)
    before = _rows(snapshot.evaluation(chosen, snapshot.year - 1), "uscc", row["uscc"])
    groups = ranking.groups(now, chosen, snapshot.city.place)
    lines = _lines(snapshot, chosen, groups, row, before[0] if before else None)
    return "\n".join(say(key, language, **values) for key, values in lines)


def groups(snapshot: Snapshot, scheme: Scheme) -> Groups:
    """The ranking groups that `told` tells of, read once for many enterprises."""
    columns = ["uscc", "status", "grade", "rank", "ranked", "total"]
    only = [*columns, *ranking.key_columns(scheme)]
    now = snapshot.evaluation(scheme, snapshot.year, only=only)
    return ranking.groups(now, scheme, snapshot.city.place)


def told(
    snapshot: Snapshot, scheme: Scheme, groups: Groups, rows: Iterable[Row]
) -> tuple[Text, ...]:
    """What `explain` says, in both languages, of the enterprise that these rows are of.

    rows    its rows of `evaluation_<scheme>`, a row a year; no lines where the year's is not there
    """
    by_year = {row["year"]: row for row in rows}
    row = by_year.get(snapshot.year)
    if row is None:
        return ()
    lines = _lines(snapshot, scheme, groups, row, by_year.get(snapshot.year - 1))
    return tuple(text(key, **values) for key, values in lines)


def _rows(table: pa.Table, column: str, value: str) -> list[Row]:
    found: list[Row] = table.filter(pc.equal(table[column], value)).to_pylist()
    return found


def _find(snapshot: Snapshot, now: pa.Table, who: str) -> Row:
    wanted = who.strip()
    found = _rows(now, "uscc", wanted.upper()) or _rows(now, "name", wanted)
    if len(found) == 1:
        return found[0]
    if found:
        codes = [row["uscc"] for row in found[:5]]
        raise RunRefused(
            Text(
                zh=f"有 {len(found)} 家企业名为“{wanted}”，请用代码：{'、'.join(codes)}",
                en=f"{len(found)} enterprises are named '{wanted}'; give a code: "
                + ", ".join(codes),
            )
        )
    quarantined = _rows(snapshot.table("quarantine"), "value", wanted)
    if quarantined:
        row = quarantined[0]
        raise RunRefused(
            Text(
                zh=f"{wanted} 的数据被隔离：{row['title']}第 {row['row']} 行，{row['reason_zh']}；"
                "改正后重新运行",
                en=f"{wanted} is quarantined: row {row['row']} of {row['dataset']}: "
                f"{row['reason_en']}. Correct it and run again.",
            )
        )
    raise RunRefused(
        Text(
            zh=f"本次运行没有代码或名称为“{wanted}”的企业；请核对，或在报告中查找",
            en=f"This run has no enterprise with the code or name '{wanted}'; check it, or "
            "search in the report.",
        )
    )


def _lines(
    snapshot: Snapshot, scheme: Scheme, groups: Groups, row: Row, before: Row | None
) -> Iterator[Line]:
    if snapshot.simulated:
        yield "x_simulated", {}
    who: dict[str, str | Text] = {
        "name": row["name"],
        "uscc": row["uscc"],
        "year": str(snapshot.year),
    }
    if row["status"] == "rated":
        group = groups[tuple(str(row[name]) for name in ranking.key_columns(scheme))]
        yield "x_rated", {**who, "grade": row["grade"]}
        yield from _rated(scheme, row, group)
    else:
        yield f"x_{row['status']}", who
    if row["reason"]:
        reason = Text(zh=row["reason"], en=row["reason_en"] or row["reason"])
        yield "x_reason", {"reason": reason}
    yield _year_before(before, snapshot.year - 1)
    yield from _footing(snapshot, scheme)


def _rated(scheme: Scheme, row: Row, group: Group) -> Iterator[Line]:
    yield (
        "x_rank",
        {
            "total": fixed(row["total"], 2),
            "group": group.title,
            "ranked": fixed(row["ranked"], 0),
            "rank": fixed(row["rank"], 0),
            "share": fixed(100 * row["rank"] / row["ranked"], 1),
        },
    )
    part = next(part for part in scheme.parts if part.id == row["part"])
    for indicator in part.indicators:
        yield _indicator(indicator, row)
    yield from _distance(scheme, row, group)


def _indicator(indicator: SchemeIndicator, row: Row) -> Line:
    values: dict[str, str | Text] = {
        "indicator": _title(indicator),
        "weight": f"{indicator.weight:f}",
    }
    how, points = row[f"how_{indicator.id}"], row[f"points_{indicator.id}"]
    if how is None or points is None:
        return "x_none", values
    values["points"] = fixed(points, 2)
    for name in ("value", "base"):
        figure = row[f"{name}_{indicator.id}"]
        if figure is not None:
            values[name] = quantity(figure, indicator.unit)
    return f"x_{how}", values


def _distance(scheme: Scheme, row: Row, group: Group) -> Iterator[Line]:
    at = group.place_of(row["grade"])
    band = group.bands[at]
    assert band.low is not None and band.high is not None  # it holds at least this enterprise
    yield (
        "x_band",
        {
            "grade": band.grade,
            "first": fixed(band.first, 0),
            "last": fixed(band.last, 0),
            "count": fixed(band.count, 0),
            "low": fixed(band.low, 2),
            "high": fixed(band.high, 2),
        },
    )
    if at == 0:
        yield _best(row, group)
        return
    better = group.bands[at - 1]
    if better.low is None:
        yield "x_next_empty", {"grade": better.grade}
        return
    last = fixed(better.last, 0)
    distance = better.low - row["total"]
    if distance <= 0:
        yield "x_next_tie", {"grade": better.grade, "last": last}
        return
    low = fixed(better.low, 2)
    yield (
        "x_next",
        {"grade": better.grade, "distance": fixed(distance, 2), "last": last, "low": low},
    )
    levers = list(_levers(scheme, row, distance))
    if levers:
        yield "x_levers", {}
        yield from levers


def _best(row: Row, group: Group) -> Line:
    high = group.bands[1].high if len(group.bands) > 1 else None
    if high is None:
        return "x_best", {}
    return "x_best_margin", {"margin": fixed(row["total"] - high, 2)}


def _levers(scheme: Scheme, row: Row, distance: float) -> Iterator[Line]:
    """The value of one indicator alone that would bring the missing points.

    Turns points = value / base x weight around; an indicator that its cap would stop is no lever.
    """
    part = next(part for part in scheme.parts if part.id == row["part"])
    cap = scheme.scoring.cap
    for indicator in part.indicators:
        if row[f"how_{indicator.id}"] != "scored" or indicator.direction != "up":
            continue
        base, weight = row[f"base_{indicator.id}"], float(indicator.weight)
        needed = row[f"points_{indicator.id}"] + distance
        value = needed * base / weight
        delta = value - row[f"value_{indicator.id}"]
        if delta <= 0 or (cap is not None and needed > float(cap) * weight):
            continue
        yield (
            "x_lever",
            {
                "indicator": _title(indicator),
                "value": quantity(value, indicator.unit),
                "delta": quantity(delta, indicator.unit),
            },
        )


def _year_before(before: Row | None, year: int) -> Line:
    if before is None or before["status"] != "rated":
        return "x_before_none", {"year": str(year)}
    return (
        "x_before",
        {
            "year": str(year),
            "grade": before["grade"],
            "total": fixed(before["total"], 2),
            "rank": fixed(before["rank"], 0),
            "ranked": fixed(before["ranked"], 0),
        },
    )


def _footing(snapshot: Snapshot, scheme: Scheme) -> Iterator[Line]:
    evidence = scheme.evidence
    yield (
        "x_scheme",
        {
            "title": Text(zh=scheme.title, en=scheme.title_en),
            "source": evidence.source,
            "verified": text(f"verified_{evidence.verified.value}"),
        },
    )
    for assumption in scheme.assumptions:
        yield "x_assumption", {"text": assumption}
    yield "x_run", {"as_of": snapshot.run["as_of"], "run": snapshot.run["run_id"]}


def _title(indicator: SchemeIndicator) -> Text:
    return Text(zh=indicator.title, en=indicator.title_en)
