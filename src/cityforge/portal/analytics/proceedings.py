"""What proceedings tell beyond where they stand: who answered, one enterprise's part, who moved."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from cityforge.brain.api import evaluations as api
from cityforge.brain.api.evaluations import Docket, Objection, Proceeding
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.errors import CityForgeError, RunRefused, Text
from cityforge.portal.analytics import grades

CONFIRMED, OBJECTED, SILENT = "confirmed", "objected", "silent"
STATES: dict[str, tuple[Text, str]] = {
    CONFIRMED: (Text(zh="已确认", en="confirmed"), "green"),
    OBJECTED: (Text(zh="有异议", en="objected"), "amber"),
    SILENT: (Text(zh="未回应", en="silent"), "grey"),
}
_WAITS = Text(zh="待认定", en="waits for a ruling")
_WITHDRAWN = Text(zh="已撤回", en="withdrawn")
_LIGHTS = {"upheld": "green", "partly": "green", "rejected": "red"}
_CONFIRMING = ("checked", "objected")


@dataclass(frozen=True, slots=True)
class Answer:
    """An enterprise, and what it said of its data."""

    uscc: str
    name: str
    district: str
    state: str


@dataclass(frozen=True, slots=True)
class Answers:
    """Who said what: counts by district (title, id, confirmed, objected, silent), and the list."""

    districts: list[tuple[Text, str, int, int, int]]
    counts: dict[str, int]
    rows: list[Answer]


@dataclass(frozen=True, slots=True)
class Objected:
    """An objection with what became of it; `files` as `portal.evidence` keeps them.

    ruling   the entry that rules on it now; "" without
    """

    id: str
    uscc: str
    name: str
    fact: Text
    unit: str
    stated: str
    right: str
    reason: str
    files: list[str]
    state: Text
    light: str
    holds: str
    grounds: str
    ruling: str

    @property
    def waits(self) -> bool:
        return self.light == "amber"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an enterprise stood in a version; figures None where it was not rated."""

    version: int
    grade: Text
    total: float | None
    rank: int | None
    ranked: int | None


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else who moved: named only where the list that was shown names them anyway."""

    name: str
    old: Text
    new: Text
    why: Text


@dataclass(frozen=True, slots=True)
class KnockOn:
    """What one enterprise's correction moved: itself, and how many others."""

    before: Place
    after: Place
    others: int
    places: int
    named: list[Other]


@dataclass(frozen=True, slots=True)
class Own:
    """One enterprise in the proceedings."""

    state: str
    title: Text
    light: str
    may_confirm: bool
    objections: list[Objected]
    place: Place | None
    moved: KnockOn | None
    is_shown: bool


def answers(scheme: str) -> Answers | None:
    """Who confirmed, objected, kept silent; None where no proceedings were begun."""
    found = grades.opened(scheme)
    if found is None:
        return None
    held = api.docket(found)
    objected = {held.objection(one).uscc for one in held.objections if one not in held.withdrawn}
    titles = {
        one.id: Text(zh=one.title, en=one.title_en) for one in found.snapshot.city.place.districts
    }
    rows = [
        Answer(uscc, name, district, _state(uscc, held, objected))
        for uscc, name, district in _population(found.snapshot.folder, scheme)
    ]
    tally = {id_: dict.fromkeys(STATES, 0) for id_ in (*titles, "")}
    for one in rows:
        tally.setdefault(one.district, dict.fromkeys(STATES, 0))[one.state] += 1
    nowhere = Text(zh="属地未知", en="district unknown")
    districts = [
        (titles.get(id_, nowhere), id_, n[CONFIRMED], n[OBJECTED], n[SILENT])
        for id_, n in tally.items()
        if any(n.values())
    ]
    counts = {state: sum(n[state] for n in tally.values()) for state in STATES}
    return Answers(districts, counts, rows)


def objections(scheme: str, uscc: str | None = None) -> list[Objected]:
    """The objections of all, or of one enterprise: those that wait first, then the newest."""
    found = grades.opened(scheme)
    if found is None:
        return []
    held = api.docket(found)
    mine = [one for one in held.objections if uscc in (None, held.objection(one).uscc)]
    if not mine:
        return []
    book = api.prepared_of(found).book
    names = {code: title for code, title, _ in _population(found.snapshot.folder, scheme)}
    made = [_objected(held, one, book, names) for one in mine]
    return sorted(made, key=lambda one: (not one.waits, -int(one.id[1:])))


def own(scheme: str, uscc: str) -> Own | None:
    """One enterprise's part; None where no proceedings were begun."""
    found = grades.opened(scheme)
    if found is None:
        return None
    held = api.docket(found)
    mine = objections(scheme, uscc)
    objected = {uscc} if any(one.light != "grey" for one in mine) else set[str]()
    state = _state(uscc, held, objected)
    places = _places(found, uscc)
    return Own(
        state,
        *STATES[state],
        held.stage in _CONFIRMING
        and uscc not in held.confirmed
        and not any(one.waits for one in mine),
        mine,
        places[-1] if places else None,
        _moved(found, held, uscc, places),
        held.shown is not None,
    )


def withdraw_ruling(scheme: str, objection: str, *, reason: str, by: str, role: str) -> None:
    """Let a ruling hold no longer: its objection waits again. Raises RunRefused."""
    found = grades.begun(scheme)
    ruling = api.docket(found).rulings.get(objection)
    if ruling is None:
        raise RunRefused(Text(zh="这件异议没有认定", en="There is no ruling on this objection."))
    api.record(found, api.Withdrawal(entry=ruling, reason=reason), by=by, role=role)


def evidence(scheme: str, uscc: str | None = None) -> set[str]:
    """The files that were shown in objections, of all or of one enterprise."""
    return {name for one in objections(scheme, uscc) for name in one.files}


def _state(uscc: str, held: Docket, objected: set[str]) -> str:
    if uscc in held.confirmed:
        return CONFIRMED
    return OBJECTED if uscc in objected else SILENT


@lru_cache(maxsize=4)
def _population(_folder: Path, scheme: str) -> list[tuple[str, str, str]]:
    """Credit code, name, district of everybody that the scheme looks at."""
    _, found = grades.evaluated(scheme)
    columns = found.rows.select(["uscc", "name", "district"]).to_pydict()
    rows = zip(columns["uscc"], columns["name"], columns["district"], strict=True)
    return [(uscc, name or "", district or "") for uscc, name, district in rows]


def _objected(held: Docket, name: str, book: Dictionary, names: dict[str, str]) -> Objected:
    about: Objection = held.objection(name)
    fact = book.facts.get(about.fact)
    state, light, holds, grounds = _WAITS, "amber", "", ""
    if name in held.withdrawn:
        state, light = _WITHDRAWN, "grey"
    elif name in held.rulings:
        ruled = held.ruling(held.rulings[name])
        state, light = api.OUTCOMES[ruled.outcome], _LIGHTS[ruled.outcome]
        holds, grounds = _value(ruled.value), ruled.grounds
    return Objected(
        name,
        about.uscc,
        names.get(about.uscc, about.uscc),
        Text(zh=fact.title, en=fact.title_en) if fact else Text(zh=about.fact, en=about.fact),
        fact.type.unit.symbol if fact else "",
        _value(about.stated),
        _value(about.right),
        about.reason,
        [one.file for one in about.evidence],
        state,
        light,
        holds,
        grounds,
        held.rulings.get(name, ""),
    )


def _places(found: Proceeding, uscc: str) -> list[Place]:
    try:
        told = api.history(found, uscc).places
    except CityForgeError:
        return []
    return [_place(version, place) for version, place in told]


def _place(version: int, place: object) -> Place:
    grade = place.grade or place.status
    total, rank, ranked = place.total, place.rank, place.ranked
    return Place(version, api.grade_name(grade), total, rank, ranked)


def _moved(found: Proceeding, held: Docket, uscc: str, places: list[Place]) -> KnockOn | None:
    """What its newest correction moved; None where none of its data were corrected."""
    by_version = {one.version: one for one in places}
    for version in reversed(range(2, len(held.versions) + 1)):
        if not _corrects(held, uscc, version):
            continue
        seen = api.knock_on(found, before=version - 1, after=version)
        others = [one for one in seen.moved if one.uscc != uscc and uscc in one.by]
        graded = [one for one in others if one.changed_grade]
        is_public = held.shown is not None and held.shown.version >= version
        named = [
            Other(
                one.name,
                api.grade_name(one.old.grade or one.old.status),
                api.grade_name(one.new.grade or one.new.status),
                api.WHY_MOVED[one.why],
            )
            for one in (graded if is_public else ())
        ]
        if version - 1 in by_version and version in by_version:
            before, after = by_version[version - 1], by_version[version]
            return KnockOn(before, after, len(graded), len(others) - len(graded), named)
    return None


def _corrects(held: Docket, uscc: str, version: int) -> bool:
    old, new = held.versions[version - 2], held.versions[version - 1]
    differing = set(held.corrections_in(old.basis)) ^ set(held.corrections_in(new.basis))
    return any(one.uscc == uscc for one in differing)


def _value(value: object) -> str:
    if isinstance(value, Decimal):
        return grades.figure(value)
    return "—" if value is None else str(value)


def states() -> Iterator[tuple[str, Text, str]]:
    """Every state of an answer: id, title, light."""
    for state, (title, light) in STATES.items():
        yield state, title, light
