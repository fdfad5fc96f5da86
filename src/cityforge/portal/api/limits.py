"""How often somebody may ask: counted by the minute in the database, so in all processes together.

A window of a minute begins anew at each full minute; at its turn twice the limit may come within
few seconds, which servers bear.
"""

import hashlib
import time

from django.db import transaction
from django.db.models import F

from cityforge.portal.api.models import Asked

_KEPT = 60  # minutes that a row is kept after the last request of its minute


def wait(who: str, *, most: int, now: float | None = None) -> int | None:
    """Count one request; None where it may pass, else the seconds until it may.

    who  a token's number or an address; kept as a digest alone
    """
    moment = time.time() if now is None else now
    minute, key = int(moment // 60), hashlib.sha256(who.encode()).hexdigest()
    with transaction.atomic():
        if _counted(key, minute, most) or _turned(key, minute) or _first(key, minute):
            return None
        # Another process may have turned the minute between.
        if _counted(key, minute, most):
            return None
    return max(1, int((minute + 1) * 60 - moment) + 1)


def _counted(key: str, minute: int, most: int) -> int:
    rows = Asked.objects.filter(who=key, minute=minute, count__lt=most)
    return rows.update(count=F("count") + 1)


def _turned(key: str, minute: int) -> int:
    return Asked.objects.filter(who=key, minute__lt=minute).update(minute=minute, count=1)


def _first(key: str, minute: int) -> bool:
    """The first request ever of somebody; what is long over is swept then."""
    made = Asked.objects.get_or_create(who=key, defaults={"minute": minute, "count": 1})[1]
    if made:
        Asked.objects.filter(minute__lt=minute - _KEPT).delete()
    return made
