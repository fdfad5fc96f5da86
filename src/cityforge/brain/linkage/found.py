"""What the machine found, as it stands in the folder of links: records, links and pairs.

LINKS/latest               the name of the version that counts
LINKS/<version>/           records.parquet, links.parquet, pairs.parquet, run.json
LINKS/decisions.jsonl      what people decided; see journal.py
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.linkage.entities import Machine
from cityforge.brain.values.spelling import half_width

LATEST, RUN = "latest", "run.json"
RECORDS, LINKS, PAIRS = "records", "links", "pairs"


@dataclass(frozen=True, slots=True)
class Record:
    """One row of one source, as far as it says who it is; texts as they were written."""

    record: str
    source: str
    name: str
    code: str
    address: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that the machine compared; `evidence` is its JSON."""

    left: str
    right: str
    rung: str
    score: float
    evidence: str
    status: str


@dataclass(frozen=True, slots=True)
class Link:
    """The entity of a record and the rung by which it came there."""

    record: str
    entity: str
    rung: str
    score: float | None
    evidence: str


class Found:
    """The newest version of a folder of links; reads only the rows that are asked for."""

    def __init__(self, folder: Path) -> None:
        pointer = folder / LATEST
        version = pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else ""
        self.version = folder / version
        if not version or not (self.version / RUN).is_file():
            raise RunRefused(
                Text(
                    zh=f"{folder} 中没有关联结果；先用 cityforge link run 关联",
                    en=f"no links in {folder}; make them with cityforge link run",
                )
            )

    def run(self) -> dict[str, Any]:
        """What was linked, and the counts."""
        return dict(json.loads((self.version / RUN).read_text(encoding="utf-8")))

    def records(self, ids: Iterable[str]) -> dict[str, Record]:
        names = ["record", "source", "name", "code", "address"]
        rows = self._rows(RECORDS, "record", ids, columns=names)
        return {row["record"]: Record(**{k: v or "" for k, v in row.items()}) for row in rows}

    def links(self, ids: Iterable[str]) -> dict[str, Link]:
        return {row["record"]: _link(row) for row in self._rows(LINKS, "record", ids)}

    def members(self, entities: Iterable[str]) -> dict[str, Link]:
        """Every record of these machine entities."""
        return {row["record"]: _link(row) for row in self._rows(LINKS, "entity", entities)}

    def pairs_of(self, ids: Iterable[str]) -> list[Pair]:
        """The pairs whose left record is one of these."""
        return [_pair(row) for row in self._rows(PAIRS, "left", ids)]

    def pairs_to_review(self) -> list[Pair]:
        """The machine's doubts, best first."""
        rows = self._rows(PAIRS, "status", ["review"])
        pairs = [_pair(row) for row in rows]
        return sorted(pairs, key=lambda pair: (-pair.score, pair.left, pair.right))

    def machine(self, entities: Iterable[str]) -> Machine:
        """These entities whole, with their ties: equal codes first, then pairs by their score."""
        links = self.members(entities)
        records = self.records(links)
        ties = []
        firsts: dict[tuple[str, str], str] = {}
        for record in sorted(records):
            code = "".join(half_width(records[record].code).split()).upper()
            first = firsts.setdefault((links[record].entity, code), record)
            if code and first != record:
                ties.append((first, record))
        pairs = [pair for pair in self.pairs_of(links) if pair.status == "linked"]
        pairs.sort(key=lambda pair: (-pair.score, pair.left, pair.right))
        ties += [(pair.left, pair.right) for pair in pairs]
        return Machine({record: link.entity for record, link in links.items()}, ties)

    def _rows(
        self, table: str, column: str, values: Iterable[str], *, columns: list[str] | None = None
    ) -> list[dict[str, Any]]:
        wanted = sorted(set(values))
        if not wanted:
            return []
        condition = [(column, "in", wanted)]
        file = self.version / f"{table}.parquet"
        read: pa.Table = pq.read_table(file, columns=columns, filters=condition)
        return list(read.to_pylist())


def _link(row: dict[str, Any]) -> Link:
    names = ("record", "entity", "rung", "score", "evidence")
    return Link(**{name: row.get(name) for name in names})  # type: ignore[arg-type]


def _pair(row: dict[str, Any]) -> Pair:
    score = row["score"]
    return Pair(
        left=row["left"],
        right=row["right"],
        rung=row["rung"],
        score=0.0 if score is None else float(score),
        evidence=row["evidence"] or "",
        status=row["status"],
    )
