"""The content of a diagnosis's page out of what was judged."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from cityforge.brain.errors import Language, Text
from cityforge.brain.evaluation.diagnosis.improve import Need, improved
from cityforge.brain.evaluation.diagnosis.improve import Way as Found
from cityforge.brain.evaluation.diagnosis.moves import Improvement
from cityforge.brain.reports.diagnosis import questions, radar, wording
from cityforge.brain.reports.diagnosis.diagnosed import Diagnosed
from cityforge.brain.reports.diagnosis.page import (
    Bar,
    Figure,
    Open,
    Page,
    Pair,
    Step,
    Way,
)

_MOST_OPEN = 12


def build(found: Diagnosed, language: Language) -> Page:
    """The content of a page in one language."""
    return Content(found, language).page()


@dataclass(frozen=True, slots=True)
class Content:
    """Says a diagnosis in one language; the terminal takes its tables from here too."""

    found: Diagnosed
    language: Language

    def say(self, text: Text) -> str:
        return text.say(self.language)

    def pick(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    @property
    def is_maturity(self) -> bool:
        return self.found.diagnosis.scoring.method == "maturity"

    def page(self) -> Page:
        found, diagnosis = self.found, self.found.diagnosis
        document = diagnosis.document
        number = f"（{document.number}）" if document.number else ""
        bars = tuple(self.bars())
        return Page(
            language=self.language,
            title=self.pick("诊断报告", "Diagnosis"),
            diagnosis=self.pick(diagnosis.title, diagnosis.title_en),
            name=found.name or self.pick("未写企业名称", "no name stated"),
            code=found.code,
            about=tuple(self._about()),
            simulated=self.pick(
                "模拟数据：不代表任何真实企业", "Simulated data: about no real enterprise"
            )
            if found.simulated
            else "",
            sentence=self.sentence(),
            figures=tuple(self._figures()),
            bars=bars,
            radar=radar.draw(
                [(bar.title, bar.low, bar.high) for bar in bars],
                says=self.pick("各板块完成度", "how far each part is"),
            ),
            levels=tuple(self.level_lines()),
            ways=tuple(self.way(i, way) for i, way in enumerate(found.ahead.ways)),
            ways_title=self.ways_title(),
            ways_note=self.ways_note(),
            open=tuple(self.open())[:_MOST_OPEN],
            parts=tuple(questions.parts(found, language=self.language)),
            assumptions=tuple(diagnosis.assumptions),
            document=f"《{document.title}》{number}{document.clause or ''}",
            verified=self.say(wording.VERIFIED[diagnosis.evidence.verified]),
            disclaimer=tuple(self._disclaimer()),
            run=str(found.snapshot.run["run_id"]) if found.snapshot is not None else "",
        )

    def _about(self) -> Iterator[str]:
        found = self.found
        yield from filter(None, (self.say(found.district), self.say(found.industry)))
        if found.result.answers.on is not None:
            yield self.pick(
                f"填报于 {found.result.answers.on}", f"answered on {found.result.answers.on}"
            )
        if found.snapshot is not None:
            as_of = found.snapshot.as_of
            yield self.pick(f"城市数据截至 {as_of}", f"the city's data as of {as_of}")

    def sentence(self) -> str:
        """The level, the score, and how far the next one is."""
        found, result = self.found, self.found.result
        level = self.say(wording.levels(found.diagnosis, result.level))
        score = wording.span(result.score)
        parts = [self.pick(f"{level}，{self.score_words(score)}",
                           f"{level}: {self.score_words(score)}")]  # fmt: skip
        count = len(result.unanswered)
        if count:
            parts.append(self.pick(f"还有 {count} 题未答", f"{count} question(s) are not answered"))
        if found.ahead.level is None:
            parts.append(self.pick("已是最高一级", "the highest level is reached"))
        elif found.ahead.ways:
            best = found.ahead.ways[0]
            name = self.say(wording.level(found.diagnosis, found.ahead.level))
            cost = self.say(wording.cost(best.cost))
            parts.append(
                self.pick(
                    f"到“{name}”最省的办法是 {len(best.improvements)} 项改进，估算{cost}",
                    f"the cheapest way to '{name}' is {len(best.improvements)} improvement(s), "
                    f"estimated at {cost}",
                )
            )
        return self.pick("；".join(parts) + "。", "; ".join(parts) + ".")

    def score_words(self, score: str) -> str:
        if self.is_maturity:
            return self.pick(f"总分 S {score}", f"S {score}")
        return self.pick(f"得 {score} 分", f"{score} points")

    def _figures(self) -> Iterator[Figure]:
        found, result = self.found, self.found.result
        diagnosis = found.diagnosis
        level = wording.levels(diagnosis, result.level)
        note = ""
        if result.by_scenes is not None:
            note = self.pick(
                f"按得分{wording.levels(diagnosis, result.by_score).zh}，"
                f"按关键场景{wording.levels(diagnosis, result.by_scenes).zh}，取较低",
                f"by score {wording.levels(diagnosis, result.by_score).en}, by key scenes "
                f"{wording.levels(diagnosis, result.by_scenes).en}; the lower counts",
            )
        yield Figure(self.pick("等级", "Level"), self.say(level), "", note)
        top = (
            Fraction(len(diagnosis.levels))
            if self.is_maturity
            else Fraction(diagnosis.scoring.total or 0)
        )
        yield Figure(
            self.pick("总分", "Score"),
            wording.span(result.score),
            self.pick(f"/ {wording.number(top)}", f"of {wording.number(top)}"),
            self._next(),
        )
        every, open_ = len(result.questions), len(result.unanswered)
        known = sum(one.answer is not None and one.answer.source == "known"
                    for one in result.questions)  # fmt: skip
        note = self.pick(f"其中城市数据预填 {known} 题", f"{known} filled in from the city's data")
        yield Figure(
            self.pick("已答", "Answered"), str(every - open_), f"/ {every}", note if known else ""
        )

    def _next(self) -> str:
        """What is short of the next level."""
        ahead = self.found.ahead
        if ahead.level is None:
            return ""
        needs = self.pick("；", "; ").join(self.need(one) for one in ahead.needs)
        name = self.say(wording.level(self.found.diagnosis, ahead.level))
        return self.pick(f"到{name}还差 {needs}", f"short of {name}: {needs}")

    def need(self, one: Need) -> str:
        """One thing that is short, in its own unit."""
        gap = wording.number(one.gap)
        if one.kind == "points":
            return self.pick(f"{gap} 分", f"{gap} points")
        if one.kind == "scenes":
            return self.pick(
                f"{gap} 个关键场景达到 {one.level} 级", f"{gap} key scene(s) at level {one.level}"
            )
        name = self.say(wording.level(self.found.diagnosis, one.level))
        return self.pick(f"“{name}”的得分 {gap}", f"{gap} of the score of '{name}'")

    def bars(self) -> Iterator[Bar]:
        """How far each part is that holds questions and applies."""
        for leaf in self.found.result.leaves:
            if leaf.share is not None:
                yield Bar(
                    self.say(wording.title(leaf.block)),
                    self.say(questions.value(leaf)),
                    float(leaf.share.low),
                    float(leaf.share.high),
                )

    def level_lines(self) -> Iterator[Pair]:
        """Of maturity the score of each level; of points where each level begins."""
        result, diagnosis = self.found.result, self.found.diagnosis
        at = Fraction(diagnosis.scoring.satisfied_at or 1)
        for level in diagnosis.levels:
            name = self.pick(level.title, level.title_en)
            if not self.is_maturity:
                start = wording.number(level.from_)
                yield Pair(name, self.pick(f"{start} 分起", f"from {start} points"))
                continue
            reached = result.by_level[level.level]
            told = self.pick("满足", "satisfied") if reached.low >= at else ""
            if reached.high < at:
                told = self.pick("未满足", "not satisfied")
            told = told or self.pick("待定", "not certain")
            yield Pair(name, f"{wording.span(reached)} · {told}")

    def ways_title(self) -> str:
        ahead = self.found.ahead
        if ahead.level is None:
            return self.pick("已是最高一级", "The highest level")
        name = self.say(wording.level(self.found.diagnosis, ahead.level))
        return self.pick(
            f"最省的 {max(len(ahead.ways), 1)} 种办法：到“{name}”", f"The cheapest ways to '{name}'"
        )

    def ways_note(self) -> str:
        """Whether the ways are proved the cheapest; why there are none."""
        ahead = self.found.ahead
        if ahead.level is None:
            return ""
        if not ahead.ways:
            if self.found.result.unanswered:
                return self.pick(
                    "只改进已答的题达不到；先补答未答的题，再看差什么。",
                    "The answered questions alone cannot reach it; answer the others first.",
                )
            return self.pick(
                "所缺的不是一步步改进可以达到的，见各题。",
                "What is lacking cannot be reached by improvements; see the questions.",
            )
        proved = (
            self.pick(
                "按设定的费用逐一比较，证明没有更省的办法",
                "by the costs set, proved that nothing is cheaper",
            )
            if ahead.is_complete
            else self.pick(
                "可选办法过多，没有全部比较", "too many ways: not all of them were compared"
            )
        )
        return self.pick(
            f"{proved}；未答的题按最低计，无论其答案如何都能达到。费用为本市设定的估算，只用于比较先后。",
            f"{proved}; what is not answered counts least, so these reach it whatever the answers. "
            "Costs are estimates set by the city, to compare only.",
        )

    def way(self, i: int, way: Found) -> Way:
        """One way; of the later ones only what differs from the first."""
        after = improved(self.found.result, way)
        score = self.score_words(wording.span(after.score))
        title = self.pick(f"办法{'一二三四五六七八九'[i]}", f"Way {i + 1}")
        first = self.found.ahead.ways[0].improvements if i else ()
        own = [one for one in way.improvements if one not in first]
        count = len(way.improvements) - len(own)
        shared = self.pick(f"另 {count} 项与办法一相同", f"and {count} as in way 1")
        return Way(
            self.pick(f"{title}：改进后{score}", f"{title}: then {score}"),
            self.say(wording.cost(way.cost)),
            tuple(self._step(one) for one in own),
            shared if count else "",
        )

    def _step(self, one: Improvement) -> Step:
        return Step(
            self.say(wording.to_do(self.found.diagnosis, one)),
            self._gain(one),
            self.say(wording.cost(one.cost)),
            self.pick("、", ", ").join(one.question.proof),
        )

    def _gain(self, one: Improvement) -> str:
        if one.question.kind == "scene":
            return self.pick("1 个场景达标", "1 scene")
        gain = wording.number(one.gain)
        if one.question.kind == "requirement":
            return self.pick(
                f"{one.question.level} 级得分 +{gain}", f"level {one.question.level} +{gain}"
            )
        return self.pick(f"+{gain} 分", f"+{gain} points")

    def open(self) -> Iterator[Open]:
        """Unanswered questions, those that matter most first."""
        parts = {
            one.question.id: leaf for leaf in self.found.result.leaves for one in leaf.questions
        }
        for one in self.found.open:
            told = []
            if one.levels:
                told.append(
                    self.pick(f"可使等级范围收窄 {one.levels} 级", f"settles {one.levels} level(s)")
                )
            if one.width:
                width = wording.number(one.width)
                told.append(self.pick(f"关系 {width} 分", f"concerns {width}"))
            if one.scenes:
                told.append(
                    self.pick(
                        f"场景等级所计 {one.scenes} 个场景之一",
                        f"one of {one.scenes} scenes that count",
                    )
                )
            if not told:
                told.append(self.pick("单独不改变结果", "changes nothing alone"))
            question = one.judged.question
            yield Open(
                self.say(wording.says(question)),
                self.say(wording.title(parts[question.id].block)),
                self.pick("，", ", ").join(told),
            )

    def _disclaimer(self) -> Iterator[str]:
        yield self.pick(
            "本报告按企业自评和城市已有数据计算，供改进参考，不是评估结论，也不代替主管部门或评估机构的认定。",
            "This is worked out from the enterprise's own answers and the city's data, as help to "
            "improve. It is no assessment and decides nothing.",
        )
        yield self.pick(
            "城市数据预填的答案有误，请直接改答，并向所列部门申请更正。",
            "Where an answer filled in from the city's data is wrong, answer it yourself and ask "
            "the office that holds the data to correct them.",
        )
