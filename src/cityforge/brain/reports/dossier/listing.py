"""Every enterprise of a snapshot in a few words, a batch at a time: what a list is filled from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow.parquet as pq

from cityforge.brain.city.shapes import Sensitivity
from cityforge.brain.evaluation.prepared import ENTERPRISE
from cityforge.brain.facts.table import table_of
from cityforge.brain.reports.dossier.ground import Ground, may_name

BATCH = 20_000
SIZE = "size_class"
# Columns that a frame may call so; one that may not stand beside a name is left out.
_WANTED = (
    "uscc", "name", "district", "park", "address", "industry", "industry_code", "status",
    "registered_on", SIZE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """One enterprise of a list; "" where something is not known.

    park   id of the city folder, "" where the frame names none that the folder has
    size   大 中 小 微
    grade  by the first scheme of the run in its newest year; "" where not rated
    """

    uscc: str
    name: str
    district: str
    park: str
    park_title: str
    address: str
    industry: str
    industry_code: str
    status: str
    registered_on: date | None
    size: str
    grade: str


def size_needs(ground: Ground) -> Sensitivity:
    """The level that a reader of size classes needs."""
    fact = ground.book.facts.get(SIZE)
    return fact.sensitivity if fact is not None else Sensitivity.PUBLIC


def listed(ground: Ground) -> Iterator[Listed]:
    """Everybody, by credit code."""
    newest = ground.snapshot.year
    facts = ground.book.facts
    file = pq.ParquetFile(ground.file(table_of(newest, newest)))
    there = set(file.schema_arrow.names)
    columns = [
        name for name in _WANTED
        if name in there and (name not in facts or may_name(facts[name].legal_use))
    ]  # fmt: skip
    graded = _grades(ground)
    parks = {park.title: park.id for park in ground.snapshot.city.place.parks}
    for batch in file.iter_batches(batch_size=BATCH, columns=columns):
        for row in batch.to_pylist():
            yield _listed(row, parks, graded)


def former_names(ground: Ground) -> Iterator[tuple[str, str]]:
    """Credit code and name of who bore another name in an earlier year of the snapshot."""
    newest = ground.snapshot.year
    now = dict(_names(ground, newest))
    for year in ground.years[1:]:
        for uscc, name in _names(ground, year):
            if name and uscc in now and now[uscc] != name:
                yield uscc, name


def _names(ground: Ground, year: int) -> Iterator[tuple[str, str]]:
    file = pq.ParquetFile(ground.file(table_of(year, ground.snapshot.year)))
    for batch in file.iter_batches(batch_size=BATCH, columns=["uscc", "name"]):
        yield from zip(batch["uscc"].to_pylist(), batch["name"].to_pylist(), strict=True)


def _grades(ground: Ground) -> dict[str, str]:
    for ran in ground.snapshot.run["schemes"]:
        scheme = ground.snapshot.city.schemes[ran["id"]]
        if scheme.subject != ENTERPRISE:
            continue
        rows = pq.read_table(
            ground.file(f"evaluation_{scheme.id}"),
            columns=["uscc", "grade"],
            filters=[("year", "=", ground.snapshot.year), ("status", "=", "rated")],
        )
        return dict(zip(rows["uscc"].to_pylist(), rows["grade"].to_pylist(), strict=True))
    return {}


def _listed(row: dict[str, Any], parks: dict[str, str], graded: dict[str, str]) -> Listed:
    def word(name: str) -> str:
        return str(row.get(name) or "")

    return Listed(
        uscc=row["uscc"],
        name=word("name"),
        district=word("district"),
        park=parks.get(word("park"), ""),
        park_title=word("park"),
        address=word("address"),
        industry=word("industry"),
        industry_code=word("industry_code"),
        status=word("status"),
        registered_on=row.get("registered_on"),
        size=word(SIZE),
        grade=graded.get(row["uscc"], ""),
    )
