"""The table engine: files by their exact path, Parquet with the same bytes, plain errors."""

import hashlib
from pathlib import Path

import pyarrow as pa
import pytest
from sqlglot import exp

from cityforge.brain.engines.duckdb import Engine, parquet
from cityforge.brain.errors import EngineFailed


def everything(source: exp.Expr) -> exp.Select:
    return exp.select("*").from_(source)


def test_a_folder_named_like_a_pattern_is_only_itself(tmp_path: Path) -> None:
    odd = tmp_path / "data[1]*"
    odd.mkdir()
    (tmp_path / "data1x").mkdir()
    with Engine() as engine:
        for number, file in ((1, odd / "f?.parquet"), (2, tmp_path / "data1x" / "fz.parquet")):
            engine.write(exp.select(exp.Literal.number(number).as_("a")), file)
        assert engine.rows(everything(parquet(odd / "f?.parquet"))) == [(1,)]
        assert engine.count(odd / "f?.parquet") == 1


def test_the_same_bytes_with_one_thread_and_two(tmp_path: Path) -> None:
    rows = 300_000  # more than two row groups
    table = pa.table({"k": [f"{i * 7919 % rows:06d}" for i in range(rows)], "v": list(range(rows))})
    digests = set()
    for threads in (1, 2, 2):
        with Engine(threads=threads) as engine:
            engine.take("t", table)
            file = tmp_path / "t.parquet"
            engine.write(exp.select("*").from_("t").order_by("k"), file)
            digests.add(hashlib.sha256(file.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_a_hostile_header_never_becomes_sql() -> None:
    hostile = "'); DROP TABLE t; --\""
    with Engine() as engine:
        engine.take("t", pa.table({hostile: [hostile]}))
        assert list(engine.columns("t")) == [hostile]
        assert engine.rows(exp.select(exp.column(hostile, quoted=True)).from_("t")) == [(hostile,)]


def test_a_failure_names_the_step_and_hides_no_reason(tmp_path: Path) -> None:
    with Engine() as engine, pytest.raises(EngineFailed, match="absent") as caught:
        engine.create("absent", exp.select("*").from_("nowhere"))
    assert "absent" in caught.value.text.zh
