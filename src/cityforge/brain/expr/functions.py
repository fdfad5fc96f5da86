"""The closed table of functions: what each takes, what it gives, what it means."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from cityforge.brain.errors import Text
from cityforge.brain.expr import alignment, operands, types
from cityforge.brain.expr.nodes import Call
from cityforge.brain.expr.operands import Context
from cityforge.brain.expr.typed import Op, Typed
from cityforge.brain.expr.types import Grain, Kind, Type
from cityforge.brain.values.quantity import PLAIN, unit

MOST_DECIMALS = 10  # of round
_NUMBERS = (Kind.EXACT, Kind.DOUBLE)
_YEARS = unit("年")

Build = Callable[[Context, Call, Sequence[Typed]], Typed | None]


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
    if node.function in LATER:
        context.complain(
            node.at,
            Text(
                zh=f"本版本还没有 {node.function}",
                en=f"not yet in this version: {node.function}",
            ),
            Text(zh="先用现成的事实", en="use a fact that holds the figure for now"),
        )
        return
    context.complain(
        node.at,
        Text(zh=f"没有函数 {node.function}", en=f"no such function: {node.function}"),
        operands.hint_nearest(node.function, FUNCTIONS),
    )


def _coalesce(context: Context, node: Call, arguments: Sequence[Typed]) -> Typed | None:
    items = operands.together(context, arguments, node.at)
    grain = operands.grain(context, arguments, node.at)
    if items is None or grain is None:
        return None
    return Typed(Op.COALESCE, alignment.merged(items, grain), tuple(items), span=node.span)


def _extreme(op: Op) -> Build:
    def build(context: Context, node: Call, arguments: Sequence[Typed]) -> Typed | None:
        kinds = (*_NUMBERS, Kind.DATE)
        if not operands.are_kind(context, arguments, kinds):
            return None
        items = operands.together(context, arguments, node.at)
        grain = operands.grain(context, arguments, node.at)
        if items is None or grain is None:
            return None
        return Typed(op, alignment.merged(items, grain), tuple(items), span=node.span)

    return build


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


def _holds(context: Context, node: Call, arguments: Sequence[Typed]) -> Typed | None:
    item = arguments[0]
    if item.op is not Op.LITERAL or not isinstance(item.value, str):
        context.complain(
            item.span,
            Text(zh="holds 要名录的名称", en="holds takes the name of a register"),
            Text(zh="写作 holds('名录')", en="write holds('register')"),
        )
        return None
    register = context.scope.registers.get(item.value)
    if register is None:
        context.complain(
            item.span,
            Text(zh=f"没有名录“{item.value}”", en=f"no such register: {item.value}"),
            operands.hint_nearest(item.value, context.scope.registers),
        )
        return None
    type_ = Type(Kind.BOOL, grain=Grain.ENTERPRISE)
    return Typed(Op.REGISTER, type_, value=register, span=node.span)


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
        _extreme(Op.LEAST),
    ),
    "greatest": Function(
        "greatest(x, y, …)",
        Text(zh="最大的；有一个缺失即缺失", en="the greatest; missing when any is missing"),
        2,
        20,
        _extreme(Op.GREATEST),
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
        _holds,
    ),
}
LATER = frozenset(
    {"count", "sum", "avg", "min", "max", "all", "any", "cagr", "within", "first_recognised"}
)
