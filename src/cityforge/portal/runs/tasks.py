"""What is done in the background: the city run, the list of enterprises made anew.

Whatever ends a run, it is left in a state that says what to do. After a kill that lets nothing be
written, silence tells: `permissions.is_stalled`.
"""

import time
from collections.abc import Callable

from django.db import OperationalError
from django_tasks import task

from cityforge.brain.errors import CityForgeError, Text
from cityforge.portal.analytics import runs as analytics
from cityforge.portal.corrections import actions as corrections
from cityforge.portal.enterprises import actions as enterprises
from cityforge.portal.runs import working

_BEAT = 0.5  # seconds between two words of progress


class _Unwanted(BaseException):
    """The run was cancelled or given up; no handler of errors may swallow it."""


@task()
def compute(pk: int) -> None:
    """Run the city with what bureaus delivered and enterprises put right."""
    run = working.given(pk)
    if run is None:
        return
    try:
        analytics.sweep(working.awaited())
        corrections.write_out()
        made = analytics.compute(run.as_of, run.scheme, tell=_teller(pk))
    except _Unwanted:
        return
    except CityForgeError as error:
        working.refused(pk, error)
    except BaseException:
        working.interrupted(pk)
        raise
    else:
        if not working.done(pk, made):
            analytics.discard(made.id)


@task()
def index() -> None:
    """Make the list of enterprises anew, where another run is in force."""
    enterprises.index()


def _teller(pk: int) -> Callable[[Text, float], None]:
    """Writes progress down, but not more often than anybody looks; stops what is not wanted."""
    last = 0.0

    def tell(words: Text, share: float) -> None:
        nonlocal last
        if time.monotonic() - last > _BEAT:
            last = time.monotonic()
            try:
                is_wanted = working.tell(pk, [words.zh, words.en], share)
            except OperationalError:
                return  # a busy database is no reason to stop: the next word tells
            if not is_wanted:
                raise _Unwanted

    return tell
