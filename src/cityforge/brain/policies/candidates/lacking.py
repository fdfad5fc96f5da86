"""Of whom a policy cannot be decided, and which facts stand in the way; the fewest first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from cityforge.brain.city.dictionary import DISTRICT
from cityforge.brain.engines.kernel.planes import unpacked
from cityforge.brain.expr.typed import Typed
from cityforge.brain.policies import matching
from cityforge.brain.policies.matching import Population
from cityforge.brain.policies.prepared import Prepared
from cityforge.brain.rules.judging import judge
from cityforge.brain.rules.row import Row

_BLOCK = 4096  # rows at a time: as Python objects they are large


@dataclass(frozen=True, slots=True)
class Lacking:
    """One enterprise; `columns`: the observed facts without which it cannot be said."""

    uscc: str
    name: str | None
    district: str | None
    columns: tuple[str, ...]


def lacking(
    prepared: Prepared, population: Population, *, derived: Mapping[str, Typed], most: int
) -> tuple[Lacking, ...]:
    """Those who lack at most so many facts. One judgement an enterprise that is undecided.

    derived   expressions of derived facts, as in a Row
    """
    found = _each(prepared, population, derived)
    few = [one for one in found if len(one.columns) <= most]
    return tuple(sorted(few, key=lambda one: (len(one.columns), one.uscc)))


def _each(
    prepared: Prepared, population: Population, derived: Mapping[str, Typed]
) -> Iterator[Lacking]:
    planes = matching.decided([prepared], population)
    decided = [unpacked(side[0], planes.rows) for side in (planes.true, planes.false)]
    rows = np.flatnonzero(~(decided[0] | decided[1]))
    for start in range(0, len(rows), _BLOCK):
        for known in population.table.take(rows[start : start + _BLOCK]).to_pylist():
            row = Row(known, population.day, population.parameters, derived)
            finding = judge(prepared.condition, row)
            yield Lacking(known["uscc"], known.get("name"), known.get(DISTRICT), finding.lacking)
