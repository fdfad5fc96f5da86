"""Pushes that stopped in their midst: somebody has to go on with them."""

from collections.abc import Iterator

from django.urls import reverse

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions as people
from cityforge.portal.accounts.models import User
from cityforge.portal.campaigns import permissions, queries, states
from cityforge.portal.shell.pending import Waiting

_STOPPED = Text(zh="推送没有发完就停住", en="Pushes that stopped: go on with them")
_UNFINISHED = (states.SENDING, states.WAITING, states.INTERRUPTED)


def waiting(user: User) -> Iterator[Waiting]:
    if not people.allows(user, "campaigns.send"):
        return
    found = [
        one
        for one in queries.campaigns(user).filter(state__in=_UNFINISHED)
        if one.state == states.INTERRUPTED or permissions.is_stalled(one)
    ]
    if found:
        yield Waiting(_STOPPED, len(found), reverse("campaigns:home"), light="red")
