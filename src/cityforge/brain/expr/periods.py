"""Time in expressions: facts of earlier years, runs of years, days within a span of time."""

from datetime import date
from decimal import Decimal

from cityforge.brain.errors import Text
from cityforge.brain.expr import alignment, nodes, types
from cityforge.brain.expr.nodes import Call, Past, Within
from cityforge.brain.expr.operands import Context
from cityforge.brain.expr.typed import Op, Typed
from cityforge.brain.expr.types import Grain, Kind, Symbol, Type
from cityforge.brain.values.quantity import PLAIN, unit

# The functions that take a run of years: avg(revenue[-3:-1]), all(rd[-2:] >= 100万元).
OVER_YEARS = frozenset({"sum", "avg", "min", "max", "all", "any", "count"})
MOST_YEARS = 100  # that `within` reaches back
_YEAR = unit("年")


def year_of(context: Context, node: Past, turn: int | None) -> int | None:
    """The year (0, -1, …) that a bracket means on one turn over a run of years.

    turn   0 for the first year of each run; None outside the functions that take runs
    """
    if not node.is_run:
        return node.first
    if turn is None:
        context.complain(
            node.span,
            Text(zh="几年的数要先汇总", en="a run of years must be summed up"),
            Text(
                zh=f"放进 avg、sum、min、max、all、any 或 count：avg({node.name}[…])",
                en="put it inside avg, sum, min, max, all, any or count",
            ),
        )
        return None
    return node.first + turn


def is_yearly(context: Context, node: Past, symbol: Symbol) -> bool:
    """Whether the fact has a value for each year; else a Problem."""
    if symbol.type.grain is Grain.ENTERPRISE_YEAR:
        return True
    context.complain(
        node.span,
        Text(
            zh=f"{symbol.name} 不是按年度的事实，没有往年的值",
            en=f"{symbol.name} is not a yearly fact: it has no value of another year",
        ),
        Text(zh="去掉方括号", en="leave the square brackets out"),
    )
    return False


def years_of(context: Context, node: Call, *, is_inside: bool) -> int | None:
    """How many years the runs in a call's argument have: all of them the same number."""
    if len(node.arguments) != 1:
        what = Text(
            zh=f"{node.function} 只要一个参数，得到 {len(node.arguments)} 个",
            en=f"{node.function} takes one argument, not {len(node.arguments)}",
        )
        hint = Text(zh="几个数中取大小用 greatest、least", en="among several: greatest or least")
        context.complain(node.at, what, hint if node.function in ("min", "max") else _so(node))
        return None
    if is_inside:
        context.complain(
            node.at,
            Text(zh="汇总里面不能再汇总", en="no summing up inside a summing up"),
            Text(zh="把里面的一层另立为事实", en="make the inner one a fact of its own"),
        )
        return None
    inside = nodes.walk(node.arguments[0])
    found = {part.years for part in inside if isinstance(part, Past) and part.is_run}
    if len(found) == 1:
        return found.pop()
    if found:
        what = Text(zh="各处的年数不一样", en="the runs have different numbers of years")
        context.complain(node.at, what, Text(zh="写成同样多的年", en="give them as many years"))
    else:
        what = Text(zh=f"{node.function} 要几年的数", en=f"{node.function} takes a run of years")
        context.complain(node.at, what, _so(node))
    return None


def _so(node: Call) -> Text:
    """How a function over years is written."""
    of_truths = node.function in ("all", "any", "count")
    run = "revenue[-2:] >= 100万元" if of_truths else "revenue[-3:-1]"
    return Text(zh=f"写作 {node.function}({run})", en=f"write {node.function}({run})")


def within(context: Context, day: Typed, node: Within) -> Typed | None:
    """Whether a day lies in a calendar year, or in the years that end with the as-of date.

    Of a first recognition: false where there never was one.
    """
    answer = _within(context, day, node.span_of_time)
    if answer is None or day.op is not Op.FIRST:
        return answer
    type_ = Type(Kind.BOOL, grain=Grain.ENTERPRISE)
    ever = Typed(Op.EVER, type_, value=day.value, span=day.span)
    return Typed(Op.AND, type_, (ever, answer), span=node.span)


def _within(context: Context, day: Typed, time: nodes.Node) -> Typed | None:
    truth = Type(Kind.BOOL, grain=day.type.grain)
    if isinstance(time, nodes.Number):
        if time.unit == PLAIN and time.value in range(1900, 2101):
            year = int(time.value)
            low, high = _day(date(year, 1, 1), time), _day(date(year, 12, 31), time)
            after = Typed(Op.AT_LEAST, truth, (day, low), span=time.span)
            before = Typed(Op.AT_MOST, truth, (day, high), span=time.span)
            return Typed(Op.AND, truth, (after, before), span=time.span)
        if time.unit == _YEAR and time.value in range(1, MOST_YEARS + 1):
            return _in_last_years(day, time, truth)
    context.complain(
        time.span,
        Text(zh="within 后面要写年度或年数", en="within takes a year, or a number of years"),
        Text(zh="写作 within 2025 或 within 3年", en="write within 2025, or within 3年"),
    )
    return None


def _in_last_years(day: Typed, time: nodes.Number, truth: Type) -> Typed | None:
    """Not after the as-of date, and fewer whole years before it than asked."""
    years = types.exact(_YEAR, 4, 0, day.type.grain)
    zero = alignment.literal(Decimal(0), _YEAR, time.span)
    limit = alignment.literal(time.value, _YEAR, time.span)
    if years is None or zero is None or limit is None:
        return None
    since = Typed(Op.YEARS_SINCE, years, (day,), span=day.span)
    passed = Typed(Op.AT_LEAST, truth, (since, zero), span=time.span)
    recent = Typed(Op.LESS, truth, (since, limit), span=time.span)
    return Typed(Op.AND, truth, (passed, recent), span=time.span)


def _day(day: date, time: nodes.Node) -> Typed:
    return Typed(Op.LITERAL, Type(Kind.DATE), value=day, span=time.span)
