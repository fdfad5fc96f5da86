"""What asks for attention: ways up, gaps in the data, the enterprises of the last grade."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pyarrow.compute as pc

from cityforge.brain.errors import Text
from cityforge.brain.evaluation.reasons.changes import Ways, ways
from cityforge.brain.reports.evaluation import changing, wording
from cityforge.brain.reports.evaluation.lists.follow_up import weakest
from cityforge.brain.reports.evaluation.report.told import NO_TITLE, Note, Table, Told
from cityforge.brain.reports.evaluation.results import Results
from cityforge.brain.reports.messages import fixed

MOST_LISTED = 200
_REASONS = 8
_STEPS = (Decimal("0.05"), Decimal("0.1"), Decimal("0.2"), Decimal("0.5"))


def wanted(results: Results) -> Iterator[Told]:
    """How near enterprises are to the next grade, by the smallest single change."""
    now = results.now
    found = ways(results.prepared, now.moment, now.rows, now.facts, with_sets=False)
    below = [one for one in found if one.target is not None]
    grades = results.scheme.grading.grades
    rows = []
    for grade in reversed(grades[1:]):
        mine = [one for one in below if one.grade == grade]
        if mine:
            rows.append(_ladder(results, grade, mine))
    columns = [Text(zh="升等", en="Step"), Text(zh="家数", en="Number")]
    for step in _STEPS:
        columns.append(Text(zh=f"≤{step * 100:.0f}%", en=f"≤{step * 100:.0f}%"))
    columns += [
        Text(zh="更多", en="more"),
        Text(zh="单项不够", en="none alone"),
        Text(zh="受限制", en="bounded"),
        Text(zh="最常见的一项", en="Most often"),
    ]
    yield Table(
        Text(
            zh="升一等所需的最小单项改变（家）", en="The smallest single change that lifts a grade"
        ),
        tuple(columns),
        tuple(rows),
        figures=frozenset(range(1, len(columns) - 1)),
    )
    for note in changing.notes(results):
        yield Note(note)


def _ladder(results: Results, grade: str, mine: list[Ways]) -> tuple[str | Text, ...]:
    smallest = [one.singles[0] for one in mine if one.singles]
    known = [one.relative for one in smallest if one.relative is not None]
    counts, before = [], 0
    for step in _STEPS:
        upto = sum(share <= step for share in known)
        counts.append(upto - before)
        before = upto
    often = Counter(one.fact for one in smallest).most_common(1)
    most = wording.NONE
    if often:
        title = results.names.column(often[0][0])
        most = Text(zh=f"{title.zh}（{often[0][1]:,} 家）", en=f"{title.en} ({often[0][1]:,})")
    blocked = sum(one.blocked is not None for one in mine)
    none = len(mine) - len(smallest) - blocked
    more = len(smallest) - before
    target = mine[0].target or ""
    numbers = (len(mine), *counts, more, none, blocked)
    return (f"{grade} → {target}", *(f"{one:,}" for one in numbers), most)


def gaps(results: Results) -> Iterator[Told]:
    """What was not known: why enterprises could not be judged, which indicators lacked data."""
    rows = results.now.rows
    open_ = rows.filter(pc.equal(rows["status"], "undetermined"))
    reasons = Counter(zip(open_["reason"].to_pylist(), open_["reason_en"].to_pylist(), strict=True))
    if reasons:
        shown = reasons.most_common(_REASONS)
        lines: list[tuple[Text | str, ...]] = [
            (Text(zh=zh or "—", en=en or zh or "—"), f"{count:,}") for (zh, en), count in shown
        ]
        rest = sum(reasons.values()) - sum(count for _, count in shown)
        if rest:
            lines.append((Text(zh="其他", en="others"), f"{rest:,}"))
        yield Table(
            Text(zh="无法判定的原因", en="Why enterprises are undetermined"),
            (Text(zh="缺什么", en="What is lacking"), Text(zh="家数", en="Number")),
            tuple(lines),
            figures=frozenset({1}),
        )
    yield _filled(results)
    yield from _quarantined(results)


def _filled(results: Results) -> Table:
    rated = results.rated
    lines = []
    for part in results.scheme.parts:
        mine = rated.filter(pc.equal(rated["part"], part.id))
        for one in part.indicators:
            how = Counter(mine[f"how_{one.id}"].to_pylist())
            filled = {name: count for name, count in how.items() if name in wording.GAPS}
            words = [wording.GAPS[name] for name in filled]
            missing = sum(filled.values())
            share = f"{missing / mine.num_rows:.1%}" if mine.num_rows else "—"
            lines.append(
                (
                    Text(zh=part.title, en=part.title_en),
                    wording.title(one),
                    f"{missing:,}",
                    share,
                    Text(
                        zh="；".join(one.zh for one in words) or "—",
                        en="; ".join(one.en for one in words) or "—",
                    ),
                )
            )
    return Table(
        Text(zh="参评企业的指标缺数", en="Indicators without data among the rated"),
        (
            Text(zh="部分", en="Part"),
            Text(zh="指标", en="Indicator"),
            Text(zh="缺数（家）", en="missing"),
            Text(zh="占比", en="share"),
            Text(zh="怎样处理", en="how filled"),
        ),
        tuple(lines),
        figures=frozenset({2, 3}),
    )


def _quarantined(results: Results) -> Iterator[Told]:
    entries: list[dict[str, Any]] = results.snapshot.run["intake"]
    bad = sum(entry["quarantined"] for entry in entries)
    read = sum(entry["read"] for entry in entries)
    if not bad:
        return
    worst = sorted(entries, key=lambda entry: -entry["quarantined"])[:3]
    worst = [entry for entry in worst if entry["quarantined"]]
    named = "、".join(f"{entry['title']} {entry['quarantined']:,} 行" for entry in worst)
    english = ", ".join(
        f"{entry.get('title_en', entry['dataset'])} {entry['quarantined']:,}" for entry in worst
    )
    yield Text(
        zh=f"读入数据 {read:,} 行，{bad:,} 行（{bad / read:.1%}）未通过核验，已隔离，不参与计算；"
        f"最多的是{named}。",
        en=f"Of {read:,} rows read {bad:,} ({bad / read:.1%}) did not pass and took no part; most "
        f"of {english}.",
    )


def last_grade(results: Results) -> Iterator[Told]:
    """The enterprises of the last grade, up to MOST_LISTED; the workbook has them all."""
    grade = results.scheme.grading.grades[-1]
    rated = results.rated
    mine = rated.filter(pc.equal(rated["grade"], grade))
    order = {name: i for i, name in enumerate(results.districts)}
    parts = [part.id for part in results.scheme.parts]
    listed = sorted(
        mine.to_pylist(),
        key=lambda row: (order.get(row["district"], 99), parts.index(row["part"]), row["rank"]),
    )
    past = {row["uscc"]: row for row in results.consequences.table.to_pylist()}
    rows = []
    for number, row in enumerate(listed[:MOST_LISTED], 1):
        years = past[row["uscc"]]
        more = "+" if years["maybe_longer"] and len(results.years) > 1 else ""
        rows.append(
            (
                f"{number}",
                row["name"] or "—",
                results.district(row["district"]),
                wording.part(results, row["part"]),
                fixed(row["total"], 2),
                f"{row['rank']:,}/{row['ranked']:,}",
                f"{years['years_running']}{more}",
                weakest(results, row),
            )
        )
    if not rows:
        yield Text(zh=f"没有 {grade} 类企业。", en=f"No enterprise is in {grade}.")
        return
    yield Table(
        NO_TITLE,
        (
            Text(zh="序号", en="No."),
            Text(zh="企业名称", en="Enterprise"),
            Text(zh="属地", en="District"),
            Text(zh="部分", en="Part"),
            Text(zh="总分", en="Total"),
            Text(zh="名次", en="Rank"),
            Text(zh="年数", en="Years"),
            Text(zh="主要弱项（得分/权重）", en="Weakest (points/weight)"),
        ),
        tuple(rows),
        figures=frozenset({0, 4, 5, 6}),
    )
    left = len(listed) - len(rows)
    told = "年数为连续年数，带 + 的更早年度未知。"
    told_en = "Years: running in this grade; with + the years before are not known."
    if left > 0:
        told += f"另有 {left:,} 家，见评价结果表。"
        told_en += f" {left:,} more in the workbook."
    yield Note(Text(zh=told + wording.NO_VERDICT.zh, en=f"{told_en} {wording.NO_VERDICT.en}"))
