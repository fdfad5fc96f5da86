"""The state of every enterprise on every rung, worked out for all of them at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.engines.kernel.planes import unpacked
from cityforge.brain.expr import check
from cityforge.brain.expr.typed import Typed
from cityforge.brain.ladders import nearness
from cityforge.brain.ladders.prepared import Climb, Part, Step, Truths
from cityforge.brain.policies import matching
from cityforge.brain.policies.matching import Population

Codes = npt.NDArray[np.int8]
Days = npt.NDArray[np.datetime64]


class State(IntEnum):
    """How an enterprise stands before a rung; the names are those of the city's files.

    held, expiring      it has the title; it has it for few days more
    promising           all that the data decide is met
    opportunity         few clauses are not met, each by little; all facts are there
    needs_data          it may be promising or have few gaps: a fact is missing
    not_met             more is not met, or something by far, or the rung beneath is not held
    not_applicable      it is not for this enterprise, or a higher rung of the line is held
    unspecified         the rung has no rule to judge by
    """

    HELD = 0
    EXPIRING = 1
    PROMISING = 2
    OPPORTUNITY = 3
    NEEDS_DATA = 4
    NOT_MET = 5
    NOT_APPLICABLE = 6
    UNSPECIFIED = 7

    @property
    def key(self) -> str:
        return self.name.lower()

    @classmethod
    def of(cls, key: str) -> "State":
        return cls[key.upper()]


HOLDING = (State.HELD, State.EXPIRING)


@dataclass(frozen=True, slots=True)
class Standing:
    """All enterprises before one rung; arrays by the rows of the population.

    true, false   [part, row]: each clause known true, known false
    failing       clauses that the data say are not met, of those that count
    open          clauses that lack a fact, of those that decide
    ready         holds a rung that must come first, or none must
    """

    step: Step
    states: Codes
    true: Truths
    false: Truths
    failing: npt.NDArray[np.int64]
    open: npt.NDArray[np.int64]
    ready: Truths

    def in_state(self, *states: State) -> Truths:
        found: Truths = np.isin(self.states, [int(state) for state in states])
        return found

    @property
    def held(self) -> Truths:
        return self.in_state(*HOLDING)

    @property
    def candidates(self) -> Truths:
        """Whom the rung is for and who does not hold it, the rung beneath being held."""
        return self.ready & ~self.held & ~self.in_state(State.NOT_APPLICABLE)

    @property
    def library(self) -> Truths:
        """Who is in its cultivation library."""
        return self.in_state(*(State.of(name) for name in self.step.library.states))


def standings(
    climb: Climb, by_step: Mapping[str, Population], until: Mapping[str, Days]
) -> dict[str, Standing]:
    """Where everyone stands before each rung, by the id of the rung.

    by_step  the population that each rung's rule is judged by; the same enterprises in each
    until    by register: the last day of who is in it, row by row (NaT: no end, or not in it)
    """
    held = {step.id: _held(step, by_step[step.id]) for step in climb.steps}
    return {
        step.id: _standing(
            climb, step, by_step[step.id], held, until.get(step.rung.register_ or "")
        )
        for step in climb.steps
    }


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds a rung: known true, known false."""

    true: Truths
    false: Truths


def _held(step: Step, population: Population) -> Held:
    rows = population.rows
    column = step.column
    if column is None:
        return _reached(step, population)
    if not population.frame.holds(column):
        return Held(np.zeros(rows, np.bool_), np.zeros(rows, np.bool_))
    values = population.table.column(column)
    return Held(_where(values), _where(pc.invert(values)))


def _reached(step: Step, population: Population) -> Held:
    """Of a line of stages: who has come to this stage or beyond."""
    assert step.line.stage is not None
    if not population.frame.holds(step.line.stage):
        nobody = np.zeros(population.rows, np.bool_)
        return Held(nobody, nobody)
    at_least = [value for rung in step.line.rungs[step.place :] for value in rung.stages]
    stages = population.table.column(step.line.stage).cast(pa.string())
    known = _where(pc.is_valid(stages))
    true = _where(pc.is_in(stages, value_set=pa.array(at_least, pa.string())))
    return Held(true, known & ~true)


def _standing(
    climb: Climb,
    step: Step,
    population: Population,
    held: Mapping[str, Held],
    until: Days | None,
) -> Standing:
    rows = population.rows
    nobody = np.zeros(rows, np.bool_)
    true, false = _parts(step.parts, population)
    roles = np.array([part.role for part in step.parts], dtype=object)

    def of(*names: str) -> Truths:
        found: Truths = np.isin(roles, names)
        return found

    failing = false[of("hard", "awaited")].sum(axis=0, dtype=np.int64)
    lacking = ~true & ~false
    open_ = lacking[of("hard", "scope", "before")].sum(axis=0, dtype=np.int64)
    own = held[step.id]
    above = nobody.copy()
    for other in climb.steps:
        if step.id in other.beneath:
            above |= held[other.id].true
    elsewhere = above | false[of("scope")].any(axis=0)
    if step.line.id in climb.applies:
        elsewhere |= _false(climb.applies[step.line.id], population)
    asked: Truths = np.logical_and.reduce(true[of("before")], axis=0)
    ready = _ready(step, held, asked, rows)
    states = np.full(rows, State.NOT_MET, np.int8)
    if step.rung.stages:
        states[~own.true & ~own.false] = State.NEEDS_DATA
    elif step.rule is None:
        states[:] = State.UNSPECIFIED
    else:
        blocked = false[of("before")].any(axis=0)
        few = ~blocked & ~own.true & ~elsewhere & (failing <= step.gaps)
        few = _near(step, population, false, few)
        known = (open_ == 0) & (own.true | own.false)
        states[few & ~known] = State.NEEDS_DATA
        states[few & known] = State.OPPORTUNITY
        states[few & known & (failing == 0)] = State.PROMISING
    states[elsewhere] = State.NOT_APPLICABLE
    states[own.true] = State.HELD
    states[own.true & _ends_soon(step, climb.day, until, rows)] = State.EXPIRING
    return Standing(step, states, true, false, failing, open_, ready)


def _near(step: Step, population: Population, false: Truths, among: Truths) -> Truths:
    """Of some enterprises those whose clauses not met, of those that count, are all near."""
    found = among.copy()
    for number, part in enumerate(step.parts):
        rows = np.flatnonzero(found & false[number])
        if part.role in ("hard", "awaited") and len(rows):
            found[rows] = nearness.near(part.condition, _of(population, part, rows), step.near)
    return found


def _of(population: Population, part: Part, rows: npt.NDArray[np.int64]) -> Population:
    """The facts that a clause reads, of these rows: few are left when nearness is asked."""
    there = set(population.table.column_names)
    wanted = sorted({"uscc", *check.columns(part.condition.truth)} & there)
    table = population.table.select(wanted).take(pa.array(rows))
    return Population.of(table, day=population.day, parameters=population.parameters)


def _ready(step: Step, held: Mapping[str, Held], asked: Truths, rows: int) -> Truths:
    """Who holds what must come first: by the rule's own clause, else by the ladder."""
    if any(part.role == "before" for part in step.parts):
        return asked
    ready = np.full(rows, not step.rung.from_, np.bool_)
    for name in step.rung.from_:
        ready |= held[name].true
    return ready


def _parts(parts: tuple[Part, ...], population: Population) -> tuple[Truths, Truths]:
    if not parts:
        none = np.zeros((0, population.rows), np.bool_)
        return none, none
    planes = matching.truths([part.condition.truth for part in parts], population)
    true = np.stack([unpacked(plane, planes.rows) for plane in planes.true])
    false = np.stack([unpacked(plane, planes.rows) for plane in planes.false])
    return true, false


def _false(typed: Typed, population: Population) -> Truths:
    planes = matching.truths([typed], population)
    found: Truths = unpacked(planes.false[0], planes.rows)
    return found


def _ends_soon(step: Step, day: date, until: Days | None, rows: int) -> Truths:
    if until is None:
        return np.zeros(rows, np.bool_)
    last = np.datetime64(day + timedelta(days=max(step.renewal.alert_days)))
    soon: Truths = ~np.isnat(until) & (until <= last)
    return soon


def _where(truths: pa.Array | pa.ChunkedArray) -> Truths:
    return np.asarray(pc.fill_null(truths, fill_value=False), np.bool_)
