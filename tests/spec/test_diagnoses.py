"""Diagnoses by questionnaire: each line of diagnoses.yaml on the committed files, exactly."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.nodes import ScalarNode

from cityforge.brain.city import folder
from cityforge.brain.city.diagnosis import Block, Diagnosis, Question
from cityforge.brain.city.diagnosis_checks import blocks_of, questions_of
from cityforge.brain.evaluation.diagnosis.answers import Answer, Answers
from cityforge.brain.evaluation.diagnosis.reading import value_of
from cityforge.brain.evaluation.diagnosis.score import (
    Levels,
    Part,
    level_by_scenes,
    level_of,
    maturity_total,
    score,
)
from cityforge.brain.evaluation.diagnosis.worth import Range, worth

ROOT = Path(__file__).resolve().parents[2]


class _Exact(SafeConstructor):
    """Numbers of the table as the decimals that are written there; of this table alone."""


def _decimal(_: object, node: ScalarNode) -> Decimal:
    return Decimal(node.value)


def _table() -> dict[str, Any]:
    _Exact.add_constructor("tag:yaml.org,2002:float", _decimal)
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _Exact
    return dict(yaml.load(Path(__file__).with_name("diagnoses.yaml")))


TABLE = _table()


@pytest.fixture(scope="module")
def diagnoses() -> dict[str, Diagnosis]:
    city, _ = folder.read(ROOT / "cities" / "taizhou")
    assert city is not None
    return city.diagnoses


@pytest.fixture(scope="module")
def questions(diagnoses: dict[str, Diagnosis]) -> dict[str, Question]:
    return {question.id: question for _, question in questions_of(diagnoses[TABLE["sme"]])}


def _ids(key: str) -> list[str]:
    return [f"{i}" for i in range(len(TABLE[key]))]


@pytest.mark.parametrize("case", TABLE["worth"], ids=lambda case: f"{case['question']}")
def test_an_answer_is_worth(
    diagnoses: dict[str, Diagnosis], questions: dict[str, Question], case: dict[str, Any]
) -> None:
    question = questions[case["question"]]
    value = value_of(question, case["answer"])
    found = worth(diagnoses[TABLE["sme"]], question, value)
    assert found == Range.exactly(Decimal(case["points"]))


def test_every_question_with_points_stands_in_the_table(questions: dict[str, Question]) -> None:
    pointed = {name for name, question in questions.items() if question.kind != "scene"}
    assert {case["question"] for case in TABLE["worth"]} == pointed


def test_the_most_of_every_part(diagnoses: dict[str, Diagnosis]) -> None:
    diagnosis = diagnoses[TABLE["sme"]]
    result = score(diagnosis, Answers(diagnosis.id))
    found = {part.block.id: part.most for part in _parts(result.parts)}
    wanted = {name: Fraction(case["is"]) for name, case in TABLE["most"].items()}
    assert {name: found[name] for name in wanted} == wanted
    assert result.score == Range(Fraction(0), Fraction(100))


@pytest.mark.parametrize("case", TABLE["levels"], ids=lambda case: str(case["diagnosis"]))
def test_a_score_gives_a_level(diagnoses: dict[str, Diagnosis], case: dict[str, Any]) -> None:
    levels = diagnoses[case["diagnosis"]].levels
    found = {text: level_of(levels, Fraction(Decimal(text))) for text in case["scores"]}
    assert found == case["scores"]


@pytest.mark.parametrize("case", TABLE["totals"], ids=_ids("totals"))
def test_levels_give_a_total(diagnoses: dict[str, Diagnosis], case: dict[str, Any]) -> None:
    diagnosis = diagnoses["cmmm_discrete"]
    assert diagnosis.scoring.satisfied_at is not None
    at = Fraction(diagnosis.scoring.satisfied_at)
    total = maturity_total(at, [Fraction(one) for one in case["levels"]])
    assert total == Fraction(case["s"])
    assert level_of(diagnosis.levels, total) == case["level"]


@pytest.mark.parametrize("case", TABLE["scenes"], ids=_ids("scenes"))
def test_key_scenes_give_a_level(diagnoses: dict[str, Diagnosis], case: dict[str, Any]) -> None:
    joined = diagnoses[TABLE["sme"]].joined
    assert joined is not None
    assert level_by_scenes(joined.scenes, case["levels"]) == case["level"]


@pytest.mark.parametrize("case", TABLE["whole"], ids=_ids("whole"))
def test_a_questionnaire(
    diagnoses: dict[str, Diagnosis], questions: dict[str, Question], case: dict[str, Any]
) -> None:
    answers = {
        name: Answer(value_of(questions[name], raw)) for name, raw in case["answers"].items()
    }
    keys = [name for name, question in questions.items() if question.key]
    answers |= {name: Answer(level) for name, level in zip(keys, case["scenes"], strict=True)}
    result = score(diagnoses[TABLE["sme"]], Answers(TABLE["sme"], given=answers))
    assert result.score == Range.exactly(case["score"])
    assert result.by_score == Levels(case["by_score"], case["by_score"])
    assert result.by_scenes == Levels(case["by_scenes"], case["by_scenes"])
    assert result.level == Levels(case["level"], case["level"])


def test_ten_key_scenes_of_sixteen(questions: dict[str, Question]) -> None:
    scenes = [question for question in questions.values() if question.kind == "scene"]
    assert (len(scenes), sum(question.key for question in scenes)) == (16, 10)


@pytest.mark.parametrize("name", ["cmmm_discrete", "cmmm_process"])
def test_maturity_has_four_elements_and_twenty_parts_with_five_levels_each(
    diagnoses: dict[str, Diagnosis], name: str
) -> None:
    diagnosis = diagnoses[name]
    leaves = [block for _, block in blocks_of(diagnosis.blocks) if block.questions]
    assert [block.title for block in diagnosis.blocks] == ["人员", "技术", "资源", "制造"]
    assert len(leaves) == 20
    assert {tuple(_levels(block)) for block in leaves} == {(1, 2, 3, 4, 5)}


def _levels(block: Block) -> Iterator[int]:
    for question in block.questions:
        assert question.level is not None
        yield question.level


def _parts(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from _parts(part.parts)
