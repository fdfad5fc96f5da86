"""What the road to policies and ladders knows: the city, its day, and which facts are asked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.facts import table as facts
from cityforge.brain.facts.asked import Asked
from cityforge.brain.facts.corrections import NOTHING, Corrections


@dataclass(frozen=True, slots=True)
class Asking:
    """What the run knows when policies are matched; see facts.table.build."""

    city: City
    book: Dictionary
    as_of: date
    year: int
    absent: Collection[str]
    asked: Asked
    made: Collection[int]
    corrections: Corrections = NOTHING

    def build(self, engine: Engine, year: int, name: str, *, day: date | None = None) -> None:
        """Make a table with the facts of a year as they stand on a day, the run's own without."""
        facts.build(
            engine,
            self.city,
            self.book,
            year=year,
            as_of=day or self.as_of,
            absent=self.absent,
            asked=self.asked,
            made=self.made,
            day=day or self.as_of,
            name=name,
            corrections=self.corrections,
        )
