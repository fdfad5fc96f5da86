"""Decisions about links with the moment they were taken at."""

from collections.abc import Sequence
from pathlib import Path

from cityforge.brain.linkage import desk, sheet
from cityforge.brain.linkage.decisions import Decision, Kind
from cityforge.brain.linkage.desk import Taken
from cityforge.brain.linkage.sheet import SheetTaken
from cityforge.brain.runs import clock


def decide(
    folder: Path,
    kind: Kind,
    *,
    by: str,
    note: str = "",
    records: Sequence[str] = (),
    entities: Sequence[str] = (),
) -> Taken:
    """Take one decision now; see `desk.decide`."""
    wish = Decision("", kind, "", by, tuple(records), tuple(entities), note=note)
    return desk.decide(folder, wish, by=by, at=clock.now())


def undo(folder: Path, ids: Sequence[str], *, by: str, with_later: bool = False) -> Taken:
    """Undo decisions now; see `desk.undo`."""
    return desk.undo(folder, ids, by=by, at=clock.now(), with_later=with_later)


def take_sheet(folder: Path, file: Path, *, by: str) -> SheetTaken:
    """Take a filled review sheet in now; see `sheet.take`."""
    return sheet.take(folder, file, by=by, at=clock.now())
