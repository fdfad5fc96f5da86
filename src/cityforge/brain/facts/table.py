"""Facts as of a date: one wide table, one row for each enterprise, for one year.

Of each dataset the rows of that year that were known by the as-of date count; of several, the
newest. A title is held when it was recognised by the last day that counts and has not run out.
"""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from sqlglot import exp

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.city.dictionary import DISTRICT, INDUSTRY, Dictionary, Fact
from cityforge.brain.city.fact import Register
from cityforge.brain.city.folder import City
from cityforge.brain.engines import sql
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.expr.typed import Op, Typed, column_name
from cityforge.brain.facts import corrections as corrections_
from cityforge.brain.facts import entries, known
from cityforge.brain.facts.asked import Asked
from cityforge.brain.facts.corrections import Corrections
from cityforge.brain.facts.frame import ENTERPRISES

Bound = Decimal | bool | str
NOTHING = Asked()


def name_of(year: int) -> str:
    return f"facts_{year}"


def table_of(year: int, newest: int) -> str:
    """The table of a snapshot that holds the facts of a year."""
    return ENTERPRISES if year == newest else f"{ENTERPRISES}_{year}"


def last_complete_year(as_of: date) -> int:
    """The newest year that is over on a day."""
    return as_of.year if (as_of.month, as_of.day) == (12, 31) else as_of.year - 1


def last_day(year: int, as_of: date) -> date:
    """The day as of which the facts of a year stand: its end, or the as-of date if earlier."""
    return min(date(year, 12, 31), as_of)


def bindings(city: City, day: date) -> dict[str, Bound]:
    """The value of each parameter in force on a day; those not yet in force are absent."""
    found = {name: parameter.on(day) for name, parameter in city.parameters.items()}
    return {name: dated.value for name, dated in found.items() if dated is not None}


def build(
    engine: Engine,
    city: City,
    book: Dictionary,
    *,
    year: int,
    as_of: date,
    absent: Collection[str] = (),
    asked: Asked = NOTHING,
    made: Collection[int] = (),
    day: date | None = None,
    name: str | None = None,
    corrections: Corrections = corrections_.NOTHING,
) -> None:
    """Make `facts_<year>`: `uscc`, every fact of the dictionary, `register:<id>` for each register.

    absent   datasets that no one supplied: who stands in their registers is unknown
    asked    earlier years and look-ups to put beside them
    made     years whose tables stand; the facts of other earlier years are missing
    corrections  what enterprises put right; `corrections.take` was called
    Raises RunRefused when the year is not over by the as-of date.
    """
    if date(year, 12, 31) > as_of:
        raise RunRefused(
            Text(
                zh=f"{year} 年到 {as_of} 尚未结束，不能评价",
                en=f"the year {year} is not over on {as_of}",
            )
        )
    day = day or last_day(year, as_of)
    # Built in place: SQLGlot copies the whole tree at every step otherwise, and it has hundreds.
    query = _observed(city, book, year=year, as_of=as_of, corrections=corrections)
    query = _registers(city, query, day=day, as_of=as_of, absent=absent, asked=asked)
    query = _earlier(book, query, year=year, asked=asked, made=made)
    query = derived(query, book, day=day, parameters=bindings(city, day))
    engine.create(name or name_of(year), query)


def derived(
    query: exp.Select, book: Dictionary, *, day: date, parameters: Mapping[str, Bound]
) -> exp.Select:
    """Add the derived facts to a query of observed ones, layer by layer."""
    for level in levels(book):
        inner = query.subquery("level", copy=False)
        query = exp.select("level.*").from_(inner)
        for fact in level:
            assert fact.expression is not None
            value = sql.to_sql(fact.expression, as_of=day, parameters=parameters, table="level")
            value = exp.cast(value, sql.sql_type(fact.type))
            query = query.select(exp.alias_(value, fact.name, quoted=True), copy=False)
    return query


def _earlier(
    book: Dictionary, query: exp.Select, *, year: int, asked: Asked, made: Collection[int]
) -> exp.Select:
    """Add `fact[-1]`, `fact[-2]` … from the tables of earlier years."""
    for back in sorted({back for _, back in asked.past}):
        alias = f"back{-back}"
        if year + back in made:
            query = query.join(
                exp.alias_(exp.to_table(name_of(year + back)), alias, table=True),
                on=exp.EQ(this=exp.column("uscc", "e"), expression=exp.column("uscc", alias)),
                join_type="left",
                copy=False,
            )
        for name in [name for name, years in asked.past if years == back]:
            type_ = book.facts[name].type
            value: exp.Expr = exp.cast(exp.null(), sql.sql_type(type_))
            if year + back in made:
                value = exp.column(name, alias, quoted=True)
            past = column_name(Typed(Op.PAST, type_, value=(name, back)))
            query = query.select(exp.alias_(value, past, quoted=True), copy=False)
    return query


def levels(book: Dictionary) -> list[list[Fact]]:
    """Derived facts in layers: each layer rests only on the observed and on earlier layers."""
    depth: dict[str, int] = {}
    layers: list[list[Fact]] = []
    for fact in book.facts.values():
        if fact.expression is None:
            depth[fact.name] = 0
            continue
        depth[fact.name] = 1 + max((depth[name] for name in fact.inputs), default=0)
        while len(layers) < depth[fact.name]:
            layers.append([])
        layers[depth[fact.name] - 1].append(fact)
    return layers


def _observed(
    city: City, book: Dictionary, *, year: int, as_of: date, corrections: Corrections
) -> exp.Select:
    """The frame with the columns of every dataset about enterprises, as known on the date."""
    frame = city.frame
    assert frame is not None
    own = [column.id for column in frame.columns if column.id not in (DISTRICT, INDUSTRY)]
    own += [DISTRICT, INDUSTRY]
    query = exp.select(*[exp.column(name, "e", quoted=True) for name in own])
    query = query.from_(exp.alias_(exp.to_table(ENTERPRISES), "e", table=True))
    corrected = corrections.names(year)
    for dataset in city.datasets.values():
        if dataset.frame or dataset.grain not in ("enterprise", "enterprise_year"):
            continue
        query = query.join(
            _known(dataset, year=year, as_of=as_of).subquery(dataset.id),
            on=exp.EQ(this=exp.column("uscc", "e"), expression=exp.column("uscc", dataset.id)),
            join_type="left",
            copy=False,
        )
        for name in _facts_of(dataset):
            value: exp.Expr = exp.column(name, dataset.id, quoted=True)
            if name in corrected:
                fact = book.facts[name]
                value = corrections_.over(query, fact, value, year=year, corrections=corrections)
                value = exp.alias_(value, name, quoted=True)
            query = query.select(value, copy=False)
    return query


def _facts_of(dataset: Dataset) -> list[str]:
    """The columns of a dataset that are facts, not the row's key or reporting date."""
    skipped = {"uscc", "year", "period", dataset.known_on}
    return [column.id for column in dataset.columns if column.id not in skipped]


def _known(dataset: Dataset, *, year: int, as_of: date) -> exp.Select:
    """One row an enterprise: the newest known by the as-of date (of the year, for yearly data)."""
    query = known.rows(dataset, as_of).select(
        exp.column("uscc"), *[exp.column(n, quoted=True) for n in _facts_of(dataset)]
    )
    if dataset.grain == "enterprise_year":
        query = query.where(exp.column("year").eq(year))
    return query


def _registers(
    city: City,
    query: exp.Select,
    *,
    day: date,
    as_of: date,
    absent: Collection[str],
    asked: Asked,
) -> exp.Select:
    """Add `register:<id>`: whether the enterprise stands in the register on the day; and those of
    `ever:`, `first:` and `entries:` that are asked.

    Not in the list means false; a list that no one supplied means unknown for all (NULL).
    """
    by_dataset: dict[str, list[Register]] = {}
    for register in city.registers.values():
        by_dataset.setdefault(register.dataset, []).append(register)
    for name, registers in by_dataset.items():
        alias = f"in_{name}"
        rows = known.rows(city.datasets[name], as_of).select("*").subquery("entries")
        held = exp.select(exp.column("uscc")).from_(rows).group_by("uscc")
        for register in registers:
            entry = exp.column("entry").eq(exp.Literal.string(register.entry))
            valid = exp.and_(entry, *entries.valid(city.datasets[name], register, day))
            known_by = exp.LTE(this=exp.column("recognised_on"), expression=known.day(day))
            ever = exp.and_(entry.copy(), known_by)
            looked: list[tuple[Op, exp.Expr, str, exp.Expr | None]] = [
                (Op.REGISTER, exp.func("bool_or", valid), "BOOLEAN", exp.false()),
                (Op.EVER, exp.func("bool_or", ever), "BOOLEAN", exp.false()),
                (Op.FIRST, _first(ever), "DATE", None),
                (Op.ENTRIES, exp.CountIf(this=valid), "DECIMAL(9, 0)", exp.Literal.number(0)),
            ]
            for op, found, type_, otherwise in looked:
                if op is not Op.REGISTER and (op, register.id) not in asked.lookups:
                    continue
                name_of_it = f"{op.value}:{register.id}"
                held = held.select(exp.alias_(found, name_of_it, quoted=True), copy=False)
                here: exp.Expr = exp.column(name_of_it, alias, quoted=True)
                if otherwise is not None:
                    here = exp.func("coalesce", here, otherwise)
                answer = exp.cast(exp.null() if name in absent else here, type_)
                query = query.select(exp.alias_(answer, name_of_it, quoted=True), copy=False)
        query = query.join(
            held.subquery(alias, copy=False),
            on=exp.EQ(this=exp.column("uscc", "e"), expression=exp.column("uscc", alias)),
            join_type="left",
            copy=False,
        )
    return query


def _first(ever: exp.Expr) -> exp.Expr:
    recognised = exp.Case().when(ever.copy(), exp.column("recognised_on"))
    return exp.Min(this=recognised)
