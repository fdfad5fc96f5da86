"""How new a dataset is against what its contract promises; the clock is the as-of date."""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Literal

from cityforge.brain.city.dataset import Freshness as Promise
from cityforge.brain.errors import Text, ValueRefused
from cityforge.brain.intake.profile.shape import Freshness, Light
from cityforge.brain.values import period as periods
from cityforge.brain.values.period import Kind, Period

Deadline = Callable[[Period], date]
_KINDS: dict[str, Kind] = {"year": "year", "half": "half", "quarter": "quarter", "month": "month"}
_MONTHS = {"year": 12, "half": 6, "quarter": 3, "month": 1}
_NEXT_YEAR = re.compile(r"次年(\d{1,2})月(?:(\d{1,2})日|底|末)前?")
_NEXT_MONTH = re.compile(r"(?:每月|次月|每季度?|次季度?首月)(\d{1,2})日前?")
_AFTER = re.compile(r"(?:年|半年|季|季度|月|期)后(\d{1,3})[日天](?:内|前)?")
_MOST_LATE = 1200  # a slip in a date must not count periods for ever


def deadline(promise: Promise) -> Deadline | None:
    """When a period is due by the contract's words; None where they say nothing we can read.

    Read are 次年 3 月底前, 次年 3 月 15 日前, 每月 10 日前 (the month after), 月后 20 日内.
    """
    words = "".join((promise.due or "").split())
    if found := _NEXT_YEAR.fullmatch(words):
        month, day = int(found[1]), int(found[2]) if found[2] else 31
        if 1 <= month <= 12:
            return lambda each: _day(each.year + 1, month, day)
    if found := _NEXT_MONTH.fullmatch(words):
        day = int(found[1])
        return lambda each: _in_month_after(each.end, day)
    if found := _AFTER.fullmatch(words):
        days = int(found[1])
        return lambda each: each.end + timedelta(days=days)
    return None


def judge(promise: Promise, newest: date | None, *, as_of: date) -> Freshness:
    """Hold the newest day that a dataset tells of against its promise.

    Where the contract names no day, a period is due when the one after it ends.
    """
    if promise.every == "event":
        return _by_event(promise, newest)
    kind = _KINDS[promise.every]
    if newest is None:
        said = Text(zh="没有数据", en="no data")
        return Freshness(promise.every, promise.due, None, None, None, 0, "bad", said)
    held = _holding(kind, newest)
    due = deadline(promise) or (lambda each: each.next().end)
    missing, late = held.next(), 0
    first = missing
    while due(missing) < as_of and late < _MOST_LATE:
        late += 1
        missing = missing.next()
    light: Light = "ok" if not late else "warn" if late == 1 else "bad"
    said = Text(zh="按期", en="on time")
    if late:
        said = Text(
            zh=f"缺 {late} 期，自{first.zh}起",
            en=f"{late} period(s) late, since {first.en}",
        )
    newest_words = Text(zh=held.zh, en=held.en)
    next_words = Text(zh=first.zh, en=first.en)
    return Freshness(
        promise.every, promise.due, newest_words, next_words, due(first), late, light, said
    )


def newest_of_periods(texts: Iterable[str]) -> date | None:
    """The last day of the newest period among these."""
    ends = []
    for text in texts:
        try:
            ends.append(periods.parse(text).end)
        except ValueRefused:
            continue  # the contract lets through only what parses; be safe against older tables
    return max(ends, default=None)


def _by_event(promise: Promise, newest: date | None) -> Freshness:
    light: Literal["unknown", "bad"] = "unknown" if newest else "bad"
    said = Text(zh="有事即报", en="when something happens")
    day = Text(zh=newest.isoformat(), en=newest.isoformat()) if newest else None
    if newest is None:
        said = Text(zh="没有数据", en="no data")
    return Freshness("event", promise.due, day, None, None, 0, light, said)


def _holding(kind: Kind, day: date) -> Period:
    return Period(kind, day.year, (day.month - 1) // _MONTHS[kind] + 1)


def _day(year: int, month: int, day: int) -> date:
    last = Period("month", year, month).end
    return min(last, last.replace(day=min(max(day, 1), last.day)))


def _in_month_after(end: date, day: int) -> date:
    after = Period("month", end.year, end.month).next()
    return _day(after.year, after.number, day)
