"""A scheme's results of every year that a snapshot has the facts for, to be told together."""

from collections.abc import Sequence

from cityforge.brain.city.scheme import Scheme
from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.evaluation.prepared import ENTERPRISE
from cityforge.brain.facts.correction import Correction
from cityforge.brain.reports.evaluation.results import Results
from cityforge.brain.reports.snapshot import Snapshot
from cityforge.brain.runs import evaluating


def of_years(
    snapshot: Snapshot,
    scheme: Scheme,
    *,
    year: int | None = None,
    corrections: Sequence[Correction] = (),
    threads: int | None = None,
) -> Results:
    """Evaluate a scheme in a year (the newest without) and in all before it.

    corrections  facts to take in place of the snapshot's, in whichever year they are
    Raises RunRefused where the year has no facts, a correction does not fit, or the scheme is not
    one of enterprises: parks and districts get no letters.
    """
    if scheme.subject != ENTERPRISE:
        raise RunRefused(
            Text(
                zh=f"“{scheme.title}”评价的不是企业，不能生成企业的名单、告知书和报告",
                en=f"'{scheme.id}' does not evaluate enterprises: it has no lists, letters or "
                "reports of them.",
            )
        )
    chosen = snapshot.year if year is None else year
    earlier = [one for one in evaluating.years(snapshot) if one < chosen]
    found = (
        evaluating.evaluate(snapshot, scheme, year=one, corrections=corrections, threads=threads)
        for one in (*earlier, chosen)
    )
    return Results(snapshot, tuple(found))
