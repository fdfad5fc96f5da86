"""Titles held: since when, until when, how many days are left, and the alert that is due."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from cityforge.brain.ladders.prepared import Step
from cityforge.brain.ladders.states import Days

TABLE = "ladder_titles"
BEFORE = "ladder_before"


@dataclass(frozen=True, slots=True)
class Title:
    """One title of one enterprise.

    first_on     its first recognition ever; recognised_on: of the entry that counts now
    valid_until  the last day; None: no end stated
    days_left    from the day of the run; None: no end
    alert        the narrowest alert that is due, in days (180, 90, 30); None: none is
    """

    uscc: str
    register: str
    recognised_on: date
    first_on: date
    valid_until: date | None
    document: str | None
    days_left: int | None = None
    alert: int | None = None


def until(table: pa.Table, uscc: Iterable[str]) -> dict[str, Days]:
    """By register the last day of each enterprise, in the order of `uscc`; NaT: none."""
    codes = pa.array(uscc, pa.string())
    found: dict[str, Days] = {}
    for register in sorted(set(table["register"].to_pylist())):
        own = table.filter(pa.compute.equal(table["register"], register))
        places = np.asarray(pa.compute.index_in(own["uscc"], value_set=codes).fill_null(-1))
        days = np.full(len(codes), np.datetime64("NaT"), "datetime64[D]")
        ends = np.asarray(own["valid_until"].cast(pa.date32()), "datetime64[D]")
        here = places >= 0
        days[places[here]] = ends[here]
        found[register] = days
    return found


def recognised(table: pa.Table) -> dict[tuple[str, str], date]:
    """By register and credit code, the day of recognition of the entry that counts."""
    names = ("register", "uscc", "recognised_on")
    columns = [table[name].to_pylist() for name in names]
    return {(register, uscc): day for register, uscc, day in zip(*columns, strict=True)}


def of_enterprise(table: pa.Table, uscc: str, *, day: date) -> dict[str, Title]:
    """The titles of one enterprise by register."""
    own = table.filter(pa.compute.equal(table["uscc"], uscc))
    return {row["register"]: _title(row, day) for row in own.to_pylist()}


def listed(table: pa.Table, register: str, *, day: date) -> list[Title]:
    """All entries of a register, the one that runs out first leading."""
    own = table.filter(pa.compute.equal(table["register"], register))
    titles = [_title(row, day) for row in own.to_pylist()]
    return sorted(titles, key=lambda one: (one.valid_until or date.max, one.uscc))


def alerted(title: Title, step: Step) -> Title:
    """The title with the alert that is due by the rule of its rung."""
    left = title.days_left
    due = [days for days in step.renewal.alert_days if left is not None and left <= days]
    return Title(
        title.uscc,
        title.register,
        title.recognised_on,
        title.first_on,
        title.valid_until,
        title.document,
        left,
        min(due) if due else None,
    )


def _title(row: Mapping[str, object], day: date) -> Title:
    recognised, first, last = (row[name] for name in ("recognised_on", "first_on", "valid_until"))
    assert isinstance(recognised, date) and isinstance(first, date)
    assert last is None or isinstance(last, date)
    document = row["document"]
    return Title(
        str(row["uscc"]),
        str(row["register"]),
        recognised,
        first,
        last,
        None if document is None else str(document),
        None if last is None else (last - day).days,
    )
