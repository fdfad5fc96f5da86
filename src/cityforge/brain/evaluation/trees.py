"""Small trees that the steps of an evaluation are made of."""

from collections.abc import Callable, Sequence

from sqlglot import exp

from cityforge.brain.city.scheme_scoring import DOWN
from cityforge.brain.engines import sql
from cityforge.brain.evaluation.prepared import Moment, Prepared, PreparedIndicator, PreparedPart
from cityforge.brain.expr import results
from cityforge.brain.expr.typed import Typed
from cityforge.brain.scoring.machines import SQL

Maker = Callable[[PreparedPart, PreparedIndicator], exp.Expr]


def by_part(
    prepared: Prepared,
    name: str,
    make: Maker,
) -> exp.Expr:
    """What an indicator is in each part that has it; NULL elsewhere.

    What is the same in every part is so for an enterprise in no part too.
    """
    holders = [
        (part, indicator)
        for part in prepared.parts
        for indicator in part.indicators
        if indicator.id == name
    ]
    made = [make(part, indicator) for part, indicator in holders]
    if len(holders) == len(prepared.parts) and all(one == made[0] for one in made):
        return made[0]
    case = exp.Case()
    for (part, _), expression in zip(holders, made, strict=True):
        case = case.when(exp.column("part").eq(text(part.part.id)), expression)
    return case


def in_part(prepared: Prepared, name: str) -> exp.Expr:
    """Whether an enterprise's part has the indicator."""
    return among([part.part.id for part, _ in prepared.of(name)])


def among(parts: Sequence[str]) -> exp.Expr:
    """Whether an enterprise is in one of the parts."""
    return exp.In(this=exp.column("part"), expressions=[text(part) for part in parts])


def best_first(prepared: Prepared, name: str) -> list[exp.Ordered]:
    """The order of an indicator's values in a ranking group, missing ones last.

    Better is what the enterprise's own part says: one key for each direction that parts differ in.
    Values that agree to nine decimals are equal.
    """
    value = SQL.settled(exp.column(f"value_{name}"))
    ways = dict.fromkeys(indicator.indicator.direction for _, indicator in prepared.of(name))
    keys = []
    for way in ways:
        mine = value
        if len(ways) > 1:
            ids = [part.part.id for part, i in prepared.of(name) if i.indicator.direction == way]
            mine = exp.Case().when(among(ids), value.copy())
        keys.append(exp.Ordered(this=mine, desc=way != DOWN, nulls_first=False))
    return keys


def value(indicator: PreparedIndicator, moment: Moment) -> exp.Expr:
    """The value of an indicator in its own unit; NULL where a fact is missing."""
    return unsigned(to_sql(results.as_double(indicator.expression, indicator.type.unit), moment))


def unsigned(number: exp.Expr) -> exp.Expr:
    """A double without the sign of zero: of 0.0 and -0.0 engines take now one, now the other."""
    return SQL.plus(number, SQL.number(0.0))


def to_sql(typed: Typed, moment: Moment) -> exp.Expr:
    return sql.to_sql(typed, as_of=moment.day, parameters=moment.parameters)


def named(names: Sequence[str]) -> list[exp.Expr]:
    return [exp.column(name, quoted=True) for name in names]


def text(words: str) -> exp.Expr:
    return exp.Literal.string(words)
