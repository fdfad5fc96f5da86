"""How a table of the library is set: words to the left, figures to the right."""

import re
from collections.abc import Sequence
from typing import Protocol

from django import template

from cityforge.brain.errors import Text

register = template.Library()
_FIGURE = re.compile(r"[-−+]?[\d,]+(\.\d+)?%?(/[\d,]+)?")
_NONE = "—"
_RIGHT = "n"

Cell = Text | str


class Table(Protocol):
    """What is read of it here."""

    @property
    def columns(self) -> Sequence[Cell]: ...
    @property
    def rows(self) -> Sequence[Sequence[Cell]]: ...


@register.filter
def lined_up(table: Table) -> dict[str, object]:
    """Its heads, and its rows of cells, each with the class of its column."""
    rows = [list(row) for row in table.rows]
    classes = [_class(number, rows) for number in range(len(table.columns))]
    return {
        "heads": list(zip(table.columns, classes, strict=True)),
        "rows": [list(zip(row, classes, strict=False)) for row in rows],
    }


def _class(number: int, rows: Sequence[Sequence[Cell]]) -> str:
    """Of a column of figures; the first column names the row."""
    cells = [row[number] for row in rows if number < len(row) and row[number] != _NONE]
    if not number or not cells:
        return ""
    return _RIGHT if all(isinstance(one, str) and _FIGURE.fullmatch(one) for one in cells) else ""
