"""The rows of an accepted dataset as they were known on a day."""

from datetime import date

from sqlglot import exp

from cityforge.brain.city.dataset import Dataset


def rows(dataset: Dataset, as_of: date) -> exp.Select:
    """A query without columns yet: of each key the newest row known by the as-of date.

    A dataset that has no date of report is known as it stands.
    """
    query = exp.Select().from_(f"data_{dataset.id}")
    if not dataset.known_on:
        return query
    known_on = exp.column(dataset.known_on, quoted=True)
    newest = exp.Window(
        this=exp.RowNumber(),
        partition_by=[exp.column(name, quoted=True) for name in dataset.key],
        order=exp.Order(expressions=[exp.Ordered(this=known_on.copy(), desc=True)]),
    )
    return query.where(exp.LTE(this=known_on, expression=day(as_of))).qualify(
        exp.EQ(this=newest, expression=exp.Literal.number(1))
    )


def day(on: date) -> exp.Expr:
    return exp.cast(exp.Literal.string(on.isoformat()), "DATE")
