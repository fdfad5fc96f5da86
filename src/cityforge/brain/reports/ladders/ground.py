"""A ladder of a snapshot with the facts that it is judged by."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.city import dictionary
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.ladder import Ladder
from cityforge.brain.city.wording import nearest
from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.facts.table import bindings
from cityforge.brain.ladders import titles
from cityforge.brain.ladders.prepared import Climb, Step, prepare
from cityforge.brain.policies.matching import Population
from cityforge.brain.policies.prepared import facts_year
from cityforge.brain.reports import snapshot as snapshots
from cityforge.brain.reports.fact_names import Names
from cityforge.brain.reports.snapshot import Snapshot
from cityforge.brain.rules.row import Row

_TITLES = pa.schema(
    [
        ("uscc", pa.string()),
        ("register", pa.string()),
        ("recognised_on", pa.date32()),
        ("first_on", pa.date32()),
        ("valid_until", pa.date32()),
        ("document", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Ground:
    """A snapshot's ladder with the facts it is judged by.

    by_step  the population of each rung's rule
    titles   who stands in which register until when
    """

    snapshot: Snapshot
    book: Dictionary
    ladder: Ladder
    climb: Climb
    by_step: Mapping[str, Population]
    titles: pa.Table

    @property
    def names(self) -> Names:
        return Names(self.snapshot.city, self.book)

    def row(self, values: dict[str, Any]) -> Row:
        derived = {
            name: fact.expression for name, fact in self.book.facts.items() if fact.expression
        }
        day = self.climb.day
        return Row(values, day, bindings(self.snapshot.city, day), derived)


def step_of(ground: Ground, name: str) -> Step:
    """A rung by its id. Raises RunRefused."""
    step = ground.climb.step(name)
    if step is None:
        hint = nearest(name, [one_.id for one_ in ground.climb.steps])
        raise RunRefused(
            Text(
                zh=f"“{ground.ladder.title}”没有这一级：{name}；{hint.zh}",
                en=f"The ladder '{ground.ladder.id}' has no rung '{name}'. {hint.en}",
            )
        )
    return step


def read(folder: Path, ladder: str | None, *, who: str | None = None) -> Ground:
    """The ladder of a snapshot, by its id; the first one without. `who`: of one enterprise alone.

    Raises RunRefused: no such ladder, no such enterprise.
    """
    snapshot = snapshots.read(folder)
    city, book = snapshot.city, dictionary.build(snapshot.city)
    chosen = _ladder(snapshot, ladder)
    climb = prepare(city, book, chosen, day=snapshot.as_of)
    tables: dict[int, Population] = {}
    by_step = {}
    for step in climb.steps:
        year = snapshot.year if step.rule is None else facts_year(step.rule, snapshot.year)
        if year not in tables:
            tables[year] = _population(snapshot, year, who)
        by_step[step.id] = tables[year]
    return Ground(snapshot, book, chosen, climb, by_step, _titles(snapshot))


def _ladder(snapshot: Snapshot, name: str | None) -> Ladder:
    known = snapshot.city.ladders
    if not known:
        raise RunRefused(
            Text(
                zh="本次运行的城市没有梯度培育文件（ladders/）；写好后重新运行",
                en="The city of this run has no ladder (ladders/); write one and run again.",
            )
        )
    chosen = name or next(iter(sorted(known)))
    if chosen not in known:
        hint = nearest(chosen, known)
        raise RunRefused(
            Text(
                zh=f"没有梯度“{chosen}”；{hint.zh}",
                en=f"There is no ladder '{chosen}'. {hint.en}",
            )
        )
    return known[chosen]


def _population(snapshot: Snapshot, year: int, who: str | None) -> Population:
    try:
        people = snapshot.population(year)
    except RunRefused:
        people = newest(snapshot)
    if who is None:
        return people
    for column, wanted in (("uscc", who.strip().upper()), ("name", who.strip())):
        own = people.table.filter(pc.equal(people.table.column(column), wanted))
        if own.num_rows == 1:
            return Population.of(own, day=people.day, parameters=people.parameters)
    raise RunRefused(
        Text(
            zh=f"本次运行没有代码或名称唯一为“{who}”的企业；请核对统一社会信用代码",
            en=f"This run has no one enterprise with the code or name '{who}'; check the code.",
        )
    )


def newest(snapshot: Snapshot) -> Population:
    """The facts of the newest year; a city without policies has those of its evaluation alone."""
    try:
        return snapshot.population()
    except RunRefused:
        parameters = bindings(snapshot.city, snapshot.as_of)
        table = snapshot.table("enterprises")
        return Population.of(table, day=snapshot.as_of, parameters=parameters)


def _titles(snapshot: Snapshot) -> pa.Table:
    """Titles with their days; none where the run kept none."""
    if titles.TABLE in snapshot.run["tables"]:
        return snapshot.table(titles.TABLE)
    return _TITLES.empty_table()
