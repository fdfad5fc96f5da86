"""A result district by district, held to the rows of its table and to the summary of the report."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import mean, median
from typing import Any

import pyarrow.parquet as pq
import pytest

from cityforge.brain.reports import by_district, rests_on, summary
from cityforge.brain.reports import snapshot as snapshots

SCHEMES = ("lanhe_2025", "two_parts")


def rows(folder: Path, scheme: str, year: int = 2024) -> list[dict[str, Any]]:
    table = pq.read_table(folder / "tables" / f"evaluation_{scheme}.parquet")
    return [row for row in table.to_pylist() if row["year"] == year]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_each_district_is_its_rows(snapshot: Path, scheme: str) -> None:
    found = by_district.of(snapshots.read(snapshot), scheme)
    every, then = rows(snapshot, scheme), rows(snapshot, scheme, 2023)
    before = {row["uscc"]: row["grade"] for row in then if row["status"] == "rated"}
    order = list(found.grades)
    for one in (*found.districts, None):
        mine = [row for row in every if one is None or row["district"] == one.id]
        rated = [row for row in mine if row["status"] == "rated"]
        result = found.whole if one is None else one.result
        grades = Counter(row["grade"] for row in rated)
        assert result.grades == {name: grades[name] for name in order} | {
            "T": sum(row["status"] == "exempt" for row in mine)
        }
        assert result.undetermined == sum(row["status"] == "undetermined" for row in mine)
        assert result.mean == pytest.approx(mean(row["total"] for row in rated))
        moves = [order.index(before[row["uscc"]]) - order.index(row["grade"])
                 for row in rated if row["uscc"] in before]  # fmt: skip
        assert result.moved == (sum(move > 0 for move in moves), sum(move < 0 for move in moves))
        for measure in found.measures:
            name, parts = measure.indicator.id, [part.id for part in measure.parts]
            alike = [row for row in rated if not parts or row["part"] in parts]
            values = [row[f"value_{name}"] for row in alike if row[f"value_{name}"] is not None]
            assert result.medians[name] == pytest.approx(median(values))


@pytest.mark.parametrize("at", range(2))
def test_the_whole_says_what_the_report_says(snapshot: Path, at: int) -> None:
    told = summary.read(snapshot).schemes[at]
    found = by_district.of(snapshots.read(snapshot), told.scheme.id)
    assert found.sentence == told.sentence
    assert [(one.id, one.result.grades, one.tile) for one in found.districts] == [
        (one.id, one.grades, one.tile) for one in told.districts
    ]
    assert told.moves is not None and found.whole.moved == (told.moves.up, told.moves.down)
    assert found.movers.num_rows == told.moves.up + told.moves.down


def test_of_some_districts_nothing_is_told_of_the_others(snapshot: Path) -> None:
    opened = snapshots.read(snapshot)
    whole = by_district.of(opened, "two_parts")
    part = by_district.of(opened, "two_parts", districts=frozenset({"qingyu"}))
    assert [one.id for one in part.districts] == ["qingyu"]
    assert part.whole == part.districts[0].result == whole.districts[0].result
    assert "青屿区" in part.sentence.zh
    assert "云坪" not in part.sentence.zh and "兰河" not in part.sentence.zh
    assert set(part.movers["district"].to_pylist()) == {"qingyu"}
    nobody = by_district.of(opened, "two_parts", districts=frozenset())
    assert nobody.districts == () and nobody.whole.rated == 0 and nobody.movers.num_rows == 0


def test_who_moved_most_stands_first(snapshot: Path) -> None:
    found = by_district.of(snapshots.read(snapshot), "two_parts").movers.to_pylist()
    steps = [abs(one["step"]) for one in found]
    assert steps == sorted(steps, reverse=True) and 0 not in steps
    order = "ABCD"
    for one in found:
        assert one["step"] == order.index(one["before"]) - order.index(one["after"])


def test_without_a_year_before_nobody_moved(make: Callable[..., Path]) -> None:
    found = by_district.of(snapshots.read(make(year_before=False)))
    assert found.whole.moved is None and found.movers.num_rows == 0


def test_a_figure_names_the_datasets_that_it_rests_on(snapshot: Path) -> None:
    opened = snapshots.read(snapshot)
    scheme = opened.scheme("two_parts")
    every = {one.dataset for one in rests_on.of(opened, scheme)}
    (one,) = rests_on.of(opened, scheme, "tax_per_mu")[:1]
    assert one.facts and one.owner.zh
    assert {each.dataset for each in rests_on.of(opened, scheme, "tax_per_mu")} <= every
