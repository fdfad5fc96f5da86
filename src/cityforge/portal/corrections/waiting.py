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
_OWN = Text(zh="本企业的更正待核实", en="Your enterprise's corrections to be verified")
_CHECKERS = Text(zh="各部门审核员", en="the bureaus' checkers")


def waiting(user: User) -> Iterator[Waiting]:
    """Of a bureau those it rules on; of the city's analysts all; of an enterprise its own."""
    found = Correction.objects.filter(permissions.visible(user), state=states.SUBMITTED)
    units = people.scope(user, "corrections.rule").units
    place = reverse("corrections:home")
    if units:
        count = found.filter(owner__in=units).exclude(by=user).count()
        if count:
            yield Waiting(_RULE, count, place, who=_CHECKERS)
    elif people.scope(user, "corrections.view").everything:
        count = found.count()
        if count:
            yield Waiting(_RULE, count, place, is_mine=False, who=_CHECKERS)
    codes = people.scope(user, "corrections.ask").enterprises
    own = found.filter(organisation__code__in=codes).count() if codes else 0
    if own:
        yield Waiting(_OWN, own, place, is_mine=False, who=_CHECKERS, light="grey")
