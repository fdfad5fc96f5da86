"""Who moves between two results: two years, two schemes, or a scheme before and after a change."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.city.dictionary import DISTRICT
from cityforge.brain.evaluation.prepared import Prepared
from cityforge.brain.evaluation.reasons.scorer import column

ABSENT = "absent"  # not in the other result at all
UP, DOWN, IN, OUT, SAME = "up", "down", "in", "out", "same"


@dataclass(frozen=True)
class Moves:
    """Two results held together.

    table   one row for each enterprise of either, by credit code: `uscc`, `name`, `district`,
            `before`, `after` (a grade, or the status of who is not rated), `way` (up, down, in,
            out, same), `total_before`, `total_after`, `because` (the indicator whose points changed
            most), `points` (by how much)
    matrix  how many went from what to what
    """

    table: pa.Table
    matrix: dict[tuple[str, str], int]

    def count(self, way: str) -> int:
        return int(pc.sum(pc.equal(self.table["way"], way)).as_py() or 0)

    @property
    def movers(self) -> pa.Table:
        """Those whose grade is another one."""
        return self.table.filter(pc.not_equal(self.table["way"], SAME))

    def by(self, name: str = DISTRICT) -> dict[str, Counter[str]]:
        """How many moved which way, for each district."""
        found: dict[str, Counter[str]] = {}
        pairs = zip(self.table[name].to_pylist(), self.table["way"].to_pylist(), strict=True)
        for where, way in pairs:
            found.setdefault(where or "", Counter())[way] += 1
        return dict(sorted(found.items()))


def moves(first: Prepared, before: pa.Table, second: Prepared, after: pa.Table) -> Moves:
    """Two results, of the same enterprises or not, of the same scheme or not."""
    codes = pa.array(sorted({*before["uscc"].to_pylist(), *after["uscc"].to_pylist()}), pa.string())
    old, new = _aligned(before, codes), _aligned(after, codes)
    old_grade, new_grade = _standing(old), _standing(new)
    orders = first.scheme.grading.grades, second.scheme.grading.grades
    ways = [_way(a, b, *orders) for a, b in zip(old_grade, new_grade, strict=True)]
    because, points = _because(first, old, second, new)
    names = pc.coalesce(new["name"], old["name"])
    table = pa.table(
        {
            "uscc": codes,
            "name": names,
            DISTRICT: pc.coalesce(new[DISTRICT], old[DISTRICT]),
            "before": old_grade,
            "after": new_grade,
            "way": ways,
            "total_before": old["total"],
            "total_after": new["total"],
            "because": because,
            "points": points,
        }
    )
    return Moves(table, dict(Counter(zip(old_grade, new_grade, strict=True))))


def _aligned(rows: pa.Table, codes: pa.Array) -> pa.Table:
    return rows.take(pc.index_in(codes, rows["uscc"].combine_chunks()))


def _standing(rows: pa.Table) -> list[str]:
    pairs = zip(rows["grade"].to_pylist(), rows["status"].to_pylist(), strict=True)
    return [grade or status or ABSENT for grade, status in pairs]


def _way(before: str, after: str, first: Sequence[str], second: Sequence[str]) -> str:
    if before not in first:
        return IN if after in second else SAME
    if after not in second:
        return OUT
    # Grades of other names are compared by how far down the list they stand.
    here = first.index(before) * max(len(second) - 1, 1)
    there = second.index(after) * max(len(first) - 1, 1)
    return SAME if here == there else UP if there < here else DOWN


def _because(
    first: Prepared, old: pa.Table, second: Prepared, new: pa.Table
) -> tuple[list[str | None], list[float | None]]:
    """The indicator of both whose points changed most, and by how much."""
    names = [name for name in first.indicator_ids if name in second.indicator_ids]
    if not names:
        return [None] * old.num_rows, [None] * old.num_rows
    gaps = np.stack(
        [column(new, f"points_{name}") - column(old, f"points_{name}") for name in names]
    )
    size = np.where(np.isnan(gaps), -1.0, np.abs(gaps))
    most = size.argmax(axis=0)
    gained = np.take_along_axis(gaps, most[None, :], axis=0)[0]
    known = np.take_along_axis(size, most[None, :], axis=0)[0] > 0
    return (
        [names[i] if there else None for i, there in zip(most, known, strict=True)],
        [float(value) if there else None for value, there in zip(gained, known, strict=True)],
    )
