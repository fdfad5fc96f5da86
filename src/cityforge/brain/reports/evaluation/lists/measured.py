"""The columns of a result that a list shows: each indicator with its unit, value and points.

Parts may call different things by one id (单位能耗税收 and 单位用电税收): each has its own columns.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cityforge.brain.city.scheme import SchemeIndicator
from cityforge.brain.errors import Text
from cityforge.brain.evaluation.extras import BONUS, PENALTY
from cityforge.brain.reports.evaluation import wording
from cityforge.brain.reports.evaluation.lists.sheet import Column
from cityforge.brain.reports.evaluation.results import Results

POINTS = "#,##0.00"
WHOLE = "#,##0"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """One indicator as a pair of columns, and the parts that have it."""

    indicator: SchemeIndicator
    parts: frozenset[str]

    def columns(self) -> Iterator[Column]:
        yield Column(wording.with_unit(self.indicator), 14, number_format(self.indicator), "right")
        own = wording.title(self.indicator)
        yield Column(Text(zh=f"{own.zh}得分", en=f"{own.en}: points"), 11, POINTS, "right")

    def cells(self, row: Row) -> tuple[float | None, float | None]:
        if row["part"] not in self.parts:
            return None, None
        return row[f"value_{self.indicator.id}"], row[f"points_{self.indicator.id}"]


def of(results: Results) -> list[Measured]:
    """Every indicator of the scheme, alike ones of several parts as one."""
    found: dict[tuple[str, str, str | None], list[tuple[str, SchemeIndicator]]] = {}
    for part in results.scheme.parts:
        for one in part.indicators:
            key = (one.id, one.title, one.unit)
            found.setdefault(key, []).append((part.id, one))
    return [Measured(pairs[0][1], frozenset(part for part, _ in pairs)) for pairs in found.values()]


def number_format(indicator: SchemeIndicator) -> str:
    """Two decimals; four for a plain ratio, such as 0.0302."""
    return "#,##0.00" if indicator.unit else "0.0000"


def extras(results: Results) -> list[tuple[str, Text]]:
    """The columns of bonus and penalty that the scheme has."""
    scheme = results.scheme
    both = (
        (BONUS, scheme.bonus, Text(zh="加分", en="Bonus")),
        (PENALTY, scheme.penalty, Text(zh="减分", en="Penalty")),
    )
    return [(name, title) for name, extra, title in both if extra is not None]


def gaps(results: Results, row: Row) -> Text:
    """How missing values of a row were filled, in one cell."""
    told: dict[str, list[Text]] = {}
    for part in results.scheme.parts:
        if part.id == row["part"]:
            for one in part.indicators:
                told.setdefault(row[f"how_{one.id}"] or "", []).append(wording.title(one))
    found = [(wording.GAPS[how], some) for how, some in told.items() if how in wording.GAPS]
    return Text(
        zh="；".join(f"{how.zh}：{'、'.join(one.zh for one in some)}" for how, some in found),
        en="; ".join(f"{how.en}: {', '.join(one.en for one in some)}" for how, some in found),
    )
