"""The yearly panel: which figures each enterprise has for each year, in one stated unit each."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from cityforge.brain.mock.enterprises import ABOVE_SCALE, Enterprises
from cityforge.brain.mock.streams import Flags, Floats

_LOG_LINE = float(np.log(ABOVE_SCALE))
_LOG_LARGEST = float(np.log(3_000_000.0))  # 万元; no enterprise of the mock is larger


def spread_out(log_size: Floats, stretch: float) -> Floats:
    """Log sizes pulled away from the line between above and below scale (> 1), or towards it."""
    return np.minimum(_LOG_LINE + stretch * (log_size - _LOG_LINE), _LOG_LARGEST)


@dataclass(slots=True)
class Amounts:
    """One quantity, enterprise x year; NaN where the enterprise has no such figure."""

    values: Floats
    unit: str


@dataclass(slots=True)
class Panel:
    """Figures by column id. `active`: in production that year; `listed`: above scale that year."""

    enterprises: Enterprises
    years: range
    active: Flags
    listed: Flags
    log_size: Floats
    whole: Floats
    """Share of the year in production, 0 to 1."""
    amounts: dict[str, Amounts] = field(default_factory=dict)

    def put(self, unit: str, **columns: Floats) -> None:
        """Add columns of one unit, blank where the enterprise is not active."""
        for name, values in columns.items():
            self.amounts[name] = Amounts(np.where(self.active, values, np.nan), unit)

    def __getitem__(self, name: str) -> Floats:
        return self.amounts[name].values

    def __iter__(self) -> Iterator[str]:
        return iter(self.amounts)

    @property
    def shape(self) -> tuple[int, int]:
        return (len(self.enterprises), len(self.years))


def empty(enterprises: Enterprises, years: range, growth: Floats, *, stretch: float) -> Panel:
    """A panel that knows who was active and how large, and has no figures yet.

    `growth` is the log growth of each enterprise into each year; `stretch` as in `spread_out`: it
    moves the total without moving anyone over the line.
    """
    days = np.array([[f"{year}-01-01", f"{year}-12-31"] for year in years], dtype="datetime64[D]")
    begun = np.where(np.isnat(enterprises.started_on), days[-1, 1] + 1, enterprises.started_on)
    gone = np.where(np.isnat(enterprises.closed_on), days[-1, 1], enterprises.closed_on)
    first = np.maximum(begun[:, None], days[None, :, 0])
    last = np.minimum(gone[:, None], days[None, :, 1])
    whole = np.maximum((last - first).astype(np.int64) + 1, 0) / 365.0
    active = (whole > 1 / 12) & (enterprises.division >= 0)[:, None]
    path = np.cumsum(growth, axis=1)
    anchor = np.clip(gone.astype("datetime64[Y]").astype(int) + 1970 - years[0], 0, len(years) - 1)
    path -= path[np.arange(len(enterprises)), anchor][:, None]
    above = (enterprises.log_size - _LOG_LINE)[:, None] + path
    before = begun[:, None] < days[None, :, 0]
    return Panel(
        enterprises=enterprises,
        years=years,
        active=active,
        listed=active & (above >= 0) & before,
        log_size=spread_out(_LOG_LINE + above, stretch),
        whole=np.minimum(whole, 1.0),
    )


def merit(panel: Panel) -> Floats:
    """How large and how keen on research each enterprise is in the last year; no unit."""
    last = panel.shape[1] - 1
    intensity = np.nan_to_num(panel["rd_expense"][:, last] / panel["revenue"][:, last])
    return np.asarray(0.5 * panel.enterprises.log_size + 25.0 * intensity)
