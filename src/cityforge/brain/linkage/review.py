"""The queue for human review, the story of a record, and the history, as a reader is shown them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cityforge.brain.errors import Problem, RunRefused, Text
from cityforge.brain.linkage import words
from cityforge.brain.linkage.decisions import Decision, standing
from cityforge.brain.linkage.desk import Desk
from cityforge.brain.linkage.entities import Resolved, Tie, path, resolve
from cityforge.brain.linkage.found import Pair, Record


@dataclass(frozen=True, slots=True)
class Case:
    """One pair that the machine leaves to people."""

    left: Record
    right: Record
    score: float
    rung: str
    why: Text


@dataclass(frozen=True, slots=True)
class Step:
    """One tie on the way from a record to another, and who says so."""

    left: str
    right: str
    why: Text
    decision: str


@dataclass(frozen=True, slots=True)
class Companion:
    """Another record of the entity and how the first one leads to it."""

    record: Record
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """Why a record is where it is."""

    record: Record
    entity: str
    machine_entity: str
    companions: tuple[Companion, ...]
    kept_apart: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One decision of the history; `undone_by` is empty while it holds."""

    decision: Decision
    says: Text
    undone_by: str


@dataclass(frozen=True, slots=True)
class Queue:
    """The open cases, best first, and what the reader must know besides."""

    cases: list[Case]
    open: int
    simulated: bool
    problems: list[Problem]
    note: Text | None


def queue(folder: Path, *, limit: int | None = None) -> Queue:
    """The pairs between the two thresholds that neither people nor later links have settled."""
    desk = Desk(folder)
    pairs = desk.found.pairs_to_review()
    entity = desk.entities({record for pair in pairs for record in (pair.left, pair.right)})
    waiting = [pair for pair in pairs if _is_open(desk, pair, entity)]
    shown = waiting[:limit] if limit is not None else waiting
    records = desk.found.records({r for pair in shown for r in (pair.left, pair.right)})
    cases = [
        Case(
            records[pair.left],
            records[pair.right],
            pair.score,
            pair.rung,
            words.why(pair.rung, pair.evidence),
        )
        for pair in shown
    ]
    return Queue(
        cases,
        len(waiting),
        bool(desk.found.run().get("simulated")),
        desk.problems(),
        desk.log.note,
    )


def story(folder: Path, record: str) -> Story:
    """The evidence chain of a record: to each companion by the ties that hold the entity together.

    Raises RunRefused when the links hold no such record.
    """
    desk = Desk(folder)
    links = desk.found.links([record])
    if record not in links:
        raise RunRefused(
            Text(
                zh=f"关联结果中没有记录“{record}”；编号见 cityforge link review 或 records.parquet",
                en=f"no record '{record}' in the links; cityforge link review prints ids",
            )
        )
    held = _held(desk, record, links[record].entity)
    ways = path(held.ties, record)
    records = desk.found.records(ways)
    known = desk.found.links(ways)
    pairs = {(pair.left, pair.right): pair for pair in desk.found.pairs_of(ways)}

    def step(tie: Tie) -> Step:
        return Step(tie.left, tie.right, _why(desk, tie, known, pairs), tie.decision)

    companions = [
        Companion(records[other], tuple(step(tie) for tie in ways[other]))
        for other in sorted(ways)
        if other != record and other in records
    ]
    apart = [d for d in desk.decisions if any(record in pair for pair in d.apart())]
    return Story(
        records[record],
        desk.entities([record])[record],
        links[record].entity,
        tuple(companions),
        tuple(apart),
    )


def history(folder: Path, *, entity: str | None = None) -> list[Line]:
    """The log in order; with `entity`, what was said about its records."""
    desk = Desk(folder)
    log = desk.log.decisions
    members = set(desk.members(entity)) if entity else set()
    if entity and not members:
        raise RunRefused(Text(zh=f"没有实体“{entity}”", en=f"no entity '{entity}'"))
    held, shown, lines = standing(log), set[str](), []
    for decision in log:
        concerns = not members.isdisjoint(decision.touched) or any(
            undone in shown for undone in decision.undoes
        )
        if entity is None or concerns:
            shown.add(decision.id)
            undone = [d.id for d in log if d.id in held and decision.id in d.undoes]
            by = undone[0] if undone and decision.id not in held else ""
            lines.append(Line(decision, words.decided(decision), by))
    return lines


def as_json(found: Queue) -> dict[str, Any]:
    """The queue as plain data."""
    return {
        "open": found.open,
        "simulated": found.simulated,
        "cases": [
            {
                "left": _plain(case.left),
                "right": _plain(case.right),
                "score": case.score,
                "rung": case.rung,
                "why": {"zh": case.why.zh, "en": case.why.en},
            }
            for case in found.cases
        ],
    }


def _is_open(desk: Desk, pair: Pair, entity: dict[str, str]) -> bool:
    if pair.left not in entity or pair.right not in entity:
        return False
    together = entity[pair.left] == entity[pair.right]
    return not together and desk.said.may_join(pair.left, pair.right)


def _held(desk: Desk, record: str, machine_entity: str) -> Resolved:
    """The ties around a record: of the touched entities, or of its own where no one decided."""
    if record in desk.laid_over.entity_of:
        return desk.laid_over
    return resolve(desk.found.machine([machine_entity]), [])


def _why(desk: Desk, tie: Tie, links: dict[str, Any], pairs: dict[tuple[str, str], Pair]) -> Text:
    if tie.decision:
        decision = next(d for d in desk.decisions if d.id == tie.decision)
        said = words.decided(decision)
        return Text(
            zh=f"{decision.by} 决定（{decision.id}，{decision.at[:10]}）：{said.zh}",
            en=f"decided by {decision.by} ({decision.id}, {decision.at[:10]}): {said.en}",
        )
    pair = pairs.get((tie.left, tie.right)) or pairs.get((tie.right, tie.left))
    if pair:
        return words.why(pair.rung, pair.evidence)
    if tie.by == "machine":
        return words.RUNGS["credit_code"]
    # No pair of its own: the machine holds both in one entity, each by its own rung.
    later = links.get(max(tie.left, tie.right))
    return words.why(later.rung, later.evidence or "") if later else words.RUNGS["alone"]


def _plain(record: Record) -> dict[str, str]:
    return {
        "record": record.record,
        "source": record.source,
        "name": record.name,
        "code": record.code,
        "address": record.address,
    }
