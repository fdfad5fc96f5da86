"""Evaluations for the portal: a scheme's result, one enterprise's, and the proceedings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.api import evaluations as api
from cityforge.brain.api.evaluations import Compared, Evaluated, Proceeding, Snapshot
from cityforge.brain.errors import CityForgeError, Text
from cityforge.brain.reports.tables import Row, Table
from cityforge.portal.analytics import city
from cityforge.portal.analytics.dossiers import LEAST_SHOWN

MOST_ROWS = 2000  # of a list on one page
_OF_GROUP = (5, 7)  # columns of an enterprise's points that tell of its group
_FEW = Text(
    zh=f"同组不足 {LEAST_SHOWN} 家有数，不列组内平均和中位数，以免透露他人数据。",
    en=f"Fewer than {LEAST_SHOWN} of the group have data: its mean and median are not told, lest "
    "they tell of others.",
)
_BY_COMMAND = Text(
    zh="全市企业较多，网页只列各地等次；影响分析见评价报告（cityforge evaluate write）。",
    en="So many enterprises are shown by district alone; the effects are in the evaluation's "
    "report (cityforge evaluate write).",
)
SETTLED = ("settled", "applied", "archived")  # stages in which a result stands


@dataclass(frozen=True, slots=True)
class Line:
    """A scheme in the list."""

    id: str
    title: Text
    year: int
    is_model: bool
    evidence: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Sentences and tables, as the command line shows them too.

    assumed  what the scheme takes for granted; the words say it too, in one line
    brief    the words without that line
    """

    title: Text
    year: int
    words: list[Text]
    tables: list["object"]
    assumed: tuple[str, ...] = ()
    brief: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A weight or the end of a grade that may be tried at another value."""

    name: str
    title: Text
    value: str


def schemes() -> list[Line]:
    """The schemes of enterprises: those that ran first, then the models."""
    newest = city.newest()
    if newest is None:
        return []
    found = [one for one in newest.snapshot.city.schemes.values() if one.subject == "enterprise"]
    return [
        Line(
            one.id,
            Text(zh=one.title, en=one.title_en),
            newest.snapshot.year,
            one.model,
            one.evidence.source,
        )
        for one in sorted(found, key=lambda one: (one.model, one.id))
    ]


def exists(scheme: str) -> bool:
    return any(one.id == scheme for one in schemes())


def result(scheme: str, districts: frozenset[str] | None) -> Shown:
    """A scheme's grades and effects; of some districts, or of a large city, the counts alone."""
    newest = city.newest()
    assert newest is not None  # `exists` was asked
    if newest.is_large:
        return _counted(newest.snapshot.folder, scheme, districts)
    return _result(newest.snapshot.folder, scheme, districts)


@lru_cache(maxsize=64)
def _result(folder: Path, scheme: str, districts: frozenset[str] | None) -> Shown:
    snapshot, found = evaluated(scheme)
    if districts is None:
        seen = _effects(folder, scheme)
        words = api.words.evaluation(found, seen, simulated=False)
        shown = _shown(found, words, api.tables.evaluation(snapshot.city, found, seen))
        line = api.words.assumed(found.scheme)
        brief = tuple(one for one in words if one not in line)
        return replace(shown, assumed=tuple(found.scheme.assumptions), brief=brief)
    own = api.tables.counts(snapshot.city, found.scheme, found.year, _inside(found.rows, districts))
    return _shown(found, [], [own])


@lru_cache(maxsize=64)
def _counted(_folder: Path, scheme: str, districts: frozenset[str] | None) -> Shown:
    """What the run wrote of a scheme; of a model, which no run computes, where to see it."""
    newest = city.newest()
    assert newest is not None
    snapshot = newest.snapshot
    own = snapshot.city.schemes[scheme]
    shown = Shown(
        Text(zh=own.title, en=own.title_en), snapshot.year, [_BY_COMMAND], [], (), (_BY_COMMAND,)
    )
    if not own.model:
        rows = snapshot.evaluation(own, snapshot.year, only=("district", "status", "grade"))
        rows = rows if districts is None else _inside(rows, districts)
        shown.tables.append(api.tables.counts(snapshot.city, own, snapshot.year, rows))
    return shown


def _inside(rows: pa.Table, districts: frozenset[str]) -> pa.Table:
    return rows.filter(pc.is_in(rows["district"], pa.array(sorted(districts), pa.string())))


def fields(scheme: str) -> list[Field]:
    """What may be tried: the weights of the first part, where each grade ends."""
    _, found = evaluated(scheme)
    own = found.scheme
    made = [
        Field(f"weight.{one.id}", Text(zh=f"权重：{one.title}", en=f"Weight: {one.title_en}"),
              f"{one.weight:f}")
        for one in own.parts[0].indicators
    ]  # fmt: skip
    if own.grading.by == "rank_share":
        made += [
            Field(f"band.{band.grade}", Text(zh=f"{band.grade} 类到（%）",
                  en=f"{band.grade} ends at (%)"), f"{band.to:f}")
            for band in own.grading.bands[:-1]
        ]  # fmt: skip
    return made


def what_if(scheme: str, changes: Sequence[str]) -> Shown:
    """Who moves where a scheme is changed. Raises CityForgeError where it does not fit."""
    snapshot, _ = evaluated(scheme)
    found: Compared = api.what_if(snapshot, scheme, changes)
    words = api.words.compared(found.moves, simulated=False)
    tables = api.tables.compared(snapshot.city, found.first, found.second, found.moves)
    return _shown(found.first, words, tables)


def compared(first: str, second: str, *, years: tuple[int, int]) -> Shown:
    """Who moves between two schemes, or two years. Raises CityForgeError where one has no data."""
    snapshot, _ = evaluated(first)
    found = api.compare(snapshot, first, second, years=years)
    words = api.words.compared(found.moves, simulated=False)
    tables = api.tables.compared(snapshot.city, found.first, found.second, found.moves)
    return _shown(found.second, words, tables)


def years() -> list[int]:
    """The years that the newest run has the data of, the newest first."""
    newest = city.newest()
    return sorted(api.years(newest.snapshot), reverse=True) if newest else []


def enterprise(scheme: str, uscc: str) -> Shown | None:
    """One enterprise's result without its peers' names; None where it is in no result."""
    _, found = evaluated(scheme)
    try:
        one = api.enterprise(found, uscc, draws=100)
    except CityForgeError:
        return None
    words = api.words.enterprise(found, one, simulated=False)
    if one.why is None:
        return _shown(found, words, [])
    table = api.tables.indicators(found, one.why)
    if any(each.count < LEAST_SHOWN for each in one.why.indicators):
        table, words = _without_group(table), [*words, _FEW]
    return _shown(found, words, [table])


def _without_group(table: Table) -> Table:
    """Points of one enterprise without the mean and the median of its group."""

    def kept(row: Row) -> Row:
        return tuple(cell for at, cell in enumerate(row) if at not in _OF_GROUP)

    return Table(table.title, kept(table.columns), tuple(kept(row) for row in table.rows))


def facts_of(scheme: str, uscc: str) -> list[tuple[str, Text, str, str]]:
    """The observed numbers that its result rests on: id, title, value, unit."""
    _, found = evaluated(scheme)
    mine = found.facts.filter(pc.equal(found.facts["uscc"], uscc))
    if not mine.num_rows:
        return []
    book = found.prepared.book
    observed = book.rests_on(sorted(found.prepared.facts))
    rows = []
    for fact in observed:
        if fact.name in mine.column_names and fact.type.is_number:
            value = mine[fact.name][0].as_py()
            shown = "" if value is None else figure(value)
            title = Text(zh=fact.title, en=fact.title_en)
            rows.append((fact.name, title, shown, fact.type.unit.symbol))
    return rows


def _shown(found: Evaluated, words: list[Text], tables: Sequence[object]) -> Shown:
    scheme = found.scheme
    return Shown(Text(zh=scheme.title, en=scheme.title_en), found.year, list(words), list(tables))


def evaluated(scheme: str) -> tuple[Snapshot, Evaluated]:
    newest = city.newest()
    assert newest is not None  # `exists` was asked
    return newest.snapshot, _evaluate(newest.snapshot.folder, scheme)


@lru_cache(maxsize=6)
def _evaluate(folder: Path, scheme: str) -> Evaluated:
    snapshot = api.read_snapshot(folder)
    return api.evaluate(snapshot, api.scheme_of(snapshot, scheme))


@lru_cache(maxsize=6)
def _effects(folder: Path, scheme: str):  # type: ignore[no-untyped-def]
    return api.effects(_evaluate(folder, scheme), draws=100)


# --- proceedings ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """How the proceedings of a scheme stand.

    stage     its id and title; `next` the stages it may go to
    open      objections that wait for a ruling: id, enterprise, what, stated, said to be right
    may_object  whether an enterprise may speak now
    may_compute  whether there is something new to compute
    """

    stage: str
    title: Text
    next: list[tuple[str, Text]]
    words: list[Text]
    tables: list[object]
    open: list[tuple[str, str, str, str, str]]
    may_object: bool
    may_compute: bool
    versions: int


def standing(scheme: str) -> Standing | None:
    """The proceedings of a scheme on the newest snapshot; None where none were begun."""
    found = opened(scheme)
    if found is None:
        return None
    held = api.docket(found)
    tables: list[object] = []
    if len(held.versions) > 1:
        tables.append(api.knock_on_table(api.knock_on(found)))
    if held.versions:
        tables.append(api.docket_tables(api.prepared_of(found), held)[-1])
    waits = []
    for name in held.open_objections:
        about = held.objection(name)
        waits.append((name, about.uscc, about.fact, str(about.stated), str(about.right)))
    return Standing(
        held.stage,
        api.STAGE_TITLES[held.stage],
        [(to, api.STAGE_TITLES[to]) for to in api.STAGES_NEXT[held.stage]],
        [_so_far(held)],
        tables,
        waits,
        held.stage in api.OPEN_TO_OBJECTIONS,
        held.stage in api.COMPUTING and not held.is_current,
        len(held.versions),
    )


def _so_far(held: api.Docket) -> Text:
    """Since when it is in its stage and until when, what was objected and computed."""
    stay, waits = held.stays[-1], len(held.open_objections)
    due, due_en = (f"，至 {stay.due_on}", f", until {stay.due_on}") if stay.due_on else ("", "")
    return Text(
        zh=f"{stay.entered_on} 起{due}；异议 {len(held.objections)} 件，待认定 {waits} 件；"
        f"结果 {len(held.versions)} 版。",
        en=f"Since {stay.entered_on}{due_en}; {len(held.objections)} objections, {waits} to be "
        f"ruled on; {len(held.versions)} version(s) of the result.",
    )


def figure(value: Decimal) -> str:
    """A figure as people write it, without noughts at its end."""
    return f"{value.normalize():,f}"


def begin(scheme: str, *, by: str, role: str, publicity_days: int) -> None:
    newest = city.newest()
    assert newest is not None
    api.begin_proceeding(
        newest.snapshot.folder,
        by=by,
        role=role,
        scheme=scheme,
        working_days=api.lengths([f"published={publicity_days}"]),
    )


def step(scheme: str, to: str, *, by: str, role: str) -> None:
    api.record(begun(scheme), api.step(to), by=by, role=role)


def confirm(scheme: str, uscc: str, *, by: str, role: str) -> None:
    api.record(begun(scheme), api.Confirmation(uscc=uscc), by=by, role=role)


def object_(
    scheme: str, uscc: str, right: str, *, reason: str, files: Sequence[Path], by: str, role: str
) -> str:
    """An enterprise's objection; returns its id."""
    found = begun(scheme)
    made = api.objection(found, uscc, right, reason=reason, files=files)
    return str(api.record(found, made, by=by, role=role)[0].id)


def rule(
    scheme: str, objection: str, outcome: str, *, grounds: str, value: str, by: str, role: str
) -> None:
    found = begun(scheme)
    made = api.ruling(found, objection, outcome, grounds=grounds, value=value or None)
    api.record(found, made, by=by, role=role)


def rerun(scheme: str, *, why: str, by: str, role: str) -> int:
    """A new version; its number."""
    return int(api.rerun(begun(scheme), by=by, role=role, why=why).version)


def publish(scheme: str, purpose: str, *, by: str, role: str) -> None:
    api.publish(begun(scheme), purpose, by=by, role=role)


@dataclass(frozen=True, slots=True)
class Publicity:
    """A list that is shown to the public: names and grades, no business figures."""

    scheme: str
    title: Text
    year: int
    version: int
    begins_on: date | None
    ends_on: date | None
    digest: str
    total: int
    rows: list[dict[str, object]]


def publicity(
    scheme: str, search: str = "", *, first: int = 0, most: int = MOST_ROWS
) -> Publicity | None:
    """The list shown last, narrowed to names that hold some words; None where none was shown.

    first, most  which of its rows, and how many, the last ones where it has no such rows; `total`
                 counts all of them

    By grade, the best first, and name: the order must not tell the rank, which the list does not.
    """
    found = opened(scheme)
    if found is None:
        return None
    try:
        shown = api.publicity_list(found)
    except CityForgeError:  # nothing was computed yet
        return None
    if shown.publication is None:
        return None
    rows = shown.rows.select(["name", "part", "status", "grade", "reason", "reason_en"])
    ranks = pc.index_in(rows["grade"], pa.array(found.scheme.grading.grades, pa.string()))
    keys = [("status", "descending"), *((key, "ascending") for key in ("part", "rank", "name"))]
    rows = rows.append_column("rank", ranks).sort_by(keys).drop_columns(["rank"])
    if search:
        rows = rows.filter(pc.match_substring(rows["name"], search))
    own, first = found.scheme, min(first, max(rows.num_rows - 1, 0) // most * most)
    parts = {part.id: Text(zh=part.title, en=part.title_en) for part in own.parts}
    return Publicity(
        scheme,
        Text(zh=own.title, en=own.title_en),
        shown.year,
        shown.version,
        shown.begins_on,
        shown.ends_on,
        shown.digest,
        rows.num_rows,
        [{**row, "part": parts.get(row["part"])} for row in rows.slice(first, most).to_pylist()],
    )


def opened(scheme: str) -> Proceeding | None:
    """The proceedings of a scheme on the newest snapshot; None where none were begun."""
    newest = city.newest()
    if newest is None:
        return None
    try:
        return api.open_proceeding(newest.snapshot.folder, scheme=scheme)
    except CityForgeError:
        return None


def begun(scheme: str) -> Proceeding:
    """The same, where they must be there. Raises RunRefused."""
    newest = city.newest()
    assert newest is not None
    return api.open_proceeding(newest.snapshot.folder, scheme=scheme)
