"""Nodes to the typed tree: names, types, units and grains checked, all Problems at once."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import ClassVar

from cityforge.brain.errors import ProblemsFound, Text
from cityforge.brain.expr import (
    alignment,
    arithmetic,
    functions,
    lookups,
    nodes,
    operands,
    periods,
    types,
)
from cityforge.brain.expr.nodes import Node, Span
from cityforge.brain.expr.operands import Context
from cityforge.brain.expr.parse import parse
from cityforge.brain.expr.problems import too_deep
from cityforge.brain.expr.typed import REGISTER_OPS, Op, Typed, column_name, walk
from cityforge.brain.expr.types import Grain, Kind, Scope, Symbol, Type
from cityforge.brain.values.quantity import Unit

__all__ = [
    "Typed",
    "check",
    "columns",
    "names",
    "names_in",
    "parameters",
    "past",
    "read",
    "registers",
]

DEEPEST = 120  # levels of a typed tree; conversions and the branches of a case add their own
HEAVIEST = 5_000  # operations of one typed tree, as SQL would write them out

_CHINESE_NUMBER = frozenset("零一二两三四五六七八九十百千万亿元亩人年件")
_FACTS_LISTED = Text(
    zh="事实列在 datasets/ 各列和 facts/，文字加单引号",
    en="facts are the columns in datasets/ and facts/; a text stands in quotes",
)
_PARAMETERS_LISTED = Text(
    zh="参数列在 parameters/，政策自己的数列在 terms",
    en="parameters are in parameters/, those of a policy in its terms",
)
_GIVEN = (Op.FACT, Op.PAST, *REGISTER_OPS)
_NUMBERS = (Kind.EXACT, Kind.DOUBLE)
_COMPARISONS = {
    "=": Op.EQUAL,
    "!=": Op.UNEQUAL,
    "<": Op.LESS,
    "<=": Op.AT_MOST,
    ">": Op.MORE,
    ">=": Op.AT_LEAST,
}


def read(text: str, scope: Scope, *, expect: Kind | None = None, unit: Unit | None = None) -> Typed:
    """The typed tree of an expression, of the kind and in the unit asked for.

    A DOUBLE may be asked of an exact number, not the other way round. Raises ProblemsFound.
    """
    return _expected(check(parse(text), scope), expect, unit)


def check(node: Node, scope: Scope) -> Typed:
    """The typed tree of nodes; raises ProblemsFound with every Problem of the expression."""
    checker = _Checker(scope)
    typed = checker.check(node)
    if checker.context.problems or typed is None:
        raise ProblemsFound(sorted(checker.context.problems, key=lambda p: (p.line, p.column)))
    return typed


def names(typed: Typed) -> frozenset[str]:
    """The ids of the facts that an expression rests on."""
    return _values_of(typed, Op.FACT) | {name for name, _ in past(typed)}


def past(typed: Typed) -> frozenset[tuple[str, int]]:
    """The facts of earlier years that an expression rests on: id, and years back as -1, -2, …"""
    return frozenset(
        found.value
        for found in walk(typed)
        if found.op is Op.PAST and isinstance(found.value, tuple)
    )


def columns(typed: Typed) -> frozenset[str]:
    """The columns of a table of facts that an expression reads."""
    return frozenset(column_name(found) for found in walk(typed) if found.op in _GIVEN)


def parameters(typed: Typed) -> frozenset[str]:
    """The ids of the parameters that an expression uses."""
    return _values_of(typed, Op.PARAMETER)


def registers(typed: Typed) -> frozenset[str]:
    """The ids of the registers that an expression looks into."""
    return frozenset().union(*(_values_of(typed, op) for op in REGISTER_OPS))


def names_in(text: str) -> frozenset[str]:
    """The facts that a text names, as written there; raises ProblemsFound if it cannot be parsed.

    Serves to order facts before there is a scope; a fact named by its title stands as the title.
    """
    return frozenset(
        node.name for node in nodes.walk(parse(text)) if isinstance(node, nodes.Name | nodes.Past)
    )


def _values_of(typed: Typed, op: Op) -> frozenset[str]:
    return frozenset(str(found.value) for found in walk(typed) if found.op is op)


def _expected(typed: Typed, expect: Kind | None, unit: Unit | None) -> Typed:
    context = Context(Scope({}, {}, {}))
    kinds = _NUMBERS if expect in (*_NUMBERS, None) else (expect,)
    if expect is None and unit is None:
        return typed
    if operands.is_kind(context, typed, [kind for kind in kinds if kind]) and unit is not None:
        if typed.type.unit.is_like(unit):
            typed = alignment.convert(typed, unit)
        else:
            _complain_unit(context, typed, unit)
    if expect is Kind.EXACT and typed.type.kind is Kind.DOUBLE:
        _complain_inexact(context, typed)
    if context.problems:
        raise ProblemsFound(context.problems)
    return alignment.as_double(typed) if expect is Kind.DOUBLE else typed


def _complain_unit(context: Context, typed: Typed, unit: Unit) -> None:
    got, want = typed.type.unit.symbol, unit.symbol
    context.complain(
        typed.span,
        Text(
            zh=f"单位不符：要“{want or '无单位'}”，表达式得到“{got or '无单位'}”",
            en=f"wrong unit: needs {want or 'no unit'}, the expression gives {got or 'no unit'}",
        ),
        Text(zh="检查表达式，或改所要的单位", en="check the expression, or ask for its unit"),
    )


def _complain_inexact(context: Context, typed: Typed) -> None:
    context.complain(
        typed.span,
        Text(zh="要精确小数，表达式得到浮点数", en="needs an exact number, gets a double"),
        Text(zh="除法的结果是浮点数", en="a quotient is always a double"),
    )


class _Checker:
    """One walk over the nodes. A part with a Problem is None, and what rests on it keeps quiet."""

    def __init__(self, scope: Scope) -> None:
        self.context = Context(scope)
        # Which year of its runs an expression over several years is being read for.
        self._year: int | None = None

    def check(self, node: Node) -> Typed | None:
        typed = self._TABLE[type(node)](self, node)
        if typed is not None and (typed.depth > DEEPEST or typed.weight > HEAVIEST):
            self.context.problems.extend(too_deep(node.span).problems)
            return None
        return typed

    def _all(self, items: tuple[Node, ...]) -> list[Typed] | None:
        """All parts checked, so that each tells its Problems; None if any has one."""
        found = [self.check(item) for item in items]
        typed = [item for item in found if item is not None]
        return typed if len(typed) == len(found) else None

    def _number(self, node: nodes.Number) -> Typed | None:
        return self._literal(node.value, node.unit, node.span)

    def _literal(self, value: Decimal, unit: Unit, span: Span) -> Typed | None:
        typed = alignment.literal(value, unit, span)
        if typed is None:
            self.context.complain(
                span,
                Text(zh="数字太长", en="too many digits"),
                Text(zh="换一个更大的单位", en="use a larger unit"),
            )
        return typed

    def _words(self, node: nodes.Words) -> Typed:
        return Typed(Op.LITERAL, Type(Kind.TEXT), value=node.value, span=node.span)

    def _truth(self, node: nodes.Truth) -> Typed:
        return Typed(Op.LITERAL, Type(Kind.BOOL), value=node.value, span=node.span)

    def _day(self, node: nodes.Day) -> Typed:
        return Typed(Op.LITERAL, Type(Kind.DATE), value=node.value, span=node.span)

    def _name(self, node: nodes.Name) -> Typed | None:
        step = self.context.scope.steps.get(node.name)
        if step is not None:
            return self._at(node.span, step)
        symbol = self._symbol(node)
        if symbol is None:
            return None
        return Typed(Op.FACT, symbol.type, value=symbol.name, span=node.span)

    def _past(self, node: nodes.Past) -> Typed | None:
        symbol = self._symbol(node)
        years = periods.year_of(self.context, node, self._year)
        if symbol is None or years is None:
            return None
        if not periods.is_yearly(self.context, node, symbol):
            return None
        if years == 0:
            return Typed(Op.FACT, symbol.type, value=symbol.name, span=node.span)
        return Typed(Op.PAST, symbol.type, value=(symbol.name, years), span=node.span)

    def _symbol(self, node: nodes.Name | nodes.Past) -> Symbol | None:
        """The fact of this name in scope; a Problem where there is none."""
        scope = self.context.scope
        symbol = scope.fact(node.name)
        if symbol is None:
            self.context.complain(
                node.span,
                Text(zh=f"没有事实“{node.name}”", en=f"no such fact: {node.name}"),
                self._instead_of(node.name),
            )
            return None
        if scope.grain and types.common_grain(symbol.type.grain, scope.grain) is not scope.grain:
            self._complain_grain(node.span, symbol, scope.grain)
            return None
        return symbol

    def _instead_of(self, name: str) -> Text:
        """What may have been meant by a name that no fact has."""
        scope = self.context.scope
        if name in scope.parameters:
            return Text(zh=f"参数写作 p.{name}", en=f"a parameter is p.{name}")
        if name in scope.registers:
            return Text(
                zh=f"名录写在引号里：holds('{name}')", en=f"a register stands in holds('{name}')"
            )
        if _CHINESE_NUMBER.issuperset(name):
            return Text(zh="数用阿拉伯数字：500万元", en="numbers are written in digits: 500万元")
        titles = [known.title for known in scope.facts.values()]
        return operands.hint_nearest(name, [*scope.facts, *titles], _FACTS_LISTED)

    def _complain_grain(self, span: Span, symbol: Symbol, widest: Grain) -> None:
        got, want = operands.GRAIN_NAMES[symbol.type.grain], operands.GRAIN_NAMES[widest]
        self.context.complain(
            span,
            Text(
                zh=f"{symbol.name} 属于{got.zh}，这里只能用{want.zh}的事实",
                en=f"{symbol.name} is known of {got.en}; here only facts of {want.en} may stand",
            ),
            Text(zh=f"换用{want.zh}的事实", en=f"use a fact of {want.en}"),
        )

    def _at(self, span: Span, node: Node) -> Typed | None:
        """Nodes read elsewhere without a Problem, standing here."""
        typed = self.check(node)
        return replace(typed, span=span) if typed is not None else None

    def _parameter(self, node: nodes.Parameter) -> Typed | None:
        term = self.context.scope.terms.get(node.name)
        if term is not None:
            return self._at(node.span, term)
        known = self.context.scope.parameters
        symbol = known.get(node.name)
        if symbol is None:
            self.context.complain(
                node.span,
                Text(zh=f"没有参数“{node.name}”", en=f"no such parameter: {node.name}"),
                operands.hint_nearest(
                    node.name, [*known, *self.context.scope.terms], _PARAMETERS_LISTED
                ),
            )
            return None
        type_ = symbol.type.of_grain(Grain.NONE)
        return Typed(Op.PARAMETER, type_, value=symbol.name, span=node.span)

    def _negation(self, node: nodes.Negation) -> Typed | None:
        child = self.check(node.child)
        if child is None or not operands.is_kind(self.context, child, _NUMBERS):
            return None
        if child.op is Op.LITERAL and isinstance(child.value, Decimal):
            return replace(child, value=child.value.copy_negate(), span=node.span)
        return Typed(Op.NEGATE, child.type, (child,), span=node.span)

    def _arithmetic(self, node: nodes.Arithmetic) -> Typed | None:
        items = self._all((node.left, node.right))
        if items is None:
            return None
        if not operands.are_kind(self.context, items, _NUMBERS):
            return None
        grain = operands.grain(self.context, items, node.at)
        if grain is None:
            return None
        if node.sign in ("+", "-"):
            aligned = operands.together(self.context, items, node.at)
            op = Op.ADD if node.sign == "+" else Op.SUBTRACT
            return arithmetic.total(op, aligned, grain, node.span) if aligned else None
        left, right = items
        made = arithmetic.product if node.sign == "*" else arithmetic.quotient
        return made(left, right, grain, node.span)

    def _comparison(self, node: nodes.Comparison) -> Typed | None:
        items = self._all((node.left, node.right))
        return self._compared(_COMPARISONS[node.sign], items, node.at, node.span)

    def _compared(self, op: Op, items: list[Typed] | None, at: Span, span: Span) -> Typed | None:
        if items is None:
            return None
        aligned = operands.together(self.context, items, at)
        grain = operands.grain(self.context, items, at)
        if aligned is None or grain is None:
            return None
        kind = aligned[0].type.kind
        if op not in (Op.EQUAL, Op.UNEQUAL) and kind in (Kind.TEXT, Kind.BOOL):
            name = operands.KIND_NAMES[kind]
            self.context.complain(
                at,
                Text(zh=f"{name.zh}不分大小", en=f"{name.en} has no order"),
                Text(zh="用 =、!= 或 in", en="use =, != or in"),
            )
            return None
        return Typed(op, Type(Kind.BOOL, grain=grain), tuple(aligned), span=span)

    def _not(self, node: nodes.Not) -> Typed | None:
        child = self.check(node.child)
        if child is None or not operands.is_kind(self.context, child, [Kind.BOOL]):
            return None
        return Typed(Op.NOT, child.type, (child,), span=node.span)

    def _junction(self, node: nodes.Junction) -> Typed | None:
        items = self._all(node.parts)
        if items is None:
            return None
        if not operands.are_kind(self.context, items, [Kind.BOOL]):
            return None
        return self._joined(Op.AND if node.word == "and" else Op.OR, items, node.span)

    def _joined(self, op: Op, items: list[Typed], span: Span) -> Typed | None:
        grain = operands.grain(self.context, items, span)
        if grain is None:
            return None
        return Typed(op, Type(Kind.BOOL, grain=grain), tuple(items), span=span)

    def _one_of(self, node: nodes.OneOf) -> Typed | None:
        items = self._all((node.child, *node.options))
        if items is None:
            return None
        for item in items[1:]:
            if item.op not in (Op.LITERAL, Op.PARAMETER):
                self.context.complain(
                    item.span,
                    Text(zh="in 的括号里只能写常数", en="in takes only constants in its brackets"),
                    Text(zh="与事实比较用 = 和 or", en="compare with a fact by = and or"),
                )
                return None
        aligned = operands.together(self.context, items, node.span)
        if aligned is None:
            return None
        child, options = aligned[0], aligned[1:]
        if all(option.op is Op.LITERAL for option in options):
            type_ = Type(Kind.BOOL, grain=child.type.grain)
            return Typed(Op.IN, type_, tuple(aligned), span=node.span)
        equal = Type(Kind.BOOL, grain=child.type.grain)
        pairs = [Typed(Op.EQUAL, equal, (child, option), span=node.span) for option in options]
        return self._joined(Op.OR, pairs, node.span) if len(pairs) > 1 else pairs[0]

    def _between(self, node: nodes.Between) -> Typed | None:
        items = self._all((node.child, node.low, node.high))
        if items is None:
            return None
        child, low, high = items
        lower = self._compared(Op.AT_LEAST, [child, low], node.low.span, node.span)
        upper = self._compared(Op.AT_MOST, [child, high], node.high.span, node.span)
        if lower is None or upper is None:
            return None
        return self._joined(Op.AND, [lower, upper], node.span)

    def _like(self, node: nodes.Like) -> Typed | None:
        child = self.check(node.child)
        pattern = node.pattern
        if not isinstance(pattern, nodes.Words) or "\\" in pattern.value:
            self.context.complain(
                pattern.span,
                Text(zh="like 后面要写文字，不含“\\”", en="like takes a text without \\"),
                Text(zh="写作 like 'C26%'", en="write like 'C26%'"),
            )
            return None
        if child is None or not operands.is_kind(self.context, child, [Kind.TEXT]):
            return None
        type_ = Type(Kind.BOOL, grain=child.type.grain)
        return Typed(Op.LIKE, type_, (child,), pattern.value, node.span)

    def _within(self, node: nodes.Within) -> Typed | None:
        child = self.check(node.child)
        if child is None or not operands.is_kind(self.context, child, [Kind.DATE]):
            return None
        return periods.within(self.context, child, node)

    def _case(self, node: nodes.Case) -> Typed | None:
        conditions = self._all(tuple(condition for condition, _ in node.branches))
        otherwise = () if node.otherwise is None else (node.otherwise,)
        values = self._all((*(value for _, value in node.branches), *otherwise))
        if conditions is None or values is None:
            return None
        if not operands.are_kind(self.context, conditions, [Kind.BOOL]):
            return None
        aligned = operands.together(self.context, values, node.span)
        grain = operands.grain(self.context, [*conditions, *values], node.span)
        if aligned is None or grain is None:
            return None
        type_ = alignment.merged(aligned, grain)
        if node.otherwise is None:
            result = Typed(Op.LITERAL, type_.of_grain(Grain.NONE), span=node.span)
        else:
            result = aligned.pop()
        for condition, value in zip(reversed(conditions), reversed(aligned), strict=True):
            result = Typed(Op.IF, type_, (condition, value, result), span=node.span)
        return result

    def _call(self, node: nodes.Call) -> Typed | None:
        if node.function not in functions.FUNCTIONS:
            return functions.call(self.context, node, [])
        if node.function in periods.OVER_YEARS and not lookups.is_of_register(node):
            return self._over_years(node)
        items = self._all(node.arguments)
        return functions.call(self.context, node, items) if items is not None else None

    def _over_years(self, node: nodes.Call) -> Typed | None:
        """An argument that names runs of years, read once for each year of them."""
        years = periods.years_of(self.context, node, is_inside=self._year is not None)
        if years is None:
            return None
        items = []
        for self._year in range(years):
            item = self.check(node.arguments[0])
            if item is None:
                break
            items.append(item)
        self._year = None
        return functions.call(self.context, node, items) if len(items) == years else None

    _TABLE: ClassVar[dict[type[Node], Callable[..., Typed | None]]] = {
        nodes.Number: _number,
        nodes.Words: _words,
        nodes.Truth: _truth,
        nodes.Day: _day,
        nodes.Name: _name,
        nodes.Past: _past,
        nodes.Parameter: _parameter,
        nodes.Negation: _negation,
        nodes.Arithmetic: _arithmetic,
        nodes.Comparison: _comparison,
        nodes.Not: _not,
        nodes.Junction: _junction,
        nodes.OneOf: _one_of,
        nodes.Between: _between,
        nodes.Like: _like,
        nodes.Within: _within,
        nodes.Case: _case,
        nodes.Call: _call,
    }
