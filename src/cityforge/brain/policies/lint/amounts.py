"""Amounts that stay unknown although it is decided who is entitled: shown by an example."""

from collections.abc import Iterator

from cityforge.brain.city.dataset import Dataset
from cityforge.brain.city.folder import City
from cityforge.brain.errors import Text
from cityforge.brain.expr.typed import REGISTER_OPS
from cityforge.brain.policies.lint.read import Finding, Looked, title_of
from cityforge.brain.policies.lint.rows import Sample, entitled

MOST_SAMPLES = 30
_LOOK_UPS = {op.value for op in REGISTER_OPS}


def find(looked: Looked) -> Iterator[Finding]:
    """At most one finding: what an entitled enterprise's amount may lack."""
    amount = looked.amount
    if amount is None:
        return
    lacking: dict[str, None] = {}
    is_without = False
    for sample in entitled(looked, [amount], most=MOST_SAMPLES):
        if sample.row().value(amount) is None:
            is_without = True
            continue
        for columns in _missing_together(looked.city, looked, sample):
            row = sample.row(**dict.fromkeys(columns))
            if row.truth(looked.condition.truth) is True and row.value(amount) is None:
                lacking.update(dict.fromkeys(columns))
    path = (*looked.path, "benefit", "amount")
    if lacking:
        titles = list(dict.fromkeys(title_of(looked, name) for name in sorted(lacking)))
        what = Text(
            zh=f"条件已确定符合，金额仍可能未知：缺{'、'.join(t.zh for t in titles)}时算不出",
            en="entitled, yet the amount may be unknown: where "
            + ", ".join(t.en for t in titles)
            + " is missing",
        )
        hint = Text(
            zh="在条件中也要求它，或写明缺失时如何计算（coalesce）",
            en="Ask for it in the conditions too, or say what counts without it (coalesce).",
        )
        yield looked.finding("unknown_amount", path, what, hint)
    elif is_without:
        what = Text(
            zh="条件符合、资料齐全，金额仍可能算不出（case 缺 else、除以零或从未认定）",
            en="entitled and all known, yet there may be no amount: a case without else, "
            "a division by zero, a title never given",
        )
        hint = Text(zh="补上 else，或在条件中排除", en="Add an else, or bar it in the conditions.")
        yield looked.finding("unknown_amount", path, what, hint)


def _missing_together(city: City, looked: Looked, sample: Sample) -> Iterator[list[str]]:
    """The columns that an enterprise lacks at once: one cell; where it may not be empty its whole
    row; of registers all that one list tells."""
    by_list: dict[str, list[str]] = {}
    for column in sample.given:
        kind, _, register = column.rpartition(":")
        if kind in _LOOK_UPS:
            by_list.setdefault(city.registers[register].dataset, []).append(column)
        else:
            yield _cell(city, looked, sample, column)
    yield from by_list.values()


def _cell(city: City, looked: Looked, sample: Sample, column: str) -> list[str]:
    name = column.split("[")[0]
    fact = looked.book.facts[name]
    dataset: Dataset | None = city.datasets.get(fact.dataset or "")
    stated = dataset.column(name) if dataset is not None else None
    if dataset is None or stated is None or not dataset.is_required(stated):
        return [column]
    year = column[len(name) :]
    row = {f"{one.id}{year}" for one in dataset.columns}
    return sorted(row & sample.given.keys())
