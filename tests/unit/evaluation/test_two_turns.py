"""An evaluation in two turns, with the ranked rows kept between them, is that of one statement."""

import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cityforge.brain.city import checks
from cityforge.brain.engines.duckdb import Engine, parquet
from cityforge.brain.evaluation import subject
from cityforge.brain.evaluation.prepared import Prepared
from cityforge.brain.evaluation.statement import columns, statement
from cityforge.brain.runs import evaluating_at_scale

sys.path.insert(0, str(Path(__file__).parents[3] / "bench"))
import scheme_workload as workload

CITY = Path(__file__).parents[3] / "cities" / "taizhou"
NOW, EARLIER = workload.moment(workload.YEAR), workload.moment(workload.YEAR - 1)
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def schemes() -> dict[str, Prepared]:
    city, book = checks.load(CITY)
    return {one.scheme.id: one for one in workload.prepared(city, book)}


@pytest.fixture(scope="module")
def facts(
    schemes: dict[str, Prepared], tmp_path_factory: pytest.TempPathFactory
) -> dict[int, Path]:
    return workload.make_facts(tmp_path_factory.mktemp("facts"), 3_001, list(schemes.values()))


def at_once(prepared: Prepared, facts: dict[int, Path]) -> Rows:
    query = statement(
        prepared,
        NOW,
        facts=parquet(facts[workload.YEAR]),
        before=(EARLIER, parquet(facts[workload.YEAR - 1])),
    )
    with Engine(threads=1) as engine:
        return list(engine.arrow(query).to_pylist())


@pytest.mark.parametrize("name", [*workload.NAMED, "everything"])
def test_both_give_the_same_rows(
    name: str, schemes: dict[str, Prepared], facts: dict[int, Path], tmp_path: Path
) -> None:
    file = tmp_path / "rows.parquet"
    with Engine(threads=2) as engine:
        for _ in range(2):  # nothing is left behind that the next would meet
            evaluating_at_scale.write(
                engine,
                schemes[name],
                NOW,
                facts=facts[workload.YEAR],
                before=(EARLIER, facts[workload.YEAR - 1]),
                file=file,
            )
    found = pq.read_table(file)
    assert found.column_names == columns(schemes[name])
    assert repr(found.to_pylist()) == repr(at_once(schemes[name], facts))


def test_the_rows_of_many_threads_are_in_the_order_of_codes(
    schemes: dict[str, Prepared], tmp_path: Path
) -> None:
    """More rows than one group of the file, more than one thread, and facts in no order."""
    prepared = schemes["zj_huangyan"]
    facts = workload.make_facts(tmp_path, 260_000, [prepared])
    file = tmp_path / "rows.parquet"
    with Engine(threads=4) as engine:
        evaluating_at_scale.write(engine, prepared, NOW, facts=facts[workload.YEAR], file=file)
    assert pq.ParquetFile(file).num_row_groups > 2
    codes = pq.read_table(file, columns=["uscc"])["uscc"].to_pylist()
    assert len(codes) == 260_000
    assert codes == sorted(codes)


def test_many_deciding_facts_take_several_columns(
    schemes: dict[str, Prepared], facts: dict[int, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reason names every fact that is missing, whichever column of bits it stands in."""
    prepared = schemes["everything"]
    wanted = at_once(prepared, facts)
    reasons = {row["reason"] for row in wanted}
    assert {"缺少：是否规上", "缺少：实际用地面积、营业收入"} <= reasons
    assert len(subject.lacking_columns(prepared)) == 1
    monkeypatch.setattr(subject, "_BITS", 2)
    assert len(subject.lacking_columns(prepared)) == 2
    assert at_once(prepared, facts) == wanted
