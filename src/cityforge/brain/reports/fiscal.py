"""What a policy of a snapshot costs: asked by people, answered from the facts of the run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cityforge.brain.city import dictionary
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.policy import Policy
from cityforge.brain.city.wording import nearest
from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.policies import combining, comparison, groupings, simulation
from cityforge.brain.policies import sweep as sweeps
from cityforge.brain.policies import together as cities
from cityforge.brain.policies.comparison import Comparison
from cityforge.brain.policies.matching import Population
from cityforge.brain.policies.outcome import Cohort, Decided
from cityforge.brain.policies.prepared import Prepared, facts_year, prepare, prepare_one
from cityforge.brain.policies.simulation import Simulation
from cityforge.brain.policies.spending import Arrival
from cityforge.brain.policies.sweep import Sweep
from cityforge.brain.policies.together import Tell, Together
from cityforge.brain.reports import snapshot as snapshots
from cityforge.brain.reports.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of one policy.

    terms    other values of its terms
    version  judge by the version in force on that day; None: on the day of the run
    sweep    a term and its values, as `sweep.values` reads them
    arrival  how claims are assumed to come in
    """

    policy: str
    terms: Mapping[str, str] = field(default_factory=dict)
    version: date | None = None
    sweep: tuple[str, str] | None = None
    arrival: Arrival = "even"


@dataclass(frozen=True, slots=True)
class Fiscal:
    """The answer for one policy. The comparison is from the present version to what is asked;
    None where nothing else is asked, or no version is in force on the day of the run."""

    snapshot: Snapshot
    book: Dictionary
    asked: Asked
    year: int
    simulation: Simulation
    comparison: Comparison | None = None
    sweep: Sweep | None = None


@dataclass(frozen=True, slots=True)
class Fiscals:
    """The answer for all policies of a city together."""

    snapshot: Snapshot
    book: Dictionary
    together: Together


def of_policy(folder: Path, asked: Asked, *, tell: Tell | None = None) -> Fiscal:
    """Simulate one policy over the enterprises of a snapshot.

    Raises RunRefused (no such policy, version or term), ProblemsFound or ValueRefused (a value).
    """
    say = tell or (lambda _text, _share: None)
    say(Text(zh="读取企业事实", en="Reading the facts"), 0.0)
    snapshot = snapshots.read(folder)
    city, book = snapshot.city, dictionary.build(snapshot.city)
    policy = policy_of(snapshot, asked.policy)
    present = prepare_one(city, book, policy, day=snapshot.as_of)
    day = asked.version or snapshot.as_of
    prepared = sweeps.with_terms(city, book, policy, day=day, terms=asked.terms)
    population, year = population_of(snapshot, present or prepared)
    sorted_by = groupings.all_of(city, book, population)
    say(Text(zh="测算", en="Working out"), 0.3)
    found = simulation.simulate(prepared, population, groupings=sorted_by, arrival=asked.arrival)
    compared = None
    if present is not None and (asked.terms or present.version != prepared.version):
        say(Text(zh="与现行版本比较", en="Comparing with the present version"), 0.5)
        compared = comparison.compare(present, prepared, population, groupings=sorted_by)
    swept = None
    if asked.sweep is not None:
        say(Text(zh="逐值测算", en="Sweeping the term"), 0.7)
        swept = _sweep(snapshot, book, policy, prepared, population, asked, day)
    return Fiscal(snapshot, book, asked, year, found, compared, swept)


def of_city(folder: Path, *, tell: Tell | None = None) -> Fiscals:
    """All policies of a snapshot with the rules of combining. Raises RunRefused, ValueRefused."""
    snapshot = snapshots.read(folder)
    city, book = snapshot.city, dictionary.build(snapshot.city)
    every = list(cohorts(snapshot, book))
    sorted_by = groupings.all_of(city, book, every[0][1]) if every else ()
    rules = combining.rules(city)
    decided = Decided.of(every)
    return Fiscals(snapshot, book, cities.together(decided, rules, groupings=sorted_by, tell=tell))


def policy_of(snapshot: Snapshot, name: str) -> Policy:
    """A policy by id. Raises RunRefused, naming the nearest."""
    found = snapshot.city.policies.get(name)
    if found is not None:
        return found
    hint = nearest(name, snapshot.city.policies)
    raise RunRefused(
        Text(
            zh=f"本次运行没有政策“{name}”；{hint.zh}",
            en=f"This run has no policy '{name}'. {hint.en}",
        )
    )


def population_of(snapshot: Snapshot, prepared: Prepared) -> tuple[Population, int]:
    """The facts by which a policy is judged, and their year: the newest where the run has not the
    year that its window names."""
    year = facts_year(prepared, snapshot.year)
    try:
        return snapshot.population(year), year
    except RunRefused:
        return snapshot.population(), snapshot.year


def cohorts(snapshot: Snapshot, book: Dictionary) -> Iterator[Cohort]:
    """Every policy of the day of the run, with the facts it is judged by."""
    by_year: dict[int, list[Prepared]] = {}
    for one in prepare(snapshot.city, book, day=snapshot.as_of):
        by_year.setdefault(facts_year(one, snapshot.year), []).append(one)
    for _, own in sorted(by_year.items(), reverse=True):
        yield own, population_of(snapshot, own[0])[0]


def _sweep(
    snapshot: Snapshot,
    book: Dictionary,
    policy: Policy,
    prepared: Prepared,
    population: Population,
    asked: Asked,
    day: date,
) -> Sweep:
    assert asked.sweep is not None
    term, text = asked.sweep
    variants = [
        (
            value,
            sweeps.with_terms(
                snapshot.city, book, policy, day=day, terms={**asked.terms, term: value}
            ),
        )
        for value in sweeps.values(text)
    ]
    return sweeps.sweep(prepared, term, variants, population, stands=asked.terms.get(term))
