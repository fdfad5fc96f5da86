"""What the grades hold of a city's resources, how few hold most, and what could be freed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.engines.kernel.changing import Floats, Whole
from cityforge.brain.evaluation.prepared import Prepared
from cityforge.brain.evaluation.reasons.scorer import column, group_codes
from cityforge.brain.expr import check, results
from cityforge.brain.expr.typed import Op
from cityforge.brain.expr.types import Kind

TOPS = (0.01, 0.05, 0.1, 0.2)


@dataclass(frozen=True, slots=True)
class Held:
    """One resource or result (land, energy, tax): how it lies over the rated enterprises.

    by_grade  the sum of each grade, in the unit of the fact; total of all
    top       the share that the largest 1, 5, 10 and 20 percent have
    gini      0 everyone the same, 1 one has all; herfindahl: sum of squared shares
    known     how many have a value
    """

    fact: str
    total: float
    by_grade: dict[str, float]
    top: tuple[float, ...]
    gini: float
    herfindahl: float
    known: int


def held(prepared: Prepared, rows: pa.Table, facts: pa.Table) -> list[Held]:
    """Every number that the indicators divide or are divided by, in the order of the file."""
    rated = pc.equal(rows["status"], "rated")
    mine, own = rows.filter(rated), facts.filter(rated)
    grades = np.array(mine["grade"].to_pylist(), dtype=object)
    found = []
    for name in _sides(prepared):
        values = _numbers(own, name)
        positive = np.sort(values[values > 0])
        sums = {g: float(np.nansum(values[grades == g])) for g in prepared.scheme.grading.grades}
        found.append(
            Held(
                name,
                float(positive.sum()),
                sums,
                tuple(_top(positive, share) for share in TOPS),
                _gini(positive),
                float(((positive / positive.sum()) ** 2).sum()) if len(positive) else 0.0,
                int((~np.isnan(values)).sum()),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Freed:
    """What enterprises of the worse grades would no longer need at the median of their group.

    fact     the divisor of an indicator; `amount` in its unit, `share` of what they use now
    count    how many would need less
    """

    indicator: str
    fact: str
    amount: float
    now: float
    count: int

    @property
    def share(self) -> float:
        return self.amount / self.now if self.now else 0.0


def freed(
    prepared: Prepared,
    rows: pa.Table,
    facts: pa.Table,
    *,
    grades: Sequence[str] | None = None,
) -> list[Freed]:
    """Land, energy … freed if each enterprise of some grades reached its group's median by using
    less, at the same output.

    grades  the last two without; only indicators of the form output / resource, both positive
    """
    rated = pc.equal(rows["status"], "rated")
    mine, own = rows.filter(rated), facts.filter(rated)
    worse = list(grades) if grades is not None else prepared.scheme.grading.grades[-2:]
    low = np.isin(np.array(mine["grade"].to_pylist(), dtype=object), worse)
    groups = group_codes(prepared, mine)
    parts = np.array(mine["part"].to_pylist(), dtype=object)
    found = []
    for part in prepared.parts:
        for indicator in part.indicators:
            sides = results.ratio(indicator.expression)
            if sides is None or sides[1].op is not Op.FACT or indicator.indicator.direction != "up":
                continue
            fact = str(sides[1].value)
            values, used = column(mine, f"value_{indicator.id}"), _numbers(own, fact)
            median = _medians(values, groups)
            asked = low & (parts == part.part.id) & (used > 0) & (values >= 0)
            with np.errstate(all="ignore"):
                spare = np.where(asked & (values < median), used * (1 - values / median), 0.0)
            found.append(
                Freed(
                    f"{part.part.id}.{indicator.id}",
                    fact,
                    float(spare.sum()),
                    float(used[asked].sum()),
                    int((spare > 0).sum()),
                )
            )
    return found


def _medians(values: Floats, groups: Whole) -> Floats:
    """The median of each enterprise's group."""
    medians = np.full(len(values), np.nan)
    for group in np.unique(groups):
        inside = groups == group
        known = values[inside][~np.isnan(values[inside])]
        if len(known):
            medians[inside] = float(np.median(known))
    return medians


def _sides(prepared: Prepared) -> list[str]:
    names: dict[str, None] = {}
    for part in prepared.parts:
        for indicator in part.indicators:
            names |= dict.fromkeys(sorted(check.names(indicator.expression)))
    book = prepared.book
    return [n for n in names if n in book.facts and book.facts[n].type.kind is Kind.EXACT]


def _numbers(facts: pa.Table, name: str) -> Floats:
    return np.array(pc.cast(facts[name], pa.float64()).to_numpy(), np.float64)


def _top(ordered: Floats, share: float) -> float:
    count = int(np.ceil(len(ordered) * share))
    return float(ordered[len(ordered) - count :].sum() / ordered.sum()) if len(ordered) else 0.0


def _gini(ordered: Floats) -> float:
    if not len(ordered):
        return 0.0
    place = np.arange(1, len(ordered) + 1)
    weighted = float((place * ordered).sum())
    return 2 * weighted / (len(ordered) * float(ordered.sum())) - (len(ordered) + 1) / len(ordered)
