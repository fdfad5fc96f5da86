"""Facts, amounts and names as a person reads them."""

from decimal import Decimal
from pathlib import Path

import pytest

from cityforge.brain.city import checks
from cityforge.brain.expr.types import Kind, Type
from cityforge.brain.reports import policy_words as words
from cityforge.brain.reports.fact_names import Names
from cityforge.brain.values.quantity import unit

LANHE = Path(__file__).resolve().parents[2] / "cities" / "lanhe"


@pytest.fixture(scope="module")
def names() -> Names:
    return Names(*checks.load(LANHE))


@pytest.mark.parametrize(
    ("number", "symbol", "is_share", "zh", "en"),
    [
        (0.0594, "", True, "5.94%", "5.94%"),  # liabilities / assets
        (59.426, "%", True, "59.43%", "59.43%"),  # the same, as a fact told in per cent
        (-3.3745, "%", True, "-3.37%", "-3.37%"),
        (15, "%", False, "15%", "15%"),
        (Decimal("643"), "人", False, "643 人", "643 people"),
        (Decimal("1234.5"), "万元", False, "1,234.5 万元", "12,345,000 yuan"),
    ],
)
def test_a_number_of_a_type(
    number: Decimal | float, symbol: str, *, is_share: bool, zh: str, en: str
) -> None:
    told = words.typed(number, Type(Kind.DOUBLE, unit(symbol), is_share=is_share))
    assert (told.zh, told.en) == (zh, en)


def test_the_years_of_a_fact_are_told_together(names: Names) -> None:
    told = names.columns(["revenue[-2]", "revenue", "revenue[-1]", "employees"], year=2024)
    assert told.zh == "营业收入（2022—2024 年）、从业人数"
    apart = names.columns(["revenue[-2]", "revenue"], year=2024)
    assert apart.zh == "营业收入（2022、2024 年）"
    assert names.columns(["revenue[-1]"], year=2024).zh == "2023 年营业收入"


def test_an_amount_after_words() -> None:
    told = [f"合计{words.after_words(one)}" for one in ("约 3 万元", "3 元")]
    assert told == ["合计约 3 万元", "合计 3 元"]
