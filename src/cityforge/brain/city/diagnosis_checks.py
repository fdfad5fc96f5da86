"""The cross-checks of one diagnosis: sums, levels, weights, efforts, and what fills answers in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from cityforge.brain.city import expressions
from cityforge.brain.city.diagnosis import TOP_SCENE, Block, Diagnosis, Question
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.document import Document, Path_
from cityforge.brain.city.folder import City
from cityforge.brain.city.legal_use import lawful
from cityforge.brain.errors import Problem, Text
from cityforge.brain.expr.typed import Typed
from cityforge.brain.expr.types import Kind
from cityforge.brain.values.quantity import PLAIN, Unit, unit

PERCENT = unit("%")
_MEND = Text(zh="改其中之一", en="Mend one of the two.")
_BOOL = (Kind.BOOL, None)
# What the expression that fills in a question must give: its kind, and the unit of a number.
_FILLS: dict[str, tuple[Kind, Unit | None] | None] = {
    "single": None,
    "multi": None,
    "share": (Kind.DOUBLE, PERCENT),
    "direction": (Kind.DOUBLE, PLAIN),
    "scene": (Kind.DOUBLE, PLAIN),
    "requirement": _BOOL,
}


def check_diagnosis(city: City, book: Dictionary, diagnosis: Diagnosis) -> Iterable[Problem]:
    """Every Problem of a diagnosis that its shape alone does not show."""
    return _Checked(city, book, diagnosis, city.documents[("diagnoses", diagnosis.id)]).problems()


def blocks_of(blocks: list[Block], path: Path_ = ("blocks",)) -> Iterator[tuple[Path_, Block]]:
    """Every part with its place in the file, an outer one before those inside it."""
    for i, block in enumerate(blocks):
        yield (*path, i), block
        yield from blocks_of(block.blocks, (*path, i, "blocks"))


def questions_of(diagnosis: Diagnosis) -> Iterator[tuple[Path_, Question]]:
    """Every question with its place in the file."""
    for path, block in blocks_of(diagnosis.blocks):
        for i, question in enumerate(block.questions):
            yield (*path, "questions", i), question


@dataclass(frozen=True, slots=True)
class _Checked:
    city: City
    book: Dictionary
    diagnosis: Diagnosis
    document: Document

    def problems(self) -> Iterator[Problem]:
        if not self.diagnosis.blocks and not self.diagnosis.unspecified:
            yield self._problem(
                (),
                "没有题目，也没有说明缺什么",
                "has no questions, and does not say what was not obtained",
            )
        yield from self._ids()
        yield from self._levels()
        yield from self._points()
        yield from self._weights()
        yield from self._efforts()
        yield from self._scenes()
        for path, question in questions_of(self.diagnosis):
            yield from self._question(path, question)
        for i, covered in enumerate(self.diagnosis.coverage):
            yield from self._read(("coverage", i, "when"), covered.when, _BOOL)

    def _problem(self, path: Path_, zh: str, en: str) -> Problem:
        return self.document.problem(path, Text(zh=zh, en=en), _MEND)

    def _ids(self) -> Iterator[Problem]:
        seen: dict[str, Path_] = {}
        named: list[tuple[Path_, Block | Question]] = [*blocks_of(self.diagnosis.blocks)]
        named += questions_of(self.diagnosis)
        for path, one in named:
            if one.id in seen:
                line = self.document.spot(seen[one.id]).line
                yield self._problem(
                    (*path, "id"),
                    f"标识“{one.id}”重复，第 {line} 行已有",
                    f"id '{one.id}' stands twice: it is on line {line} already",
                )
            seen.setdefault(one.id, path)
        for path, question in questions_of(self.diagnosis):
            options = [option.id for option in question.options]
            for i, name in enumerate(options):
                if name in options[:i]:
                    yield self._problem(
                        (*path, "options", i, "id"),
                        f"选项“{name}”重复",
                        f"option '{name}' stands twice",
                    )

    def _levels(self) -> Iterator[Problem]:
        levels = self.diagnosis.levels
        for i, level in enumerate(levels):
            if level.level != i + 1:
                yield self._problem(
                    ("levels", i, "level"), "等级须从 1 起连续", "levels count 1, 2, 3 …"
                )
        for i, (before, after) in enumerate(pairwise(levels)):
            if after.from_ <= before.from_:
                yield self._problem(
                    ("levels", i + 1, "from"),
                    "得分下限须高于前一级",
                    "must be more than that of the level before",
                )
        if not self.diagnosis.blocks:
            return
        scoring = self.diagnosis.scoring
        required = {question.level for _, question in questions_of(self.diagnosis)}
        for i, level in enumerate(levels):
            if scoring.method == "maturity" and level.level not in required:
                yield self._problem(
                    ("levels", i), "这一级没有任何要求", "nothing is required of this level"
                )
        highest = scoring.total if scoring.method == "points" else Decimal(len(levels))
        if highest is not None and levels[-1].from_ > highest:
            yield self._problem(
                ("levels", len(levels) - 1, "from"),
                f"最高只能得 {highest}，达不到",
                f"no score is above {highest}",
            )

    def _points(self) -> Iterator[Problem]:
        """What a part may give at most is what its questions give at most."""
        if self.diagnosis.scoring.method != "points" or not self.diagnosis.blocks:
            return
        for path, block in blocks_of(self.diagnosis.blocks):
            found = _most(block)
            if block.points is not None and block.points != found:
                yield self._problem(
                    (*path, "points"),
                    f"“{block.title}”写明满分 {block.points}，题目合计 {found}",
                    f"'{block.id}' states {block.points} points, its questions give {found}",
                )
        found = sum((_most(block) for block in self.diagnosis.blocks), Decimal(0))
        if found != self.diagnosis.scoring.total:
            yield self._problem(
                ("scoring", "total"),
                f"写明满分 {self.diagnosis.scoring.total}，题目合计 {found}",
                f"states {self.diagnosis.scoring.total}, the questions give {found}",
            )

    def _weights(self) -> Iterator[Problem]:
        """Weights are all stated, or none is; they are shares of the whole above."""
        levels: list[tuple[Path_, list[Block]]] = [(("blocks",), self.diagnosis.blocks)]
        levels += [
            ((*path, "blocks"), block.blocks)
            for path, block in blocks_of(self.diagnosis.blocks)
            if block.blocks
        ]
        for path, blocks in levels:
            stated = [block.weight for block in blocks if block.weight is not None]
            if stated and self.diagnosis.scoring.method == "points":
                yield self._problem(path, "points 方法没有权重", "the method points has no weights")
            elif stated and len(stated) != len(blocks):
                yield self._problem(
                    path, "同一层的权重要么都写，要么都不写", "weights: of all parts, or of none"
                )
            elif stated and sum(stated) != 1:
                yield self._problem(
                    path, f"权重合计 {sum(stated)}，应为 1", f"weights sum to {sum(stated)}, not 1"
                )

    def _efforts(self) -> Iterator[Problem]:
        improvement = self.diagnosis.improvement
        known = [one.effort for one in improvement.efforts] if improvement else []
        for i, (before, after) in enumerate(pairwise(known)):
            if after <= before:
                yield self._problem(
                    ("improvement", "efforts", i + 1, "effort"),
                    "难度须由低到高，不重复",
                    "efforts rise, each stated once",
                )
        used: list[tuple[Path_, int | None]] = []
        for path, question in questions_of(self.diagnosis):
            used.append(((*path, "effort"), question.effort))
            used += [
                ((*path, "options", i, "effort"), option.effort)
                for i, option in enumerate(question.options)
            ]
        used += [
            (("scenes", i, "effort"), level.effort) for i, level in enumerate(self.diagnosis.scenes)
        ]
        for path, effort in used:
            if effort is not None and effort not in known:
                yield self._problem(
                    path,
                    f"难度 {effort} 没有写明费用",
                    f"effort {effort} has no cost in improvement.efforts",
                )

    def _scenes(self) -> Iterator[Problem]:
        scenes = [question for _, question in questions_of(self.diagnosis)
                  if question.kind == "scene"]  # fmt: skip
        stated = [level.level for level in self.diagnosis.scenes]
        if scenes and stated != list(range(1, TOP_SCENE + 1)):
            yield self._problem(
                ("scenes",),
                f"场景等级须写明 1 至 {TOP_SCENE}",
                f"scenes have levels 1 to {TOP_SCENE}",
            )
        if scenes and self.diagnosis.scoring.method == "maturity":
            yield self._problem(
                ("scoring", "method"), "maturity 方法没有 scene 题", "maturity has no scenes"
            )
        joined = self.diagnosis.joined
        if joined is None:
            return
        counted = [one for one in scenes if one.key or joined.of == "all"]
        if joined.scenes > len(counted):
            yield self._problem(
                ("joined", "scenes"),
                f"要求 {joined.scenes} 个场景，只有 {len(counted)} 个",
                f"wants {joined.scenes} scenes of {len(counted)}",
            )

    def _question(self, path: Path_, question: Question) -> Iterator[Problem]:
        scoring, levels = self.diagnosis.scoring, self.diagnosis.levels
        if (question.kind == "requirement") != (scoring.method == "maturity"):
            yield self._problem(
                (*path, "kind"),
                f"{scoring.method} 方法不能有 {question.kind} 题",
                f"the method {scoring.method} has no question of kind {question.kind}",
            )
        if question.level is not None and question.level > len(levels):
            yield self._problem((*path, "level"), "没有这一级", "there is no such level")
        points = [option.points for option in question.options]
        if question.kind == "single" and (points != sorted(points) or points[0] != 0):
            yield self._problem(
                (*path, "options"),
                "单选的选项须由 0 分起，由低到高",
                "options of a single stand from 0 points upwards",
            )
        starts = [band.from_ for band in question.bands]
        if question.bands and (starts[0] != 0 or any(a >= b for a, b in pairwise(starts))):
            yield self._problem(
                (*path, "bands"), "分档须从 0 起，逐档升高", "bands begin at 0 and rise"
            )
        if question.most is not None and question.most > sum(points):
            yield self._problem(
                (*path, "most"), "选项合计达不到", "the options together do not give so many"
            )
        yield from self._filled(path, question)

    def _filled(self, path: Path_, question: Question) -> Iterator[Problem]:
        wanted = _FILLS[question.kind]
        if question.prefill is not None and wanted is None:
            yield self._problem(
                (*path, "prefill"),
                "选择题的预填写在各选项的 when",
                "of a choice, `when` of its options fills in",
            )
        elif question.prefill is not None and wanted is not None:
            yield from self._read((*path, "prefill"), question.prefill, wanted)
        for i, option in enumerate(question.options):
            if option.when is not None:
                yield from self._read((*path, "options", i, "when"), option.when, _BOOL)

    def _read(self, path: Path_, text: str, wanted: tuple[Kind, Unit | None]) -> Iterator[Problem]:
        found: list[Problem] = []
        kind, measure = wanted
        typed: Typed | None = expressions.read_expression(
            text, self.book.scope, self.document, path, found, self.book.unread, expect=kind
        )
        if typed is not None and measure is not None and not typed.type.unit.is_like(measure):
            found.append(expressions.wrong_unit(typed, measure, self.document, path))
        yield from found
        yield from lawful(self.city, self.book, self.document, path, typed)


def _most(block: Block) -> Decimal:
    inner = sum((_most(one) for one in block.blocks), Decimal(0))
    return inner + sum((most_points(question) for question in block.questions), Decimal(0))


def most_points(question: Question) -> Decimal:
    """The points that a question gives at most; a scene and a requirement give none."""
    if question.kind == "multi":
        total = sum((option.points for option in question.options), Decimal(0))
        return total if question.most is None else min(total, question.most)
    points = [option.points for option in question.options]
    points += [band.points for band in question.bands]
    points += list((question.directions or {}).values())
    return max(points, default=Decimal(0))
