"""docs/reference/scoring.md, from the scoring functions, roundings and the shape of a scheme."""

from cityforge.brain.city.scheme import Band, Grading
from cityforge.brain.evaluation.grading import ROUNDINGS, counts, words
from cityforge.brain.scoring.functions import FUNCTIONS
from generator import markdown
from generator.markdown import code, table

_EXAMPLES = (100, 265, 7)
_SHARES = ((0, 20), (20, 60), (60, 95), (95, 100))

BASES = """
## 基准值 · base values

| `base.method` | 含义 | meaning |
| --- | --- | --- |
| `fixed` | 用指标自带的 `bases`：评价年度及以前最近一档 | the newest of the indicator's `bases` |
| `previous_year_mean` | 上年度参评企业平均值 × `factor` | the same of last year |
| `this_year_mean` | 本年度参评企业平均值 × `factor` | `factor` × the mean of the rated |

平均值按 `within` 和部分分组。Means are taken by `within` and part.
`mean: of_sums` 为分子合计 ÷ 分母合计；`mean: of_ratios` 为各企业比值的平均。
`of_sums`: sum of numerators over sum of denominators; `of_ratios`: the mean of the ratios.
"""

MISSING = """
## 缺数 · missing values

| `missing` | 含义 | meaning |
| --- | --- | --- |
| `group_average_score` | 该指标得本组（部分 × 分组）平均分 | the average points of the group |
| `zero` | 该指标得 0 分 | no points |

缺数从不被悄悄当作 0：每项得分怎样得来，都记在结果表的 `how_<指标>` 列。
A gap is never silently zero: the column `how_<indicator>` of the result says how points came about.
"""


def page() -> str:
    """Functions, bounds, base values, missing values, ranks and roundings."""
    functions = [
        [code(f.name), f.title, code(f.formula), f.domain, f.source] for f in FUNCTIONS.values()
    ]
    heads = ["名称 · name", "中文", "公式 · formula", "适用 · domain", "来源 · source"]
    signs = "x 为指标值，b 为基准值，w 为权重。x: value, b: base value, w: weight."
    bounds = (
        "`cap` 为每项得分上限（权重的倍数），`floor` 为下限；缺失的仍是缺失。\n"
        "`cap` bounds an indicator's points at so many times its weight, `floor` from below."
    )
    return markdown.page(
        "计分与分档 · Scoring and grading",
        f"## 计分函数 · scoring functions\n\n{signs}\n\n{table(heads, functions)}\n\n{bounds}",
        BASES,
        MISSING,
        _grading(),
    )


def _grading() -> str:
    bands = [
        Band.model_validate({"grade": grade, "from": low, "to": high})
        for grade, (low, high) in zip("ABCD", _SHARES, strict=True)
    ]
    rows = []
    for name, title in ROUNDINGS.items():
        grading = Grading.model_validate({"rounding": name, "bands": bands})
        said = f"{title.zh} · {title.en}"
        rows.append([code(name), said, *(words(counts(grading, n), "ABCD") for n in _EXAMPLES)])
    heads = ["`rounding`", "含义 · meaning", *(f"{n} 家 · of {n}" for n in _EXAMPLES)]
    return f"""## 名次与分档 · ranks and grades

各组按总分（取 9 位小数）从高到低排名；总分相同的依次比较 `ties` 列出的指标，再比信用代码。
等次按名次占比切分，只用整数运算：先对**累计**占比取整，各档家数之和恒等于参评数。
下表为 20/60/95/100 % 四档。

Each group is ranked by total (to nine decimals), ties broken by the indicators under `ties`, then
by credit code. Grades are cut on whole ranks: the **cumulative** share is rounded, so that the
counts always add up. Shown for four bands that end at 20, 60, 95 and 100 %.

{table(heads, rows)}
"""
