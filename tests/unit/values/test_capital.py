"""Registered capital: every way of writing that the real registers hold, and what is refused."""

import collections
import csv
import gzip
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest

from cityforge.brain.errors import ValueRefused
from cityforge.brain.values import capital
from cityforge.brain.values.capital import Capital

READ: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "512.6万人民币": ("5126000", "CNY", ()),
    "52(万元人民币)": ("520000", "CNY", ()),
    "1,692.4801(万元人民币)": ("16924801", "CNY", ()),
    "1,815,304.4930(万元人民币)": ("18153044930", "CNY", ()),
    "120万元人民币": ("1200000", "CNY", ()),
    "0.8万人民币元": ("8000", "CNY", ()),
    "10(万元(人民币))": ("100000", "CNY", ()),
    "24.6800(万元)": ("246800", "CNY", ()),
    "240(万美元)": ("2400000", "USD", ()),
    "30(万元美元)": ("300000", "USD", ()),
    "10,100(万日元)": ("101000000", "JPY", ()),
    "2,500(万港元)": ("25000000", "HKD", ()),
    "200(万香港元)": ("2000000", "HKD", ()),
    "490(万欧元)": ("4900000", "EUR", ()),
    "450(万德国马克)": ("4500000", "DEM", ()),
    "3,350(万丹麦克郎)": ("33500000", "DKK", ()),
    "47(万澳大利亚元)": ("470000", "AUD", ()),
    "700(万瑞士法郎)": ("7000000", "CHF", ()),
    "262(万新加坡元)": ("2620000", "SGD", ()),
    "230(万)": ("2300000", "CNY", ("currency_assumed",)),
    "1.5万": ("15000", "CNY", ("currency_assumed",)),
    "0(万元人民币)": ("0", "CNY", ("zero_stated",)),
    "0.0000(万)": ("0", "CNY", ("zero_stated", "currency_assumed")),
    "５１２．６万元": ("5126000", "CNY", ()),
    "１，０００（万美元）": ("10000000", "USD", ()),
    "1.5亿元": ("150000000", "CNY", ()),
    "1亿2000万元": ("120000000", "CNY", ()),
    "3千万元": ("30000000", "CNY", ()),
    "500000元": ("500000", "CNY", ()),
    "人民币100万元整": ("1000000", "CNY", ()),
    "人民币壹佰万元整": ("1000000", "CNY", ()),
    "一百五十万元": ("1500000", "CNY", ()),
    "￥80万元": ("800000", "CNY", ()),
    "US$ 1,000": ("1000", "USD", ()),
    "usd 100万": ("1000000", "USD", ()),
    "注册资本：100万元人民币": ("1000000", "CNY", ()),
    " 80 万元 ": ("800000", "CNY", ()),
    "1,000亿元": ("100000000000", "CNY", ()),
    "100000001万元": ("1000000010000", "CNY", ("implausible",)),
}


@pytest.mark.parametrize(("text", "wanted"), READ.items())
def test_a_capital_is_read_exactly_in_its_own_currency(
    text: str, wanted: tuple[str, str, tuple[str, ...]]
) -> None:
    amount, currency, flags = wanted
    assert capital.read(text) == Capital(Decimal(amount), currency, flags)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "  ", "N/A", "n/a", "-", "——", "无", "未公示", None, "ＮＡ"])
def test_what_states_nothing_is_missing_and_no_zero(text: str | None) -> None:
    assert capital.read(text) is None


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("60(元/万元)", 3, "元/万元"),
        ("JEAN", 0, "JEAN"),
        ("TIEN-AN）", 0, "TIEN-AN"),
        ("100", 3, "没有单位"),
        ("1,00万元", 1, ",00万元"),
        ("-5万元", 0, "-5万元"),
        ("100万火星元", 4, "火星元"),
        ("美元100万日元", 0, "两种币种"),
        ("200(300)万元", 3, "200(300)"),
        ("12 600万元", 2, "12 600"),
        ("1万2亿元", 2, "1万2亿"),
        ("万元", 0, "万元"),
        ("9" * 61 + "万元", 0, "…"),
    ],
)
def test_what_cannot_be_read_says_where_and_what_to_write(
    text: str, position: int, says: str
) -> None:
    with pytest.raises(ValueRefused) as refused:
        capital.read(text)
    assert refused.value.position == position
    assert says in refused.value.what.zh
    assert refused.value.hint.zh


def test_the_unit_of_a_header_counts_for_a_bare_number_only() -> None:
    assert capital.read("512.6", unit="万元") == Capital(Decimal(5126000), "CNY")
    assert capital.read("512.6", unit="（万美元）") == Capital(Decimal(5126000), "USD")
    assert capital.read("240(万美元)", unit="元") == Capital(Decimal(2400000), "USD")


def test_a_foreign_capital_knows_that_it_is_foreign() -> None:
    dollars, yuan = capital.read("240万美元"), capital.read("240万元")
    assert dollars is not None and dollars.is_foreign
    assert yuan is not None and not yuan.is_foreign


def _counted(texts: Iterable[str]) -> collections.Counter[str]:
    counts: collections.Counter[str] = collections.Counter()
    for text in texts:
        try:
            read = capital.read(text)
        except ValueRefused:
            counts["refused"] += 1
            continue
        counts["missing" if read is None else "read"] += 1
        if read is not None:
            counts["foreign"] += read.is_foreign
            counts.update(read.flags)
    return counts


@pytest.mark.shared
def test_all_but_one_of_the_5429_stated_capitals_of_taizhou_are_read(shared: Path) -> None:
    file = shared / "data" / "enterprises" / "taizhou_registrations.csv"
    with file.open(encoding="utf-8-sig", newline="") as stream:
        texts = [row["注册资金"] for row in csv.DictReader(stream)]
    assert len(texts) == 5657
    # 5,429 = 5,657 rows less the 228 that say N/A; the one unread is “60(元/万元)”.
    assert _counted(texts) == {
        "read": 5428, "missing": 228, "refused": 1,
        "foreign": 70, "zero_stated": 829, "currency_assumed": 16,
    }  # fmt: skip


@pytest.mark.shared
def test_all_but_seven_of_the_stated_capitals_of_jiangsu_are_read(shared: Path) -> None:
    packed = shared / "data" / "enterprises" / "jiangsu_registrations_slim.csv.gz"
    with gzip.open(packed, "rt", encoding="utf-8-sig", newline="") as stream:
        counts = _counted(row["注册资金"] for row in csv.DictReader(stream))
    # Six of the seven are pieces of a person's name that slipped into the column.
    assert counts["read"] == 140_886
    assert counts["refused"] == 7
    assert counts["missing"] == 4_317
