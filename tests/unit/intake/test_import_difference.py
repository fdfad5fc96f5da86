"""What a new version changes: counts, cells, sums, examples; held to a plain count in Python."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.intake import accept, difference, raw
from cityforge.brain.intake.difference import Difference, Example

HEADER = ["统一社会信用代码", "年度", "实缴税收", "状态", "说明"]
Rows = list[list[str]]


def compared(dataset: Dataset, csv_file: Callable[..., Path], old: Rows, new: Rows) -> Difference:
    with Engine(threads=1) as engine:
        accept.prepare(engine)
        for name, rows in (("before", old), ("after", new)):
            table = raw.read(engine, dataset, csv_file([HEADER, *rows], f"{name}.csv"))
            accept.accept(engine, dataset, table, frame=None)
            engine.create(name, exp.select("*").from_(f"data_{dataset.id}"))
            engine.drop(f"data_{dataset.id}")
        return difference.compare(engine, dataset, before="before", after="after", kept="kept")


def test_rows_cells_sums_and_examples(dataset, csv_file, codes) -> None:
    old = [
        [codes[0], "2024", "10.5", "存续", "甲"],
        [codes[1], "2024", "20", "存续", ""],
        [codes[2], "2024", "30", "", "丙"],
        [codes[3], "2024", "40", "注销", "丁"],
    ]
    new = [
        [codes[0], "2024", "10.50", "存续", "甲"],  # the same value, written otherwise
        [codes[1], "2024", "21", "注销", "乙"],
        [codes[2], "2024", "30", "", ""],
        [codes[3], "2025", "40", "注销", "丁"],  # another key: one row goes, one comes
    ]
    found = compared(dataset, csv_file, old, new)
    assert (found.added, found.removed, found.changed, found.same) == (1, 1, 2, 1)
    assert (found.before, found.is_empty) == (4, False)
    assert found.first_added == (Example((codes[3], "2025")),)
    assert found.first_removed == (Example((codes[3], "2024")),)
    by_column = {c.column.id: c for c in found.columns}
    assert list(by_column) == ["tax", "state", "note"]
    tax = by_column["tax"]
    assert (tax.changed, tax.filled, tax.emptied) == (1, 0, 0)
    assert (tax.sum_before, tax.sum_after) == (Decimal("100.50"), Decimal("101.50"))
    assert tax.examples == (Example((codes[1], "2024"), "20", "21"),)
    note = by_column["note"]
    assert (note.changed, note.filled, note.emptied) == (2, 1, 1)
    assert note.sum_before is None
    assert {(e.old, e.new) for e in note.examples} == {(None, "乙"), ("丙", None)}


def test_other_bytes_with_the_same_rows_are_no_difference(dataset, csv_file, codes) -> None:
    old = [[codes[0], "2024", "1,000", "存续", ""], [codes[1], "2024", "2", "", ""]]
    new = [[codes[1], "2024年", "２", "", "-"], [codes[0], "2024", "1000.00", "存续", ""]]
    found = compared(dataset, csv_file, old, new)
    assert (found.is_empty, found.same, found.columns) == (True, 2, ())


def test_from_nothing_and_to_nothing(dataset, csv_file, codes) -> None:
    rows = [[codes[0], "2024", "5", "", ""]]
    assert compared(dataset, csv_file, [], rows).added == 1
    gone = compared(dataset, csv_file, rows, [])
    assert (gone.removed, gone.added) == (1, 0)
    assert gone.columns[0].sum_after is None


def table(dataset: Dataset, version: dict[Any, Any]) -> pa.Table:
    rows = [
        {
            "uscc": uscc,
            "year": int(year),
            "tax": Decimal(tax) if tax else None,
            "note": note or None,
        }
        for (uscc, year), (tax, note) in version.items()
    ]
    return pa.Table.from_pylist(rows, schema=accept.empty(dataset).schema)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_counts_are_those_of_a_plain_comparison(dataset, codes, data) -> None:
    keys = [(code, year) for code in codes[:4] for year in ("2023", "2024")]
    cells = st.tuples(st.sampled_from(["", "1", "2"]), st.sampled_from(["", "甲"]))
    versions: list[dict[Any, Any]] = [
        data.draw(st.dictionaries(st.sampled_from(keys), cells)) for _ in range(2)
    ]
    old, new = versions
    with Engine(threads=1) as engine:
        for name, version in (("before", old), ("after", new)):
            engine.take(name, table(dataset, version))
        found = difference.compare(engine, dataset, before="before", after="after", kept="kept")
    both = old.keys() & new.keys()
    assert found.added == len(new.keys() - old.keys())
    assert found.removed == len(old.keys() - new.keys())
    assert found.changed == sum(old[key] != new[key] for key in both)
    assert found.same == sum(old[key] == new[key] for key in both)
    changed = {c.column.id: c.changed for c in found.columns}
    assert changed.get("tax", 0) == sum(old[key][0] != new[key][0] for key in both)


@pytest.mark.parametrize(
    ("value", "text"),
    [(Decimal("1.50"), "1.5"), (Decimal("100"), "100"), (Decimal("1E+2"), "100"), (True, "是"),
     (None, None), (2024, "2024")],
)  # fmt: skip
def test_values_are_shown_as_people_write_them(value: object, text: str | None) -> None:
    assert difference.shown(value) == text
