"""Who may run the city, and when; each refusal with the reason that the page shows."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.models import User
from cityforge.portal.accounts.permissions import NotNow
from cityforge.portal.runs import states
from cityforge.portal.runs.models import Run


def check_can(user: User, run: Run, state: str) -> None:
    """To cancel, put in force or discard a run. Raises NotAllowed, NotNow."""
    permissions.check_whole_city(user, "runs.start")
    if state not in states.FOLLOWS[run.state]:
        now = states.STATES[run.state]
        raise NotNow(Text(zh=f"现在的状态是“{now.zh}”，不能这样做", en=f"It is {now.en}: not now."))


def is_stalled(run: Run) -> bool:
    """Whether nothing was heard of it for too long."""
    silence = timezone.now() - run.news_at
    return run.state == states.RUNNING and silence > timedelta(seconds=settings.STALLED_SECONDS)
