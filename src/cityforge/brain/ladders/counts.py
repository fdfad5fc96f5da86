"""What a ladder counts: rungs by state and district, what holds people back, aims, next year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cityforge.brain.city.dictionary import DISTRICT
from cityforge.brain.city.ladder import Aim
from cityforge.brain.city.plan import Target
from cityforge.brain.ladders.outlook import day_before
from cityforge.brain.ladders.prepared import Part, Truths
from cityforge.brain.ladders.states import Standing, State
from cityforge.brain.ladders.titles import Title


@dataclass(frozen=True, slots=True)
class Funnel:
    """One rung: enterprises by state, and by district (None: no district known) and state."""

    standing: Standing
    states: Mapping[State, int]
    library: int
    districts: Mapping[str | None, Mapping[State, int]]
    libraries: Mapping[str | None, int]

    @property
    def held(self) -> int:
        return self.states[State.HELD] + self.states[State.EXPIRING]


@dataclass(frozen=True, slots=True)
class Gap:
    """One clause of a rung among those whom the rung is for and who do not hold it.

    alone   who fail this clause and no other, and lack no fact
    """

    part: Part
    failing: int
    alone: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """How many can make a rung: by the facts and rules of the day, and a year on.

    now        promising today
    by_rule    promising by the facts of today under the rules of next year
    next_year  promising by next year's facts under next year's rules; gained, lost against `now`
    open       cannot be said for next year: a fact or its trend is missing
    """

    standing: Standing
    now: int
    by_rule: int
    next_year: int
    gained: int
    lost: int
    open: int
    rule_changes: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """A target of the plan beside what is there. `share` of a target that is a number above 0."""

    aim: Aim
    target: Target
    held: int
    annual: bool

    @property
    def share(self) -> float | None:
        wanted = self.target.value
        return float(Decimal(self.held) / wanted) if wanted > 0 else None


def funnel(standing: Standing, districts: pa.ChunkedArray, known: Sequence[str]) -> Funnel:
    """Count a rung, by state and by district."""
    codes = standing.states
    library = standing.library
    names = districts.to_pylist()
    order = {name: number for number, name in enumerate(known)}
    places = np.array([order.get(name, len(known)) for name in names], np.int64)
    by_place = np.zeros((len(known) + 1, len(State)), np.int64)
    np.add.at(by_place, (places, codes), 1)
    inside = np.bincount(places[library], minlength=len(known) + 1)
    keys: list[str | None] = [*known, None]
    return Funnel(
        standing,
        {state: int((codes == state).sum()) for state in State},
        int(library.sum()),
        {key: {state: int(by_place[i, state]) for state in State} for i, key in enumerate(keys)},
        {key: int(inside[i]) for i, key in enumerate(keys)},
    )


def gaps(standing: Standing) -> tuple[Gap, ...]:
    """What holds people back on a rung, in the order of its rule."""
    inside = standing.candidates
    alone = inside & (standing.failing == 1) & (standing.open == 0)
    found = []
    for number, part in enumerate(standing.step.parts):
        true, false = standing.true[number], standing.false[number]
        counts = part.role in ("hard", "awaited")
        found.append(
            Gap(
                part,
                int((inside & false).sum()),
                int((alone & false).sum()) if counts else 0,
                int((inside & ~true & ~false).sum()),
            )
        )
    return tuple(found)


def outlook(now: Standing, by_rule: Standing, ahead: Standing) -> Outlook:
    """What a year brings on a rung: by its rules alone, and with the facts moved on."""
    today, then = now.in_state(State.PROMISING), ahead.in_state(State.PROMISING)
    rules = (now.step.rule, ahead.step.rule)
    return Outlook(
        now,
        int(today.sum()),
        int(by_rule.in_state(State.PROMISING).sum()),
        int(then.sum()),
        int((then & ~today).sum()),
        int((today & ~then).sum()),
        int(ahead.in_state(State.NEEDS_DATA).sum()),
        all(rules) and rules[0] is not None and rules[1] is not None
        and rules[0].version != rules[1].version,
    )  # fmt: skip


def progress(
    aim: Aim,
    target: Target,
    standings: Mapping[str, Standing],
    titles: Sequence[Title],
    *,
    day: date,
) -> Progress:
    """How far the city is: each enterprise once; of a yearly target, first recognised in the year
    that ends on the day."""
    chosen = [standings[name] for name in aim.rungs]
    if not target.annual:
        held = np.logical_or.reduce([one.held for one in chosen])
        return Progress(aim, target, int(held.sum()), annual=False)
    registers = {one.step.rung.register_ for one in chosen}
    since = day_before(day)
    new = {
        title.uscc
        for title in titles
        if title.register in registers and since < title.first_on <= day
    }
    return Progress(aim, target, len(new), annual=True)


def rows_of(truths: Truths) -> npt.NDArray[np.int64]:
    return np.flatnonzero(truths)


def districts_of(table: pa.Table) -> pa.ChunkedArray:
    """The district of every enterprise; all unknown where the table has none."""
    if DISTRICT in table.column_names:
        return table.column(DISTRICT).cast(pa.string())
    return pa.chunked_array([pa.nulls(table.num_rows, pa.string())])
