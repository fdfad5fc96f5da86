"""Where one enterprise of a snapshot stands on a ladder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cityforge.brain.ladders import one, states, titles
from cityforge.brain.ladders.one import Place
from cityforge.brain.ladders.prepared import Step, renewal_rule
from cityforge.brain.ladders.states import State
from cityforge.brain.ladders.titles import Title
from cityforge.brain.reports.ladders import ground as grounds
from cityforge.brain.reports.ladders.ground import Ground
from cityforge.brain.rules.row import Row


@dataclass(frozen=True, slots=True)
class EnterpriseLadder:
    """Where one enterprise stands: every rung of the ladder, in its order."""

    ground: Ground
    values: dict[str, Any]
    places: tuple[Place, ...]

    @property
    def held(self) -> list[Place]:
        return [place for place in self.places if place.state in states.HOLDING]


def of_enterprise(folder: Path, who: str, ladder: str | None = None) -> EnterpriseLadder:
    """Where one enterprise stands: code, or whole name where only one bears it. Raises RunRefused:
    no such enterprise, no such ladder."""
    ground = grounds.read(folder, ladder, who=who)
    climb = ground.climb
    some = next(iter(ground.by_step.values()))
    values = some.table.to_pylist()[0]
    until = titles.until(ground.titles, [values["uscc"]])
    now = states.standings(climb, ground.by_step, until)
    own = titles.of_enterprise(ground.titles, values["uscc"], day=climb.day)
    held = {name: bool(one_.held[0]) for name, one_ in now.items()}
    places = []
    for step in climb.steps:
        standing = now[step.id]
        title = own.get(step.rung.register_ or "")
        title = titles.alerted(title, step) if title is not None else None
        row = ground.row(ground.by_step[step.id].table.to_pylist()[0])
        state = State(int(standing.states[0]))
        places.append(
            one.place(
                climb,
                step,
                row,
                state=state,
                ready=bool(standing.ready[0]),
                title=title,
                held=held,
                renewal=_renewal(ground, step, title, row, state),
            )
        )
    return EnterpriseLadder(ground, values, tuple(places))


def _renewal(
    ground: Ground, step: Step, title: Title | None, row: Row, state: State
) -> one.Renewal | None:
    if title is None or title.valid_until is None or state is not State.EXPIRING:
        return None
    rule = renewal_rule(ground.snapshot.city, ground.book, step, until=title.valid_until)
    return one.renewal(step, rule, row) if rule is not None else None
