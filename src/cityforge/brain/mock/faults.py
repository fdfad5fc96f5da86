"""Errors planted in the files at a set rate, each kind a real bureau has made; all are listed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.mock.cells import Cells
from cityforge.brain.mock.streams import Flags, stream
from cityforge.brain.values.credit_code import CHARACTERS

WHOLE_ROW = "*"


@dataclass(frozen=True, slots=True)
class Fault:
    """One planted error. `row` counts the rows under the header from 1; `column` is an id.

    `outcome`: a reader of the file must quarantine it, or can read it all the same.
    """

    dataset: str
    row: int
    column: str
    kind: str
    value: str
    outcome: Literal["quarantined", "read"]


def _wrong_check_digit(text: str) -> str:
    return text[:-1] + CHARACTERS[(CHARACTERS.find(text[-1]) + 1) % len(CHARACTERS)]


def _text_in_number(text: str) -> str:
    return f"约{text}"


def _negative(text: str) -> str:
    return f"-{text}"


def _thousands_separators(text: str) -> str:
    return f"{Decimal(text):,f}"


def _full_width_digits(text: str) -> str:
    return text.translate({code: code + 0xFEE0 for code in range(ord("."), ord("9") + 1)})


def _unknown_industry(_: str) -> str:
    return "9999"


def _malformed_region(text: str) -> str:
    return text[:-1]


def _swapped_digits(text: str) -> str:
    return text[0] + text[2] + text[1] + text[3]


def _impossible_date(text: str) -> str:
    return f"{text[:4]}-02-30"


def _unknown_choice(text: str) -> str:
    return f"{text}？"


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    column_kind: str
    spoil: Callable[[str], str]
    outcome: Literal["quarantined", "read"] = "quarantined"
    where: Callable[[str, Column], bool] = lambda text, column: True


def _nonzero_and_bounded(text: str, column: Column) -> bool:
    return column.min is not None and column.min >= 0 and Decimal(text) > 0


_KINDS = (
    _Kind("wrong_check_digit", "credit_code", _wrong_check_digit),
    _Kind("text_in_number", "quantity", _text_in_number),
    _Kind("negative_value", "quantity", _negative, where=_nonzero_and_bounded),
    _Kind("year_off", "year", _swapped_digits, where=lambda text, _: text[1] != text[2]),
    _Kind("unknown_code", "industry_code", _unknown_industry),
    _Kind("malformed_code", "region_code", _malformed_region),
    _Kind("impossible_date", "date", _impossible_date),
    _Kind("unknown_choice", "choice", _unknown_choice),
    _Kind(
        "thousands_separators",
        "quantity",
        _thousands_separators,
        "read",
        where=lambda text, _: Decimal(text) >= 1000,
    ),
    _Kind("full_width_digits", "quantity", _full_width_digits, "read"),
)
_DUPLICATE = "duplicate_row"


@dataclass(slots=True)
class Planter:
    """Spoils the rows of one dataset, part by part, and remembers what it spoilt."""

    dataset: Dataset
    seed: int
    rate: float
    faults: list[Fault] = field(default_factory=list)
    _written: int = 0
    _owed: float = 0.0
    _turn: int = 0

    def plant(self, table: dict[str, Cells], spared: Flags) -> dict[str, Cells]:
        """The next rows of the file with faults in them; rows that are `spared` stay sound.

        One fault a row at most, the kinds in turn. A duplicate comes right after its original.
        """
        count = len(spared)
        draw = stream(self.seed, f"faults/{self.dataset.id}/{self._written}")
        self._owed += self.rate * count
        chosen = draw.permutation(np.flatnonzero(~spared))[: int(self._owed)]
        self._owed -= int(self._owed)
        copies = np.ones(count, dtype=np.int64)
        spoilt: dict[str, dict[int, str]] = {}
        planted: list[tuple[int, Fault]] = []
        for row in (int(row) for row in np.sort(chosen)):
            fault = self._fault(table, row, draw)
            planted.append((row, fault))
            if fault.kind == _DUPLICATE:
                copies[row] = 2
            else:
                spoilt.setdefault(fault.column, {})[row] = fault.value
        self._remember(planted, copies)
        spoilt_table = {
            name: _replaced(cells, spoilt[name]) if name in spoilt else cells
            for name, cells in table.items()
        }
        order = pa.array(np.repeat(np.arange(count), copies))
        return {name: cells.take(order) for name, cells in spoilt_table.items()}

    def _fault(self, table: dict[str, Cells], row: int, draw: np.random.Generator) -> Fault:
        """The next kind in turn that the row's cells allow; a duplicate is always possible."""
        for step in range(len(_KINDS) + 1):
            turn = (self._turn + step) % (len(_KINDS) + 1)
            if turn == len(_KINDS):
                break
            kind = _KINDS[turn]
            fitting = [
                (column, text)
                for column in self.dataset.columns
                if column.kind == kind.column_kind
                and (text := table[column.id][row].as_py()) is not None
                and kind.where(text, column)
            ]
            if fitting:
                self._turn = turn + 1
                column, text = fitting[int(draw.integers(len(fitting)))]
                value = kind.spoil(text)
                return Fault(self.dataset.id, row, column.id, kind.name, value, kind.outcome)
        self._turn = 0
        return Fault(self.dataset.id, row, WHOLE_ROW, _DUPLICATE, "", "quarantined")

    def _remember(self, planted: list[tuple[int, Fault]], copies: np.ndarray) -> None:
        # A row ends where all copies up to it end, so a duplicate is named by its second copy.
        ends = self._written + np.cumsum(copies)
        self.faults.extend(
            Fault(f.dataset, int(ends[row]), f.column, f.kind, f.value, f.outcome)
            for row, f in planted
        )
        self._written = int(ends[-1]) if len(ends) else self._written


def _replaced(cells: Cells, new: dict[int, str]) -> Cells:
    mask = np.zeros(len(cells), dtype=bool)
    mask[list(new)] = True
    return pc.replace_with_mask(cells, pa.array(mask), pa.array(new.values(), pa.string()))
