"""The publicity list and the final list of a proceeding: as drafts, as shown, and shown now."""

from cityforge.brain.errors import DataRefused, Problem, RunRefused, Text
from cityforge.brain.evaluation.proceedings import lists, refusals
from cityforge.brain.evaluation.proceedings.acts import Publication
from cityforge.brain.evaluation.proceedings.docket import Docket
from cityforge.brain.evaluation.proceedings.lists import ShownList
from cityforge.brain.evaluation.proceedings.stages import Stage
from cityforge.brain.evaluation.subject import UNDETERMINED
from cityforge.brain.linkage.journal import locked
from cityforge.brain.runs import proceeding, proceeding_results
from cityforge.brain.runs.proceeding import Proceeding
from cityforge.brain.runs.proceeding_journal import Journal


def publicity_list(of: Proceeding) -> ShownList:
    """The list that was shown last for publicity; before there is one, a draft of the newest.

    Raises RunRefused where no result has been computed, DataRefused where the list or its version
    is not what the journal says.
    """
    journal = proceeding.read(of)
    held = proceeding.begun(of, journal)
    return _list(of, journal, held, held.shown)


def final_list(of: Proceeding) -> ShownList:
    """The list that was settled. Raises RunRefused where none is, DataRefused as above."""
    journal = proceeding.read(of)
    held = proceeding.begun(of, journal)
    if held.final is None:
        raise RunRefused(Text(zh="还没有审定，没有最终名单", en="it is not settled yet"))
    return _list(of, journal, held, held.final)


def publish(
    of: Proceeding, purpose: str, *, by: str, role: str, at: str | None = None, note: str = ""
) -> ShownList:
    """Show the newest version for "publicity", or as the "final" list; enters the stage.

    Raises RunRefused where it is not the time: objections wait, the result is behind, publicity
    lasts on.
    """
    stages: dict[str, Stage] = {"publicity": "published", "final": "settled"}
    if purpose not in stages:
        raise RunRefused(Text(zh=f"没有名单“{purpose}”", en=f"there is no list '{purpose}'"))
    with locked(of.folder):
        journal = proceeding.read(of)
        held = proceeding.begun(of, journal)
        day = proceeding.day(at)
        if refused := refusals.not_published(held, stages[purpose], day):
            raise RunRefused(refused)
        shown = _list(of, journal, held, None)
        ends_on = refusals.ends_on(held, stages[purpose], day)
        made = Publication(
            purpose="publicity" if purpose == "publicity" else "final",
            version=shown.version,
            digest=shown.digest,
            rows=shown.rows.num_rows,
            begins_on=day,
            ends_on=ends_on,
        )
        proceeding.add(of, journal, [made], by=by, role=role, at=at, note=note)
        return _list(of, journal, held, made)


def _list(
    of: Proceeding, journal: Journal, held: Docket, publication: Publication | None
) -> ShownList:
    if not held.versions:
        raise RunRefused(Text(zh="还没有计算结果", en="no result has been computed"))
    version = held.versions[publication.version - 1 if publication else -1]
    result = proceeding_results.rows(of.folder, version)
    rows = lists.rows(result, groups=of.scheme.groups)
    digest = lists.digest(of.scheme.id, of.year, version.version, rows)
    if publication and publication.digest != digest:
        what = Text(zh="名单与发布时的摘要不符", en="the list is not the one that was shown")
        hint = Text(zh="核对结果文件和程序版本", en="Check the result and the program's version.")
        raise DataRefused([Problem(of.folder.name, 0, 0, what, hint)])
    return ShownList(
        scheme=of.scheme.id,
        year=of.year,
        version=version.version,
        rows=rows,
        digest=digest,
        simulated=of.snapshot.simulated,
        undetermined=result["status"].to_pylist().count(UNDETERMINED),
        head=journal.head,
        publication=publication,
    )
