"""What a contract promises against what is held: each wording of a deadline, each lateness."""
# ruff: noqa: E501 - tables of cases are read line by line

from datetime import date

import pytest

from cityforge.brain.city.dataset import Freshness as Promise
from cityforge.brain.intake.profile import freshness

END = date(2024, 12, 31)

# every, due, newest day held, as of -> late, next due, light
CASES = [
    ("year", "次年 3 月底前", END, date(2025, 9, 30), 0, date(2026, 3, 31), "ok"),
    ("year", "次年 3 月底前", END, date(2026, 3, 31), 0, date(2026, 3, 31), "ok"),
    ("year", "次年 3 月底前", END, date(2026, 4, 1), 1, date(2026, 3, 31), "warn"),
    ("year", "次年2月30日前", END, date(2026, 3, 1), 1, date(2026, 2, 28), "warn"),
    ("year", "次年 4 月 15 日前", date(2022, 12, 31), date(2025, 4, 16), 2, date(2024, 4, 15), "bad"),
    ("year", None, END, date(2026, 12, 31), 0, date(2026, 12, 31), "ok"),
    ("year", None, END, date(2027, 1, 1), 1, date(2026, 12, 31), "warn"),
    ("year", "尽快", END, date(2027, 1, 1), 1, date(2026, 12, 31), "warn"),
    ("half", "半年后 30 日内", END, date(2025, 7, 31), 1, date(2025, 7, 30), "warn"),
    ("quarter", "季后 20 日内", END, date(2025, 4, 20), 0, date(2025, 4, 20), "ok"),
    ("quarter", "次年 1 月底前", END, date(2025, 12, 1), 0, date(2026, 1, 31), "ok"),
    ("month", "每月 10 日前", date(2025, 8, 31), date(2025, 10, 10), 0, date(2025, 10, 10), "ok"),
    ("month", "每月 10 日前", date(2025, 8, 2), date(2025, 11, 11), 2, date(2025, 10, 10), "bad"),
    ("month", "月后20日内", date(2024, 1, 31), date(2024, 3, 21), 1, date(2024, 3, 20), "warn"),
    ("month", "每月 31 日前", date(2023, 12, 31), date(2024, 3, 1), 1, date(2024, 2, 29), "warn"),
    ("event", "公布后 10 个工作日内", date(2020, 1, 1), date(2025, 1, 1), 0, None, "unknown"),
    ("year", "次年 3 月底前", None, date(2025, 1, 1), 0, None, "bad"),
    ("event", None, None, date(2025, 1, 1), 0, None, "bad"),
]  # fmt: skip


@pytest.mark.parametrize(("every", "due", "newest", "as_of", "late", "next_due", "light"), CASES)
def test_lateness(every, due, newest, as_of, late, next_due, light) -> None:
    judged = freshness.judge(Promise(every=every, due=due), newest, as_of=as_of)
    assert (judged.late, judged.next_due, judged.light) == (late, next_due, light)


def test_words_for_what_is_missing() -> None:
    promise = Promise(every="month", due="月后 20 日内")
    judged = freshness.judge(promise, date(2025, 5, 31), as_of=date(2025, 9, 30))
    assert judged.said.zh == "缺 3 期，自2025年6月起"
    assert judged.said.en == "3 period(s) late, since June 2025"


def test_the_newest_period_is_the_one_that_ends_last() -> None:
    texts = ["2024", "2024-Q3", "2025-01..2025-02", "2025-01"]
    assert freshness.newest_of_periods(texts) == date(2025, 2, 28)
    assert freshness.newest_of_periods([]) is None


def test_a_year_far_off_does_not_count_for_ever() -> None:
    judged = freshness.judge(Promise(every="month"), date(1900, 1, 31), as_of=date(2025, 1, 1))
    assert judged.late == 1200
