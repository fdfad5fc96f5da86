"""Two small questionnaires of the made-up city, scored by hand."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from cityforge.brain.city import checks
from cityforge.brain.city.diagnosis import Diagnosis
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.errors import DataRefused, RunRefused
from cityforge.brain.evaluation.diagnosis import known, matter, reading
from cityforge.brain.evaluation.diagnosis.answers import Answer, Answers, Ticks, Value
from cityforge.brain.evaluation.diagnosis.improve import Need, ahead, improved
from cityforge.brain.evaluation.diagnosis.score import Levels, Result, score
from cityforge.brain.evaluation.diagnosis.worth import Range
from cityforge.brain.rules.row import completed

LANHE = Path(__file__).resolve().parents[3] / "cities" / "lanhe"


@pytest.fixture(scope="module")
def loaded() -> tuple[City, Dictionary]:
    return checks.load(LANHE)


@pytest.fixture(scope="module")
def workshop(loaded: tuple[City, Dictionary]) -> Diagnosis:
    return loaded[0].diagnoses["workshop"]


@pytest.fixture(scope="module")
def grown_up(loaded: tuple[City, Dictionary]) -> Diagnosis:
    return loaded[0].diagnoses["grown_up"]


def judge(diagnosis: Diagnosis, cut: tuple[str, ...] = (), **given: Value) -> Result:
    answers = {name: Answer(value) for name, value in given.items()}
    return score(diagnosis, Answers(diagnosis.id, given=answers, cut=frozenset(cut)))


def test_points_and_scenes_the_lower_level_counts(workshop: Diagnosis) -> None:
    # 4 + 4 (of 2 + 2 + 2, at most 4) + 1 + 3 = 12: level 3; the key scene at 2: level 2.
    result = judge(
        workshop, plan="adopted", links=Ticks(frozenset({"design", "make", "sell"})),
        spending=Decimal("2"), output="flat", control=2, office=0,
    )  # fmt: skip
    assert result.score == Range.exactly(12)
    assert result.by_score == Levels(3, 3)
    assert result.by_scenes == Levels(2, 2)
    assert result.level.known == 2
    assert [part.points for part in result.parts[:2]] == [Range.exactly(9), Range.exactly(3)]
    # Scenes alone: (2 + 0) of 2 × 4.
    assert result.parts[2].share == Range.exactly(Fraction(1, 4))


def test_what_is_not_answered_is_a_range(workshop: Diagnosis) -> None:
    # 1 + 2 and what is open: links 2 more of 4, spending 0–2, output 0–6.
    result = judge(workshop, plan="draft", control=1, office=0,
                   links=Ticks(frozenset({"make"}), frozenset({"sell"})))  # fmt: skip
    assert result.score == Range(Fraction(3), Fraction(1 + 4 + 2 + 6))
    assert result.by_score == Levels(0, 3)
    assert result.by_scenes == Levels(1, 1)
    assert (result.level, result.level.known) == (Levels(0, 1), None)
    assert [one.question.id for one in result.unanswered] == ["links", "spending", "output"]


def test_an_answer_that_settles_the_level_matters_most(workshop: Diagnosis) -> None:
    # 1 + 2: with output at 6 it is 9 or more, level 1 by its scene, whatever the spending.
    result = judge(workshop, plan="draft", links=Ticks(frozenset({"make"})), control=1, office=0)
    told = matter.unanswered(result)
    assert [(one.judged.question.id, one.levels, one.width) for one in told] == [
        ("output", 1, Fraction(6)), ("spending", 1, Fraction(2)),
    ]  # fmt: skip


def test_a_key_scene_counts_as_its_share_of_those_that_count(workshop: Diagnosis) -> None:
    # Output is 6 of 16; control the one scene that counts; office counts for nothing.
    result = judge(workshop, plan="none", links=Ticks(), spending=Decimal("0"))
    told = matter.unanswered(result)
    assert [(one.judged.question.id, one.scenes, one.share) for one in told] == [
        ("control", 1, Fraction(1)), ("output", 0, Fraction(6, 16)), ("office", 0, Fraction(0)),
    ]  # fmt: skip


def test_the_cheapest_way_counts_both_points_and_scenes(workshop: Diagnosis) -> None:
    # 1 + 2 + 1 + 0 = 4 points and a scene at 1: level 1. To level 2 (8 points, the scene at 2):
    # the plan adopted gives 3 for 5, design gives 2 for 1, output gives 3 for 20, 6 for 40.
    result = judge(
        workshop, plan="draft", links=Ticks(frozenset({"make"})), spending=Decimal("3"),
        output="down", control=1, office=0,
    )  # fmt: skip
    told = ahead(result)
    assert (told.level, told.is_complete) == (2, True)
    assert told.needs == (Need("points", 2, Fraction(4)), Need("scenes", 2, Fraction(1)))
    best = told.ways[0]
    # 5 + 1 for 5 points; the scene to level 2 costs 5.
    assert {one.question.id for one in best.improvements} == {"plan", "links", "control"}
    assert best.cost == 11
    assert improved(result, best).level.known == 2
    assert improved(result, best).score == Range.exactly(9)
    assert [way.cost for way in told.ways] == sorted(way.cost for way in told.ways)
    # Spending states no effort: it is never proposed.
    every = {one.question.id for way in told.ways for one in way.improvements}
    assert "spending" not in every


def test_maturity_weighs_parts_and_counts_the_first_unsatisfied(grown_up: Diagnosis) -> None:
    # Level 1: people 1 (0.25); making: operation (1 + 0.5) / 2 = 0.75, logistics 1: mean 0.875
    # (0.75): 0.25 + 0.65625 = 0.90625. Level 2: people 0.5; making: operation alone 0.8.
    result = judge(
        grown_up, people_1="full", operation_1="full", operation_1b="part", logistics_1="full",
        people_2="part", operation_2="most",
    )  # fmt: skip
    assert result.by_level == {
        1: Range.exactly(Decimal("0.90625")), 2: Range.exactly(Decimal("0.725")),
    }  # fmt: skip
    assert result.score == Range.exactly(Decimal("1.725"))
    assert result.level.known == 1


def test_a_part_that_is_cut_leaves_its_weight_to_the_others(grown_up: Diagnosis) -> None:
    # Without logistics making is operation alone: 0.25 × 1 + 0.75 × 0.75 = 0.8125.
    result = judge(
        grown_up, ("logistics",), people_1="full", operation_1="full", operation_1b="part",
        people_2="none", operation_2="none",
    )  # fmt: skip
    assert result.by_level[1] == Range.exactly(Decimal("0.8125"))
    assert result.score == Range.exactly(1)
    assert "logistics_1" not in {one.question.id for one in result.questions}


def test_the_way_to_the_next_level_of_maturity(grown_up: Diagnosis) -> None:
    # Level 1 stands at 0.25 × 0.5 + 0.75 × (0.75 + 0) / 2 = 0.40625, 0.39375 short. Logistics to
    # full: 0.375 in three steps of 1; to most 0.3 in two; people to full 0.125 in two, to most
    # 0.075 in one. 0.3 + 0.125 for 4, 0.375 + 0.075 for 4 and 0.375 + 0.125 for 5: the second
    # gains more than the first.
    result = judge(
        grown_up, people_1="part", operation_1="full", operation_1b="part", logistics_1="none",
        people_2="none", operation_2="none",
    )  # fmt: skip
    told = ahead(result)
    assert told.needs == (Need("maturity", 1, Fraction("0.39375")),)
    first, second = told.ways[:2]
    assert (first.cost, second.cost) == (4, 4)
    assert {(one.question.id, one.after) for one in first.improvements} == {
        ("logistics_1", "full"), ("people_1", "most"),
    }  # fmt: skip
    assert {(one.question.id, one.after) for one in second.improvements} == {
        ("logistics_1", "most"), ("people_1", "full"),
    }  # fmt: skip


def test_at_the_top_there_is_nothing_ahead(grown_up: Diagnosis) -> None:
    every = ("people_1", "operation_1", "operation_1b", "logistics_1", "people_2", "operation_2")
    told = ahead(judge(grown_up, **dict.fromkeys(every, "full")))
    assert (told.level, told.ways) == (None, ())


def test_facts_fill_in_what_was_not_said_and_are_compared_with_what_was(
    loaded: tuple[City, Dictionary],
) -> None:
    city, book = loaded
    facts = {
        "revenue": Decimal(1000), "rd_expense": Decimal(60), "employees": Decimal(100),
        "revenue[-1]": Decimal(900), "employees[-1]": Decimal(90),
    }  # fmt: skip
    row = completed(book, facts, day=date(2026, 1, 1), parameters={})
    said = Answers("workshop", given={"spending": Answer(Decimal("1"))})
    found = known.fill(city.diagnoses["workshop"], book, row, said)
    # 60 / 1000 is 6 %; 10 an employee both years: flat.
    assert found.answers.given["spending"] == Answer(Decimal("1"))
    assert found.differing["spending"].value == Decimal("6")
    output = found.answers.given["output"]
    assert (output.value, output.source) == ("flat", "known")
    assert output.columns == ("employees", "employees[-1]", "revenue", "revenue[-1]")
    filled = known.fill(city.diagnoses["grown_up"], book, row, Answers("grown_up"))
    assert filled.answers.given["people_2"].value == "full"


@pytest.mark.parametrize(("employees", "wanted"), [("101", "down"), ("99.2", "flat"), ("90", "up")])
def test_a_small_change_is_flat(
    loaded: tuple[City, Dictionary], employees: str, wanted: str
) -> None:
    city, book = loaded
    facts = {"revenue": Decimal(1000), "employees": Decimal(employees),
             "revenue[-1]": Decimal(1010), "employees[-1]": Decimal(100)}  # fmt: skip
    row = completed(book, facts, day=date(2026, 1, 1), parameters={})
    filled = known.fill(city.diagnoses["workshop"], book, row, Answers("workshop"))
    assert filled.answers.given["output"].value == wanted


def test_what_the_facts_do_not_tell_stays_unknown(loaded: tuple[City, Dictionary]) -> None:
    city, book = loaded
    row = completed(book, {"revenue": Decimal(1000)}, day=date(2026, 1, 1), parameters={})
    filled = known.fill(city.diagnoses["workshop"], book, row, Answers("workshop"))
    assert filled.answers.given == {}


def test_a_file_of_answers(loaded: tuple[City, Dictionary], tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(
        "diagnosis: workshop\nenterprise: {name: 甲厂, uscc: 91350100M000100Y43}\non: 2025-09-01\n"
        "answers:\n  plan: B 草案\n  links: {design: 是, make: 否}\n  spending: 3.5%\n"
        "  output: 上升\n  control: 2 有系统\n  office:\nproofs: {plan: 规划.pdf}\n",
        encoding="utf-8",
    )
    found = reading.read(file, loaded[0].diagnoses)
    assert (found.subject.name, found.on) == ("甲厂", date(2025, 9, 1))
    assert found.given == {
        "plan": Answer("draft", proof="规划.pdf"),
        "links": Answer(Ticks(frozenset({"design"}), frozenset({"sell"}))),
        "spending": Answer(Decimal("3.5")),
        "output": Answer("up"),
        "control": Answer(2),
    }


def test_every_fault_of_a_file_is_told_at_once_with_its_place(
    loaded: tuple[City, Dictionary], tmp_path: Path
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(
        "diagnosis: grown_up\nenterprise: {uscc: '123'}\nanswers:\n  people_1: 全满足\n"
        "  operation: full\n  logistics_1: full\ncut: [logistics, people]\nplan: x\n",
        encoding="utf-8",
    )
    with pytest.raises(DataRefused) as refused:
        reading.read(file, loaded[0].diagnoses)
    told = [(p.line, p.column, p.what.zh) for p in refused.value.problems]
    assert [place[:2] for place in told] == [(2, 20), (4, 13), (5, 3), (7, 7), (7, 18), (8, 1)]
    assert told[1][2] == "不能填“全满足”"
    assert refused.value.problems[1].hint.zh == "可填：全部满足、大部分满足、部分满足、不满足"
    assert told[2][2] == "没有题目“operation”"
    assert told[3][2] == "“物流”已裁剪，又答了 logistics_1"
    assert told[4][2] == "“人员”不得裁剪"


@pytest.mark.parametrize("text", ["101", "-1", "三成", "NaN", "1e3", ""])
def test_what_is_no_share_is_refused(workshop: Diagnosis, text: str) -> None:
    question = next(one for one in workshop.blocks[0].questions if one.id == "spending")
    with pytest.raises(Exception, match="no share of 0 to 100"):
        reading.value_of(question, text)


def test_a_diagnosis_without_questions_refuses_and_says_why() -> None:
    city, _ = checks.load(LANHE.parents[2] / "cities" / "taizhou")
    with pytest.raises(RunRefused) as refused:
        judge(city.diagnoses["sme_digital_2022"])
    assert "未取得" in refused.value.text.zh
