"""Background work that failed, for who looks after the system."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from cityforge.brain.errors import Text
from cityforge.portal.accounts import permissions
from cityforge.portal.accounts.models import User
from cityforge.portal.shell.pending import Waiting

_DAYS = timedelta(days=7)
_FAILED = Text(zh="近 7 天失败的后台任务", en="Background tasks that failed in 7 days")


def waiting(user: User) -> Iterator[Waiting]:
    if not permissions.allows(user, "system.view"):
        return
    since = timezone.now() - _DAYS
    failed = DBTaskResult.objects.filter(
        status=TaskResultStatus.FAILED, finished_at__gte=since
    ).count()
    if failed:
        yield Waiting(_FAILED, failed, reverse("system:home"), light="red")
