"""What a first page tells its reader: what waits, the state of the city's data, their enterprises,
the enterprises behind a figure."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.models import User
from cityforge.portal.analytics import dossiers
from cityforge.portal.analytics.overview import rows
from cityforge.portal.analytics.overview.rows import Row, Rows
from cityforge.portal.dossier import queries as dossier
from cityforge.portal.enterprises import queries as enterprises
from cityforge.portal.imports import queries as imports
from cityforge.portal.imports.queries import Owner
from cityforge.portal.shell.pending import Waiting

PAGE = 20
FIRST = 5  # of who moved, on the desk
_WORSE = ("red", "amber", "grey")


@dataclass(frozen=True, slots=True)
class Pending:
    """What waits for the reader, and what they look after while others decide it."""

    mine: list[Waiting]
    others: list[Waiting]


@dataclass(frozen=True, slots=True)
class Own:
    """An enterprise that the reader acts for, in figures."""

    uscc: str
    name: str
    grade: Text | None
    year: int | None
    eligible: int | None
    unknown: int


@dataclass(frozen=True, slots=True)
class Freshness:
    """Owners whose data are late, lacking or due, the worst first; how many of the others owe
    nothing now, and how many were not counted yet."""

    wanting: list[Owner]
    well: int
    uncounted: int


def pending(user: User) -> Pending:
    """By asking every app that tells what waits; the most urgent first."""
    found = sorted(_waiting(user), key=lambda one: _WORSE.index(one.light))
    return Pending([one for one in found if one.is_mine], [one for one in found if not one.is_mine])


def _waiting(user: User) -> Iterator[Waiting]:
    for app in apps.get_app_configs():
        if app.name.startswith("cityforge.") and module_has_submodule(app.module, "waiting"):
            yield from import_module(f"{app.name}.waiting").waiting(user)


def districts(user: User) -> frozenset[str] | None:
    """Of which districts the desk tells somebody; None for the whole city."""
    scope = permissions.scope(user, "desk.view")
    return None if scope.everything else scope.districts


def freshness(user: User) -> Freshness | None:
    """None for who does not look after the whole city's data."""
    owners = imports.freshness(user)
    if not owners:
        return None
    lights = [one.light for one in owners]
    wanting = [one for one in owners if one.light in ("red", "amber")]
    return Freshness(wanting, lights.count("green"), lights.count("grey"))


def behind(user: User, name: str, place: str = "", *, page: int = 1, size: int = PAGE) -> Rows:
    """The enterprises behind a figure; names only of those that the reader may see by name."""
    found = rows.rows(districts(user), name, place, start=(page - 1) * size, size=size)
    seen = enterprises.seen_of(user, [one.uscc for one in found.rows])
    kept = tuple(one if one.uscc in seen else _unnamed(one) for one in found.rows)
    return Rows(found.count, kept, found.unit, found.has_before)


def _unnamed(row: Row) -> Row:
    return Row("", "", row.district, row.before, row.grade, row.total, row.value, None)


def own(user: User) -> list[Own]:
    """The enterprises that somebody acts for."""
    found = []
    for code in sorted(permissions.scope(user, "dossier.mine").enterprises):
        reader = dossier.reader(user, code)
        if reader is None:
            continue
        years = [year for scheme in dossiers.grades(code)[:1] for year in scheme.years[:1]]
        matched = dossiers.policies(code, reader.level)
        found.append(
            Own(
                code,
                reader.enterprise.name,
                years[0].grade if years else None,
                years[0].year if years else None,
                len(matched.eligible) if matched else None,
                len(matched.unknown) if matched else 0,
            )
        )
    return found
