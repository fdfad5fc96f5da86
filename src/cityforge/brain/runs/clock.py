"""The one reader of the clock. A result never depends on it: it only fills the side file."""

import time
from datetime import UTC, datetime


def now() -> str:
    """The moment, in UTC, as ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251


def seconds() -> float:
    """A steady count of seconds, for durations."""
    return time.perf_counter()
