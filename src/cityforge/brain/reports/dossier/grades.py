"""The grades of one enterprise: every scheme of the run, every year that it evaluated."""

from dataclasses import dataclass
from typing import Any

from cityforge.brain.city.shapes import Sensitivity
from cityforge.brain.errors import Text
from cityforge.brain.evaluation.prepared import ENTERPRISE
from cityforge.brain.reports.dossier.ground import Ground
from cityforge.brain.reports.effects import names

RATED = "rated"
_READ = ("year", "status", "grade", "total", "rank", "ranked", "reason", "reason_en")


@dataclass(frozen=True, slots=True)
class Graded:
    """One year of one scheme; grade, total and rank only where it was rated, else the reason."""

    year: int
    rated: bool
    grade: Text
    total: float | None
    rank: int | None
    ranked: int | None
    reason: Text | None


@dataclass(frozen=True, slots=True)
class SchemeGrades:
    """A scheme's word on one enterprise, newest year first.

    needs  the level that a reader of its figures needs: that of the facts it rests on
    """

    scheme: str
    title: Text
    years: tuple[Graded, ...]
    needs: Sensitivity


def grades(ground: Ground, uscc: str) -> tuple[SchemeGrades, ...]:
    """By scheme in the order of the run; empty where no scheme looked at it."""
    found = []
    for ran in ground.snapshot.run["schemes"]:
        scheme = ground.snapshot.city.schemes[ran["id"]]
        if scheme.subject != ENTERPRISE:
            continue
        rows = ground.rows(f"evaluation_{scheme.id}", uscc, _READ)
        years = sorted((_graded(row) for row in rows), key=lambda one: -one.year)
        if years:
            title = Text(zh=scheme.title, en=scheme.title_en)
            found.append(SchemeGrades(scheme.id, title, tuple(years), ground.needs[scheme.id]))
    return tuple(found)


def _graded(row: dict[str, Any]) -> Graded:
    rated = row["status"] == RATED
    why = row["reason"]
    return Graded(
        year=row["year"],
        rated=rated,
        grade=names.grade(row["grade"] if rated else row["status"]),
        total=row["total"] if rated else None,
        rank=row["rank"] if rated else None,
        ranked=row["ranked"] if rated else None,
        reason=Text(zh=why, en=row["reason_en"] or why) if why else None,
    )
