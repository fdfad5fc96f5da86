"""The versions of a result on disk: written aside, renamed into place, never changed.

PLACE/results/0001/rows.parquet   the rows, with overrides in place
PLACE/results/0001/result.json    on which corrections and overrides, of which scheme, and why
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cityforge.brain.engines.duckdb import ROW_GROUP
from cityforge.brain.errors import DataRefused, Problem, Text
from cityforge.brain.evaluation.proceedings.acts import Computation
from cityforge.brain.runs import digest, store
from cityforge.brain.runs.proceeding_journal import sync_folder

RESULTS, ROWS, ABOUT = "results", "rows.parquet", "result.json"
_PARTIAL = ".partial"


@dataclass(frozen=True, slots=True)
class Kept:
    """The digests of a version as written: of its rows, and of what is told beside them."""

    rows: str
    about: str


def keep(place: Path, version: int, rows: pa.Table, about: dict[str, Any]) -> Kept:
    """Write a version. Call it under the lock.

    What a crash left of this or a later number was never in the journal: it is swept away.
    """
    folder = place / RESULTS
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder, version)
    aside = folder / _PARTIAL
    aside.mkdir()
    write(rows, aside / ROWS)
    store.write_json(aside / ABOUT, about)
    kept = Kept(digest.of_file(aside / ROWS), digest.of_file(aside / ABOUT))
    for file in (aside / ROWS, aside / ABOUT):
        with file.open("rb") as stream:
            os.fsync(stream.fileno())
    sync_folder(aside)
    aside.rename(folder / _name(version))
    sync_folder(folder)
    return kept


def write(rows: pa.Table, file: Path) -> None:
    """Rows as Parquet: the same rows give the same bytes."""
    pq.write_table(rows.combine_chunks(), file, compression="zstd", row_group_size=ROW_GROUP)


def rows(place: Path, version: Computation) -> pa.Table:
    """The rows of a version. Raises DataRefused where they are not those of the journal."""
    if problems := faults(place, version):
        raise DataRefused(problems)
    return pq.read_table(file_of(place, version.version))


def file_of(place: Path, version: int) -> Path:
    return place / RESULTS / _name(version) / ROWS


def faults(place: Path, version: Computation) -> list[Problem]:
    """What is wrong with a version on disk: missing, or not what the journal has the digest of."""
    hint = Text(
        zh="从备份恢复这个文件，或重新计算核对", en="Restore it from a backup, or compute it anew."
    )
    found = []
    for name, wanted in ((ROWS, version.digest), (ABOUT, version.about_digest)):
        file = place / RESULTS / _name(version.version) / name
        if not file.is_file():
            what = Text(zh="缺少这个文件", en="the file is missing")
        elif digest.of_file(file) != wanted:
            what = Text(zh="与流程记录中的摘要不符", en="its digest is not that of the journal")
        else:
            continue
        found.append(Problem(file.relative_to(place).as_posix(), 0, 0, what, hint))
    return found


def _name(version: int) -> str:
    return f"{version:04d}"


def _sweep(folder: Path, version: int) -> None:
    for left in folder.iterdir():
        if left.name == _PARTIAL or (left.name.isdigit() and int(left.name) >= version):
            shutil.rmtree(left)
