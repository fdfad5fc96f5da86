"""What the groups gave in a result, beside each enterprise: to evaluate again while it is held.

With a year-on-year base value that is how things are. Where base values, ranges or averages of gaps
come from the year itself, one enterprise's change would move them a little: they are held, and
whoever tells of a change says so.
"""

import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.city.scheme_scoring import BASE, HIGH, LOW, PLACE
from cityforge.brain.evaluation.prepared import Prepared
from cityforge.brain.evaluation.statement import AVERAGED


def table(prepared: Prepared, rows: pa.Table) -> pa.Table:
    """`uscc`, and of each indicator `base_x`, `low_x`, `high_x`, `average_of_x`, from a result."""
    columns = {"uscc": rows["uscc"]}
    for name in prepared.indicator_ids:
        for slot in (BASE, LOW, HIGH):
            if slot == BASE or prepared.needs(name, slot):
                columns[f"{slot}_{name}"] = rows[f"{slot}_{name}"]
        averaged = pc.equal(rows[f"how_{name}"], AVERAGED)
        points = pc.if_else(averaged, rows[f"points_{name}"], pa.scalar(None, pa.float64()))
        columns[f"average_of_{name}"] = points
    return pa.table(columns)


def moves(prepared: Prepared) -> bool:
    """Whether one enterprise's change would move the points of others, were they not held.

    Then a change that is said to suffice does, but a little less may do as well.
    """
    return (
        any(PLACE in i.function.traits.needs for part in prepared.parts for i in part.indicators)
        or any(
            (reference.rule.over is not None and not reference.rule.year_before)
            for part in prepared.parts
            for indicator in part.indicators
            for reference in indicator.references
        )
        or any(
            indicator.missing == "group_average_score"
            for part in prepared.parts
            for indicator in part.indicators
        )
    )
