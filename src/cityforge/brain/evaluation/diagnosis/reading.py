"""An answer as people write it, read into its value; a file of answers in YAML.

The same words serve a YAML file and the cells of a workbook, in Chinese and in English.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import Field

from cityforge.brain.city import document as documents
from cityforge.brain.city.diagnosis import TOP_SCENE, Block, Diagnosis, Option, Question
from cityforge.brain.city.diagnosis_checks import blocks_of, questions_of
from cityforge.brain.city.document import Document, Path_
from cityforge.brain.city.shapes import Id, Shape, Words
from cityforge.brain.city.unread import Unread, build
from cityforge.brain.city.wording import nearest
from cityforge.brain.errors import DataRefused, Problem, Text, ValueRefused
from cityforge.brain.evaluation.diagnosis.answers import Answer, Answers, Subject, Ticks, Value
from cityforge.brain.evaluation.diagnosis.worth import FULL_SHARE
from cityforge.brain.values import credit_code
from cityforge.brain.values.spelling import half_width

DIRECTION_WORDS = {
    "up": Text(zh="上升", en="up"),
    "flat": Text(zh="持平", en="flat"),
    "down": Text(zh="下降", en="down"),
}
SATISFACTION_WORDS = {
    "full": Text(zh="全部满足", en="full"),
    "most": Text(zh="大部分满足", en="most"),
    "part": Text(zh="部分满足", en="part"),
    "none": Text(zh="不满足", en="none"),
}
YES, NO = Text(zh="是", en="yes"), Text(zh="否", en="no")
_TRUTHS = {"是": True, "yes": True, "true": True, "y": True, "√": True, "✓": True,
           "否": False, "no": False, "false": False, "n": False, "×": False}  # fmt: skip
_ONE_OF = Text(zh="可填", en="One of")


class Answered(Shape):
    """Who filled the questionnaire in."""

    uscc: Words | None = None
    name: Words | None = None
    district: Words | None = None
    industry: Words | None = None
    size: Words | None = None


class AnswersFile(Shape):
    """A questionnaire filled in, as YAML."""

    diagnosis: Id
    enterprise: Answered = Answered()
    on: date | None = None
    answers: dict[str, Any] = Field(default_factory=dict)
    proofs: dict[str, Words] = Field(default_factory=dict)
    cut: list[Id] = Field(default_factory=list)


def read(file: Path, diagnoses: Mapping[str, Diagnosis]) -> Answers:
    """A file of answers. Raises DataRefused with every Problem of it, each at its place."""
    document = documents.read(file, shown_as=file.name)
    problems: list[Problem] = []
    found = build(document, AnswersFile, problems, Unread())
    if found is None:
        raise DataRefused(problems)
    diagnosis = diagnoses.get(found.diagnosis)
    if diagnosis is None:
        if not any(problem.path == "diagnosis" for problem in problems):
            problems.append(
                _unknown(document, ("diagnosis",), found.diagnosis, diagnoses, _DIAGNOSIS)
            )
        raise DataRefused(problems)
    questions = {question.id: question for _, question in questions_of(diagnosis)}
    given: dict[str, Answer] = {}
    for name, raw in found.answers.items():
        path: Path_ = ("answers", name)
        if name not in questions:
            problems.append(_unknown(document, path, name, questions, _QUESTION))
        elif raw is not None:
            try:
                value = value_of(questions[name], raw)
            except ValueRefused as error:
                problems.append(document.problem(path, error.what, error.hint))
            else:
                given[name] = Answer(value, proof=found.proofs.get(name, ""))
    for name in found.proofs:
        if name not in questions:
            problems.append(_unknown(document, ("proofs", name), name, questions, _QUESTION))
    parts = {block.id: block for _, block in blocks_of(diagnosis.blocks)}
    for i, name in enumerate(found.cut):
        if name not in parts:
            problems.append(_unknown(document, ("cut", i), name, parts, _PART))
    for name, refused in cut_problems(diagnosis, found.cut, given):
        place = found.cut.index(name)
        problems.append(document.problem(("cut", place), refused.what, refused.hint))
    subject = Subject(**{key: value or "" for key, value in found.enterprise})
    try:
        check_code(subject.uscc)
    except ValueRefused as error:
        problems.append(document.problem(("enterprise", "uscc"), error.what, error.hint))
    if problems:
        raise DataRefused(sorted(problems, key=lambda one: (one.line, one.column)))
    return Answers(diagnosis.id, subject, found.on, given, frozenset(found.cut), file.name)


def value_of(question: Question, raw: object) -> Value:
    """The value of an answer as written. Raises ValueRefused with what may be written."""
    if question.kind == "multi":
        return _ticks(question, raw)
    text = half_width(str(raw)).strip()
    if question.kind == "share":
        return _share(text)
    if question.kind == "scene":
        return _scene(text)
    if question.kind == "single":
        return _option(question, text)
    words = DIRECTION_WORDS if question.kind == "direction" else SATISFACTION_WORDS
    for key, said in words.items():
        if text.lower() in (key, said.zh, said.en):
            return key
    raise _refused(text, [said.zh for said in words.values()], list(words))


def truth_of(raw: object) -> bool:
    """是 or 否. Raises ValueRefused."""
    if isinstance(raw, bool):
        return raw
    text = half_width(str(raw)).strip().lower()
    if text not in _TRUTHS:
        raise _refused(text, [YES.zh, NO.zh], [YES.en, NO.en])
    return _TRUTHS[text]


def label(question: Question, option: Option) -> Text:
    """An option as a form shows it: its letter, then its words."""
    letter = chr(ord("A") + question.options.index(option))
    return Text(zh=f"{letter} {option.says}", en=f"{letter} {option.says_en}")


def check_code(code: str) -> None:
    """Raises ValueRefused for what is no credit code; none at all is fine."""
    if code:
        credit_code.parse(code)


def cut_problems(
    diagnosis: Diagnosis, cut: Iterable[str], given: Mapping[str, Answer]
) -> Iterable[tuple[str, ValueRefused]]:
    """Parts that may not be cut, and parts that are cut and answered all the same."""
    parts = {block.id: block for _, block in blocks_of(diagnosis.blocks)}
    for name in cut:
        block = parts.get(name)
        if block is None:
            continue
        if not block.may_cut:
            yield (
                name,
                ValueRefused(
                    Text(zh=f"“{block.title}”不得裁剪", en=f"'{block.title_en}' may not be cut"),
                    Text(zh="删去这一项", en="Drop it."),
                ),
            )
        answered = [one.id for one in _inside(block) if one.id in given]
        if answered:
            yield (
                name,
                ValueRefused(
                    Text(
                        zh=f"“{block.title}”已裁剪，又答了 {'、'.join(answered)}",
                        en=f"'{block.title_en}' is cut, and {', '.join(answered)} answered",
                    ),
                    Text(zh="不裁剪，或删去这些回答", en="Do not cut it, or drop these answers."),
                ),
            )


def _inside(block: Block) -> Iterable[Question]:
    yield from block.questions
    for inner in block.blocks:
        yield from _inside(inner)


def _ticks(question: Question, raw: object) -> Ticks:
    """A list of what is so, the rest not; or some options with yes or no, the rest open."""
    if isinstance(raw, Mapping):
        told = {_named(question, str(name)): truth_of(value) for name, value in raw.items()}
        every = {option.id for option in question.options}
        return Ticks(
            frozenset(name for name, so in told.items() if so), frozenset(every - set(told))
        )
    if not isinstance(raw, list):
        raw = [part for part in str(raw).replace("，", ",").replace("、", ",").split(",") if part]
    return Ticks(frozenset(_named(question, str(one)) for one in raw))


def _named(question: Question, text: str) -> str:
    return _option(question, half_width(text).strip())


def _option(question: Question, text: str) -> str:
    for option in question.options:
        said = label(question, option)
        letter = said.zh[0]
        words = (option.id, option.says, option.says_en, said.zh, said.en, letter, letter.lower())
        if text in {half_width(word) for word in words}:
            return option.id
    raise _refused(
        text,
        [label(question, option).zh for option in question.options],
        [option.id for option in question.options],
    )


def _share(text: str) -> Decimal:
    try:
        share = Decimal(text.removesuffix("%").strip())
    except ArithmeticError:
        share = Decimal(-1)
    if not share.is_finite() or not 0 <= share <= FULL_SHARE:
        raise ValueRefused(
            Text(zh=f"“{text}”不是 0 到 100 的百分数", en=f"'{text}' is no share of 0 to 100 %"),
            Text(zh="写成 35 或 35%", en="Write 35 or 35%."),
        )
    return share


def _scene(text: str) -> int:
    level = text[:1]
    if not level.isdecimal() or not 0 <= int(level) <= TOP_SCENE or text[1:2].isdecimal():
        raise _refused(text, [f"0 至 {TOP_SCENE}"], [f"0 to {TOP_SCENE}"])
    return int(level)


def _refused(text: str, zh: list[str], en: list[str]) -> ValueRefused:
    return ValueRefused(
        Text(zh=f"不能填“{_short(text)}”", en=f"'{_short(text)}' is no answer to it"),
        Text(zh=f"{_ONE_OF.zh}：{'、'.join(zh)}", en=f"{_ONE_OF.en}: {', '.join(en)}"),
    )


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"


_DIAGNOSIS = Text(zh="诊断", en="diagnosis")
_QUESTION = Text(zh="题目", en="question")
_PART = Text(zh="板块", en="part")


def _unknown(
    document: Document, path: Path_, name: str, known: Iterable[str], what: Text
) -> Problem:
    return document.problem(
        path,
        Text(zh=f"没有{what.zh}“{name}”", en=f"no such {what.en}: '{name}'"),
        nearest(name, known),
        at_key=True,
    )
