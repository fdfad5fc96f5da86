"""Groups computed anew against a whole evaluation: the same rows, to the last digit."""

import random
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from cityforge.brain.facts.correction import Correction
from cityforge.brain.reports import snapshot as snapshots
from cityforge.brain.reports.snapshot import Snapshot
from cityforge.brain.runs.evaluating import evaluate
from cityforge.brain.runs.rerunning import Known, again

from .conftest import snapshot_of


@pytest.fixture(scope="module")
def town(city: Path) -> Snapshot:
    """A snapshot of 150 simulated firms in three districts, with gaps."""
    data = city.parent / "town"
    command = Path(sys.executable).with_name("cityforge")
    size = ["--above-scale", "110", "--below-scale", "40", "--seed", "5"]
    asked = [command, "mock", city, "--out", data, "--as-of", "2025-09-30", *size]
    subprocess.run(asked, check=True, capture_output=True)
    return snapshots.read(snapshot_of(city, data))


def drawn(chance: random.Random, rows: pa.Table, years: list[int]) -> list[Correction]:
    codes = chance.sample(rows["uscc"].to_pylist(), chance.choice([1, 1, 2, 5]))
    found = []
    for uscc in codes:
        fact, most = chance.choice(
            [("tax_paid", 2000), ("value_added", 9000), ("employees", 300), ("energy", 900)]
        )
        value = None if chance.random() < 0.2 else Decimal(chance.randint(0, most))
        found.append(Correction(uscc, chance.choice(years), fact, value))
    return found


@pytest.mark.parametrize(
    ("scheme", "years", "scope"),
    [
        ("by_rank", [2024], "groups"),  # a fixed base
        ("by_rank", [2023, 2024], "groups"),
        ("by_mean", [2024], "pool"),  # the base is the year's own mean
        ("mixed", [2024], "groups"),  # last year's base; averages and places of the group
        ("mixed", [2023], "pool"),
        ("lanhe_2025", [2024], "pool"),
    ],
)
def test_groups_computed_anew_give_what_a_whole_evaluation_gives(
    town: Snapshot, scheme: str, years: list[int], scope: str
) -> None:
    chance = random.Random(f"{scheme}{years}")
    chosen = town.city.schemes[scheme]
    known = Known(evaluate(town, chosen, year=2024).rows, ())
    if scheme == "mixed":
        hows = {how for name in ("tax", "labour", "lean") for how in hows_of(known.rows, name)}
        assert {"scored", "group_average", "reweighted"} <= hows
    for _ in range(4):
        # One step after the other, each from the rows that the one before left.
        corrections = (
            *known.corrections[: chance.randint(0, 4)],
            *drawn(chance, known.rows, years),
        )
        found = again(town, chosen, year=2024, corrections=corrections, known=known)
        whole = evaluate(town, chosen, year=2024, corrections=corrections).rows
        assert found.scope == scope
        assert found.rows.equals(whole)
        known = Known(found.rows, corrections)


def hows_of(rows: pa.Table, name: str) -> list[str]:
    return [how for how in pc.unique(rows[f"how_{name}"]).to_pylist() if how]


def test_a_firm_that_leaves_its_part_takes_the_whole_pool_along(town: Snapshot) -> None:
    chosen = town.city.schemes["by_rank"]
    known = Known(evaluate(town, chosen, year=2024).rows, ())
    rated = known.rows.filter(pc.equal(known.rows["status"], "rated"))
    first = rated["uscc"][0].as_py()
    corrections = (Correction(uscc=first, year=2024, fact="above_scale", value=False),)
    found = again(town, chosen, year=2024, corrections=corrections, known=known)
    whole = evaluate(town, chosen, year=2024, corrections=corrections).rows
    assert found.scope == "pool" and found.rows.equals(whole)
    assert found.rows.filter(pc.equal(found.rows["status"], "rated")).num_rows == len(rated) - 1


def test_nothing_is_computed_where_no_data_differ(town: Snapshot) -> None:
    chosen = town.city.schemes["by_rank"]
    rows = evaluate(town, chosen, year=2024).rows
    found = again(town, chosen, year=2024, corrections=(), known=Known(rows, ()))
    assert found.scope == "nothing" and found.rows.equals(rows)
