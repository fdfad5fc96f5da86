"""Columns that the mock does not know by name, made up by what their contract says of them.

Kind, unit, bounds and allowed values; `mock:` says more. Each column has its own stream, so that
another column, or another city, leaves it as it is. Columns of text stay empty.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import numpy as np

from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.city.folder import City
from cityforge.brain.city.likeness import Likeness, fraction
from cityforge.brain.mock import cells
from cityforge.brain.mock.industries import industries
from cityforge.brain.mock.panel import Panel, merit
from cityforge.brain.mock.registers import Rows
from cityforge.brain.mock.streams import Flags, Floats, Integers, persistent, stream
from cityforge.brain.values.quantity import PLAIN, Unit, unit

# Where a contract says nothing of a column; assumptions.
_MONEY = Likeness.model_validate({"of": "revenue", "about": "1%", "spread": 1, "present": "30%"})
_PEOPLE = Likeness.model_validate({"of": "employees", "about": "10%", "spread": "0.6"})
_PERCENT = Likeness.model_validate({"about": 30, "spread": "0.6"})
_NOTHING = Likeness.model_validate({})
_OTHER = Likeness.model_validate({"about": 10, "spread": 1, "present": "50%"})
_YES, _SPREAD, _PART, _ABOUT = 0.4, 0.5, 0.1, 10.0
_LASTING, _YEARLY = 0.85, 0.5  # parts of a spread that last, and that come and go
_MADE = ("quantity", "boolean", "choice", "date")
_FIRST_DAY = np.datetime64("1970-01-01")


@dataclass(slots=True, frozen=True, eq=False)
class Made:
    """A column made up, enterprise x year; NaN is empty. In the column's own unit; 1 and 0 are
    yes and no; a choice is its place among the allowed values; a date counts days from 1970.
    """

    column: Column
    values: Floats

    def written(self, rows: Integers, year: int) -> cells.Cells:
        values = self.values[rows, year]
        known = ~np.isnan(values)
        match self.column.kind:
            case "quantity":
                return cells.numbers(values, given_in=self.column.unit or "", column=self.column)
            case "date":
                days = _FIRST_DAY + np.where(known, values, 0.0).astype("timedelta64[D]")
                return cells.days(np.where(known, days, np.datetime64("NaT", "D")))
            case kind:
                allowed = ("否", "是") if kind == "boolean" else self.column.values
                words = np.array([*allowed, None], dtype=object)
                return cells.words(words[np.where(known, values, -1.0).astype(np.int64)])


@dataclass
class Maker:
    """Makes the columns of a city up. Keeps none: a large city would not fit."""

    panel: Panel
    city: City
    entries: dict[str, Rows]
    seed: int
    _standing: dict[str, Floats] = field(default_factory=dict)

    def made(self, dataset: Dataset, unknown: Iterable[Column]) -> dict[str, Made]:
        """Those of the columns that can be made up, by id."""
        self._standing.clear()
        return {
            column.id: Made(column, self._known(dataset, column))
            for column in unknown
            if column.kind in _MADE and (column.kind != "choice" or column.values)
        }

    @cached_property
    def _merit(self) -> Floats:
        """Mean 0 and deviation 1 over the enterprises; a column vector."""
        value = merit(self.panel)
        counted = value[self.panel.enterprises.division >= 0]
        spread = float(counted.std()) if len(counted) else 0.0
        return np.asarray((value - counted.mean())[:, None] / spread if spread else value[:, None])

    @cached_property
    def _columns(self) -> dict[str, tuple[Dataset, Column]]:
        return {
            column.id: (dataset, column)
            for dataset in self.city.datasets.values()
            if dataset.grain in ("enterprise", "enterprise_year")
            for column in dataset.columns
        }

    def _known(self, dataset: Dataset, column: Column) -> Floats:
        """The values that the owner has; of two columns of a dataset the lesser known is known of
        the same enterprises.
        """
        values, share = self._values(column), (column.mock or _NOTHING).known
        if share is None:
            return values
        latent = self._latent(f"known/{dataset.id}", 0.4)
        return np.where(self._top(latent, fraction(share), self.panel.active), values, np.nan)

    def _values(self, column: Column) -> Floats:
        if column.id not in self._standing:
            likeness = column.mock or _usual(column)
            among = self.panel.active & self._of_trade(likeness)
            match column.kind:
                case "quantity":
                    values = self._quantity(column, likeness, among)
                case "date":
                    values = self._date(column, likeness)
                case "choice":
                    values = self._choice(column, likeness, among)
                case _:
                    share = fraction(likeness.present) if likeness.present else _YES
                    latent = self._latent(f"present/{column.id}", _number(likeness.leans))
                    values = self._top(latent, share, among).astype(np.float64)
            asked = self.panel.active
            if likeness.where is not None and self._can_follow(likeness.where):
                asked = asked & (self._followed(likeness.where)[0] > 0)
            self._standing[column.id] = np.where(asked, values, np.nan)
        return self._standing[column.id]

    def _of_trade(self, likeness: Likeness) -> Flags:
        if likeness.industries is None:
            return np.ones(self.panel.shape, dtype=bool)
        divisions = np.array(industries().divisions, dtype=object)
        ours = np.isin(divisions.astype(str), likeness.industries)
        return np.broadcast_to(ours[self.panel.enterprises.division][:, None], self.panel.shape)

    def _quantity(self, column: Column, likeness: Likeness, among: Flags) -> Floats:
        if likeness.entries is not None:
            return self._entries(likeness.entries)
        spread, leans = _number(likeness.spread, _SPREAD), _number(likeness.leans)
        draw = stream(self.seed, f"column/{column.id}")
        luck = persistent(draw, self.panel.shape, firm=_LASTING * spread, year=_YEARLY * spread)
        luck += 0.4 * leans * spread * self._merit
        values = self._about(column, likeness, luck)
        if likeness.negative is not None:
            worst = self._latent(f"negative/{column.id}", -leans)
            below = self._top(worst, fraction(likeness.negative), self.panel.active)
            values = np.where(below, -0.6 * values, values)
        share = fraction(likeness.present) if likeness.present else 1.0
        has = self._top(self._latent(f"present/{column.id}", leans), share, among)
        if column.scale == 0 and likeness.present and likeness.of is None:
            values = np.maximum(values, 1.0)
        values = np.where(has | np.isnan(values), values, 0.0)
        low = -np.inf if column.min is None else float(column.min)
        return np.clip(values, low, np.inf if column.max is None else float(column.max))

    def _about(self, column: Column, likeness: Likeness, luck: Floats) -> Floats:
        """The usual value of each, with its luck: in the column's unit."""
        about = likeness.about
        if likeness.of is None or not self._can_follow(likeness.of):
            usual = _middle(column) if about is None else _plain(about)
            return np.asarray(usual * np.exp(luck))
        whole, measure = self._followed(likeness.of)
        usual = _PART if about is None else _plain(about)
        if not measure.is_like(_unit(column)):
            return np.asarray(whole * usual * np.exp(luck))
        whole = whole * float(measure.factor / _unit(column).factor)
        if usual >= 1.0:
            return np.asarray(whole * usual * np.exp(luck if usual > 1.0 else 0.0))
        # A part never exceeds its whole: the share is normal in logits, as wide as asked in logs.
        logit = np.log(usual / (1.0 - usual)) + luck / (1.0 - usual)
        return np.asarray(whole / (1.0 + np.exp(-np.clip(logit, -30.0, 30.0))))

    def _can_follow(self, name: str) -> bool:
        return name in self._columns and self._columns[name][1].kind == "quantity"

    def _followed(self, name: str) -> tuple[Floats, Unit]:
        """The column that another follows, in the unit of its contract."""
        _, column = self._columns[name]
        amounts = self.panel.amounts.get(name)
        if amounts is not None and cells.fits(amounts.unit, column):
            factor = float(unit(amounts.unit).factor / _unit(column).factor)
            return amounts.values * factor, _unit(column)
        return self._values(column), _unit(column)

    def _entries(self, name: str) -> Floats:
        """How many entries of a register fall into each year."""
        register = self.city.registers[name]
        rows = self.entries[register.dataset]
        ours = rows.entry == register.entry
        year = rows.recognised_on[ours].astype("datetime64[Y]").astype(np.int64) + 1970
        at = year - self.panel.years[0]
        inside = (at >= 0) & (at < len(self.panel.years))
        result = np.zeros(self.panel.shape)
        np.add.at(result, (rows.enterprise[ours][inside], at[inside]), 1.0)
        return result

    def _choice(self, column: Column, likeness: Likeness, among: Flags) -> Floats:
        count = len(column.values)
        shares = [fraction(share) for share in likeness.shares or ()] or [1.0 / count] * count
        latent = self._latent(f"column/{column.id}", _number(likeness.leans))
        if not among.any():
            return np.zeros(self.panel.shape)
        cuts = np.quantile(latent[among], np.minimum(np.cumsum(shares)[:-1], 1.0))
        return np.where(among, np.searchsorted(cuts, latent, side="left"), 0).astype(np.float64)

    def _date(self, column: Column, likeness: Likeness) -> Floats:
        draw = stream(self.seed, f"column/{column.id}")
        years = np.array([f"{year}-01-01" for year in self.panel.years], dtype="datetime64[D]")
        first = (years - _FIRST_DAY).astype(np.float64)[None, :]
        if likeness.within == "life":
            begun = self.panel.enterprises.started_on
            day = np.where(np.isnat(begun), np.nan, (begun - _FIRST_DAY).astype(np.float64))
            later = draw.beta(1.0, 3.0, len(day)) * np.maximum(first[0, -1] - day, 0.0)
            reached = np.broadcast_to(np.floor(day + later)[:, None], self.panel.shape)
            return np.where(reached < first + 365, reached, np.nan)
        if likeness.of is not None and likeness.of in self._columns:
            day = self._values(self._columns[likeness.of][1])
        else:
            day = np.broadcast_to(first, self.panel.shape)
        left = first + 364 - day
        return np.floor(day + draw.random(self.panel.shape) * left)

    def _latent(self, topic: str, leans: float) -> Floats:
        draw = stream(self.seed, topic)
        return np.asarray(
            leans * self._merit + persistent(draw, self.panel.shape, firm=0.8, year=0.6)
        )

    def _top(self, latent: Floats, share: float, among: Flags) -> Flags:
        """The share of the cells among those counted whose latent is highest."""
        if share >= 1.0 or not among.any():
            return among.copy()
        return np.asarray(among & (latent > np.quantile(latent[among], 1.0 - share)))


def _usual(column: Column) -> Likeness:
    if column.kind != "quantity":
        return _NOTHING
    measure = _unit(column)
    if measure.is_like(unit("元")):
        return _MONEY
    if measure.is_like(unit("人")):
        return _PEOPLE
    if column.unit == "%":
        return _PERCENT
    return _NOTHING if column.max is not None else _OTHER


def _middle(column: Column) -> float:
    """The usual value where none is stated: the middle of its bounds, where it has them."""
    if column.max is None:
        return _ABOUT
    return (float(column.min or 0) + float(column.max)) / 2


def _unit(column: Column) -> Unit:
    return unit(column.unit) if column.unit else PLAIN


def _plain(about: Decimal | str) -> float:
    return fraction(about) if isinstance(about, str) else float(about)


def _number(value: Decimal | None, default: float = 0.0) -> float:
    return default if value is None else float(value)
