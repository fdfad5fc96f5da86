"""The enterprises behind a figure, a page at a time."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.api.snapshots import ByDistrict, fixed, number
from cityforge.brain.errors import Text
from cityforge.portal.analytics.city import newest
from cityforge.portal.analytics.overview import kinds, read
from cityforge.portal.analytics.overview.kinds import Kind

_COLUMNS = ("uscc", "name", "district", "status", "grade", "total", "reason", "reason_en")
_NOTHING = Text(zh="—", en="—")


@dataclass(frozen=True, slots=True)
class Row:
    """One enterprise; "" where something is not its: `before` of who moved, `value` of an
    indicator, `reason` of who has no grade."""

    uscc: str
    name: str
    district: Text
    before: str
    grade: str
    total: str
    value: str
    reason: Text | None


@dataclass(frozen=True, slots=True)
class Rows:
    """Some of the enterprises behind a figure, and how many there are in all."""

    count: int
    rows: tuple[Row, ...]
    unit: Text | None  # of `value`; None: the figure is of no indicator
    has_before: bool


def rows(
    districts: frozenset[str] | None, name: str, place: str = "", *, start: int, size: int
) -> Rows:
    """Of the whole city (None) or some districts, of one of them where asked; largest first."""
    found = read.by_district(districts)
    kind = kinds.kinds(found).get(name) if found else None
    if found is None or kind is None:
        return Rows(0, (), None, has_before=False)
    if kind.way is not None:
        chosen = _movers(found, kind.way, place)
        count, some = chosen.num_rows, chosen.slice(start, size)
    else:
        run = newest()
        assert run is not None
        table = _table(run.snapshot.folder, found.scheme.id, kind.indicator)
        places = _places(run.snapshot.folder, kind.id, districts, place)
        count, some = len(places), table.take(pa.array(places[start : start + size]))
    titles = {one.id: one.title for one in found.districts}
    return Rows(
        count,
        tuple(_row(one, kind, titles) for one in some.to_pylist()),
        kind.unit if kind.indicator else None,
        has_before=kind.way is not None,
    )


def _movers(found: ByDistrict, way: int, place: str) -> pa.Table:
    mask = (pc.greater if way > 0 else pc.less)(found.movers["step"], 0)
    if place:
        mask = pc.and_(
            mask, pc.fill_null(pc.equal(found.movers["district"], place), fill_value=False)
        )
    return found.movers.filter(mask)


@lru_cache(maxsize=4)
def _table(_folder: Path, scheme: str, indicator: str | None) -> pa.Table:
    """The rows of the evaluation; `value` where an indicator is asked for."""
    run = newest()
    assert run is not None
    snapshot = run.snapshot
    column = f"value_{indicator}"
    only = [*_COLUMNS, column] if indicator else list(_COLUMNS)
    found = snapshot.evaluation(snapshot.city.schemes[scheme], snapshot.year, only=only)
    if indicator is None:
        return found
    return found.append_column("value", found[column]).drop_columns([column])


@lru_cache(maxsize=64)
def _places(
    folder: Path, name: str, districts: frozenset[str] | None, place: str
) -> npt.NDArray[np.int64]:
    """Where in the table the enterprises of a figure stand, largest first."""
    found = read.by_district(districts)
    assert found is not None
    kind = kinds.kinds(found)[name]
    table = _table(folder, found.scheme.id, kind.indicator)
    mask = pc.equal(table["status"], kind.status)
    if kind.grade is not None:
        mask = pc.and_(mask, pc.equal(table["grade"], kind.grade))
    wanted = {place} if place else districts
    if wanted is not None:
        inside = pc.is_in(table["district"], pa.array(sorted(wanted), pa.string()))
        mask = pc.and_(mask, inside)
    by = "value" if kind.indicator else "total"
    if kind.indicator:
        mask = pc.and_(mask, pc.is_valid(table["value"]))
    mask = np.asarray(pc.fill_null(mask, fill_value=False).to_numpy(), np.bool_)
    size = np.nan_to_num(np.asarray(table[by].to_numpy(), np.float64), nan=-np.inf)
    chosen = np.flatnonzero(mask)
    return chosen[np.argsort(-size[chosen], kind="stable")]


def _row(one: dict[str, Any], kind: Kind, titles: dict[str, Text]) -> Row:
    total, value, why = one.get("total"), one.get("value"), one.get("reason")
    is_graded = kind.way is not None or one.get("status") == "rated"
    return Row(
        uscc=one["uscc"],
        name=one["name"] or one["uscc"],
        district=titles.get(one["district"] or "", _NOTHING),
        before=one.get("before") or "",
        grade=(one.get("after") or one.get("grade") or "") if is_graded else "",
        total=fixed(total, 2) if is_graded and total is not None else "",
        value="" if value is None else number(value),
        reason=Text(zh=why, en=one.get("reason_en") or why) if why and not is_graded else None,
    )
