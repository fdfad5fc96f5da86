"""What is said of headers: Problems that refuse a file, and remarks that go with one taken."""

from collections.abc import Sequence
from fractions import Fraction

from cityforge.brain.city.dataset import Column
from cityforge.brain.errors import Problem, Text


def twice(file: str, line: int, header: str, first: str, column: Column) -> Problem:
    return Problem(
        file,
        line,
        0,
        Text(
            zh=f"表头“{first}”和“{header}”都对应“{column.title}”",
            en=f"headers '{first}' and '{header}' both mean '{column.id}'",
        ),
        Text(zh="删去或改名其中一列", en="Drop or rename one of them."),
    )


def other_unit(file: str, line: int, header: str, unit: str, column: Column) -> Problem:
    return Problem(
        file,
        line,
        0,
        Text(
            zh=f"表头“{header}”的单位是“{unit}”，与约定的“{column.unit or '无单位'}”不能换算",
            en=f"header '{header}' says '{unit}', which does not convert into the agreed"
            f" '{column.unit or 'no unit'}'",
        ),
        Text(zh="按约定单位报送，或修改数据集约定", en="Supply the agreed unit, or change it."),
    )


def two_units(file: str, line: int, column: Column, symbols: str) -> Problem:
    return Problem(
        file,
        line,
        0,
        Text(
            zh=f"表头上方写了几种单位（{symbols}），“{column.title}”不知用哪一种",
            en=f"several units above the header ({symbols}): which is that of '{column.id}'?",
        ),
        Text(
            zh=f"在表头中写明，如“{column.title}（{column.unit}）”",
            en="State the unit in the column's own header.",
        ),
    )


def no_column(file: str, line: int, column: Column, headers: Sequence[str]) -> Problem:
    shown = "、".join(headers[:8])
    return Problem(
        file,
        line,
        0,
        Text(zh=f"缺少必需的列“{column.title}”", en=f"the column '{column.id}' is missing"),
        Text(zh=f"文件的表头是：{shown}", en=f"The file's headers are: {shown}"),
    )


def converted(column: Column, stated: str, factor: Fraction) -> Text:
    times = f"×{factor}" if factor.denominator == 1 else f"×{factor.numerator}/{factor.denominator}"
    return Text(
        zh=f"“{column.title}”由“{stated}”换算为“{column.unit}”（{times}，"
        f"四舍五入到 {column.scale} 位小数）",
        en=f"'{column.id}' converted from {stated} to {column.unit} ({times}, rounded half up to"
        f" {column.scale} decimals)",
    )


def unit_from_line(column: Column, stated: str) -> Text:
    return Text(
        zh=f"“{column.title}”的表头没有单位，按表头上方的“单位：{stated}”",
        en=f"'{column.id}' states no unit; taken as {stated} from the line above the header",
    )
