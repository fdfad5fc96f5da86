"""Small trees that the steps of an evaluation are made of."""

from collections.abc import Callable, Sequence

from sqlglot import exp

from cityforge.brain.engines import sql
from cityforge.brain.evaluation.prepared import Moment, Prepared, PreparedIndicator, PreparedPart
from cityforge.brain.expr.typed import Typed

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
    parts = [p for p in prepared.parts if any(i.id == name for i in p.indicators)]
    return exp.In(this=exp.column("part"), expressions=[text(p.part.id) for p in parts])


def to_sql(typed: Typed, moment: Moment) -> exp.Expr:
    return sql.to_sql(typed, as_of=moment.day, parameters=moment.parameters)


def named(names: Sequence[str]) -> list[exp.Expr]:
    return [exp.column(name, quoted=True) for name in names]


def text(words: str) -> exp.Expr:
    return exp.Literal.string(words)
