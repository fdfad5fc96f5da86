"""Money in a column of figures: what is shown is rounded, to the hundredth of a 万元."""

import pytest

from cityforge.brain.errors import Text
from cityforge.brain.reports import money


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (0, "0", "0"),
        (100_000_000, "100.00", "1,000,000.00"),
        (123_456_789, "123.46", "1,234,567.89"),
        (12_350_000, "12.35", "123,500.00"),
        (4_999, "0.00", "49.99"),
        (5_000, "0.01", "50.00"),
        (1_882_236_240_025, "1,882,236.24", "18,822,362,400.25"),
        (-12_350_000, "-12.35", "-123,500.00"),
        (-1, "0.00", "-0.01"),
    ],
)
def test_figures(fen: int, zh: str, en: str) -> None:
    assert money.figure(fen) == Text(zh, en)


def test_more_has_a_plus_and_nothing_has_none() -> None:
    assert money.signed(10_000).zh == "+0.01"
    assert money.signed(-10_000).zh == "-0.01"
    assert money.signed(0) == Text("0", "0")


def test_with_its_unit_and_unknown() -> None:
    assert money.amount(300_000_000) == Text("300 万元", "3,000,000 yuan")
    assert money.amount(123_456_789) == Text("123.46 万元", "1,234,567.89 yuan")
    assert money.figure(None) == "—"
