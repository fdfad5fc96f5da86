"""Two evaluations side by side: two schemes, two years, or a scheme before and after a change."""

from collections.abc import Sequence
from dataclasses import dataclass

from cityforge.brain.city import dictionary
from cityforge.brain.city.scheme import Scheme
from cityforge.brain.evaluation.effects import variant
from cityforge.brain.evaluation.effects.moves import Moves, moves
from cityforge.brain.evaluation.evaluated import Evaluated
from cityforge.brain.evaluation.outlines import scheme_in
from cityforge.brain.facts import correction
from cityforge.brain.reports.snapshot import Snapshot
from cityforge.brain.runs.evaluating import evaluate


@dataclass(frozen=True, slots=True)
class Compared:
    """Two evaluations and who moves between them."""

    first: Evaluated
    second: Evaluated
    moves: Moves


def scheme_of(snapshot: Snapshot, name: str | None) -> Scheme:
    """A scheme of the snapshot's city by id, models among them; the first that ran without.

    Raises RunRefused where there is none, or only an outline of it, with what it lacks.
    """
    if name is None:
        return snapshot.scheme()
    return scheme_in(snapshot.city, name)


def compare(
    snapshot: Snapshot, first: str | None, second: str | None, *, years: tuple[int, int]
) -> Compared:
    """Two schemes in a year each, or one scheme in two years."""
    return _compared(
        evaluate(snapshot, scheme_of(snapshot, first), year=years[0]),
        evaluate(snapshot, scheme_of(snapshot, second), year=years[1]),
    )


def what_if(
    snapshot: Snapshot, scheme: str | None, changes: Sequence[str], *, year: int | None = None
) -> Compared:
    """A scheme as it stands, and with changes made (`variant.changed`)."""
    own = scheme_of(snapshot, scheme)
    book = dictionary.build(snapshot.city)
    made = variant.changed(snapshot.city, book, own, changes)
    return _compared(evaluate(snapshot, own, year=year), evaluate(snapshot, made, year=year))


def _compared(first: Evaluated, second: Evaluated) -> Compared:
    return Compared(first, second, moves(first.prepared, first.rows, second.prepared, second.rows))


def correct(
    snapshot: Snapshot,
    scheme: str | None,
    uscc: str,
    facts: Sequence[str],
    *,
    year: int | None = None,
) -> Compared:
    """A result as it stands, and with facts of one enterprise put right (`fact=value`).

    Raises RunRefused where a fact is unknown or derived, or a value cannot be read.
    """
    own = scheme_of(snapshot, scheme)
    chosen = snapshot.year if year is None else year
    book = dictionary.build(snapshot.city)
    right = [correction.read(book, uscc.strip().upper(), chosen, text) for text in facts]
    return _compared(
        evaluate(snapshot, own, year=chosen),
        evaluate(snapshot, own, year=chosen, corrections=right),
    )
