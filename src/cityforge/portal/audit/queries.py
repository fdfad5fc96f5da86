"""Reading the trail."""

from collections.abc import Iterator
from datetime import UTC

from django.db.models import QuerySet

from cityforge.portal.audit import chain
from cityforge.portal.audit.chain import Break
from cityforge.portal.audit.models import Event


def trail(*, action: str = "", actor: str = "", kind: str = "", about: str = "") -> QuerySet[Event]:
    """Events, the newest first, narrowed by what is asked."""
    found = Event.objects.order_by("-number")
    asked = {"action": action, "actor": actor, "kind": kind, "about": about}
    return found.filter(**{name: value for name, value in asked.items() if value})


def breaks() -> list[Break]:
    """Where the chain does not hold."""
    return list(chain.breaks(_said()))


def last() -> Event | None:
    """The newest event: nothing follows it to tell of a change, so its digest is kept elsewhere."""
    return Event.objects.order_by("-number").first()


def _said() -> Iterator[dict[str, object]]:
    rows = Event.objects.order_by("number").values(*chain.FIELDS, "digest")
    for row in rows.iterator(chunk_size=2000):
        row["at"] = row["at"].astimezone(UTC)
        yield row
