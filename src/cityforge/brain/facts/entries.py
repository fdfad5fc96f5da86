"""Entries of registers: which count on a day, when each runs out, since when one is in."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlglot import exp

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.city.fact import Register
from cityforge.brain.city.folder import City
from cityforge.brain.facts import known


def valid(dataset: Dataset, register: Register, day: date) -> Iterable[exp.Expr]:
    """The conditions under which an entry counts on a day."""
    recognised = exp.column("recognised_on")
    yield exp.LTE(this=recognised, expression=known.day(day))
    until = runs_out(dataset, register)
    yield exp.or_(until.copy().is_(exp.null()), exp.GTE(this=until, expression=known.day(day)))
    if dataset.column("ended_on"):
        ended = exp.column("ended_on")
        yield exp.or_(ended.is_(exp.null()), exp.GT(this=ended.copy(), expression=known.day(day)))


def runs_out(dataset: Dataset, register: Register) -> exp.Expr:
    """The last day of an entry: as stated, else by the register's years; NULL: never."""
    until: exp.Expr = exp.cast(exp.null(), "DATE")
    if dataset.column("valid_until"):
        until = exp.column("valid_until")
    if register.valid_years:
        years = exp.Interval(
            this=exp.Literal.string(str(register.valid_years)), unit=exp.var("YEAR")
        )
        by_years = exp.Add(this=exp.column("recognised_on"), expression=years)
        until = exp.func("coalesce", until, exp.cast(by_years, "DATE"))
    return until


def standing(
    city: City, registers: Iterable[str], *, day: date, as_of: date, absent: Collection[str] = ()
) -> exp.Select:
    """Who stands in these registers on a day: one row an enterprise and register, sorted.

    Of several entries that count, the one that runs out last. Columns: uscc, register,
    recognised_on, first_on (its first entry ever), valid_until (NULL: no end), document.
    """
    parts = [
        _one(city.datasets[register.dataset], register, day=day, as_of=as_of)
        for name in dict.fromkeys(registers)
        for register in [city.registers[name]]
        if register.dataset not in absent
    ]
    if not parts:
        return _nothing()
    whole: exp.Query = parts[0]
    for part in parts[1:]:
        whole = exp.union(whole, part, distinct=False)
    return exp.select("*").from_(whole.subquery("held")).order_by("uscc", "register")


def _one(dataset: Dataset, register: Register, *, day: date, as_of: date) -> exp.Select:
    rows = known.rows(dataset, as_of).select("*").subquery("entries")
    entry = exp.column("entry").eq(exp.Literal.string(register.entry))
    begun = exp.LTE(this=exp.column("recognised_on"), expression=known.day(day))
    first = exp.Window(this=exp.Min(this=exp.column("recognised_on")), partition_by=[_uscc()])
    document: exp.Expr = exp.cast(exp.null(), "VARCHAR")
    if dataset.column("document"):
        document = exp.column("document")
    counts = exp.and_(*valid(dataset, register, day))
    dated = (
        exp.select(
            _uscc(),
            exp.column("recognised_on"),
            exp.alias_(first, "first_on"),
            exp.alias_(runs_out(dataset, register), "until"),
            exp.alias_(document, "document"),
            exp.alias_(counts, "counts"),
        )
        .from_(rows)
        .where(exp.and_(entry, begun))
    )
    last = exp.Window(
        this=exp.RowNumber(),
        partition_by=[_uscc()],
        order=exp.Order(
            expressions=[
                exp.Ordered(this=exp.column("until"), desc=True, nulls_first=True),
                exp.Ordered(this=exp.column("recognised_on"), desc=True),
                exp.Ordered(this=exp.column("document"), desc=False, nulls_first=False),
            ]
        ),
    )
    return (
        exp.select(
            _uscc(),
            exp.alias_(exp.Literal.string(register.id), "register"),
            exp.column("recognised_on"),
            exp.column("first_on"),
            exp.alias_(exp.column("until"), "valid_until"),
            exp.column("document"),
        )
        .from_(dated.subquery("dated"))
        .where(exp.column("counts"))
        .qualify(exp.EQ(this=last, expression=exp.Literal.number(1)))
    )


def _nothing() -> exp.Select:
    kinds = {
        "uscc": "VARCHAR", "register": "VARCHAR", "recognised_on": "DATE", "first_on": "DATE",
        "valid_until": "DATE", "document": "VARCHAR",
    }  # fmt: skip
    none = [exp.alias_(exp.cast(exp.null(), kind), name) for name, kind in kinds.items()]
    return exp.select(*none).where(exp.false())


def _uscc() -> exp.Expr:
    return exp.column("uscc")
