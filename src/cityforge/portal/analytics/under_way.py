"""Which evaluations are under way, and what waits in them."""

from dataclasses import dataclass
from datetime import date

from cityforge.brain.api import evaluations as api
from cityforge.brain.errors import CityForgeError
from cityforge.portal.analytics.city import newest


@dataclass(frozen=True, slots=True)
class UnderWay:
    """Proceedings that were begun on the newest run.

    objections  that wait for a ruling
    may_object  whether enterprises may speak now
    due_on      the last day of the present stage, where its length is stated
    """

    scheme: str
    objections: int
    may_object: bool
    due_on: date | None


def evaluations() -> list[UnderWay]:
    """Every evaluation of enterprises that was begun; one whose journal is damaged is left out."""
    found = newest()
    if found is None:
        return []
    snapshot, open_ = found.snapshot, []
    for scheme in snapshot.city.schemes.values():
        if scheme.subject != "enterprise":
            continue
        try:
            held = api.docket(api.open_proceeding(snapshot, scheme=scheme.id))
        except CityForgeError:
            continue
        open_.append(
            UnderWay(
                scheme.id,
                len(held.open_objections),
                held.stage in api.OPEN_TO_OBJECTIONS,
                held.stays[-1].due_on,
            )
        )
    return open_
