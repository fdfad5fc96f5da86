"""Runs that were computed and await their decision, or of which nothing was heard for long."""

from collections.abc import Iterator

from django.urls import reverse

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions as people
from cityforge.portal.accounts.models import User
from cityforge.portal.runs import permissions, states
from cityforge.portal.runs.models import Run
from cityforge.portal.shell.pending import Waiting

_DECIDE = Text(zh="评价计算已算好，待启用", en="A run is computed, to be put in force")
_STUCK = Text(zh="评价计算久无进展", en="Nothing is heard of a run")


def waiting(user: User) -> Iterator[Waiting]:
    if not people.scope(user, "runs.start").everything:
        return
    for run in Run.objects.filter(state__in=[states.DONE, states.RUNNING]):
        place = reverse("runs:run", args=[run.pk])
        if run.state == states.DONE:
            yield Waiting(_DECIDE, 1, place)
        elif permissions.is_stalled(run):
            yield Waiting(_STUCK, 1, place, light="red")
