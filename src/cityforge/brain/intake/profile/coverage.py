"""How much of the frame a dataset covers, and the newest day it tells of."""

from datetime import date

from sqlglot import exp

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.intake.profile import freshness
from cityforge.brain.intake.profile.shape import Coverage

NAMES = "profile_names"
YEARS = 8
LISTED = 50


def of(engine: Engine, dataset: Dataset) -> Coverage | None:
    """Coverage of an accepted dataset; None when its rows are about places.

    Rows of strangers to the frame are quarantined, so whoever has a row is of the frame.
    """
    if dataset.column("uscc") is None:
        return None
    table = f"data_{dataset.id}"
    all_ = engine.rows(exp.select("count(DISTINCT uscc)").from_(table))[0][0]
    if dataset.column("year") is None:
        return Coverage(all_)
    years = engine.rows(
        exp.select("year", "count(DISTINCT uscc)").from_(table).group_by("year").order_by("year")
    )[-YEARS:]
    if len(years) < 2:
        return Coverage(all_, tuple(years))
    gone = _gone(table, newest=years[-1][0])
    count = engine.rows(exp.select("count(*)").from_(gone.subquery("g")))[0][0]
    rows: list[tuple[str, str | None]] = []
    if dataset.may_name():
        listed = exp.select("g.uscc", "n.name").from_(gone.subquery("g"))
        listed = listed.join(f"{NAMES} AS n", using=["uscc"], join_type="left")
        rows = engine.rows(listed.order_by("g.uscc").limit(LISTED))
    return Coverage(all_, tuple(years), count, tuple((code, name) for code, name in rows))


def newest(engine: Engine, dataset: Dataset, *, as_of: date) -> date | None:
    """The newest day, not after the as-of date, that a dataset tells of.

    By its period, its year, its date of report, or else the newest of its dates.
    """
    table = f"data_{dataset.id}"
    if dataset.column("period") is not None:
        texts = engine.rows(exp.select("period").distinct().from_(table))
        return freshness.newest_of_periods(text for (text,) in texts)
    if dataset.column("year") is not None:
        year = engine.rows(exp.select("max(year)").from_(table))[0][0]
        return date(year, 12, 31) if year else None
    known = dataset.known_on or ("recognised_on" if dataset.column("recognised_on") else None)
    names = [known] if known else [each.id for each in dataset.columns if each.kind == "date"]
    days = [day for name in names if (day := _last(engine, table, name, as_of)) is not None]
    return max(days, default=None)


def _last(engine: Engine, table: str, name: str, as_of: date) -> date | None:
    column = exp.column(name, quoted=True)
    until = exp.LTE(
        this=column.copy(), expression=exp.cast(exp.Literal.string(as_of.isoformat()), "DATE")
    )
    found: date | None = engine.rows(exp.select(exp.Max(this=column)).from_(table).where(until))[0][
        0
    ]
    return found


def _gone(table: str, *, newest: int) -> exp.Select:
    before = exp.select("uscc").distinct().from_(table).where(f"year = {newest - 1:d}")
    now = exp.select("uscc").from_(table).where(f"year = {newest:d}")
    return (
        exp.select("uscc")
        .from_(before.subquery("b"))
        .where(exp.not_(exp.In(this=exp.column("uscc"), query=now.subquery())))
    )
