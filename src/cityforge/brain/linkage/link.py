"""Joins records about one enterprise: codes first, then rules, then weights; evidence for each."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from cityforge.brain.linkage import ladder, prepare, probability, verdicts
from cityforge.brain.linkage.groups import Groups
from cityforge.brain.linkage.places import Places
from cityforge.brain.linkage.tables import Tables
from cityforge.brain.linkage.thresholds import BY_LIKENESS, RUNG_SCORES, RUNGS
from cityforge.brain.linkage.verdicts import Verdict

LINKS = "links"
PAIRS = "pairs"
_LINK_SCHEMA = pa.schema(
    [
        ("record", pa.string()),
        ("entity", pa.string()),
        ("rung", pa.string()),
        ("score", pa.float64()),
        ("evidence", pa.string()),
    ]
)
_PAIR_SCHEMA = pa.schema(
    [
        ("left", pa.string()),
        ("right", pa.string()),
        ("rung", pa.string()),
        ("score", pa.float64()),
        ("evidence", pa.string()),
        ("status", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records there were, of how many enterprises, joined by which rung, left to ask."""

    records: int
    entities: int
    by_rung: dict[str, int]
    review: int
    refused: int


@dataclass(slots=True)
class _Work:
    """What is joined so far, the verdicts, and the link of each record."""

    groups: Groups
    verdicts: list[Verdict] = field(default_factory=list)
    links: dict[str, tuple[str, float, dict[str, Any]]] = field(default_factory=dict)

    def take(self, found: Iterable[Verdict]) -> None:
        """Join what is linked, heaviest first; what stands against a link goes to review."""
        for verdict in sorted(found, key=lambda v: (-v.score, v.left, v.right)):
            against = self._against(verdict) if verdict.status == "linked" else None
            if against:
                evidence = {**verdict.evidence, "against": against}
                verdict = replace(verdict, status="review", evidence=evidence)
            self.verdicts.append(verdict)

    def _against(self, verdict: Verdict) -> str | None:
        """Joins the two; what stands against it where they stay apart."""
        if verdict.rung in BY_LIKENESS and self.groups.share_source(verdict.left, verdict.right):
            return "one source"
        return None if self._join(verdict) else "two codes"

    def _join(self, verdict: Verdict) -> bool:
        if not self.groups.join(verdict.left, verdict.right):
            return False
        for one, other in ((verdict.left, verdict.right), (verdict.right, verdict.left)):
            evidence = {"with": other, **verdict.evidence}
            self.links.setdefault(one, (verdict.rung, verdict.score, evidence))
        return True


def link(
    engine: Tables, records: str, *, places: Places, weigh: bool = True, ladder_too: bool = True
) -> Counts:
    """Join the records of a table; leaves the tables `links` and `pairs` in the engine.

    records     a table as prepare.prepare takes it; raises EngineFailed where a column is missing
    places      the place words that stand in names and addresses
    weigh       whether Splink weighs what the rules leave open
    ladder_too  False: codes and Splink alone, to measure what the rules add
    """
    count = prepare.prepare(engine, records, places)
    work = _Work(Groups(ladder.identities(engine), ladder.sources(engine)))
    work.take(
        Verdict(left, right, rung, RUNG_SCORES[rung], "linked", {"agree": [rung]})
        for left, right, rung in ladder.same_code(engine)
    )
    # A code is evidence enough: those pairs are links, not decisions.
    work.verdicts = [verdict for verdict in work.verdicts if verdict.status != "linked"]
    if ladder_too:
        _climb(engine, work)
    _renew(engine, work)
    if weigh:
        probability.weigh(engine)
        rows = ladder.pairs_of(engine, probability.KEPT).to_pylist()
        work.take(verdicts.by_weight(rows, probability.weights(engine)))
    return _write(engine, work, count)


def _climb(engine: Tables, work: _Work) -> None:
    """The rungs that compare names and addresses, surest first."""
    _renew(engine, work)
    work.take(
        Verdict(left, right, "name", RUNG_SCORES["name"], "linked", {"agree": ["whole"]})
        for left, right in ladder.same_name(engine)
    )
    work.take(verdicts.of_two_codes(ladder.two_codes(engine).to_pylist()))
    for rule, rung in (
        ("name", "name"),
        ("core_and_address", "core_name"),
        ("core_name", "core_name"),
        ("address", "address"),
    ):
        _renew(engine, work)
        work.take(verdicts.by_rule(rung, ladder.propose(engine, rule).to_pylist()))
    _renew(engine, work)
    work.take(verdicts.by_slip(ladder.one_slip(engine).to_pylist()))


def _renew(engine: Tables, work: _Work) -> None:
    identities = work.groups.identities
    joined = work.groups.joined()
    codes = {entity: identities.get(entity, {}).get("code") for entity in set(joined.values())}
    ladder.name_entities(engine, joined, codes)


def _write(engine: Tables, work: _Work, count: int) -> Counts:
    heads = ladder.heads(engine)
    rows = []
    by_rung = dict.fromkeys(RUNGS, 0)
    for record in ladder.records(engine):
        rung, score, evidence = work.links.get(record, ("alone", 1.0, {}))
        if record in heads:
            evidence = {**evidence, "branch_of": heads[record]}
        by_rung[rung] += 1
        entity = work.groups.entity(record)
        rows.append((record, entity, rung, score, verdicts.text(evidence)))
    for name in (LINKS, PAIRS):
        engine.drop(name)
    engine.take(LINKS, _table(rows, _LINK_SCHEMA))
    pairs = _each_pair_once(work)
    engine.take(PAIRS, _table(pairs, _PAIR_SCHEMA))
    statuses = [pair[5] for pair in pairs]
    return Counts(
        records=count,
        entities=len({row[1] for row in rows}),
        by_rung=by_rung,
        review=statuses.count("review"),
        refused=statuses.count("refused"),
    )


def _each_pair_once(work: _Work) -> list[tuple[Any, ...]]:
    """One row a pair, its last word: a pair in one group is linked whatever was asked before."""
    found: dict[tuple[str, str], tuple[Any, ...]] = {}
    for verdict in work.verdicts:
        left, right = sorted((verdict.left, verdict.right))
        together = work.groups.entity(left) == work.groups.entity(right)
        status = verdict.status
        if together and status != "linked":
            continue
        evidence = verdicts.text(verdict.evidence)
        found[left, right] = (left, right, verdict.rung, verdict.score, evidence, status)
    return [found[key] for key in sorted(found)]


def _table(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrays = [pa.array(column, kind.type) for column, kind in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)
