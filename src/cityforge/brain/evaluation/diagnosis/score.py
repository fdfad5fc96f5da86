"""The score and level of a questionnaire, each from least to most while answers are missing.

Points are summed; maturity follows GB/T 39117: requirements averaged, parts weighted, satisfied
levels counted 1 and the first unsatisfied one its own score.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from cityforge.brain.city.diagnosis import (
    TOP_SCENE,
    Block,
    Diagnosis,
    DiagnosisLevel,
    DiagnosisScoring,
    Question,
)
from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.evaluation.diagnosis.answers import Answer, Answers
from cityforge.brain.evaluation.diagnosis.worth import Range, worth

NOTHING = Range(Fraction(0), Fraction(0))


@dataclass(frozen=True, slots=True)
class Levels:
    """The level, from least to most; 0 is below the first."""

    low: int
    high: int

    @property
    def known(self) -> int | None:
        """The level where it is certain."""
        return self.low if self.low == self.high else None


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with its answer, and what it is worth (`worth`) of the most it can be (`most`)."""

    question: Question
    answer: Answer | None
    worth: Range
    most: Fraction

    @property
    def is_open(self) -> bool:
        """Whether it, or part of it, has no answer."""
        return self.answer is None or not self.answer.is_whole


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the questionnaire.

    points    of the method points: what it gives, and `most`, what it can give
    by_level  of the method maturity: the score of each level that requires something of it, 0 to 1
    share     how far it is, 0 to 1; None where nothing in it counts, or where it is cut
    """

    block: Block
    is_cut: bool
    questions: tuple[Judged, ...]
    parts: tuple["Part", ...]
    points: Range = NOTHING
    most: Fraction = Fraction(0)
    by_level: Mapping[int, Range] = field(default_factory=dict)
    share: Range | None = None

    @property
    def leaves(self) -> tuple["Part", ...]:
        """The parts that hold questions, in their order."""
        if self.questions:
            return (self,)
        return tuple(leaf for part in self.parts for leaf in part.leaves)


@dataclass(frozen=True, slots=True)
class Result:
    """A questionnaire judged.

    score      the points of `total`, or the total S of the maturity levels
    by_score   the level by the score alone; `by_scenes` that by scenes, None without a rule
    by_level   of the method maturity: the score of each level
    level      the final one
    """

    diagnosis: Diagnosis
    answers: Answers
    parts: tuple[Part, ...]
    score: Range
    by_score: Levels
    by_scenes: Levels | None
    by_level: Mapping[int, Range]
    level: Levels

    @property
    def leaves(self) -> tuple[Part, ...]:
        return tuple(leaf for part in self.parts for leaf in part.leaves)

    @property
    def questions(self) -> tuple[Judged, ...]:
        """Every question that counts, in the order of the file; those of cut parts do not."""
        return tuple(one for leaf in self.leaves if not leaf.is_cut for one in leaf.questions)

    @property
    def unanswered(self) -> tuple[Judged, ...]:
        return tuple(one for one in self.questions if one.is_open)


def score(diagnosis: Diagnosis, answers: Answers) -> Result:
    """Judge a questionnaire.

    Raises RunRefused where the diagnosis has no questions, or what is left after cutting requires
    nothing of a level.
    """
    refuse_unspecified(diagnosis)
    parts = tuple(_part(diagnosis, answers, block, is_cut=False) for block in diagnosis.blocks)
    if diagnosis.scoring.method == "maturity":
        by_level = {level.level: _of_level(parts, level.level, level) for level in diagnosis.levels}
        total = _maturity(diagnosis.scoring, by_level)
    else:
        by_level = {}
        total = _sum(part.points for part in parts)
    by_score = Levels(level_of(diagnosis.levels, total.low), level_of(diagnosis.levels, total.high))
    by_scenes = _by_scenes(diagnosis, parts)
    final = by_score
    if by_scenes is not None:
        final = Levels(min(by_score.low, by_scenes.low), min(by_score.high, by_scenes.high))
    return Result(diagnosis, answers, parts, total, by_score, by_scenes, by_level, final)


def level_of(levels: Sequence[DiagnosisLevel], score: Fraction) -> int:
    """The level of a score: its lower limit belongs to it; 0 below the first."""
    return max((one.level for one in levels if score >= one.from_), default=0)


def maturity_total(satisfied_at: Fraction, by_level: Iterable[Fraction]) -> Fraction:
    """S of GB/T 39117: 1 for each level satisfied, its score for the first that is not."""
    total = Fraction(0)
    for reached in by_level:
        if reached < satisfied_at:
            return total + reached
        total += 1
    return total


def level_by_scenes(wanted: int, scenes: Sequence[int]) -> int:
    """The highest level that at least `wanted` scenes reach."""
    reached = sorted(scenes, reverse=True)
    return reached[wanted - 1] if wanted <= len(reached) else 0


def counted(diagnosis: Diagnosis, question: Question) -> bool:
    """Whether a scene counts for the level by scenes."""
    joined = diagnosis.joined
    return question.kind == "scene" and joined is not None and (question.key or joined.of == "all")


def refuse_unspecified(diagnosis: Diagnosis) -> None:
    """Raises RunRefused for a diagnosis whose questions were not obtained."""
    if not diagnosis.blocks:
        missing = "；".join(diagnosis.unspecified)
        raise RunRefused(
            Text(
                zh=f"“{diagnosis.title}”不能诊断：{missing}",
                en=f"'{diagnosis.title_en}' cannot be diagnosed; not obtained: {missing}",
            )
        )


def _part(diagnosis: Diagnosis, answers: Answers, block: Block, *, is_cut: bool) -> Part:
    is_cut = is_cut or block.id in answers.cut
    questions = tuple(_judged(diagnosis, answers, question) for question in block.questions)
    parts = tuple(_part(diagnosis, answers, inner, is_cut=is_cut) for inner in block.blocks)
    if diagnosis.scoring.method == "maturity":
        by_level = _by_level(block, questions, parts)
        share = None
        if by_level and not is_cut:
            share = _over(_sum(by_level.values()), len(by_level))
        return Part(block, is_cut, questions, parts, by_level=by_level, share=share)
    pointed = [one for one in questions if one.question.kind != "scene"]
    points = _sum([*(one.worth for one in pointed), *(part.points for part in parts)])
    most = sum((one.most for one in pointed), Fraction(0))
    most += sum((part.most for part in parts), Fraction(0))
    share = _over(points, most) if most else _scenes_share(questions, parts)
    return Part(block, is_cut, questions, parts, points=points, most=most, share=share)


def _judged(diagnosis: Diagnosis, answers: Answers, question: Question) -> Judged:
    answer = answers.given.get(question.id)
    return Judged(
        question,
        answer,
        worth(diagnosis, question, answer.value if answer is not None else None),
        worth(diagnosis, question, None).high,
    )


def _scenes_share(questions: Sequence[Judged], parts: Sequence[Part]) -> Range | None:
    """Of a part of scenes alone: their mean level, of the top one."""
    if questions:
        return _over(_sum(one.worth for one in questions), TOP_SCENE * len(questions))
    inner = [part.share for part in parts if part.share is not None]
    return _over(_sum(inner), len(inner)) if inner else None


def _by_level(
    block: Block, questions: Sequence[Judged], parts: Sequence[Part]
) -> Mapping[int, Range]:
    """The score of each level: the mean of its requirements, or of the parts by their weights."""
    levels = {one.question.level for one in questions if one.question.level is not None}
    for part in parts:
        levels |= set() if part.is_cut else set(part.by_level)
    found = {}
    for level in sorted(levels):
        own = [one.worth for one in questions if one.question.level == level]
        mean = _over(_sum(own), len(own)) if own else _weighted(parts, level)
        assert mean is not None
        found[level] = mean
    return found


def _weighted(parts: Sequence[Part], level: int) -> Range | None:
    """The parts that require something of a level and are not cut, their weights made to sum 1."""
    those = [part for part in parts if not part.is_cut and level in part.by_level]
    if not those:
        return None
    weights = weights_of(those)
    return Range(
        sum((w * part.by_level[level].low for w, part in zip(weights, those, strict=True)),
            Fraction(0)),
        sum((w * part.by_level[level].high for w, part in zip(weights, those, strict=True)),
            Fraction(0)),
    )  # fmt: skip


def weights_of(parts: Sequence[Part]) -> list[Fraction]:
    """The shares of parts in what is above them; equal ones where no weight is stated."""
    stated = [Fraction(1 if part.block.weight is None else part.block.weight) for part in parts]
    total = sum(stated, Fraction(0))
    return [weight / total for weight in stated]


def _of_level(parts: Sequence[Part], level: int, told: DiagnosisLevel) -> Range:
    found = _weighted(parts, level)
    if found is None:
        raise RunRefused(
            Text(
                zh=f"裁剪后“{told.title}”没有任何要求，不能评定",
                en=f"after cutting, nothing is required of '{told.title_en}'",
            )
        )
    return found


def _maturity(scoring: DiagnosisScoring, by_level: Mapping[int, Range]) -> Range:
    at = Fraction(scoring.satisfied_at or 1)
    return Range(
        maturity_total(at, (by_level[level].low for level in sorted(by_level))),
        maturity_total(at, (by_level[level].high for level in sorted(by_level))),
    )


def _by_scenes(diagnosis: Diagnosis, parts: Sequence[Part]) -> Levels | None:
    joined = diagnosis.joined
    if joined is None:
        return None
    scenes = [
        one.worth
        for part in parts
        for leaf in part.leaves
        for one in leaf.questions
        if counted(diagnosis, one.question)
    ]
    top = len(diagnosis.levels)
    low = level_by_scenes(joined.scenes, [int(scene.low) for scene in scenes])
    high = level_by_scenes(joined.scenes, [int(scene.high) for scene in scenes])
    return Levels(min(low, top), min(high, top))


def _sum(ranges: Iterable[Range]) -> Range:
    low = high = Fraction(0)
    for one in ranges:
        low, high = low + one.low, high + one.high
    return Range(low, high)


def _over(one: Range, by: int | Fraction) -> Range:
    return Range(one.low / by, one.high / by)
