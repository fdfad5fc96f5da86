"""What a new version of a dataset changes: rows added, removed, changed, by the dataset's key."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlglot import exp

from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.engines.duckdb import Engine

CHANGE = "change"  # what became of a row: one of the words below
ADDED, REMOVED, CHANGED, SAME = "added", "removed", "changed", "same"
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Example:
    """One row: its key, and of a changed cell what it was and is."""

    key: tuple[str, ...]
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """How many cells of a column changed in rows that both versions have; first examples.

    `filled` and `emptied` are among `changed`. The sums are over all accepted rows of each
    version, in the column's unit; None where it is no quantity or no row has a value.
    """

    column: Column
    changed: int
    filled: int
    emptied: int
    sum_before: Decimal | None
    sum_after: Decimal | None
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """Rows by what became of them; a row is known by the dataset's key.

    `columns` holds those with a changed cell or another sum, in the contract's order.
    """

    dataset: Dataset
    added: int
    removed: int
    changed: int
    same: int
    columns: tuple[ColumnChange, ...] = ()
    first_added: tuple[Example, ...] = ()
    first_removed: tuple[Example, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.changed)

    @property
    def before(self) -> int:
        return self.removed + self.changed + self.same


def compare(engine: Engine, dataset: Dataset, *, before: str, after: str, kept: str) -> Difference:
    """Compare two accepted tables of one dataset; keeps every row of either, side by side.

    kept   the table to make: `change`, the key, and of each other column `old_…` and `new_…`
    """
    engine.create(kept, _side_by_side(dataset, before, after))
    change = exp.column(CHANGE)
    counts = dict(
        engine.rows(exp.select(change, exp.Count(this=exp.Star())).from_(kept).group_by(change))
    )
    others = [c for c in dataset.columns if c.id not in dataset.row_key]
    cells = _cells(engine, others, kept)
    sums_before, sums_after = (_sums(engine, dataset, table) for table in (before, after))
    columns = []
    for column in dataset.columns:
        changed, filled, emptied = cells.get(column.id, (0, 0, 0))
        old, new = sums_before.get(column.id), sums_after.get(column.id)
        if changed or old != new:
            examples = _changed_cells(engine, dataset, column, kept) if changed else ()
            columns.append(ColumnChange(column, changed, filled, emptied, old, new, examples))
    return Difference(
        dataset,
        added=counts.get(ADDED, 0),
        removed=counts.get(REMOVED, 0),
        changed=counts.get(CHANGED, 0),
        same=counts.get(SAME, 0),
        columns=tuple(columns),
        first_added=_first(engine, dataset, kept, ADDED),
        first_removed=_first(engine, dataset, kept, REMOVED),
    )


def differing(dataset: Dataset, kept: str, change: str) -> exp.Select:
    """The rows of one kind of change: the key, then the values of the version that has them.

    Of changed rows each column stands twice, as it was and as it is.
    """
    key = [_quoted(name) for name in dataset.row_key]
    others = [c.id for c in dataset.columns if c.id not in dataset.row_key]
    versions = {ADDED: ("new",), REMOVED: ("old",)}.get(change, ("old", "new"))
    values = [_quoted(f"{version}_{name}") for name in others for version in versions]
    return _of_kind(exp.select(*key, *values), dataset, kept, change)


def _side_by_side(dataset: Dataset, before: str, after: str) -> exp.Select:
    key = dataset.row_key
    others = [c.id for c in dataset.columns if c.id not in key]
    # Every accepted row has its whole key: a missing one tells which side has no such row.
    is_new, is_old = (_quoted(key[0], side).is_(exp.null()) for side in ("b", "a"))
    cells = [(_quoted(name, "b"), _quoted(name, "a")) for name in others]
    differs = exp.or_(exp.false(), *[exp.NullSafeNEQ(this=b, expression=a) for b, a in cells])
    change = (
        exp.Case()
        .when(is_new, exp.Literal.string(ADDED))
        .when(is_old, exp.Literal.string(REMOVED))
        .when(differs, exp.Literal.string(CHANGED))
        .else_(exp.Literal.string(SAME))
    )
    both = [exp.func("coalesce", _quoted(n, "a"), _quoted(n, "b")) for n in key]
    pairs = zip(others, cells, strict=True)
    return (
        exp.select(
            exp.alias_(change, CHANGE),
            *[exp.alias_(value, name, quoted=True) for name, value in zip(key, both, strict=True)],
            *[
                exp.alias_(cell.copy(), f"{version}_{name}", quoted=True)
                for name, pair in pairs
                for version, cell in zip(("old", "new"), pair, strict=True)
            ],
        )
        .from_(exp.alias_(exp.to_table(before), "b", table=True))
        .join(
            exp.alias_(exp.to_table(after), "a", table=True),
            on=exp.and_(*[_quoted(name, "b").eq(_quoted(name, "a")) for name in key]),
            join_type="full",
        )
    )


def _cells(engine: Engine, columns: Sequence[Column], kept: str) -> dict[str, tuple[int, int, int]]:
    """Per column: cells changed, filled, emptied, in rows that both versions have."""
    if not columns:
        return {}
    counts: list[exp.Expr] = []
    for column in columns:
        old, new = _quoted(f"old_{column.id}"), _quoted(f"new_{column.id}")
        for condition in (
            exp.NullSafeNEQ(this=old, expression=new),
            exp.and_(old.is_(exp.null()), new.is_(exp.null()).not_()),
            exp.and_(new.is_(exp.null()), old.is_(exp.null()).not_()),
        ):
            counts.append(exp.func("count_if", condition.copy()))
    changed = exp.column(CHANGE).eq(exp.Literal.string(CHANGED))
    (row,) = engine.rows(exp.select(*counts).from_(kept).where(changed))
    found = [count or 0 for count in row]  # over no rows, the engine counts NULL
    return {c.id: (found[3 * i], found[3 * i + 1], found[3 * i + 2]) for i, c in enumerate(columns)}


def _sums(engine: Engine, dataset: Dataset, table: str) -> dict[str, Decimal | None]:
    quantities = [c for c in dataset.columns if c.kind == "quantity"]
    if not quantities:
        return {}
    wide = [exp.cast(_quoted(c.id), f"DECIMAL(38, {c.scale})") for c in quantities]
    (row,) = engine.rows(exp.select(*[exp.Sum(this=value) for value in wide]).from_(table))
    return {c.id: value for c, value in zip(quantities, row, strict=True)}


def _changed_cells(
    engine: Engine, dataset: Dataset, column: Column, kept: str
) -> tuple[Example, ...]:
    old, new = _quoted(f"old_{column.id}"), _quoted(f"new_{column.id}")
    key = [_quoted(name) for name in dataset.row_key]
    query = _of_kind(exp.select(*key, old, new), dataset, kept, CHANGED)
    rows = engine.rows(
        query.where(exp.NullSafeNEQ(this=old.copy(), expression=new.copy())).limit(_EXAMPLES)
    )
    return tuple(Example(_shown_key(row[:-2]), shown(row[-2]), shown(row[-1])) for row in rows)


def _first(engine: Engine, dataset: Dataset, kept: str, change: str) -> tuple[Example, ...]:
    key = [_quoted(name) for name in dataset.row_key]
    rows = engine.rows(_of_kind(exp.select(*key), dataset, kept, change).limit(_EXAMPLES))
    return tuple(Example(_shown_key(row)) for row in rows)


def _of_kind(query: exp.Select, dataset: Dataset, kept: str, change: str) -> exp.Select:
    key = [_quoted(name) for name in dataset.row_key]
    of_kind = exp.column(CHANGE).eq(exp.Literal.string(change))
    return query.from_(kept).where(of_kind).order_by(*key)


def shown(value: object) -> str | None:
    """A value as people write it; None stays None."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def _shown_key(values: Sequence[Any]) -> tuple[str, ...]:
    return tuple(shown(value) or "" for value in values)


def _quoted(name: str, table: str | None = None) -> exp.Column:
    return exp.column(name, table, quoted=True)
