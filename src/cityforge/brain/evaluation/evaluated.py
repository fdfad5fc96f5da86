"""One evaluation at hand: what was asked, what came out, and the facts it was made of."""

from dataclasses import dataclass

import pyarrow as pa

from cityforge.brain.city.scheme import Scheme
from cityforge.brain.evaluation.prepared import Moment, Prepared


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One scheme in one year.

    rows   the columns of `statement.columns(prepared)`, one row an enterprise by credit code
    facts  the facts of the year, the same enterprises by credit code
    """

    prepared: Prepared
    moment: Moment
    rows: pa.Table
    facts: pa.Table

    @property
    def scheme(self) -> Scheme:
        return self.prepared.scheme

    @property
    def year(self) -> int:
        return self.moment.year
