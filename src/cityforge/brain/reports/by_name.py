"""Rows whose credit code was inferred from a name: how many, of which source, by which rung."""

from collections import Counter
from dataclasses import dataclass

from cityforge.brain.errors import Text
from cityforge.brain.linkage import words
from cityforge.brain.linkage.thresholds import RUNGS
from cityforge.brain.reports.snapshot import Snapshot

TABLE = "found_by_name"


@dataclass(frozen=True, slots=True)
class ByName:
    """Rows of one source that one rung of linkage led to their enterprise."""

    dataset: Text
    rung: Text
    rows: int


def of(snapshot: Snapshot) -> tuple[ByName, ...]:
    """Sources in the order of the run, rungs surest first; none where every row bore a code."""
    if not any(entry.get(TABLE) for entry in snapshot.run["intake"]):
        return ()
    table = snapshot.table(TABLE)
    counts = Counter(zip(table["dataset"].to_pylist(), table["rung"].to_pylist(), strict=True))
    return tuple(
        ByName(
            Text(zh=entry["title"], en=entry.get("title_en", entry["dataset"])),
            words.RUNGS[rung],
            counts[entry["dataset"], rung],
        )
        for entry in snapshot.run["intake"]
        for rung in RUNGS
        if counts[entry["dataset"], rung]
    )
