"""One flat run of operands and operators to a node: SQLGlot's precedence, our closed table.

A run holds no brackets: each bracket, call, list and case inside it is one operand already read.
SQLGlot sees an operand as a word that carries its number, which is how each node knows its place.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, NoReturn

from sqlglot import exp
from sqlglot.errors import ErrorLevel, ParseError
from sqlglot.parser import Parser
from sqlglot.tokenizer_core import Token, TokenType

from cityforge.brain.errors import Text
from cityforge.brain.expr import nodes
from cityforge.brain.expr.nodes import ArithmeticSign, ComparisonSign, Node, Span
from cityforge.brain.expr.problems import refused, too_deep

LONGEST_PREFIX = 16  # `not` and `-` in a row
MOST_BRANCHES = 50  # of one case

_PREFIXES = {TokenType.NOT, TokenType.DASH}
_RANGES = {TokenType.IN, TokenType.LIKE, TokenType.BETWEEN, TokenType.ILIKE}
_ARITHMETIC: dict[type[exp.Expr], ArithmeticSign] = {
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
}
_COMPARISONS: dict[type[exp.Expr], ComparisonSign] = {
    exp.EQ: "=",
    exp.NEQ: "!=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_JUNCTIONS: dict[type[exp.Expr], Literal["and", "or"]] = {exp.And: "and", exp.Or: "or"}
_LEFT_DEEP = (*_ARITHMETIC, *_COMPARISONS, *_JUNCTIONS)


@dataclass(frozen=True, slots=True)
class Item:
    """One token of a flat run; an operand carries its node, the list after `in` its options."""

    span: Span
    kind: TokenType
    text: str
    node: Node | None = None
    options: tuple[Node, ...] = ()

    @property
    def is_operand(self) -> bool:
        return self.node is not None or bool(self.options)


def read(run: Sequence[Item], end: Span) -> Node:
    """One flat run as a node; `end` is the place of what stands after it."""
    _check_order(run, end)
    if len(run) == 1 and run[0].node is not None:
        return run[0].node
    return _Narrowing(run).node()


def _check_order(run: Sequence[Item], end: Span) -> None:
    """Operands and operators take turns; SQLGlot alone would let `a between 1 2` pass."""
    wants_operand, prefixes = True, 0
    for before, item in zip((None, *run), run, strict=False):
        if item.is_operand:
            if not wants_operand:
                _refuse_missing_operator(before, item)
            wants_operand, prefixes = False, 0
        elif before is not None and before.kind is TokenType.NOT and item.kind in _RANGES:
            wants_operand = True
        elif item.kind is TokenType.CASE:
            continue
        elif wants_operand:
            prefixes += 1
            is_first_when = item.kind is TokenType.WHEN and before is run[0]
            if item.kind not in _PREFIXES and not is_first_when:
                _refuse_missing(item.span)
            if prefixes > LONGEST_PREFIX:
                raise too_deep(item.span)
        else:
            wants_operand = item.kind is not TokenType.END
    if wants_operand:
        _refuse_missing(end)


def _refuse_missing(span: Span) -> NoReturn:
    raise refused(
        span,
        Text(zh="这里缺一个值", en="a value is missing here"),
        Text(zh="运算符两边都要有值", en="an operator needs a value on each side"),
    )


def _refuse_missing_operator(before: Item | None, item: Item) -> NoReturn:
    after_number = before is not None and isinstance(before.node, nodes.Number)
    raise refused(
        item.span,
        Text(zh="两个值之间缺运算符", en="an operator is missing between two values"),
        Text(zh="单位紧跟数字，中间不空格：500万元", en="a unit follows its number: 500万元")
        if after_number
        else Text(zh="用 and、or 或 + - * / 连接", en="join them by and, or, + - * /"),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """A node and the items of the run that it was made of, first to last."""

    node: Node
    first: int
    last: int


class _Narrowing:
    """SQLGlot's tree of one flat run, made ours."""

    def __init__(self, run: Sequence[Item]) -> None:
        self._run = run

    def node(self) -> Node:
        try:
            return self._narrow(self._tree()).node
        except RecursionError:
            # `a between 1 and 2 between 3 and 4 …`: no expression that means anything.
            raise too_deep(self._run[0].span) from None

    def _tree(self) -> exp.Expr:
        parser = Parser(error_level=ErrorLevel.IMMEDIATE)
        try:
            tree = parser.parse_into(exp.Condition, list(self._tokens()), " ")[0]
        except ParseError as error:
            at = error.errors[0].get("col") if error.errors else None
            self._refuse_run(at if isinstance(at, int) else 0)
        if tree is None:
            self._refuse_run(0)
        return tree

    def _tokens(self) -> list[Token]:
        """The run for SQLGlot: an operand is the word x7, 7 its number; a list is (x7)."""
        found = []
        for number, item in enumerate(self._run):
            word = Token(TokenType.VAR, f"x{number}", col=number)
            if item.options:
                found.append(Token(TokenType.L_PAREN, "(", col=number))
                found.append(word)
                found.append(Token(TokenType.R_PAREN, ")", col=number))
            elif item.node is not None:
                found.append(word)
            else:
                found.append(Token(item.kind, item.text, col=number))
        return found

    def _refuse_run(self, number: int) -> NoReturn:
        item = self._run[min(number, len(self._run) - 1)]
        raise refused(
            item.span,
            Text(zh=f"读到“{item.text}”读不下去", en=f"cannot read on at {item.text!r}"),
            Text(
                zh="between 要有 and，case 要有 when 和 then",
                en="between needs its and, case its when and then",
            ),
        )

    def _narrow(self, tree: exp.Expr) -> _Part:
        if type(tree) in _LEFT_DEEP:
            return self._left_deep(tree)
        narrow = self._TABLE.get(type(tree))
        if narrow is None:
            self._refuse_run(0)
        return narrow(self, tree)

    def _left_deep(self, tree: exp.Expr) -> _Part:
        """`a + b + c` leans to the left however long it is; unrolled, not recursed into."""
        spine = []
        while type(tree) in _LEFT_DEEP:
            spine.append(tree)
            tree = tree.this
        part = self._narrow(tree)
        for operation in reversed(spine):
            part = self._joined(operation, part, self._narrow(operation.expression))
        return part

    def _joined(self, tree: exp.Expr, left: _Part, right: _Part) -> _Part:
        span, at = self._span(left.first, right.last), self._run[left.last + 1].span
        node: Node
        if type(tree) in _ARITHMETIC:
            node = nodes.Arithmetic(span, _ARITHMETIC[type(tree)], left.node, right.node, at)
        elif type(tree) in _COMPARISONS:
            node = nodes.Comparison(span, _COMPARISONS[type(tree)], left.node, right.node, at)
        else:
            word = _JUNCTIONS[type(tree)]
            before = left.node
            same = isinstance(before, nodes.Junction) and before.word == word
            parts = before.parts if same and isinstance(before, nodes.Junction) else (before,)
            node = nodes.Junction(span, word, (*parts, right.node))
        return _Part(node, left.first, right.last)

    def _span(self, first: int, last: int) -> Span:
        return self._run[first].span.to(self._run[last].span)

    def _operand(self, tree: exp.Expr) -> _Part:
        number = int(tree.name[1:])
        node = self._run[number].node
        if node is None:
            self._refuse_run(number)
        return _Part(node, number, number)

    def _negation(self, tree: exp.Expr) -> _Part:
        child = self._narrow(tree.this)
        span = self._span(child.first - 1, child.last)
        return _Part(nodes.Negation(span, child.node), child.first - 1, child.last)

    def _not(self, tree: exp.Expr) -> _Part:
        child = self._narrow(tree.this)
        first = child.first
        if not self._is_not_in(tree.this):
            first -= 1
        span = self._span(first, child.last)
        return _Part(nodes.Not(span, child.node), first, child.last)

    def _is_not_in(self, tree: exp.Expr) -> bool:
        """Whether the `not` of this `in` or `between` stands after its operand."""
        if type(tree) not in (exp.In, exp.Between):
            return False
        return self._run[self._narrow(tree.this).last + 1].kind is TokenType.NOT

    def _one_of(self, tree: exp.Expr) -> _Part:
        child = self._narrow(tree.this)
        listed = tree.args.get("expressions")
        if not listed:
            number = int(tree.args["field"].name[1:])
            raise refused(
                self._run[number].span,
                Text(zh="in 后面要写 (…)", en="in needs a list in brackets"),
                Text(zh="写作 in ('C26', 'C27')", en="write in ('C26', 'C27')"),
            )
        last = int(listed[0].name[1:])
        node = nodes.OneOf(self._span(child.first, last), child.node, self._run[last].options)
        return _Part(node, child.first, last)

    def _between(self, tree: exp.Expr) -> _Part:
        child, low = self._narrow(tree.this), self._narrow(tree.args["low"])
        high = self._narrow(tree.args["high"])
        span = self._span(child.first, high.last)
        return _Part(
            nodes.Between(span, child.node, low.node, high.node), child.first, high.last
        )  # fmt: skip

    def _like(self, tree: exp.Expr) -> _Part:
        child, pattern = self._narrow(tree.this), self._narrow(tree.expression)
        span = self._span(child.first, pattern.last)
        kind = nodes.Within if isinstance(tree, exp.ILike) else nodes.Like
        node: Node = kind(span, child.node, pattern.node)
        if tree.args.get("negate"):
            node = nodes.Not(span, node)
        return _Part(node, child.first, pattern.last)

    def _case(self, tree: exp.Expr) -> _Part:
        branches = tree.args.get("ifs") or []
        if tree.this is not None or not branches:
            raise refused(
                self._run[0].span,
                Text(zh="case 后面要写 when 条件", en="case needs when and a condition"),
                Text(
                    zh="写作 case when 条件 then 值 else 值 end",
                    en="write case when condition then value else value end",
                ),
            )
        if len(branches) > MOST_BRANCHES:
            raise too_deep(self._run[0].span) from None
        pairs = tuple(
            (self._narrow(branch.this).node, self._narrow(branch.args["true"]).node)
            for branch in branches
        )
        default = tree.args.get("default")
        otherwise = self._narrow(default).node if default is not None else None
        last = len(self._run) - 1
        return _Part(nodes.Case(self._span(0, last), pairs, otherwise), 0, last)

    _TABLE: ClassVar[dict[type[exp.Expr], Callable[["_Narrowing", exp.Expr], _Part]]] = {
        exp.Column: _operand,
        exp.Neg: _negation,
        exp.Not: _not,
        exp.In: _one_of,
        exp.Between: _between,
        exp.Like: _like,
        exp.ILike: _like,
        exp.Case: _case,
    }
