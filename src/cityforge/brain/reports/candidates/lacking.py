"""Of whom a policy of a snapshot cannot be decided, for want of which facts."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from cityforge.brain.facts.table import bindings
from cityforge.brain.policies.candidates.lacking import Lacking, lacking
from cityforge.brain.reports.candidates.listing import CandidateList
from cityforge.brain.reports.fiscal import fiscal


def of_list(
    listed: CandidateList, *, within: Mapping[str, Collection[str]] | None = None, most: int
) -> tuple[Lacking, ...]:
    """Beside the candidates of a policy: those who lack at most so many facts.

    within   of some places alone, by column: {"district": codes}; None: the whole city
    """
    snapshot, prepared = listed.snapshot, listed.found.prepared
    population, _ = fiscal.population_of(snapshot, prepared)
    if within is not None:
        population = population.within(within)
    population = replace(population, parameters=bindings(snapshot.city, snapshot.as_of))
    facts = listed.book.facts.items()
    derived = {name: fact.expression for name, fact in facts if fact.expression}
    return lacking(prepared, population, derived=derived, most=most)
