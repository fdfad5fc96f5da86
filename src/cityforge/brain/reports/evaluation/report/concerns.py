"""What asks for attention: what the low grades hold, ways up, gaps in the data, the last grade."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.errors import Language, Text
from cityforge.brain.evaluation.reasons.changes import Ways, ways
from cityforge.brain.expr import check
from cityforge.brain.expr.types import Kind
from cityforge.brain.reports.evaluation import changing, wording
from cityforge.brain.reports.evaluation.figures import shares
from cityforge.brain.reports.evaluation.lists.follow_up import weakest
from cityforge.brain.reports.evaluation.report.told import NO_TITLE, Figure, Note, Table, Told
from cityforge.brain.reports.evaluation.results import Results
from cityforge.brain.reports.messages import fixed
from cityforge.brain.values.quantity import Unit, unit

MOST_LISTED = 200
_REASONS = 8
_STEPS = (Decimal("0.05"), Decimal("0.1"), Decimal("0.2"), Decimal("0.5"))
_MONEY = unit("元")
_HELD = ("亩", "吨标准煤", "千瓦时", "吨", "立方米")  # what is used up, not brought in


def low(results: Results) -> list[str]:
    """The lower half of the grades: C and D of four."""
    grades = results.scheme.grading.grades
    return grades[len(grades) - max(1, len(grades) // 2) :]


def resources(results: Results, language: Language) -> Iterator[Told]:
    """What each grade holds of the land and energy that the scheme looks at, and what it brings."""
    grades = results.scheme.grading.grades
    found = list(_sums(results))
    if not found:
        return
    rated = results.rated
    counts = Counter(rated["grade"].to_pylist())
    every = [counts[grade] / rated.num_rows for grade in grades]
    drawn = [(Text(zh="企业数", en="enterprises").say(language), every)]
    drawn += [(one.title.say(language), one.shares) for one in found if one.shares]
    some = low(results)
    said = _said(results, [one for one in found if one.shares], every)
    yield said
    yield Figure(
        Text(zh="各等级的占比", en="Shares of the grades"),
        shares.draw(drawn, grades, says=said.say(language)),
        said,
    )
    yield Table(
        Text(zh="各等级占用的资源和贡献", en="Resources held and brought, by grade"),
        (
            Text(zh="项目", en="Item"),
            Text(zh="合计", en="In all"),
            *(Text(zh=grade, en=grade) for grade in grades),
            Text(zh="、".join(some) + " 合计", en=" + ".join(some)),
            Text(zh="缺数（家）", en="missing"),
        ),
        tuple(
            (
                one.title,
                one.total,
                *(f"{share:.1%}" for share in one.shares or [0.0] * len(grades)),
                f"{_of(grades, one.shares, some):.1%}",
                f"{one.missing:,}",
            )
            for one in found
        ),
        figures=frozenset(range(1, len(grades) + 4)),
    )
    yield Note(
        Text(
            zh="只计有数据的参评企业；标明部分的，只计该部分。",
            en="Only rated enterprises with data; where a part is named, that part alone.",
        )
    )


class _Sum:
    """One fact added up over the rated: share of each grade, total in words, who lacks it."""

    def __init__(self, title: Text, of: Unit, by: dict[str, Decimal], missing: int) -> None:
        self.title, self.unit, self.missing = title, of, missing
        whole = sum(by.values(), Decimal(0))
        self.shares = [float(part / whole) for part in by.values()] if whole > 0 else []
        self.total = _total(whole, of)

    @property
    def is_held(self) -> bool:
        return any(self.unit.is_like(unit(one)) for one in _HELD)


def _sums(results: Results) -> Iterator[_Sum]:
    """Every number that the indicators read, once, over the parts that read it."""
    rated = pc.equal(results.now.rows["status"], "rated")
    rows, facts = results.now.rows.filter(rated), results.now.facts.filter(rated)
    book, parts = results.prepared.book, results.prepared.parts
    read: dict[str, list[str]] = {}
    for part in parts:
        for indicator in part.indicators:
            for name in sorted(check.names(indicator.expression)):
                if name in book.facts and book.facts[name].type.kind is Kind.EXACT:
                    read.setdefault(name, []).append(part.part.id)
    for name, some in read.items():
        inside = pc.is_in(rows["part"], pa.array(sorted(set(some))))
        values, grades = facts[name].filter(inside), rows["grade"].filter(inside)
        by = {}
        for grade in results.scheme.grading.grades:
            summed = pc.sum(values.filter(pc.equal(grades, grade))).as_py()
            by[grade] = Decimal(summed or 0)
        title = results.names.column(name)
        if len(set(some)) < len(parts):
            where = [wording.part(results, one) for one in dict.fromkeys(some)]
            title = Text(
                zh=f"{title.zh}（{'、'.join(one.zh for one in where)}）",
                en=f"{title.en} ({', '.join(one.en for one in where)})",
            )
        yield _Sum(title, book.facts[name].type.unit, by, values.null_count)


def _total(whole: Decimal, of: Unit) -> Text:
    """Money in 亿元, everything else in its own unit."""
    if of.is_like(_MONEY):
        yuan = whole * Decimal(of.factor.numerator) / Decimal(of.factor.denominator)
        yuan = yuan * Decimal(_MONEY.factor.denominator) / Decimal(_MONEY.factor.numerator)
        return Text(
            zh=f"{fixed(float(yuan / 10**8), 2)} 亿元", en=f"{fixed(float(yuan / 10**6), 1)} m yuan"
        )
    told = f"{fixed(float(whole), 0)} {of.symbol}".strip()
    return Text(zh=told, en=told)


def _of(grades: list[str], shares_: list[float], some: list[str]) -> float:
    return sum(share for grade, share in zip(grades, shares_, strict=False) if grade in some)


def _said(results: Results, found: list[_Sum], every: list[float]) -> Text:
    grades, some = results.scheme.grading.grades, low(results)
    held = [(one.title, _of(grades, one.shares, some)) for one in found if one.is_held]
    brought = [(one.title, _of(grades, one.shares, some)) for one in found if not one.is_held]
    zh = f"{'、'.join(some)} 类占参评企业的 {_of(grades, every, some):.1%}"
    en = f"{' and '.join(some)} are {_of(grades, every, some):.1%} of the rated"
    if held:
        zh += "，占用" + "、".join(f"{title.zh}的 {share:.1%}" for title, share in held)
        en += ", hold " + ", ".join(f"{share:.1%} of {title.en}" for title, share in held)
    if brought:
        zh += "，贡献" + "、".join(f"{title.zh}的 {share:.1%}" for title, share in brought)
        en += " and bring " + ", ".join(f"{share:.1%} of {title.en}" for title, share in brought)
    return Text(zh=zh + "。", en=en + ".")


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
