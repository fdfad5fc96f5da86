"""Claims that wait for a ruling."""

from collections.abc import Iterator

from django.urls import reverse

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.models import User
from cityforge.portal.enterprises import queries
from cityforge.portal.enterprises.models import ASKED
from cityforge.portal.shell.pending import Waiting

_CLAIMS = Text(zh="企业认领待核验", en="Claims of enterprises to be ruled on")
_OWN = Text(zh="我的企业认领待核验", en="My claim waits for an officer")
_OFFICERS = Text(zh="分析员、市（区）经办", en="analysts, district officers")


def waiting(user: User) -> Iterator[Waiting]:
    """Of those who rule, of those who lead, and of those who asked."""
    for action, is_mine in (("enterprises.rule", True), ("desk.view", False)):
        if permissions.scope(user, action) != permissions.NOTHING:
            count = queries.claims(user, action).filter(state=ASKED).count()
            url = reverse("enterprises:claims") if is_mine else ""
            if count:
                yield Waiting(_CLAIMS, count, url, is_mine=is_mine, who=_OFFICERS)
            return
    own = queries.own_claims(user).filter(state=ASKED).count()
    if own:
        yield Waiting(
            _OWN, own, reverse("enterprises:own-claims"), is_mine=False, who=_OFFICERS, light="grey"
        )
