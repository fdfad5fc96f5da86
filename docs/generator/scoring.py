"""docs/reference/scoring.md, from the scoring functions, roundings and the shape of a scheme."""

from cityforge.brain.city.scheme_grading import Band, Grading
from cityforge.brain.city.scheme_scoring import TRAITS
from cityforge.brain.evaluation.grading import ROUNDINGS, counts, words
from cityforge.brain.scoring.functions import FUNCTIONS
from generator import markdown
from generator.markdown import code, table

_EXAMPLES = (100, 265, 7)
_SHARES = ((0, 20), (20, 60), (60, 95), (95, 100))

BASES = """
## 基准值 · base values

`base` 写在方案上或指标上；`low`、`high` 写在指标上，缺省为本年度本组的最低、最高值。
`base` stands on the scheme or an indicator; `low` and `high` on an indicator, by default the lowest
and the highest of its ranking group.

| `method` | 含义 | meaning |
| --- | --- | --- |
| `fixed` | `values` 或指标的 `bases`：评价年度及以前最近一档 | the newest not after the year |
| `parameter` | 本市参数当日的值 | a dated parameter of the city |
| `expression` | 由企业自身事实算出，如承诺值、目标值 | of its own facts: a promise, a target |
| `previous_year_mean`、`this_year_mean` | 参评企业平均值 × `factor` | the mean of the rated |
| `…_year_median` | 中位数 × `factor` | the median |
| `…_year_lowest`、`…_year_highest` | 最低、最高值 × `factor` | the lowest, the highest |

按 `within` 和部分分组。Taken by `within` and part.
`mean: of_sums` 为分子合计 ÷ 分母合计；`mean: of_ratios` 为各企业比值的平均。
`of_sums`: sum of numerators over sum of denominators; `of_ratios`: the mean of the ratios.
"""

MISSING = """
## 缺数 · missing values

| `missing` | 含义 | meaning |
| --- | --- | --- |
| `group_average_score` | 该指标得本组（部分 × 分组）平均分 | the average points of the group |
| `zero` | 该指标得 0 分 | no points |
| `penalty` | 未报数扣 `missing_points` 分 | `missing_points` are taken |
| `reweight` | 权重按比例分给其余指标 | its weight goes to the others in proportion |

缺数从不被悄悄当作 0：每项得分怎样得来，都记在结果表的 `how_<指标>` 列。
A gap is never silently zero: the column `how_<indicator>` of the result says how points came about.

## 加减分与限制 · extra points and limits

总分 = 各项得分之和 + 加分（不超过 `bonus.cap`）− 减分（不超过 `penalty.cap`）。
同一 `one_of` 的几项只计最高一项；条件缺数的不加不减，结果表中该项为空。
`limits` 在排名之后生效，不挪动他人：先托底（`at_least`），后一票否决（`at_most`）。

Total = points + bonus (at most its cap) − penalty (at most its cap). Of items with one `one_of` the
highest counts; an unknown condition adds and takes nothing, and its column is empty. `limits` act
after the ranking and move nobody else: gates (`at_least`) first, vetoes (`at_most`) over them.
"""


def page() -> str:
    """Functions, bounds, base values, missing values, ranks and roundings."""
    functions = [
        [
            code(f.name),
            f"{f.title.zh} · {f.title.en}",
            code(f.formula),
            f"{f.domain.zh} · {f.domain.en}",
            "、".join(
                {"up": "越大越好", "down": "越小越好"}[way] for way in TRAITS[f.name].directions
            ),
            f.source,
        ]
        for f in FUNCTIONS.values()
    ]
    heads = [
        "名称 · name",
        "含义 · meaning",
        "公式 · formula",
        "适用 · domain",
        "方向 · direction",
        "来源 · source",
    ]
    signs = (
        "x 指标值，b 基准值，w 权重，l、h 最低、最高值，k 组内名次，n 组内有值家数。\n"
        "x: value, b: base value, w: weight, l, h: lowest and highest, k: place, n: how many."
    )
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
比同分、排名次、看是否达到界限的数值也取 9 位小数：手算相等即相等。
等次按名次占比切分，只用整数运算：先对**累计**占比取整，各档家数之和恒等于参评数；
`largest_remainder` 则各档先取自身占比的整数部分，余下名额给余数最大的档。
下表为 20/60/95/100 % 四档。

Each group is ranked by total (to nine decimals), ties broken by the indicators under `ties`, then
by credit code. Values that break ties, take places or reach limits are compared to nine decimals
too: what is equal by hand is equal. Grades are cut on whole ranks: the **cumulative** share is
rounded, so that the counts always add up; by `largest_remainder` each grade gets the whole part of
its own share and the places left go to the largest fractions. Equal enterprises at a limit:
`tied: apart` (by code), `better` or `worse`. With `by: score` the total alone decides.
Shown for four bands that end at 20, 60, 95 and 100 %.

{table(heads, rows)}
"""
