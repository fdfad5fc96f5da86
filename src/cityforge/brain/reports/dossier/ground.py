"""What a snapshot is asked for the file of an enterprise (一企一档), opened once for all."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from cityforge.brain.city import dictionary
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.scheme import Scheme
from cityforge.brain.city.shapes import LegalUse, Sensitivity
from cityforge.brain.evaluation import prepared as evaluation
from cityforge.brain.expr import check
from cityforge.brain.facts.table import table_of
from cityforge.brain.policies.matches import MATCHES, Matches
from cityforge.brain.policies.prepared import Prepared, prepare
from cityforge.brain.reports.fact_names import Names
from cityforge.brain.reports.snapshot import Snapshot, keyed

LEVELS = tuple(Sensitivity)
_YEARS = 10


@dataclass(frozen=True)
class Ground:
    """A snapshot with its dictionary. Tables are read row by row, never kept whole."""

    snapshot: Snapshot
    book: Dictionary

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Ground":
        return cls(snapshot, dictionary.build(snapshot.city))

    @property
    def names(self) -> Names:
        return Names(self.snapshot.city, self.book)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Years whose facts the snapshot has, newest first."""
        newest = self.snapshot.year
        asked = range(newest, newest - _YEARS, -1)
        return tuple(year for year in asked if self.file(table_of(year, newest)).is_file())

    @cached_property
    def needs(self) -> dict[str, Sensitivity]:
        """By scheme the highest level among the facts that its indicators rest on."""
        return {id_: self._needs(scheme) for id_, scheme in self.snapshot.city.schemes.items()}

    @cached_property
    def policies(self) -> dict[str, Prepared]:
        """Every policy of the day by id; models from elsewhere are none."""
        found = prepare(self.snapshot.city, self.book, day=self.snapshot.as_of)
        return {one.id: one for one in found}

    @cached_property
    def matches(self) -> Matches | None:
        """What the run matched; None where the city has no policies."""
        there = self.file(MATCHES).exists()
        return Matches(self.snapshot.folder / "tables") if there else None

    def _needs(self, scheme: Scheme) -> Sensitivity:
        read = {
            name
            for part in evaluation.prepare(self.book, scheme).parts
            for one in part.indicators
            for name in check.names(one.expression)
        }
        facts = self.book.facts
        levels = [facts[name].sensitivity for name in read if name in facts]
        return max(levels, key=LEVELS.index, default=Sensitivity.PUBLIC)

    def file(self, table: str) -> Path:
        return self.snapshot.folder / "tables" / f"{table}.parquet"

    def rows(
        self, table: str, uscc: str, only: tuple[str, ...] | None = None
    ) -> list[dict[str, Any]]:
        """The rows of one enterprise; none where the snapshot lacks the table.

        only  columns to read, those that are there: of a wide table a few are much sooner read
        """
        return _rows(self.file(table), uscc, only)


# A page asks for the same rows part by part; a few enterprises are looked at in turn.
@lru_cache(maxsize=64)
def _rows(path: Path, uscc: str, only: tuple[str, ...] | None) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = keyed(path).rows(uscc, only).to_pylist() if path.is_file() else []
    return rows


def may_see(sensitivity: Sensitivity, reader: Sensitivity) -> bool:
    """Whether a reader of one level may see what is of another."""
    return LEVELS.index(sensitivity) <= LEVELS.index(reader)


def may_name(legal_use: frozenset[LegalUse]) -> bool:
    """Whether a fact may stand beside a name: what only describes the city may not."""
    return LegalUse.TREAT in legal_use
