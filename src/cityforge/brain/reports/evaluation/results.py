"""The results of a scheme over the years, with what is needed to tell them."""

from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.city.scheme import Scheme
from cityforge.brain.errors import Text
from cityforge.brain.evaluation import consequences
from cityforge.brain.evaluation.consequences import Consequences
from cityforge.brain.evaluation.evaluated import Evaluated
from cityforge.brain.evaluation.prepared import Prepared
from cityforge.brain.evaluation.subject import RATED
from cityforge.brain.reports.fact_names import Names
from cityforge.brain.reports.snapshot import Snapshot


@dataclass(frozen=True)
class Results:
    """A scheme's results of consecutive years, newest last."""

    snapshot: Snapshot
    years: tuple[Evaluated, ...]

    @property
    def now(self) -> Evaluated:
        return self.years[-1]

    @property
    def before(self) -> Evaluated | None:
        """The year before, where it was evaluated too."""
        return self.years[-2] if len(self.years) > 1 else None

    @property
    def year(self) -> int:
        return self.now.year

    @property
    def prepared(self) -> Prepared:
        return self.now.prepared

    @property
    def scheme(self) -> Scheme:
        return self.prepared.scheme

    @property
    def names(self) -> Names:
        return Names(self.snapshot.city, self.prepared.book)

    @cached_property
    def rated(self) -> pa.Table:
        """The rows of who is rated now."""
        return self.now.rows.filter(pc.equal(self.now.rows["status"], RATED))

    @cached_property
    def consequences(self) -> Consequences:
        return consequences.follow(self.scheme, {one.year: one.rows for one in self.years})

    @cached_property
    def districts(self) -> dict[str, Text]:
        """The districts by id, in the order of the city."""
        found = self.snapshot.city.place.districts
        return {one.id: Text(zh=one.title, en=one.title_en) for one in found}

    def district(self, name: str | None) -> Text:
        return self.districts.get(name or "", Text(zh=name or "—", en=name or "—"))
