"""Truths by a compiled machine, where one was built (machine.c): the answers of NumPy, sooner.

Numbers are still worked out by the steps of NumPy; the machine looks at each atom once a block and
joins the planes. What it does not know (a condition on two columns, a choice) NumPy hands to it.
"""

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np

from cityforge.brain.engines.kernel import steps, truths
from cityforge.brain.engines.kernel.graph import Node
from cityforge.brain.engines.kernel.planes import Planes
from cityforge.brain.engines.kernel.steps import Block
from cityforge.brain.engines.kernel.truths import Truth
from cityforge.brain.engines.kernel.vectors import Array, Vector
from cityforge.brain.expr.typed import Op
from cityforge.brain.expr.types import Kind

SOURCE = Path(__file__).with_suffix(".c")
Code = IntEnum(
    "Code",
    "AND OR STORE PLANES ALL LEAST_8 LEAST_16 LEAST_32 LEAST_64 EQUAL_8 EQUAL_16 EQUAL_32"
    " EQUAL_64 LEAST_REAL MORE_REAL EQUAL_REAL WORD_8 WORD_16 WORD_32",
    start=0,
)
_STEP = np.dtype(
    [
        *((name, np.int32) for name in ("code", "target", "left", "right")),
        *((name, np.uintp) for name in ("data", "valid", "table")),
        ("whole", np.int64),
        ("real", np.float64),
    ]
)
_WHOLE = {np.dtype(f"i{1 << n}"): n for n in range(4)}
_WORDS = {np.dtype("u1"): Code.WORD_8, np.dtype("u2"): Code.WORD_16, np.dtype("i4"): Code.WORD_32}
_REAL = {
    Op.AT_LEAST: (Code.LEAST_REAL, False),
    Op.LESS: (Code.LEAST_REAL, True),
    Op.MORE: (Code.MORE_REAL, False),
    Op.AT_MOST: (Code.MORE_REAL, True),
    Op.EQUAL: (Code.EQUAL_REAL, False),
    Op.UNEQUAL: (Code.EQUAL_REAL, True),
}


def built() -> Path:
    """Where the machine stands once built; one of another source has another name."""
    return SOURCE.with_name(f"machine-{sha256(SOURCE.read_bytes()).hexdigest()[:12]}.so")


@cache
def library() -> ctypes.CDLL | None:
    """The machine; None where none was built."""
    try:
        found = ctypes.CDLL(str(built()))
    except OSError:
        return None
    found.step_size.restype = found.slot_size.restype = ctypes.c_int64
    whole, place = ctypes.c_int64, ctypes.c_void_p
    found.run.argtypes = (place, whole, whole, place, place, place, place, whole)
    found.run.restype = None
    return found if found.step_size() == _STEP.itemsize else None


@dataclass(frozen=True, slots=True)
class Coded:
    """An atom over one block; `kept` owns the memory that is pointed to."""

    code: Code
    data: Array | None = None
    valid: Array | None = None
    table: Array | None = None
    whole: int = 0
    real: float = 0.0
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Atom:
    """A condition that is looked at, not joined; `needs` are worked out by NumPy before.

    place   of its step in the code of the plan
    """

    needs: tuple[Node, ...]
    coded: Callable[[Block], Coded]
    place: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of a program for the machine; those of atoms are completed for each block."""

    machine: ctypes.CDLL
    code: Array
    atoms: tuple[Atom, ...]
    slots: int

    @property
    def needs(self) -> tuple[Node, ...]:
        return tuple({node.number: node for atom in self.atoms for node in atom.needs}.values())

    def fill(self, block: Block, planes: Planes) -> None:
        """The planes of the block's rows."""
        code = self.code.copy()
        kept = [atom.coded(block) for atom in self.atoms]
        for atom, one in zip(self.atoms, kept, strict=True):
            step = code[atom.place]
            step["code"], step["right"] = one.code, one.turned
            step["whole"], step["real"] = one.whole, one.real
            step["data"], step["valid"] = _address(one.data), _address(one.valid)
            step["table"] = _address(one.table)
        slots = np.zeros((max(self.slots, 1), self.machine.slot_size()), np.uint8)
        first = block.start // 8
        self.machine.run(
            _address(code),
            len(code),
            block.rows,
            _address(block.ones),
            _address(slots),
            _address(planes.true) + first,
            _address(planes.false) + first,
            planes.true.strides[0],
        )


def _address(array: Array | None) -> int:
    return 0 if array is None else int(array.__array_interface__["data"][0])


def plan(nodes: Sequence[Node], roots: Sequence[Node]) -> Plan | None:
    """The plan of conditions; None where no machine was built."""
    machine = library()
    if machine is None or any(root.kind is not Kind.BOOL for root in roots):
        return None
    return _Writer(nodes, roots).plan(machine)


class _Writer:
    """Writes steps in the order of the graph; a slot is free again after its last reader."""

    def __init__(self, nodes: Sequence[Node], roots: Sequence[Node]) -> None:
        self._stored: dict[int, list[int]] = {}
        for place, root in enumerate(roots):
            self._stored.setdefault(root.number, []).append(place)
        self._order = _joints(nodes, roots)
        self._readers: dict[int, int] = {}
        for node in self._order:
            for child in _parts(node):
                self._readers[child.number] = self._readers.get(child.number, 0) + 1
        self._reads: dict[int, int] = {}
        self._free: list[int] = []
        self._slots = 0
        self._code: list[tuple[int, int, int, int]] = []
        self._atoms: list[Atom] = []

    def plan(self, machine: ctypes.CDLL) -> Plan:
        for node in self._order:
            self._write(node)
        code = np.zeros(len(self._code), _STEP)
        for number, name in enumerate(("code", "target", "left", "right")):
            code[name] = [step[number] for step in self._code]
        return Plan(machine, code, tuple(self._atoms), self._slots)

    def _write(self, node: Node) -> None:
        parts = _parts(node)
        if node.op is Op.NOT:
            self._reads[node.number] = self._reads[parts[0].number] ^ 1
        elif parts:
            self._join(Code.AND if node.op is Op.AND else Code.OR, node, parts)
        else:
            slot = self._taken()
            self._atoms.append(_atom(node, len(self._code)))
            self._code.append((Code.ALL, slot, 0, 0))
            self._reads[node.number] = 2 * slot
        for root in self._stored.get(node.number, ()):
            self._code.append((Code.STORE, root, self._reads[node.number], 0))
        # What `not` reads lives as long as its own readers do: it shares the slot, so neither is
        # ever given back.
        if node.op is not Op.NOT:
            for part in parts:
                self._read(part)

    def _join(self, code: Code, node: Node, parts: tuple[Node, ...]) -> None:
        slot = self._taken()
        left, *rest = (self._reads[part.number] for part in parts)
        for right in rest or [left]:
            self._code.append((code, slot, left, right))
            left = 2 * slot
        self._reads[node.number] = left

    def _taken(self) -> int:
        if self._free:
            return self._free.pop()
        self._slots += 1
        return self._slots - 1

    def _read(self, part: Node) -> None:
        self._readers[part.number] -= 1
        if not self._readers[part.number] and part.op is not Op.NOT:
            self._free.append(self._reads[part.number] >> 1)


def _parts(node: Node) -> tuple[Node, ...]:
    return node.children if node.op in (Op.AND, Op.OR, Op.NOT) else ()


def _joints(nodes: Sequence[Node], roots: Sequence[Node]) -> list[Node]:
    """The joints and atoms of the roots, parts before wholes."""
    wanted = {root.number for root in roots}
    for node in reversed(nodes):
        if node.number in wanted:
            wanted |= {part.number for part in _parts(node)}
    return [node for node in nodes if node.number in wanted]


def _atom(node: Node, place: int) -> Atom:
    """An atom needs what its step of NumPy needs, which stands in where the machine cannot."""
    child = steps.of_words(node)
    needs = steps.step(node).needs
    if child is not None:
        return Atom(needs, lambda block: _words(node, child, block), place)
    limit = steps.of_constant(node)
    if limit is None:
        return Atom((node,), lambda block: _planes(block.truth(node)), place)
    op, operand, constant = limit
    coded = _real if operand.kind is Kind.DOUBLE else _whole
    return Atom(needs, lambda block: coded(node, op, operand, constant, block), place)


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
    code = _WORDS.get(vector.data.dtype)
    if code is None or not _is_plain(vector, block):
        return _by_numpy(node, block)
    table = steps.word_table(node, vector, block).view(np.uint8)
    return Coded(code, vector.data, vector.valid, table)


def _whole(node: Node, op: Op, operand: Node, constant: Fraction, block: Block) -> Coded:
    vector = block.vector(operand)
    width = _WHOLE.get(vector.data.dtype)
    if width is None or not _is_plain(vector, block):
        return _by_numpy(node, block)
    cut = truths.cut(op, vector.bounds, constant * 10**vector.scale)
    if cut.limit is None:
        return Coded(Code.ALL, valid=vector.valid, whole=int(cut.truth), turned=cut.turned)
    code = Code((Code.EQUAL_8 if cut.is_equal else Code.LEAST_8) + width)
    return Coded(code, vector.data, vector.valid, whole=cut.limit, turned=cut.turned)


def _real(node: Node, op: Op, operand: Node, constant: Fraction, block: Block) -> Coded:
    vector = block.vector(operand)
    if vector.data.dtype != np.float64 or not _is_plain(vector, block):
        return _by_numpy(node, block)
    code, turned = _REAL[op]
    return Coded(code, vector.data, vector.valid, real=float(constant), turned=turned)
