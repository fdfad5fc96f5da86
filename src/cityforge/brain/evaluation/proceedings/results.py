"""One version of the result: what was evaluated, with the grades that were moved by hand.

Rows are those of the evaluation, by credit code, with two columns more: `computed_grade`, and
`overridden_by`, the entry that moved the grade.
"""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.evaluation.subject import RATED

COMPUTED, BY = "computed_grade", "overridden_by"


def with_overrides(rows: pa.Table, overrides: Mapping[str, tuple[str, str]]) -> pa.Table:
    """Rows of an evaluation with overrides in place.

    overrides  credit code -> grade, and the entry that says so; who is not rated has no grade that
               could be moved, and keeps none
    """
    codes = rows["uscc"].to_pylist()
    is_rated = pc.equal(rows["status"], RATED).to_pylist()
    grades: list[str | None] = rows["grade"].to_pylist()
    by: list[str | None] = [None] * len(codes)
    for i, code in enumerate(codes):
        if code in overrides and is_rated[i]:
            grades[i], by[i] = overrides[code]
    at = rows.schema.get_field_index("grade")
    told = rows.set_column(at, "grade", pa.array(grades, rows.schema.field(at).type))
    told = told.append_column(COMPUTED, rows["grade"])
    return told.append_column(BY, pa.array(by, pa.string()))


def computed(rows: pa.Table) -> pa.Table:
    """The rows of a version as they were evaluated, before any override."""
    at = rows.schema.get_field_index("grade")
    return rows.set_column(at, "grade", rows[COMPUTED]).drop_columns([COMPUTED, BY])
