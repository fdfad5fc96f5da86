"""The cultivation library (培育库) of a rung on two days: who moved in, up and out, and why.

Why: the clauses whose answer changed, with the facts they read, then and now.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cityforge.brain.expr import check
from cityforge.brain.ladders.prepared import Part, Truths
from cityforge.brain.ladders.states import Standing, State
from cityforge.brain.policies.matching import Population

Way = Literal["in", "up", "out", "lost"]
Rows = npt.NDArray[np.int64]
_NOT_THERE = -1


@dataclass(frozen=True, slots=True)
class Then:
    """The same enterprises on an earlier day: where they stood, and the facts they had."""

    standing: Standing
    population: Population


@dataclass(frozen=True, slots=True)
class Changed:
    """One clause whose answer changed; None is unknown. `facts`: column -> value then, now."""

    part: Part
    before: bool | None
    after: bool | None
    facts: tuple[tuple[str, object, object], ...]

    def speaks_for(self, way: Way) -> bool:
        """Whether the change tells why one moved that way: met now, or no longer."""
        if way in ("in", "up"):
            return self.after is True
        return self.before is True


@dataclass(frozen=True, slots=True)
class Move:
    """One enterprise that moved.

    way      in: into the library; up: got the title; out: out of the library without it;
             lost: the title ran out or was withdrawn
    before   None: it was not there on the earlier day
    changed  the clauses whose answer changed; none where the rule itself is another
    rule     whether the rung is judged by another version of the rule than then
    """

    way: Way
    row: int
    before: State | None
    after: State
    changed: tuple[Changed, ...] = ()
    rule: bool = False

    @property
    def reasons(self) -> tuple[Changed, ...]:
        """The changes that speak for the move; all of them where none does."""
        return tuple(one for one in self.changed if one.speaks_for(self.way)) or self.changed


@dataclass(frozen=True, slots=True)
class Moves:
    """All moves of a rung, by way; `stayed`: in the library on both days."""

    standing: Standing
    listed: tuple[Move, ...]
    stayed: int

    def of(self, way: Way) -> list[Move]:
        return [move for move in self.listed if move.way == way]


def moves(now: Standing, population: Population, then: Then) -> Moves:
    """Who moved between two days. The tables are matched by credit code."""
    place = _places(then.population, population)
    there = place != _NOT_THERE
    was, now_in = _taken(then.standing.library, place), now.library
    held, holds = _taken(then.standing.held, place), now.held
    ways: list[tuple[Way, Truths]] = [
        ("up", holds & ~held & there),
        ("in", now_in & ~was),
        ("out", was & ~now_in & ~holds),
        ("lost", held & ~holds),
    ]
    found = [
        move
        for way, rows in ways
        for move in _listed(way, np.flatnonzero(rows), now, population, then, place)
    ]
    return Moves(now, tuple(found), int((was & now_in).sum()))


def _listed(
    way: Way, rows: Rows, now: Standing, population: Population, then: Then, place: Rows
) -> Iterator[Move]:
    earlier = {part.id: number for number, part in enumerate(then.standing.step.parts)}
    new_rule = not _same_rule(now, then.standing)
    read = {name for part in now.step.parts for name in check.columns(part.condition.truth)}
    known = _values(population, read, rows)
    past = _values(then.population, read, np.maximum(place[rows], 0))
    for number, row in enumerate(rows.tolist()):
        at = int(place[row])
        before = State(int(then.standing.states[at])) if at != _NOT_THERE else None
        changed: tuple[Changed, ...] = ()
        if before is not None and not new_rule:
            facts = (past[number], known[number])
            changed = tuple(_changed(now, then.standing, earlier, row, at, *facts))
        yield Move(way, row, before, State(int(now.states[row])), changed, new_rule)


def _changed(
    now: Standing,
    then: Standing,
    earlier: Mapping[str, int],
    row: int,
    at: int,
    past: Mapping[str, object],
    known: Mapping[str, object],
) -> Iterator[Changed]:
    for number, part in enumerate(now.step.parts):
        before = _truth(then, earlier[part.id], at) if part.id in earlier else None
        after = _truth(now, number, row)
        if before is after:
            continue
        columns = sorted(check.columns(part.condition.truth))
        facts = tuple(
            (name, past.get(name), known.get(name))
            for name in columns
            if past.get(name) != known.get(name)
        )
        yield Changed(part, before, after, facts)


def _values(population: Population, columns: set[str], rows: Rows) -> list[dict[str, object]]:
    """What clauses read of these enterprises."""
    table = population.table
    there = ["uscc", *sorted(columns & set(table.column_names))]
    found: list[dict[str, object]] = table.select(there).take(pa.array(rows)).to_pylist()
    return found


def _truth(standing: Standing, part: int, row: int) -> bool | None:
    if standing.true[part, row]:
        return True
    return False if standing.false[part, row] else None


def _same_rule(one: Standing, other: Standing) -> bool:
    if one.step.rule is None or other.step.rule is None:
        return one.step.rule is other.step.rule
    return one.step.rule.version == other.step.rule.version


def _places(then: Population, now: Population) -> Rows:
    """For each enterprise of now its row then; -1 where it was not there."""
    codes = then.table["uscc"].combine_chunks()
    found = pa.compute.index_in(now.table["uscc"], value_set=codes)
    return np.asarray(pa.compute.fill_null(found, _NOT_THERE), np.int64)


def _taken(truths: Truths, place: Rows) -> Truths:
    if not len(truths):
        return np.zeros(len(place), np.bool_)
    found: Truths = truths[np.maximum(place, 0)] & (place != _NOT_THERE)
    return found
