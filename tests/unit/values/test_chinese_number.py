"""Chinese numerals: what is read, and what is no number."""

import pytest

from cityforge.brain.values import chinese_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("五", 5),
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("一百零五", 105),
        ("三百五十", 350),
        ("两千", 2000),
        ("壹佰万", 1_000_000),
        ("叁仟伍佰万", 35_000_000),
        ("一亿二千万", 120_000_000),
        ("一亿零五万三千二百一十", 100_053_210),
    ],
)
def test_numerals_are_read(text: str, value: int) -> None:
    assert chinese_number.at_start(text + "元") == (value, len(text))


@pytest.mark.parametrize("text", ["", "元", "二二", "五十三百", "万", "零百", "一万二亿", "百五"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert chinese_number.at_start(text) is None
