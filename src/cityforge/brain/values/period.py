"""Periods of official figures: year, half, quarter, month, and cumulative 1—N月.

A cumulative period runs from January to month N of one year (前三季度 is 1—9月). Monthly figures of
industry are published so, and the first of a year is 1—2月.
"""

import calendar
import functools
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from cityforge.brain.errors import Text, ValueRefused
from cityforge.brain.values.spelling import half_width

Kind = Literal["year", "half", "quarter", "month", "cumulative"]

FIRST_YEAR, LAST_YEAR = 1900, 2199

_NUMBERS: dict[Kind, range] = {
    "year": range(1, 2),
    "half": range(1, 3),
    "quarter": range(1, 5),
    "month": range(1, 13),
    "cumulative": range(2, 13),
}
_ORDER: tuple[Kind, ...] = ("month", "quarter", "half", "cumulative", "year")
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_MONTHS_IN: dict[Kind, int] = {"year": 12, "half": 6, "quarter": 3, "month": 1}


@functools.total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """One period. `number` counts within the year: 1 for a year; for cumulative, the last month.

    Ordered by the day it ends, then by the day it begins.
    """

    kind: Kind
    year: int
    number: int = 1

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError(f"year {self.year} is out of range")
        if self.number not in _NUMBERS[self.kind]:
            raise ValueError(f"a {self.kind} cannot be number {self.number}")

    @property
    def months(self) -> tuple[int, ...]:
        """The calendar months it covers, as 1 to 12."""
        if self.kind == "cumulative":
            return tuple(range(1, self.number + 1))
        length = _MONTHS_IN[self.kind]
        return tuple(range((self.number - 1) * length + 1, self.number * length + 1))

    @property
    def start(self) -> date:
        return date(self.year, self.months[0], 1)

    @property
    def end(self) -> date:
        """Its last day."""
        last = self.months[-1]
        return date(self.year, last, calendar.monthrange(self.year, last)[1])

    @property
    def iso(self) -> str:
        """A key that sorts and that `parse` reads: 2024, 2024-H1, 2024-Q3, 2024-09."""
        return (
            f"{self.year}"
            + {
                "year": "",
                "half": f"-H{self.number}",
                "quarter": f"-Q{self.number}",
                "month": f"-{self.number:02}",
                "cumulative": f"-01..{self.year}-{self.number:02}",
            }[self.kind]
        )

    @property
    def zh(self) -> str:
        return (
            f"{self.year}年"
            + {
                "year": "",
                "half": "上下"[(self.number - 1) % 2] + "半年",
                "quarter": f"第{'一二三四'[(self.number - 1) % 4]}季度",
                "month": f"{self.number}月",
                "cumulative": f"1—{self.number}月",
            }[self.kind]
        )

    @property
    def en(self) -> str:
        last = _ENGLISH_MONTHS[self.months[-1] - 1]
        return {
            "year": f"{self.year}",
            "half": f"H{self.number} {self.year}",
            "quarter": f"Q{self.number} {self.year}",
            "month": f"{last} {self.year}",
            "cumulative": f"January–{last} {self.year}",
        }[self.kind]

    def previous(self) -> "Period":
        """The one before of the same kind; before 1—2月 comes 1—12月 of the year before."""
        return self._moved(-1)

    def next(self) -> "Period":
        return self._moved(1)

    def year_before(self) -> "Period":
        """The same period a year earlier, that growth is measured against."""
        return Period(self.kind, self.year - 1, self.number)

    def contains(self, day: date) -> bool:
        return self.start <= day <= self.end

    def complete_on(self, day: date) -> bool:
        """Whether it is over by the end of the day."""
        return self.end <= day

    def __lt__(self, other: "Period") -> bool:
        return self._order < other._order

    def __str__(self) -> str:
        return self.iso

    @property
    def _order(self) -> tuple[date, date, int]:
        return self.end, self.start, _ORDER.index(self.kind)

    def _moved(self, steps: int) -> "Period":
        numbers = _NUMBERS[self.kind]
        years, place = divmod(self.number - numbers.start + steps, len(numbers))
        return Period(self.kind, self.year + years, numbers[place])


# Not calendar.month_name, which speaks the language of the machine.
_ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_YEAR = re.compile(r"\s*(?P<year>\d{4})\s*年?度?\s*", re.ASCII)
_JOIN = r"\s*(?:-|—|–|－|~|～|至|到|\.\.)\s*"
_RESTS: tuple[tuple[Kind, str], ...] = (
    ("year", r"(?:全年)?"),
    ("half", r"-?\s*H(?P<number>\d)"),
    ("half", r"(?P<number>[上下])半年"),
    ("quarter", r"-?\s*Q(?P<number>\d)"),
    ("quarter", r"第?\s*(?P<number>[一二三四]|\d)\s*季度?"),
    ("cumulative", r"前\s*(?P<quarters>[二两三四]|\d)个?\s*季度"),
    ("cumulative", rf"-?(?P<first>\d{{1,2}})月?{_JOIN}(?P<number>\d{{1,2}})\s*月份?"),
    ("cumulative", r"-(?P<first>\d{2})\.\.(?:(?P<again>\d{4})-)?(?P<number>\d{2})"),
    ("month", r"(?P<number>\d{1,2})\s*月份?"),
    ("month", r"[-./](?P<number>\d{1,2})"),
    ("month", r"(?P<number>\d{2})"),
)
_PATTERNS = tuple(
    (kind, re.compile(pattern + r"\s*", re.ASCII | re.IGNORECASE)) for kind, pattern in _RESTS
)


def parse(text: str) -> Period:
    """Reads 2024年, 2024年上半年, 2024H1, 2024Q3, 2024年第三季度, 2024年9月, 2024-09, 202409,
    2024年1-9月, 2024年前三季度, 2024-01..2024-09 and their usual spellings.

    Raises ValueRefused with the position where it goes wrong.
    """
    folded = half_width(text)
    head = _YEAR.match(folded)
    if head is None:
        raise _refused(0, Text(zh="开头不是四位年份", en="no four-digit year at the beginning"))
    year = int(head["year"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _refused(head.start("year"), Text(zh=f"没有{year}年", en=f"no year {year}"))
    for kind, pattern in _PATTERNS:
        rest = pattern.fullmatch(folded, head.end())
        if rest is not None:
            return _period(kind, year, rest)
    raise _refused(
        head.end(),
        Text(
            zh=f"年份后面的“{folded[head.end() :][:20]}”看不懂",
            en=f"what follows the year, “{folded[head.end() :][:20]}”, cannot be read",
        ),
    )


def _period(kind: Kind, year: int, rest: re.Match[str]) -> Period:
    found = rest.groupdict()
    if found.get("first") is not None and int(found["first"]) != 1:
        raise _refused(
            rest.start("first"),
            Text(zh="累计期从1月起", en="a cumulative period begins in January"),
        )
    if found.get("again") is not None and int(found["again"]) != year:
        raise _refused(
            rest.start("again"), Text(zh="累计期不跨年", en="a cumulative period ends in its year")
        )
    number = _number(found)
    if kind == "cumulative" and number == 1:
        kind = "month"  # 1—1月 is January itself
    if number not in _NUMBERS[kind]:
        raise _refused(
            rest.start(),
            Text(zh="季度、月份或半年的序号超出范围", en="no such half, quarter or month"),
        )
    return Period(kind, year, number)


def _number(found: dict[str, str | None]) -> int:
    """The number that a match holds: digits, 一二三四, 上下; three months to a 季度 of 前N季度."""
    if (quarters := found.get("quarters")) is not None:
        return 3 * _DIGITS.get(quarters, 0)
    number = found.get("number") or "1"
    if number in "上下":
        return "上下".index(number) + 1
    return int(number) if number.isdigit() else _DIGITS[number]


def _refused(position: int, what: Text) -> ValueRefused:
    return ValueRefused(
        what,
        Text(
            zh="写法如 2024年、2024年上半年、2024Q3、2024-09、2024年1-9月",
            en="write 2024, 2024H1, 2024Q3, 2024-09 or 2024年1-9月",
        ),
        position,
    )
