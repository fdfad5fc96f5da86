"""All rows that differ between two versions, as a workbook or as CSV files."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.errors import DataRefused, Problem, Text
from cityforge.brain.intake import difference, formulas
from cityforge.brain.intake.importing import KEPT, Candidate

_TITLES = {difference.ADDED: "新增", difference.REMOVED: "减少", difference.CHANGED: "修改"}
_MOST_ROWS = 1_048_575  # under a header, in one sheet
_BATCH = 10_000


def write(candidate: Candidate, out: Path) -> list[Path]:
    """Write rows added, removed and changed; returns the files.

    out   `.xlsx`: one sheet a kind; `.csv`: one file a kind, its word added to the name

    Raises DataRefused for another ending, and where a sheet cannot hold the rows.
    """
    kind = out.suffix.lower()
    if kind not in (".xlsx", ".csv"):
        raise DataRefused([_other_ending(out)])
    out.parent.mkdir(parents=True, exist_ok=True)
    return _write_csv(candidate, out) if kind == ".csv" else _write_workbook(candidate, out)


def _write_workbook(candidate: Candidate, out: Path) -> list[Path]:
    found = candidate.difference
    most = max(found.added, found.removed, found.changed) if found else 0
    if most > _MOST_ROWS:
        raise DataRefused([_too_many(out, most)])
    book = Workbook(write_only=True)
    for change, title in _TITLES.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        sheet.append(_heads(candidate.dataset, change))
        for row in _rows(candidate, change):
            cells = []
            for value in row:
                cell = WriteOnlyCell(sheet)
                formulas.in_workbook(cell, value)
                cells.append(cell)
            sheet.append(cells)
    book.save(out)
    return [out]


def _write_csv(candidate: Candidate, out: Path) -> list[Path]:
    files = []
    for change, title in _TITLES.items():
        file = out.with_name(f"{out.stem}-{title}.csv")
        with file.open("w", encoding="utf-8-sig", newline="") as stream:
            lines = csv.writer(stream)
            lines.writerow(_heads(candidate.dataset, change))
            for row in _rows(candidate, change):
                lines.writerow([formulas.in_csv(difference.shown(value) or "") for value in row])
        files.append(file)
    return files


def _rows(candidate: Candidate, change: str) -> Iterator[tuple[Any, ...]]:
    query = difference.differing(candidate.dataset, KEPT, change)
    for batch in candidate.engine.arrow(query).to_batches(max_chunksize=_BATCH):
        columns = [column.to_pylist() for column in batch.columns]
        yield from zip(*columns, strict=True)


def _heads(dataset: Dataset, change: str) -> list[str]:
    key = [c for name in dataset.row_key if (c := dataset.column(name))]
    others = [c for c in dataset.columns if c.id not in dataset.row_key]
    words = ("（原）", "（新）") if change == difference.CHANGED else ("",)
    return [*(c.title for c in key), *(f"{c.title}{word}" for c in others for word in words)]


def _other_ending(out: Path) -> Problem:
    return Problem(
        out.name,
        0,
        0,
        Text(zh="差异写成 .xlsx 或 .csv", en="the difference is written as .xlsx or .csv"),
        Text(zh="换一个扩展名", en="Choose one of these endings."),
    )


def _too_many(out: Path, rows: int) -> Problem:
    return Problem(
        out.name,
        0,
        0,
        Text(zh=f"{rows:,} 行超出一张工作表", en=f"{rows:,} rows are more than a sheet holds"),
        Text(zh="写成 .csv", en="Write .csv instead."),
    )
