"""An enterprise to show a check-up with: few facts are lacking, and one is worth money."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cityforge.portal.analytics.policies import ready

_ENTITLED, _LACKING = 3, 8  # entitled to so many at least, facts lacking in so many at most
_TRIED = 40


def enterprise() -> tuple[str, str] | None:
    """Credit code and name of the first such; None where none is found among a few dozen."""
    found = ready.examiner()
    if found is None or not found.policies:
        return None
    for code in _likely(found.snapshot.folder / "tables" / "policy_matches.parquet"):
        one = found.of_enterprise(code)
        if one.check_up.questions and one.check_up.questions[0].money:
            return code, str(one.values["name"])
    return None


def _likely(file: Path) -> list[str]:
    table = pq.read_table(file, columns=["uscc", "answer"])
    answers = table["answer"].cast(pa.string())
    counted = pa.table(
        {
            "uscc": table["uscc"].cast(pa.string()),
            "eligible": pc.equal(answers, "eligible").cast(pa.int32()),
            "unknown": pc.equal(answers, "unknown").cast(pa.int32()),
        }
    )
    summed = counted.group_by("uscc").aggregate([("eligible", "sum"), ("unknown", "sum")])
    wanted = (
        (pc.field("eligible_sum") >= _ENTITLED)
        & (pc.field("unknown_sum") >= 1)
        & (pc.field("unknown_sum") <= _LACKING)
    )
    codes = summed.filter(wanted).sort_by("uscc")["uscc"]
    return [str(code) for code in codes.slice(0, _TRIED).to_pylist()]
