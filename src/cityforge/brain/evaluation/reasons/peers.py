"""Who is alike: enterprises of the same part and industry, nearest in size.

Size is what indicators divide by: land, energy, people, revenue. Differences count as ratios, each
measure by its own spread in the pool.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.city.dictionary import INDUSTRY
from cityforge.brain.engines.kernel.changing import Floats
from cityforge.brain.evaluation.prepared import Prepared
from cityforge.brain.evaluation.reasons.scorer import column
from cityforge.brain.expr import check, results
from cityforge.brain.expr.types import Kind

Bools = npt.NDArray[np.bool_]
MOST = 10


@dataclass(frozen=True, slots=True)
class Peer:
    """An enterprise alike; `apart` 0 is the same size, 1 one spread of the pool away."""

    uscc: str
    name: str
    grade: str
    total: float
    same_industry: bool
    apart: float


def sizes(prepared: Prepared) -> list[str]:
    """The facts that say how big an enterprise is: the divisors of the indicators."""
    found: dict[str, None] = {}
    for part in prepared.parts:
        for indicator in part.indicators:
            sides = results.ratio(indicator.expression)
            if sides is not None:
                found |= dict.fromkeys(sorted(check.names(sides[1])))
    book = prepared.book
    return [n for n in found if n in book.facts and book.facts[n].type.kind is Kind.EXACT]


def peers(
    prepared: Prepared,
    rows: pa.Table,
    facts: pa.Table,
    uscc: str,
    *,
    most: int = MOST,
    alike: tuple[str, ...] = (INDUSTRY,),
) -> list[Peer]:
    """The enterprises most like one, nearest first; empty where it is not rated.

    alike  facts that should be equal (industry; a chain where the city has it as a fact); who
           shares them comes before who does not
    """
    rated = pc.equal(rows["status"], "rated")
    mine, own = rows.filter(rated), facts.filter(rated)
    codes = mine["uscc"].to_pylist()
    if uscc not in codes:
        return []
    at = codes.index(uscc)
    part = mine["part"].to_pylist()
    same_part = np.array([one == part[at] for one in part])
    shares = np.ones(len(codes), np.bool_)
    for name in alike:
        if name in own.column_names:
            values = own[name].to_pylist()
            shares &= np.array([v is not None and v == values[at] for v in values])
    apart = _apart(own, sizes(prepared), at)
    candidates = np.flatnonzero(same_part & (np.arange(len(codes)) != at))
    order = sorted(candidates.tolist(), key=lambda i: (not shares[i], apart[i], codes[i]))[:most]
    names, grades = mine["name"].to_pylist(), mine["grade"].to_pylist()
    totals = column(mine, "total")
    return [
        Peer(codes[i], names[i], grades[i], float(totals[i]), bool(shares[i]), float(apart[i]))
        for i in order
    ]


def _apart(facts: pa.Table, names: list[str], at: int) -> Floats:
    """The distance in logarithms, over the measures that both have; far where none is shared."""
    squares = np.zeros(facts.num_rows)
    count = np.zeros(facts.num_rows)
    for name in names:
        values = np.array(pc.cast(facts[name], pa.float64()).to_numpy(), np.float64)
        with np.errstate(all="ignore"):
            logs = np.where(values > 0, np.log(values), np.nan)
        spread = float(np.nanstd(logs)) if np.isfinite(logs).any() else 0.0
        if np.isnan(logs[at]) or spread == 0.0:
            continue
        difference = (logs - logs[at]) / spread
        known = ~np.isnan(difference)
        squares[known] += difference[known] ** 2
        count[known] += 1
    with np.errstate(all="ignore"):
        return np.where(count > 0, np.sqrt(squares / count), np.inf)
