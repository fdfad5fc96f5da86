"""Corrections by enterprises that wait for the bureau that owns the fact."""

from collections.abc import Iterator

from django.urls import reverse

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions as people
from cityforge.portal.accounts.models import User
from cityforge.portal.corrections import permissions, states
from cityforge.portal.corrections.models import Correction
from cityforge.portal.shell.pending import Waiting

_RULE = Text(zh="企业更正待核实", en="Corrections to be verified")
_CHECKERS = Text(zh="各部门审核员", en="the bureaus' checkers")


def waiting(user: User) -> Iterator[Waiting]:
    """Of a bureau those it rules on; of the city's analysts all."""
    rules = people.allows(user, "corrections.rule")
    if not rules and not people.scope(user, "corrections.view").everything:
        return
    found = Correction.objects.filter(permissions.visible(user), state=states.SUBMITTED)
    count = found.exclude(by=user).count()
    if count:
        place = reverse("corrections:home")
        yield Waiting(_RULE, count, place, is_mine=rules, who=_CHECKERS)
