"""What only data and results can tell of an act: that what it says is there, and may be so."""

from collections.abc import Iterable
from pathlib import Path

from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.evaluation.proceedings.acts import Act, Objection, Override, Ruling
from cityforge.brain.evaluation.proceedings.docket import Docket
from cityforge.brain.facts.correction import Correction
from cityforge.brain.reports.snapshot import Snapshot
from cityforge.brain.runs import proceeding_results, rerunning


def check(snapshot: Snapshot, place: Path, held: Docket, act: Act) -> None:
    """Hold an act to the data and to the results at a place. Raises RunRefused."""
    if isinstance(act, Objection):
        _check_objection(snapshot, held.corrections_in(held.basis), act)
    if isinstance(act, Ruling) and act.outcome == "partly":
        about = held.objection(act.objection)
        wish = Correction(about.uscc, about.year, about.fact, act.value)
        [(kept,)] = rerunning.told(snapshot, wish, [wish])
        _check_value(wish, kept)
    if isinstance(act, Override):
        _check_grade(place, held, act)


def _check_objection(snapshot: Snapshot, standing: Iterable[Correction], act: Objection) -> None:
    stated, right = (
        Correction(act.uscc, act.year, act.fact, value) for value in (act.stated, act.right)
    )
    mine = [one for one in standing if one.uscc == act.uscc]
    # First as corrected: an unknown fact, or a value that is none of its, is refused by that.
    found = rerunning.told(snapshot, right, [stated], [right], mine)
    if not found:
        raise RunRefused(
            Text(
                zh=f"{act.year} 年的数据里没有企业 {act.uscc}",
                en=f"enterprise {act.uscc} is not in the data of {act.year}",
            )
        )
    _, (kept,), (now,) = found
    if now != act.stated:
        raise RunRefused(
            Text(
                zh=f"现有数值是 {_shown(now)}，不是异议所引的 {_shown(act.stated)}",
                en=f"the data say {_shown(now)}, not {_shown(act.stated)} as the objection quotes",
            )
        )
    _check_value(right, kept)


def _check_value(wish: Correction, kept: object) -> None:
    """A value must stand in its column as it is: no digit may be lost."""
    if kept != wish.value:
        raise RunRefused(
            Text(
                zh=f"“{wish.fact}”这一列容不下 {_shown(wish.value)}，会成为 {_shown(kept)}",
                en=f"'{wish.fact}' cannot hold {_shown(wish.value)}: it would be {_shown(kept)}",
            )
        )


def _check_grade(place: Path, held: Docket, act: Override) -> None:
    rows = proceeding_results.rows(place, held.versions[-1])
    codes = rows["uscc"].to_pylist()
    grade = rows["grade"][codes.index(act.uscc)].as_py() if act.uscc in codes else None
    if grade is None:
        raise RunRefused(
            Text(
                zh=f"企业 {act.uscc} 没有等次，无从调整",
                en=f"enterprise {act.uscc} has no grade that could be moved",
            )
        )
    if grade != act.before:
        raise RunRefused(
            Text(
                zh=f"企业 {act.uscc} 现为“{grade}”，不是“{act.before}”",
                en=f"enterprise {act.uscc} has '{grade}', not '{act.before}'",
            )
        )


def _shown(value: object) -> str:
    return "未知 (unknown)" if value is None else str(value)
