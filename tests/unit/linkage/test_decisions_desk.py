"""Decisions at the desk: checks before a line is written, the queue, the sheet, the story."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from cityforge.brain.errors import DataRefused, RunRefused
from cityforge.brain.linkage import desk as desks
from cityforge.brain.linkage import journal, review, sheet
from cityforge.brain.linkage.decisions import Decision

Relink = Callable[[Path, dict[str, str]], None]


def decide(folder: Path, kind: str, *records: str, entities: tuple[str, ...] = ()) -> desks.Taken:
    wish = Decision("", kind, "", "", records, entities)  # type: ignore[arg-type]
    return desks.decide(folder, wish, by="李", at="2025-09-30T08:00:00+00:00")


def undo(folder: Path, *ids: str, with_later: bool = False) -> desks.Taken:
    return desks.undo(folder, ids, by="王", at="2025-10-01T08:00:00+00:00", with_later=with_later)


def entities(folder: Path) -> dict[str, str]:
    return desks.Desk(folder).entities("abcdefg")


def refused(folder: Path, kind: str, *records: str, entities: tuple[str, ...] = ()) -> str:
    before = journal.read(folder).decisions
    with pytest.raises(DataRefused) as error:
        decide(folder, kind, *records, entities=entities)
    assert journal.read(folder).decisions == before
    return "\n".join(problem.say("zh") for problem in error.value.problems)


def test_decisions_move_records_and_undo_brings_them_back(links: Path) -> None:
    machine = entities(links)
    decide(links, "same", "d", "e")
    decide(links, "different", "a", "c")
    assert entities(links) == {**machine, "e": "d", "c": "c"}
    undo(links, "d1", "d2")
    assert entities(links) == machine
    undo(links, "d3")
    assert entities(links) == {**machine, "e": "d", "c": "c"}


def test_merge_and_split_remember_what_was_seen(links: Path) -> None:
    assert decide(links, "merge", entities=("a", "f")).decision.seen == ("a", "b", "c", "f")
    assert entities(links)["f"] == "a"
    assert decide(links, "split", "b", entities=("a",)).decision.stayed == ("a", "c", "f")


def test_a_split_against_a_merge_is_refused_with_its_id(links: Path) -> None:
    decide(links, "merge", entities=("d", "f"))
    said = refused(links, "split", "f", entities=("d",))
    assert "d1" in said
    assert "undo" in said


def test_what_contradicts_is_refused_with_the_chain(links: Path) -> None:
    decide(links, "same", "d", "e")
    decide(links, "same", "e", "f")
    said = refused(links, "different", "d", "f")
    assert "d1、d2" in said
    decide(links, "different", "g", "d")
    assert "d3" in refused(links, "same", "f", "g")
    assert "d3" in refused(links, "merge", entities=("d", "g"))


@pytest.mark.parametrize(
    ("kind", "records", "whole", "word"),
    [
        ("same", ("a", "x"), (), "x"),
        ("same", ("a", "a"), (), "两次"),
        ("merge", (), ("a", "b"), "写 a"),
        ("split", ("d",), ("a",), "不在实体"),
        ("split", ("a", "b", "c"), ("a",), "全部"),
        ("split", ("a",), ("nobody",), "nobody"),
    ],
)
def test_what_does_not_fit_is_refused(
    links: Path, kind: str, records: tuple[str, ...], whole: tuple[str, ...], word: str
) -> None:
    assert word in refused(links, kind, *records, entities=whole)


def test_the_same_decision_twice_is_one(links: Path) -> None:
    assert decide(links, "same", "d", "e").is_new
    again = decide(links, "same", "e", "d")
    assert (again.is_new, again.decision.id) == (False, "d1")
    assert len(journal.read(links).decisions) == 1


def test_undo_asks_for_what_rests_on_it(links: Path) -> None:
    decide(links, "same", "d", "e")
    decide(links, "merge", entities=("d", "f"))
    with pytest.raises(DataRefused) as error:
        undo(links, "d1")
    assert [problem.line for problem in error.value.problems] == [2]
    assert undo(links, "d1", with_later=True).decision.undoes == ("d1", "d2")
    assert entities(links)["f"] == "f"


def test_undo_of_what_does_not_stand_says_why(links: Path) -> None:
    decide(links, "same", "d", "e")
    undo(links, "d1")
    with pytest.raises(DataRefused) as error:
        undo(links, "d1", "d9")
    said = [problem.say("zh") for problem in error.value.problems]
    assert "d2" in said[0]
    assert "d9" in said[1]


def test_an_undo_that_brings_back_a_contradiction_is_refused(links: Path) -> None:
    decide(links, "same", "d", "e")
    undo(links, "d1")
    decide(links, "different", "d", "e")
    with pytest.raises(DataRefused) as error:
        undo(links, "d2")
    assert "d3" in error.value.problems[0].what.zh
    assert entities(links)["e"] == "e"


def test_a_conflict_written_by_hand_is_told(links: Path) -> None:
    decide(links, "same", "d", "e")
    with (links / journal.LOG).open("a", encoding="utf-8") as stream:
        stream.write('{"id": "d2", "kind": "different", "records": ["d", "e"]}\n')
    (problem,) = review.queue(links).problems
    assert problem.line == 2
    assert "d1" in problem.what.zh


def test_a_newer_run_does_not_override_people(links: Path, relink: Relink) -> None:
    decide(links, "different", "f", "g")
    decide(links, "same", "d", "e")
    relink(links, {"g": "f", "c": "c"})
    assert entities(links) == {**dict(zip("abcdefg", "aacddfg", strict=True))}


def test_the_queue_is_best_first_without_what_is_settled(links: Path) -> None:
    found = review.queue(links)
    assert [(case.left.record, case.right.record) for case in found.cases] == [
        ("f", "g"),
        ("d", "e"),
    ]
    assert found.simulated
    assert "3.25" in found.cases[0].why.zh
    assert "“甲机械厂”对“甲机械有限公司”" in found.cases[0].why.zh
    assert review.queue(links, limit=1).open == 2
    decide(links, "different", "f", "g")
    decide(links, "same", "d", "e")
    assert review.queue(links).open == 0
    assert review.as_json(found)["cases"][1]["left"]["name"] == "=乙纺织厂"


def filled(queue: review.Queue, file: Path, answers: list[str]) -> Path:
    sheet.write(queue, file)
    book = openpyxl.load_workbook(file)
    for row, answer in enumerate(answers, start=3):
        book.active.cell(row, 1).value = answer
    book.save(file)
    return file


def take(links: Path, file: Path) -> sheet.SheetTaken:
    taken = sheet.take(links, file, by="李", at="2025-09-30T08:00:00+00:00")
    counted = len(taken.taken) + taken.unchanged + taken.left_open + taken.refused
    assert counted == taken.read
    return taken


def test_a_filled_sheet_is_taken_once(links: Path, tmp_path: Path) -> None:
    file = filled(review.queue(links), tmp_path / "queue.xlsx", ["是", "否"])
    first = take(links, file)
    assert [(d.id, d.kind, d.records) for d in first.taken] == [
        ("d1", "same", ("f", "g")),
        ("d2", "different", ("d", "e")),
    ]
    log = (links / journal.LOG).read_bytes()
    again = take(links, file)
    assert (again.taken, again.unchanged) == ([], 2)
    assert (links / journal.LOG).read_bytes() == log


def test_open_rows_stay_open_and_bad_ones_are_named(links: Path, tmp_path: Path) -> None:
    file = filled(review.queue(links), tmp_path / "queue.xlsx", ["待定", "也许"])
    book = openpyxl.load_workbook(file)
    line = [cell.value for cell in book.active[3]]
    for number, answer in ((5, "是"), (6, "否"), (7, "是")):
        for place, value in enumerate(line, start=1):
            book.active.cell(number, place).value = value
        book.active.cell(number, 1).value = answer
    book.active.cell(7, 14).value = "nobody"
    book.save(file)
    taken = take(links, file)
    assert (taken.read, len(taken.taken), taken.left_open, taken.refused) == (5, 1, 1, 3)
    assert [problem.line for problem in taken.problems] == [4, 6, 7]


def test_the_sheet_offers_a_drop_down_and_holds_no_formula(links: Path, tmp_path: Path) -> None:
    file = tmp_path / "queue.xlsx"
    sheet.write(review.queue(links), file)
    page = openpyxl.load_workbook(file).active
    (choice,) = page.data_validations.dataValidation
    assert choice.formula1 == '"是,否,待定"'
    assert str(choice.sqref) == "A3:A4"
    assert "模拟数据" in page["A1"].value
    name = page["C4"]
    assert (name.value, name.data_type, name.quotePrefix) == ("=乙纺织厂", "s", True)


def test_a_file_that_is_no_review_sheet_is_refused(links: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "别的"
    book.save(tmp_path / "other.xlsx")
    (tmp_path / "torn.xlsx").write_bytes(b"PK\x03\x04")
    for name in ("other.xlsx", "torn.xlsx", "absent.xlsx"):
        with pytest.raises(DataRefused):
            take(links, tmp_path / name)


def test_the_story_names_each_step(links: Path) -> None:
    decide(links, "same", "c", "d")
    decide(links, "different", "c", "e")
    story = review.story(links, "c")
    steps = {c.record.record: [step.why.zh for step in c.steps] for c in story.companions}
    assert set(steps) == {"a", "b", "d"}
    assert steps["a"][0].startswith("字号相同")
    assert steps["b"][1].startswith("统一社会信用代码相同")
    assert steps["d"] == ["李 决定（d1，2025-09-30）：c 与 d 是同一企业"]
    assert [decision.id for decision in story.kept_apart] == ["d2"]
    assert (review.story(links, "d").entity, review.story(links, "d").machine_entity) == ("a", "d")
    assert review.story(links, "g").companions == ()


def test_the_history_of_an_entity(links: Path) -> None:
    decide(links, "same", "d", "e")
    decide(links, "same", "f", "g")
    undo(links, "d1")
    assert [(x.decision.id, x.undone_by) for x in review.history(links)] == [
        ("d1", "d3"),
        ("d2", ""),
        ("d3", ""),
    ]
    assert [x.decision.id for x in review.history(links, entity="d")] == ["d1", "d3"]
    with pytest.raises(RunRefused):
        review.history(links, entity="x")


def test_without_links_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RunRefused, match="link run"):
        review.queue(tmp_path)
