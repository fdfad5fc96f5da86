"""What is done in the background: a file checked, a delivery taken, holdings counted.

Whatever ends a task, the delivery is left in a state that says what to do. After a kill that lets
nothing be written, silence tells: `permissions.is_stalled`.
"""

import time
from collections.abc import Callable

from django_tasks import task

from cityforge.brain.errors import DataRefused, Text
from cityforge.portal.analytics import deliveries
from cityforge.portal.imports import files, states, working
from cityforge.portal.imports.models import Delivery

_BEAT = 0.5  # seconds between two words of progress


@task()
def check(pk: int, job: int) -> None:
    """Read a delivery by its contract and compare it with what counts now."""
    delivery = working.given(pk, job, states.UPLOADED)
    if delivery is None:
        return
    try:
        found = deliveries.examine(
            delivery.dataset,
            files.place(delivery.sha256, delivery.ending),
            name=delivery.name,
            out=files.checked(pk, job),
            tell=_teller(pk, job),
        )
    except DataRefused as error:
        working.unreadable(pk, job, error)
    except BaseException:
        working.interrupted(pk, job)
        raise
    else:
        working.checked(pk, job, found)


@task()
def take(pk: int, job: int) -> None:
    """Put an approved delivery where the next run reads it."""
    delivery = working.given(pk, job, states.TAKING)
    if delivery is None:
        return
    try:
        done = deliveries.take(
            delivery.dataset,
            files.place(delivery.sha256, delivery.ending),
            name=delivery.name,
            sha256=delivery.sha256,
            expected=_expected(delivery),
            by=delivery.decided_by.username if delivery.decided_by else "",
            tell=_teller(pk, job),
        )
    except deliveries.Changed:
        if working.changed_meanwhile(pk, job):
            check.enqueue(pk, job + 1)
    except DataRefused as error:
        working.not_taken(pk, job, error.problems)
    except BaseException:
        working.not_taken(pk, job)
        raise
    else:
        working.taken(pk, job, done)


@task()
def stock(only: list[str]) -> None:
    """Count what is held, of all datasets or of some."""
    for one in deliveries.stock(only, lambda _words, _share: None):
        refused = [one.refused.zh, one.refused.en] if one.refused else []
        working.hold(one.dataset, one.read, one.accepted, one.newest, refused)


def _expected(delivery: Delivery) -> deliveries.Counts:
    return deliveries.Counts(
        delivery.read,
        delivery.accepted,
        delivery.quarantined,
        delivery.added,
        delivery.removed,
        delivery.changed,
        delivery.same,
    )


def _teller(pk: int, job: int) -> Callable[[Text, float], None]:
    """Writes progress down, but not more often than anybody looks."""
    last = 0.0

    def tell(words: Text, share: float) -> None:
        nonlocal last
        if time.monotonic() - last > _BEAT:
            last = time.monotonic()
            working.tell(pk, job, [words.zh, words.en], share)

    return tell
