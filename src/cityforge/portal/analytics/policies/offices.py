"""What officers see of a policy: coverage, candidates, what it costs; of their own places alone."""

import re
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cityforge.brain.api import policies, simulations
from cityforge.brain.api.simulations import Asked, CandidateList
from cityforge.brain.errors import (
    CityForgeError,
    Language,
    ProblemsFound,
    RunRefused,
    Text,
    ValueRefused,
)
from cityforge.portal.analytics.policies import catalogue, ready
from cityforge.portal.analytics.policies.catalogue import Card
from cityforge.portal.analytics.policies.ready import Places

_FIGURE = re.compile(r"[+−-]?[\d,.]+%?|—")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a policy stands among the enterprises of some places. `amount`: of the eligible."""

    card: Card
    eligible: int
    unknown: int
    not_yet: int
    amount: Text | None
    share: float


@dataclass(frozen=True, slots=True)
class Line:
    """One candidate. `basis`: what it rests on, without values that may not be shown."""

    uscc: str
    name: str
    district: Text
    amount: Text | None
    basis: Text
    provisional: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table of words; `columns` with whether all in them are figures."""

    title: Text
    columns: tuple[tuple[Text, bool], ...]
    rows: tuple[tuple[tuple[Text, bool], ...], ...]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The candidates of a policy: sentences, lines, what holds others back, who is near."""

    says: tuple[Text, ...]
    has_money: bool
    lines: tuple[Line, ...]
    hurdles: Table
    near: Table | None


@dataclass(frozen=True, slots=True)
class Term:
    """A threshold, rate or cap with its present value, and what was asked instead."""

    id: str
    says: Text
    value: str
    asked: str


@dataclass(frozen=True, slots=True)
class Simulation:
    """What a policy costs, or why it could not be worked out."""

    terms: tuple[Term, ...]
    says: tuple[Text, ...] = ()
    tables: tuple[Table, ...] = ()
    refused: Text | None = None


def coverage(places: Places) -> list[Standing] | None:
    """Every policy, the most entitled first. None where there is no run."""
    found, known = ready.examiner(), catalogue.catalogue()
    if found is None or known is None:
        return None
    counts = _counts(found.snapshot.folder, places)
    standings = []
    for card in known.cards:
        if card.model or not card.matched:
            continue
        eligible, unknown, not_yet, amount = counts.get(card.id, (0, 0, 0, 0))
        whole = eligible + unknown + not_yet
        standings.append(
            Standing(
                card,
                eligible,
                unknown,
                not_yet,
                policies.about(amount) if amount else None,
                100 * eligible / whole if whole else 0.0,
            )
        )
    return sorted(standings, key=lambda one: (-one.eligible, one.card.id))


def candidates(policy: str, places: Places) -> Candidates | None:
    """None where there is no run, or none of this policy."""
    found = listed(policy, places)
    return None if found is None else told(found)


def workbook(policy: str, places: Places, language: Language) -> bytes | None:
    """The same as an Excel file, cells that begin like formulas made harmless."""
    found = listed(policy, places)
    if found is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "candidates.xlsx"
        simulations.write_candidates(found, file, language=language)
        return file.read_bytes()


def simulate(policy: str, terms: Mapping[str, str], places: Places) -> Simulation | None:
    """What a policy would cost with other values of its terms. None as for `candidates`."""
    found = ready.examiner()
    version = None if found is None else _version(found.snapshot.folder, policy)
    if found is None or version is None:
        return None
    own = {term.id: term for term in version.terms}
    asked = {name: value for name, value in terms.items() if name in own and value}
    changed = {name: value for name, value in asked.items() if value != own[name].value}
    shown = tuple(
        Term(
            term.id,
            Text(zh=term.says or term.id, en=term.says_en or term.says or term.id),
            term.value,
            asked.get(term.id, term.value),
        )
        for term in version.terms
    )
    try:
        says, tables = _simulated(
            found.snapshot.folder, policy, tuple(sorted(changed.items())), places
        )
    except ProblemsFound as error:
        problem = error.problems[0]
        what, hint = problem.what, problem.hint
        told = Text(zh=f"{what.zh}；{hint.zh}", en=f"{what.en}; {hint.en}")
        return Simulation(shown, refused=told)
    except (RunRefused, ValueRefused) as error:
        return Simulation(shown, refused=error.text)
    return Simulation(shown, says, tables)


def _version(folder: Path, policy: str) -> policies.PolicyVersion | None:
    found = ready.examiner()
    assert found is not None
    own = found.snapshot.city.policies.get(policy)
    return None if own is None else own.on(found.snapshot.as_of)


@lru_cache(maxsize=64)
def _simulated(
    folder: Path, policy: str, terms: tuple[tuple[str, str], ...], places: Places
) -> tuple[tuple[Text, ...], tuple[Table, ...]]:
    found = ready.examiner()
    assert found is not None
    asked = Asked(policy, terms=dict(terms), within=ready.within(places, found))
    answer = simulations.simulate(folder, asked)
    tables = simulations.policy_tables(answer)
    says = simulations.policy_words(answer)
    return tuple(says[marks(answer.snapshot) :]), tuple(table(one) for one in tables)


@lru_cache(maxsize=16)
def _counts(folder: Path, places: Places) -> dict[str, tuple[int, int, int, int]]:
    """Of each policy: eligible, unknown, not yet, and 分 of the eligible."""
    if places.everything or not places.parks:
        table = pq.read_table(folder / "tables" / "policy_counts.parquet")
        if not places.everything:
            wanted = sorted(places.districts)
            table = table.filter(
                pc.is_in(table["district"].cast("string"), pa.array(wanted, pa.string()))
            )
        sums: dict[str, list[int]] = {}
        for row in table.to_pylist():
            own = sums.setdefault(row["policy"], [0, 0, 0, 0])
            for at, name in enumerate(("eligible", "unknown", "not_yet", "amount")):
                own[at] += row[name] or 0
        return {name: (own[0], own[1], own[2], own[3]) for name, own in sums.items()}
    return _counted(folder, places)


def _counted(folder: Path, places: Places) -> dict[str, tuple[int, int, int, int]]:
    """The same for parks, by whose enterprises no run counts: out of the matches."""
    found = ready.examiner()
    assert found is not None
    named = ready.within(places, found) or {}
    fields = [pc.field(name).isin(pa.array(codes, pa.string())) for name, codes in named.items()]
    where = reduce(or_, fields)
    tables = folder / "tables"
    own = pq.read_table(tables / "applicants.parquet", columns=["uscc"], filters=where)["uscc"]
    table = pq.read_table(
        tables / "policy_matches.parquet", filters=pc.field("uscc").isin(own.combine_chunks())
    )
    grouped = table.group_by(["policy", "answer"]).aggregate([("uscc", "count"), ("amount", "sum")])
    counts: Counter[tuple[str, str]] = Counter()
    money: Counter[str] = Counter()
    for row in grouped.to_pylist():
        counts[row["policy"], row["answer"]] += row["uscc_count"]
        if row["answer"] == "eligible":
            money[row["policy"]] += row["amount_sum"] or 0
    told = {}
    for one in found.policies:
        eligible, unknown = counts[one.id, "eligible"], counts[one.id, "unknown"]
        told[one.id] = (eligible, unknown, len(own) - eligible - unknown, money[one.id])
    return told


def listed(policy: str, places: Places) -> CandidateList | None:
    """The candidates as the library lists them, kept. None as for `candidates`."""
    found = ready.examiner()
    if found is None or policy not in found.snapshot.city.policies:
        return None
    try:
        return _list(found.snapshot.folder, policy, places)
    except CityForgeError:
        return None


@lru_cache(maxsize=16)
def _list(folder: Path, policy: str, places: Places) -> CandidateList:
    found = ready.examiner()
    assert found is not None
    return simulations.candidates(folder, policy, within=ready.within(places, found))


def told(listed: CandidateList) -> Candidates:
    says = simulations.candidates_words(listed)
    _, hurdles, *near = simulations.candidates_tables(listed)
    return Candidates(
        tuple(says[marks(listed.snapshot) :]),
        listed.found.prepared.amount is not None,
        tuple(
            Line(
                one.uscc,
                one.name or "—",
                simulations.candidate_district(listed, one.district),
                None if one.fen is None else policies.money(one.fen),
                simulations.candidate_basis(listed, one),
                one.provisional,
            )
            for one in listed.found.listed
        ),
        table(hurdles),
        table(near[0]) if near else None,
    )


def marks(snapshot: simulations.Snapshot) -> int:
    """How many lines say that data are simulated: every page says so itself."""
    return 1 if snapshot.simulated else 0


def table(one: simulations.Table) -> Table:
    rows = [
        [cell if isinstance(cell, Text) else Text(zh=cell, en=cell) for cell in row]
        for row in one.rows
    ]
    figures = [all(_FIGURE.fullmatch(row[at].zh) for row in rows) for at in range(len(one.columns))]
    return Table(
        one.title,
        tuple(zip(one.columns, figures, strict=True)),
        tuple(tuple(zip(row, figures, strict=True)) for row in rows),
    )
