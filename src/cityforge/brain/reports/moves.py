"""Who moved between the year before and the evaluation year, how far, and by which indicator."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.city.scheme import Scheme
from cityforge.brain.errors import Text
from cityforge.brain.reports import ranking
from cityforge.brain.reports.messages import fixed, text

LISTED = 10
NOT_RATED = "-"


@dataclass(frozen=True, slots=True)
class Move:
    """One enterprise's way: grades, and its place as percent of the group (0 = top)."""

    uscc: str
    name: str
    district: str
    before: str
    after: str
    share_before: float
    share_after: float
    reason: Text


@dataclass(frozen=True, slots=True)
class Moves:
    """`matrix[before, after]` counts enterprises; "-" is not rated (or not there) that year."""

    matrix: dict[tuple[str, str], int]
    up: int
    down: int
    climbers: tuple[Move, ...]
    fallers: tuple[Move, ...]


def between(before: pa.Table, now: pa.Table, scheme: Scheme) -> Moves:
    """Compare two years of one scheme; places are compared inside an unchanged group only."""
    joined = _rated(before, scheme).join(
        _rated(now, scheme),
        "uscc",
        join_type="full outer",
        left_suffix=":before",
        right_suffix=":now",
        use_threads=False,
    )
    first = joined["grade:before"].to_pylist()
    second = joined["grade:now"].to_pylist()
    matrix = Counter((a or NOT_RATED, b or NOT_RATED) for a, b in zip(first, second, strict=True))
    best_first = {band.grade: i for i, band in enumerate(scheme.grading.bands)}
    steps: Counter[int] = Counter()
    for (a, b), count in matrix.items():
        if NOT_RATED not in (a, b):
            steps[(best_first[b] < best_first[a]) - (best_first[b] > best_first[a])] += count
    climbers, fallers = _extremes(joined, scheme)
    return Moves(dict(matrix), steps[1], steps[-1], climbers, fallers)


def _rated(year: pa.Table, scheme: Scheme) -> pa.Table:
    points = [name for name in year.column_names if name.startswith("points_")]
    # A group may be by district too: a column must stand in the table once.
    keys = dict.fromkeys(["name", "district", *ranking.key_columns(scheme)])
    rated = year.filter(pc.equal(year["status"], "rated"))
    return rated.select(["uscc", *keys, "grade", "rank", "ranked", *points])


def _extremes(joined: pa.Table, scheme: Scheme) -> tuple[tuple[Move, ...], tuple[Move, ...]]:
    same = pc.is_valid(joined["grade:before"])
    same = pc.and_(same, pc.is_valid(joined["grade:now"]))
    for column in ranking.key_columns(scheme):
        equal = pc.equal(joined[f"{column}:before"], joined[f"{column}:now"])
        same = pc.and_(same, pc.fill_null(equal, fill_value=False))
    stayed = joined.filter(same)
    shift = pc.subtract(_share(stayed, "before"), _share(stayed, "now"))
    stayed = stayed.append_column("shift", shift)
    up = stayed.filter(pc.greater(shift, 0.0)).sort_by(
        [("shift", "descending"), ("uscc", "ascending")]
    )
    down = stayed.filter(pc.less(shift, 0.0)).sort_by(
        [("shift", "ascending"), ("uscc", "ascending")]
    )
    return tuple(
        tuple(_move(row, scheme, rising=rising) for row in rows.slice(0, LISTED).to_pylist())
        for rows, rising in ((up, True), (down, False))
    )  # type: ignore[return-value]


def _share(joined: pa.Table, year: str) -> pa.ChunkedArray:
    rank = pc.cast(joined[f"rank:{year}"], pa.float64())
    return pc.divide(pc.multiply(rank, 100.0), pc.cast(joined[f"ranked:{year}"], pa.float64()))


def _move(row: dict[str, Any], scheme: Scheme, *, rising: bool) -> Move:
    return Move(
        uscc=row["uscc"],
        name=row["name:now"],
        district=row["district:now"],
        before=row["grade:before"],
        after=row["grade:now"],
        share_before=100 * row["rank:before"] / row["ranked:before"],
        share_after=100 * row["rank:now"] / row["ranked:now"],
        reason=_reason(row, scheme, rising=rising),
    )


def _reason(row: dict[str, Any], scheme: Scheme, *, rising: bool) -> Text:
    """The indicator whose points moved most in the direction of the move."""
    part = next(part for part in scheme.parts if part.id == row["part:now"])
    sign = 1 if rising else -1
    changes = []
    for indicator in part.indicators:
        a, b = row[f"points_{indicator.id}:before"], row[f"points_{indicator.id}:now"]
        if a is not None and b is not None:
            changes.append((sign * (b - a), indicator, a, b))
    best = max(changes, key=lambda change: change[0], default=None)
    if best is None or best[0] <= 0:
        return text("move_relative_up" if rising else "move_relative_down")
    _, indicator, a, b = best
    title = Text(zh=indicator.title, en=indicator.title_en)
    return text("move_reason", indicator=title, before=fixed(a, 1), after=fixed(b, 1))
