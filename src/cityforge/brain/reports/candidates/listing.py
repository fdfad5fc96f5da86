"""The candidates of a policy (免申名单) out of a snapshot, with coverage and near misses."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from cityforge.brain.city import dictionary
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.city.shapes import Sensitivity
from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.facts.table import bindings
from cityforge.brain.policies.candidates import listing
from cityforge.brain.policies.candidates import near as near_misses
from cityforge.brain.policies.candidates.allowed import Allowed
from cityforge.brain.policies.candidates.listing import Candidates, Coverage
from cityforge.brain.policies.candidates.near import Near
from cityforge.brain.policies.fiscal import outcome
from cityforge.brain.policies.fiscal.outcome import Decided
from cityforge.brain.policies.fiscal.together import Tell
from cityforge.brain.policies.prepared import Prepared, prepare_one
from cityforge.brain.reports import snapshot as snapshots
from cityforge.brain.reports.fact_names import Names
from cityforge.brain.reports.fiscal import fiscal
from cityforge.brain.reports.fiscal.fiscal import Read
from cityforge.brain.reports.policy_named import policy_of
from cityforge.brain.reports.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class CandidateList:
    """The answer, with what is needed to say it."""

    snapshot: Snapshot
    city: City
    book: Dictionary
    allowed: Allowed
    year: int
    found: Candidates
    near: Near

    @property
    def names(self) -> Names:
        return Names(self.city, self.book)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one policy stands: coverage, who waits and for how much (分), who is one clause short."""

    prepared: Prepared
    coverage: Coverage
    waiting: int
    total: int
    single: int


@dataclass(frozen=True, slots=True)
class Overview:
    """How every policy of a run stands, in the order of their ids."""

    snapshot: Snapshot
    policies: tuple[Standing, ...]


def of_all(folder: Path, *, tell: Tell | None = None) -> Overview:
    """How every policy stands on the day of the run. Raises RunRefused."""
    say = tell or (lambda _text, _share: None)
    snapshot = snapshots.read(folder)
    city = snapshot.city
    decided = Decided.of(list(fiscal.cohorts(snapshot, city, dictionary.build(city))))
    found = []
    for number, prepared in enumerate(decided.policies):
        policy = prepared.policy
        say(Text(zh=policy.title, en=policy.title_en), number / len(decided.policies))
        one, people = decided.outcome(prepared), decided.population(prepared)
        waiting = listing.waiting(one, people)
        found.append(
            Standing(
                prepared,
                listing.coverage(one, people),
                int(waiting.sum()),
                outcome.summed(one.fen[waiting]),
                near_misses.near(one, people, judged=0).single,
            )
        )
    return Overview(snapshot, tuple(found))


def of_policy(
    folder: Path,
    policy: str,
    *,
    upto: Sensitivity | str = Sensitivity.INTERNAL,
    within: Mapping[str, Collection[str]] | None = None,
    drafted: Read | None = None,
    version: date | None = None,
    tell: Tell | None = None,
) -> CandidateList:
    """The candidates and near misses of a policy by the version of the day of the run.

    upto    facts more sensitive than that are named without their values
    within  of some places alone, by column: {"district": codes}; None: the whole city
    drafted  the city as it is being drafted; None: as the run had it
    version  by the version in force on that day instead
    Raises RunRefused: no such policy, no version that day.
    """
    say = tell or (lambda _text, _share: None)
    snapshot = snapshots.read(folder)
    city, book = fiscal.read_city(snapshot, drafted)
    chosen = policy_of(city, policy)
    day = version or snapshot.as_of
    prepared = prepare_one(city, book, chosen, day=day)
    if prepared is None:
        raise RunRefused(
            Text(
                zh=f"{day} 没有“{chosen.title}”的有效版本",
                en=f"No version of '{chosen.id}' is in force on {day}.",
            )
        )
    say(Text(zh="匹配企业", en="Matching enterprises"), 0.1)
    population, year = fiscal.population_of(snapshot, prepared)
    if within is not None:
        population = population.within(within)
    population = replace(population, parameters=bindings(city, snapshot.as_of))
    decided = outcome.outcome(prepared, population)
    allowed = Allowed(city, book, Sensitivity(upto))
    say(Text(zh="列出依据", en="Telling what it rests on"), 0.4)
    found = listing.candidates(decided, population, allowed)
    say(Text(zh="还差一步的企业", en="Near misses"), 0.8)
    derived = {name: fact.expression for name, fact in book.facts.items() if fact.expression}
    near = near_misses.near(decided, population, derived=derived)
    return CandidateList(snapshot, city, book, allowed, year, found, near)
