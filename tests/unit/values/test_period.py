"""Periods: the usual spellings, names, order, neighbours, refusals with their place."""

from datetime import date

import pytest

from cityforge.brain.errors import ValueRefused
from cityforge.brain.values.period import Period, parse


@pytest.mark.parametrize(
    ("texts", "period"),
    [
        ("2024 | 2024年 | 2024年度 | 2024年全年 | ２０２４年", Period("year", 2024)),
        ("2024年上半年 | 2024H1 | 2024-H1 | 2024h1", Period("half", 2024, 1)),
        ("2024年下半年 | 2024H2", Period("half", 2024, 2)),
        (
            "2024Q3 | 2024-Q3 | 2024年第三季度 | 2024年三季度 | 2024年第3季度 | 2024年3季度",
            Period("quarter", 2024, 3),
        ),
        (
            "2024-09 | 2024年9月 | 2024年09月 | 2024年9月份 | 202409 | 2024.9 | 2024/09",
            Period("month", 2024, 9),
        ),
        (
            "2024年1-9月 | 2024年1—9月 | 2024年1～9月份 | 2024年1至9月 | 2024年1月-9月",
            Period("cumulative", 2024, 9),
        ),
        (
            "2024年 1 - 9 月 | 2024-01..2024-09 | 2024-01..09 | 2024年前三季度",
            Period("cumulative", 2024, 9),
        ),
        ("2024年1-2月", Period("cumulative", 2024, 2)),
        ("2024年1-12月", Period("cumulative", 2024, 12)),
        ("2024年1-1月", Period("month", 2024, 1)),
    ],
)
def test_the_usual_spellings_are_one_period(texts: str, period: Period) -> None:
    for text in texts.split(" | "):
        assert parse(text) == period, text


@pytest.mark.parametrize(
    ("period", "iso", "zh", "en", "start", "end"),
    [
        (Period("year", 2024), "2024", "2024年", "2024", "2024-01-01", "2024-12-31"),
        (
            Period("half", 2024, 2),
            "2024-H2",
            "2024年下半年",
            "H2 2024",
            "2024-07-01",
            "2024-12-31",
        ),
        (
            Period("quarter", 2024, 3),
            "2024-Q3",
            "2024年第三季度",
            "Q3 2024",
            "2024-07-01",
            "2024-09-30",
        ),
        (
            Period("month", 2024, 2),
            "2024-02",
            "2024年2月",
            "February 2024",
            "2024-02-01",
            "2024-02-29",
        ),
        (
            Period("cumulative", 2024, 9),
            "2024-01..2024-09",
            "2024年1—9月",
            "January–September 2024",
            "2024-01-01",
            "2024-09-30",
        ),
    ],
)
def test_a_period_has_names_and_ends(
    period: Period, iso: str, zh: str, en: str, start: str, end: str
) -> None:
    assert (period.iso, period.zh, period.en) == (iso, zh, en)
    assert (period.start, period.end) == (date.fromisoformat(start), date.fromisoformat(end))
    assert str(period) == iso


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2024", "2023"),
        ("2024H1", "2023H2"),
        ("2024Q1", "2023Q4"),
        ("2024-01", "2023-12"),
        ("2024-09", "2024-08"),
        ("2024年1-9月", "2024年1-8月"),
        ("2024年1-2月", "2023年1-12月"),
    ],
)
def test_previous_and_next_are_of_the_same_kind(period: str, before: str) -> None:
    assert parse(period).previous() == parse(before)
    assert parse(before).next() == parse(period)


def test_growth_is_measured_against_the_same_period_of_the_year_before() -> None:
    assert parse("2024年1-9月").year_before() == parse("2023年1-9月")
    assert parse("2024-02").year_before() == parse("2023-02")


def test_months_contains_and_complete() -> None:
    quarter = parse("2024Q3")
    assert quarter.months == (7, 8, 9)
    assert parse("2024年1-9月").months == tuple(range(1, 10))
    assert quarter.contains(date(2024, 7, 1))
    assert not quarter.contains(date(2024, 10, 1))
    assert quarter.complete_on(date(2024, 9, 30))
    assert not quarter.complete_on(date(2024, 9, 29))


def test_order_is_by_the_end_then_the_beginning() -> None:
    texts = ["2024Q3", "2024", "2023", "2024年1-9月", "2024-09", "2024H1"]
    expected = ["2023", "2024-H1", "2024-01..2024-09", "2024-Q3", "2024-09", "2024"]
    assert [period.iso for period in sorted(map(parse, texts))] == expected


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("24年", 0),
        ("今年", 0),
        ("0001年", 0),
        ("2024年13月", 5),
        ("2024年0月", 5),
        ("2024Q5", 4),
        ("2024H3", 4),
        ("2024年3-5月", 5),
        ("2024-01..2025-03", 9),
        ("2024-01-15", 4),
        ("2024年前五季度", 5),
        ("2024年春", 5),
        ("  2024年春", 7),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(text: str, position: int) -> None:
    with pytest.raises(ValueRefused) as refused:
        parse(text)
    assert refused.value.position == position
    assert "2024Q3" in refused.value.hint.zh


def test_a_period_that_is_none_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="cannot be number 13"):
        Period("month", 2024, 13)
    with pytest.raises(ValueError, match="out of range"):
        Period("year", 1066)
