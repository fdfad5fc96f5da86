"""What ladders need of a run: who holds which title until when, and the facts of a year before.

ladder_titles   uscc, register, recognised_on, first_on, valid_until (null: no end), document: who
                stands in the registers of the ladders on the day of the run
ladder_before   the facts that ladders rest on, as they stood on the same day a year earlier, of the
                enterprises that were there
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlglot import exp

from cityforge.brain.city.folder import City
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.expr import check
from cityforge.brain.expr.typed import Typed
from cityforge.brain.facts import entries, known
from cityforge.brain.facts.asked import Asked, asked
from cityforge.brain.facts.frame import ENTERPRISES
from cityforge.brain.ladders import outlook
from cityforge.brain.ladders.prepared import prepare
from cityforge.brain.ladders.titles import BEFORE, TABLE
from cityforge.brain.runs.asking import Asking

_GROUND = ("uscc", "name", "district")


def widened(asking: Asking) -> Asking:
    """Asking also for the earlier years and look-ups that the ladders of the city need: of their
    rules today, a year before and a year on."""
    reads = _reads(asking)
    if not asking.city.ladders:
        return asking
    own = asked(asking.book, reads)
    past = {*asking.asked.past, *own.past, *outlook.history(asking.book, reads)}
    lookups = {*asking.asked.lookups, *own.lookups}
    wider = Asked(
        past=tuple(sorted(past)),
        lookups=tuple(sorted(lookups, key=lambda pair: (pair[0].value, pair[1]))),
        reach=max(asking.asked.reach, own.reach),
    )
    return replace(asking, asked=wider)


def climb(engine: Engine, asking: Asking, folder: Path) -> dict[str, int]:
    """Write the two tables; the rows by table. Nothing where the city has no ladder."""
    if not asking.city.ladders:
        return {}
    rows: dict[str, int] = {}
    titles = entries.standing(
        asking.city,
        _registers(asking.city),
        day=asking.as_of,
        as_of=asking.as_of,
        absent=asking.absent,
    )
    rows[TABLE] = _write(engine, titles, folder / f"{TABLE}.parquet")
    day = outlook.day_before(asking.as_of)
    asking.build(engine, asking.year - 1, BEFORE, day=day)
    table = exp.to_table(BEFORE)
    wanted = sorted(_columns(asking, set(engine.columns(BEFORE))))
    query = exp.select(*[exp.column(name, quoted=True) for name in wanted]).from_(table)
    founded = _founded(asking.city, day)
    if founded is not None:
        query = query.where(founded)
    rows[BEFORE] = _write(engine, query.order_by("uscc"), folder / f"{BEFORE}.parquet")
    engine.drop(BEFORE)
    return rows


def _write(engine: Engine, query: exp.Select, file: Path) -> int:
    engine.write(query, file)
    return engine.count(file)


def _reads(asking: Asking) -> list[Typed]:
    return [
        typed
        for day in _days(asking.as_of)
        for ladder in asking.city.ladders.values()
        for typed in prepare(asking.city, asking.book, ladder, day=day).reads
    ]


def _days(day: date) -> tuple[date, date, date]:
    return day, outlook.day_before(day), outlook.next_day(day)


def _registers(city: City) -> Iterator[str]:
    for ladder in city.ladders.values():
        for line in ladder.lines:
            for rung in line.rungs:
                if rung.register_ is not None:
                    yield rung.register_


def _columns(asking: Asking, there: set[str]) -> set[str]:
    """The columns that the ladders read or show, those of derived facts included."""
    wanted = {*_GROUND}
    waiting = _reads(asking)
    while waiting:
        for column in check.columns(waiting.pop()) - wanted:
            wanted.add(column)
            fact = asking.book.facts.get(column)
            if fact is not None and fact.expression is not None:
                waiting.append(fact.expression)
    for ladder in asking.city.ladders.values():
        for line in ladder.lines:
            wanted |= {line.stage} if line.stage is not None else set()
            wanted |= {rung.fact for rung in line.rungs if rung.fact is not None}
    wanted |= {f"register:{name}" for name in _registers(asking.city)}
    return wanted & there


def _founded(city: City, day: date) -> exp.Expr | None:
    """The condition that an enterprise was there on a day; None where nothing tells it."""
    frame = city.frame
    if frame is None or frame.founded_on is None:
        return None
    founded = exp.column(frame.founded_on, quoted=True)
    there = exp.select(exp.column("uscc")).from_(ENTERPRISES)
    there = there.where(
        exp.or_(founded.is_(exp.null()), exp.LTE(this=founded.copy(), expression=known.day(day)))
    )
    return exp.In(this=exp.column("uscc"), query=there.subquery())
