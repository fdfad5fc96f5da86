"""The log on disk: whole lines or none, one writer at a time, holes refused."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from cityforge.brain.errors import DataRefused, RunRefused
from cityforge.brain.linkage import journal
from cityforge.brain.linkage.decisions import Decision, next_id

SAME = Decision("d1", "same", "2025-09-30T00:00:00+00:00", "李", ("a", "b"), note="同一地址")
SPLIT = Decision("d2", "split", "t", "李", ("b",), ("a",), ("a", "b"))
UNDO = Decision("d3", "undo", "t", "王", undoes=("d1", "d2"))


def write(folder: Path, *decisions: Decision) -> journal.Journal:
    with journal.locked(folder):
        log = journal.read(folder)
        journal.append(folder, log, decisions)
    return log


def test_what_was_written_is_read(tmp_path: Path) -> None:
    write(tmp_path, SAME)
    assert write(tmp_path, SPLIT, UNDO).decisions == [SAME, SPLIT, UNDO]
    assert journal.read(tmp_path).decisions == [SAME, SPLIT, UNDO]
    lines = (tmp_path / journal.LOG).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3
    assert "同一地址" in lines[0]


def test_an_absent_log_is_empty(tmp_path: Path) -> None:
    assert journal.read(tmp_path).decisions == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_torn_line_is_set_aside_and_told(tmp_path: Path, cut: int) -> None:
    write(tmp_path, SAME, SPLIT)
    file = tmp_path / journal.LOG
    whole = file.read_bytes()
    first = len(whole.splitlines(keepends=True)[0])
    file.write_bytes(whole[: first + cut])
    read = journal.read(tmp_path)
    assert read.decisions == [SAME]
    assert read.note is not None
    assert str(cut) in read.note.zh
    assert write(tmp_path, SPLIT).decisions == [SAME, SPLIT]
    assert file.read_bytes() == whole
    (aside,) = tmp_path.glob("*.torn-*")
    assert aside.read_bytes() == whole[first : first + cut]
    assert journal.read(tmp_path).note is None


def test_a_whole_line_without_its_end_counts(tmp_path: Path) -> None:
    write(tmp_path, SAME)
    file = tmp_path / journal.LOG
    file.write_bytes(file.read_bytes().rstrip(b"\n"))
    assert journal.read(tmp_path).decisions == [SAME]
    assert write(tmp_path, SPLIT).decisions == [SAME, SPLIT]
    assert journal.read(tmp_path).decisions == [SAME, SPLIT]


def test_noughts_left_by_a_power_cut_are_torn(tmp_path: Path) -> None:
    write(tmp_path, SAME)
    with (tmp_path / journal.LOG).open("ab") as stream:
        stream.write(b"\0" * 50)
    assert journal.read(tmp_path).decisions == [SAME]


@pytest.mark.parametrize(
    "line",
    [
        "{half a line",
        "[]",
        '{"id": "d9", "kind": "same", "records": ["a"]}',
        '{"id": "d9", "kind": "same", "records": ["a", 1]}',
        '{"id": "d9", "kind": "same", "records": ["a", "b"], "extra": 1}',
        '{"id": "d9", "kind": "join", "records": ["a", "b"]}',
        '{"id": "d1", "kind": "same", "records": ["a", "b"]}',
        '{"id": "9", "kind": "same", "records": ["a", "b"]}',
        '{"id": "d9", "kind": "split", "records": ["a"], "seen": ["a"]}',
        '{"id": "d9", "kind": "undo", "undoes": ["d12"]}',
        '{"id": "d9", "kind": "undo"}',
    ],
)
def test_a_hole_in_the_log_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    write(tmp_path, SAME)
    with (tmp_path / journal.LOG).open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")
        stream.write('{"id": "d10", "kind": "different", "records": ["a", "b"]}\n')
    with pytest.raises(DataRefused) as refused:
        journal.read(tmp_path)
    assert [problem.line for problem in refused.value.problems] == [2]


def test_two_writers_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_PATIENCE", 0.1)
    with journal.locked(tmp_path):
        began = time.monotonic()
        with pytest.raises(RunRefused), journal.locked(tmp_path):
            pass
        assert time.monotonic() - began >= 0.1
    with journal.locked(tmp_path):
        pass


WRITER = """
import sys
from pathlib import Path
from cityforge.brain.linkage import journal
from cityforge.brain.linkage.decisions import Decision, next_id
folder = Path(sys.argv[1])
for number in range(int(sys.argv[3])):
    with journal.locked(folder):
        log = journal.read(folder)
        pair = (f"{sys.argv[2]}{number}", "x")
        journal.append(folder, log, [Decision(next_id(log.decisions), "same", "t", "李", pair)])
"""


def test_many_writers_lose_nothing(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name, "25"])
        for name in ("p", "q", "r")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    decisions = journal.read(tmp_path).decisions
    assert [decision.id for decision in decisions] == [f"d{i}" for i in range(1, 76)]
    wanted = {f"{name}{number}" for name in "pqr" for number in range(25)}
    assert {decision.records[0] for decision in decisions} == wanted


@pytest.mark.parametrize("wait", [0.0, 0.01, 0.03, 0.08])
def test_a_killed_writer_leaves_a_log_that_can_be_read(tmp_path: Path, wait: float) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), "p", "100000"])
    deadline = time.monotonic() + 30
    while not (tmp_path / journal.LOG).exists() and time.monotonic() < deadline:
        time.sleep(0.005)
    time.sleep(wait)
    writer.kill()
    writer.wait()
    left = journal.read(tmp_path).decisions
    again = write(tmp_path, Decision(next_id(left), "same", "t", "王", ("a", "b"))).decisions
    assert again[:-1] == left
    assert [d.id for d in journal.read(tmp_path).decisions] == [
        f"d{i}" for i in range(1, len(left) + 2)
    ]
