"""What a mock city is made with: seed, days, years, rates; handed along unchanged."""

import datetime as dt
from dataclasses import dataclass

from cityforge.brain.errors import Text, ValueRefused


@dataclass(frozen=True, slots=True)
class Setting:
    """`years` have enterprise figures; `macro_years` have series: the same and the running year.

    gap_rate    share of cells left empty, and of rows left out
    fault_rate  share of rows with one planted error
    """

    seed: int
    as_of: dt.date
    years: range
    macro_years: range
    gap_rate: float
    fault_rate: float

    @classmethod
    def of(
        cls,
        *,
        seed: int,
        as_of: dt.date,
        first_year: int,
        last_year: int,
        gap_rate: float,
        fault_rate: float,
    ) -> "Setting":
        """Only years complete by `as_of` have figures; raises ValueRefused where none is."""
        last = min(last_year, (as_of + dt.timedelta(days=1)).year - 1)
        if last < first_year:
            raise ValueRefused(
                Text(
                    zh=f"截至{as_of}，{first_year}年至{last_year}年没有完整年度",
                    en=f"as of {as_of} no year from {first_year} to {last_year} is complete",
                ),
                Text(
                    zh="推后截止日，或提前起始年", en="a later as-of date, or an earlier first year"
                ),
            )
        return cls(
            seed=seed,
            as_of=as_of,
            years=range(first_year, last + 1),
            macro_years=range(first_year, min(last_year, as_of.year) + 1),
            gap_rate=gap_rate,
            fault_rate=fault_rate,
        )
