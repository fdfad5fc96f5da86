"""How the machine's steps look at their data: which code, at what width, against which limit.

Where the machine knows no way NumPy stands in, and hands over planes or doubles.
"""

from collections.abc import Callable

import numpy as np

from cityforge.brain.engines.kernel import steps, truths, vectors
from cityforge.brain.engines.kernel.graph import COLUMNS, Node
from cityforge.brain.engines.kernel.machine import Code, Coded, Look
from cityforge.brain.engines.kernel.steps import Block, Limit
from cityforge.brain.engines.kernel.truths import Truth
from cityforge.brain.engines.kernel.vectors import Vector
from cityforge.brain.expr.typed import Op
from cityforge.brain.expr.types import Kind

_WHOLE = {np.dtype(f"i{1 << n}"): n for n in range(4)}
_WORDS = {np.dtype("u1"): 0, np.dtype("u2"): 1, np.dtype("i4"): 2}
REAL = {
    Op.AT_LEAST: (Code.LEAST_REAL, False),
    Op.LESS: (Code.LEAST_REAL, True),
    Op.MORE: (Code.MORE_REAL, False),
    Op.AT_MOST: (Code.MORE_REAL, True),
    Op.EQUAL: (Code.EQUAL_REAL, False),
    Op.UNEQUAL: (Code.EQUAL_REAL, True),
}


def asked(atom: Node) -> tuple[Node, Node | Limit]:
    """An atom and what it asks: a text by its words, a number by a limit, or itself."""
    return atom, steps.of_words(atom) or steps.of_constant(atom) or atom


def of_atom(atom: Node, asked: Node | Limit, place: int) -> Look:
    """An atom needs what its step of NumPy needs, which stands in where the machine cannot."""
    if isinstance(asked, Limit):
        coded = _real if asked.operand.kind is Kind.DOUBLE else _whole
        return _looks_at(asked.operand, atom, place, lambda block: coded(atom, asked, block))
    if asked is atom:
        return _looks_at(atom, atom, place, lambda block: _planes(block.truth(atom)))
    return _looks_at(asked, atom, place, lambda block: _words(atom, asked, block))


def of_given(node: Node, place: int) -> Look:
    """A number that is a column, or that NumPy works out; whole numbers are turned to doubles."""
    given = node.children[0] if node.op is Op.TO_DOUBLE else node
    column = given if given.op in COLUMNS else None
    needs = () if column is not None else (given,)
    factor = int(str(node.value)) if node.op is Op.TO_DOUBLE and node.value is not None else None
    return Look(needs, lambda block: _load(block.vector(given), factor, block), place, column)


def _looks_at(operand: Node, node: Node, place: int, coded: Callable[[Block], Coded]) -> Look:
    if operand.op in COLUMNS:
        return Look((), coded, place, column=operand)
    needs = steps.step(node).needs if operand is not node else (node,)
    return Look(needs, coded, place)


def _load(vector: Vector, factor: int | None, block: Block) -> Coded:
    """The nearest doubles; with a factor as vectors.counted_whole has them."""
    width = _WHOLE.get(vector.data.dtype)
    if width is not None and _is_plain(vector, block):
        code = Code(Code.LOAD_8 + width)
        times = vectors.times_exact(vector, factor) if factor else None
        if times is not None:
            return Coded(code, vector.data, vector.valid, whole=times, real=1.0)
        if factor is None and vectors.is_exact_in_double(vector):
            return Coded(code, vector.data, vector.valid, whole=1, real=float(10**vector.scale))
    found = vector
    if vector.data.dtype != np.float64:
        found = vectors.counted_whole(vector, factor) if factor else vectors.to_double(vector)
    data = np.ascontiguousarray(np.broadcast_to(found.data, (block.rows,)))
    return Coded(Code.LOAD_REAL, data, found.valid, whole=1, real=1.0)


def _planes(truth: Truth) -> Coded:
    true, false = (np.ascontiguousarray(side) for side in (truth.true, truth.false))
    return Coded(Code.PLANES, true, false)


def _by_numpy(node: Node, block: Block) -> Coded:
    found = steps.step(node).run(block)
    assert isinstance(found, Truth)
    return _planes(found)


def _is_plain(vector: Vector, block: Block) -> bool:
    return vector.data.shape == (block.rows,) and vector.data.flags.c_contiguous


def _words(node: Node, child: Node, block: Block) -> Coded:
    vector = block.vector(child)
    width = _WORDS.get(vector.data.dtype)
    if width is None or not _is_plain(vector, block):
        return _by_numpy(node, block)
    asked = steps.word_table(node, vector, block)
    if len(asked.runs) == 1:
        ((first, end),) = asked.runs
        if end - first == len(asked.truths):  # more than the width of the data may count
            return Coded(Code.ALL, valid=vector.valid, whole=1)
        code = Code(Code.RUN_8 + width)
        return Coded(code, vector.data, vector.valid, whole=first, span=end - first)
    code = Code(Code.WORD_8 + width)
    return Coded(code, vector.data, vector.valid, asked.truths.view(np.uint8), asked.bits)


def _whole(node: Node, limit: Limit, block: Block) -> Coded:
    vector = block.vector(limit.operand)
    width = _WHOLE.get(vector.data.dtype)
    if width is None or not _is_plain(vector, block):
        return _by_numpy(node, block)
    cut = truths.cut(limit.op, vector.bounds, limit.constant * 10**vector.scale)
    if cut.limit is None:
        return Coded(Code.ALL, valid=vector.valid, whole=int(cut.truth), turned=cut.turned)
    code = Code((Code.EQUAL_8 if cut.is_equal else Code.LEAST_8) + width)
    return Coded(code, vector.data, vector.valid, whole=cut.limit, turned=cut.turned)


def _real(node: Node, limit: Limit, block: Block) -> Coded:
    vector = block.vector(limit.operand)
    if vector.data.dtype != np.float64 or not _is_plain(vector, block):
        return _by_numpy(node, block)
    code, turned = REAL[limit.op]
    return Coded(code, vector.data, vector.valid, real=float(limit.constant), turned=turned)
