"""The list of corrections: written, read again, and what of it no longer fits."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cityforge.brain.city import checks
from cityforge.brain.errors import DataRefused
from cityforge.brain.facts import corrections
from cityforge.brain.facts.correction import Correction, Value
from cityforge.brain.facts.corrections import Basis, Entry

LANHE = Path(__file__).parents[2] / "cities" / "lanhe"


def entry(
    fact: str, value: Value, *, basis: Basis = "ruled", day: int = 1, id: str = "c1"
) -> Entry:
    right = Correction("91330000MK0000001X", 2024, fact, value)
    return Entry(right, None, basis, "jxj", date(2025, 10, day), id)


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("tax_paid", Decimal("-12.5")),
        ("employees", Decimal("1E+3")),
        ("above_scale", False),
        ("production_started_on", date(2019, 2, 28)),
        ("tax_paid", None),
    ],
)
def test_what_is_written_is_read_again(tmp_path: Path, fact: str, value: Value) -> None:
    city, book = checks.load(LANHE)
    file = corrections.write([entry(fact, value)], tmp_path)
    found, notes = corrections.load(city, book, file)
    assert found.entries == (entry(fact, value),) and notes == []
    assert found.names(2024) == {fact} and found.names(2023) == set()


def test_the_newest_of_a_fact_counts_and_what_does_not_fit_is_told(tmp_path: Path) -> None:
    city, book = checks.load(LANHE)
    entries = [
        entry("tax_paid", Decimal(2), day=2, id="c2"),
        entry("tax_paid", Decimal(1), day=1, id="c1"),
        entry("land_mu", Decimal(1), id="c3"),  # derived
        entry("name", "x", id="c4"),  # of the register of enterprises
    ]
    found, [note] = corrections.load(city, book, corrections.write(entries, tmp_path))
    assert [one.id for one in found.entries] == ["c2"]
    assert "c3" in note.zh and "c4" in note.zh
    assert corrections.load(city, book, None) == (corrections.NOTHING, [])


@pytest.mark.parametrize(
    "text", ["uscc,value\n", ",".join(corrections.COLUMNS) + "\nx,一,y,,,,,,\n"]
)
def test_what_is_no_list_is_refused(tmp_path: Path, text: str) -> None:
    city, book = checks.load(LANHE)
    file = tmp_path / corrections.FILE
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataRefused):
        corrections.load(city, book, file)
