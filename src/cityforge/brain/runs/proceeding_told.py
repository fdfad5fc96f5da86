"""What a proceeding tells: who moved between versions, one enterprise's history, its soundness."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cityforge.brain.city import dictionary
from cityforge.brain.errors import DataRefused, Problem, RunRefused, Text
from cityforge.brain.evaluation.prepared import prepare
from cityforge.brain.evaluation.proceedings import knock_on as moves
from cityforge.brain.evaluation.proceedings import results
from cityforge.brain.evaluation.proceedings.acts import Computation, Entry
from cityforge.brain.evaluation.proceedings.docket import Change, Docket
from cityforge.brain.evaluation.proceedings.knock_on import KnockOn, Place
from cityforge.brain.runs import (
    digest,
    proceeding,
    proceeding_journal,
    proceeding_results,
    rerunning,
)
from cityforge.brain.runs.proceeding import Proceeding


@dataclass(frozen=True, slots=True)
class History:
    """One enterprise: what was done, what data were changed, its place in each version."""

    uscc: str
    name: str
    entries: tuple[Entry, ...]
    changes: tuple[Change, ...]
    places: tuple[tuple[int, Place], ...]


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A version computed anew: the digest of its rows then and now."""

    version: int
    then: str
    now: str

    @property
    def same(self) -> bool:
        return self.then == self.now


def knock_on(of: Proceeding, *, before: int | None = None, after: int | None = None) -> KnockOn:
    """Who moved between two versions: the last two without. Raises RunRefused, DataRefused."""
    held = proceeding.docket(of)
    count = len(held.versions)
    later = count if after is None else after
    earlier = later - 1 if before is None else before
    if not 1 <= earlier < later <= count:
        raise RunRefused(
            Text(
                zh=f"现有 {count} 版结果，没有第 {earlier} 版到第 {later} 版的变动",
                en=f"there are {count} version(s): nothing from version {earlier} to {later}",
            )
        )
    old, new = held.versions[earlier - 1], held.versions[later - 1]
    differing = set(held.corrections_in(old.basis)) ^ set(held.corrections_in(new.basis))
    return moves.between(
        prepare(dictionary.build(of.snapshot.city), of.scheme),
        proceeding_results.rows(of.folder, old),
        proceeding_results.rows(of.folder, new),
        numbers=(earlier, later),
        corrected={one.uscc for one in differing},
    )


def history(of: Proceeding, uscc: str) -> History:
    """Everything about one enterprise. Raises RunRefused where it is in no version."""
    held = proceeding.docket(of)
    keys = ("part", *of.scheme.groups)
    places, name = [], ""
    for version in held.versions:
        rows = proceeding_results.rows(of.folder, version)
        found = moves.place_of(rows, uscc, keys)
        if found is not None:
            name, place = found
            places.append((version.version, place))
    entries = held.of(uscc)
    if not places and not entries:
        raise RunRefused(
            Text(zh=f"流程里没有企业 {uscc}", en=f"enterprise {uscc} is not in these proceedings")
        )
    changes = [change for change in held.changes if change.uscc == uscc]
    return History(uscc, name, tuple(entries), tuple(changes), tuple(places))


def dockets(out: Path) -> Iterator[tuple[str, Docket]]:
    """Every proceeding on the snapshots of a folder, `run id/scheme-year`; what cannot be read is
    left out."""
    for file in sorted((out / "proceedings").glob(f"*/*/{proceeding_journal.FILE}")):
        try:
            held = proceeding_journal.read(file.parent).docket
        except DataRefused:
            continue
        if held is not None:
            yield file.parent.relative_to(out / "proceedings").as_posix(), held


def check(of: Proceeding) -> list[Problem]:
    """What is wrong with the versions on disk; a journal that is damaged raises DataRefused."""
    held = proceeding.docket(of)
    return [
        fault
        for version in held.versions
        for fault in proceeding_results.faults(of.folder, version)
    ]


def recompute(of: Proceeding, *, threads: int | None = None) -> list[Recomputed]:
    """Every version computed anew from the snapshot and the journal, and compared byte by byte."""
    held = proceeding.docket(of)
    with tempfile.TemporaryDirectory() as scratch:
        return [_again(of, held, version, Path(scratch), threads) for version in held.versions]


def _again(
    of: Proceeding, held: Docket, version: Computation, scratch: Path, threads: int | None
) -> Recomputed:
    found = rerunning.again(
        of.snapshot,
        of.scheme,
        year=of.year,
        corrections=held.corrections_in(version.basis),
        known=None,
        threads=threads,
    )
    rows = results.with_overrides(found.rows, held.overrides_in(version.basis))
    file = scratch / proceeding_results.ROWS
    proceeding_results.write(rows, file)
    return Recomputed(version.version, version.digest, digest.of_file(file))
