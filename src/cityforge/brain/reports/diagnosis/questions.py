"""Every question of a diagnosis as it was judged: answer, worth, who gave it, what proves it."""

from collections.abc import Iterator
from dataclasses import dataclass

from cityforge.brain.errors import Language, Text
from cityforge.brain.evaluation.diagnosis.score import Judged
from cityforge.brain.evaluation.diagnosis.score import Part as Scored
from cityforge.brain.reports.diagnosis import origins, wording
from cityforge.brain.reports.diagnosis.diagnosed import Diagnosed
from cityforge.brain.reports.diagnosis.page import Part, Question

_CUT = Text(zh="已裁剪", en="cut")


def parts(found: Diagnosed, *, language: Language) -> Iterator[Part]:
    """The parts that hold questions, in the order of the file; of those that are cut, none."""
    told = _Told(found, language)
    for leaf in found.result.leaves:
        yield Part(
            told.say(wording.title(leaf.block)),
            told.say(value(leaf)),
            () if leaf.is_cut else tuple(told.question(one) for one in leaf.questions),
        )


def value(leaf: Scored) -> Text:
    """The points of a part, or how far it is."""
    if leaf.is_cut:
        return _CUT
    shown = wording.percent(leaf.share)
    if leaf.most:
        shown = f"{wording.span(leaf.points)} / {wording.number(leaf.most)}"
    return Text(zh=shown, en=shown)


@dataclass(frozen=True, slots=True)
class _Told:
    found: Diagnosed
    language: Language

    def say(self, text: Text) -> str:
        return text.say(self.language)

    def pick(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def question(self, one: Judged) -> Question:
        question, answer = one.question, one.answer
        source = self.say(origins.source(self.found, answer)) if answer is not None else ""
        other = self.found.differing.get(question.id)
        if other is not None:
            told = self.say(wording.answer(question, other))
            source += self.pick(
                f"；城市数据为 {told}，请核对", f"; the city's data say {told}: check"
            )
        level = ""
        if question.level:
            level = self.pick(f"{question.level} 级 · ", f"L{question.level} · ")
        return Question(
            level + self.say(wording.says(question)),
            self.say(wording.answer(question, answer)),
            self._worth(one),
            self._mark(one),
            source,
            self._proof(one),
        )

    def _mark(self, one: Judged) -> str:
        if one.question.id in self.found.differing:
            return "differs"
        if one.is_open or one.answer is None:
            return "open"
        return one.answer.source

    def _proof(self, one: Judged) -> str:
        """What the enterprise named; else what is still wanted."""
        if one.answer is None or one.answer.proof:
            return one.answer.proof if one.answer is not None else ""
        wanted = self.pick("、", ", ").join(one.question.proof)
        if one.answer.source == "known" or not wanted:
            return ""
        return self.pick(f"待补：{wanted}", f"to be added: {wanted}")

    def _worth(self, one: Judged) -> str:
        if one.question.kind == "scene":
            return self.pick("关键", "key") if one.question.key else ""
        return f"{wording.span(one.worth)} / {wording.number(one.most)}"
