"""Titles and penalties: rows of a register, likelier for the large and the inventive."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from cityforge.brain.city.fact import Register
from cityforge.brain.mock.panel import Panel, merit
from cityforge.brain.mock.setting import Setting
from cityforge.brain.mock.streams import Days, Flags, Integers, Words, stream

# Share of the enterprises above and below scale that hold a title; assumptions.
_HOLDERS = {
    "high_tech_enterprise": (0.35, 0.05),
    "technology_sme": (0.32, 0.12),
    "innovative_sme": (0.30, 0.05),
    "technology_innovation_sme": (0.25, 0.05),
    "specialised_city": (0.22, 0.03),
    "specialised_provincial": (0.16, 0.015),
    "little_giant": (0.03, 0.0),
    "key_little_giant": (0.012, 0.0),
    "manufacturing_champion": (0.006, 0.0),
    "leading_enterprise": (0.01, 0.0),
    "chain_leader": (0.012, 0.0),
    "gazelle": (0.04, 0.003),
    "unicorn_potential": (0.006, 0.0005),
    "unicorn": (0.002, 0.0),
    "green_factory_national": (0.012, 0.0),
    "green_factory_provincial": (0.04, 0.001),
    "green_supply_chain": (0.008, 0.0),
    "cloud_star": (0.30, 0.03),
    "smart_workshop": (0.10, 0.005),
    "smart_factory_basic": (0.18, 0.005),
    "smart_factory_provincial": (0.06, 0.0),
    "smart_factory_advanced": (0.06, 0.0),
    "smart_factory_excellent": (0.012, 0.0),
    "smart_factory_leading": (0.003, 0.0),
    "rd_institution_provincial": (0.10, 0.004),
    "rd_institution_national": (0.012, 0.0),
    "technology_demonstration_provincial": (0.02, 0.0),
    "technology_demonstration_national": (0.005, 0.0),
    "first_set_provincial": (0.03, 0.002),
    "first_set_national": (0.008, 0.0),
    "science_award_provincial": (0.02, 0.001),
    "science_award_national": (0.004, 0.0),
    "quality_award_city": (0.02, 0.0),
    "quality_award_governor": (0.005, 0.0),
    "listed": (0.008, 0.0),
}
_OTHER_HOLDERS = (0.05, 0.005)
# The title that must be held first, and is kept as long as the higher one.
BELOW = {
    "little_giant": "specialised_provincial",
    "key_little_giant": "little_giant",
    "manufacturing_champion": "specialised_provincial",
    "unicorn_potential": "gazelle",
    "unicorn": "unicorn_potential",
    "green_factory_national": "green_factory_provincial",
    "green_supply_chain": "green_factory_provincial",
    "smart_factory_advanced": "smart_factory_basic",
    "smart_factory_excellent": "smart_factory_advanced",
    "smart_factory_leading": "smart_factory_excellent",
    "rd_institution_national": "rd_institution_provincial",
    "technology_demonstration_national": "technology_demonstration_provincial",
    "first_set_national": "first_set_provincial",
    "science_award_national": "science_award_provincial",
    "quality_award_governor": "quality_award_city",
}
# Yearly chance of a penalty; assumptions.
_PENALTIES = {
    "major_accident": 0.0005,
    "accident": 0.003,
    "environmental_penalty": 0.012,
    "dishonest_debtor": 0.006,
    "tax_arrears": 0.008,
    "illegal_land": 0.004,
}
_OTHER_PENALTY = 0.005
# Penalties that are over once the debt is paid or the land given back.
_ENDING = ("dishonest_debtor", "tax_arrears", "illegal_land")
_RENEWED, _WITHDRAWN = 0.8, 0.02
_SINCE = dt.date(2012, 1, 1)  # older recognitions are not in the files
# Titles that began later.
_BEGAN = {
    "technology_sme": dt.date(2017, 6, 1),
    "cloud_star": dt.date(2018, 1, 1),
    "little_giant": dt.date(2019, 6, 1),
    "key_little_giant": dt.date(2021, 3, 1),
    "innovative_sme": dt.date(2022, 9, 1),
    "smart_factory_basic": dt.date(2024, 12, 1),
    "technology_innovation_sme": dt.date(2026, 4, 1),
}
_STEP = 120  # days that a title is held, at least, before the next


@dataclass(slots=True)
class Rows:
    """Entries of one register dataset; `enterprise` is the row of each in the panel."""

    enterprise: Integers
    entry: Words
    recognised_on: Days
    valid_until: Days
    ended_on: Days
    document: Words

    def __len__(self) -> int:
        return len(self.enterprise)

    @classmethod
    def joined(cls, parts: list["Rows"]) -> "Rows":
        """All parts in one, by date, then enterprise; the order of `parts` breaks ties."""
        whole = [
            np.concatenate([getattr(part, name) for part in parts] or [np.empty(0, dtype=kind)])
            for name, kind in _FIELDS
        ]
        order = np.lexsort((whole[0], whole[2]))
        return cls(*(column[order] for column in whole))


_FIELDS = (
    ("enterprise", np.int64),
    ("entry", object),
    ("recognised_on", "datetime64[D]"),
    ("valid_until", "datetime64[D]"),
    ("ended_on", "datetime64[D]"),
    ("document", object),
)


def titles(register: Register, panel: Panel, setting: Setting, below: Rows | None = None) -> Rows:
    """Who holds the title, since when; renewals as further rows.

    `below` are the rows of the title that must be held first, of those who may go on.
    """
    draw = stream(setting.seed, f"registers/{register.id}")
    as_of = setting.as_of
    company = panel.enterprises
    began = np.datetime64(_BEGAN.get(register.id, _SINCE))
    earliest = np.maximum(company.started_on + 365, began)
    if below is not None:
        earliest = np.maximum(earliest, _first_of(below, len(company)) + _STEP)
    holder = _holders(register, panel, draw, ready=earliest < np.datetime64(as_of))
    first = earliest[holder]
    room = (np.datetime64(as_of) - first).astype(np.int64)
    # Most titles are young: the square root leans the day towards the as-of date.
    day = first + (np.sqrt(draw.random(len(holder))) * room).astype("timedelta64[D]")
    parts = [_entries(register, draw, holder, day, as_of)]
    while register.valid_years is not None and len(parts[-1]):
        again = parts[-1].valid_until + draw.integers(1, 150, len(parts[-1]))
        keeps = (draw.random(len(again)) < _RENEWED) & np.isnat(parts[-1].ended_on)
        keeps &= again <= np.datetime64(as_of)
        keeps &= ~(company.closed_on[parts[-1].enterprise] <= again)
        parts.append(_entries(register, draw, parts[-1].enterprise[keeps], again[keeps], as_of))
    return Rows.joined(parts)


def kept_up(register: Register, rows: Rows, above: Rows, setting: Setting) -> Rows:
    """The rows of a title with what those who went on to the next one hold in between.

    A title is not lost, nor left to lapse, while the higher one stands on it.
    """
    draw = stream(setting.seed, f"registers/{register.id}/kept")
    ours = np.isin(rows.enterprise, above.enterprise)
    rows.ended_on = np.where(ours, np.datetime64("NaT", "D"), rows.ended_on)
    if register.valid_years is None or not ours.any():
        return rows
    order = np.lexsort((rows.recognised_on, rows.enterprise))
    holder, until = rows.enterprise[order], rows.valid_until[order]
    start = rows.recognised_on[order]
    follows = np.append(holder[1:] == holder[:-1], False)
    upto = np.where(follows, np.append(start[1:], start[-1:]), np.datetime64(setting.as_of, "D"))
    gap = ours[order] & (until + 1 < upto)
    parts = [rows]
    while gap.any():
        holder, day, upto = holder[gap], until[gap] + 1, upto[gap]
        added = _entries(register, draw, holder, day, setting.as_of)
        added.ended_on = np.full(len(added), np.datetime64("NaT", "D"))
        parts.append(added)
        until = added.valid_until
        gap = until + 1 < upto
    return Rows.joined(parts)


def _first_of(rows: Rows, count: int) -> Days:
    """The first recognition of each enterprise; a day never reached where there is none."""
    result = np.full(count, np.datetime64("9999-01-01"))
    np.minimum.at(result, rows.enterprise, rows.recognised_on)
    return result


def penalties(register: Register, panel: Panel, setting: Setting) -> Rows:
    """Who was punished when; at most once a year."""
    draw = stream(setting.seed, f"registers/{register.id}")
    as_of = setting.as_of
    chance = _PENALTIES.get(register.id, _OTHER_PENALTY)
    years = [*panel.years, *range(panel.years[-1] + 1, as_of.year + 1)]
    seen: list[Integers] = []
    days: list[Days] = []
    for year in years:
        working = panel.active[:, min(year - panel.years[0], len(panel.years) - 1)]
        hit = np.flatnonzero(working & (draw.random(len(working)) < chance))
        seen.append(hit)
        start = np.datetime64(f"{year}-01-01")
        days.append(start + draw.integers(0, 365, len(hit)).astype("timedelta64[D]"))
    holder, day = np.concatenate(seen), np.concatenate(days)
    company = panel.enterprises
    known = (day <= np.datetime64(as_of)) & (day >= company.started_on[holder])
    known &= ~(day > company.closed_on[holder])
    rows = _entries(register, draw, holder[known], day[known], as_of)
    if register.id in _ENDING:
        end = rows.recognised_on + draw.integers(60, 720, len(rows)).astype("timedelta64[D]")
        rows.ended_on = np.where(end <= np.datetime64(as_of), end, np.datetime64("NaT"))
    return Rows.joined([rows])


def held_on(rows: Rows, entry: str, day: dt.date, count: int) -> Flags:
    """Which of `count` enterprises hold an entry on a day."""
    moment = np.datetime64(day)
    valid = (rows.entry == entry) & (rows.recognised_on <= moment)
    valid &= ~(rows.valid_until < moment) & ~(rows.ended_on <= moment)
    result = np.zeros(count, dtype=bool)
    result[rows.enterprise[valid]] = True
    return result


def _holders(
    register: Register, panel: Panel, draw: np.random.Generator, *, ready: Flags
) -> Integers:
    """The set share of each group, the best first by size, research and luck, of those ready."""
    company, last = panel.enterprises, panel.shape[1] - 1
    standing = merit(panel) + draw.gumbel(0.0, 1.0, len(company))
    living = panel.active[:, last]
    chosen = []
    above, below = _HOLDERS.get(register.id, _OTHER_HOLDERS)
    for group, share in ((company.is_listed, above), (~company.is_listed, below)):
        members = np.flatnonzero(group & living)
        best = members[np.argsort(-standing[members], kind="stable")]
        best = best[ready[best]] if register.id in BELOW else best
        picked = best[: round(share * len(members))]
        chosen.append(picked[ready[picked]])
    return np.sort(np.concatenate(chosen))


def _entries(
    register: Register, draw: np.random.Generator, holder: Integers, day: Days, as_of: dt.date
) -> Rows:
    count = len(holder)
    nat = np.full(count, np.datetime64("NaT"), dtype="datetime64[D]")
    until = nat if register.valid_years is None else _years_later(day, register.valid_years)
    end = day + draw.integers(100, 1000, count).astype("timedelta64[D]")
    withdrawn = (draw.random(count) < _WITHDRAWN) & (end <= np.datetime64(as_of))
    withdrawn &= register.kind != "penalty"
    number = draw.integers(1, 200, count)
    year = _years_of(day)
    return Rows(
        enterprise=holder,
        entry=np.full(count, register.entry, dtype=object),
        recognised_on=day,
        valid_until=until,
        ended_on=np.where(withdrawn, end, nat),
        document=np.array(
            [f"模拟〔{y}〕{n}号" for y, n in zip(year, number, strict=True)], dtype=object
        ),
    )


def _years_later(day: Days, years: int) -> Days:
    """The last day of a term of whole years."""
    month = day.astype("datetime64[M]")
    into = day - month.astype("datetime64[D]")
    later = (month + 12 * years).astype("datetime64[D]") + into
    return np.asarray(later - np.timedelta64(1, "D"))


def _years_of(day: Days) -> Integers:
    return np.asarray(day.astype("datetime64[Y]").astype(np.int64) + 1970)
