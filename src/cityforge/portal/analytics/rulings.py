"""The door to what proceedings ruled: the facts that upheld objections put right."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from cityforge.brain.api import corrections
from cityforge.brain.api import evaluations as api
from cityforge.brain.api.evaluations import Docket
from cityforge.brain.errors import Text
from cityforge.portal.analytics import corrections as facts
from cityforge.portal.analytics import grades
from cityforge.portal.analytics.city import newest
from cityforge.portal.analytics.corrections import Correctable


@dataclass(frozen=True, slots=True)
class Ruled:
    """A fact that an objection put right.

    objection, ruling    the entries of the journal that say so
    stated, value        as the list of corrections writes them
    asked_by, ruled_by   as the journal names them
    about                the fact; None where it is none that the next run can be told of
    """

    objection: str
    ruling: str
    uscc: str
    fact: str
    year: int
    stated: str
    value: str
    reason: str
    files: tuple[str, ...]
    asked_by: str
    asked_at: datetime
    grounds: str
    ruled_by: str
    ruled_at: datetime
    about: Correctable | None


def ruled(scheme: str = "") -> dict[str, list[Ruled]]:
    """What stands ruled, by proceeding (`run id/scheme-year`): of one scheme on the newest run, or
    of every proceeding there is. One whose journal cannot be read is left out, not empty."""
    known = {one.name: one for one in facts.facts("secret")}
    return {name: list(_of(held, known)) for name, held in _dockets(scheme)}


def named(proceeding: str) -> tuple[str, Text]:
    """The scheme of a proceeding, and what people call the proceeding."""
    scheme, _, year = proceeding.rpartition("/")[2].rpartition("-")
    found = newest()
    known = found.snapshot.city.schemes.get(scheme) if found else None
    title, title_en = (known.title, known.title_en) if known else (scheme, scheme)
    return scheme, Text(zh=f"{title}，{year} 年度", en=f"{title_en}, {year}")


def _dockets(scheme: str) -> Iterator[tuple[str, Docket]]:
    if not scheme:
        yield from api.dockets(Path(settings.SNAPSHOTS))
    elif (found := grades.opened(scheme)) is not None:
        yield "/".join(found.folder.parts[-2:]), api.docket(found)


def _of(held: Docket, known: dict[str, Correctable]) -> Iterator[Ruled]:
    for one in held.changes:
        asked = held.entries[one.objection]
        yield Ruled(
            one.objection,
            one.ruling,
            one.uscc,
            one.fact,
            one.year,
            corrections.text(one.old),
            corrections.text(one.new),
            held.objection(one.objection).reason,
            tuple(each.file for each in one.evidence),
            asked.by,
            _moment(asked.at),
            one.grounds,
            one.by,
            _moment(one.at),
            known.get(one.fact),
        )


def _moment(text: str) -> datetime:
    """A moment of a journal; of a day its beginning here."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else timezone.make_aware(found)
