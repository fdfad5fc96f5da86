"""The rows of one key out of Parquet."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from cityforge.brain.engines.keyed import Keyed

CODES = [f"E{number * 7 % 500:03d}" for number in range(667)]
ROWS = pa.table(
    {
        "name": pa.array([f"第{number}行" for number in range(len(CODES))]),
        "uscc": pa.array(CODES),
        "value": pa.array(range(len(CODES)), pa.int64()),
    }
)


def _shapes(folder: Path) -> dict[str, Path]:
    """The same rows: in any order, sorted, with dictionaries, without statistics, in parts."""
    ordered = ROWS.sort_by([("uscc", "ascending"), ("value", "ascending")])
    encoded = ordered.set_column(1, "uscc", ordered["uscc"].dictionary_encode())
    made = {"any": ROWS, "sorted": ordered, "encoded": encoded}
    paths = {name: folder / f"{name}.parquet" for name in made}
    for name, table in made.items():
        pq.write_table(table, paths[name], row_group_size=50)
    paths["untold"] = folder / "untold.parquet"
    pq.write_table(ordered, paths["untold"], row_group_size=50, write_statistics=False)
    paths["parts"] = folder / "parts"
    paths["parts"].mkdir()
    for part in range(3):
        piece = ordered.slice(part * 250, 250)
        pq.write_table(piece, paths["parts"] / f"{part}.parquet", row_group_size=50)
    return paths


@pytest.mark.parametrize("shape", ["any", "sorted", "encoded", "untold", "parts"])
def test_the_rows_of_a_key_are_all_its_rows(tmp_path: Path, shape: str) -> None:
    keyed = Keyed(_shapes(tmp_path)[shape])
    for code in [*sorted(set(CODES)), "E500", "", "Z"]:
        wanted = sorted(ROWS.filter(pc.equal(ROWS["uscc"], code))["value"].to_pylist())
        assert sorted(keyed.rows(code)["value"].to_pylist()) == wanted


def test_only_columns_that_are_there_are_read(tmp_path: Path) -> None:
    keyed = Keyed(_shapes(tmp_path)["sorted"])
    assert keyed.rows("E003", ("value", "no_such")).column_names == ["value"]
    assert keyed.rows("Z", ("value", "no_such")).column_names == ["value"]
    assert keyed.rows("Z").schema == keyed.rows("E003").schema


def test_another_column_may_be_the_key(tmp_path: Path) -> None:
    keyed = Keyed(_shapes(tmp_path)["any"], "name")
    assert keyed.rows("第5行")["value"].to_pylist() == [5]


def test_several_threads_may_ask_at_once(tmp_path: Path) -> None:
    keyed = Keyed(_shapes(tmp_path)["sorted"])
    asked = sorted(set(CODES)) * 5
    alone = [keyed.rows(code)["value"].to_pylist() for code in asked]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda code: keyed.rows(code)["value"].to_pylist(), asked))
    assert together == alone
