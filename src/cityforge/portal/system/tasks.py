"""Whether the worker is at work: a task with nothing to do, and how long it waits."""

import time

from django_tasks import task
from django_tasks.base import TaskResultStatus

from cityforge.brain.errors import Text
from cityforge.portal.system import queries
from cityforge.portal.system.checks import AMBER, GREEN, RED, Check

_PATIENCE = 10.0  # seconds
_LOOK = 0.25


@task()
def beat() -> None:
    """Nothing."""


def probe(patience: float = _PATIENCE) -> Check:
    """Give the worker a task and wait for it."""
    title = Text(zh="后台任务", en="Background work")
    asked = beat.enqueue()
    end = time.monotonic() + patience
    while time.monotonic() < end:
        asked.refresh()
        if asked.status == TaskResultStatus.SUCCESSFUL:
            queries.forget(str(asked.id))
            return Check(title, GREEN, Text(zh="在工作", en="at work"))
        time.sleep(_LOOK)
    queries.forget(str(asked.id))
    busy = queries.running()
    if busy:
        return Check(
            title,
            AMBER,
            Text(zh=f"正忙：{busy} 项在做", en=f"busy with {busy} task(s)"),
            Text(zh="一直不完就看门户的日志", en="where it never ends, look at the portal's log"),
        )
    return Check(
        title,
        RED,
        Text(zh="没有回应", en="does not answer"),
        Text(
            zh="启动 cityforge portal，或 python -m cityforge.portal db_worker --queue-name '*'",
            en="start cityforge portal, or python -m cityforge.portal db_worker --queue-name '*'",
        ),
    )
