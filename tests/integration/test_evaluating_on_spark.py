"""An evaluation on Spark is that of this machine, row by row and bit by bit.

Spark speaks to its Java over a socket of this machine; this file alone may open one.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlglot import exp

from cityforge.brain.city import checks
from cityforge.brain.engines.duckdb import Engine, parquet
from cityforge.brain.errors import EngineFailed
from cityforge.brain.evaluation.prepared import Prepared
from cityforge.brain.evaluation.statement import statement

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
import scheme_workload as workload

on_spark = pytest.importorskip(
    "cityforge.brain.runs.evaluating_on_spark", reason="PySpark comes with the extra 'spark'"
)
pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "localhost"])
CITY = Path(__file__).parents[2] / "cities" / "taizhou"
SCHEMES = (*workload.NAMED, "everything")
ROWS = 4_001


@pytest.fixture(scope="module")
def schemes() -> dict[str, Prepared]:
    city, book = checks.load(CITY)
    return {one.scheme.id: one for one in workload.prepared(city, book)}


@pytest.fixture(scope="module")
def facts(
    schemes: dict[str, Prepared], tmp_path_factory: pytest.TempPathFactory
) -> dict[int, Path]:
    return workload.make_facts(tmp_path_factory.mktemp("facts"), ROWS, list(schemes.values()))


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    with on_spark.spark.Engine() as one:
        yield one


def here(prepared: Prepared, facts: dict[int, Path]) -> pa.Table:
    """The statement on DuckDB."""
    query = statement(
        prepared,
        workload.moment(workload.YEAR),
        facts=parquet(facts[workload.YEAR]),
        before=(workload.moment(workload.YEAR - 1), parquet(facts[workload.YEAR - 1])),
    )
    with Engine(threads=2) as engine:
        return engine.arrow(query)


def there(engine: Any, prepared: Prepared, facts: dict[int, Path], folder: Path) -> pa.Table:
    on_spark.write(
        engine,
        prepared,
        workload.moment(workload.YEAR),
        facts=facts[workload.YEAR],
        before=(workload.moment(workload.YEAR - 1), facts[workload.YEAR - 1]),
        folder=folder,
    )
    return pq.read_table(folder)


def bits(table: pa.Table) -> dict[str, list[object]]:
    """Every cell; of a double its sixteen digits and its sign, so that 0.0 is not -0.0."""
    return {
        name: [value.hex() if isinstance(value, float) else value for value in column.to_pylist()]
        for name, column in zip(table.column_names, table.columns, strict=True)
    }


@pytest.mark.parametrize("name", SCHEMES)
def test_every_cell_is_the_same(
    name: str,
    engine: Any,
    schemes: dict[str, Prepared],
    facts: dict[int, Path],
    tmp_path: Path,
) -> None:
    wanted = here(schemes[name], facts)
    found = there(engine, schemes[name], facts, tmp_path / "rows")
    # Spark keeps which columns can have no gap.
    kinds = [[(field.name, field.type) for field in one.schema] for one in (found, wanted)]
    assert kinds[0] == kinds[1]
    assert bits(found) == bits(wanted)
    assert found["uscc"].to_pylist() == sorted(found["uscc"].to_pylist())


def test_the_population_meets_every_case(
    schemes: dict[str, Prepared], facts: dict[int, Path]
) -> None:
    """Else the comparison would prove little."""
    rows = here(schemes["everything"], facts)
    assert set(rows["status"].to_pylist()) == {"rated", "exempt", "outside", "undetermined"}
    hows = set().union(*(rows[name].to_pylist() for name in rows.column_names if "how_" in name))
    assert hows >= {"scored", "group_average", "penalty", "reweighted", "no_base", "zero"}
    assert set(rows["limited_by"].to_pylist()) == {None, "veto", "gate"}
    assert set(rows["grade"].to_pylist()) == {None, "甲", "乙", "丙"}
    totals = [total for total in rows["total"].to_pylist() if total is not None]
    assert len(set(totals)) < len(totals), "some totals are equal"
    # A base of a trillionth, which once made millions of points, counts as none.
    assert min(totals) < 0 < 100 < max(totals) < 1e6


def test_what_is_there_is_not_written_over(
    engine: Any, schemes: dict[str, Prepared], facts: dict[int, Path], tmp_path: Path
) -> None:
    (tmp_path / "rows").mkdir()
    (tmp_path / "rows" / "kept").write_text("kept", encoding="utf-8")
    with pytest.raises(EngineFailed):
        there(engine, schemes["zj_huangyan"], facts, tmp_path / "rows")
    assert (tmp_path / "rows" / "kept").read_text(encoding="utf-8") == "kept"


def test_facts_may_be_a_folder_of_files(
    engine: Any, schemes: dict[str, Prepared], facts: dict[int, Path], tmp_path: Path
) -> None:
    """As Spark itself writes them; the order of the rows tells nothing."""
    whole = exp.select("*").from_(parquet(facts[workload.YEAR]))
    folder = tmp_path / "facts"
    folder.mkdir()
    with Engine() as local:
        for number in range(3):
            third = exp.EQ(
                this=exp.Mod(
                    this=exp.cast(exp.func("right", exp.column("uscc"), "3"), "INTEGER"),
                    expression=exp.Literal.number(3),
                ),
                expression=exp.Literal.number(number),
            )
            local.write(whole.where(third), folder / f"part-{2 - number}.parquet")
    parts = facts | {workload.YEAR: folder}
    found = there(engine, schemes["zj_huangyan"], parts, tmp_path / "rows")
    assert bits(found) == bits(here(schemes["zj_huangyan"], facts))
