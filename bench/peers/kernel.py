"""Our own kernel beside its peers: with the compiled machine, and by NumPy alone."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

import kernel_workload as workload
from cityforge.brain.engines.kernel import machine
from cityforge.brain.engines.kernel.frame import Frame
from cityforge.brain.engines.kernel.planes import Planes
from cityforge.brain.engines.kernel.program import compile

PIECE = 2**18  # rows at a time where the planes of all would be too large
HALF = PIECE // 2  # a block for each of two threads


def is_built() -> bool:
    return machine.library() is not None


class Numpy:
    is_compiled = False

    def __init__(self, table: pa.Table, policies: Sequence[workload.Joint]) -> None:
        self._frame = Frame.of(table)
        self._conditions = workload.typed(list(policies))
        self._program = compile(self._conditions, as_of=workload.AS_OF, compiled=self.is_compiled)
        self._planes: Planes | None = None

    def match(self) -> None:
        """The first prepares the columns and takes fresh planes; the next write over them."""
        self._planes = self._program.run(self._frame, out=self._planes)

    def match_one(self, number: int) -> None:
        """From the checked tree to fresh planes."""
        one = [self._conditions[number]]
        compile(one, as_of=workload.AS_OF, compiled=self.is_compiled).run(self._frame)

    def answers(self) -> Planes:
        assert self._planes is not None
        return self._planes

    def memory_pass(self) -> None:
        """Reads every column once and writes both planes: what no machine can do without."""
        _read(self._frame, self._program.columns)
        planes = self.answers()
        planes.true[:] = 0
        planes.false[:] = 0


class Compiled(Numpy):
    is_compiled = True


class InPieces:
    """Counts only: the rows are taken in pieces, so that the planes stay small."""

    def __init__(self, table: pa.Table, policies: Sequence[workload.Joint]) -> None:
        self._frames = [
            Frame.of(table.slice(first, PIECE)) for first in range(0, table.num_rows, PIECE)
        ]
        self._program = compile(workload.typed(list(policies)), as_of=workload.AS_OF)
        self._planes = {
            rows: Planes.empty(len(policies), rows) for rows in {f.rows for f in self._frames}
        }

    def match(self) -> None:
        for frame in self._frames:
            self._program.run(frame, block=HALF, out=self._planes[frame.rows])

    def counts(self) -> tuple[np.ndarray, np.ndarray]:
        """Of each policy, the enterprises that are known true and known false."""
        found = [
            self._program.run(frame, block=HALF, out=self._planes[frame.rows]).counts()
            for frame in self._frames
        ]
        return sum(one.true for one in found), sum(one.false for one in found)

    def memory_pass(self) -> None:
        for frame in self._frames:
            _read(frame, self._program.columns)
            planes = self._planes[frame.rows]
            planes.true[:] = 0
            planes.false[:] = 0


def _read(frame: Frame, names: Sequence[str]) -> None:
    """Every byte of the columns and of what is known of them, by the widest words there are."""
    for name in names:
        column = frame.column(name)
        for part in (column.data, column.valid):
            if part is not None:
                bytes_ = part.view(np.uint8)
                whole = len(bytes_) // 8 * 8
                np.bitwise_or.reduce(bytes_[:whole].view(np.uint64))
