"""The place of each value in its ranking group, for the functions that score by place."""

from sqlglot import exp

from cityforge.brain.city.scheme_scoring import PLACE
from cityforge.brain.evaluation import trees
from cityforge.brain.evaluation.prepared import Prepared
from cityforge.brain.evaluation.subject import is_rated


def placed(prepared: Prepared, group: list[exp.Column]) -> exp.Select:
    """A step with each value's place, equal values sharing the better one, and how many have one.

    group  the columns that make a ranking group
    """
    parts = [is_rated(), *group]
    query = exp.select("*").from_("measured")
    for name in prepared.indicator_ids:
        if not prepared.needs(name, PLACE):
            continue
        value = exp.column(f"value_{name}")
        order = exp.Order(expressions=trees.best_first(prepared, name))
        rank = exp.Window(
            this=exp.Anonymous(this="rank"),
            partition_by=[key.copy() for key in parts],
            order=order,
        )
        count = exp.Window(
            this=exp.Count(this=value.copy()), partition_by=[key.copy() for key in parts]
        )
        there = value.copy().is_(exp.null()).not_()
        here = exp.and_(is_rated(), there, trees.among(_placing(prepared, name)))
        query = query.select(
            exp.alias_(exp.Case().when(here, exp.cast(rank, "DOUBLE")), f"place_{name}"),
            exp.alias_(exp.cast(count, "DOUBLE"), f"of_{name}"),
        )
    return query


def _placing(prepared: Prepared, name: str) -> list[str]:
    """The parts in which an indicator is scored by its place."""
    return [part.part.id for part, i in prepared.of(name) if PLACE in i.function.traits.needs]
