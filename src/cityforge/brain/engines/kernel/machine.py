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
from cityforge.brain.engines.kernel.frame import Frame
from cityforge.brain.engines.kernel.graph import COLUMNS, Node
from cityforge.brain.engines.kernel.planes import Planes
from cityforge.brain.engines.kernel.steps import Block
from cityforge.brain.engines.kernel.truths import Truth
from cityforge.brain.engines.kernel.vectors import Array, Vector
from cityforge.brain.expr.typed import Op
from cityforge.brain.expr.types import Kind

SOURCE = Path(__file__).with_suffix(".c")
Code = IntEnum(
    "Code",
    "TAKE AND OR KEEP STORE PLANES ALL LEAST_8 LEAST_16 LEAST_32 LEAST_64 EQUAL_8 EQUAL_16 EQUAL_32"
    " EQUAL_64 LEAST_REAL MORE_REAL EQUAL_REAL WORD_8 WORD_16 WORD_32 RUN_8 RUN_16 RUN_32",
    start=0,
)
_STEP = np.dtype(
    [
        *((name, np.int32) for name in ("code", "target", "read", "turned")),
        *((name, np.uintp) for name in ("data", "valid", "table", "bits")),
        *((name, np.int64) for name in ("whole", "span")),
        ("real", np.float64),
    ]
)
_WHOLE = {np.dtype(f"i{1 << n}"): n for n in range(4)}
_WORDS = {np.dtype("u1"): 0, np.dtype("u2"): 1, np.dtype("i4"): 2}
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
    for told in (found.step_size, found.slot_size, found.most_words):
        told.restype = ctypes.c_int64
    whole, place = ctypes.c_int64, ctypes.c_void_p
    found.run.argtypes = (place, whole, whole, place, place, place, place, whole, whole)
    found.run.restype = None
    is_ours = found.step_size() == _STEP.itemsize and found.most_words() == truths.MOST_WORDS
    return found if is_ours else None


@dataclass(frozen=True, slots=True)
class Coded:
    """An atom over one block; `kept` owns the memory that is pointed to."""

    code: Code
    data: Array | None = None
    valid: Array | None = None
    table: Array | None = None
    bits: Array | None = None
    whole: int = 0
    span: int = 0
    real: float = 0.0
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Atom:
    """A condition that is looked at, not joined; `needs` are worked out by NumPy before.

    place   of its step in the code of the plan
    column  what it looks at is a column of the frame as it stands: told once for all blocks
    """

    needs: tuple[Node, ...]
    coded: Callable[[Block], Coded]
    place: int
    column: Node | None = None


@dataclass(slots=True)
class Bound:
    """The code of a plan over one frame, atoms of columns completed; `kept` owns their memory.

    places, widths  the steps whose data begin further on in each block, and by how many bits a row
    """

    frame: Frame
    code: Array
    kept: list[Coded]
    places: Array
    widths: Array

    def at(self, start: int) -> Array:
        """The code for a block that begins at a row."""
        code = self.code.copy()
        code["data"][self.places] += self.widths * np.uintp(start) // np.uintp(8)
        valid = code["valid"][self.places]
        code["valid"][self.places] = np.where(valid > 0, valid + np.uintp(start // 8), valid)
        return code


@dataclass(slots=True)
class Plan:
    """The steps of a program for the machine; those of atoms are completed for each frame, or for
    each block where NumPy worked out what they look at."""

    machine: ctypes.CDLL
    code: Array
    atoms: tuple[Atom, ...]
    slots: int
    may_be_wide: bool = True
    _bound: Bound | None = None

    @property
    def needs(self) -> tuple[Node, ...]:
        return tuple({node.number: node for atom in self.atoms for node in atom.needs}.values())

    def fill(self, block: Block, planes: Planes) -> None:
        """The planes of the block's rows."""
        bound = self._bound
        if bound is None or bound.frame is not block.frame:
            bound = self._bound = self._bind(block)
        code = bound.at(block.start)
        kept = [(atom, atom.coded(block)) for atom in self.atoms if atom.column is None]
        for atom, one in kept:
            _complete(code[atom.place], one)
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
            self.may_be_wide,
        )

    def _bind(self, block: Block) -> Bound:
        whole = block.whole()
        code, kept, places, widths = self.code.copy(), [], [], []
        for atom in self.atoms:
            if atom.column is None:
                continue
            if atom.column.number not in whole.found:
                whole.found[atom.column.number] = steps.step(atom.column).run(whole)
            one = atom.coded(whole)
            _complete(code[atom.place], one)
            kept.append(one)
            places.append(atom.place)
            is_plane = one.code is Code.PLANES
            widths.append(0 if one.data is None else 1 if is_plane else 8 * one.data.itemsize)
        return Bound(
            block.frame, code, kept, np.array(places, np.int64), np.array(widths, np.uintp)
        )


def _complete(step: Array, one: Coded) -> None:
    step["code"], step["turned"] = one.code, one.turned
    step["whole"], step["span"], step["real"] = one.whole, one.span, one.real
    step["data"], step["valid"] = _address(one.data), _address(one.valid)
    step["table"], step["bits"] = _address(one.table), _address(one.bits)


def _address(array: Array | None) -> int:
    return 0 if array is None else int(array.__array_interface__["data"][0])


def plan(nodes: Sequence[Node], roots: Sequence[Node]) -> Plan | None:
    """The plan of conditions; None where no machine was built."""
    machine = library()
    if machine is None or any(root.kind is not Kind.BOOL for root in roots):
        return None
    return _Writer(nodes, roots).plan(machine)


class _Writer:
    """Writes steps in the order of the graph.

    A joint is joined in the machine's one register; it is kept in a slot only for readers that
    come later. A part that no one else reads is joined first, and its result stays in the register.
    A slot is free again after its last reader.
    """

    def __init__(self, nodes: Sequence[Node], roots: Sequence[Node]) -> None:
        self._stored: dict[int, list[int]] = {}
        for place, root in enumerate(roots):
            self._stored.setdefault(root.number, []).append(place)
        self._order = _joints(nodes, roots)
        self._readers: dict[int, int] = {}
        for node in self._order:
            for part in () if node.op is Op.NOT else _parts(node):
                number = _read(part)[0].number
                self._readers[number] = self._readers.get(number, 0) + 1
        for number in self._stored:
            node = _read(nodes[number])[0]
            if node.number != number:
                self._readers[node.number] = self._readers.get(node.number, 0) + 1
        self._first: dict[int, Node] = {}
        self._inside: set[int] = set()
        self._choose_first()
        self._slot: dict[int, int] = {}
        self._free: list[int] = []
        self._slots = 0
        self._code: list[tuple[int, int, int]] = []
        self._atoms: list[Atom] = []

    def plan(self, machine: ctypes.CDLL) -> Plan:
        for node in self._order:
            if node.number not in self._inside:
                self._write(node)
        code = np.zeros(len(self._code), _STEP)
        for number, name in enumerate(("code", "target", "read")):
            code[name] = [step[number] for step in self._code]
        return Plan(machine, code, tuple(self._atoms), self._slots)

    def _choose_first(self) -> None:
        for node in self._order:
            for part in _parts(node) if node.op is not Op.NOT else ():
                is_own = self._readers[_read(part)[0].number] == 1
                if part.op in (Op.AND, Op.OR) and is_own and part.number not in self._stored:
                    self._first[node.number] = part
                    self._inside.add(part.number)
                    break

    def _write(self, node: Node) -> None:
        roots = self._stored.get(node.number, ())
        if node.op is Op.NOT:
            if roots:
                self._take(node)
        elif _parts(node):
            self._join(node)
            if self._readers.get(node.number):
                self._code.append((Code.KEEP, self._taken(node), 0))
        else:
            place = len(self._code)
            self._atoms.append(_atom(node, place))
            self._code.append((Code.ALL, self._taken(node), 0))
            if roots:
                self._code.append((Code.TAKE, 0, 2 * self._slot[node.number]))
        for root in roots:
            self._code.append((Code.STORE, root, 0))

    def _join(self, node: Node) -> None:
        chain = [node]
        while chain[-1].number in self._first:
            chain.append(self._first[chain[-1].number])
        is_begun = False
        for joint in reversed(chain):
            join = Code.AND if joint.op is Op.AND else Code.OR
            for part in _parts(joint):
                if part is not self._first.get(joint.number):
                    self._take(part, join if is_begun else Code.TAKE)
                    is_begun = True

    def _take(self, part: Node, code: Code = Code.TAKE) -> None:
        """Read a part, the last time its slot is free."""
        node, turned = _read(part)
        slot = self._slot[node.number]
        self._code.append((code, 0, 2 * slot + turned))
        self._readers[node.number] -= 1
        if not self._readers[node.number]:
            self._free.append(slot)

    def _taken(self, node: Node) -> int:
        if self._free:
            slot = self._free.pop()
        else:
            slot, self._slots = self._slots, self._slots + 1
        self._slot[node.number] = slot
        return slot


def _read(part: Node) -> tuple[Node, int]:
    """What a part reads in the end, and whether it is turned."""
    turned = 0
    while part.op is Op.NOT:
        part, turned = part.children[0], turned ^ 1
    return part, turned


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
    if child is not None:
        return _looks_at(child, node, place, lambda block: _words(node, child, block))
    limit = steps.of_constant(node)
    if limit is None:
        return _looks_at(node, node, place, lambda block: _planes(block.truth(node)))
    op, operand, constant = limit
    coded = _real if operand.kind is Kind.DOUBLE else _whole
    return _looks_at(operand, node, place, lambda block: coded(node, op, operand, constant, block))


def _looks_at(operand: Node, node: Node, place: int, coded: Callable[[Block], Coded]) -> Atom:
    if operand.op in COLUMNS:
        return Atom((), coded, place, column=operand)
    needs = steps.step(node).needs if operand is not node else (node,)
    return Atom(needs, coded, place)


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
        code = Code(Code.RUN_8 + width)
        return Coded(code, vector.data, vector.valid, whole=first, span=end - first)
    code = Code(Code.WORD_8 + width)
    return Coded(code, vector.data, vector.valid, asked.truths.view(np.uint8), asked.bits)


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
