"""Whether operands go together: kind, unit, grain, allowed texts. Each fault is a Problem."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from cityforge.brain.errors import Problem, Text
from cityforge.brain.expr import alignment, types
from cityforge.brain.expr.nodes import Call, Span
from cityforge.brain.expr.problems import problem
from cityforge.brain.expr.tokens import LONGEST_NAME
from cityforge.brain.expr.typed import Op, Typed
from cityforge.brain.expr.types import Grain, Kind, Scope
from cityforge.brain.values.quantity import PLAIN, match_prefix, unit
from cityforge.brain.values.spelling import nearest

KIND_NAMES = {
    Kind.BOOL: Text(zh="条件（是/否）", en="a condition (true or false)"),
    Kind.TEXT: Text(zh="文字", en="a text"),
    Kind.DATE: Text(zh="日期", en="a date"),
    Kind.EXACT: Text(zh="数", en="a number"),
    Kind.DOUBLE: Text(zh="数", en="a number"),
}
_OF_NUMBERS = Text(zh="数用 >=、< 或 between 比较", en="numbers are compared by >=, < or between")
# What a value of a kind is for, told where another kind is needed.
_USED_BY = {
    Kind.BOOL: Text(
        zh="条件用 and、or、not 连接；要数时写 case when … then 1 else 0 end",
        en="conditions are joined by and, or, not; as a number: case when … then 1 else 0 end",
    ),
    Kind.TEXT: Text(zh="文字用 =、in 或 like 比较", en="texts are compared by =, in or like"),
    Kind.DATE: Text(
        zh="满几年写作 years_since(…)，某段时间之内写作 within",
        en="whole years are years_since(…), a span of time is within",
    ),
    Kind.EXACT: _OF_NUMBERS,
    Kind.DOUBLE: _OF_NUMBERS,
}
GRAIN_NAMES = {
    Grain.NONE: Text(zh="常数", en="a constant"),
    Grain.ENTERPRISE: Text(zh="企业", en="an enterprise"),
    Grain.ENTERPRISE_YEAR: Text(zh="企业的一个年度", en="an enterprise's year"),
    Grain.PLACE_PERIOD: Text(zh="地区的一个时期", en="a place's period"),
}


@dataclass
class Context:
    """The scope of one expression and the Problems found in it so far."""

    scope: Scope
    problems: list[Problem] = field(default_factory=list)

    def complain(self, span: Span, what: Text, hint: Text) -> None:
        self.problems.append(problem(span, what, hint))


# How a function makes its node of checked arguments.
Build = Callable[[Context, Call, Sequence[Typed]], Typed | None]


def hint_nearest(name: str, known: Iterable[str], otherwise: Text) -> Text:
    """“Did you mean …”; something else when nothing is near."""
    # To look for what is near takes as long as the name.
    near = nearest(name, sorted(set(known)), 3) if len(name) <= LONGEST_NAME else []
    if not near:
        return otherwise
    return Text(zh=f"是否想写：{'、'.join(near)}？", en=f"did you mean {', '.join(near)}?")


def is_kind(context: Context, item: Typed, kinds: Sequence[Kind]) -> bool:
    """Whether the operand is of one of these kinds; else a Problem."""
    if item.type.kind in kinds:
        return True
    want, got = KIND_NAMES[kinds[0]], KIND_NAMES[item.type.kind]
    context.complain(
        item.span,
        Text(zh=f"这里要{want.zh}，得到的是{got.zh}", en=f"needs {want.en}, gets {got.en}"),
        _kind_hint(item, kinds),
    )
    return False


def are_kind(context: Context, items: Sequence[Typed], kinds: Sequence[Kind]) -> bool:
    """Whether all operands are of one of these kinds; each that is not is its own Problem."""
    return sum(is_kind(context, item, kinds) for item in items) == len(items)


def _kind_hint(item: Typed, kinds: Sequence[Kind]) -> Text:
    if Kind.DATE in kinds and item.type.kind is Kind.TEXT and item.op is Op.LITERAL:
        return Text(zh=f"日期写作 date '{item.value}'", en=f"a date is written date '{item.value}'")
    if Kind.DATE in kinds and _is_bare(item) and item.value in range(1900, 2101):
        year = f"{item.value:f}"
        return Text(
            zh=f"某年之内写作 within {year}；某日写作 date '{year}-01-01'",
            en=f"in a year is written within {year}, a day date '{year}-01-01'",
        )
    if Kind.BOOL in kinds:
        return Text(zh="与一个值比较，如 >= 3", en="compare it with something, such as >= 3")
    if Kind.TEXT in kinds and item.op is Op.LITERAL:
        return Text(zh="文字加单引号：'…'", en="a text stands in quotes: '…'")
    return _USED_BY[item.type.kind]


def grain(context: Context, items: Sequence[Typed], at: Span) -> Grain | None:
    """The grain of what is made of all; None and a Problem where they do not go together."""
    found = Grain.NONE
    for item in items:
        wider = types.common_grain(found, item.type.grain)
        if wider is None:
            left, right = GRAIN_NAMES[found], GRAIN_NAMES[item.type.grain]
            context.complain(
                at,
                Text(
                    zh=f"{left.zh}的事实与{right.zh}的事实不能放在一起",
                    en=f"facts of {left.en} and of {right.en} do not go together",
                ),
                Text(zh="先汇总到同一颗粒度", en="first bring them to one grain"),
            )
            return None
        found = wider
    return found


def together(context: Context, items: Sequence[Typed], at: Span) -> list[Typed] | None:
    """The operands made alike (one kind, one unit); None and Problems where they are not like."""
    lead = next((item for item in items if item.op is not Op.LITERAL), items[0])
    kinds = [Kind.EXACT, Kind.DOUBLE] if lead.type.is_number else [lead.type.kind]
    if not are_kind(context, items, kinds):
        return None
    if lead.type.is_number:
        zeroless = [_zero_of(item, lead) for item in items]
        alike = [_is_like(context, item, lead, at) for item in zeroless]
        return alignment.align(zeroless) if all(alike) else None
    if lead.type.kind is Kind.TEXT:
        _check_values(context, items)
    return list(items)


def _zero_of(item: Typed, lead: Typed) -> Typed:
    """Nothing is nothing in any unit: a bare 0 takes the unit that it meets."""
    if not _is_bare(item) or item.value != 0:
        return item
    return alignment.literal(Decimal(0), lead.type.unit, item.span) or item


def _is_bare(item: Typed) -> bool:
    """A number written without a unit."""
    return item.op is Op.LITERAL and item.type.unit == PLAIN and isinstance(item.value, Decimal)


def _is_like(context: Context, item: Typed, lead: Typed, at: Span) -> bool:
    if not item.type.unit.is_like(lead.type.unit):
        _complain_unlike(context, item, lead, at)
        return False
    if _is_share(lead) and _is_bare(item) and item.value not in (0, 1):
        name, number = _called(lead), f"{item.value:f}"
        percent = _percent(Decimal(str(item.value)))
        is_multiple = Decimal(str(item.value)) > 1
        context.complain(
            item.span,
            Text(
                zh=f"{name.zh}是比值（无单位），与 {number} 相比多半不是本意",
                en=f"{name.en} is a share (no unit); {number} is hardly meant",
            ),
            Text(
                zh=f"是否想写 {percent}？" + f"若指倍数，写作 {number}倍" * is_multiple,
                en=f"did you mean {percent}?" + f" Times as much is {number}倍." * is_multiple,
            ),
        )
        return False
    return True


def _is_share(item: Typed) -> bool:
    """A ratio of like things, or a fact in %; not a literal, nor a plain number."""
    own = item.type.unit
    is_percentage = not own.dimension and own.factor != 1
    return item.op is not Op.LITERAL and (item.type.is_share or is_percentage)


def _percent(number: Decimal) -> str:
    """What a bare number beside a share was probably meant to be: 3 and 0.03 are both 3%."""
    percent = number if abs(number) >= 1 else number * 100
    return f"{percent.normalize():f}%"


def _complain_unlike(context: Context, item: Typed, lead: Typed, at: Span) -> None:
    name, symbol = _called(lead), lead.type.unit.symbol
    if _is_bare(item):
        number = f"{item.value:f}"
        context.complain(
            item.span,
            Text(zh=f"{name.zh}的单位是{symbol}", en=f"{name.en} is in {symbol}"),
            Text(
                zh=f"是否想写 {number}{symbol}？", en=f"did you mean {number}{symbol}?"
            ),
        )  # fmt: skip
        return
    left, right = lead.type.unit.symbol or "无单位", item.type.unit.symbol or "无单位"
    context.complain(
        at,
        Text(
            zh=f"“{left}”与“{right}”不是同一种量",
            en=f"{symbol or 'a plain number'} and {item.type.unit.symbol or 'a plain number'} "
            "measure different things",
        ),
        _unit_hint(item, lead),
    )


def _unit_hint(item: Typed, lead: Typed) -> Text:
    """`500万` beside money lacks only its 元."""
    whole = f"{item.type.unit.symbol}{lead.type.unit.symbol[-1:]}"
    is_unit = match_prefix(whole, 0) == whole and unit(whole).is_like(lead.type.unit)
    if is_unit and item.op is Op.LITERAL:
        number = f"{item.value:f}{whole}"
        return Text(zh=f"是否想写 {number}？", en=f"did you mean {number}?")
    return Text(zh="检查两边的单位", en="check the units on both sides")


def _called(item: Typed) -> Text:
    if item.op in (Op.FACT, Op.PARAMETER):
        return Text(zh=f"{item.value} ", en=str(item.value))
    return Text(zh="另一边", en="the other side")


def _check_values(context: Context, items: Sequence[Typed]) -> None:
    """A text that a fact never holds is a slip, not a question."""
    for fact in items:
        symbol = context.scope.facts.get(str(fact.value)) if fact.op is Op.FACT else None
        if symbol is None or symbol.values is None:
            continue
        for item in items:
            if item.op is Op.LITERAL and item.value not in symbol.values:
                known = sorted(symbol.values)
                context.complain(
                    item.span,
                    Text(
                        zh=f"{fact.value} 没有“{item.value}”这个取值",
                        en=f"{fact.value} never holds {item.value!r}",
                    ),
                    hint_nearest(str(item.value), known, Text(*["、".join(known[:5])] * 2)),
                )
