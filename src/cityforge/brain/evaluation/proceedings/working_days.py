"""Working days: weekdays without public holidays, and the weekend days worked in their place.

Which days those are is announced every year and is configuration of the city. The day on which
something begins is not counted (Civil Code of the PRC, art. 201).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

_SATURDAY = 5
# One time zone holds for all of China; a moment is told in UTC, a deadline in days of this one.
_BEIJING = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Weekends are off, unless worked; the days `off` are off, whatever day of the week."""

    off: frozenset[date] = field(default=frozenset())
    worked: frozenset[date] = field(default=frozenset())

    @classmethod
    def of(cls, off: Iterable[date], worked: Iterable[date]) -> "WorkingDays":
        return cls(frozenset(off), frozenset(worked))

    def is_working(self, day: date) -> bool:
        if day in self.worked:
            return True
        return day.weekday() < _SATURDAY and day not in self.off

    def after(self, day: date, count: int) -> date:
        """The last of so many working days that begin on the day after."""
        return next(found for i, found in enumerate(self._from(day), start=1) if i == count)

    def _from(self, day: date) -> Iterator[date]:
        while True:
            day += timedelta(days=1)
            if self.is_working(day):
                yield day


def day_of(moment: str) -> date:
    """The day in China of a moment, or of a plain day. Raises ValueError."""
    if len(moment) == len("2025-09-30"):
        return date.fromisoformat(moment)
    found = datetime.fromisoformat(moment)
    if found.tzinfo is None:
        raise ValueError(moment)
    return found.astimezone(_BEIJING).date()
