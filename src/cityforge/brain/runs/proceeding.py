"""The proceedings of one evaluation, beside its snapshot: begun, recorded, computed anew.

OUT/<run id>/                                       the snapshot, never changed
OUT/proceedings/<run id>/<scheme>-<year>/journal.jsonl   what was done, line by line in a chain
OUT/proceedings/<run id>/<scheme>-<year>/results/0001/   the versions of the result

One at a time writes. What was written counts once its line stands whole in the journal.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cityforge.brain.city.scheme import Scheme
from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.evaluation.proceedings import refusals, results
from cityforge.brain.evaluation.proceedings.acts import (
    Act,
    Computation,
    Entry,
    Opening,
    Publication,
    encoded,
)
from cityforge.brain.evaluation.proceedings.docket import Docket
from cityforge.brain.evaluation.proceedings.stages import Stage
from cityforge.brain.evaluation.proceedings.working_days import day_of
from cityforge.brain.linkage.journal import locked
from cityforge.brain.reports import snapshot as snapshots
from cityforge.brain.reports.snapshot import Snapshot
from cityforge.brain.runs import (
    clock,
    digest,
    proceeding_checks,
    proceeding_journal,
    proceeding_results,
    rerunning,
)
from cityforge.brain.runs.proceeding_journal import Journal

_BY_PROGRAM = (Opening, Computation, Publication)


@dataclass(frozen=True, slots=True)
class Proceeding:
    """Which evaluation, and the folder of its journal and results. It holds no state."""

    folder: Path
    snapshot: Snapshot
    scheme: Scheme
    year: int


def begin(
    snapshot: Path,
    *,
    by: str,
    role: str,
    scheme: str | None = None,
    year: int | None = None,
    working_days: Mapping[Stage, int] | None = None,
    off: Iterable[date] = (),
    worked: Iterable[date] = (),
    at: str | None = None,
    note: str = "",
) -> Proceeding:
    """Begin the proceedings of a scheme and year (the first and the newest without).

    working_days  of stages, over what the scheme's calendar states
    off, worked   public holidays, and weekend days worked in their place
    at            when that was, a moment with its zone or a day; now without
    Raises RunRefused where it has begun already.
    """
    found = _proceeding(snapshot, scheme, year)
    stated = {stage.state: stage.working_days for stage in found.scheme.calendar}
    lengths: dict[Stage, int] = {name: count for name, count in stated.items() if count}
    if found.scheme.publicity_days and "published" not in lengths:
        lengths["published"] = found.scheme.publicity_days
    opening = Opening(
        run_id=found.snapshot.run["run_id"],
        scheme=found.scheme.id,
        scheme_digest=_digest(found.scheme),
        year=found.year,
        grades=tuple(found.scheme.grading.grades),
        simulated=found.snapshot.simulated,
        working_days=lengths | dict(working_days or {}),
        off=tuple(sorted(off)),
        worked=tuple(sorted(worked)),
    )
    with locked(found.folder):
        journal = proceeding_journal.read(found.folder)
        if journal.docket is not None:
            raise RunRefused(Text(zh="已经开始，不能再开始一次", en="it has begun already"))
        add(found, journal, [opening], by=by, role=role, at=at, note=note)
    return found


def open_(
    snapshot: Path | Snapshot, *, scheme: str | None = None, year: int | None = None
) -> Proceeding:
    """The proceedings that were begun of a scheme and year (the first and the newest without).

    snapshot  its folder, or the snapshot itself where it is open already: then it is not read anew

    Raises RunRefused where none were, or they are of another snapshot or scheme; DataRefused where
    the journal is damaged.
    """
    found = _proceeding(snapshot, scheme, year)
    docket(found)
    return found


def read(proceeding: Proceeding) -> Journal:
    """The journal as it stands. Raises DataRefused where it is damaged."""
    return proceeding_journal.read(proceeding.folder)


def docket(proceeding: Proceeding) -> Docket:
    """What stands. Raises RunRefused, DataRefused."""
    return begun(proceeding, read(proceeding))


def record(
    proceeding: Proceeding,
    *acts: Act,
    by: str,
    role: str,
    note: str = "",
    at: str | None = None,
) -> list[Entry]:
    """Write what people did: all of the acts, or none where one is refused.

    at       when it was done, where it is written down later
    returns  the entries with their ids
    Raises RunRefused with the reason, ValueRefused where an act is not of its shape.
    """
    for act in acts:
        if isinstance(act, _BY_PROGRAM):
            raise RunRefused(
                Text(zh="开始、计算和名单由程序写入", en="the program itself writes this act")
            )
    with locked(proceeding.folder):
        journal = read(proceeding)
        begun(proceeding, journal)

        def check(held: Docket, entry: Entry) -> None:
            proceeding_checks.check(proceeding.snapshot, proceeding.folder, held, entry.act)

        return add(proceeding, journal, acts, by=by, role=role, at=at, note=note, check=check)


def rerun(
    proceeding: Proceeding,
    *,
    by: str,
    role: str,
    why: str,
    at: str | None = None,
    threads: int | None = None,
) -> Computation:
    """Compute the result with all that was ruled and overridden, as a new version.

    Earlier versions stay. Raises RunRefused where nothing new was ruled, or it is not the time.
    """
    with locked(proceeding.folder):
        journal = read(proceeding)
        held = begun(proceeding, journal)
        if refused := refusals.not_computing(held):
            raise RunRefused(refused)
        known = None
        if held.versions:
            rows = proceeding_results.rows(proceeding.folder, held.versions[-1])
            before = held.corrections_in(held.versions[-1].basis)
            known = rerunning.Known(results.computed(rows), tuple(before))
        corrections = held.corrections_in(held.basis)
        found = rerunning.again(
            proceeding.snapshot,
            proceeding.scheme,
            year=proceeding.year,
            corrections=corrections,
            known=known,
            threads=threads,
        )
        overrides = held.overrides_in(held.basis)
        rows = results.with_overrides(found.rows, overrides)
        number = len(held.versions) + 1
        about = _about(held, number, found.scope, why)
        kept = proceeding_results.keep(proceeding.folder, number, rows, about)
        made = Computation(
            version=number, basis=held.basis, digest=kept.rows, about_digest=kept.about, why=why
        )
        add(proceeding, journal, [made], by=by, role=role, at=at, note="")
    return made


def add(
    proceeding: Proceeding,
    journal: Journal,
    acts: Iterable[Act],
    *,
    by: str,
    role: str,
    at: str | None,
    note: str,
    check: proceeding_journal.Check | None = None,
) -> list[Entry]:
    """Append acts as entries. Call it under the lock, on a fresh journal."""
    now = clock.now()
    if at is not None and day(at) > day_of(now):
        raise RunRefused(Text(zh=f"{at} 还没有到", en=f"{at} has not come yet"))
    first = len(journal.links) + 1
    entries = [
        Entry(id=f"e{number}", at=at or now, by=by, role=role, note=note, act=act)
        for number, act in enumerate(acts, start=first)
    ]
    proceeding_journal.append(proceeding.folder, journal, entries, written_at=now, check=check)
    return entries


def day(at: str | None) -> date:
    """The day in China of a moment; today without. Raises RunRefused where it cannot be read."""
    try:
        return day_of(at or clock.now())
    except ValueError:
        raise RunRefused(
            Text(
                zh=f"看不懂时间“{at}”：写成 2025-09-30，或带时区的时刻",
                en=f"cannot read '{at}': write 2025-09-30, or a moment with its time zone",
            )
        ) from None


def _proceeding(of: Path | Snapshot, scheme: str | None, year: int | None) -> Proceeding:
    snapshot = of if isinstance(of, Snapshot) else snapshots.read(of)
    chosen = snapshot.city.schemes.get(scheme) if scheme else None
    # One that the run did not evaluate, a model from elsewhere, may be named all the same.
    chosen = chosen or snapshot.scheme(scheme)
    asked = snapshot.year if year is None else year
    run_id = str(snapshot.run["run_id"])
    out = snapshot.folder.resolve().parent
    folder = out / "proceedings" / run_id / f"{chosen.id}-{asked}"
    return Proceeding(folder, snapshot, chosen, asked)


def begun(proceeding: Proceeding, journal: Journal) -> Docket:
    """The docket, and that it is of this snapshot and scheme."""
    held = journal.docket
    if held is None:
        raise RunRefused(
            Text(
                zh=f"{proceeding.scheme.title} {proceeding.year} 年度的评价流程还没有开始",
                en=f"proceedings of {proceeding.scheme.id} {proceeding.year} have not begun",
            )
        )
    opening = held.opening
    same = (opening.run_id, opening.scheme_digest, opening.year) == (
        proceeding.snapshot.run["run_id"],
        _digest(proceeding.scheme),
        proceeding.year,
    )
    if not same:
        raise RunRefused(
            Text(
                zh="流程是在另一个快照或另一版方案上开始的，不能接着办",
                en="it was begun on another snapshot or another text of the scheme",
            )
        )
    return held


def _about(held: Docket, version: int, scope: str, why: str) -> dict[str, Any]:
    """What is told beside the rows of a version."""
    overrides = held.overrides_in(held.basis)
    return {
        "version": version,
        "run_id": held.opening.run_id,
        "scheme": held.opening.scheme,
        "scheme_digest": held.opening.scheme_digest,
        "year": held.opening.year,
        "simulated": held.opening.simulated,
        "why": why,
        "computed": scope,
        "basis": list(held.basis),
        "corrections": [
            asdict(one) | {"value": encoded(one.value)} for one in held.corrections_in(held.basis)
        ],
        "overrides": [
            {"uscc": uscc, "grade": grade, "entry": id}
            for uscc, (grade, id) in sorted(overrides.items())
        ],
    }


def _digest(scheme: Scheme) -> str:
    return digest.of_json(scheme.model_dump(mode="json"))
