"""Of whom a policy cannot be decided, and how many of the facts it reads are not known of each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cityforge.brain.city.dictionary import DISTRICT
from cityforge.brain.engines.kernel.planes import unpacked
from cityforge.brain.expr import check
from cityforge.brain.expr.typed import Typed
from cityforge.brain.policies import matching
from cityforge.brain.policies.matching import Population
from cityforge.brain.policies.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Lacking:
    """One enterprise; `count`: the observed facts its conditions read that nobody has told."""

    uscc: str
    name: str | None
    district: str | None
    count: int


def lacking(
    prepared: Prepared, population: Population, *, derived: Mapping[str, Typed], most: int
) -> tuple[Lacking, ...]:
    """Those who lack at least one fact and at most so many, the fewest first.

    All facts of the conditions count, also where some would settle it alone: counted for everyone
    at once, where a check-up judges each. `derived`: expressions of derived facts, as in a Row.
    """
    table = population.table
    names = set(_observed(prepared.condition.truth, derived)) & set(table.schema.names)
    counts = np.zeros(population.rows, np.int64)
    for name in sorted(names):
        counts += _absent(table.column(name))
    planes = matching.decided([prepared], population)
    decided = [unpacked(side[0], planes.rows) for side in (planes.true, planes.false)]
    rows = np.flatnonzero(~(decided[0] | decided[1]) & (counts > 0) & (counts <= most))
    rows = rows[np.argsort(counts[rows], kind="stable")]
    told = [name for name in ("uscc", "name", DISTRICT) if name in table.schema.names]
    known = table.select(told).take(rows).to_pylist()
    return tuple(
        Lacking(one["uscc"], one.get("name"), one.get(DISTRICT), int(counts[row]))
        for row, one in zip(rows, known, strict=True)
    )


def _absent(column: pa.ChunkedArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.asarray(column.is_null(), np.bool_)


def _observed(typed: Typed, derived: Mapping[str, Typed]) -> Iterator[str]:
    """The columns of an expression; of a derived fact those it rests on."""
    for name in check.columns(typed):
        if name in derived:
            yield from _observed(derived[name], derived)
        else:
            yield name
