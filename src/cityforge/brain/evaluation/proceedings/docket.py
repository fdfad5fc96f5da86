"""The docket (案卷): what all entries together say, and what follows from it.

It is made by `folding.fold` alone; the same entries give the same docket.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from cityforge.brain.evaluation.proceedings.acts import (
    Computation,
    Entry,
    Evidence,
    Objection,
    Opening,
    Override,
    Publication,
    Ruling,
)
from cityforge.brain.evaluation.proceedings.stages import PERIODS, Stage
from cityforge.brain.evaluation.proceedings.working_days import WorkingDays
from cityforge.brain.facts.correction import Correction, Value

CONFIRMED, OBJECTED, SILENT = "confirmed", "objected", "silent"


@dataclass(frozen=True, slots=True)
class Stay:
    """The proceeding in one stage; `due_on` its last day, None where no length is stated."""

    stage: Stage
    entered_on: date
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Change:
    """One fact changed after it was shown to its enterprise: who, old, new, on what evidence."""

    uscc: str
    fact: str
    year: int
    old: Value
    new: Value
    by: str
    role: str
    at: str
    grounds: str
    evidence: tuple[Evidence, ...]
    objection: str
    ruling: str

    @property
    def key(self) -> tuple[str, int, str]:
        return self.uscc, self.year, self.fact


@dataclass(slots=True)
class Docket:
    """What stands.

    entries       every entry by its id, in order: nothing is ever taken out
    newest        the newest day that an entry tells of
    stays         every stay in a stage, the present one last
    withdrawn     entry -> the entry that withdrew it
    confirmed     enterprise -> its confirmation
    rulings       objection -> its ruling that holds
    overrides     enterprise -> the override that holds
    versions      the computations, in order
    publications  every list that was shown, in order
    """

    opening: Opening
    days: WorkingDays
    stays: list[Stay]
    entries: dict[str, Entry]
    newest: date
    withdrawn: dict[str, str] = field(default_factory=dict)
    confirmed: dict[str, str] = field(default_factory=dict)
    objections: list[str] = field(default_factory=list)
    rulings: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, str] = field(default_factory=dict)
    versions: list[Computation] = field(default_factory=list)
    publications: list[Publication] = field(default_factory=list)

    @property
    def stage(self) -> Stage:
        return self.stays[-1].stage

    @property
    def period(self) -> Stay | None:
        """The newest period in which enterprises could speak, the present one or one gone by."""
        return next((stay for stay in reversed(self.stays) if stay.stage in PERIODS), None)

    @property
    def open_objections(self) -> list[str]:
        """The objections that wait for a ruling."""
        return [id for id in self.objections if id not in self.rulings and id not in self.withdrawn]

    @property
    def changes(self) -> list[Change]:
        """The changes of data that hold, in the order of their rulings."""
        found = []
        for objection, ruling in self._ruled():
            entry, act = self.entries[ruling], self.ruling(ruling)
            about = self.objection(objection)
            if act.outcome == "rejected":
                continue
            found.append(
                Change(
                    uscc=about.uscc,
                    fact=about.fact,
                    year=about.year,
                    old=about.stated,
                    new=act.value,
                    by=entry.by,
                    role=entry.role,
                    at=entry.at,
                    grounds=act.grounds,
                    evidence=about.evidence,
                    objection=objection,
                    ruling=ruling,
                )
            )
        return found

    @property
    def corrected(self) -> dict[tuple[str, int, str], Value]:
        """What holds of each fact that was changed: its newest change."""
        return {change.key: change.new for change in self.changes}

    @property
    def basis(self) -> tuple[str, ...]:
        """The rulings that change data and the overrides: what a result rests on."""
        ids = [change.ruling for change in self.changes] + list(self.overrides.values())
        return tuple(sorted(ids, key=_number))

    def corrections_in(self, basis: Sequence[str]) -> list[Correction]:
        """What a result puts in place of the data: of one fact the newest change."""
        newest = {}
        for id in basis:
            if isinstance(act := self.entries[id].act, Ruling):
                about = self.objection(act.objection)
                newest[about.uscc, about.year, about.fact] = act.value
        ordered = sorted(newest.items(), key=lambda pair: pair[0])
        return [Correction(uscc, year, fact, value) for (uscc, year, fact), value in ordered]

    def overrides_in(self, basis: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Whose grade a result moves by hand: the grade, and the entry that says so."""
        found = {}
        for id in basis:
            if isinstance(act := self.entries[id].act, Override):
                found[act.uscc] = act.grade, id
        return found

    @property
    def is_current(self) -> bool:
        """Whether the newest version rests on all that was ruled and overridden."""
        return bool(self.versions) and self.versions[-1].basis == self.basis

    @property
    def shown(self) -> Publication | None:
        """The newest list that was shown for publicity."""
        return self._last("publicity")

    @property
    def final(self) -> Publication | None:
        return self._last("final")

    def objection(self, id: str) -> Objection:
        act = self.entries[id].act
        assert isinstance(act, Objection)
        return act

    def ruling(self, id: str) -> Ruling:
        act = self.entries[id].act
        assert isinstance(act, Ruling)
        return act

    def answer(self, uscc: str) -> str:
        """What an enterprise said of its data: objected, confirmed, or silent."""
        if any(self.objection(id).uscc == uscc for id in self.open_objections):
            return OBJECTED
        return CONFIRMED if uscc in self.confirmed else SILENT

    def overdue(self, day: date) -> bool:
        """Whether the present stage has outlived its stated length."""
        due_on = self.stays[-1].due_on
        return due_on is not None and day > due_on

    def of(self, uscc: str) -> list[Entry]:
        """Every entry about an enterprise, rulings and withdrawals of its own among them."""
        return [entry for entry in self.entries.values() if self._about(entry) == uscc]

    def _about(self, entry: Entry) -> str | None:
        named = getattr(entry.act, "objection", None) or getattr(entry.act, "entry", None)
        if named is not None:
            return self._about(self.entries[named])
        uscc: str | None = getattr(entry.act, "uscc", None)
        return uscc

    def _ruled(self) -> Iterator[tuple[str, str]]:
        """Objections and the rulings that hold, in the order of the rulings."""
        yield from sorted(self.rulings.items(), key=lambda pair: _number(pair[1]))

    def _last(self, purpose: str) -> Publication | None:
        return next((p for p in reversed(self.publications) if p.purpose == purpose), None)


def _number(id: str) -> int:
    return int(id[1:])
