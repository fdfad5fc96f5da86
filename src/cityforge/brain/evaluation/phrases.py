"""Pieces of a scheme in words: its rules, points, measures, stages."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from cityforge.brain.city.scheme_grading import ExtraPoints, Measure, Stage
from cityforge.brain.city.scheme_scoring import Base, Scoring
from cityforge.brain.city.shapes import Evidence
from cityforge.brain.errors import Text
from cityforge.brain.scoring.functions import FUNCTIONS

DIRECTIONS = {
    "up": Text(zh="越大越好", en="more is better"),
    "down": Text(zh="越小越好", en="less is better"),
}
BY = {
    "rank_share": Text(zh="按名次占比", en="by share of the ranking"),
    "score": Text(zh="按总分", en="by total"),
}
TIED = {
    "apart": Text(zh="按信用代码分先后", en="told apart by code"),
    "better": Text(zh="并列取较高档", en="all in the better grade"),
    "worse": Text(zh="并列取较低档", en="all in the worse grade"),
}
GAPS = {
    "group_average_score": Text(zh="得组平均分", en="the average points of the group"),
    "zero": Text(zh="计 0 分", en="no points"),
    "penalty": Text(zh="扣分", en="points are taken"),
    "reweight": Text(zh="权重分给其余指标", en="its weight goes to the others"),
}
METHODS = {
    "fixed": Text(zh="固定值", en="fixed values"),
    "parameter": Text(zh="参数", en="a parameter"),
    "expression": Text(zh="企业自身事实", en="its own facts"),
    "mean": Text(zh="平均值", en="mean"),
    "median": Text(zh="中位数", en="median"),
    "lowest": Text(zh="最低值", en="lowest"),
    "highest": Text(zh="最高值", en="highest"),
}
RESOURCES = {
    "land": Text(zh="用地", en="land"),
    "electricity": Text(zh="用电", en="electricity"),
    "water": Text(zh="用水", en="water"),
    "energy": Text(zh="用能", en="energy"),
    "emission": Text(zh="排污", en="emissions"),
    "credit": Text(zh="信贷", en="credit"),
    "tax": Text(zh="税费", en="tax"),
    "project": Text(zh="项目", en="projects"),
}
STATES = {
    "announced": Text(zh="方案发布", en="announced"),
    "listed": Text(zh="名单确定", en="list settled"),
    "collected": Text(zh="数据归集", en="data collected"),
    "checked": Text(zh="企业核对", en="checked by enterprises"),
    "objected": Text(zh="异议处理", en="objections"),
    "computed": Text(zh="计算", en="computed"),
    "reviewed": Text(zh="部门会审", en="reviewed by offices"),
    "published": Text(zh="公示", en="published"),
    "settled": Text(zh="审定", en="settled"),
    "applied": Text(zh="结果应用", en="applied"),
    "archived": Text(zh="归档", en="archived"),
}


def number(value: Decimal | int) -> str:
    """A number without idle zeros: 45.00 as 45, 1E+2 as 100."""
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def quoted(words: str) -> str:
    return f"《{words}》"


def plain(value: object) -> Text | None:
    """A plain value alike in both languages; None stays None."""
    if value is None:
        return None
    shown = number(value) if isinstance(value, Decimal | int) else str(value)
    if isinstance(value, date):
        shown = value.isoformat()
    return Text(zh=shown, en=shown)


def joined(parts: Iterable[Text]) -> Text:
    found = list(parts)
    return Text(zh="、".join(one.zh for one in found), en=", ".join(one.en for one in found))


def evidence(one: Evidence) -> Text:
    number_ = f"（{one.document_number}）" if one.document_number else ""
    shown = f"{one.source}{number_}，{one.verified.value}"
    return Text(zh=shown, en=shown)


def base(rule: Base | None) -> Text | None:
    """How a base value comes about: 上年度平均值（合计之比）× 2，按 district."""
    if rule is None:
        return None
    method = METHODS[rule.over or rule.method]
    zh, en = method.zh, method.en
    if rule.over:
        zh = ("上年度" if rule.year_before else "当年") + zh
        en = f"{en} of {'the last year' if rule.year_before else 'the year'}"
    if rule.over == "mean":
        zh += "（合计之比）" if rule.mean == "of_sums" else "（比值平均）"
        en += " (ratio of sums)" if rule.mean == "of_sums" else " (mean of ratios)"
    if rule.parameter or rule.expr:
        zh, en = f"{zh} {rule.parameter or rule.expr}", f"{en} {rule.parameter or rule.expr}"
    if rule.values:
        shown = "、".join(f"{one.year}: {number(one.value)}" for one in rule.values)
        zh, en = f"{zh}（{shown}）", f"{en} ({shown})"
    if rule.factor != 1:
        zh, en = f"{zh}× {number(rule.factor)}", f"{en} × {number(rule.factor)}"
    if rule.within:
        names = ", ".join(rule.within)
        zh, en = f"{zh}，按 {names}", f"{en}, within {names}"
    return Text(zh=zh, en=en)


def scoring(rule: Scoring | None) -> Text | None:
    """The function with its settings: 与基准值之比，封顶 2 倍权重，最低 0 分."""
    if rule is None:
        return None
    title = FUNCTIONS[rule.function].title
    zh, en = [title.zh], [title.en]
    for value, words, words_en in (
        (rule.cap, "封顶 {} 倍权重", "at most {} times the weight"),
        (rule.floor, "最低 {} 分", "at least {} points"),
        (rule.start, "起点 {}%", "from {} %"),
        (rule.step, "每名少 {}%", "{} % less a place"),
    ):
        if value is not None:
            zh.append(words.format(number(value)))
            en.append(words_en.format(number(value)))
    for step in rule.steps:
        zh.append(f"{number(step.at)} 得 {number(step.points)}")
        en.append(f"{number(step.at)} gives {number(step.points)}")
    if rule.otherwise:
        zh.append(f"其余 {number(rule.otherwise)}")
        en.append(f"else {number(rule.otherwise)}")
    return Text(zh="，".join(zh), en=", ".join(en))


def gap(rule: str | None) -> Text | None:
    return None if rule is None else GAPS[rule]


def points(item: ExtraPoints) -> Text:
    """5 分, or how the points are worked out."""
    if item.points is not None:
        return Text(zh=f"{number(item.points)} 分", en=f"{number(item.points)} points")
    return Text(zh=f"{item.expr} 分", en=f"{item.expr} points")


def measure(one: Measure) -> Text:
    """One line of the policy on resources: D 用电：差别电价 0.1 元/千瓦时（连续第 2 年起）."""
    resource, grades = RESOURCES[one.resource], "、".join(one.grades)
    value = "" if one.value is None else f" {number(one.value)} {one.unit or ''}".rstrip()
    zh, en = f"{grades} {resource.zh}：{one.says}{value}", f"{grades} {resource.en}: {one.says_en}"
    en += value
    if one.years > 1:
        zh += f"（连续第 {one.years} 年起）"
        en += f" (from year {one.years} running)"
    return Text(zh=zh, en=en)


def stage(one: Stage | None) -> Text | None:
    """When a stage begins and how many working days it has; None where there is none."""
    if one is None:
        return None
    zh = [f"{one.begins} 起"] if one.begins else []
    en = [f"from {one.begins}"] if one.begins else []
    if one.working_days:
        zh.append(f"{one.working_days} 个工作日")
        en.append(f"{one.working_days} working days")
    return Text(zh="，".join(zh) or "有此步", en=", ".join(en) or "stated")
