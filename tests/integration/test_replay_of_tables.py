"""A replay of a run that read a table of a database: the same rows pass, changed rows are told."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

LANHE = Path(__file__).parents[1] / "cities" / "lanhe"
AS_OF = "2025-09-30"
Command = Callable[..., tuple[int, str]]


def alter(database: Path, statement: str) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute(statement).fetchall()


@pytest.fixture(scope="module")
def made(cityforge: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `data` and `runs`: honours came from a DuckDB file, all else from files."""
    folder = tmp_path_factory.mktemp("tables")
    asked = ("mock", LANHE, "--out", folder / "data", "--as-of", AS_OF, "--seed", 3)
    code, said = cityforge(*asked, "--above-scale", 20, "--below-scale", 20)
    assert code == 0, said
    honours = folder / "data" / "honours.csv"
    alter(
        folder / "data" / "bureau.duckdb",
        f"CREATE TABLE honours AS FROM read_csv('{honours}', all_varchar = true)",
    )
    honours.unlink()
    listed = folder / "data" / "sources.yaml"
    kept = listed.read_text(encoding="utf-8").replace(
        "honours: honours.csv", "honours: {file: bureau.duckdb, table: honours}"
    )
    assert "bureau" in kept
    listed.write_text(kept, encoding="utf-8")
    asked = ("run", LANHE, "--data", folder / "data", "--as-of", AS_OF, "--out", folder / "runs")
    code, said = cityforge(*asked, "--no-report")
    assert code == 0, said
    return folder


def test_the_same_rows_in_another_order_pass(
    made: Path, cityforge: Command, tmp_path: Path
) -> None:
    shutil.copytree(made / "data", tmp_path / "data")
    alter(
        tmp_path / "data" / "bureau.duckdb",
        "CREATE OR REPLACE TABLE honours AS SELECT * FROM honours ORDER BY random()",
    )
    code, said = cityforge("replay", made / "runs", "--data", tmp_path / "data")
    assert code == 0, said


def test_a_changed_row_is_told(made: Path, cityforge: Command, tmp_path: Path) -> None:
    shutil.copytree(made / "data", tmp_path / "data")
    # A column that no figure is made from: only the digest of the rows can tell.
    alter(
        tmp_path / "data" / "bureau.duckdb",
        "ALTER TABLE honours ADD COLUMN 备注 VARCHAR; UPDATE honours SET 备注 = '改'",
    )
    code, said = cityforge("replay", made / "runs", "--data", tmp_path / "data")
    assert code == 13
    assert "honours: bureau.duckdb: honours 内容已变" in said


def test_another_file_in_its_place_is_told(made: Path, cityforge: Command, tmp_path: Path) -> None:
    shutil.copytree(made / "data", tmp_path / "data")
    with duckdb.connect(str(tmp_path / "data" / "bureau.duckdb")) as connection:
        rows = connection.execute("SELECT * FROM honours").fetchall()
        names = [column[0] for column in connection.description]
    with (tmp_path / "data" / "honours.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([names, *rows])
    listed = tmp_path / "data" / "sources.yaml"
    text = listed.read_text(encoding="utf-8")
    listed.write_text(
        text.replace("{file: bureau.duckdb, table: honours}", "honours.csv"), encoding="utf-8"
    )
    code, said = cityforge("replay", made / "runs", "--data", tmp_path / "data")
    assert code == 13
    assert "honours: 当时读 bureau.duckdb: honours，现在读 honours.csv" in said


def test_the_record_keeps_the_digest_of_the_rows(made: Path) -> None:
    run = made / "runs" / (made / "runs" / "latest").read_text().strip()
    record = json.loads((run / "run.json").read_text(encoding="utf-8"))
    (entry,) = [each for each in record["intake"] if each["dataset"] == "honours"]
    assert len(entry["rows_sha256"]) == 64 and entry["file"] == "bureau.duckdb: honours"
