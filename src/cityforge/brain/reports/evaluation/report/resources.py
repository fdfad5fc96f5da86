"""What each grade holds of land and energy, and what it brings in tax and sales."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.errors import Language, Text
from cityforge.brain.expr import check
from cityforge.brain.expr.types import Kind
from cityforge.brain.reports.evaluation import wording
from cityforge.brain.reports.evaluation.figures import shares
from cityforge.brain.reports.evaluation.report.told import Figure, Note, Table, Told
from cityforge.brain.reports.evaluation.results import Results
from cityforge.brain.reports.messages import fixed
from cityforge.brain.values.quantity import Unit, unit

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
