"""The enterprises of the simulated city: who they are, where, since when, how large."""

import datetime as dt
from dataclasses import dataclass, field

import numpy as np

from cityforge.brain.city.folder import City
from cityforge.brain.mock import codes, names, places
from cityforge.brain.mock.industries import industries
from cityforge.brain.mock.setting import Setting
from cityforge.brain.mock.streams import Days, Flags, Floats, Integers, Words, shares, stream

ABOVE_SCALE = 2000.0
"""万元 of yearly revenue from which an industrial enterprise is above scale (规上, since 2011)."""

_LOG_LINE = float(np.log(ABOVE_SCALE))
_LOG_SMALLEST, _LOG_LARGEST = float(np.log(10.0)), float(np.log(8_000_000.0))
_CLOSED_PER_YEAR = 0.02  # of the living; assumption
_FRESH = 0.03  # of the smaller ones: registered since the last year with figures; assumption
_CLOSED_STATUS, _LIVING_STATUS = ("注销", "吊销", "迁出"), ("存续", "在业")
_ROADS = ("兴工路", "创业路", "纬三路", "经七路", "工业大道", "园区南路", "园区北路", "科技路")
_FIRST_REGISTRATION = np.datetime64("1984-01-01")


@dataclass(slots=True)
class Enterprises:
    """One row each. -1 and NaT and NaN and None: unknown, or none.

    `log_size` is the log of the revenue (万元) by which an enterprise is listed as above scale in
    the last year with figures, or in its own last year. `given` holds columns of a real frame that
    are written as they came.
    """

    code: Words
    name: Words
    registered_on: Days
    started_on: Days
    closed_on: Days
    status: Words
    company_type: Words
    division: Integers
    industry_code: Words
    district: Integers
    park: Integers
    region: Words
    address: Words
    scope: Words
    capital: Floats
    log_size: Floats
    given: dict[str, Words] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.code)

    @property
    def is_listed(self) -> Flags:
        """Above scale in the last year with figures (or its own last year)."""
        return np.asarray(self.log_size >= _LOG_LINE)

    @property
    def is_largest(self) -> Flags:
        """The largest tenth, which faults spare so that totals stay as published."""
        return np.asarray(self.log_size >= np.quantile(self.log_size, 0.9))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many enterprises to make: living above and below scale; closed ones come on top."""

    above: int
    below: int
    closed: int

    @classmethod
    def of(cls, *, above: int, below: int, years: int) -> "Counts":
        return cls(above, below, round((above + below) * _CLOSED_PER_YEAR * years))

    @property
    def all(self) -> int:
        return self.above + self.below + self.closed


def invent(city: City, counts: Counts, setting: Setting) -> Enterprises:
    """A whole population of enterprises that do not exist."""
    seed, years, as_of = setting.seed, setting.years, setting.as_of
    district = places.districts_drawn(city, seed, counts.all)
    division = divisions_drawn(seed, district, len(city.place.districts))
    closed_on = _closed_on(seed, counts, years, as_of)
    registered_on = _registered_on(seed, counts, years, as_of, closed_on)
    log_size = _log_sizes(seed, counts, division, closed_on, years)
    product = _products_drawn(seed, division)
    park = places.parks_drawn(city, seed, district)
    region = places.regions_drawn(city, seed, district, park, registered_on)
    words = [item.word for item in industries().products]
    short = places.district_words(city, district, "short")
    name = names.names(seed, short, words, product, listed=log_size >= _LOG_LINE)
    return Enterprises(
        code=codes.credit_codes(seed, np.array([code[:6] for code in region], dtype=object)),
        name=name,
        registered_on=registered_on,
        started_on=started_on(seed, registered_on, log_size >= _LOG_LINE, years),
        closed_on=closed_on,
        status=_status(seed, closed_on),
        company_type=names.company_types(name),
        division=division,
        industry_code=np.array([item.code for item in industries().products], dtype=object)[
            product
        ],
        district=district,
        park=park,
        region=region,
        address=_addresses(city, seed, district, park),
        scope=np.array([f"{word}制造、销售；货物进出口" for word in words], dtype=object)[product],
        capital=_capital(seed, log_size),
        log_size=log_size,
    )


def divisions_drawn(seed: int, district: Integers, districts: int) -> Integers:
    """A division for each enterprise; each district has its own mix around the common one."""
    draw = stream(seed, "divisions")
    weights = industries().coefficients["weight"]
    tilts = np.exp(draw.normal(0.0, 0.5, (districts + 1, len(weights))))
    at = draw.random(len(district))
    result = np.empty(len(district), dtype=np.int64)
    for index in range(-1, districts):
        here = district == index
        result[here] = np.searchsorted(np.cumsum(shares(weights * tilts[index])), at[here])
    return np.minimum(result, len(weights) - 1)


def listed_sizes(draw: np.random.Generator, shift: Floats) -> Floats:
    """Log sizes above the line: lognormal above its median, with a Pareto tail.

    The tail takes 5 % of the enterprises of industries whose enterprises are large.
    """
    body = np.abs(draw.normal(0.0, 1.2, len(shift))) * np.exp(0.4 * np.minimum(shift, 0.8))
    long = (draw.random(len(shift)) < 0.05) & (shift > 0.1)
    tail = np.where(long, draw.exponential(0.8, len(shift)), 0.0)
    return np.asarray(np.minimum(_LOG_LINE + body + tail, _LOG_LARGEST))


def smaller_sizes(draw: np.random.Generator, shift: Floats) -> Floats:
    """Log sizes below the line; the median is about 5 million yuan."""
    below = draw.gamma(2.0, 0.75, len(shift)) * np.exp(-0.3 * shift) + 1e-6
    return np.asarray(np.maximum(_LOG_LINE - below, _LOG_SMALLEST))


def started_on(seed: int, registered_on: Days, listed: Flags, years: range) -> Days:
    """The day production began; an above-scale enterprise has done a whole year of it."""
    lag = stream(seed, "started").integers(60, 800, len(registered_on))
    day: Days = registered_on + lag.astype("timedelta64[D]")
    latest = np.datetime64(f"{years[-1] - 1}-10-01")
    return np.where(listed, np.maximum(np.minimum(day, latest), registered_on), day)


def _log_sizes(
    seed: int, counts: Counts, division: Integers, closed_on: Days, years: range
) -> Floats:
    draw = stream(seed, "sizes")
    shift = industries().of("size", division)
    listed, smaller = listed_sizes(draw, shift), smaller_sizes(draw, shift)
    is_listed = np.arange(counts.all) < counts.above
    # One in seven of those that closed while figures ran had been above scale; who closed later
    # still has figures in the last year, whose above-scale number is exact.
    gone = closed_on <= np.datetime64(f"{years[-1] - 1}-12-31")
    is_listed |= gone & (draw.random(counts.all) < 1 / 7)
    return np.where(is_listed, listed, smaller)


def _closed_on(seed: int, counts: Counts, years: range, as_of: dt.date) -> Days:
    first, last = np.datetime64(f"{years[0]}-02-01"), np.datetime64(as_of)
    days = stream(seed, "closed").integers(0, int((last - first).astype(int)) + 1, counts.closed)
    result = np.full(counts.all, np.datetime64("NaT"), dtype="datetime64[D]")
    result[counts.above + counts.below :] = first + days.astype("timedelta64[D]")
    return result


def _registered_on(
    seed: int, counts: Counts, years: range, as_of: dt.date, closed_on: Days
) -> Days:
    draw = stream(seed, "registered")
    living = np.arange(counts.all) < counts.above + counts.below
    above = np.arange(counts.all) < counts.above
    end = np.where(living, np.datetime64(f"{years[-1]}-12-31"), closed_on)
    age = np.where(
        above, 700 + draw.gamma(2.2, 1900, counts.all), draw.gamma(1.6, 1800, counts.all)
    )
    age += np.where(living, 0.0, 200.0)
    day = np.maximum(end - age.astype("timedelta64[D]"), _FIRST_REGISTRATION)
    since = int((np.datetime64(as_of) - np.datetime64(f"{years[-1]}-12-31")).astype(int))
    fresh = living & ~above & (draw.random(counts.all) < _FRESH) & (since > 0)
    after = np.datetime64(as_of) - draw.integers(0, max(since, 1), counts.all)
    return np.where(fresh, after, day)


def _status(seed: int, closed_on: Days) -> Words:
    draw = stream(seed, "status")
    living = draw.choice(np.array(_LIVING_STATUS, dtype=object), len(closed_on), p=(0.7, 0.3))
    closed = draw.choice(
        np.array(_CLOSED_STATUS, dtype=object), len(closed_on), p=(0.8, 0.08, 0.12)
    )
    return np.where(np.isnat(closed_on), living, closed)


def _products_drawn(seed: int, division: Integers) -> Integers:
    first = np.array([products[0] for products in industries().products_of])
    many = np.array([len(products) for products in industries().products_of])
    place = stream(seed, "products").random(len(division)) * many[division]
    return np.asarray(first[division] + place.astype(np.int64))


def _addresses(city: City, seed: int, district: Integers, park: Integers) -> Words:
    draw = stream(seed, "addresses")
    road = draw.integers(len(_ROADS), size=len(district))
    number = draw.integers(1, 400, len(district))
    where = places.district_words(city, district, "title")
    parks = places.park_words(city, park)
    lines = zip(where, parks, road, number, strict=True)
    texts = [f"{place}{park or ''}{_ROADS[r]}{n}号" for place, park, r, n in lines]
    return np.array(texts, dtype=object)


def _capital(seed: int, log_size: Floats) -> Floats:
    """Registered capital (万元), a round number of about a tenth to all of a year's revenue."""
    raw = np.exp(0.7 * log_size + 0.8 + stream(seed, "capital").normal(0.0, 0.8, len(log_size)))
    decade = 10.0 ** np.floor(np.log10(raw))
    return np.asarray(np.maximum(np.round(raw / decade) * decade, 3.0))
