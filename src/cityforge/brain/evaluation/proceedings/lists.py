"""The lists that an office shows: for publicity, and the final one. Grades, not business figures.

A list is told by its digest: whoever holds the same rows of the same version gets the same one.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.evaluation.proceedings.acts import Publication
from cityforge.brain.evaluation.proceedings.chain import canonical
from cityforge.brain.evaluation.subject import EXEMPT, RATED


@dataclass(frozen=True, slots=True)
class ShownList:
    """A list as it is shown, or would be.

    rows         part, ranking group, rank, uscc, name, grade, and the reason of who is not graded
    publication  when it was shown; None: a draft that nobody was shown
    head         of the journal when it was read: a copy of it elsewhere tells lines cut off later
    undetermined how many are in no list, as data are missing to say whether they take part
    """

    scheme: str
    year: int
    version: int
    rows: pa.Table
    digest: str
    simulated: bool
    undetermined: int
    head: str
    publication: Publication | None = None

    @property
    def begins_on(self) -> date | None:
        return self.publication.begins_on if self.publication else None

    @property
    def ends_on(self) -> date | None:
        return self.publication.ends_on if self.publication else None


def rows(result: pa.Table, *, groups: Sequence[str]) -> pa.Table:
    """Who is graded, group by group in order of rank, then who is exempt, with the reason."""
    keys = list(dict.fromkeys(["part", *groups]))
    names = [*keys, "rank", "uscc", "name", "status", "grade", "reason", "reason_en"]
    shown = result.select(names)
    some = pc.is_in(shown["status"], pa.array([RATED, EXEMPT]))
    order = [("status", "descending"), *((key, "ascending") for key in keys)]
    return shown.filter(some).sort_by([*order, ("rank", "ascending"), ("uscc", "ascending")])


def digest(scheme: str, year: int, version: int, shown: pa.Table) -> str:
    """The digest of a list: of its head and its rows in their order."""
    head = {"scheme": scheme, "year": year, "version": version, "columns": shown.column_names}
    body = [list(row.values()) for row in shown.to_pylist()]
    return hashlib.sha256(canonical([head, body])).hexdigest()
