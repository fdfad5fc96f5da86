"""Runs that were computed and await their decision, of which nothing was heard, or that failed."""

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
_FAILED = Text(zh="最近一次评价计算没有算成", en="The newest run was not computed")
_ANALYSTS = Text(zh="分析员", en="analysts")


def waiting(user: User) -> Iterator[Waiting]:
    """Of those who run the city what they do next; of who leads what waits to be put in force."""
    decides = people.scope(user, "runs.start").everything
    if not decides and not people.scope(user, "desk.view").everything:
        return
    newest = Run.objects.first()
    for run in Run.objects.filter(state__in=[states.DONE, states.RUNNING]):
        place = reverse("runs:run", args=[run.pk]) if decides else ""
        if run.state == states.DONE:
            yield Waiting(_DECIDE, 1, place, is_mine=decides, who=_ANALYSTS)
        elif decides and permissions.is_stalled(run):
            yield Waiting(_STUCK, 1, place, light="red")
    if decides and newest and newest.state in (states.REFUSED, states.INTERRUPTED):
        yield Waiting(_FAILED, 1, reverse("runs:run", args=[newest.pk]), light="red")
