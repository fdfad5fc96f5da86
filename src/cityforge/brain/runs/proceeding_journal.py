"""The journal of a proceeding on disk: lines of a chain, appended and flushed, never rewritten.

A line is there whole or it was never taken: what a crash left of a last line is set aside in a file
of its own by the next writer.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cityforge.brain.errors import DataRefused, Problem, RunRefused, Text, ValueRefused
from cityforge.brain.evaluation.proceedings import chain, folding
from cityforge.brain.evaluation.proceedings.acts import Entry
from cityforge.brain.evaluation.proceedings.chain import Link
from cityforge.brain.evaluation.proceedings.docket import Docket

Check = Callable[[Docket, Entry], None]
FILE = "journal.jsonl"
_HINT = Text(
    zh="流程记录只能由程序追加；从备份恢复这个文件",
    en="Only the program adds to this journal; restore it from a backup.",
)


@dataclass(slots=True)
class Journal:
    """The whole lines of a file and what they say; `torn` is what a crash left behind them."""

    links: list[Link] = field(default_factory=list)
    docket: Docket | None = None
    torn: bytes = b""
    whole: int = 0
    ends_line: bool = True

    @property
    def head(self) -> str:
        """The digest of the last line, which binds all of them."""
        return self.links[-1].hash if self.links else chain.START

    @property
    def note(self) -> Text | None:
        """What a reader should be told of a torn line."""
        if not self.torn:
            return None
        return Text(
            zh=f"{FILE} 末尾有一条没有写完的记录（{len(self.torn)} 字节），未采用",
            en=f"{FILE} ends in an unfinished line ({len(self.torn)} bytes): it does not count",
        )


def read(folder: Path) -> Journal:
    """The journal as it stands; an absent file is an empty one.

    Raises DataRefused at the first line that is damaged, changed, out of place or out of order:
    nothing after it can be trusted.
    """
    file = folder / FILE
    raw = file.read_bytes() if file.exists() else b""
    journal = Journal(whole=len(raw), ends_line=raw.endswith(b"\n") or not raw)
    # Not splitlines: that would also break a line at a separator inside a text.
    lines = [line for line in raw.split(b"\n") if line]
    for number, line in enumerate(lines, start=1):
        try:
            found = chain.read_line(line, journal.head)
            _follow(journal, found.entry)
        except ValueRefused as error:
            if number == len(lines) and not journal.ends_line:
                journal.torn, journal.whole = line, len(raw) - len(line)
                journal.ends_line = True
                break
            raise DataRefused([_damaged(number, error.what)]) from None
        except RunRefused as error:
            raise DataRefused([_damaged(number, error.text)]) from None
        journal.links.append(found)
    return journal


def append(
    folder: Path,
    journal: Journal,
    entries: Sequence[Entry],
    *,
    written_at: str,
    check: Check | None = None,
) -> None:
    """Add entries, on the disk when this returns. Call it under the lock, on a fresh journal.

    check   what else must hold of each entry, asked once it could follow; raises where it does not
    Raises RunRefused where one cannot follow, ValueRefused where one is not of its shape; then
    nothing is written, and the journal must be read anew.
    """
    links, lines, head = [], [], journal.head
    for entry in entries:
        made, line = chain.link(entry, head, written_at)
        docket = _follow(journal, entry)
        if check is not None:
            check(docket, entry)
        links.append(made)
        lines.append(line)
        head = made.hash
    file = folder / FILE
    is_new = not file.exists()
    with file.open("xb" if is_new else "r+b") as stream:
        if journal.torn:
            _set_aside(folder, journal)
            stream.truncate(journal.whole)
        stream.seek(0, os.SEEK_END)
        # The last line may have been cut off right before its end: whole, but for the break.
        stream.write((b"" if journal.ends_line else b"\n") + b"".join(lines))
        stream.flush()
        os.fsync(stream.fileno())
    if is_new:
        sync_folder(folder)
    journal.links += links
    journal.torn, journal.ends_line = b"", True
    journal.whole = file.stat().st_size


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _follow(journal: Journal, entry: Entry) -> Docket:
    if journal.docket is None:
        journal.docket = folding.begun(entry)
    else:
        folding.take(journal.docket, entry)
    return journal.docket


def _set_aside(folder: Path, journal: Journal) -> None:
    """Keep a torn line in a file of its own, named after where it stood."""
    with (folder / f"{FILE}.torn-{journal.whole}").open("ab") as stream:
        stream.write(journal.torn)
        stream.flush()
        os.fsync(stream.fileno())


def _damaged(number: int, what: Text) -> Problem:
    return Problem(FILE, number, 0, Text(zh=f"这一行{what.zh}", en=f"this line: {what.en}"), _HINT)
