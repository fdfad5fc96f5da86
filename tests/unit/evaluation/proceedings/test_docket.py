"""Whatever is tried in whatever order: what is refused changes nothing, what is taken stays."""

import copy
import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest

from cityforge.brain.city.scheme_grading import Stage as CalendarStage
from cityforge.brain.errors import RunRefused
from cityforge.brain.evaluation.proceedings import chain, folding
from cityforge.brain.evaluation.proceedings.acts import (
    Act,
    Computation,
    Confirmation,
    Entry,
    Objection,
    Opening,
    Override,
    Publication,
    Ruling,
    Step,
    Withdrawal,
)
from cityforge.brain.evaluation.proceedings.docket import Docket
from cityforge.brain.evaluation.proceedings.stages import NEXT, STAGES, TITLES

FIRMS = ("a", "b", "c")
DIGEST = "0" * 64
VALUES = tuple(Decimal(n) for n in range(1, 5))


def opening(**more: Any) -> Opening:
    return Opening(
        run_id="run", scheme="s", scheme_digest=DIGEST, year=2024, grades=("A", "B", "C"),
        simulated=True, working_days={"checked": 3, "published": 2}, **more,
    )  # fmt: skip


def entry(number: int, act: Act, day: date) -> Entry:
    return Entry(id=f"e{number}", at=day.isoformat(), by="x", role="y", act=act)


def wishes(chance: random.Random, held: Docket, day: date) -> Iterator[Act]:
    """Acts that may fit or not, those that lead on more often than others."""
    ids = list(held.entries)
    uscc = chance.choice(FIRMS)
    yield Step(to=chance.choice(NEXT[held.stage] or STAGES))
    yield Step(to=chance.choice(STAGES))
    yield Confirmation(uscc=uscc)
    now = held.corrected.get((uscc, 2024, "f"), VALUES[0])
    yield Objection(
        uscc=uscc, fact="f", year=2024, stated=chance.choice([now, now, chance.choice(VALUES)]),
        right=chance.choice(VALUES), reason="r", accepted_late=chance.choice(["", "l"]),
    )  # fmt: skip
    for id in [*held.open_objections, chance.choice(ids)]:
        outcome: Any = chance.choice(["upheld", "partly", "rejected"])
        about = held.entries[id].act
        fits = {"rejected": getattr(about, "stated", None), "upheld": getattr(about, "right", None)}
        value = chance.choice([fits.get(outcome), chance.choice(VALUES)])
        yield Ruling(objection=id, outcome=outcome, value=value, grounds="g")
    before, grade = chance.choices(["A", "B", "C", "E"], k=2)
    yield Override(uscc=uscc, before=before, grade=grade, reason="r")
    basis = chance.choice([held.basis, held.basis, (), ("e2",)])
    version = len(held.versions) + chance.choice([1, 1, 1, 0, 2])
    if version:
        yield Computation(
            version=version, basis=basis, digest=DIGEST, about_digest=DIGEST, why="w"
        )  # fmt: skip
    if held.versions:
        purpose: Any = chance.choice(["publicity", "final"])
        until = held.days.after(day, chance.choice([2, 2, 3])) if purpose == "publicity" else None
        yield Publication(
            purpose=purpose, version=chance.choice([len(held.versions), 1]), digest=DIGEST,
            rows=1, begins_on=day, ends_on=until,
        )  # fmt: skip
    yield Withdrawal(entry=chance.choice([*ids, "e999"]), reason="r")


def check(held: Docket, entries: list[Entry]) -> None:
    """What holds of every docket, by looking at the entries one by one."""
    assert list(held.entries.values()) == entries
    assert [one.id for one in entries] == [f"e{n + 1}" for n in range(len(entries))]
    gone = {one.act.entry for one in entries if isinstance(one.act, Withdrawal)}
    assert gone == held.withdrawn.keys()
    values, basis = {}, []
    waiting = {
        one.id: one.act.uscc
        for one in entries
        if isinstance(one.act, Objection) and one.id not in gone
    }
    for one in entries:
        if one.id in gone:
            continue
        if isinstance(one.act, Override):
            basis.append(one.id)
        if isinstance(one.act, Ruling):
            del waiting[one.act.objection]
            about = held.objection(one.act.objection)
            if one.act.outcome != "rejected":
                basis.append(one.id)
                values[about.uscc, about.year, about.fact] = one.act.value
                assert one.act.value != about.stated
    assert held.basis == tuple(basis)
    assert held.corrected == values
    assert {(c.uscc, c.year, c.fact): c.value for c in held.corrections_in(basis)} == values
    assert sorted(held.open_objections) == sorted(waiting)
    assert not held.confirmed.keys() & set(waiting.values())
    assert [version.version for version in held.versions] == list(range(1, len(held.versions) + 1))
    for one, next_ in zip(held.versions, held.versions[1:], strict=False):
        assert one.basis != next_.basis
    assert held.stays[0].stage == "announced"
    for stay, then in zip(held.stays, held.stays[1:], strict=False):
        assert then.stage in NEXT[stay.stage] and then.entered_on >= stay.entered_on
        if stay.stage == "checked":
            assert stay.due_on is not None and then.entered_on > stay.due_on
        if then.stage == "settled":
            assert stay.due_on is not None and then.entered_on > stay.due_on
            assert held.final is not None and held.shown is not None
            assert held.final.version == held.shown.version == len(held.versions)
            assert held.is_current and not waiting


def test_random_acts_keep_what_holds() -> None:
    reached, refused, taken = set(), 0, 0
    for seed in range(40):
        chance = random.Random(seed)
        day = date(2026, 3, 2)
        entries = [entry(1, opening(), day)]
        held = folding.fold(entries)
        for _ in range(60):
            day += timedelta(days=chance.choice([0, 0, 0, 1, 3]))
            for act in wishes(chance, held, day):
                disturbs = isinstance(act, Objection | Override | Withdrawal)
                # Every other proceeding is a quiet one, that comes to its end.
                if chance.random() < (0.95 if seed % 2 and disturbs else 0.5):
                    continue
                wish = entry(len(entries) + 1, act, day - timedelta(days=chance.random() < 0.05))
                before = copy.deepcopy(held)
                try:
                    folding.take(held, wish)
                except RunRefused as error:
                    refused += 1
                    assert held == before and error.text.zh and error.text.en
                else:
                    taken += 1
                    entries.append(wish)
                    reached.add((held.stage, type(act).__name__))
        check(held, entries)
        assert folding.fold(entries) == held
        lines, head = [], chain.START
        for one in entries:
            link, line = chain.link(one, head, "2026")
            assert chain.read_line(line, head) == link
            assert chain.link(link.entry, head, "2026")[1] == line
            lines.append(line)
            head = link.hash
        assert b"".join(lines).count(b"\n") == len(entries)
    assert refused > 2000 and taken > 1000
    # The drawing was good for something: every stage and every act came up.
    assert {stage for stage, _ in reached} >= set(STAGES) - {"announced"}
    assert {name for _, name in reached} == {
        "Step", "Confirmation", "Objection", "Ruling", "Override", "Computation", "Publication",
        "Withdrawal",
    }  # fmt: skip


# --- refusals that the story does not meet -------------------------------------------------------


def docket(*acts: Act | tuple[Act, str]) -> Docket:
    entries = [entry(1, opening(), date(2026, 3, 2))]
    for number, act in enumerate(acts, start=2):
        what, day = act if isinstance(act, tuple) else (act, "2026-03-02")
        entries.append(entry(number, what, date.fromisoformat(day)))
    return folding.fold(entries)


def refusal(*acts: Act | tuple[Act, str]) -> str:
    with pytest.raises(RunRefused) as caught:
        docket(*acts)
    return caught.value.text.zh


TO_CHECKED = (Step(to="listed"), Step(to="collected"), Step(to="checked"))


def test_the_first_entry_opens_and_no_other_does() -> None:
    with pytest.raises(RunRefused):
        folding.fold([])
    with pytest.raises(RunRefused):
        folding.fold([entry(1, Step(to="listed"), date(2026, 3, 2))])
    with pytest.raises(RunRefused):
        folding.fold([entry(2, opening(), date(2026, 3, 2))])
    assert "已经开始" in refusal(opening())


def test_entries_follow_in_number_and_in_time() -> None:
    first = entry(1, opening(), date(2026, 3, 2))
    held = folding.fold([first])
    for wrong in (1, 3):
        with pytest.raises(RunRefused):
            folding.take(held, entry(wrong, Step(to="listed"), date(2026, 3, 2)))
    assert "次序不对" in refusal((Step(to="listed"), "2026-03-01"))
    # A firm's word may be written down later than others', but not into the stage before.
    confirmed = (Confirmation(uscc="a"), "2026-03-03")
    assert docket(*TO_CHECKED, (Confirmation(uscc="b"), "2026-03-04"), confirmed).confirmed
    assert "次序不对" in refusal(*TO_CHECKED, (Confirmation(uscc="a"), "2026-03-01"))


def test_a_stage_is_not_skipped_and_says_what_follows() -> None:
    said = refusal(Step(to="collected"))
    assert "方案发布" in said and "名单确定" in said and "数据归集" in said
    assert "“数据归集”" in refusal(
        Computation(version=1, basis=(), digest=DIGEST, about_digest=DIGEST, why="w")
    )


def test_what_may_not_be_withdrawn() -> None:
    assert "没有记录 e9" in refusal(Withdrawal(entry="e9", reason="r"))
    assert "按流转退回" in refusal(Step(to="listed"), Withdrawal(entry="e2", reason="r"))
    mine = (Confirmation(uscc="a"), Withdrawal(entry="e5", reason="r"))
    assert not docket(*TO_CHECKED, *mine).confirmed
    assert "已由 e6 撤销" in refusal(*TO_CHECKED, *mine, Withdrawal(entry="e5", reason="r"))


def test_a_moment_is_told_by_the_day_in_china() -> None:
    late = Entry(id="e1", at="2026-03-02T16:30:00+00:00", by="x", role="y", act=opening())
    assert late.day == date(2026, 3, 3)


def test_the_stages_are_those_of_a_calendar() -> None:
    assert get_args(CalendarStage.model_fields["state"].annotation) == STAGES
    assert set(NEXT) == set(TITLES) == set(STAGES)
