"""Expressions over a table computed again and again, with some of its columns put in anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cityforge.brain.engines.kernel.frame import Column, Frame
from cityforge.brain.engines.kernel.planes import unpacked
from cityforge.brain.engines.kernel.program import Program, compile, prepared_frame
from cityforge.brain.engines.kernel.steps import Block
from cityforge.brain.expr.typed import Typed
from cityforge.brain.expr.types import Kind

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Changing:
    """Expressions made ready over one table.

    kinds  of each expression: a number comes as a double, a condition as 1.0 or 0.0
    """

    program: Program
    frame: Frame
    kinds: tuple[Kind, ...]

    @classmethod
    def of(
        cls,
        expressions: Sequence[Typed],
        table: pa.Table,
        *,
        as_of: date,
        parameters: Mapping[str, object],
    ) -> "Changing":
        """Doubles and conditions over a table of facts."""
        program = compile(expressions, as_of=as_of, parameters=parameters, compiled=False)
        frame = prepared_frame(program, table)
        return cls(program, frame, tuple(typed.type.kind for typed in expressions))

    def whole(self, name: str) -> tuple[Whole, Bools, int] | None:
        """A column of exact numbers: in units of 10**-scale, where known, and the scale.

        None where the table has no such column, or 64 bits do not hold its numbers.
        """
        if name not in self.program.columns or not self.frame.holds(name):
            return None
        column = self.frame.column(name)
        if column.kind is not Kind.EXACT or column.data.dtype == object:
            return None
        rows = self.frame.rows
        known = np.ones(rows, np.bool_) if column.valid is None else unpacked(column.valid, rows)
        return column.data.astype(np.int64), known, column.scale

    def computed(self, changed: Mapping[str, Whole] | None = None) -> list[Floats]:
        """Every expression for every row, NaN where missing or unknown.

        changed  whole numbers in place of a column's; what is missing there stays missing
        """
        frame = self.frame
        if changed:
            anew = {name: self._anew(name, numbers) for name, numbers in changed.items()}
            frame = replace(frame, _columns={**frame._columns, **anew})
        block = self.program.computed(frame, 0, frame.rows)
        pairs = zip(range(len(self.kinds)), self.kinds, strict=True)
        return [
            self._truth(block, i) if kind is Kind.BOOL else self._double(block, i)
            for i, kind in pairs
        ]

    def _anew(self, name: str, numbers: Whole) -> Column:
        column = self.frame.column(name)
        low, high = (int(numbers.min()), int(numbers.max())) if len(numbers) else (0, 0)
        return replace(column, data=numbers, bounds=(low, high))

    def _double(self, block: Block, root: int) -> Floats:
        vector = block.vector(self.program.roots[root])
        data = np.array(np.broadcast_to(vector.data, (block.rows,)), dtype=np.float64)
        if vector.valid is not None:
            data[~unpacked(vector.valid, block.rows)] = np.nan
        return data

    def _truth(self, block: Block, root: int) -> Floats:
        truth = block.truth(self.program.roots[root])
        data = np.full(block.rows, np.nan)
        data[unpacked(truth.true, block.rows)] = 1.0
        data[unpacked(truth.false, block.rows)] = 0.0
        return data
