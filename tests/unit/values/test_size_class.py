"""The size rule of 2017: limits, dropping a class, missing figures, industries without a rule."""

import csv
from pathlib import Path

import pytest

from cityforge.brain.errors import ValueRefused
from cityforge.brain.values import size_class
from cityforge.brain.values.quantity import Quantity
from cityforge.brain.values.size_class import SizeClass, classify

LARGE, MEDIUM, SMALL, MICRO = (
    SizeClass.LARGE,
    SizeClass.MEDIUM,
    SizeClass.SMALL,
    SizeClass.MICRO,
)


@pytest.mark.parametrize(
    ("code", "figures", "expected"),
    [
        ("C3411", "1000人 4亿元 -", LARGE),
        ("C3411", "999人 4亿元 -", MEDIUM),
        ("C3411", "1000人 39999万元 -", MEDIUM),
        ("C3411", "5000人 1999万元 -", SMALL),
        ("C3411", "299人 90亿元 -", SMALL),
        ("C3411", "20人 300万元 -", SMALL),
        ("C3411", "19人 90亿元 -", MICRO),
        ("C3411", "5000人 2999999元 -", MICRO),
        ("C3411", "- 100万元 -", MICRO),
        ("C3411", "10人 - -", MICRO),
        ("C3411", "1000人 - -", None),
        ("C3411", "- 4亿元 -", None),
        ("C3411", "- - 9亿元", None),
        ("E47", "- 8亿元 8亿元", LARGE),
        ("E47", "- 8亿元 7亿元", MEDIUM),
        ("E47", "1人 8亿元 8亿元", LARGE),
        ("E47", "- - 299万元", MICRO),
        ("0111", "- 500万元 -", MEDIUM),
        ("0511", "100人 - -", MEDIUM),
        ("5910", "1000人 3亿元 -", LARGE),
        ("5920", "200人 3亿元 -", LARGE),
        ("7010", "- 20亿元 1亿元", LARGE),
        ("7020", "1000人 5000万元 -", LARGE),
        ("L72", "300人 - 12亿元", LARGE),
        ("M7320", "9人 - -", MICRO),
        ("Q85", "300人 - -", LARGE),
    ],
)
def test_all_limits_must_be_met_and_missing_is_unknown(
    code: str, figures: str, expected: SizeClass | None
) -> None:
    employees, revenue, assets = (
        None if text == "-" else Quantity.parse(text) for text in figures.split()
    )
    assert classify(code, employees=employees, revenue=revenue, assets=assets) is expected


@pytest.mark.parametrize("code", ["J66", "P83", "Q84", "G53", "7040", "S91", "T", "C99"])
def test_industries_without_a_rule_are_refused_by_name(code: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        classify(code, employees=Quantity.parse("10人"))
    assert code in refused.value.what.zh


def test_a_wrong_unit_is_refused() -> None:
    with pytest.raises(ValueRefused):
        classify("C34", employees=Quantity.parse("10人"), revenue=Quantity.parse("10亩"))


def test_sizes_are_ordered_and_named() -> None:
    assert LARGE > MEDIUM > SMALL > MICRO
    assert [size.text.zh for size in SizeClass] == ["微型", "小型", "中型", "大型"]


@pytest.mark.shared
def test_the_limits_are_those_of_the_published_table(shared: Path) -> None:
    with (shared / "data/classifications/enterprise_size_2017.csv").open(encoding="utf-8-sig") as f:
        rows = list(csv.DictReader(f))
    figures = {"从业人员": "employees", "营业收入": "revenue", "资产总额": "assets"}
    published = {
        (row["industry"], figures[row["indicator"]]): tuple(
            Quantity.parse(row[limit] + row["unit"])
            for limit in ("small_min", "medium_min", "large_min")
        )
        for row in rows
    }
    ours = {
        (rule.name, limits.figure): (limits.small, limits.medium, limits.large)
        for rule in size_class.rules()
        for limits in rule.limits
    }
    assert len(ours) == 30
    assert ours == published
