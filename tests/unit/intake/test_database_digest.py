"""The digest of what was read from a table: that of its rows, however they were written down."""

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cityforge.brain.intake import database

ROWS = {"uscc": ["甲1", "乙2"], "note": ["x", None]}


def digest(folder: Path, columns: dict[str, list[str | None]], **how: object) -> str:
    file = folder / "table.parquet"
    types = pa.schema([(name, pa.string()) for name in columns])
    pq.write_table(pa.table(columns, schema=types), file, **how)
    return database.digest(file)


def test_it_is_what_the_docstring_says(tmp_path: Path) -> None:
    text = '["uscc", "note"]' + "4:甲1" + "1:x" + "4:乙2" + "-"
    assert digest(tmp_path, ROWS) == hashlib.sha256(text.encode()).hexdigest()


def test_the_way_of_writing_does_not_count(tmp_path: Path) -> None:
    many = {"a": [str(n) for n in range(40_000)], "b": [None] * 40_000}
    plain = digest(tmp_path, many)
    assert digest(tmp_path, many, row_group_size=777, compression="none") == plain
    assert digest(tmp_path, {**many, "b": [*many["b"][:-1], "x"]}) != plain


@pytest.mark.parametrize(
    "other",
    [
        {"uscc": ["甲1", "乙2"], "note": ["x", ""]},
        {"uscc": ["甲1", "乙2"], "note": ["x", "-"]},
        {"uscc": ["甲1x", "乙2"], "note": ["", None]},
        {"uscc": ["乙2", "甲1"], "note": [None, "x"]},
        {"uscc": ["甲1", "乙2"], "remark": ["x", None]},
        {"uscc": ["甲1"], "note": ["x"]},
        {"uscc": [], "note": []},
    ],
)
def test_any_other_rows_give_another(tmp_path: Path, other: dict[str, list[str | None]]) -> None:
    assert digest(tmp_path, other) != digest(tmp_path, ROWS)
