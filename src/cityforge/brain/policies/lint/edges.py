"""Comparisons that may misjudge who is just at the threshold: a quotient worked on once more.

A quotient of facts is the double nearest to the true one, as its threshold is, so that both are
equal where they should be. What is added to it or multiplied rounds once more: 1.2 - 1 of doubles
is 0.19999999999999996, and growth of exactly 20 % would be refused.
"""

from collections.abc import Iterator

from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.document import Path_
from cityforge.brain.errors import Text
from cityforge.brain.expr.typed import Op, Typed, walk
from cityforge.brain.expr.types import Kind
from cityforge.brain.policies.lint.read import Finding, Looked, Place
from cityforge.brain.policies.reach.reach import COMPARISONS

_WHAT = Text(
    zh="除得的商又加、减、乘，末位有舍入误差：恰好达到门槛的企业可能判错",
    en="a quotient is added to or multiplied, which rounds its last bit: who is just at the "
    "threshold may be misjudged",
)
_HINT = Text(
    zh="先加减后除，如 (revenue - revenue[-1]) / revenue[-1]；增长率用 cagr；否则写 round(…, 9)",
    en="Divide last, as in (revenue - revenue[-1]) / revenue[-1]; cagr for growth; else "
    "round(…, 9).",
)
_WORKED_ON = (Op.ADD, Op.SUBTRACT, Op.MULTIPLY, Op.ROOT)
_SETTLED = (Op.ROUND, Op.FLOOR)
_WHOLE = (Op.TO_DOUBLE, Op.LITERAL)


def find(looked: Looked) -> Iterator[Finding]:
    """Every such comparison of a version, in its conditions and in the cases of its amount."""
    for leaf in looked.condition.leaves:
        yield from _told(looked, (*leaf.path, "expr"), leaf.truth, frozenset())
    for expression in looked.expressions:
        yield from _told(looked, expression.path, expression.typed, expression.borrowed)


def _told(
    looked: Looked, path: Path_, typed: Typed, borrowed: frozenset[Place]
) -> Iterator[Finding]:
    for place in dict.fromkeys(_blunt(typed, looked.book)):
        if place not in borrowed:
            yield looked.finding("rounded", path, _WHAT, _HINT, place=place)


def _blunt(typed: Typed, book: Dictionary) -> Iterator[Place]:
    """Where the sides stand that are no longer the nearest double of what they mean."""
    for part in walk(typed):
        if part.op in COMPARISONS:
            for side in part.children:
                if not _is_sharp(side, book):
                    yield side.span.line, side.span.column


def _is_sharp(typed: Typed, book: Dictionary) -> bool:
    if typed.op is Op.FACT:
        made = book.facts[str(typed.value)].expression
        return made is None or _is_sharp(made, book)
    if typed.type.kind is not Kind.DOUBLE or typed.op in _SETTLED:
        return True
    if typed.op in (Op.DIVIDE, Op.MULTIPLY) and _is_growth(typed):
        return True
    if typed.op in _WORKED_ON:
        return False
    if typed.op is Op.DIVIDE:
        return all(side.op in _WHOLE for side in typed.children)
    return all(_is_sharp(child, book) for child in typed.children)


def _is_growth(typed: Typed) -> bool:
    """A part of growth over three years, which settles its nine decimals by itself."""
    return any(part.op is Op.CUBE_ROOT for part in walk(typed))
