"""The story of twelve firms, worked by hand: who objects, who wins, who is pushed, what stays."""

import dataclasses
import hashlib
import json
import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cityforge.brain.errors import DataRefused, RunRefused, ValueRefused
from cityforge.brain.evaluation.proceedings import chain
from cityforge.brain.evaluation.proceedings.acts import (
    Confirmation,
    Entry,
    Objection,
    Override,
    Ruling,
    Step,
    Withdrawal,
)
from cityforge.brain.evaluation.proceedings.stages import Stage
from cityforge.brain.linkage import journal as links
from cityforge.brain.runs import proceeding, proceeding_journal
from cityforge.brain.runs.proceeding import Proceeding
from cityforge.brain.runs.proceeding_lists import final_list, publicity_list, publish
from cityforge.brain.runs.proceeding_told import check, history, knock_on, recompute

from .conftest import FIRMS, Clock, code

Objects = Callable[..., Objection]
FIRM = {"by": "企业经办人", "role": "企业"}
OFFICE = {"by": "评价办公室", "role": "市工信局"}


def begin(snapshot: Path, scheme: str = "by_rank", **more: Any) -> Proceeding:
    return proceeding.begin(snapshot, scheme=scheme, **OFFICE, **more)


def step(of: Proceeding, *stages: Stage) -> None:
    for stage in stages:
        proceeding.record(of, Step(to=stage), **OFFICE)


def to_checking(of: Proceeding) -> None:
    """Version 1 on the data as collected, then the firms look at them."""
    step(of, "listed", "collected")
    rerun(of, "首次计算")
    step(of, "checked")


def rerun(of: Proceeding, why: str = "异议裁定后重算") -> int:
    return proceeding.rerun(of, why=why, **OFFICE).version


def object_(of: Proceeding, act: Objection) -> str:
    return proceeding.record(of, act, **FIRM)[0].id


def rule(of: Proceeding, objection: str, outcome: Any, value: int | str) -> str:
    act = Ruling(objection=objection, outcome=outcome, value=Decimal(value), grounds="税务局核实")
    return proceeding.record(of, act, **OFFICE)[0].id


def grades(of: Proceeding, version: int) -> str:
    """The grades of firms 1 to 12."""
    rows = pq.read_table(of.folder / "results" / f"{version:04d}" / "rows.parquet")
    by = dict(zip(rows["uscc"].to_pylist(), rows["grade"].to_pylist(), strict=True))
    return "".join(by[code(i)] for i in FIRMS)


def refused(call: Callable[[], object], *words: str) -> None:
    with pytest.raises(RunRefused) as caught:
        call()
    for word in words:
        assert word in caught.value.text.zh, caught.value.text.zh


@pytest.fixture
def of(snapshot: Path, calendar: Clock) -> Proceeding:
    made = begin(snapshot)
    to_checking(made)
    return made


# --- who moves -----------------------------------------------------------------------------------


def test_an_upheld_objection_moves_its_firm_up_and_exactly_one_other_down(
    of: Proceeding, objects: Objects
) -> None:
    assert grades(of, 1) == "AAABBBCCCCCD"
    # Firm 7 paid 850, not 600: between firm 4 (900) and firm 5 (800).
    rule(of, object_(of, objects(7, 850)), "upheld", 850)
    assert rerun(of) == 2
    assert grades(of, 2) == "AAABBCBCCCCD"
    assert grades(of, 1) == "AAABBBCCCCCD"
    found = knock_on(of)
    assert found.corrected == (code(7),)
    moved = {
        one.name: (one.old.rank, one.new.rank, one.old.grade, one.new.grade, one.why, one.by)
        for one in found.moved
    }
    assert moved == {
        "企业05": (5, 6, "B", "B", "passed", (code(7),)),
        "企业06": (6, 7, "B", "C", "passed", (code(7),)),
        "企业07": (7, 5, "C", "B", "own", (code(7),)),
    }
    assert [one.name for one in found.grades] == ["企业06", "企业07"]


def test_a_partly_upheld_objection_takes_the_value_ruled(of: Proceeding, objects: Objects) -> None:
    # Between firm 6 (700) and firm 5 (800).
    rule(of, object_(of, objects(7, 850)), "partly", "700.5")
    rerun(of)
    assert [one.name for one in knock_on(of).moved] == ["企业06", "企业07"]
    assert [change.new for change in proceeding.docket(of).changes] == [Decimal("700.5")]


def test_a_rejected_objection_moves_nobody(of: Proceeding, objects: Objects) -> None:
    rule(of, object_(of, objects(7, 850)), "rejected", 600)
    refused(lambda: rerun(of), "结果不变")
    held = proceeding.docket(of)
    assert held.changes == [] and held.open_objections == [] and len(held.versions) == 1


def test_a_correction_that_moves_the_base_moves_others(
    snapshot: Path, calendar: Clock, objects: Objects
) -> None:
    of = begin(snapshot, "by_mean")
    to_checking(of)
    # Mean 6.5: 184.6 169.2 153.8 | 138.5 123.1 107.7 | 92.3 76.9 61.5 | 46.2 30.8 15.4
    assert grades(of, 1) == "AAABBBCCCDDD"
    # Firm 1 paid 2400: the mean becomes 7.5, firm 2 gets 146.7, firm 3 133.3, firm 6 93.3.
    rule(of, object_(of, objects(1, 2400)), "upheld", 2400)
    rerun(of)
    assert grades(of, 2) == "ABBBBCCCCDDD"
    found = knock_on(of)
    assert [(one.name, one.why, one.by) for one in found.grades] == [
        ("企业02", "base", (code(1),)),
        ("企业03", "base", (code(1),)),
        ("企业06", "base", (code(1),)),
    ]


def test_who_passes_is_told_apart_from_who_only_shares_the_group(
    of: Proceeding, objects: Objects
) -> None:
    # Firm 12 paid 250: past firm 11 (200). Firm 7 paid 850: past firms 5 and 6.
    rule(of, object_(of, objects(12, 250)), "upheld", 250)
    rule(of, object_(of, objects(7, 850)), "upheld", 850)
    rerun(of)
    by = {one.name: (one.why, one.by) for one in knock_on(of).moved}
    assert by["企业11"] == ("passed", (code(12),))
    assert by["企业06"] == ("passed", (code(7),))
    assert grades(of, 2) == "AAABBCBCCCDC"


def test_who_leaves_moves_the_cut_of_its_group(of: Proceeding, objects: Objects) -> None:
    # Eleven are left, cut after 3, 6, 10, 11 (2.75, 5.5, 9.9): firm 11 is the last now.
    below = dataclasses.replace(objects(12, 1), fact="above_scale", stated=True, right=False)
    id = object_(of, below)
    act = Ruling(objection=id, outcome="upheld", value=False, grounds="统计局核实")
    proceeding.record(of, act, **OFFICE)
    rerun(of)
    found = [(one.name, one.new.grade, one.new.status, one.why) for one in knock_on(of).grades]
    assert found == [
        ("企业11", "D", "rated", "size"),
        ("企业12", None, "outside", "own"),
    ]
    assert publicity_list(of).rows.num_rows == 11


def test_places_that_give_points_move_with_a_correction(
    snapshot: Path, calendar: Clock, objects: Objects
) -> None:
    of = begin(snapshot, "mixed")
    to_checking(of)
    # Labour is scored by place: firm 12, the last, becomes the first, and all others lose a place.
    more = dataclasses.replace(
        objects(12, 9000), fact="value_added", stated=Decimal(2000 - 50 * 12)
    )
    rule(of, object_(of, more), "upheld", 9000)
    rerun(of)
    why = {one.name: one.why for one in knock_on(of).moved}
    assert why.pop("企业12") == "own" and set(why.values()) == {"points"}
    assert {by for one in knock_on(of).moved for by in one.by} == {code(12)}


def test_an_override_moves_one_grade_and_no_rank(of: Proceeding, calendar: Clock) -> None:
    calendar.day = date(2026, 3, 10)
    step(of, "computed")
    act = Override(uscc=code(12), before="D", grade="C", reason="在建重大项目")
    given = proceeding.record(of, act, **OFFICE)[0].id
    refused(lambda: step(of, "reviewed"), "须重新计算")
    rerun(of, "会审调整")
    assert grades(of, 2) == "AAABBBCCCCCC"
    assert [(one.name, one.why, one.old.rank == one.new.rank) for one in knock_on(of).moved] == [
        ("企业12", "override", True)
    ]
    rows = pq.read_table(of.folder / "results/0002/rows.parquet").to_pylist()
    assert [(row["computed_grade"], row["overridden_by"]) for row in rows if row["overridden_by"]] \
        == [("D", given)]  # fmt: skip
    proceeding.record(of, Withdrawal(entry=given, reason="项目已停"), **OFFICE)
    rerun(of, "撤销调整")
    assert grades(of, 3) == grades(of, 1)


def test_an_override_must_name_a_grade_that_stands(of: Proceeding, calendar: Clock) -> None:
    calendar.day = date(2026, 3, 10)
    step(of, "computed")

    def override(firm: str, before: str, grade: str) -> None:
        act = Override(uscc=firm, before=before, grade=grade, reason="会审")
        proceeding.record(of, act, **OFFICE)

    refused(lambda: override(code(12), "C", "B"), "现为“D”")
    refused(lambda: override(code(12), "D", "E"), "没有等次“E”")
    refused(lambda: override(code(12), "D", "D"), "没有变化")
    refused(lambda: override("x", "D", "C"), "没有等次，无从")
    override(code(12), "D", "C")
    refused(lambda: override(code(12), "D", "B"), "先撤销")


def test_an_undone_ruling_brings_the_first_result_back(of: Proceeding, objects: Objects) -> None:
    objection = object_(of, objects(7, 850))
    ruling = rule(of, objection, "upheld", 850)
    rerun(of)
    proceeding.record(of, Withdrawal(entry=ruling, reason="凭证有误"), **OFFICE)
    held = proceeding.docket(of)
    assert held.open_objections == [objection] and held.changes == [] and not held.is_current
    rerun(of)
    assert grades(of, 3) == grades(of, 1)
    old, new = (of.folder / "results" / n / "rows.parquet" for n in ("0001", "0003"))
    assert old.read_bytes() == new.read_bytes()
    assert {one.name for one in knock_on(of, before=2, after=3).grades} == {"企业06", "企业07"}
    assert knock_on(of, before=1, after=3).moved == ()
    # Both the ruling and what undid it stay in the journal.
    assert {ruling, objection} <= {entry.id for entry in history(of, code(7)).entries}


def test_a_correction_of_the_year_before_is_taken(of: Proceeding, objects: Objects) -> None:
    rule(of, object_(of, objects(7, 850, year=2023)), "upheld", 850)
    rerun(of)
    # The fixed base and the facts of 2024 do not look at 2023.
    assert grades(of, 2) == grades(of, 1) and knock_on(of).moved == ()


# --- what is refused -----------------------------------------------------------------------------


def test_an_objection_must_quote_what_the_data_say(of: Proceeding, objects: Objects) -> None:
    wrong = objects(7, 850, stated=601)
    refused(lambda: object_(of, wrong), "现有数值是 600", "601")
    change = dataclasses.replace
    refused(lambda: object_(of, change(objects(7, 850), fact="land_mu")), "不是数据集里的事实")
    refused(lambda: object_(of, change(objects(7, 850), fact="nothing")), "不是数据集里的事实")
    refused(lambda: object_(of, change(objects(7, 850), right="多")), "不能更正为")
    refused(lambda: object_(of, change(objects(7, 850), uscc=code(99))), "没有企业")
    refused(lambda: object_(of, change(objects(7, 850), year=1999)), "没有企业")
    refused(lambda: object_(of, objects(7, "850.00001")), "容不下")
    refused(lambda: object_(of, objects(7, 600)), "与现有数值相同")
    refused(lambda: object_(of, change(objects(7, 850), year=2025)), "评价的是 2024")
    with pytest.raises(ValueRefused) as caught:
        object_(of, change(objects(7, 850), reason=""))
    assert "reason" in caught.value.what.zh
    assert proceeding.docket(of).objections == []
    assert object_(of, change(objects(7, 850), right=None))


def test_a_second_objection_quotes_the_corrected_value(of: Proceeding, objects: Objects) -> None:
    first = object_(of, objects(7, 850))
    refused(lambda: object_(of, objects(7, 900)), f"{first} 还没有裁定")
    ruling = rule(of, first, "upheld", 850)
    refused(lambda: object_(of, objects(7, 900)), "850")
    second = object_(of, objects(7, 900, stated=850))
    undo = Withdrawal(entry=ruling, reason="撤销")
    refused(lambda: proceeding.record(of, undo, **OFFICE), f"其后的异议 {second}")
    rule(of, second, "partly", 860)
    rerun(of)
    assert [c.value for c in proceeding.docket(of).corrections_in(proceeding.docket(of).basis)] == [
        Decimal(860)
    ]
    assert [(c.old, c.new) for c in history(of, code(7)).changes] == [
        (Decimal(600), Decimal(850)),
        (Decimal(850), Decimal(860)),
    ]


def test_a_ruling_says_what_its_outcome_means(of: Proceeding, objects: Objects) -> None:
    id = object_(of, objects(7, 850))
    for outcome, value in (
        ("upheld", 600), ("upheld", 700), ("partly", 600), ("partly", 850), ("rejected", 850),
    ):  # fmt: skip
        refused(lambda o=outcome, v=value: rule(of, id, o, v), "采纳")
    refused(lambda: rule(of, id, "partly", "700.00001"), "容不下")
    refused(lambda: rule(of, "e1", "upheld", 850), "没有异议 e1")
    rule(of, id, "rejected", 600)
    refused(lambda: rule(of, id, "upheld", 850), "了结")


def test_of_several_acts_all_are_written_or_none(of: Proceeding) -> None:
    before = (of.folder / "journal.jsonl").read_bytes()
    acts = [Confirmation(uscc=code(1)), Confirmation(uscc=code(2)), Confirmation(uscc=code(1))]
    refused(lambda: proceeding.record(of, *acts, **FIRM), "已经确认过")
    assert (of.folder / "journal.jsonl").read_bytes() == before
    proceeding.record(of, *acts[:2], **FIRM)
    held = proceeding.docket(of)
    assert [held.answer(code(i)) for i in (1, 2, 3)] == ["confirmed", "confirmed", "silent"]


def test_only_the_program_writes_results_and_lists(of: Proceeding) -> None:
    act = proceeding.docket(of).versions[0]
    refused(lambda: proceeding.record(of, act, **OFFICE), "由程序写入")
    refused(lambda: step(of, "published"), "不是“公示”")


# --- days ----------------------------------------------------------------------------------------


def test_the_whole_road_with_its_days(snapshot: Path, calendar: Clock, objects: Objects) -> None:
    # Friday 6 March is off, Saturday 7 March is worked.
    of = begin(snapshot, off=[date(2026, 3, 6)], worked=[date(2026, 3, 7)])
    to_checking(of)
    # From Monday 2: Tue 3, Wed 4, Thu 5, Sat 7, Mon 9.
    assert proceeding.docket(of).stays[-1].due_on == date(2026, 3, 9)
    calendar.day = date(2026, 3, 9)
    refused(lambda: step(of, "objected"), "还没有满期")
    late = objects(7, 850)
    calendar.day = date(2026, 3, 10)
    refused(lambda: object_(of, late), "期限 2026-03-09 已过")
    # Filed in time, written down a day later.
    id = proceeding.record(of, late, at="2026-03-09", **FIRM)[0].id
    refused(lambda: proceeding.record(of, late, at="2026-03-11", **FIRM), "还没有到")
    refused(lambda: proceeding.record(of, late, at="三月", **FIRM), "看不懂")
    step(of, "objected")
    refused(lambda: step(of, "computed"), f"没有裁定：{id}")
    rule(of, id, "upheld", 850)
    refused(lambda: step(of, "computed"), "须重新计算")
    rerun(of)
    step(of, "computed", "reviewed")
    draft = publicity_list(of)
    assert draft.publication is None and draft.version == 2
    shown = publish(of, "publicity", **OFFICE)
    assert draft.digest == shown.digest
    # Seven working days from Tuesday 10: 11, 12, 13, 16, 17, 18, 19.
    assert (shown.begins_on, shown.ends_on) == (date(2026, 3, 10), date(2026, 3, 19))
    rows = shown.rows.to_pylist()
    assert [(row["rank"], row["name"], row["grade"]) for row in rows][:5] == [
        (1, "企业01", "A"), (2, "企业02", "A"), (3, "企业03", "A"),
        (4, "企业04", "B"), (5, "企业07", "B"),
    ]  # fmt: skip
    calendar.day = date(2026, 3, 19)
    refused(lambda: publish(of, "final", **OFFICE), "还没有满期")
    refused(lambda: final_list(of), "还没有审定")
    # An objection in writing on the last day: back, ruled, computed, reviewed, shown again.
    second = object_(of, objects(12, 250))
    calendar.day = date(2026, 3, 20)
    refused(lambda: publish(of, "final", **OFFICE), f"没有裁定：{second}")
    rule(of, second, "upheld", 250)
    refused(lambda: publish(of, "final", **OFFICE), "须重新计算")
    refused(lambda: rerun(of), "现为“公示”阶段")
    step(of, "objected")
    rerun(of)
    step(of, "computed", "reviewed")
    again = publish(of, "publicity", **OFFICE)
    assert again.version == 3 and again.digest != shown.digest
    calendar.day = date(2026, 4, 1)
    final = publish(of, "final", **OFFICE)
    assert final.digest == again.digest and final.ends_on is None
    step(of, "applied", "archived")
    held = proceeding.docket(of)
    assert [stay.stage for stay in held.stays] == [
        "announced", "listed", "collected", "checked", "objected", "computed", "reviewed",
        "published", "objected", "computed", "reviewed", "published", "settled", "applied",
        "archived",
    ]  # fmt: skip
    refused(lambda: step(of, "announced"), "已经归档")
    refused(lambda: object_(of, objects(8, 850)), "阶段")
    assert len(held.versions) == 3 and check(of) == []
    assert final_list(of).digest == final.digest
    assert all(one.same for one in recompute(of))
    told = history(of, code(7))
    assert [(n, place.rank, place.grade) for n, place in told.places] == [
        (1, 7, "C"), (2, 5, "B"), (3, 5, "B"),
    ]  # fmt: skip
    [change] = told.changes
    assert (change.by, change.role, change.old, change.new) == (
        "评价办公室", "市工信局", Decimal(600), Decimal(850),
    )  # fmt: skip
    assert change.evidence[0].file == "完税证明.pdf"


def test_a_list_needs_a_length_of_publicity(snapshot: Path, calendar: Clock) -> None:
    of = begin(snapshot, "by_mean")
    to_checking(of)
    step(of, "computed", "reviewed")
    refused(lambda: publish(of, "publicity", **OFFICE), "公示期没有定")
    refused(lambda: publish(of, "draft", **OFFICE), "draft")


def test_the_length_of_publicity_may_be_given_at_the_start(snapshot: Path, calendar: Clock) -> None:
    of = begin(snapshot, "by_mean", working_days={"published": 1})
    to_checking(of)
    step(of, "computed", "reviewed")
    assert publish(of, "publicity", **OFFICE).ends_on == date(2026, 3, 3)


# --- what stands on the disk ---------------------------------------------------------------------


def full(of: Proceeding, objects: Objects) -> None:
    rule(of, object_(of, objects(7, 850)), "upheld", 850)
    rerun(of)
    proceeding.record(of, Confirmation(uscc=code(3)), **FIRM)


def test_the_journal_written_again_is_the_same_bytes(
    of: Proceeding, objects: Objects, tmp_path: Path
) -> None:
    full(of, objects)
    journal = proceeding.read(of)
    copy = proceeding_journal.read(tmp_path / "none")
    (tmp_path / "copy").mkdir()
    for link in journal.links:
        proceeding_journal.append(tmp_path / "copy", copy, [link.entry], written_at=link.written_at)
    assert (tmp_path / "copy/journal.jsonl").read_bytes() == (
        of.folder / "journal.jsonl"
    ).read_bytes()
    assert copy.docket == journal.docket


def test_whatever_is_changed_in_a_line_is_found_at_it(of: Proceeding, objects: Objects) -> None:
    full(of, objects)
    file = of.folder / "journal.jsonl"
    raw = file.read_bytes()
    lines = raw.splitlines(keepends=True)

    def found(changed: list[bytes]) -> int:
        file.write_bytes(b"".join(changed))
        with pytest.raises(DataRefused) as caught:
            proceeding.docket(of)
        [problem] = caught.value.problems
        assert problem.file == "journal.jsonl"
        return problem.line

    for number, line in enumerate(lines, start=1):
        changed = line.replace("市工信局".encode(), "市工信厅".encode()).replace(
            "企业经办人".encode(), "企业经理人".encode()
        )
        assert changed != line
        assert found([*lines[: number - 1], changed, *lines[number:]]) == number
    assert found(lines[1:]) == 1
    assert found([*lines[:2], *lines[3:]]) == 3
    assert found([lines[0], lines[2], lines[1], *lines[3:]]) == 2
    assert found([*lines[:3], lines[2], *lines[3:]]) == 4
    assert found([lines[0].replace(b'","', b'", "', 1), *lines[1:]]) == 1
    # A line with a right digest of its own, but one that cannot follow.
    entry = Entry(id="e99", at="2026-03-02", by="a", role="b", act=Step(to="archived"))
    _, forged = chain.link(entry, json.loads(lines[-1])["hash"], "2026-03-02")
    assert found([*lines, forged]) == len(lines) + 1
    file.write_bytes(raw)
    assert proceeding.docket(of).versions


def test_a_changed_result_is_found(of: Proceeding, objects: Objects) -> None:
    full(of, objects)
    rows = of.folder / "results/0002/rows.parquet"
    about = of.folder / "results/0002/result.json"
    assert check(of) == []
    about.write_text(about.read_text("utf-8").replace("850", "851"), "utf-8")
    assert [problem.file for problem in check(of)] == ["results/0002/result.json"]
    rows.unlink()
    assert len(check(of)) == 2
    with pytest.raises(DataRefused):
        knock_on(of)


def test_a_torn_line_does_not_count_and_is_set_aside(of: Proceeding, objects: Objects) -> None:
    full(of, objects)
    file = of.folder / "journal.jsonl"
    raw = file.read_bytes()
    last = raw.splitlines(keepends=True)[-1]
    for kept in (1, len(last) // 2, len(last) - 2):
        file.write_bytes(raw[: len(raw) - len(last) + kept])
        journal = proceeding.read(of)
        assert journal.note is not None and len(journal.links) == raw.count(b"\n") - 1
    proceeding.record(of, Confirmation(uscc=code(4)), **FIRM)
    assert [path.name for path in of.folder.glob("journal.jsonl.torn-*")]
    held = proceeding.docket(of)
    assert code(4) in held.confirmed and code(3) not in held.confirmed
    # Cut right before the break, a line is whole.
    file.write_bytes(raw.rstrip(b"\n"))
    proceeding.record(of, Confirmation(uscc=code(4)), **FIRM)
    held = proceeding.docket(of)
    assert {code(3), code(4)} <= held.confirmed.keys()


def test_a_result_that_never_reached_the_journal_is_swept_away(
    of: Proceeding, objects: Objects
) -> None:
    stray = of.folder / "results/0002"
    stray.mkdir()
    (stray / "rows.parquet").write_bytes(b"x")
    (of.folder / "results/.partial").mkdir()
    full(of, objects)
    assert {path.name for path in (of.folder / "results").iterdir()} == {"0001", "0002"}
    assert check(of) == []


def test_another_writer_is_refused_while_one_writes(
    of: Proceeding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "_PATIENCE", 0.2)
    with links.locked(of.folder):
        refused(lambda: step(of, "objected"), "另一个程序正在写")
    before = len(proceeding.docket(of).entries)
    monkeypatch.setattr(links, "_PATIENCE", 30.0)
    threads = [
        threading.Thread(
            target=proceeding.record, args=(of, Confirmation(uscc=code(i))), kwargs=FIRM
        )
        for i in FIRMS
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = proceeding.docket(of)
    assert len(held.entries) == before + 12 and len(held.confirmed) == 12


def test_proceedings_are_of_one_snapshot_and_scheme(
    of: Proceeding, snapshot: Path, calendar: Clock
) -> None:
    refused(lambda: begin(snapshot), "已经开始")
    refused(lambda: proceeding.open_(snapshot, scheme="by_mean"), "还没有开始")
    refused(lambda: proceeding.open_(snapshot, scheme="none"), "none")
    assert proceeding.open_(snapshot, scheme="by_rank").folder == of.folder
    scheme = snapshot / "city/schemes/by_rank.yaml"
    scheme.write_text(scheme.read_text("utf-8").replace("to: 25", "to: 26")
                      .replace("from: 25", "from: 26"), "utf-8")  # fmt: skip
    refused(lambda: proceeding.open_(snapshot, scheme="by_rank"), "另一版方案")


def test_the_snapshot_is_never_written(of: Proceeding, snapshot: Path, objects: Objects) -> None:
    def digests() -> dict[str, str]:
        files = [file for file in snapshot.rglob("*") if file.is_file()]
        return {str(f): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}

    before = digests()
    full(of, objects)
    publicity_list(of)
    assert digests() == before


def test_simulated_data_are_told_as_such(of: Proceeding) -> None:
    assert publicity_list(of).simulated is proceeding.docket(of).opening.simulated
