"""Why an enterprise got its grade: points of each indicator and its place among the others."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.engines.kernel.changing import Floats
from cityforge.brain.evaluation.prepared import Prepared, PreparedIndicator
from cityforge.brain.evaluation.reasons.scorer import better_sign, column, group_codes

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True, slots=True)
class IndicatorReason:
    """One indicator of one enterprise.

    base      what it was held against; None: the function needs none, or there was none
    average   the mean points of its ranking group
    place     of its value in the group, equal values sharing the better one; None: no value
    count     how many of the group have a value
    spread    the group's values at 10, 25, 50, 75 and 90 percent, in the indicator's unit
    """

    indicator: PreparedIndicator
    value: float | None
    base: float | None
    points: float | None
    how: str | None
    average: float | None
    place: int | None
    count: int
    spread: tuple[float, ...]

    @property
    def lost(self) -> float:
        """Points below the group's mean; below zero where it has more."""
        return (self.average or 0.0) - (self.points or 0.0)


@dataclass(frozen=True, slots=True)
class Why:
    """One rated enterprise: its indicators in the order of the file, and the totals around it.

    before, behind  the totals of the last of the better grade and the first of the worse, if any
    """

    uscc: str
    grade: str
    rank: int
    ranked: int
    total: float
    indicators: tuple[IndicatorReason, ...]
    before: float | None
    behind: float | None

    @property
    def weakest(self) -> list[IndicatorReason]:
        """The indicators by the points they cost against the group's mean, most first."""
        return sorted(self.indicators, key=lambda one: -one.lost)


def why(prepared: Prepared, rows: pa.Table, uscc: str) -> Why | None:
    """The reasons of one enterprise of a result; None where it is not rated in it."""
    rated = rows.filter(pc.equal(rows["status"], "rated"))
    codes = rated["uscc"].to_pylist()
    if uscc not in codes:
        return None
    at = codes.index(uscc)
    groups = group_codes(prepared, rated)
    inside = np.flatnonzero(groups == groups[at])
    mine = rated.take(inside)
    here = int(np.flatnonzero(inside == at)[0])
    row = rated.slice(at, 1).to_pylist()[0]
    part = next(part for part in prepared.parts if part.part.id == row["part"])
    return Why(
        uscc,
        row["grade"],
        row["rank"],
        row["ranked"],
        row["total"],
        tuple(_reason(prepared, mine, here, i) for i in part.indicators),
        *_neighbours(prepared, mine, row["grade"]),
    )


def _reason(
    prepared: Prepared, group: pa.Table, at: int, indicator: PreparedIndicator
) -> IndicatorReason:
    name = indicator.id
    values, points = column(group, f"value_{name}"), column(group, f"points_{name}")
    base = column(group, f"base_{name}")[at]
    known = values[~np.isnan(values)]
    place = None
    if not np.isnan(values[at]):
        signed = better_sign(prepared, group, name) * values
        place = 1 + int((signed < signed[at]).sum())
    gained = points[~np.isnan(points)]
    return IndicatorReason(
        indicator,
        _or_none(values[at]),
        _or_none(base),
        _or_none(points[at]),
        group[f"how_{name}"][at].as_py(),
        float(gained.mean()) if len(gained) else None,
        place,
        len(known),
        tuple(np.quantile(known, QUANTILES).tolist()) if len(known) else (),
    )


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _neighbours(
    prepared: Prepared, group: pa.Table, grade: str
) -> tuple[float | None, float | None]:
    """The totals next to a grade on either side in its group."""
    grades: Sequence[str] = prepared.scheme.grading.grades
    totals, own = column(group, "total"), group["grade"].to_pylist()
    number = np.array([grades.index(one) for one in own])
    mine = grades.index(grade)
    return _extreme(totals[number < mine], least=True), _extreme(totals[number > mine], least=False)


def _extreme(totals: Floats, *, least: bool) -> float | None:
    if not len(totals):
        return None
    return float(totals.min() if least else totals.max())
