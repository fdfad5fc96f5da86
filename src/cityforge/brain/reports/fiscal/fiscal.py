"""What a policy of a snapshot costs: asked by people, answered from the facts of the run."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from cityforge.brain.city import checks, dictionary
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.city.policy import Policy
from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.facts.table import bindings
from cityforge.brain.policies import combining
from cityforge.brain.policies.fiscal import comparison, groupings, simulation
from cityforge.brain.policies.fiscal import sweep as sweeps
from cityforge.brain.policies.fiscal import together as cities
from cityforge.brain.policies.fiscal.comparison import Comparison
from cityforge.brain.policies.fiscal.outcome import Cohort, Decided
from cityforge.brain.policies.fiscal.simulation import Simulation
from cityforge.brain.policies.fiscal.spending import Arrival
from cityforge.brain.policies.fiscal.sweep import Sweep
from cityforge.brain.policies.fiscal.together import Tell, Together
from cityforge.brain.policies.matching import Population
from cityforge.brain.policies.prepared import Prepared, facts_year, prepare, prepare_one
from cityforge.brain.reports import snapshot as snapshots
from cityforge.brain.reports.policy_named import policy_of
from cityforge.brain.reports.snapshot import Snapshot

Read = tuple[City, Dictionary]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of one policy.

    terms    other values of its terms
    version  judge by the version in force on that day; None: on the day of the run
    sweep    a term and its values, as `sweep.values` reads them
    arrival  how claims are assumed to come in
    city     a city folder whose files hold the policy as drafted, or such a city as read; None: as
             the run had it
    beside   the city whose version is the present one; None: that of the run
    within   of some places alone, by column: {"district": codes}; None: the whole city
    """

    policy: str
    terms: Mapping[str, str] = field(default_factory=dict)
    version: date | None = None
    sweep: tuple[str, str] | None = None
    arrival: Arrival = "even"
    city: Path | Read | None = None
    beside: Read | None = None
    within: Mapping[str, Collection[str]] | None = None


@dataclass(frozen=True, slots=True)
class Fiscal:
    """The answer for one policy.

    city, book  those by which it was read
    comparison  from the present version to what is asked; None where nothing else is asked, or the
                run had no version in force on its day
    """

    snapshot: Snapshot
    city: City
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
    city, book = read_city(snapshot, asked.city)
    policy = policy_of(city, asked.policy)
    present = _present(snapshot, asked)
    day = asked.version or snapshot.as_of
    prepared = sweeps.with_terms(city, book, policy, day=day, terms=asked.terms)
    population, year = population_of(snapshot, prepared)
    if asked.within is not None:
        population = population.within(asked.within)
    population = replace(population, parameters=bindings(city, snapshot.as_of))
    sorted_by = groupings.all_of(city, book, population)
    say(Text(zh="测算", en="Working out"), 0.3)
    found = simulation.simulate(prepared, population, groupings=sorted_by, arrival=asked.arrival)
    compared = None
    if present is not None and (asked.terms or not _same(present, prepared)):
        say(Text(zh="与现行版本比较", en="Comparing with the present version"), 0.5)
        compared = comparison.compare(present, prepared, population, groupings=sorted_by)
    swept = None
    if asked.sweep is not None:
        say(Text(zh="逐值测算", en="Sweeping the term"), 0.7)
        variants = _variants(city, book, policy, asked, day)
        stands = asked.terms.get(asked.sweep[0])
        swept = sweeps.sweep(prepared, asked.sweep[0], variants, population, stands=stands)
    return Fiscal(snapshot, city, book, asked, year, found, compared, swept)


def of_city(folder: Path, *, city: Path | None = None, tell: Tell | None = None) -> Fiscals:
    """All policies of the day of the run with the rules of combining.

    city   a folder whose files hold them as drafted; without, as the run had them
    Raises RunRefused, CityRefused, ValueRefused.
    """
    snapshot = snapshots.read(folder)
    read, book = read_city(snapshot, city)
    every = list(cohorts(snapshot, read, book))
    sorted_by = groupings.all_of(read, book, every[0][1]) if every else ()
    found = cities.together(
        Decided.of(every), combining.rules(read), groupings=sorted_by, tell=tell
    )
    return Fiscals(snapshot, book, found)


def read_city(snapshot: Snapshot, drafted: Path | Read | None) -> Read:
    """The city of a run, or one that is being drafted. Raises CityRefused."""
    if isinstance(drafted, Path):
        return checks.load(drafted)
    if drafted is not None:
        return drafted
    return snapshot.city, dictionary.build(snapshot.city)


def population_of(snapshot: Snapshot, prepared: Prepared) -> tuple[Population, int]:
    """The facts by which a policy is judged, and their year: the newest where the run has not the
    year that its window names."""
    year = facts_year(prepared, snapshot.year)
    try:
        return snapshot.population(year), year
    except RunRefused:
        return snapshot.population(), snapshot.year


def cohorts(snapshot: Snapshot, city: City, book: Dictionary) -> Iterator[Cohort]:
    """Every policy of a city on the day of the run, with the facts it is judged by."""
    by_year: dict[int, list[Prepared]] = {}
    for one in prepare(city, book, day=snapshot.as_of):
        by_year.setdefault(facts_year(one, snapshot.year), []).append(one)
    for _, own in sorted(by_year.items(), reverse=True):
        people, _ = population_of(snapshot, own[0])
        yield own, replace(people, parameters=bindings(city, snapshot.as_of))


def _present(snapshot: Snapshot, asked: Asked) -> Prepared | None:
    """The policy as it stands without the draft, in the version of the day of the run."""
    city, book = read_city(snapshot, asked.beside)
    policy = city.policies.get(asked.policy)
    return None if policy is None else prepare_one(city, book, policy, day=snapshot.as_of)


def _same(one: Prepared, other: Prepared) -> bool:
    """Whether two are the same policy in the same words; a window changes neither who nor how
    much."""
    return (one.condition, one.amount, one.received, one.version) == (
        other.condition,
        other.amount,
        other.received,
        other.version,
    )


def _variants(
    city: City, book: Dictionary, policy: Policy, asked: Asked, day: date
) -> list[tuple[str, Prepared]]:
    assert asked.sweep is not None
    term, text = asked.sweep
    return [
        (
            value,
            sweeps.with_terms(city, book, policy, day=day, terms={**asked.terms, term: value}),
        )
        for value in sweeps.values(text)
    ]
