"""Where the whole city of a snapshot stands on a ladder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from cityforge.brain.city.shapes import Sensitivity
from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.facts.table import bindings
from cityforge.brain.ladders import counts, library, outlook, renewing, states, titles
from cityforge.brain.ladders.counts import Funnel, Gap, Outlook, Progress
from cityforge.brain.ladders.library import Moves, Then
from cityforge.brain.ladders.prepared import Step, prepare
from cityforge.brain.ladders.renewing import Expiring
from cityforge.brain.ladders.states import Standing
from cityforge.brain.policies.candidates.allowed import Allowed
from cityforge.brain.policies.matching import Population
from cityforge.brain.reports import snapshot as snapshots
from cityforge.brain.reports.ladders import ground as grounds
from cityforge.brain.reports.ladders.ground import Ground, newest

Tell = Callable[[Text, float], None]


@dataclass(frozen=True, slots=True)
class CityLadder:
    """Where the city stands on a ladder.

    then      the day that the library is compared with; None: no earlier facts are at hand
    next_day  the day that the outlook is of
    without   enterprises whose fact has no trend, by fact
    recognised  by register and credit code, since when a title is held
    """

    ground: Ground
    allowed: Allowed
    standings: Mapping[str, Standing]
    funnels: Mapping[str, Funnel]
    gaps: Mapping[str, tuple[Gap, ...]]
    outlooks: Mapping[str, Outlook]
    next_day: date
    ahead: Mapping[str, Standing]
    without: Mapping[str, int]
    then: date | None
    moves: Mapping[str, Moves]
    expiring: tuple[Expiring, ...]
    recognised: Mapping[tuple[str, str], date]
    progress: tuple[Progress, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.ground.climb.steps


def of_city(
    folder: Path,
    ladder: str | None = None,
    *,
    before: Path | None = None,
    upto: Sensitivity | str = Sensitivity.INTERNAL,
    tell: Tell | None = None,
) -> CityLadder:
    """Where the city of a snapshot stands on a ladder, by its id; the first one without.

    before  an earlier snapshot to compare the library with; without, the same day a year earlier
            as the run itself kept it
    upto    facts more sensitive than that are named without their values
    Raises RunRefused: no such ladder, no snapshot.
    """
    say = tell or (lambda _text, _share: None)
    ground = grounds.read(folder, ladder)
    snapshot, climb, by_step = ground.snapshot, ground.climb, ground.by_step
    say(Text(zh="判断每一级", en="Judging every rung"), 0.1)
    some = next(iter(by_step.values()))
    until = titles.until(ground.titles, some.table.column("uscc").to_pylist())
    now = states.standings(climb, by_step, until)
    districts = counts.districts_of(some.table)
    known = [district.id for district in snapshot.city.place.districts]
    say(Text(zh="培育库变动", en="Moves of the library"), 0.4)
    then, moves = _moves(ground, now, before)
    say(Text(zh="推算明年", en="Reckoning next year"), 0.6)
    next_day, ahead, outlooks, without = _outlook(ground, now)
    say(Text(zh="到期称号", en="Titles that run out"), 0.8)
    city, book = snapshot.city, ground.book
    return CityLadder(
        ground=ground,
        allowed=Allowed(city, book, Sensitivity(upto)),
        standings=now,
        funnels={name: counts.funnel(one_, districts, known) for name, one_ in now.items()},
        gaps={name: counts.gaps(one_) for name, one_ in now.items() if one_.step.parts},
        outlooks=outlooks,
        next_day=next_day,
        ahead=ahead,
        without=without,
        then=then,
        moves=moves,
        expiring=tuple(renewing.expiring(city, book, climb, by_step, ground.titles)),
        recognised=titles.recognised(ground.titles),
        progress=tuple(_progress(ground, now)),
    )


def _moves(
    ground: Ground, now: Mapping[str, Standing], before: Path | None
) -> tuple[date | None, dict[str, Moves]]:
    city, book = ground.snapshot.city, ground.book
    if before is not None:
        earlier = snapshots.read(before)
        if earlier.as_of >= ground.snapshot.as_of:
            raise RunRefused(
                Text(
                    zh=f"用来比较的快照（{earlier.as_of}）不早于本次（{ground.snapshot.as_of}）",
                    en=f"The snapshot to compare with ({earlier.as_of}) is not earlier than this "
                    f"one ({ground.snapshot.as_of}).",
                )
            )
        day, past = earlier.as_of, newest(earlier)
    elif titles.BEFORE in ground.snapshot.run["tables"]:
        day = outlook.day_before(ground.snapshot.as_of)
        table = ground.snapshot.table(titles.BEFORE)
        past = Population.of(table, day=day, parameters=bindings(city, day))
    else:
        return None, {}
    climb = prepare(city, book, ground.ladder, day=day)
    then = states.standings(climb, {step.id: past for step in climb.steps}, {})
    found = {
        name: library.moves(one_, ground.by_step[name], Then(then[name], past))
        for name, one_ in now.items()
    }
    return day, found


def _outlook(
    ground: Ground, now: Mapping[str, Standing]
) -> tuple[date, dict[str, Standing], dict[str, Outlook], Mapping[str, int]]:
    city, book = ground.snapshot.city, ground.book
    day = outlook.next_day(ground.climb.day)
    climb = prepare(city, book, ground.ladder, day=day)
    parameters = bindings(city, day)
    people = newest(ground.snapshot)
    same = {step.id: replace(people, parameters=parameters) for step in climb.steps}
    by_rule = states.standings(climb, same, {})
    moved = outlook.project(city, book, people, climb.reads, ground.ladder.trend, parameters)
    ahead = states.standings(climb, {step.id: moved.population for step in climb.steps}, {})
    found = {
        name: counts.outlook(one_, by_rule[name], ahead[name])
        for name, one_ in now.items()
        if one_.step.rule is not None and ahead[name].step.rule is not None
    }
    return day, ahead, found, moved.without


def _progress(ground: Ground, now: Mapping[str, Standing]) -> list[Progress]:
    plan = ground.snapshot.city.plan
    targets = {target.id: target for target in plan.targets} if plan is not None else {}
    day = ground.climb.day
    found = []
    for aim in ground.ladder.aims:
        target = targets.get(aim.target)
        if target is None:
            continue
        registers = {now[name].step.rung.register_ for name in aim.rungs} - {None}
        own = [
            title
            for register in sorted(name for name in registers if name)
            for title in titles.listed(ground.titles, register, day=day)
        ]
        found.append(counts.progress(aim, target, now, own, day=day))
    return found
