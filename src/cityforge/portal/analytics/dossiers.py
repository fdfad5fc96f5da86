"""The door to the files of enterprises: the list, and one file part by part.

`level` is the reader's: public, internal, confidential or secret.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cityforge.brain.api import cells, check_ups, dossiers, evaluations, ladders, snapshots
from cityforge.brain.api.check_ups import Examined
from cityforge.brain.api.dossiers import Ground, Listed, Sensitivity
from cityforge.brain.api.evaluations import Evaluated
from cityforge.brain.errors import CityForgeError, Text
from cityforge.portal.analytics.city import newest

in_csv, in_workbook = cells.in_csv, cells.in_workbook
# Of a smaller group its mean and median would tell of single others.
LEAST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a table in both languages; `figures`: columns of numbers, set right."""

    title: Text
    columns: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]
    figures: frozenset[int]

    @property
    def lines(self) -> list[list[tuple[Text, bool]]]:
        """Each cell with whether it is a figure."""
        return [[(c, i in self.figures) for i, c in enumerate(row)] for row in self.rows]

    @property
    def heads(self) -> list[tuple[Text, bool]]:
        return [(c, i in self.figures) for i, c in enumerate(self.columns)]


@dataclass(frozen=True, slots=True)
class Peer:
    """An enterprise alike; the view decides whether its reader may read the name."""

    uscc: str
    name: str
    grade: str
    total: float
    same_industry: bool


@dataclass(frozen=True, slots=True)
class Why:
    """Why a grade, what would change it, how sure it is."""

    lines: tuple[Text, ...]
    table: Table | None
    peers: tuple[Peer, ...]


def run() -> str:
    """The id of the newest run; "" without one."""
    found = newest()
    return str(found.snapshot.run["run_id"]) if found else ""


def is_simulated() -> bool:
    found = newest()
    return found.simulated if found else False


def ground() -> Ground | None:
    found = newest()
    return _ground(found.snapshot.folder) if found else None


@lru_cache(maxsize=2)
def _ground(_folder: Path) -> Ground:
    found = newest()
    assert found is not None
    return Ground.of(found.snapshot)


def districts() -> list[tuple[str, Text]]:
    """The districts of the city by id."""
    found = newest()
    places = found.snapshot.city.place.districts if found else []
    return [(one.id, Text(zh=one.title, en=one.title_en)) for one in places]


def listed() -> Iterator[Listed]:
    """Everybody of the newest run."""
    own = ground()
    return dossiers.listed(own) if own else iter(())


def former_names() -> Iterator[tuple[str, str]]:
    own = ground()
    return dossiers.former_names(own) if own else iter(())


def size_level() -> str:
    """The level that a reader of size classes needs."""
    own = ground()
    return str(dossiers.size_needs(own)) if own else str(Sensitivity.SECRET)


def may_see(sensitivity: str, level: str) -> bool:
    return dossiers.may_see(Sensitivity(sensitivity), Sensitivity(level))


def identity(uscc: str) -> dossiers.Source | None:
    own = ground()
    return dossiers.identity(own, uscc) if own else None


def known(uscc: str, level: str) -> dossiers.Known | None:
    own = ground()
    return dossiers.known(own, uscc, reader=Sensitivity(level)) if own else None


def registers(uscc: str, level: str) -> dossiers.Registers | None:
    own = ground()
    return dossiers.registers(own, uscc, reader=Sensitivity(level)) if own else None


def grades(uscc: str) -> tuple[dossiers.SchemeGrades, ...]:
    own = ground()
    return dossiers.grades(own, uscc) if own else ()


def policies(uscc: str, level: str) -> dossiers.Policies | None:
    own = ground()
    return dossiers.matched(own, uscc, reader=Sensitivity(level)) if own else None


def why(uscc: str, scheme: str) -> Why | None:
    """Why an enterprise has its grade by a scheme of the run; None where nothing can be said."""
    found = newest()
    if found is None or scheme not in found.snapshot.city.schemes:
        return None
    return _why(found.snapshot.folder, uscc, scheme, is_large=found.is_large)


@lru_cache(maxsize=256)
def _why(folder: Path, uscc: str, scheme: str, *, is_large: bool) -> Why | None:
    try:
        if is_large:
            own = _ground(folder)
            chosen = own.snapshot.scheme(scheme)
            rows = own.rows(f"evaluation_{scheme}", uscc)
            lines = snapshots.told(own.snapshot, chosen, _groups(folder, scheme), rows)
            return Why(lines, None, ()) if lines else None
        found = _evaluated(folder, scheme)
        one = evaluations.enterprise(found, uscc)
    except CityForgeError:
        return None
    table = _table(evaluations.tables.indicators(found, one.why)) if one.why else None
    if table and one.why and any(each.count < LEAST_SHOWN for each in one.why.indicators):
        table = _without(table, (5, 7))
    peers = tuple(Peer(p.uscc, p.name, p.grade, p.total, p.same_industry) for p in one.peers)
    words = evaluations.words.enterprise(found, one, simulated=False)
    return Why(tuple(words), table, peers)


@lru_cache(maxsize=8)
def _groups(folder: Path, scheme: str) -> snapshots.Groups:
    snapshot = _ground(folder).snapshot
    return snapshots.groups_told(snapshot, snapshot.scheme(scheme))


@lru_cache(maxsize=4)
def _evaluated(folder: Path, scheme: str) -> Evaluated:
    snapshot = _ground(folder).snapshot
    found = evaluations.evaluate(snapshot, snapshot.scheme(scheme))
    return evaluations.at_hand(found)


def check_up(uscc: str) -> dict[str, Any] | None:
    """The policy check-up of one enterprise in both languages; None where there is none."""
    found = newest()
    examined = _examined(found.snapshot.folder, uscc) if found else None
    if examined is None:
        return None
    return {language: check_ups.page(examined, language) for language in ("zh", "en")}


@lru_cache(maxsize=32)
def _examined(folder: Path, uscc: str) -> Examined | None:
    try:
        return check_ups.of_enterprise(folder, uscc)
    except CityForgeError:
        return None


def check_up_pdf(uscc: str, out: Path, language: str) -> bool:
    """Set the check-up as a PDF; False where there is none."""
    found = newest()
    examined = _examined(found.snapshot.folder, uscc) if found else None
    if examined is None:
        return False
    check_ups.write_pdf(examined, out, language="en" if language == "en" else "zh")
    return True


def ladder(uscc: str) -> tuple[Table, ...] | None:
    """The ladder of an enterprise: titles with their days, every rung; None without a ladder."""
    found = newest()
    return _ladder(found.snapshot.folder, uscc) if found else None


@lru_cache(maxsize=64)
def _ladder(folder: Path, uscc: str) -> tuple[Table, ...] | None:
    try:
        climbed = ladders.of_enterprise(folder, uscc)
    except CityForgeError:
        return None
    return tuple(_table(one) for one in ladders.enterprise_tables(climbed)[-1:])


def _table(one: Any) -> Table:
    rows = tuple(
        tuple(cell if isinstance(cell, Text) else Text(zh=cell, en=cell) for cell in row)
        for row in one.rows
    )
    figures = frozenset(
        i
        for i in range(1, len(one.columns))
        if any(row[i].zh[:1].isdigit() for row in rows)
        and all(row[i].zh == row[i].en and len(row[i].zh) < 16 for row in rows)
    )
    return Table(one.title, one.columns, rows, figures)


def _without(table: Table, places: tuple[int, ...]) -> Table:
    kept = [i for i in range(len(table.columns)) if i not in places]
    return Table(
        table.title,
        tuple(table.columns[i] for i in kept),
        tuple(tuple(row[i] for i in kept) for row in table.rows),
        frozenset(at for at, i in enumerate(kept) if i in table.figures),
    )
