"""Messages that somebody has not read."""

from collections.abc import Iterator

from django.urls import reverse

from cityforge.brain.errors import Text
from cityforge.portal.accounts.models import User
from cityforge.portal.notices import queries
from cityforge.portal.shell.pending import Waiting

_UNREAD = Text(zh="未读消息", en="Messages not read")


def waiting(user: User) -> Iterator[Waiting]:
    count = queries.unread(user)
    if count:
        yield Waiting(_UNREAD, count, reverse("notices:inbox"))
