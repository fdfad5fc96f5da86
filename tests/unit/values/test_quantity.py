"""Quantities: reading, exact conversion, comparison, the energy switch."""

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from cityforge.brain.errors import ValueRefused
from cityforge.brain.values.quantity import Quantity, electricity_to_energy, unit

read = Quantity.parse


@pytest.mark.parametrize(
    ("text", "value", "symbol"),
    [
        ("512.6万元", "512.6", "万元"),
        ("1,234.5 亩", "1234.5", "亩"),
        ("1,234,567元", "1234567", "元"),
        ("５２（万元）", "52", "万元"),
        ("52(万元人民币)", "52", "万元人民币"),
        ("512.6万人民币", "512.6", "万人民币"),
        ("-3.5%", "-3.5", "%"),
        ("−2个百分点", "-2", "个百分点"),
        (".5倍", "0.5", "倍"),
        ("12", "12", ""),
        (" 20万元/亩 ", "20", "万元/亩"),
    ],
)
def test_a_number_and_its_unit_are_read(text: str, value: str, symbol: str) -> None:
    assert (read(text).value, read(text).unit) == (Fraction(value), unit(symbol))


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("万元", 0),
        ("  abc", 2),
        ("5园", 1),
        ("1,23元", 1),
        ("5万元/母", 4),
        ("5(万园)", 2),
        ("9" * 5000, 0),
        ("5 " * 500, 2),
        ("Ⅻ元", 0),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(text: str, position: int) -> None:
    with pytest.raises(ValueRefused) as refused:
        read(text)
    assert refused.value.position == position


@pytest.mark.parametrize(
    ("text", "to", "expected"),
    [
        ("1亿元", "千元", "100000"),
        ("5亩", "㎡", "10000/3"),
        ("1公顷", "亩", "15"),
        ("1平方公里", "亩", "1500"),
        ("3万吨标准煤", "kgce", "30000000"),
        ("18个月", "年", "3/2"),
        ("3%", "", "3/100"),
        ("1万元/亩", "元/㎡", "15"),
    ],
)
def test_conversion_is_exact(text: str, to: str, expected: str) -> None:
    assert read(text).to(unit(to)).value == Fraction(expected)


@pytest.mark.parametrize(
    ("text", "places", "expected"),
    [
        ("0.125", 2, "0.13"),
        ("-0.125", 2, "-0.13"),
        ("0.124", 2, "0.12"),
        ("2.5", 0, "3"),
        ("-0.001", 2, "0.00"),
        ("100", 1, "100.0"),
    ],
)
def test_rounding_is_half_up_and_explicit(text: str, places: int, expected: str) -> None:
    assert str(read(text).decimal(places)) == expected


def test_like_units_compare_and_add_by_amount() -> None:
    assert read("1万元") == read("10000元")
    assert hash(read("1万元")) == hash(read("10000元"))
    assert read("1万元") < read("10001元") <= read("2万元")
    assert max(read("1亩"), read("600㎡")) == read("1亩")
    assert str(read("1万元") + read("5000元")) == "1.5万元"
    assert str(read("1万元") - read("2万元")) == "-1万元"
    assert read("6万元") / read("3亩") == read("2万元/亩")
    assert read("2万元/亩") * read("3亩") == read("6万元")


def test_unlike_units_neither_convert_nor_order_but_are_unequal() -> None:
    money, land = read("1万元"), read("1亩")
    assert money != land
    assert money != 10_000
    for refuse in (lambda: money < land, lambda: money + land, lambda: money.to(land.unit)):
        with pytest.raises(ValueRefused) as refused:
            refuse()
        assert "万元" in refused.value.what.zh
        assert "亩" in refused.value.what.zh


def test_a_float_is_no_exact_number() -> None:
    with pytest.raises(TypeError):
        Quantity(0.1, unit("元"))  # type: ignore[arg-type]


def test_text_of_a_quantity() -> None:
    assert str(Quantity(Decimal("512.60"), unit("万元"))) == "512.6万元"
    assert str(Quantity(Fraction(1, 3), unit("亩"))) == "1/3亩"
    assert str(Quantity(120_000)) == "120000"


def test_electricity_counts_by_its_own_heat_or_by_the_years_coal_rate() -> None:
    power = read("10万kWh")
    assert electricity_to_energy(power, basis="calorific") == read("12.29tce")
    rate = read("300克标准煤/kWh")
    assert electricity_to_energy(power, basis="equivalent", coal_rate=rate) == read("30tce")


def test_the_equivalent_basis_has_no_default_rate() -> None:
    with pytest.raises(ValueRefused, match="coal rate"):
        electricity_to_energy(read("1kWh"), basis="equivalent")
    with pytest.raises(ValueRefused):
        electricity_to_energy(read("1tce"), basis="calorific")


@pytest.mark.shared
def test_every_registered_capital_of_the_real_file_is_read_or_said_to_be_absent(
    shared: Path,
) -> None:
    with (shared / "data/enterprises/taizhou_registrations.csv").open(encoding="utf-8-sig") as f:
        texts = [row["注册资金"] for row in csv.DictReader(f)]
    dimensions = {read(text).unit.dimension for text in texts if text != "N/A"}
    # 16 rows say only 万 and one says 元/万元: numbers without a currency, for the caller to judge.
    assert dimensions == {(("money", 1),), (("usd", 1),), (("jpy", 1),), (("hkd", 1),), ()}
