"""Many expressions over a table of facts at once: the vectorised machine of the language.

Parts that several expressions share are computed once a block; truth is two packed planes, joined
by whole words. Every answer is that of the reference interpreter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from cityforge.brain.engines.kernel import plan as plans
from cityforge.brain.engines.kernel import rounding, vectors
from cityforge.brain.engines.kernel.frame import Frame
from cityforge.brain.engines.kernel.graph import Graph, Node
from cityforge.brain.engines.kernel.machine import Plan
from cityforge.brain.engines.kernel.planes import Planes, packed_width, unpacked
from cityforge.brain.engines.kernel.steps import (
    Block,
    Step,
    Together,
    Words,
    looked_up_together,
    step,
)
from cityforge.brain.engines.kernel.threads import in_threads
from cityforge.brain.engines.kernel.vectors import Vector
from cityforge.brain.expr.typed import Typed
from cityforge.brain.expr.types import MOST_DIGITS, Kind

Table: TypeAlias = "pa.Table | pa.RecordBatch | Frame"
BLOCK = 2**18  # rows at most; fewer where threads would else have nothing to do
_NOTHING: Mapping[str, object] = {}
_LINE = 512  # rows
_EXACT = Context(prec=100)


@dataclass(frozen=True)
class Program:
    """Expressions made ready; the same program may run over many tables.

    columns   the columns of a table of facts that are read; one the table lacks is missing
    plan      how a compiled machine joins the truths, where one was built
    together  of the steps, the conditions on texts that are looked up at once
    """

    roots: tuple[Node, ...]
    steps: tuple[Step, ...]
    drops: tuple[tuple[int, ...], ...]
    as_of: date
    columns: tuple[str, ...]
    plan: Plan | None = None
    together: Together = field(default_factory=dict)
    _words: Words = field(default_factory=dict)

    def run(
        self, table: Table, *, threads: int = 2, block: int = BLOCK, out: Planes | None = None
    ) -> Planes:
        """The truth of every condition for every row.

        table   a Frame serves several programs with columns prepared once
        block   rows at a time at most, a multiple of 8
        out     planes of the same shape to be written over: fresh memory costs more than the work
        """
        frame = Frame.of(table)
        planes = out if out is not None else Planes.empty(len(self.roots), frame.rows)
        # A block begins with a cache line of the planes and columns.
        block = min(block, -(-frame.rows // threads // _LINE) * _LINE or _LINE)
        frame.prepare(self.columns)
        starts = range(0, frame.rows, block)
        in_threads(lambda start: self._fill(frame, start, block, planes), starts, threads)
        return planes

    def _fill(self, frame: Frame, start: int, block: int, planes: Planes) -> None:
        made = self.computed(frame, start, min(start + block, frame.rows))
        if self.plan is not None:
            self.plan.fill(made, planes)
            return
        first = start // 8
        last = first + packed_width(made.rows)
        for number, root in enumerate(self.roots):
            truth = made.truth(root)
            planes.true[number, first:last] = truth.true
            planes.false[number, first:last] = truth.false

    def computed(self, frame: Frame, start: int, stop: int) -> Block:
        """A block with the roots computed; what no root needs any more is dropped on the way."""
        made = Block.of(frame, start, stop, self.as_of, self._words, self.together)
        with np.errstate(all="ignore"):
            for one, drops in zip(self.steps, self.drops, strict=True):
                made.found[one.node.number] = one.run(made)
                for number in drops:
                    del made.found[number]
        return made


def compile(
    expressions: Sequence[Typed],
    *,
    as_of: date,
    parameters: Mapping[str, object] = _NOTHING,
    compiled: bool = True,
) -> Program:
    """A program of checked expressions, with parameters bound to values in force.

    compiled   conditions go to the compiled machine where one was built: the answers are the same
    """
    graph = Graph(as_of, parameters)
    roots = tuple(graph.add(typed) for typed in expressions)
    plan = plans.plan(graph.nodes, roots) if compiled else None
    wanted = roots if plan is None else plan.needs
    steps = _needed(graph.nodes, wanted)
    columns, together = tuple(graph.columns()), looked_up_together(steps)
    return Program(roots, steps, _drops(steps, wanted), as_of, columns, plan, together)


def values(
    typed: Typed,
    table: Table,
    *,
    as_of: date,
    parameters: Mapping[str, object] = _NOTHING,
    compiled: bool = True,
) -> pa.Array:
    """One expression as an Arrow column: decimal128, float64, bool, string or date32."""
    frame = Frame.of(table)
    program = compile([typed], as_of=as_of, parameters=parameters, compiled=compiled)
    if typed.type.kind is Kind.BOOL:
        return program.run(frame).truth(0)
    return _column(_vector(program, frame), typed.type.kind, frame.rows)


def whole_numbers(
    typed: Typed,
    table: Table,
    *,
    decimals: int,
    as_of: date,
    parameters: Mapping[str, object] = _NOTHING,
) -> pa.Array:
    """A number in whole units of a decimal (money in 分: decimals=2), int64; missing stays missing.

    Rounded half away from zero; of a double its shortest decimal text is rounded, as the reference
    would. Raises OverflowError where 64 bits do not hold one.
    """
    frame = Frame.of(table)
    program = compile([typed], as_of=as_of, parameters=parameters, compiled=False)
    vector = _vector(program, frame)
    if typed.type.kind is Kind.DOUBLE:
        data = rounding.of_doubles(np.broadcast_to(vector.data, (frame.rows,)), decimals)
    else:
        cut = vectors.rescaled(vectors.rounded(vector, decimals), decimals)
        data = np.broadcast_to(cut.data, (frame.rows,)).astype(np.int64)
    return pa.array(data, pa.int64(), mask=_mask(vector, frame.rows))


def prepared_frame(program: Program, table: Table) -> Frame:
    """A table with the columns prepared that a program reads."""
    frame = Frame.of(table)
    frame.prepare(program.columns)
    return frame


def _vector(program: Program, frame: Frame) -> Vector:
    prepared_frame(program, frame)
    return program.computed(frame, 0, frame.rows).vector(program.roots[0])


def _needed(nodes: Sequence[Node], roots: Sequence[Node]) -> tuple[Step, ...]:
    """The steps that the roots need: a constant beside a comparison is not."""
    wanted: dict[int, Step] = {}
    waiting = [root.number for root in roots]
    while waiting:
        number = waiting.pop()
        if number not in wanted:
            wanted[number] = step(nodes[number])
            waiting.extend(node.number for node in wanted[number].needs)
    return tuple(wanted[number] for number in sorted(wanted))


def _drops(steps: Sequence[Step], roots: Sequence[Node]) -> tuple[tuple[int, ...], ...]:
    """After each step, the nodes that it was the last to need; the roots stay."""
    kept = {root.number for root in roots}
    last: dict[int, int] = {}
    for place, one in enumerate(steps):
        last |= {node.number: place for node in one.needs}
    drops: list[list[int]] = [[] for _ in steps]
    for number, place in last.items():
        if number not in kept:
            drops[place].append(number)
    return tuple(tuple(drop) for drop in drops)


def _column(vector: Vector, kind: Kind, rows: int) -> pa.Array:
    mask = _mask(vector, rows)
    data = np.broadcast_to(vector.data, (rows,))
    if kind is Kind.DOUBLE:
        return pa.array(data, pa.float64(), mask=mask)
    if kind is Kind.DATE:
        return pa.array(data.astype(np.int32), pa.int32(), mask=mask).cast(pa.date32())
    if kind is Kind.TEXT:
        words = pa.array(vector.words or [""], pa.string())
        return words.take(pa.array(data.astype(np.int64), mask=mask))
    return _decimals(vector, data, mask)


def _mask(vector: Vector, rows: int) -> vectors.Array | None:
    return None if vector.valid is None else ~unpacked(vector.valid, rows)


def _decimals(vector: Vector, data: vectors.Array, mask: vectors.Array | None) -> pa.Array:
    type_ = pa.decimal128(MOST_DIGITS, vector.scale)
    if data.dtype == object:
        scaled = [Decimal(int(number)).scaleb(-vector.scale, _EXACT) for number in data]
        return pa.array(scaled, type_, mask=mask)
    halves = np.empty((len(data), 2), np.int64)
    halves[:, 0] = data
    halves[:, 1] = halves[:, 0] >> 63
    known = None if vector.valid is None else pa.py_buffer(np.ascontiguousarray(vector.valid))
    return pa.Array.from_buffers(type_, len(data), [known, pa.py_buffer(halves)])
