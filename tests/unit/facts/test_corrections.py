"""The list of corrections: written, read again, and what of it no longer fits."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from sqlglot import exp

from cityforge.brain.city import checks
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import DataRefused
from cityforge.brain.facts import corrections
from cityforge.brain.facts.correction import Correction, Value
from cityforge.brain.facts.corrections import Basis, Entry

LANHE = Path(__file__).parents[2] / "cities" / "lanhe"
TAIZHOU = Path(__file__).parents[3] / "cities" / "taizhou"


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


def test_what_has_no_year_is_put_right_once(tmp_path: Path) -> None:
    """In whichever year it was corrected; against another figure than it was made of it fails."""
    city, book = checks.load(TAIZHOU)
    name = "promised_tax"
    fact = book.facts[name]
    told = [
        Entry(Correction(code, year, name, value), stated, "ruled", "zrzy", date(year, 1, 1), id)
        for code, year, value, stated, id in (
            ("A", 2023, Decimal(1), Decimal(9), "c1"),
            ("A", 2024, Decimal(2), Decimal(9), "c2"),
            ("B", 2024, Decimal(3), Decimal(8), "c3"),
            ("C", 2024, Decimal(4), None, "c4"),
            ("D", 2023, Decimal(7), Decimal(6), "c5"),  # delivered by the office since
            ("D", 2024, Decimal(5), Decimal(6), "c6"),
        )
    ]  # fmt: skip
    found, _ = corrections.load(city, book, corrections.write(told, tmp_path))
    assert [one.id for one in found.entries] == ["c2", "c3", "c4", "c6"] and not found.yearly
    figures = pa.array([9, 9, None, 7, 9], pa.decimal128(18, 4))
    held = pa.table({"uscc": list("ABCDE"), name: figures})
    with Engine(threads=1) as engine:
        engine.take("held", held)
        corrections.take(engine, found)
        query = exp.select(exp.column("uscc", "e"))
        query = query.from_(exp.alias_(exp.to_table("held"), "e", table=True))
        value = exp.column(name, "e", quoted=True)
        right = corrections.over(query, fact, value, year=2020, corrections=found)
        query = query.select(exp.alias_(right, name, quoted=True))
        assert sorted(engine.rows(query)) == [
            ("A", 2), ("B", 9), ("C", 4), ("D", 5), ("E", 9)
        ]  # fmt: skip
        engine.create("facts_2024", query)
        table, [note] = corrections.told(engine, book, found, {2024: "facts_2024"})
    assert dict(zip(table["id"].to_pylist(), table["applied"].to_pylist(), strict=True)) == {
        "c2": True, "c3": False, "c4": True, "c6": True,
    }  # fmt: skip
    assert "采用 3 项" in note.zh and "1 项未用" in note.zh
