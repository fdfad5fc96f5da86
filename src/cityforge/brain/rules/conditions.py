"""The conditions of a file with every expression read: one tree of clauses, one condition."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cityforge.brain.city.clause import Clause
from cityforge.brain.city.document import Path_
from cityforge.brain.errors import ProblemsFound
from cityforge.brain.expr import logic
from cityforge.brain.expr.check import DEEPEST, HEAVIEST
from cityforge.brain.expr.nodes import Span
from cityforge.brain.expr.problems import too_deep
from cityforge.brain.expr.typed import Typed

Reader = Callable[[str, Path_], Typed | None]
"""Reads one expression of a file as a condition; None where it has a Problem, told elsewhere."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A clause and what it says.

    truth   the whole clause as one condition over the facts
    parts   the clauses inside it, in the order of the file; none where the clause is an expression
    path    where in its file the clause stands
    """

    clause: Clause
    truth: Typed
    parts: tuple["Condition", ...] = ()
    path: Path_ = ()

    @property
    def leaves(self) -> Iterator["Condition"]:
        """The clauses that are expressions, in the order of the file."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves


def read(clause: Clause, reader: Reader, path: Path_ = ()) -> Condition | None:
    """The condition of a clause; None where the reader refused an expression in it.

    Every expression is read, so that all Problems of a file are told at once. Raises ProblemsFound
    where the whole is too deep or too large for the machines.
    """
    if clause.expr is not None:
        typed = reader(clause.expr, (*path, "expr"))
        return Condition(clause, typed, path=path) if typed is not None else None
    key = next(key for key in ("all", "any", "none", "of") if getattr(clause, key) is not None)
    found = [read(part, reader, (*path, key, i)) for i, part in enumerate(clause.parts)]
    parts = [part for part in found if part is not None]
    if len(parts) < len(found):
        return None
    return Condition(clause, _joined(clause, key, parts), tuple(parts), path)


def _joined(clause: Clause, key: str, parts: list[Condition]) -> Typed:
    truths = [part.truth for part in parts]
    if key == "of":
        assert clause.at_least is not None
        truth = logic.at_least(clause.at_least, truths)
    else:
        join = {"all": logic.all_of, "any": logic.any_of, "none": logic.none_of}[key]
        truth = join(truths)
    if truth.depth > DEEPEST or truth.weight > HEAVIEST:
        raise ProblemsFound(too_deep(Span(0, 0, 1, 1)).problems)
    return truth
