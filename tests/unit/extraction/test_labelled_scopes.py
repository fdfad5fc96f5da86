"""The classifier of business scopes against labels that were committed before it was written.

Measured once it stood, and never tuned on (intervals: 95 %, Wilson):
agreement of two readers 48 of 50; see docs/explanation/industry-from-scope.md for the rest.
"""

import csv
import random
from collections.abc import Iterable
from math import sqrt
from pathlib import Path

import pytest

from cityforge.brain.extraction import industry

LABELS = Path(__file__).parents[2] / "labels"


def labels(file: str) -> dict[int, str]:
    with (LABELS / file).open(encoding="utf-8", newline="") as stream:
        return {int(row["row"]): row["division"] for row in csv.DictReader(stream)}


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share."""
    share = hits / of
    middle = share + z * z / (2 * of)
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle - half) / (1 + z * z / of), (middle + half) / (1 + z * z / of)


def count(truths: Iterable[bool]) -> int:
    return sum(truths)


def test_the_rows_are_those_of_the_stated_draws() -> None:
    first, second = labels("industry_first.csv"), labels("industry_second.csv")
    assert list(first) == sorted(random.Random(20261123).sample(range(1, 5658), 200))
    assert list(second) == sorted(random.Random(50).sample(list(first), 50))


def test_two_readers_agree() -> None:
    first, second = labels("industry_first.csv"), labels("industry_second.csv")
    assert count(first[row] == division for row, division in second.items()) == 48


@pytest.mark.shared
def test_the_classifier_is_as_good_as_was_measured(shared: Path) -> None:
    file = shared / "data" / "enterprises" / "taizhou_registrations.csv"
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    first = labels("industry_first.csv")
    found = {
        number: [
            inferred.code
            for inferred in industry.infer(
                rows[number - 1]["经营范围"], rows[number - 1]["企业名称"], limit=3
            )
        ]
        for number in first
    }
    top1 = count(found[row][:1] == [division] for row, division in first.items())
    top3 = count(division in found[row] for row, division in first.items())
    assert (top1, top3) == MEASURED
    assert wilson(top1, 200)[0] > 0.75


# Of 200: the first answer is the label; the label is among the first three.
MEASURED = (168, 187)
