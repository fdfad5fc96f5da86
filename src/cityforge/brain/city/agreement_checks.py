"""The cross-checks of `agrees_with`: the other column exists, and measures the same thing."""

from collections.abc import Iterable

from cityforge.brain.city import expressions
from cityforge.brain.city.dataset import Agreement, Column, Dataset
from cityforge.brain.city.document import Document, Path_
from cityforge.brain.city.folder import City
from cityforge.brain.errors import Problem, Text, ValueRefused
from cityforge.brain.values.quantity import PLAIN, Unit, unit

COMPARED = ("enterprise", "enterprise_year")


def check_agreements(city: City, dataset: Dataset) -> Iterable[Problem]:
    """Every Problem of a dataset's columns that name other columns to agree with."""
    document = city.documents[("datasets", dataset.id)]
    for i, column in enumerate(dataset.columns):
        seen: set[str] = set()
        for j, agreement in enumerate(column.agrees_with):
            path: Path_ = ("columns", i, "agrees_with", j, "column")
            if agreement.column in seen or agreement.column == f"{dataset.id}.{column.id}":
                yield document.problem(
                    path,
                    Text(zh=f"“{agreement.column}”重复或是本列", en="stands twice, or is itself"),
                    Text(zh="删去这一条", en="Drop it."),
                )
                continue
            seen.add(agreement.column)
            yield from _one(city, dataset, column, agreement, document, path)


def _one(
    city: City,
    dataset: Dataset,
    column: Column,
    agreement: Agreement,
    document: Document,
    path: Path_,
) -> Iterable[Problem]:
    other = city.datasets.get(agreement.dataset)
    if other is None:
        if not city.unread.may_hold(agreement.dataset):
            what = Text(zh="数据集", en="dataset")
            yield expressions.unknown(document, path, agreement.dataset, city.datasets, what)
        return
    target = other.column(agreement.name)
    if target is None:
        known = [each.id for each in other.columns]
        what = Text(zh=f"“{other.title}”的列", en=f"column of '{other.id}'")
        yield expressions.unknown(document, path, agreement.name, known, what)
        return
    if dataset.grain not in COMPARED or other.grain != dataset.grain:
        yield document.problem(
            path,
            Text(zh="两边的粒度不同，无法逐户比较", en="the two are not of the same grain"),
            Text(
                zh="只比较同为 enterprise 或同为 enterprise_year 的数据集",
                en="Compare two datasets of grain enterprise, or two of enterprise_year.",
            ),
        )
    if not _is_like(column, target):
        yield document.problem(
            path,
            Text(
                zh=f"量纲不同：“{column.unit or '无单位'}”与“{target.unit or '无单位'}”",
                en=f"they measure different things: '{column.unit}' and '{target.unit}'",
            ),
            Text(
                zh="只比较 kind 为 quantity、单位可以换算的两列",
                en="Compare two quantities whose units convert into each other.",
            ),
        )


def _is_like(one: Column, other: Column) -> bool:
    if one.kind != "quantity" or other.kind != "quantity":
        return False
    try:
        return _measure(one).is_like(_measure(other))
    except ValueRefused:
        return True  # an unknown unit is a Problem of its own


def _measure(column: Column) -> Unit:
    return unit(column.unit) if column.unit else PLAIN
