"""Expressions, units and names inside a city's files: read, with their Problems put in place."""

from collections.abc import Iterable

from cityforge.brain.city.document import Document, Path_
from cityforge.brain.city.unread import FACTS, Unread
from cityforge.brain.city.wording import nearest
from cityforge.brain.errors import Problem, ProblemsFound, Text, ValueRefused
from cityforge.brain.expr import check, nodes
from cityforge.brain.expr.check import Typed
from cityforge.brain.expr.parse import parse
from cityforge.brain.expr.types import Kind, Scope
from cityforge.brain.values.quantity import PLAIN, Unit, unit

_LANGUAGE = Text(
    zh="对照 docs/reference 中的表达式语言改写",
    en="See the expression language in docs/reference.",
)


def read_unit(
    symbol: str | None, document: Document, path: Path_, problems: list[Problem]
) -> Unit | None:
    """The unit that a file names; a Problem and None when there is no such unit."""
    if not symbol:
        return PLAIN
    try:
        return unit(symbol)
    except ValueRefused as error:
        problems.append(document.problem(path, error.what, error.hint))
        return None


def wrong_unit(typed: Typed, measure: Unit, document: Document, path: Path_) -> Problem:
    """The Problem that an expression's unit is not of the dimension that the file states."""
    got = typed.type.unit.symbol or "无单位"
    want = measure.symbol or "无单位"
    return document.problem(
        path,
        Text(
            zh=f"单位不符：写的是“{want}”，表达式得到“{got}”",
            en=f"wrong unit: '{want}' is stated, the expression gives '{got}'",
        ),
        Text(zh=f"改为 {got} 或改表达式", en=f"State {got}, or change the expression."),
    )


def read_expression(
    text: str,
    scope: Scope,
    document: Document,
    path: Path_,
    problems: list[Problem],
    unread: Unread,
    *,
    expect: Kind | None = None,
) -> Typed | None:
    """Check an expression of a file; its Problems are placed in the file, None is returned.

    That a name is unknown is no Problem here when the file that defines it is unread.
    """
    try:
        return check.read(text, scope, expect=expect)
    except ProblemsFound as error:
        excused = _places_of(text, unread)
        for problem in error.problems:
            place = (problem.line, problem.column)
            if place not in excused:
                hint = problem.hint if problem.hint.en else _LANGUAGE
                problems.append(document.problem(path, problem.what, hint, place=place))
        return None


def _places_of(text: str, unread: Unread) -> set[tuple[int, int]]:
    """Where an expression names facts, parameters or registers that cannot be judged."""
    if not unread:
        return set()
    try:
        found = nodes.walk(parse(text))
    except ProblemsFound:
        return set()
    places = set()
    for node in found:
        name = node.value if isinstance(node, nodes.Words) else getattr(node, "name", None)
        kind = FACTS if isinstance(node, nodes.Name | nodes.Past) else ""
        if name is not None and unread.may_hold(name, kind):
            places.add((node.span.line, node.span.column))
    return places


def unknown(
    document: Document, path: Path_, name: str, known: Iterable[str], what: Text
) -> Problem:
    """The Problem that a file names something that does not exist, with the nearest that does."""
    return document.problem(
        path,
        Text(zh=f"{what.zh}“{name}”不存在", en=f"no such {what.en}: '{name}'"),
        nearest(name, known),
    )
