"""docs/reference/units.md, from the table of units."""

from itertools import groupby

from cityforge.brain.values.quantity import KnownUnit, units
from generator import markdown
from generator.markdown import code, codes, table

_DIMENSIONS = {
    "money": "人民币 · money (CNY)",
    "area": "面积 · area",
    "energy": "能源（标准煤）· energy (coal equivalent)",
    "electricity": "电量 · electricity",
    "power": "功率 · power",
    "mass": "质量 · mass",
    "carbon": "碳排放 · carbon",
    "pollution": "污染当量 · pollution equivalent",
    "volume": "体积 · volume",
    "length": "长度 · length",
    "person": "人数 · persons",
    "item": "个数（量词相通）· items (measure words are alike)",
    "year": "年、月 · years and months",
    "day": "天 · calendar days",
    "workday": "工作日 · working days",
    "hour": "小时 · hours",
    "score": "分 · points of a score",
    "percentage_point": "个百分点 · percentage points",
    "": "无单位的比值 · plain ratios",
}
_CURRENCIES = "外币（每种自成一类，不与人民币换算）· foreign money (each its own, never converted)"

INTRO = """
单位是类型的一部分：同类单位精确换算，不同类的不能比较、相加。复合单位用 `/` 和 `·` 连接，如
`万元/亩`、`元/千瓦时`、`tce/万元`。表中“基本单位数”是一个该单位合多少基本单位，均为精确分数。

A unit is part of a type: like units convert exactly, unlike ones never compare or add. Compounds
are written with `/` and `·`. The factor is exact: so many base units make one.

电能折标准煤：当量值 0.1229 kgce/kWh（GB/T 2589-2020）；等价值须由当年供电煤耗（带日期的参数）给出。
Electricity as coal: the calorific value is 0.1229 kgce/kWh (GB/T 2589-2020); the equivalent value
takes the year's coal rate, a dated parameter.
"""


def _rows(known: list[KnownUnit]) -> list[list[str]]:
    return [
        [code(one.unit.symbol), codes(one.aliases), str(one.unit.factor), one.en] for one in known
    ]


def page() -> str:
    """Every known unit, by dimension."""
    parts = []
    for base, group in groupby(units(), key=_base):
        rows = _rows(list(group))
        title = _DIMENSIONS.get(base, _CURRENCIES)
        heads = ["单位 · unit", "其他写法 · also", "基本单位数 · factor", "English"]
        parts.append(f"## {title}\n\n{table(heads, rows)}")
    return markdown.page("计量单位 · Units of measure", INTRO, *parts)


def _base(known: KnownUnit) -> str:
    """The base dimension; all currencies but our own fall together."""
    if not known.unit.dimension:
        return ""
    ((base, _),) = known.unit.dimension
    return base if base in _DIMENSIONS else "foreign"
