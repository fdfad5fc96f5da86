"""What a revision changed, said in sentences."""

from cityforge.brain.plans.diff import compare
from cityforge.brain.plans.read import read_lines

OLD = """云屿市渔港行动计划（2025—2027年）
类别\t指标\t单位\t2027年
规模\t渔业产值\t亿元\t300
一、重点任务
（一）建设渔港。到2027年，建成渔港9座以上。（责任单位：市渔业局、财政局）
（二）改造渔船。改造渔船30艘。（市渔业局牵头）
（三）培育品牌。培育品牌5个。"""


def said(old: str, new: str) -> list[str]:
    return [text.zh for text in compare(*(read_lines(t.split("\n")) for t in (old, new)))]


def test_the_same_plan_does_not_differ() -> None:
    assert said(OLD, OLD) == []


def test_a_changed_value() -> None:
    assert said(OLD, OLD.replace("9座以上", "12座")) == [
        "举措 1“建设渔港”：文字有改动",
        "目标改变：原“2027年 渔港 9座以上”，现“2027年 渔港 12座”",
    ]


def test_units_come_go_and_change_their_role() -> None:
    new = OLD.replace("市渔业局、财政局", "市渔业局、商务局").replace(
        "市渔业局牵头", "市渔业局配合"
    )
    assert said(OLD, new) == [
        "举措 1“建设渔港”：不再由市财政局负责",
        "举措 1“建设渔港”：增加市商务局（负责）",
        "举措 2“改造渔船”：市渔业局由牵头改为配合",
    ]


def test_a_measure_goes_and_another_comes_and_numbers_move() -> None:
    new = OLD.replace(
        "（一）建设渔港。到2027年，建成渔港9座以上。（责任单位：市渔业局、财政局）\n", ""
    )
    new = new.replace("（二）", "（一）").replace(
        "（三）培育品牌。培育品牌5个。", "（二）发展休闲渔业。开放渔村8个。"
    )
    assert said(OLD, new) == [
        "删去举措 1“建设渔港”",
        "删去举措 3“培育品牌”",
        "新增举措 2“发展休闲渔业”",
        "举措 1“改造渔船”：编号原为 2",
        "删去目标：2027年 渔港 9座以上",
        "删去目标：品牌 5个",
        "新增目标：开放渔村 8个",
    ]


def test_title_years_and_table() -> None:
    new = OLD.replace("2027年）", "2028年）").replace("亿元\t300", "亿元\t320左右")
    assert said(OLD, new) == [
        "标题由“云屿市渔港行动计划（2025—2027年）”改为“云屿市渔港行动计划（2025—2028年）”",
        "年份由 2025—2027 改为 2025—2028",
        "指标表“渔业产值”由 300亿元 改为 320亿元左右",
    ]
