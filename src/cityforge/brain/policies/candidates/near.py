"""Near misses of a policy: who fails one clause alone, nearest first, and what each clause costs.

The clauses are decided for everyone at once; only the nearest of each are judged with distance.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cityforge.brain.city.dictionary import DISTRICT
from cityforge.brain.engines.kernel import program
from cityforge.brain.engines.kernel.planes import unpacked
from cityforge.brain.expr.typed import Op, Typed
from cityforge.brain.policies import matching
from cityforge.brain.policies.check_up.check_up import cannot
from cityforge.brain.policies.fiscal.outcome import Outcome, Truths
from cityforge.brain.policies.matching import Population
from cityforge.brain.rules.conditions import Condition
from cityforge.brain.rules.judging import NEVER, Finding, judge
from cityforge.brain.rules.row import Row

MOST = 100
JUDGED = 200  # of each clause, the nearest by its number where it is a comparison
_NUMBERS = (Op.AT_LEAST, Op.MORE, Op.AT_MOST, Op.LESS, Op.EQUAL)
_Row = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hurdle:
    """One clause of those that must all hold: enterprises that fail it, fail nothing else and know
    the rest, or lack a fact for it."""

    condition: Condition
    failing: int
    alone: int
    unknown: int


@dataclass(frozen=True, slots=True)
class NearMiss:
    """One enterprise that fails one clause alone.

    finding   of that clause, with its distance
    relative  how far its farthest number is from the threshold, as a share; None: no number
    fen       what it would be paid, were it entitled
    """

    row: int
    uscc: str
    name: str | None
    district: str | None
    finding: Finding
    relative: float | None
    fen: int | None


@dataclass(frozen=True, slots=True)
class Near:
    """Hurdles in the order of the file; misses least effort first, then nearest, then most money.

    single   all that fail one clause alone; judged: of how many of them the distance was worked out
    """

    hurdles: tuple[Hurdle, ...]
    misses: tuple[NearMiss, ...]
    single: int
    judged: int


def near(
    found: Outcome,
    population: Population,
    *,
    derived: Mapping[str, Typed] | None = None,
    most: int = MOST,
    judged: int = JUDGED,
) -> Near:
    """The near misses of a policy; what no effort could change (another place or industry) is none.

    derived   expressions of derived facts, as in a Row
    judged    at most so many of each clause are judged one by one
    """
    parts = list(_parts(found.prepared.condition))
    planes = matching.truths([part.truth for part in parts], population)
    true = [unpacked(plane, planes.rows) for plane in planes.true]
    false = [unpacked(plane, planes.rows) for plane in planes.false]
    single = _single(true, false)
    hurdles: list[Hurdle] = []
    misses: list[NearMiss] = []
    count = 0
    for part, met, failed in zip(parts, true, false, strict=True):
        alone = np.flatnonzero(single & failed)
        unknown = int((~met & ~failed).sum())
        hurdles.append(Hurdle(part, int(failed.sum()), len(alone), unknown))
        if not part.parts and (part.clause.effort or 0) >= NEVER:
            continue
        rows = _nearest(part.truth, alone, found, population)[:judged]
        count += len(rows)
        misses += _judged(part, rows, found, population, derived or {})
    return Near(tuple(hurdles), tuple(sorted(misses, key=_order)[:most]), int(single.sum()), count)


def _parts(condition: Condition) -> Iterator[Condition]:
    """The clauses that must all hold."""
    if condition.clause.all is None:
        yield condition
        return
    for part in condition.parts:
        yield from _parts(part)


def _single(true: list[Truths], false: list[Truths]) -> Truths:
    """Where one clause is known false and all others are known true."""
    failing, met = (np.sum(side, axis=0, dtype=np.int64) for side in (false, true))
    found: Truths = (failing == 1) & (met == len(true) - 1)
    return found


def _nearest(typed: Typed, rows: _Row, found: Outcome, population: Population) -> _Row:
    """The rows of a comparison of numbers by their distance from the threshold, others by money."""
    if typed.op not in _NUMBERS or not typed.children[0].type.is_number:
        return rows[np.argsort(-found.fen[rows], kind="stable")]
    table = population.table.take(rows)
    left, right = (
        np.asarray(
            program.values(
                child, table, as_of=population.day, parameters=population.parameters
            ).cast(pa.float64())
        )
        for child in typed.children
    )
    scale = np.where(right == 0, 1.0, np.abs(right))
    return rows[np.argsort(np.abs(left - right) / scale, kind="stable")]


def _judged(
    part: Condition,
    rows: _Row,
    found: Outcome,
    population: Population,
    derived: Mapping[str, Typed],
) -> Iterator[NearMiss]:
    values = population.table.take(rows).to_pylist()
    for number, known in zip(rows.tolist(), values, strict=True):
        finding = judge(part, Row(known, population.day, population.parameters, derived))
        if cannot(finding):
            continue
        yield NearMiss(
            row=number,
            uscc=known["uscc"],
            name=known.get("name"),
            district=known.get(DISTRICT),
            finding=finding,
            relative=_relative(finding),
            fen=int(found.fen[number]) if found.priced[number] else None,
        )


def _relative(finding: Finding) -> float | None:
    told = [one.relative for leaf in finding.leaves for one in leaf.shortfalls]
    known = [one for one in told if one is not None]
    return max(known) if known and len(known) == len(told) else None


def _order(miss: NearMiss) -> tuple[int, float, int, int]:
    relative = inf if miss.relative is None else miss.relative
    return miss.finding.effort, relative, -(miss.fen or 0), miss.row
