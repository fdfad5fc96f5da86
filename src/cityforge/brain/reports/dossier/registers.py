"""The lists that one enterprise stands on: titles and certificates; penalties and dishonesty."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from cityforge.brain.city.shapes import Sensitivity
from cityforge.brain.errors import Text
from cityforge.brain.expr.typed import Op
from cityforge.brain.facts.frame import ENTERPRISES
from cityforge.brain.ladders.titles import TABLE
from cityforge.brain.policies.matching import APPLICANTS
from cityforge.brain.reports.dossier.ground import Ground, may_see

PENALTY = "penalty"
_LEVELS = {
    "national": Text(zh="国家级", en="national"),
    "provincial": Text(zh="省级", en="provincial"),
    "city": Text(zh="市级", en="city"),
    "none": Text(zh="", en=""),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One register that an enterprise stands in on the run's day.

    recognised_on, valid_until, document  None where the snapshot kept no more than that it is held
    days_left  until it runs out, from the run's day
    """

    register: str
    title: Text
    level: Text
    recognised_by: str
    recognised_on: date | None
    valid_until: date | None
    document: str | None
    days_left: int | None
    correct: Text


@dataclass(frozen=True, slots=True)
class Registers:
    """What an enterprise holds and what is held against it.

    clear    penalty lists that it is known not to stand on
    unknown  lists that were not supplied: nothing can be said of them
    hidden   whether there are lists above the reader's level
    """

    titles: tuple[Entry, ...]
    penalties: tuple[Entry, ...]
    clear: tuple[Text, ...]
    unknown: tuple[Text, ...]
    hidden: bool


def registers(ground: Ground, uscc: str, *, reader: Sensitivity) -> Registers:
    """The lists of one enterprise; empty where there is no such credit code."""
    city = ground.snapshot.city
    # As of the run's day where policies made that table, else as the newest year ended.
    only = tuple(f"{Op.REGISTER.value}:{name}" for name in city.registers)
    rows = ground.rows(APPLICANTS, uscc, only) or ground.rows(ENTERPRISES, uscc, only)
    row = rows[0] if rows else {}
    dated = {one["register"]: one for one in ground.rows(TABLE, uscc)}
    titles: list[Entry] = []
    penalties: list[Entry] = []
    clear: list[Text] = []
    unknown: list[Text] = []
    hidden = False
    for register in city.registers.values():
        column = f"{Op.REGISTER.value}:{register.id}"
        dataset = city.datasets[register.dataset]
        if column not in row or not dataset.may_name():
            continue
        if not may_see(dataset.sensitivity, reader):
            hidden = True
            continue
        held, title = row[column], Text(zh=register.title, en=register.title_en)
        if held is None:
            unknown.append(title)
        elif held:
            entry = _entry(ground, register.id, dated.get(register.id, {}))
            (penalties if register.kind == PENALTY else titles).append(entry)
        elif register.kind == PENALTY:
            clear.append(title)
    titles.sort(key=lambda one: (one.valid_until is None, one.valid_until or date.max))
    return Registers(tuple(titles), tuple(penalties), tuple(clear), tuple(unknown), hidden)


def _entry(ground: Ground, name: str, dated: dict[str, Any]) -> Entry:
    register = ground.snapshot.city.registers[name]
    until = dated.get("valid_until")
    owner = ground.names.unit(ground.snapshot.city.datasets[register.dataset].owner)
    return Entry(
        name,
        Text(zh=register.title, en=register.title_en),
        _LEVELS[register.level],
        register.recognised_by,
        dated.get("recognised_on"),
        until,
        dated.get("document"),
        None if until is None else (until - ground.snapshot.as_of).days,
        Text(zh=f"向{owner.zh}申请核对更正", en=f"ask {owner.en} to check and correct it"),
    )
