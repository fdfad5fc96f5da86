"""A delivered file's rows as they stand in it, each with what is wrong with which cell.

For a page that shows a bureau its own file: what the contract read, as text, nothing converted.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlglot import exp

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.intake import raw, resolving
from cityforge.brain.intake.accept import QUARANTINE
from cityforge.brain.intake.importing import Candidate

NUMBER, FAULTS = "row_", "faults_"
"""The row as the file numbers it, its header counted; and its faults: JSON {column: [reason]}."""

_BATCH = 10_000


def write(candidate: Candidate, out: Path) -> None:
    """Write a candidate's rows to Parquet: `row_`, the columns the file has, `faults_`.

    `faults_` is NULL where the row was accepted; "*" in it is the row as a whole. The file is read
    once more. A .csv is numbered without its empty lines. Raises DataRefused as reading does.
    """
    engine, dataset = candidate.engine, candidate.dataset
    faults = _faults(engine, dataset)
    contract = resolving.contract(candidate.city, dataset)
    table = raw.read(engine, contract, candidate.file)
    before = table.header_at + table.header_depth
    names = [column.id for column in dataset.columns if column.id in table.columns]
    query = (
        exp.select(raw.ROW, *[exp.column(name, quoted=True) for name in names])
        .from_(table.table)
        .order_by(raw.ROW)
    )
    rows = engine.arrow(query)
    engine.drop(table.table)
    fields = [(NUMBER, pa.int64()), *((name, pa.string()) for name in names), (FAULTS, pa.string())]
    schema = pa.schema(fields)
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for batch in _batches(rows, faults, names, before):
            writer.write_table(pa.table(batch, schema=schema))


def _batches(
    rows: pa.Table, faults: dict[int, dict[str, list[str]]], names: list[str], before: int
) -> Iterator[dict[str, Any]]:
    for batch in rows.to_batches(max_chunksize=_BATCH):
        numbers = batch.column(raw.ROW).to_pylist()
        found = [faults.get(number) for number in numbers]
        yield {
            NUMBER: [number + before for number in numbers],
            **{name: batch.column(name) for name in names},
            FAULTS: [json.dumps(one) if one else None for one in found],
        }


def _faults(engine: Engine, dataset: Dataset) -> dict[int, dict[str, list[str]]]:
    """Of each quarantined row, the codes of its reasons by column."""
    names = [exp.column(name, quoted=True) for name in ("row", "column", "reason")]
    of_dataset = exp.column("dataset").eq(exp.Literal.string(dataset.id))
    query = exp.select(*names).from_(QUARANTINE).where(of_dataset).order_by(*names)
    found: dict[int, dict[str, list[str]]] = {}
    for row, column, reason in engine.rows(query):
        found.setdefault(row, {}).setdefault(column, []).append(reason)
    return found
