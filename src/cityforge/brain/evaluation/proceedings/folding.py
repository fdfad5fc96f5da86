"""From entries to the docket: one after the other, none that cannot follow."""

from collections.abc import Iterable
from typing import Any

from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.evaluation.proceedings import refusals
from cityforge.brain.evaluation.proceedings.acts import (
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
from cityforge.brain.evaluation.proceedings.docket import Docket, Stay
from cityforge.brain.evaluation.proceedings.stages import Stage
from cityforge.brain.evaluation.proceedings.working_days import WorkingDays


def fold(entries: Iterable[Entry]) -> Docket:
    """The docket of entries in order. Raises RunRefused at the first that cannot follow."""
    docket: Docket | None = None
    for entry in entries:
        docket = begun(entry) if docket is None else _taken(docket, entry)
    if docket is None:
        raise RunRefused(Text(zh="还没有开始", en="it has not begun"))
    return docket


def begun(entry: Entry) -> Docket:
    """The docket of a first entry. Raises RunRefused."""
    act = entry.act
    if not isinstance(act, Opening) or entry.id != "e1":
        raise RunRefused(Text(zh="第一条必须是开始", en="the first entry must be the opening"))
    docket = Docket(act, WorkingDays.of(act.off, act.worked), [], {entry.id: entry}, entry.day)
    _enter(docket, "announced", entry)
    return docket


def take(docket: Docket, entry: Entry) -> None:
    """Add an entry to a docket. Raises RunRefused with the reason, and changes nothing then."""
    if why := refusals.refusal(docket, entry):
        raise RunRefused(why)
    act: Any = entry.act
    docket.entries[entry.id] = entry
    docket.newest = max(docket.newest, entry.day)
    match act:
        case Step():
            _enter(docket, act.to, entry)
        case Confirmation():
            docket.confirmed[act.uscc] = entry.id
        case Objection():
            docket.objections.append(entry.id)
            # Whoever objects has not found all of its data right.
            docket.confirmed.pop(act.uscc, None)
        case Ruling():
            docket.rulings[act.objection] = entry.id
        case Override():
            docket.overrides[act.uscc] = entry.id
        case Computation():
            docket.versions.append(act)
        case Publication():
            docket.publications.append(act)
            _enter(docket, "published" if act.purpose == "publicity" else "settled", entry)
        case Withdrawal():
            _withdraw(docket, act.entry, entry)


def _taken(docket: Docket, entry: Entry) -> Docket:
    take(docket, entry)
    return docket


def _enter(docket: Docket, stage: Stage, entry: Entry) -> None:
    docket.stays.append(Stay(stage, entry.day, refusals.ends_on(docket, stage, entry.day)))


def _withdraw(docket: Docket, id: str, by: Entry) -> None:
    docket.withdrawn[id] = by.id
    act = docket.entries[id].act
    if isinstance(act, Ruling):
        # Its objection is open again, so its enterprise has not found all of its data right.
        docket.confirmed.pop(docket.objection(act.objection).uscc, None)
    for held in (docket.confirmed, docket.rulings, docket.overrides):
        for key in [key for key, value in held.items() if value == id]:
            del held[key]
