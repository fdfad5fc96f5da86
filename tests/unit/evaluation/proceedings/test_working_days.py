"""Working days against counting on the fingers."""

import random
from datetime import date, timedelta

import pytest

from cityforge.brain.evaluation.proceedings.working_days import WorkingDays, day_of

# The National Day of 2025 as it was announced: off from 1 to 8 October, 28 September and
# 11 October worked (both weekend days).
OFF = [date(2025, 10, day) for day in range(1, 9)]
WORKED = [date(2025, 9, 28), date(2025, 10, 11)]


@pytest.mark.parametrize(
    ("begins", "count", "last"),
    [
        ("2025-06-02", 1, "2025-06-03"),
        ("2025-06-06", 1, "2025-06-09"),  # from a Friday over the weekend
        ("2025-06-02", 5, "2025-06-09"),
        ("2025-09-26", 1, "2025-09-28"),  # the worked Sunday
        ("2025-09-26", 5, "2025-10-10"),  # 28, 29, 30 September, 9 and 10 October
        ("2025-09-26", 6, "2025-10-11"),
    ],
)
def test_by_hand(begins: str, count: int, last: str) -> None:
    days = WorkingDays.of(OFF, WORKED)
    assert days.after(date.fromisoformat(begins), count) == date.fromisoformat(last)


def test_by_counting_every_day() -> None:
    chance = random.Random(1)
    for _ in range(300):
        day = date(2025, 1, 1) + timedelta(days=chance.randrange(700))
        near = [day + timedelta(days=n) for n in range(40)]
        days = WorkingDays.of(chance.sample(near, 8), chance.sample(near, 5))
        count = chance.randint(1, 12)
        last = days.after(day, count)
        between = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
        working = [
            d for d in between if d in days.worked or (d.isoweekday() <= 5 and d not in days.off)
        ]
        assert len(working) == count and working[-1] == last


@pytest.mark.parametrize("wrong", ["2025-02-30", "2025-10-01T00:00:00", "tomorrow", ""])
def test_a_moment_has_its_zone(wrong: str) -> None:
    with pytest.raises(ValueError):
        day_of(wrong)
