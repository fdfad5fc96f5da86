"""Where the Problems of one expression are gathered, with line and column."""

from cityforge.brain.errors import Problem, ProblemsFound, Text
from cityforge.brain.expr.nodes import Span


def problem(span: Span, what: Text, hint: Text) -> Problem:
    """One Problem at a place of the text. The file and the path are the caller's to add."""
    return Problem(file="", line=span.line, column=span.column, what=what, hint=hint)


def refused(span: Span, what: Text, hint: Text) -> ProblemsFound:
    """The exception for a text that cannot be read on."""
    return ProblemsFound([problem(span, what, hint)])


def too_deep(span: Span) -> ProblemsFound:
    """The exception for an expression that the machines could not walk without harm."""
    return refused(
        span,
        Text(zh="表达式嵌套太深或太长", en="nested too deeply, or too long"),
        Text(zh="把一部分另立为事实", en="make a part of it a fact of its own"),
    )
