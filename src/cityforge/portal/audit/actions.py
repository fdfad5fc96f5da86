"""Writing to the trail: inside the transaction that makes the change, or not at all."""

from datetime import UTC

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from cityforge.portal.audit import chain
from cityforge.portal.audit.models import Event

_LOCK = 0x61756469  # of PostgreSQL's advisory locks


def record(
    action: str,
    *,
    actor: str = "",
    actor_name: str = "",
    organisation: str = "",
    kind: str = "",
    about: str = "",
    **detail: object,
) -> Event:
    """Append an event. Raises TransactionManagementError outside a transaction.

    Writers wait for each other: a chain has one end.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an event is written with its change")
    _wait()
    last = Event.objects.order_by("-number").values("number", "digest").first()
    said: dict[str, object] = {
        "number": last["number"] + 1 if last else 1,
        "at": timezone.now().astimezone(UTC),
        "actor": actor,
        "actor_name": actor_name,
        "organisation": organisation,
        "action": action,
        "kind": kind,
        "about": about,
        "detail": detail,
        "method": getattr(settings, "AUDIT_METHOD", "sha256"),
        "before": last["digest"] if last else chain.START,
    }
    return Event.objects.create(**said, digest=chain.digest(str(said["method"]), said))


def _wait() -> None:
    """PostgreSQL: one writer at a time. SQLite has but one anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
