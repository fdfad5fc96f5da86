"""What a profile of a data folder says: plain values, for the terminal and the page alike.

Where a column may only describe the city (the Statistics Law), no single enterprise's figure is
held here at all: no extremes, no rows. What is not here cannot be shown by mistake.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from cityforge.brain.errors import Problem, Text

Light = Literal["ok", "warn", "bad", "unknown"]


@dataclass(frozen=True, slots=True)
class Listed:
    """One row worth a look: whose it is, its value, and what it was held against.

    `against` is the enterprise's own middle over its years, the section's middle, or the other
    source's value, in the unit of the column; `ratio` is value over against.
    """

    uscc: str
    name: str | None
    year: int | None
    value: float
    against: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Suspects:
    """A count, and the rows behind it, worst first; `rows` is empty where naming is unlawful."""

    count: int
    rows: tuple[Listed, ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a quantity. `sizes` counts positive values by quarter of a power of ten: {4: n} is
    10 up to 17.8. `least` and `most` are None where they would tell one enterprise's figure."""

    least: float | None
    quartiles: tuple[float, float, float] | None
    most: float | None
    zeros: int
    negatives: int
    sizes: dict[int, int]
    outliers: Suspects
    slips: Suspects


@dataclass(frozen=True, slots=True)
class Dates:
    """First, quartiles and last of a column of dates."""

    least: date
    quartiles: tuple[date, date, date]
    most: date


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One column over the accepted rows. `top` are the most frequent values with their counts."""

    id: str
    title: Text
    kind: str
    unit: str | None
    filled: int
    distinct: int
    may_name: bool
    figures: Figures | None = None
    dates: Dates | None = None
    top: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Reject:
    """Rows refused for one reason in one column; examples are (row of the file, cell).

    `is_data` is False of what the owner need not mend: totals, notes below the table.
    """

    column: Text
    reason: Text
    advice: Text
    count: int
    examples: tuple[tuple[int, str | None], ...]
    is_data: bool = True


@dataclass(frozen=True, slots=True)
class Freshness:
    """How new a dataset is by its contract, as of the date of the profile.

    newest     the newest period held, in words; None when there is none
    next_due   the day the first period still missing is due; None when nothing is due by contract
    late       how many periods are overdue
    """

    every: str
    due: str | None
    newest: Text | None
    next_period: Text | None
    next_due: date | None
    late: int
    light: Light
    said: Text


@dataclass(frozen=True, slots=True)
class Coverage:
    """Enterprises of the frame with a row: in all, and in each year; who left since the last year.

    `gone` counts enterprises with a row in the year before the newest and none in the newest.
    """

    enterprises: int
    by_year: tuple[tuple[int, int], ...] = ()
    gone: int = 0
    gone_rows: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class DatasetProfile:
    """One dataset; `coverage` is None where a row is about a place, not an enterprise."""

    id: str
    title: Text
    owner: Text
    file: str | None
    read: int
    accepted: int
    quarantined: int
    may_name: bool
    freshness: Freshness
    coverage: Coverage | None
    columns: tuple[ColumnProfile, ...]
    rejects: tuple[Reject, ...]
    refused: tuple[Problem, ...] = ()

    @property
    def to_mend(self) -> int:
        """The quarantined rows that their owner has to mend."""
        return self.quarantined - sum(each.count for each in self.rejects if not each.is_data)

    @property
    def slips(self) -> int:
        return sum(each.figures.slips.count for each in self.columns if each.figures)


@dataclass(frozen=True, slots=True)
class AgreementProfile:
    """Two columns that should tell the same, enterprise by enterprise, in the unit of the first.

    ratios     {twentieth of a power of ten: how many}; 0 is about equal, 20 is ten times
    suspects   by factor (10, 1000, 10000, and their inverses below 1): how many stand near it
    differences   the largest, worst first; none where naming is unlawful
    """

    left: Text
    right: Text
    left_dataset: str
    right_dataset: str
    left_owner: Text
    right_owner: Text
    unit: str | None
    within: str
    both: int
    compared: int
    agree: int
    only_left: int
    only_right: int
    median: float | None
    ratios: dict[int, int]
    suspects: tuple[tuple[float, int], ...]
    differences: tuple[Listed, ...]
    may_name: bool

    @property
    def slips(self) -> int:
        return sum(count for _, count in self.suspects)


@dataclass(frozen=True, slots=True)
class Profile:
    """The whole folder. `frame` is the number of enterprises that runs start from."""

    city: Text
    as_of: date
    simulated: bool
    note: str
    frame: int
    datasets: tuple[DatasetProfile, ...]
    agreements: tuple[AgreementProfile, ...]
    notes: tuple[Text, ...]

    def dataset(self, name: str) -> DatasetProfile | None:
        return next((each for each in self.datasets if each.id == name), None)
