"""Two versions of a scheme told apart in sentences."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from cityforge.brain.city.scheme import Scheme
from cityforge.brain.evaluation.differences import differences

TAIZHOU = Path(__file__).resolve().parents[3] / "cities" / "taizhou" / "schemes"
Change = Callable[[dict[str, Any]], Any]


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load((TAIZHOU / f"{name}.yaml").read_text("utf-8"))
    return found


def told(change: Change, name: str = "js_default", language: str = "zh") -> list[str]:
    """What the change is told as."""
    old, new = read(name), read(name)
    change(new)
    found = differences(Scheme.model_validate(old), Scheme.model_validate(new))
    return [getattr(text, language) for text in found]


@pytest.mark.parametrize("name", sorted(file.stem for file in TAIZHOU.glob("*.yaml")))
def test_a_scheme_does_not_differ_from_itself(name: str) -> None:
    assert told(lambda _: None, name) == []


def weigh(*weights: tuple[int, str, int]) -> Change:
    def change(scheme: dict[str, Any]) -> None:
        for part, name, weight in weights:
            for indicator in scheme["parts"][part]["indicators"]:
                if indicator["id"] == name:
                    indicator["weight"] = weight

    return change


def test_a_weight_that_moves_in_every_part_is_told_once() -> None:
    everywhere = [(part, name, weight) for part in (0, 1)
                  for name, weight in (("tax_per_mu", 40), ("sales_per_mu", 40))]  # fmt: skip
    assert told(weigh(*everywhere)) == ["亩均税收权重由 45 调为 40", "亩均销售权重由 35 调为 40"]
    assert told(weigh(*everywhere), language="en")[0] == "weight of tax per mu: 45 becomes 40"


def test_a_weight_that_moves_in_one_part_is_told_with_the_part() -> None:
    found = told(weigh((1, "tax_per_mu", 40), (1, "green", 25)))
    assert found == [
        "规下：亩均税收权重由 45 调为 40",
        "规下：绿色发展（单位用电税收）权重由 20 调为 25",
    ]


def set_band(scheme: dict[str, Any]) -> None:
    bands = scheme["grading"]["bands"]
    bands[0]["to"] = bands[1]["from"] = 15


def add_limit(scheme: dict[str, Any]) -> None:
    scheme["limits"].append(
        {"id": "fraud", "says": "申报弄虚作假", "says_en": "fraud",
         "when": "holds('application_fraud')", "at_most": "D"}
    )  # fmt: skip


def gate(scheme: dict[str, Any]) -> None:
    scheme["limits"][0] = {"id": "large", "says": "纳税大户", "says_en": "a large taxpayer",
                           "when": "tax_paid > 1亿元", "at_least": "B"}  # fmt: skip


def longer(scheme: dict[str, Any]) -> None:
    scheme["exempt"][1]["when"] = "years_in_production < 3年"


def no_green(scheme: dict[str, Any]) -> None:
    for part in scheme["parts"]:
        part["indicators"] = part["indicators"][:2]
        part["indicators"][1]["weight"] = 55


def new_part(scheme: dict[str, Any]) -> None:
    part = {**scheme["parts"][1], "id": "tiny", "title": "微型", "title_en": "tiny"}
    part["indicators"] = part["indicators"][:1]
    scheme["parts"].append(part)


def put(*path: Any, value: Any) -> Change:
    def change(scheme: dict[str, Any]) -> None:
        at: Any = scheme
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value

    return change


def drop(*path: Any) -> Change:
    def change(scheme: dict[str, Any]) -> None:
        at: Any = scheme
        for key in path[:-1]:
            at = at[key]
        del at[path[-1]]

    return change


CASES: list[tuple[Change, list[str]]] = [
    (set_band, ["A 类比例由 20% 调为 15%", "B 类比例由 40% 调为 45%"]),
    (add_limit, ["新增一票否决：申报弄虚作假，最高 D"]),
    (gate, ["新增托底：纳税大户，不低于 B", "取消一票否决：发生较大及以上安全事故"]),
    (put("limits", 2, "at_most", value="D"), ["一票否决“环保信用红色等级”由 最高 C 调为 最高 D"]),
    (longer, [("不定级情形“投产不到 2 年的新办企业”的条件由 years_in_production < 2年 调为 "
              "years_in_production < 3年")]),
    (drop("exempt", 0), ["取消不定级情形：水、电、气资源要素供给企业"]),
    (no_green, ["亩均销售权重由 35 调为 55",
                "规上：删去指标“绿色发展（单位能耗税收）”（权重 20）",
                "规下：删去指标“绿色发展（单位用电税收）”（权重 20）"]),
    (new_part, ["新增一类“微型”：亩均税收"]),
    (put("base", "factor", value=1.5),
     [("基准值规则由 上年度平均值（合计之比）× 2，按 district 调为 "
      "上年度平均值（合计之比）× 1.5，按 district")]),
    (drop("base", "factor"),
     [("基准值规则由 上年度平均值（合计之比）× 2，按 district 调为 "
      "上年度平均值（合计之比），按 district")]),
    (put("scoring", "cap", value=1.5),
     [("计分由 与基准值之比，封顶，封顶 2 倍权重，最低 0 分 调为 "
      "与基准值之比，封顶，封顶 1.5 倍权重，最低 0 分")]),
    (put("missing", value="zero"), ["缺数规则由 得组平均分 调为 计 0 分"]),
    (put("bonus", "cap", value=15), ["加分合计上限由 10 调为 15"]),
    (put("bonus", "items", 0, "points", value=6), ["加分项“制造业单项冠军”由 5 分 调为 6 分"]),
    (drop("bonus", "items", 4), ["取消加分项“上市”（5 分）"]),
    (drop("bonus", "items", 0, "one_of"),
     ["不再规定加分项“制造业单项冠军”的取高组（原为 specialised）"]),
    (put("penalty", "cap", value=20), ["新定减分合计上限：20"]),
    (put("ties", value=["sales_per_mu", "tax_per_mu"]),
     ["同分比较指标的次序由 tax_per_mu、sales_per_mu 改为 sales_per_mu、tax_per_mu"]),
    (put("groups", value=["district", "industry"]), ["新增排名分组：industry"]),
    (put("grading", "rounding", value="largest_remainder"), ["名额取整由 四舍五入 调为 最大余数"]),
    (put("grading", "tied", value="worse"), ["同分处理由 按信用代码分先后 调为 并列取较低档"]),
    (put("grading", "bands", 0, "at_least", value=60), ["新定A 类总分下限：60"]),
    (put("history", 0, "years", value=3),
     ["历年规则“连续两年 D 类，列入低效用地，盘活或退出”由 连续 2 年 D 调为 连续 3 年 D"]),
    (put("consequences", 5, "value", value=0.08),
     [("结果应用由 D 用电：差别电价，首年加价；与其他加价不叠加，取最高一项 0.05 元/千瓦时 调为 "
      "D 用电：差别电价，首年加价；与其他加价不叠加，取最高一项 0.08 元/千瓦时")]),
    (drop("consequences", 7),
     ["取消结果应用：D 用电：差别电价，连续三年及以上 0.15 元/千瓦时（连续第 3 年起）"]),
    (put("publicity_days", value=5), ["公示天数由 7 调为 5"]),
    (drop("publicity_days"), ["不再规定公示天数（原为 7）"]),
    (put("calendar", 2, "working_days", value=5),
     ["日程“企业核对”由 05-06 起，10 个工作日 调为 05-06 起，5 个工作日"]),
    (put("model", value=False), ["不再是样本，每次运行都评"]),
    (put("population", value="above_scale"),
     ["参评范围由 above_scale or land_mu >= 3亩 调为 above_scale"]),
    (put("parts", 0, "indicators", 0, "expr", value="tax_paid / land_owned"),
     ["规上：亩均税收的算法由 tax_paid / land_mu 调为 tax_paid / land_owned"]),
    (put("parts", 0, "indicators", 0, "missing", value="zero"),
     ["规上：新定亩均税收的缺数规则：计 0 分"]),
    (put("parts", 0, "indicators", 0, "bases", value=[{"year": 2025, "value": 20}]),
     ["规上：新增亩均税收 2025 年度基准值 20"]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "sentences"), CASES)
def test_each_change_is_told_in_one_sentence(change: Change, sentences: list[str]) -> None:
    assert told(change) == sentences
    assert len(told(change, language="en")) == len(sentences)


def test_told_backwards_the_old_stands_where_the_new_stood() -> None:
    old, new = read("js_default"), read("js_default")
    set_band(new)
    found = differences(Scheme.model_validate(new), Scheme.model_validate(old))
    assert [text.zh for text in found] == ["A 类比例由 15% 调为 20%", "B 类比例由 45% 调为 40%"]


def every_key(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all plain values of a file."""
    if isinstance(value, dict):
        return [found for key, one in value.items() for found in every_key(one, (*path, key))]
    if isinstance(value, list):
        return [found for i, one in enumerate(value) for found in every_key(one, (*path, i))]
    return [path]


QUIET = {"id", "title_en", "says_en", "note", "document_number", "effective_from", "evidence"}


@pytest.mark.parametrize("name", ["js_default", "park_evaluation", "innovation_points"])
def test_nothing_that_decides_changes_in_silence(name: str) -> None:
    """Every number of the file, changed, is told."""
    whole = read(name)
    silent = []
    for path in every_key(whole):
        value: Any = whole
        for key in path:
            value = value[key]
        if QUIET & set(path) or not isinstance(value, int | float) or isinstance(value, bool):
            continue
        other = value - 1 if path[-1] == "to" else value + 1
        if not told(put(*path, value=other), name):
            silent.append(path)
    assert silent == []
