"""Does a scheme punish an industry or a size? Shares of a grade against what chance would give.

Within each ranking group a class of enterprises is expected to have the group's share of a grade.
The mean and the variance of drawing without replacement, summed over the groups, say whether a
difference is more than luck. A difference is a question, not a verdict: the class may well use more
land and energy.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt

import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.evaluation.prepared import Prepared
from cityforge.brain.evaluation.reasons.scorer import group_codes

LEAST = 20  # a class of fewer is not judged
SURE = 0.01  # chance, over all classes together (Holm), below which a difference is told


@dataclass(frozen=True, slots=True)
class Tilt:
    """How one class of enterprises fares with one grade.

    count, expected  how many have the grade, and how many would by their groups' shares
    chance           how likely a difference as large is by luck alone, both ways
    is_told          whether it stands after all classes were looked at
    """

    name: str
    grade: str
    members: int
    count: int
    expected: float
    chance: float
    is_told: bool

    @property
    def ratio(self) -> float:
        """1 is as expected."""
        return self.count / self.expected if self.expected else 0.0


def tilts(
    prepared: Prepared,
    rows: pa.Table,
    classes: Sequence[str | None],
    *,
    grades: Sequence[str] | None = None,
) -> list[Tilt]:
    """Each class with the best and the worst grade (or those named), the surest first.

    rows     a result; `classes` its industry, size or chain, one for each row, None: not known
    """
    rated = pc.equal(rows["status"], "rated")
    mine = rows.filter(rated)
    names = pc.filter(pa.array(classes, pa.string()), rated.combine_chunks()).to_pylist()
    order = prepared.scheme.grading.grades
    asked = list(grades) if grades is not None else [order[0], order[-1]]
    groups = group_codes(prepared, mine).tolist()
    own = mine["grade"].to_pylist()
    sizes = Counter(groups)
    found = []
    for grade in asked:
        winners = Counter(g for g, mark in zip(groups, own, strict=True) if mark == grade)
        for name in sorted({name for name in names if name is not None}):
            at = [i for i, one in enumerate(names) if one == name]
            if len(at) < LEAST:
                continue
            inside = Counter(groups[i] for i in at)
            count = sum(own[i] == grade for i in at)
            found.append((name, grade, len(at), count, *_expected(inside, winners, sizes)))
    return _told(found)


def _expected(
    inside: Counter[int], winners: Counter[int], sizes: Counter[int]
) -> tuple[float, float]:
    """Mean and variance of how many of a class draw a grade in their groups."""
    mean = variance = 0.0
    for group, drawn in inside.items():
        size, good = sizes[group], winners[group]
        share = good / size
        mean += drawn * share
        if size > 1:
            variance += drawn * share * (1 - share) * (size - drawn) / (size - 1)
    return mean, variance


def _told(found: Sequence[tuple[str, str, int, int, float, float]]) -> list[Tilt]:
    chances = []
    for *_, count, mean, variance in found:
        gap = max(abs(count - mean) - 0.5, 0.0)  # a whole number against a smooth curve
        chances.append(1.0 if variance <= 0 else erfc(gap / sqrt(2 * variance)))
    order = sorted(range(len(found)), key=chances.__getitem__)
    told: set[int] = set()
    for place, i in enumerate(order):
        if chances[i] > SURE / (len(found) - place):
            break
        told.add(i)
    return [
        Tilt(name, grade, members, count, mean, chances[i], i in told)
        for i in order
        for name, grade, members, count, mean, _ in (found[i],)
    ]
