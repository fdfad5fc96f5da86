"""The content of a letter to one enterprise: its result, why, and what can be done."""

from collections.abc import Iterator
from dataclasses import dataclass

from cityforge.brain.errors import Language, Text
from cityforge.brain.evaluation.extras import BONUS, PENALTY
from cityforge.brain.evaluation.reasons.sureness import Sureness
from cityforge.brain.evaluation.reasons.why import IndicatorReason
from cityforge.brain.reports.evaluation import wording
from cityforge.brain.reports.evaluation.figures import strip
from cityforge.brain.reports.evaluation.letter import blocks
from cityforge.brain.reports.evaluation.letter.enterprise import Enterprise, find
from cityforge.brain.reports.evaluation.letter.page import Figure, Letter, Line, Source
from cityforge.brain.reports.evaluation.period import NOT_SETTLED, Publicity
from cityforge.brain.reports.evaluation.results import Results
from cityforge.brain.reports.messages import fixed, number, quantity
from cityforge.brain.reports.provenance import Provenance
from cityforge.brain.values.unit import written

# Of a smaller group its quantiles would tell of single others.
LEAST_SHOWN = 10


def letter(
    results: Results,
    who: str,
    *,
    publicity: Publicity = NOT_SETTLED,
    sure: Sureness | None = None,
    language: Language = "zh",
) -> Letter:
    """The letter to one enterprise, by credit code or whole name.

    publicity  when the list is public and where objections go
    sure       how sure the grades are, where that was worked out
    Raises RunRefused where there is no such enterprise.
    """
    return _Content(find(results, who), publicity, sure, language).letter()


@dataclass(frozen=True, slots=True)
class _Content:
    enterprise: Enterprise
    publicity: Publicity
    sure: Sureness | None
    language: Language

    @property
    def results(self) -> Results:
        return self.enterprise.results

    def say(self, text: Text) -> str:
        return text.say(self.language)

    def pick(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def letter(self) -> Letter:
        row, snapshot = self.enterprise.row, self.results.snapshot
        found = self.enterprise.why
        about = [self.say(self.results.district(row["district"]))]
        if self.enterprise.part is not None:
            about.append(self.say(wording.part(self.results, row["part"])))
        about.append(self.pick(f"数据截至 {snapshot.as_of}", f"data as of {snapshot.as_of}"))
        return Letter(
            language=self.language,
            title=self.pick(
                f"{self.results.year} 年度企业综合评价结果告知书",
                f"Notice of the evaluation of {self.results.year}",
            ),
            name=str(row["name"]),
            code=self.enterprise.uscc,
            about=tuple(about),
            marks=tuple(self.say(one) for one in wording.marks(self.results)),
            sentence=self.say(blocks.sentence(self.enterprise)),
            figures=tuple(self._figures()),
            lines=tuple(self._line(one) for one in found.indicators) if found else (),
            lines_note=self._lines_note(),
            sum_=tuple(self._sum()),
            blocks=tuple(
                block.say(self.language)
                for block in blocks.of(self.enterprise, self.publicity, self.sure)
            ),
            sources=tuple(self._sources()),
            footer=(
                self.say(wording.NO_VERDICT),
                self.pick("评价方案：", "Scheme: ")
                + self.say(wording.scheme(self.results.scheme))
                + self.pick("。依据：", ". Evidence: ")
                + self.say(wording.evidence(self.results.scheme.evidence)),
                self.say(wording.run(self.results)),
            ),
        )

    def _figures(self) -> Iterator[Figure]:
        row = self.enterprise.row
        if not self.enterprise.is_rated:
            return
        band = next(b for b in self.results.scheme.grading.bands if b.grade == row["grade"])
        yield Figure(self.pick("等级", "Grade"), row["grade"], self.pick(band.title or "", ""))
        yield Figure(self.pick("总分", "Total"), fixed(row["total"], 2), self._before_total())
        yield Figure(
            self.pick("组内名次", "Rank in group"),
            fixed(row["rank"], 0),
            self.pick(
                f"“{self.enterprise.group.zh}”共 {row['ranked']:,} 家",
                f"of {row['ranked']:,} in {self.enterprise.group.en}",
            ),
        )

    def _before_total(self) -> str:
        before = self.enterprise.before
        if before is None or before["status"] != "rated":
            return self.pick("上年未参评", "not rated the year before")
        return self.pick(
            f"上年 {fixed(before['total'], 2)} 分，{before['grade']} 类，"
            f"第 {before['rank']:,} / {before['ranked']:,} 位",
            f"the year before {fixed(before['total'], 2)}, {before['grade']}, "
            f"{before['rank']:,} of {before['ranked']:,}",
        )

    def _line(self, one: IndicatorReason) -> Line:
        indicator = one.indicator.indicator
        title = self.say(wording.title(indicator))
        how = wording.GAPS.get(one.how or "")
        down = self.pick("越低越好", "less is better") if indicator.direction == "down" else ""
        notes = (self.say(written(indicator.unit or "")), down, self.say(how) if how else "")
        place = drawn = ""
        if one.place is not None:
            place = self.pick(
                f"第 {one.place:,} / {one.count:,}", f"{one.place:,} of {one.count:,}"
            )
        if one.count >= LEAST_SHOWN:
            middle = self.say(quantity(one.spread[2], indicator.unit))
            says = self.pick(f"{title}：组内中位数 {middle}", f"{title}: median {middle}")
            drawn = strip.draw(one.value, one.base, one.spread, says=says)
        return Line(
            title=title,
            value="—" if one.value is None else number(one.value),
            base="—" if one.base is None else number(one.base),
            points="—" if one.points is None else fixed(one.points, 2),
            weight=f"{indicator.weight:f}",
            place=place,
            strip=drawn,
            note=self.pick("；", "; ").join(one for one in notes if one),
        )

    def _lines_note(self) -> str:
        found = self.enterprise.why
        if found is None:
            return ""
        if any(one.count >= LEAST_SHOWN for one in found.indicators):
            return self.pick(
                "● 本企业　▽ 基准值　深色为同组中间一半企业，浅色为中间八成，竖线为中位数；"
                "相差悬殊的按倍数画。",
                "● own value  ▽ base  dark: the middle half of the group, light: the middle 80 %, "
                "bar: the median; drawn by ratios where far apart.",
            )
        return self.pick(
            f"同组不足 {LEAST_SHOWN} 家，不画分布，以免透露他人数据。",
            f"Fewer than {LEAST_SHOWN} in the group: no distribution, lest it tell of others.",
        )

    def _sum(self) -> Iterator[tuple[str, str]]:
        """Bonus, penalty and the total, under the indicators."""
        row, scheme = self.enterprise.row, self.results.scheme
        if not self.enterprise.is_rated:
            return
        both = (
            (BONUS, scheme.bonus, Text(zh="加分", en="Bonus"), "+"),
            (PENALTY, scheme.penalty, Text(zh="减分", en="Penalty"), "−"),
        )
        for kind, extras, title, sign in both:
            if extras is None:
                continue
            items = [one for one in extras.items if row[f"{kind}_{one.id}"]]
            said = "、".join(self.pick(one.says, one.says_en) for one in items)
            told = self.say(title) + (self.pick(f"（{said}）", f" ({said})") if said else "")
            yield told, f"{sign if row[kind] else ''}{fixed(row[kind], 2)}"
        yield self.pick("总分", "Total"), fixed(row["total"], 2)

    def _sources(self) -> Iterator[Source]:
        """The data it rests on, by dataset."""
        groups: dict[str, list[tuple[Provenance, object]]] = {}
        for origin, value in self.enterprise.sources():
            groups.setdefault(origin.dataset.zh, []).append((origin, value))
        for pairs in groups.values():
            first = pairs[0][0]
            year = (
                self.pick(f"{first.year} 年", str(first.year))
                if first.year
                else self.pick(
                    f"截至 {self.results.snapshot.as_of}", f"as of {self.results.snapshot.as_of}"
                )
            )
            told = []
            for origin, value in pairs:
                shown = self.pick("缺", "missing")
                if value is not None:
                    shown = self.say(self.results.names.value(origin.column, value))
                told.append(f"{self.say(origin.title)} {shown}")
            yield Source(
                title=self.pick(
                    f"{first.dataset.zh}（{first.owner.zh}，{year}）",
                    f"{first.dataset.en} ({first.owner.en}, {year})",
                ),
                values=self.pick("；", "; ").join(told),
                correct=self.say(first.correct),
            )
