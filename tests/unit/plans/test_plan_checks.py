"""Conflicts that a plan may hold, and those that only look like one."""

import pytest

from cityforge.brain.city.place import Unit
from cityforge.brain.plans.checks import check
from cityforge.brain.plans.read import read_lines


def found(text: str, **more: object) -> list[str]:
    problems = check(read_lines(text.split("\n")), file="plan", **more)  # type: ignore[arg-type]
    return [f"{p.severity} {p.line}: {p.what.zh}" for p in problems]


def test_one_indicator_with_two_values_for_one_year() -> None:
    text = """一、总体要求
（一）主要目标。到2027年，全市深水网箱达到3000口。
二、重点任务
（一）做强养殖。到2027年，深水网箱达到2800口。
（二）做强加工。到2027年，深水网箱达到0.3万口。"""
    said = found(text)
    assert said == [
        "error 4: 同一指标两个数：“2027年 深水网箱 2800口”，前面是“2027年 全市深水网箱 3000口”"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "到2026年，网箱达到2000口。到2027年，网箱达到3000口。",
        "网箱总数突破2000口，力争达到3000口。",
        "每年新建网箱200口。到2027年，网箱达到3000口。",
        "2026年新增码头2座、2027年新增码头3座。",
    ],
)
def test_what_is_no_conflict(text: str) -> None:
    assert found(f"一、重点任务\n（一）做强养殖。{text}") == []


TABLE = "\n类别\t指标\t单位\t2027年\n规模\t渔业产值\t亿元\t300\n\t深水网箱数\t口\t3000\n"


def test_a_table_that_disagrees_with_the_text() -> None:
    text = f"一、主要目标\n到2027年，全市渔业产值达到280亿元，深水网箱达到3000口。{TABLE}"
    assert [line for line in found(text) if "指标表" in line] == [
        "error 2: 正文与指标表不一致：正文“2027年 全市渔业产值 280亿元”，指标表“渔业产值”为 300亿元"
    ]


def test_a_measure_without_a_unit_among_measures_with_units() -> None:
    text = """一、重点任务
（一）建设网箱。（市渔业局负责）
（二）改良品种。推广良种。
（三）培育龙头。（市渔业局负责）"""
    assert found(text) == ["warning 3: 举措 2“改良品种”没有责任单位"]


def test_a_report_that_names_no_units_at_all_is_no_slip() -> None:
    assert found("一、重点任务\n（一）建设网箱。建设。\n（二）改良品种。推广。") == []


def test_units_that_the_city_does_not_know() -> None:
    units = {
        "yyj": Unit(
            id="yyj", title="云屿市渔业局", title_en="Fisheries", forms=["渔业局", "市海洋渔业局"]
        )
    }
    text = "一、重点任务\n（一）建设网箱。（责任单位：市渔业局、海洋渔业局、渔政局）"
    problems = check(read_lines(text.split("\n")), file="plan", units=units, city="云屿市")
    assert [p.what.zh for p in problems] == ["units.yaml 里没有“市渔政局”"]
    assert "渔业局" in problems[0].hint.zh
