"""Work shared by the calling thread and a few that wait for it.

To start threads takes as long as one policy over a million enterprises; these are started once.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")
_MOST = 64  # threads beside the calling ones


_helpers = ThreadPoolExecutor(_MOST, thread_name_prefix="kernel")


def _after_fork() -> None:
    """Threads do not outlive a fork."""
    global _helpers
    _helpers = ThreadPoolExecutor(_MOST, thread_name_prefix="kernel")


os.register_at_fork(after_in_child=_after_fork)


def in_threads(work: Callable[[Given], Made], items: Iterable[Given], threads: int) -> list[Made]:
    """What `work` makes of each item, in their order; as many at a time as there are threads."""
    given = list(items)
    made: dict[int, Made] = {}
    numbers = iter(range(len(given)))  # drawn from by all, one at a time

    def draw() -> None:
        for number in numbers:
            made[number] = work(given[number])

    helpers = [_helpers.submit(draw) for _ in range(min(threads, len(given)) - 1)]
    try:
        draw()
    finally:
        for helper in helpers:
            # One that has not begun finds nothing left: whoever waited for it could wait for ever.
            if not helper.cancel():
                helper.result()
    return [made[number] for number in range(len(given))]
