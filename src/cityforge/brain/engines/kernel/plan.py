"""Writes the steps of the compiled machine for the conditions of a program."""

import ctypes
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from cityforge.brain.engines.kernel import looks, machine
from cityforge.brain.engines.kernel.graph import Node
from cityforge.brain.engines.kernel.machine import STEP, Code, Joint, Look, Plan
from cityforge.brain.engines.kernel.steps import Limit
from cityforge.brain.expr.typed import Op
from cityforge.brain.expr.types import Kind

_RECKONED = {
    Op.ADD: Code.PLUS,
    Op.SUBTRACT: Code.MINUS,
    Op.MULTIPLY: Code.TIMES,
    Op.SCALE: Code.TIMES,
    Op.DIVIDE: Code.OVER,
    Op.ROOT: Code.ROOT,
}


def plan(nodes: Sequence[Node], roots: Sequence[Node]) -> Plan | None:
    """The plan of conditions; None where no machine was built."""
    library = machine.library()
    if library is None or any(root.kind is not Kind.BOOL for root in roots):
        return None
    return _Writer(nodes, roots).plan(library)


class _Writer:
    """Writes the steps: first every atom, those of one column or number together, so that its data
    stay in the cache; then the joints in the order of the graph.

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
            for part in _parts(node) if _is_joint(node) else ():
                number = _read(part)[0].number
                self._readers[number] = self._readers.get(number, 0) + 1
        for number in self._stored:
            if not _is_joint(nodes[number]):
                node = _read(nodes[number])[0]
                self._readers[node.number] = self._readers.get(node.number, 0) + 1
        self._first: dict[int, Node] = {}
        self._inside: set[int] = set()
        self._choose_first()
        self._slots = _Slots()
        self._code: list[dict[str, float]] = []
        self._joined: list[int] = []
        self._looks: list[Look] = []

    def plan(self, library: ctypes.CDLL) -> Plan:
        atoms = [node for node in self._order if not _parts(node)]
        numbers = self._write_atoms(atoms)
        for node in self._order:
            if node.number not in self._inside:
                self._write(node)
        code = np.zeros(len(self._code), STEP)
        for name in ("code", "target", "left", "right", "turned", "number", "real"):
            code[name] = [step.get(name, 0) for step in self._code]
        joints = np.array(self._joined, np.uint32)
        return Plan(library, code, joints, tuple(self._looks), self._slots.most, numbers)

    def _write_atoms(self, atoms: Sequence[Node]) -> int:
        """How many numbers are kept at once."""
        by_operand: dict[int, list[tuple[Node, Limit]]] = {}
        operands = []
        for atom, asked in sorted(map(looks.asked, atoms), key=_looked_at):
            if isinstance(asked, Limit) and _is_reckoned(asked.operand):
                operands.append(asked.operand)
                by_operand.setdefault(asked.operand.number, []).append((atom, asked))
            else:
                look = partial(looks.of_atom, atom, asked)
                self._look(look, target=self._slots.taken(atom.number))
        numbers = _Numbers(self._step, self._look)
        for node in numbers.in_order(operands):
            place = numbers.write(node)
            for atom, asked in by_operand.get(node.number, ()):
                code, turned = looks.REAL[asked.op]
                slot, real = self._slots.taken(atom.number), float(asked.constant)
                self._step(code, target=slot, number=1 + place, turned=turned, real=real)
            numbers.release(node)
        return numbers.slots.most

    def _step(self, code: Code, **fields: float) -> None:
        self._code.append({"code": code, **fields})

    def _joint(self, joint: Joint, place: int, *, turned: int = 0) -> None:
        self._joined.append(16 * place + 8 * turned + joint)

    def _look(self, look: Callable[[int], Look], *, target: int) -> None:
        self._looks.append(look(len(self._code)))
        self._step(Code.ALL, target=target)

    def _choose_first(self) -> None:
        for node in self._order:
            for part in _parts(node) if _is_joint(node) else ():
                is_own = self._readers[_read(part)[0].number] == 1
                if _is_joint(part) and is_own and part.number not in self._stored:
                    self._first[node.number] = part
                    self._inside.add(part.number)
                    break

    def _write(self, node: Node) -> None:
        roots = self._stored.get(node.number, ())
        if _is_joint(node):
            self._join(node)
            if self._readers.get(node.number):
                self._joint(Joint.KEEP, self._slots.taken(node.number))
        elif roots:
            self._take(node)
        for root in roots:
            self._joint(Joint.STORE, root)

    def _join(self, node: Node) -> None:
        chain = [node]
        while chain[-1].number in self._first:
            chain.append(self._first[chain[-1].number])
        is_begun = False
        for joint in reversed(chain):
            join = Joint.AND if joint.op is Op.AND else Joint.OR
            for part in _parts(joint):
                if part is not self._first.get(joint.number):
                    self._take(part, join if is_begun else Joint.TAKE)
                    is_begun = True

    def _take(self, part: Node, joint: Joint = Joint.TAKE) -> None:
        """Read a part, the last time its slot is free."""
        node, turned = _read(part)
        self._joint(joint, self._slots.of[node.number], turned=turned)
        self._readers[node.number] -= 1
        if not self._readers[node.number]:
            self._slots.release(node.number)


@dataclass(slots=True)
class _Slots:
    """Places by node; one that was released is taken again."""

    of: dict[int, int] = field(default_factory=dict)
    most: int = 0
    _free: list[int] = field(default_factory=list)

    def taken(self, node: int) -> int:
        if self._free:
            slot = self._free.pop()
        else:
            slot, self.most = self.most, self.most + 1
        self.of[node] = slot
        return slot

    def release(self, node: int) -> None:
        self._free.append(self.of[node])


def _read(part: Node) -> tuple[Node, int]:
    """What a part reads in the end, and whether it is turned."""
    turned = 0
    while part.op is Op.NOT:
        part, turned = part.children[0], turned ^ 1
    return part, turned


def _is_joint(node: Node) -> bool:
    return node.op in (Op.AND, Op.OR)


def _parts(node: Node) -> tuple[Node, ...]:
    return node.children if node.op in (Op.AND, Op.OR, Op.NOT) else ()


def _joints(nodes: Sequence[Node], roots: Sequence[Node]) -> list[Node]:
    """The joints and atoms of the roots, parts before wholes."""
    wanted = {root.number for root in roots}
    for node in reversed(nodes):
        if node.number in wanted:
            wanted |= {part.number for part in _parts(node)}
    return [node for node in nodes if node.number in wanted]


def _is_reckoned(operand: Node) -> bool:
    """Whether the machine works a number out."""
    return operand.kind is Kind.DOUBLE and operand.op in (*_RECKONED, Op.TO_DOUBLE)


def _looked_at(asked: tuple[Node, Node | Limit]) -> int:
    """The number of the node that an atom looks at."""
    operand = asked[1].operand if isinstance(asked[1], Limit) else asked[1]
    return operand.number


class _Numbers:
    """Writes the steps that work out numbers, each before the first that needs it.

    A number is a constant, reckoned of other numbers, or given: a column, or what NumPy worked out.
    """

    def __init__(self, step: Callable[..., None], look: Callable[..., None]) -> None:
        self.slots = _Slots()
        self._step = step
        self._look = look
        self._readers: dict[int, int] = {}

    def in_order(self, operands: Iterable[Node]) -> list[Node]:
        """All numbers that these need, and these, parts before wholes; readers are counted."""
        found: dict[int, Node] = {}
        waiting = list(operands)
        for node in waiting:
            if node.number not in found:
                found[node.number] = node
                waiting.extend(part for part in _reckoned_of(node))
        for node in found.values():
            for part in (node, *_reckoned_of(node)):
                self._readers[part.number] = self._readers.get(part.number, 0) + 1
        return [found[number] for number in sorted(found)]

    def write(self, node: Node) -> int:
        parts = _reckoned_of(node)
        places = [self.slots.of[part.number] for part in parts]
        slot = self.slots.taken(node.number)
        if parts:
            self._step(_RECKONED[node.op], target=slot, left=places[0], right=places[-1])
        elif node.is_constant and node.value is not None:
            self._step(Code.FILL, target=slot, real=float(str(node.value)))
        else:
            self._look(partial(looks.of_given, node), target=slot)
        for part in parts:
            self.release(part)
        return slot

    def release(self, node: Node) -> None:
        """One reader less; after the last the place is free."""
        self._readers[node.number] -= 1
        if not self._readers[node.number]:
            self.slots.release(node.number)


def _reckoned_of(node: Node) -> tuple[Node, ...]:
    """The numbers that a number is reckoned of; none where it is given."""
    return node.children if node.kind is Kind.DOUBLE and node.op in _RECKONED else ()
