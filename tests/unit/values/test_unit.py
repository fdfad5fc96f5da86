"""Units: the table, compounds, prefixes of literals, refusals."""

from fractions import Fraction

import pytest

from cityforge.brain.errors import ValueRefused
from cityforge.brain.values.unit import PLAIN, Unit, match_prefix, unit, units, written


@pytest.mark.parametrize(
    ("text", "base", "factor"),
    [
        ("元", "money", 1),
        ("千元", "money", 1000),
        ("万元", "money", 10_000),
        ("百万元", "money", 10**6),
        ("亿元", "money", 10**8),
        ("万亿元", "money", 10**12),
        ("万元人民币", "money", 10_000),
        ("万美元", "usd", 10_000),
        ("㎡", "area", 1),
        ("m²", "area", 1),
        ("平方米", "area", 1),
        ("万㎡", "area", 10_000),
        ("亩", "area", Fraction(10_000, 15)),
        ("公顷", "area", 10_000),
        ("平方公里", "area", 10**6),
        ("kgce", "energy", 1),
        ("tce", "energy", 1000),
        ("吨标煤", "energy", 1000),
        ("万吨标准煤", "energy", 10**7),
        ("kwh", "electricity", 1),
        ("度", "electricity", 1),
        ("万千瓦时", "electricity", 10_000),
        ("亿千瓦时", "electricity", 10**8),
        ("吨", "mass", 1000),
        ("千克", "mass", 1),
        ("万人", "person", 10_000),
        ("万家", "item", 10_000),
        ("年", "year", 1),
        ("个月", "year", Fraction(1, 12)),
        ("天", "day", 1),
        ("个工作日", "workday", 1),
        ("个百分点", "percentage_point", 1),
    ],
)
def test_a_simple_unit_has_one_base_and_an_exact_factor(
    text: str, base: str, factor: Fraction | int
) -> None:
    assert (unit(text).dimension, unit(text).factor) == (((base, 1),), factor)
    assert unit(text).symbol == text


@pytest.mark.parametrize(("text", "factor"), [("%", "1/100"), ("％", "1/100"), ("‰", "1/1000")])
def test_shares_have_no_dimension(text: str, factor: str) -> None:
    assert (unit(text).dimension, unit(text).factor) == ((), Fraction(factor))


def test_hectare_is_fifteen_mu() -> None:
    assert unit("公顷").factor == 15 * unit("亩").factor


def test_compounds_divide_and_multiply_from_the_left() -> None:
    assert unit("万元/亩").dimension == (("area", -1), ("money", 1))
    assert unit("万元/亩").factor == Fraction(15)
    assert unit("元/人/年").dimension == (("money", 1), ("person", -1), ("year", -1))
    assert unit("人·年").dimension == unit("人*年").dimension == (("person", 1), ("year", 1))
    assert unit("1/亩").dimension == (("area", -1),)
    assert unit("") is PLAIN


def test_arithmetic_of_units_keeps_a_symbol_that_reads_back() -> None:
    per_mu = unit("万元") / unit("亩")
    assert per_mu == unit("万元/亩")
    assert per_mu * unit("亩") == unit("万元")
    assert unit("元") / unit("元") == PLAIN
    assert PLAIN / unit("亩") == unit("1/亩")
    assert unit("万元") / unit("元") == Unit("万元/元", (), Fraction(10_000))
    product = unit("件/万人") * unit("元/吨")
    assert unit(product.symbol) == product


def test_likeness_is_of_dimensions() -> None:
    assert unit("万元").is_like(unit("元"))
    assert not unit("万元").is_like(unit("万美元"))
    assert not unit("%").is_like(unit("个百分点"))


@pytest.mark.parametrize(
    ("text", "start", "found"),
    [
        ("500万元 and x", 3, "万元"),
        ("3%", 1, "%"),
        ("3％ ", 1, "％"),
        ("20万元/亩)", 2, "万元/亩"),
        ("12元/千瓦时", 2, "元/千瓦时"),
        ("20件/万人", 2, "件/万人"),
        ("100万千瓦时", 3, "万千瓦时"),
        ("100万千瓦", 3, "万千瓦"),
        ("5年", 1, "年"),
        ("3个百分点", 1, "个百分点"),
        ("5元/亩均税收", 1, "元"),
        ("5元/", 1, "元"),
        ("3家企业", 1, None),
        ("3年x", 1, None),
        ("3%x", 1, None),
        ("3 万元", 1, None),
        ("3", 1, None),
    ],
)
def test_the_longest_unit_at_a_place_is_found(text: str, start: int, found: str | None) -> None:
    assert match_prefix(text, start) == found


def test_a_chain_of_ten_thousand_units_does_not_overflow() -> None:
    assert match_prefix("元" + "/元" * 10_000, 0) == "元" + "/元" * 10_000


@pytest.mark.parametrize(
    ("text", "position", "hint"), [("万园", 0, "万元"), ("万元/母", 3, "亩"), ("元//亩", 2, "")]
)
def test_an_unknown_unit_is_refused_at_its_place(text: str, position: int, hint: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        unit(text)
    assert refused.value.position == position
    assert hint in refused.value.hint.zh


def test_every_listed_unit_reads_back_with_names_for_the_reader() -> None:
    listed = units()
    assert len({known.unit.symbol for known in listed}) == len(listed) > 150
    for known in listed:
        for spelling in (known.unit.symbol, *known.aliases):
            read = unit(spelling)
            assert (read.dimension, read.factor) == (known.unit.dimension, known.unit.factor)
        assert known.zh
        assert known.en.strip() == known.en != ""


@pytest.mark.parametrize(
    ("symbol", "english"),
    [
        ("万元/亩", "ten thousand yuan/mu"),
        ("亿元", "hundred million yuan"),
        ("万元/吨标准煤", "ten thousand yuan/tce"),
        ("万千瓦时", "ten thousand kWh"),
        ("人", "people"),
        ("万元/人", "ten thousand yuan/person"),
        ("家", ""),
        ("万元/家", "ten thousand yuan/item"),
        ("%", "%"),
        ("斗", "斗"),
        ("", ""),
    ],
)
def test_units_after_a_number_in_english(symbol: str, english: str) -> None:
    assert (written(symbol).zh, written(symbol).en) == (symbol, english)


def test_every_unit_is_written_in_english() -> None:
    """Without a Chinese character, whatever the magnitude and the spelling."""
    for known in units():
        for spelling in (known.unit.symbol, *known.aliases):
            assert not any("\u4e00" <= letter <= "\u9fff" for letter in written(spelling).en)
