"""The simulated city as rows of each dataset's contract, with the gaps a bureau would leave.

A column whose id is known here, in the contract's unit, is filled from the simulation; others are
made up by their contract.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.city.folder import City
from cityforge.brain.mock import cells, gaps, places
from cityforge.brain.mock.cells import Cells
from cityforge.brain.mock.contracted import Maker
from cityforge.brain.mock.enterprises import Enterprises
from cityforge.brain.mock.macro import Macro
from cityforge.brain.mock.panel import Panel
from cityforge.brain.mock.registers import Rows
from cityforge.brain.mock.setting import Setting
from cityforge.brain.mock.streams import Flags, Integers, Words
from cityforge.brain.values.period import Period

_CAPITAL = "registered_capital"  # 万元
_LAST_MONTHS = {"year": (12,), "half": (6, 12), "quarter": (3, 6, 9, 12)}


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a dataset: text columns by column id; `spared`: rows to plant no fault in."""

    columns: dict[str, Cells]
    spared: Flags

    def __len__(self) -> int:
        return len(self.spared)


def of_enterprises(
    dataset: Dataset, company: Enterprises, city: City, setting: Setting, maker: Maker
) -> Iterator[Part]:
    """One row each. A real frame comes as it is: nothing left out, made up or planted."""
    is_real = bool(company.given)
    everyone = np.arange(len(company))
    columns = _about(dataset, company, city, everyone)
    if not is_real:
        made = maker.made(dataset, [c for c in dataset.columns if c.id not in columns])
        columns |= {name: one.written(everyone, -1) for name, one in made.items()}
        for column in dataset.columns:
            if column.id in columns:
                kept = gaps.cells_kept(dataset, column, (len(company),), setting)
                columns[column.id] = cells.emptied(columns[column.id], kept)
    yield Part(columns, np.ones(len(company), dtype=bool) if is_real else company.is_largest)


def of_panel(
    dataset: Dataset, panel: Panel, city: City, setting: Setting, maker: Maker
) -> Iterator[Part]:
    """One row for each enterprise and year that the bureau knows something of, year by year."""
    none = np.empty(0, dtype=np.int64)
    named = _about(dataset, panel.enterprises, city, none) | _figures(dataset, panel, none, 0)
    made = maker.made(dataset, [c for c in dataset.columns if c.id not in named])
    present = gaps.supplied(dataset, panel, [one.values for one in made.values()])
    present &= gaps.rows_kept(dataset, panel.shape, setting)
    kept = {c.id: gaps.cells_kept(dataset, c, panel.shape, setting) for c in dataset.columns}
    largest = panel.enterprises.is_largest
    for year in range(len(panel.years)):
        rows = np.flatnonzero(present[:, year])
        columns = _about(dataset, panel.enterprises, city, rows)
        columns |= _figures(dataset, panel, rows, year)
        columns |= {name: one.written(rows, year) for name, one in made.items()}
        columns = {
            name: cells.emptied(column, kept[name][rows, year]) for name, column in columns.items()
        }
        yield Part(columns, largest[rows])


def of_register(
    dataset: Dataset, entries: Rows, company: Enterprises, city: City, setting: Setting
) -> Iterator[Part]:
    """One row for each entry, by date."""
    columns = _about(dataset, company, city, entries.enterprise)
    columns |= {
        "entry": cells.words(entries.entry),
        "recognised_on": cells.days(entries.recognised_on),
        "valid_until": cells.days(entries.valid_until),
        "ended_on": cells.days(entries.ended_on),
        "document": cells.words(entries.document),
    }
    for column in dataset.columns:
        # An end is not left out: an entry without one would read as still in force.
        if column.id in columns and column.kind != "date":
            kept = gaps.cells_kept(dataset, column, (len(entries),), setting)
            columns[column.id] = cells.emptied(columns[column.id], kept)
    yield Part(_of_contract(dataset, columns), company.is_largest[entries.enterprise])


def of_series(dataset: Dataset, macro: Macro, city: City) -> Iterator[Part]:
    """One row for each complete period and place, the city first; no gaps, no faults."""
    keys = list(itertools.product(_periods(dataset, macro), macro.places))
    title = {None: city.place.title} | {one.id: one.title for one in city.place.districts}
    columns = {
        "place": pa.array([title[place] for _, place in keys], pa.string()),
        "period": pa.array([_written(period) for period, _ in keys], pa.string()),
    }
    for column in dataset.columns:
        values = np.array([macro.value(column.id, place, period) for period, place in keys])
        given_in = macro.unit_of(column.id)
        if cells.fits(given_in, column) and not np.isnan(values).all():
            columns[column.id] = cells.numbers(values, given_in=given_in, column=column)
    yield Part(_of_contract(dataset, columns), np.ones(len(keys), dtype=bool))


def _about(dataset: Dataset, company: Enterprises, city: City, rows: Integers) -> dict[str, Cells]:
    """What a contract asks about the enterprise itself."""
    words: dict[str, Words] = {
        "uscc": company.code,
        "name": company.name,
        "status": company.status,
        "company_type": company.company_type,
        "industry_code": company.industry_code,
        "region_code": company.region,
        "district": places.district_words(city, company.district, "title"),
        "park": places.park_words(city, company.park),
        "address": company.address,
        "business_scope": company.scope,
    } | company.given
    days = {
        "registered_on": company.registered_on,
        "production_started_on": company.started_on,
        "closed_on": company.closed_on,
    }
    columns: dict[str, Cells] = {}
    for column in dataset.columns:
        if column.id in words:
            columns[column.id] = _allowed(column, words[column.id][rows])
        elif column.id in days:
            columns[column.id] = cells.days(days[column.id][rows])
        elif column.id == _CAPITAL and cells.fits("万元", column):
            columns[column.id] = cells.numbers(
                company.capital[rows], given_in="万元", column=column
            )
    return columns


def _figures(dataset: Dataset, panel: Panel, rows: Integers, year: int) -> dict[str, Cells]:
    columns: dict[str, Cells] = {}
    for column in dataset.columns:
        if column.kind == "year":
            columns[column.id] = pa.array([str(panel.years[year])] * len(rows), pa.string())
        elif column.id == "above_scale":
            columns[column.id] = cells.flags(panel.listed[rows, year])
        elif (amounts := panel.amounts.get(column.id)) and cells.fits(amounts.unit, column):
            columns[column.id] = cells.numbers(
                amounts.values[rows, year], given_in=amounts.unit, column=column
            )
    return columns


def _allowed(column: Column, texts: Words) -> Cells:
    """The words, but those outside a choice's allowed values left empty."""
    if column.kind == "choice" and column.values:
        texts = texts.copy()
        texts[~np.isin(texts.astype(str), column.values)] = None
    return cells.words(texts)


def _of_contract(dataset: Dataset, columns: dict[str, Cells]) -> dict[str, Cells]:
    return {c.id: columns[c.id] for c in dataset.columns if c.id in columns}


def _periods(dataset: Dataset, macro: Macro) -> list[Period]:
    """The complete periods of a dataset: years, months, or cumulative to the quarter's end."""
    every = dataset.freshness.every
    if every in ("month", "event"):
        all_ = [Period("month", year, month) for year in macro.years for month in range(1, 13)]
    elif every == "year":
        all_ = [Period("year", year) for year in macro.years]
    else:
        ends = _LAST_MONTHS[every]
        all_ = [Period("cumulative", year, month) for year in macro.years for month in ends]
    return [period for period in all_ if macro.covers(period)]


def _written(period: Period) -> str:
    """As a bureau writes it, on a keyboard: 2024年1-9月."""
    return period.zh.replace("—", "-")
