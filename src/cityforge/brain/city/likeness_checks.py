"""The cross-checks of `mock`: what a column follows exists, without a circle, and its keys fit."""

from collections.abc import Iterable
from decimal import Decimal

from cityforge.brain.city import expressions
from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.city.document import Document, Path_
from cityforge.brain.city.folder import City
from cityforge.brain.errors import Problem, Text

_GRAINS = ("enterprise", "enterprise_year")
# The kinds of column that a key says something of; the others say it of every kind.
_KINDS = {
    "of": ("quantity", "date"),
    "about": ("quantity",),
    "spread": ("quantity",),
    "negative": ("quantity",),
    "shares": ("choice",),
    "within": ("date",),
    "entries": ("quantity",),
    "places": ("quantity", "boolean"),
}


def check_likenesses(city: City, dataset: Dataset) -> Iterable[Problem]:
    """Every Problem of a dataset's columns that say how they are made up."""
    document = city.documents[("datasets", dataset.id)]
    for i, column in enumerate(dataset.columns):
        if column.mock is not None:
            path: Path_ = ("columns", i, "mock")
            yield from _keys(document, column, path)
            yield from _names(city, dataset, column, path)
            yield from _places(city, dataset, column, path)


def _keys(document: Document, column: Column, path: Path_) -> Iterable[Problem]:
    assert column.mock is not None
    for key, kinds in _KINDS.items():
        if getattr(column.mock, key) is not None and column.kind not in kinds:
            yield document.problem(
                (*path, key),
                Text(
                    zh=f"{key} 不适用于 kind: {column.kind} 的列",
                    en=f"{key} says nothing of a column of kind {column.kind}",
                ),
                Text(zh=f"只用于 {'、'.join(kinds)}", en=f"It is for {', '.join(kinds)}."),
            )
    shares = column.mock.shares
    if shares is None or column.kind != "choice":
        return
    total = sum((Decimal(share.removesuffix("%")) for share in shares), Decimal(0))
    if len(shares) != len(column.values) or total != 100:
        yield document.problem(
            (*path, "shares"),
            Text(
                zh=f"shares 有 {len(shares)} 项、合计 {total}%，允许值有 {len(column.values)} 个",
                en=f"{len(shares)} shares summing to {total}% for {len(column.values)} values",
            ),
            Text(zh="每个允许值一项，合计 100%", en="One for each value, summing to 100%."),
        )


def _places(city: City, dataset: Dataset, column: Column, path: Path_) -> Iterable[Problem]:
    """The places that alone have something are places of the dataset."""
    known = {
        "district": [district.id for district in city.place.districts],
        "park": [park.id for park in city.place.parks],
        "bureau": list(city.units),
    }[dataset.places if dataset.grain == "place_period" else "district"]
    for i, name in enumerate((column.mock.places if column.mock else None) or ()):
        if name not in known and not city.unread:
            what = Text(zh="地方", en="place")
            document = city.documents[("datasets", dataset.id)]
            yield expressions.unknown(document, (*path, "places", i), name, known, what)


def _names(city: City, dataset: Dataset, column: Column, path: Path_) -> Iterable[Problem]:
    assert column.mock is not None
    document = city.documents[("datasets", dataset.id)]
    entries = column.mock.entries
    if entries is not None and entries not in city.registers and not city.unread.may_hold(entries):
        what = Text(zh="名录", en="register")
        yield expressions.unknown(document, (*path, "entries"), entries, city.registers, what)
    columns = _columns(city, dataset)
    for key, kind in (("of", column.kind), ("where", "quantity")):
        name = getattr(column.mock, key)
        if name is None or (name not in columns and city.unread):
            continue
        if name not in columns:
            what = Text(zh="列", en="column")
            yield expressions.unknown(document, (*path, key), name, columns, what)
        elif columns[name].kind != kind:
            yield document.problem(
                (*path, key),
                Text(
                    zh=f"“{name}”是 {columns[name].kind}，应为 {kind}",
                    en=f"'{name}' is a {columns[name].kind}, not a {kind}",
                ),
                Text(zh=f"改为 {kind} 列", en=f"Name a column of kind {kind}."),
            )
    circle = _circle(columns, column.id, ())
    if circle:
        yield document.problem(
            path,
            Text(zh=f"循环：{'、'.join(circle)}", en=f"a circle: {', '.join(circle)}"),
            Text(zh="让其中一列不随他列变化", en="Let one of them follow none."),
        )


def _circle(columns: dict[str, Column], name: str, before: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of a circle that begins and ends at the first name; empty where there is none."""
    if before and name == before[0]:
        return before
    if name in before or name not in columns:
        return ()
    likeness = columns[name].mock
    for follows in (likeness.of, likeness.where) if likeness else ():
        found = _circle(columns, follows, (*before, name)) if follows else ()
        if found:
            return found
    return ()


def _columns(city: City, beside: Dataset) -> dict[str, Column]:
    """What a column may follow: any column about enterprises; of places, those beside it."""
    if beside.grain == "place_period":
        return {column.id: column for column in beside.columns}
    return {
        column.id: column
        for dataset in city.datasets.values()
        if dataset.grain in _GRAINS
        for column in dataset.columns
    }
