"""The closed table of functions: what each takes, what it gives, what it means."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from cityforge.brain.errors import Text
from cityforge.brain.expr import alignment, lookups, operands, over_years, types, vocabulary
from cityforge.brain.expr.nodes import Call
from cityforge.brain.expr.operands import Build, Context
from cityforge.brain.expr.tokens import FURTHEST_BACK
from cityforge.brain.expr.typed import Op, Typed
from cityforge.brain.expr.types import Grain, Kind, Type
from cityforge.brain.values.quantity import PLAIN, unit

MOST_DECIMALS = 10  # of round
_NUMBERS = (Kind.EXACT, Kind.DOUBLE)
_YEARS = unit("年")


@dataclass(frozen=True, slots=True)
class Function:
    """One function. `signature` and `meaning` are its entry in the reference.

    `is_monotone`: learning a missing fact never turns one known answer into another.
    """

    signature: str
    meaning: Text
    fewest: int
    most: int
    build: Build
    is_monotone: bool = True


def call(context: Context, node: Call, arguments: Sequence[Typed]) -> Typed | None:
    """The typed call; None and Problems where the function or its arguments will not do."""
    function = FUNCTIONS.get(node.function)
    if function is None:
        _complain_unknown(context, node)
        return None
    if not function.fewest <= len(arguments) <= function.most:
        context.complain(
            node.at,
            Text(
                zh=f"{node.function} 的参数个数不对：{len(arguments)} 个",
                en=f"{node.function} does not take {len(arguments)} arguments",
            ),
            Text(zh=f"写作 {function.signature}", en=f"write {function.signature}"),
        )
        return None
    return function.build(context, node, arguments)


def _complain_unknown(context: Context, node: Call) -> None:
    context.complain(
        node.at,
        Text(zh=f"没有函数 {node.function}", en=f"no such function: {node.function}"),
        vocabulary.FUNCTIONS_OTHERWISE.get(node.function)
        or operands.hint_nearest(
            node.function,
            FUNCTIONS,
            Text(zh=f"函数有：{'、'.join(FUNCTIONS)}", en=f"there are {', '.join(FUNCTIONS)}"),
        ),
    )


def _coalesce(context: Context, node: Call, arguments: Sequence[Typed]) -> Typed | None:
    items = operands.together(context, arguments, node.at)
    grain = operands.grain(context, arguments, node.at)
    if items is None or grain is None:
        return None
    return Typed(Op.COALESCE, alignment.merged(items, grain), tuple(items), span=node.span)


def _round(context: Context, node: Call, arguments: Sequence[Typed]) -> Typed | None:
    item = arguments[0]
    decimals = _decimals(context, arguments[1]) if len(arguments) == 2 else 0
    if not operands.is_kind(context, item, _NUMBERS) or decimals is None:
        return None
    if item.type.kind is Kind.DOUBLE:
        high, low = item.type.reach
        type_ = replace(item.type, reach=(high + 1, max(low, decimals)))
    elif item.type.scale <= decimals:
        return item
    else:
        type_ = _with_scale(item.type, decimals)
    return Typed(Op.ROUND, type_, (item,), decimals, node.span)


def _decimals(context: Context, item: Typed) -> int | None:
    value = item.value
    is_plain = item.op is Op.LITERAL and item.type.unit == PLAIN and isinstance(value, Decimal)
    if is_plain and isinstance(value, Decimal) and value in range(MOST_DECIMALS + 1):
        return int(value)
    context.complain(
        item.span,
        Text(
            zh=f"小数位数应为 0 到 {MOST_DECIMALS} 的整数",
            en=f"the decimals are a whole number from 0 to {MOST_DECIMALS}",
        ),
        Text(zh="写作 round(x, 2)", en="write round(x, 2)"),
    )
    return None


def _with_scale(type_: Type, scale: int) -> Type:
    """An EXACT cut to fewer decimals: rounding may need one more digit before the point."""
    return replace(type_, precision=type_.whole_digits + 1 + scale, scale=scale)


def _floor(context: Context, node: Call, arguments: Sequence[Typed]) -> Typed | None:
    item = arguments[0]
    if not operands.is_kind(context, item, _NUMBERS):
        return None
    if item.type.kind is Kind.DOUBLE:
        high, _ = item.type.reach
        return Typed(Op.FLOOR, replace(item.type, reach=(high + 1, 0)), (item,), span=node.span)
    if item.type.scale == 0:
        return item
    return Typed(Op.FLOOR, _with_scale(item.type, 0), (item,), span=node.span)


def _abs(context: Context, node: Call, arguments: Sequence[Typed]) -> Typed | None:
    item = arguments[0]
    if not operands.is_kind(context, item, _NUMBERS):
        return None
    return Typed(Op.ABS, item.type, (item,), span=node.span)


def _years_since(context: Context, node: Call, arguments: Sequence[Typed]) -> Typed | None:
    item = arguments[0]
    if not operands.is_kind(context, item, [Kind.DATE]):
        return None
    type_ = types.exact(_YEARS, 4, 0, item.type.grain)
    return Typed(Op.YEARS_SINCE, type_, (item,), span=node.span) if type_ else None


_TRUTH = Type(Kind.BOOL, grain=Grain.ENTERPRISE)

FUNCTIONS: dict[str, Function] = {
    "coalesce": Function(
        "coalesce(x, y, …)",
        Text(zh="第一个已知的值", en="the first that is known"),
        2,
        20,
        _coalesce,
        is_monotone=False,
    ),
    "least": Function(
        "least(x, y, …)",
        Text(zh="最小的；有一个缺失即缺失", en="the least; missing when any is missing"),
        2,
        20,
        over_years.extreme(Op.LEAST),
    ),
    "greatest": Function(
        "greatest(x, y, …)",
        Text(zh="最大的；有一个缺失即缺失", en="the greatest; missing when any is missing"),
        2,
        20,
        over_years.extreme(Op.GREATEST),
    ),
    "round": Function(
        "round(x, n)",
        Text(zh="四舍五入到 n 位小数", en="rounded to n decimals, a half away from zero"),
        1,
        2,
        _round,
    ),
    "floor": Function(
        "floor(x)",
        Text(zh="不大于 x 的最大整数", en="the largest whole number not above x"),
        1,
        1,
        _floor,
    ),
    "abs": Function("abs(x)", Text(zh="绝对值", en="the size without its sign"), 1, 1, _abs),
    "years_since": Function(
        "years_since(day)",
        Text(zh="到基准日已满的周年数", en="whole years completed by the as-of date"),
        1,
        1,
        _years_since,
    ),
    "holds": Function(
        "holds('名录')",
        Text(zh="基准日在该名录内", en="is in the register on the as-of date"),
        1,
        1,
        lookups.of_register(Op.REGISTER, _TRUTH),
    ),
    "recognised": Function(
        "recognised('名录')",
        Text(zh="基准日前曾进入该名录", en="was ever in the register, up to the as-of date"),
        1,
        1,
        lookups.of_register(Op.EVER, _TRUTH),
    ),
    "first_recognised": Function(
        "first_recognised('名录')",
        Text(
            zh="首次进入该名录的日期；从未进入则缺失（接 within 则为假）",
            en="the day of the first recognition; missing where there was none (false in within)",
        ),
        1,
        1,
        lookups.of_register(Op.FIRST, Type(Kind.DATE, grain=Grain.ENTERPRISE)),
    ),
    "count": Function(
        "count('名录')",
        Text(
            zh="名录中有效的条目数；count(revenue[-2:] > 0) 为成立的年数",
            en="entries of the register in force; count(revenue[-2:] > 0): in how many years",
        ),
        1,
        FURTHEST_BACK + 1,
        over_years.count,
    ),
    "sum": Function(
        "sum(x[-2:])",
        Text(zh="几年之和；缺一年即缺失", en="the sum of several years; missing when one is"),
        1,
        FURTHEST_BACK + 1,
        over_years.total,
    ),
    "avg": Function(
        "avg(x[-3:-1])",
        Text(zh="几年的平均；缺一年即缺失", en="the mean of several years; missing when one is"),
        1,
        FURTHEST_BACK + 1,
        over_years.average,
    ),
    "min": Function(
        "min(x[-2:])",
        Text(zh="几年中最小的", en="the least of several years"),
        1,
        FURTHEST_BACK + 1,
        over_years.of_years(Op.LEAST),
    ),
    "max": Function(
        "max(x[-2:])",
        Text(zh="几年中最大的", en="the greatest of several years"),
        1,
        FURTHEST_BACK + 1,
        over_years.of_years(Op.GREATEST),
    ),
    "all": Function(
        "all(x[-2:] >= 100万元)",
        Text(zh="几年都成立", en="holds in every one of several years"),
        1,
        FURTHEST_BACK + 1,
        over_years.of_truths(Op.AND),
    ),
    "any": Function(
        "any(x[-2:] >= 100万元)",
        Text(zh="几年中有一年成立", en="holds in one of several years"),
        1,
        FURTHEST_BACK + 1,
        over_years.of_truths(Op.OR),
    ),
    "cagr": Function(
        "cagr(x, n)",
        Text(
            zh="n 年（1 到 4）的年均增长率，四舍五入到九位小数；基年不为正则缺失",
            en="growth a year over n (1 to 4) years, to nine decimals; missing unless the first "
            "year is positive",
        ),
        2,
        2,
        over_years.growth,
    ),
}
