"""The log of decisions on disk: one line of JSON each, appended and flushed, never rewritten.

A line is there whole or it was never taken: what a crash left of a last line is set aside in a file
of its own by the next writer, and told. One writer at a time.
"""

import fcntl
import json
import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cityforge.brain.errors import DataRefused, Problem, RunRefused, Text
from cityforge.brain.linkage.decisions import KINDS, Decision

LOG, LOCK = "decisions.jsonl", ".lock"
_LISTS = ("records", "entities", "seen", "undoes")
_WORDS = ("id", "kind", "at", "by", "note")
_ID = re.compile(r"d[1-9][0-9]*")
_PATIENCE = 30.0
_REST = 0.05


@dataclass(slots=True)
class Journal:
    """The decisions of a file; `torn` is what a crash left behind the last whole line."""

    decisions: list[Decision] = field(default_factory=list)
    torn: bytes = b""
    whole: int = 0

    @property
    def note(self) -> Text | None:
        """What a reader should be told of a torn line."""
        if not self.torn:
            return None
        return Text(
            zh=f"{LOG} 末尾有一条没有写完的记录（{len(self.torn)} 字节），未采用",
            en=f"{LOG} ends in an unfinished line ({len(self.torn)} bytes): it does not count",
        )


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for writing; waits for another writer, and says so when it takes too long."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as stream:
        _acquire(stream.fileno(), folder)
        try:
            yield
        finally:
            fcntl.flock(stream.fileno(), fcntl.LOCK_UN)


def read(folder: Path) -> Journal:
    """The log as it stands; an absent file is an empty log.

    Raises DataRefused with every line that cannot be read: a log with a hole tells nothing.
    """
    file = folder / LOG
    raw = file.read_bytes() if file.exists() else b""
    lines = raw.splitlines(keepends=True)
    journal, problems, seen = Journal(whole=len(raw)), list[Problem](), set[str]()
    for number, line in enumerate(lines, start=1):
        decision, why = _decision(line, seen)
        if decision is not None:
            journal.decisions.append(decision)
            seen.add(decision.id)
        elif number == len(lines) and _is_torn(line):
            journal.torn, journal.whole = line, len(raw) - len(line)
        else:
            problems.append(_damaged(file, number, why))
    if problems:
        raise DataRefused(problems)
    return journal


def append(folder: Path, journal: Journal, decisions: Sequence[Decision]) -> None:
    """Add lines, on the disk when this returns. Call it inside `locked`, on a fresh journal."""
    file = folder / LOG
    text = "".join(_line(decision) for decision in decisions).encode()
    is_new = not file.exists()
    with file.open("r+b" if not is_new else "xb") as stream:
        if journal.torn:
            set_aside(folder, journal)
            stream.truncate(journal.whole)
        stream.seek(0, os.SEEK_END)
        if stream.tell() and not _ends_line(file, journal.whole):
            text = b"\n" + text
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    if is_new:
        _sync_folder(folder)
    journal.decisions.extend(decisions)
    journal.torn = b""


def set_aside(folder: Path, journal: Journal) -> Path:
    """Keep a torn line in a file of its own, named after where it stood."""
    aside = folder / f"{LOG}.torn-{journal.whole}"
    with aside.open("ab") as stream:
        stream.write(journal.torn)
        stream.flush()
        os.fsync(stream.fileno())
    return aside


def _acquire(handle: int, folder: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise RunRefused(
                    Text(
                        zh=f"另一个程序正在写 {folder}，等了 {_PATIENCE:.0f} 秒；请稍后再试",
                        en=f"another program has been writing {folder}; try again later",
                    )
                ) from None
            time.sleep(_REST)
        else:
            return


def _decision(line: bytes, seen: set[str]) -> tuple[Decision | None, Text]:
    try:
        data: Any = json.loads(line)
    except ValueError:
        return None, Text(zh="不是一行 JSON", en="not a line of JSON")
    if not isinstance(data, dict) or not _is_shaped(data):
        return None, Text(zh="键缺少、未知或类型不对", en="wrong keys or types")
    fields: dict[str, Any] = {name: tuple(data.get(name, ())) for name in _LISTS}
    decision = Decision(**fields, **{name: data.get(name, "") for name in _WORDS})
    why = _fault(decision, seen)
    return (None, why) if why else (decision, Text(zh="", en=""))


def _is_shaped(data: dict[str, Any]) -> bool:
    lists = all(
        isinstance(data.get(name, []), list) and all(isinstance(x, str) for x in data.get(name, []))
        for name in _LISTS
    )
    words = all(isinstance(data.get(name, ""), str) for name in _WORDS)
    return lists and words and data.keys() <= {*_LISTS, *_WORDS}


def _fault(decision: Decision, seen: set[str]) -> Text | None:
    """What keeps a well-formed line from being a decision."""
    if decision.kind not in KINDS:
        return Text(zh=f"未知的 kind“{decision.kind}”", en=f"unknown kind '{decision.kind}'")
    if not _ID.fullmatch(decision.id) or decision.id in seen:
        return Text(zh=f"编号“{decision.id}”无效或重复", en=f"bad or repeated id '{decision.id}'")
    wanted = {
        "same": len(decision.records) == 2,
        "different": len(decision.records) == 2,
        "merge": len(decision.entities) >= 2,
        "split": bool(decision.records) and set(decision.records) < set(decision.seen),
        "undo": bool(decision.undoes),
    }
    if not wanted[decision.kind]:
        return Text(zh=f"“{decision.kind}”缺少所说的记录", en=f"'{decision.kind}' names too little")
    unknown = [undone for undone in decision.undoes if undone not in seen]
    if unknown:
        names = "、".join(unknown)
        return Text(zh=f"撤销的 {names} 不在前面", en=f"undoes {names}, which is not above it")
    return None


def _is_torn(line: bytes) -> bool:
    """A last line that is no JSON was never finished; a whole one with a fault is a fault."""
    try:
        json.loads(line)
    except ValueError:
        return True
    return False


def _line(decision: Decision) -> str:
    data = {name: value for name, value in asdict(decision).items() if value}
    return json.dumps(data, ensure_ascii=False) + "\n"


def _ends_line(file: Path, size: int) -> bool:
    with file.open("rb") as stream:
        stream.seek(size - 1)
        return stream.read(1) == b"\n"


def _damaged(file: Path, number: int, why: Text) -> Problem:
    return Problem(
        file.name,
        number,
        0,
        Text(zh=f"这一行{why.zh}", en=f"this line {why.en}"),
        Text(
            zh="决定记录只能由程序追加；从备份恢复这个文件，或请懂的人改好这一行",
            en="Only the program adds to this log; restore it from a backup, or mend the line.",
        ),
    )


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
