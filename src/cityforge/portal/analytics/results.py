"""The result of one scheme in one year, enterprise by enterprise, of some places or of all."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.errors import Text
from cityforge.portal.analytics.city import newest

_COLUMNS = ("uscc", "name", "district", "part", "status", "grade", "total", "rank", "ranked",
            "reason", "reason_en")  # fmt: skip
_RATED = "rated"


@dataclass(frozen=True, slots=True)
class Line:
    """One enterprise; grade, total and rank only where it was rated, else the reason."""

    uscc: str
    name: str
    district: str
    part: str
    status: str
    grade: str
    total: float | None
    rank: int | None
    ranked: int | None
    reason: Text | None


@dataclass(frozen=True, slots=True)
class Results:
    """The rows in the order of credit codes, read when they are asked for."""

    rows: pa.Table

    @property
    def total(self) -> int:
        return int(self.rows.num_rows)

    def stretch(self, start: int, stop: int) -> Iterator[Line]:
        for row in self.rows.slice(start, max(stop - start, 0)).to_pylist():
            yield _line(row)


def years(scheme: str) -> list[int]:
    """The years that the newest run evaluated by a scheme; [] for one that it did not run."""
    found = newest()
    ran = found.snapshot.run["schemes"] if found else []
    return next((sorted(one["years"]) for one in ran if one["id"] == scheme), [])


def results(
    scheme: str, year: int, districts: frozenset[str] | None, *, grade: str = ""
) -> Results | None:
    """The rows of some districts or of all (None); of one grade where asked.

    None where the newest run has no such scheme or year.
    """
    found = newest()
    if found is None or year not in years(scheme):
        return None
    rows = _rows(found.snapshot.folder, scheme, year)
    if districts is not None:
        inside = pa.array(sorted(districts), pa.string())
        rows = rows.filter(pc.is_in(rows["district"], inside))
    if grade:
        rows = rows.filter(
            pc.and_(pc.equal(rows["grade"], grade), pc.equal(rows["status"], _RATED))
        )
    return Results(rows)


@lru_cache(maxsize=4)
def _rows(_folder: Path, scheme: str, year: int) -> pa.Table:
    found = newest()
    assert found is not None
    own = found.snapshot.scheme(scheme)
    return found.snapshot.evaluation(own, year, only=_COLUMNS).select(_COLUMNS).sort_by("uscc")


def _line(row: dict[str, Any]) -> Line:
    rated, why = row["status"] == _RATED, row["reason"]
    return Line(
        uscc=row["uscc"],
        name=row["name"] or "",
        district=row["district"] or "",
        part=row["part"] or "",
        status=row["status"],
        grade=row["grade"] or "" if rated else "",
        total=row["total"] if rated else None,
        rank=row["rank"] if rated else None,
        ranked=row["ranked"] if rated else None,
        reason=Text(zh=why, en=row["reason_en"] or why) if why else None,
    )
