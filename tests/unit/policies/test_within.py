"""A population narrowed to places: those of whom any of the columns says one of its codes."""

from datetime import date

import pyarrow as pa
import pytest

from cityforge.brain.policies.matching import Population

TABLE = pa.table(
    {
        "uscc": ["a", "b", "c", "d"],
        "district": ["north", "south", None, "south"],
        "park": [None, "harbour", "harbour", None],
    }
)


@pytest.mark.parametrize(
    ("places", "left"),
    [
        ({}, []),
        ({"district": set()}, []),
        ({"district": {"south"}}, ["b", "d"]),
        ({"district": {"north"}, "park": {"harbour"}}, ["a", "b", "c"]),
        ({"park": {"elsewhere"}}, []),
    ],
)
def test_only_those_of_the_places_are_left(places: dict[str, set[str]], left: list[str]) -> None:
    whole = Population.of(TABLE, day=date(2025, 9, 30), parameters={"x": 1})
    within = whole.within(places)
    assert within.table["uscc"].to_pylist() == left
    assert (within.day, within.parameters, within.rows) == (whole.day, whole.parameters, len(left))
