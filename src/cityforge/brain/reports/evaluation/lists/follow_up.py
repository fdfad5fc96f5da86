"""The last grade with what holds each enterprise back, and columns to be filled in (整治跟踪表)."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.errors import Language, Text
from cityforge.brain.evaluation.reasons.changes import Ways, ways
from cityforge.brain.reports.evaluation import changing, wording
from cityforge.brain.reports.evaluation.lists import sheet
from cityforge.brain.reports.evaluation.lists.measured import POINTS, WHOLE
from cityforge.brain.reports.evaluation.lists.sheet import Cell, Column, Sheet
from cityforge.brain.reports.evaluation.lists.workbook import (
    CODE,
    DISTRICT,
    GRADE,
    NAME,
    NUMBER,
    PART,
)
from cityforge.brain.reports.evaluation.results import Results

WEAKEST = 2  # indicators told of each enterprise
_STATES = (
    Text(zh="未开始", en="not begun"),
    Text(zh="整改中", en="under way"),
    Text(zh="已完成", en="done"),
    Text(zh="已验收", en="accepted"),
)
_DAY = "yyyy-mm-dd"


def write_follow_up(
    results: Results,
    file: Path,
    *,
    grades: Sequence[str] | None = None,
    language: Language = "zh",
) -> Path:
    """Write the follow-up of some grades (the last without), a line an enterprise.

    What is known is filled in: since when, the weakest indicators, the smallest single change that
    would lift it. Measures, responsibility and dates are for people, in yellow.
    """
    chosen = list(grades) if grades is not None else results.scheme.grading.grades[-1:]
    told = Sheet(
        Text(zh="整治跟踪", en="Follow-up"),
        Text(
            zh=f"{results.year} 年度 {'、'.join(chosen)} 类企业整治提升跟踪表",
            en=f"Follow-up of grade {', '.join(chosen)}, {results.year}",
        ),
        list(_columns()),
        list(_rows(results, chosen)),
        marks=wording.marks(results),
        notes=[
            changing.HELD,
            Text(
                zh="黄色各列由属地和责任单位填写；" + wording.NO_VERDICT.zh,
                en="Columns in yellow are for the district and the office. "
                + wording.NO_VERDICT.en,
            ),
            wording.run(results),
        ],
        freeze=2,
    )
    return sheet.write([told], file, language=language)


def _columns() -> Iterator[Column]:
    yield from (NUMBER, NAME, CODE, DISTRICT, PART, GRADE)
    yield Column(Text(zh="起始年度", en="Since"), 10, align="center")
    yield Column(Text(zh="连续年数", en="Years running"), 9, WHOLE, "right")
    yield Column(Text(zh="总分", en="Total"), 9, POINTS, "right")
    yield Column(Text(zh="主要弱项（得分/权重）", en="Weakest (points/weight)"), 44, wrap=True)
    yield Column(Text(zh="历年规则", en="History"), 26, wrap=True)
    yield Column(
        Text(zh="最小单项改变（其他企业不变）", en="Smallest single change"), 44, wrap=True
    )
    fill = [("整治措施", "Measures", 30), ("责任单位", "Office", 14), ("责任人", "Person", 10)]
    for zh, en, width in fill:
        yield Column(Text(zh, en), width, wrap=True, fill_in=True)
    yield Column(Text(zh="计划完成", en="Due"), 12, _DAY, "center", fill_in=True)
    yield Column(Text(zh="进展", en="State"), 10, align="center", fill_in=True, choices=_STATES)
    yield Column(Text(zh="完成日期", en="Done on"), 12, _DAY, "center", fill_in=True)
    yield Column(Text(zh="验收意见", en="Accepted"), 20, wrap=True, fill_in=True)


def _rows(results: Results, grades: Sequence[str]) -> Iterator[list[Cell]]:
    rated = results.rated
    mine = rated.filter(pc.is_in(rated["grade"], pa.array(grades, pa.string())))
    mine = mine.sort_by([("district", "ascending"), ("part", "ascending"), ("rank", "descending")])
    order = {name: i for i, name in enumerate(results.districts)}
    listed = sorted(mine.to_pylist(), key=lambda row: order.get(row["district"], len(order)))
    codes = [row["uscc"] for row in listed]
    found = {
        one.uscc: one
        for one in ways(
            results.prepared, results.now.moment, results.now.rows, results.now.facts, only=codes
        )
    }
    history = {row["uscc"]: row for row in results.consequences.table.to_pylist()}
    blank: list[str | date | None] = [None] * sum(column.fill_in for column in _columns())
    for number, row in enumerate(listed, 1):
        past = history[row["uscc"]]
        rules = results.consequences.rules(past)
        yield [
            number,
            row["name"],
            row["uscc"],
            results.district(row["district"]),
            wording.part(results, row["part"]),
            row["grade"],
            _since(past),
            past["years_running"],
            row["total"],
            weakest(results, row),
            Text(zh="；".join(r.says for r in rules), en="; ".join(r.says_en for r in rules)),
            _smallest(results, found[row["uscc"]]),
            *blank,
        ]


def _since(past: dict[str, Any]) -> Text:
    """The first year of the run; or earlier, where the years before are not known."""
    since = past["since"]
    if past["maybe_longer"]:
        return Text(zh=f"{since} 或以前", en=f"{since} or before")
    return Text(zh=str(since), en=str(since))


def weakest(results: Results, row: dict[str, Any]) -> Text:
    """The indicators that fetch the least of their weight, with points and weight."""
    part = next(part for part in results.scheme.parts if part.id == row["part"])
    shares = []
    for number, one in enumerate(part.indicators):
        points = row[f"points_{one.id}"]
        if points is not None:
            shares.append((points / float(one.weight), number, points, one))
    told = []
    for _, _, points, one in sorted(shares, key=lambda each: each[:2])[:WEAKEST]:
        how = wording.GAPS.get(row[f"how_{one.id}"] or "")
        gap = Text(zh=f"，{how.zh}", en=f", {how.en}") if how else Text(zh="", en="")
        told.append(
            Text(
                zh=f"{one.title} {points:.1f}/{one.weight:f}{gap.zh}",
                en=f"{one.title_en} {points:.1f}/{one.weight:f}{gap.en}",
            )
        )
    return Text(zh="；".join(one.zh for one in told), en="; ".join(one.en for one in told))


def _smallest(results: Results, way: Ways) -> Text:
    told = changing.told(results, way, most=1)
    return told[0] if told else wording.NONE
