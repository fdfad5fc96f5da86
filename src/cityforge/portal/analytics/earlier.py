"""Evaluations that were begun on a run which is in force no more: kept, to be read."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from cityforge.brain.api import evaluations as api
from cityforge.brain.api.evaluations import Docket
from cityforge.brain.errors import CityForgeError, Text
from cityforge.brain.reports.tables import Table
from cityforge.portal.analytics.city import newest


@dataclass(frozen=True, slots=True)
class Earlier:
    """Proceedings of a scheme and year on a run that was in force before.

    stage   where they stood when the run was replaced
    """

    run: str
    scheme: str
    title: Text
    year: int
    stage: Text
    objections: int
    versions: int


@dataclass(frozen=True, slots=True)
class Opened:
    """The same with everything objected to and computed."""

    about: Earlier
    as_of: str
    tables: list[Table]


def evaluations() -> list[Earlier]:
    """The newest run's first; a journal that is damaged is left out."""
    found = newest()
    now = str(found.snapshot.run["run_id"]) if found else ""
    made = []
    for place, held in api.dockets(Path(settings.SNAPSHOTS)):
        run = place.partition("/")[0]
        if run != now:
            made.append(_of(run, held))
    return sorted(made, key=lambda one: one.run, reverse=True)


def opened(run: str, scheme: str, year: int) -> Opened | None:
    """None where there are no such proceedings, or their run was taken away."""
    asked = (run, scheme, year)
    about = next((one for one in evaluations() if (one.run, one.scheme, one.year) == asked), None)
    if about is None:
        return None
    try:
        found = api.open_proceeding(Path(settings.SNAPSHOTS) / run, scheme=scheme, year=year)
        tables = api.docket_tables(api.prepared_of(found), api.docket(found))
    except CityForgeError:
        return None
    return Opened(about, found.snapshot.as_of.isoformat(), tables)


def _of(run: str, held: Docket) -> Earlier:
    opening, found = held.opening, newest()
    own = found.snapshot.city.schemes.get(opening.scheme) if found else None
    return Earlier(
        run,
        opening.scheme,
        Text(zh=own.title, en=own.title_en) if own else Text(zh=opening.scheme, en=opening.scheme),
        opening.year,
        api.STAGE_TITLES[held.stage],
        len(held.objections),
        len(held.versions),
    )
