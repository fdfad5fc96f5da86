"""Every operation of the language over a block of rows."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from cityforge.brain.engines import reference
from cityforge.brain.engines.kernel import truths, vectors
from cityforge.brain.engines.kernel.frame import Frame
from cityforge.brain.engines.kernel.graph import COLUMNS, Node
from cityforge.brain.engines.kernel.planes import Bits, packed_width
from cityforge.brain.engines.kernel.truths import Truth
from cityforge.brain.engines.kernel.vectors import Array, Vector
from cityforge.brain.expr.typed import Op, column_name
from cityforge.brain.expr.types import Kind

Found = Truth | Vector
Words = dict[tuple[int, tuple[str, ...]], truths.Asked]
Together = Mapping[int, tuple[Node, ...]]
_EPOCH = date(1970, 1, 1)
_ALONE: Together = {}
_AT_ONCE = 8  # bits of a byte
_LAST = chr(0x10FFFF)  # sorts after every character that a word may go on with


@dataclass(frozen=True, slots=True)
class Block:
    """Rows start..stop of a frame, and what is already known of them by node number.

    words     truths for each word of a column, kept from block to block
    together  the conditions, eight at most, that are looked up with a condition on a text
    looked    what they say of each row, one bit each, by the first of them
    """

    frame: Frame
    start: int
    stop: int
    as_of: date
    words: Words
    together: Together
    ones: Bits
    found: dict[int, Found] = field(default_factory=dict)
    looked: dict[int, Array] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        frame: Frame,
        start: int,
        stop: int,
        as_of: date,
        words: Words,
        together: Together = _ALONE,
    ) -> "Block":
        """`start` is a whole number of bytes of a plane."""
        ones = np.full(packed_width(stop - start), 0xFF, np.uint8)
        if (stop - start) % 8:
            ones[-1] = (1 << (stop - start) % 8) - 1
        return cls(frame, start, stop, as_of, words, together, ones)

    def whole(self) -> "Block":
        """All rows of the frame as one block, nothing known yet."""
        return Block.of(self.frame, 0, self.frame.rows, self.as_of, self.words)

    @property
    def rows(self) -> int:
        return self.stop - self.start

    def bits(self, plane: Bits) -> Bits:
        first = self.start // 8
        return plane[first : first + packed_width(self.rows)]

    def truth(self, node: Node) -> Truth:
        found = self.found[node.number]
        assert isinstance(found, Truth)
        return found

    def vector(self, node: Node) -> Vector:
        found = self.found[node.number]
        assert isinstance(found, Vector)
        return found


@dataclass(frozen=True, slots=True)
class Step:
    """A node and the nodes whose values it needs."""

    node: Node
    needs: tuple[Node, ...]
    run: Callable[[Block], Found]


def step(node: Node) -> Step:
    """What computes a node. A comparison with a constant needs the other side alone."""
    child = of_words(node)
    if child is not None:
        return Step(node, (child,), lambda block: _by_word(node, child, block))
    if node.op in _COMPARISONS:
        return _comparison(node)
    if node.op is Op.IN:
        return _one_of(node)
    if node.op in COLUMNS:
        return Step(node, (), lambda block: _column(node, block))
    if node.op is Op.LITERAL:
        return Step(node, (), lambda block: _constant(node, block))
    table = _TRUTHS if node.kind is Kind.BOOL else _NUMBERS
    run = table[node.op]
    return Step(node, node.children, lambda block: run(node, block))


def of_words(node: Node) -> Node | None:
    """The text that a condition asks about, where all else in it is known beforehand."""
    if node.op is Op.LIKE:
        return node.children[0]
    if node.op not in (Op.EQUAL, Op.UNEQUAL, Op.IN):
        return None
    asked, *others = node.children
    if node.op is not Op.IN and asked.is_constant:
        asked, others = others[0], [asked]
    is_known = all(other.is_constant and other.value is not None for other in others)
    return asked if asked.kind is Kind.TEXT and not asked.is_constant and is_known else None


class Limit(NamedTuple):
    """A number or day compared with a constant; of a double it is the constant's nearest double."""

    op: Op
    operand: Node
    constant: Fraction


def of_constant(node: Node) -> Limit | None:
    """What a comparison holds against a constant, where it is one."""
    if node.op not in _COMPARISONS:
        return None
    (left, right), op = node.children, node.op
    if left.is_constant:
        left, right, op = right, left, truths.TURNED[op]
    if left.is_constant or not right.is_constant or right.value is None:
        return None
    if left.kind is Kind.DOUBLE:
        return Limit(op, left, Fraction(float(str(right.value))))
    if left.kind not in (Kind.EXACT, Kind.DATE) or right.kind is Kind.DOUBLE:
        return None
    operand, factor = _peeled(left)
    return Limit(op, operand, _number(right.value) / factor)


def _comparison(node: Node) -> Step:
    left, right = node.children
    if left.kind is Kind.BOOL:
        return Step(node, (left, right), lambda block: _bools(node.op, left, right, block))
    found = of_constant(node)
    if found is not None and found.operand.kind is not Kind.DOUBLE:
        op, operand, constant = found
        return Step(node, (operand,), lambda block: _against(op, operand, constant, block))
    return Step(
        node,
        (left, right),
        lambda block: truths.compared(
            node.op, block.vector(left), block.vector(right), block.ones, block.rows
        ),
    )


def _peeled(node: Node) -> tuple[Node, Fraction]:
    """A whole number without its conversions, and by what they multiply it."""
    factor = Fraction(1)
    while node.op is Op.SCALE and node.children[1].is_constant:
        by = node.children[1].value
        if not isinstance(by, Decimal) or by <= 0:
            break
        factor *= Fraction(by)
        node = node.children[0]
    return node, factor


def _number(value: object) -> Fraction:
    if isinstance(value, date):
        return Fraction((value - _EPOCH).days)
    return Fraction(str(value))


def _against(op: Op, operand: Node, constant: Fraction, block: Block) -> Truth:
    vector = block.vector(operand)
    return truths.against(op, vector, constant * 10**vector.scale, block.ones, block.rows)


def _bools(op: Op, left: Node, right: Node, block: Block) -> Truth:
    found = truths.same(block.truth(left), block.truth(right))
    return found if op is Op.EQUAL else Truth(found.false, found.true)


def _one_of(node: Node) -> Step:
    child, *options = node.children
    if any(option.value is None for option in options):
        return Step(node, (), lambda block: _unknown(block))

    def run(block: Block) -> Truth:
        vector = block.vector(child)
        if child.kind is Kind.DOUBLE:
            hits = np.isin(vector.data, [float(str(option.value)) for option in options])
            return truths.told(hits, vector.valid, block.ones, block.rows)
        return truths.any_of(
            _against(Op.EQUAL, child, _number(option.value), block) for option in options
        )

    return Step(node, (child,), run)


def looked_up_together(steps: Iterable[Step]) -> Together:
    """The conditions on texts that share a column, by each of them."""
    by_text: dict[int, list[Node]] = {}
    for one in steps:
        text = of_words(one.node)
        if text is not None:
            by_text.setdefault(text.number, []).append(one.node)
    groups = [
        tuple(asking[first : first + _AT_ONCE])
        for asking in by_text.values()
        for first in range(0, len(asking), _AT_ONCE)
    ]
    return {node.number: group for group in groups if len(group) > 1 for node in group}


def _by_word(node: Node, child: Node, block: Block) -> Truth:
    vector = block.vector(child)
    group = block.together.get(node.number)
    if group is None or vector.data.ndim == 0:
        return truths.looked_up(word_table(node, vector, block), vector, block.ones, block.rows)
    looked = block.looked.get(group[0].number)
    if looked is None:
        asked = [word_table(one, vector, block).truths for one in group]
        bits = np.packbits(np.stack(asked, axis=1), axis=1, bitorder="little")[:, 0]
        looked = block.looked[group[0].number] = bits[vector.data]
    return truths.of_bytes(looked & (1 << group.index(node)), vector.valid, block.ones)


def word_table(node: Node, vector: Vector, block: Block) -> truths.Asked:
    """What a condition on a text says of each word of the column, asked once for each."""
    key = (node.number, vector.words)
    table = block.words.get(key)
    if table is None:
        table = truths.Asked.of(_asked(node, vector.words))
        block.words[key] = table
    return table


def _asked(node: Node, words: tuple[str, ...]) -> Array:
    """What a condition on a text asks of each of these words, which are in order."""
    known = np.zeros(max(len(words), 1), np.bool_)
    if node.op is Op.LIKE:
        like = str(node.value)
        head = like.rstrip("%")
        if head and head != like and not {"%", "_"} & set(head):
            # What begins alike stands together, before the first word beyond all of it.
            known[bisect_left(words, head) : bisect_left(words, head + _LAST)] = True
        else:
            found = reference.pattern(like)
            known[: len(words)] = [found.fullmatch(word) is not None for word in words]
        return known
    for child in node.children:
        place = bisect_left(words, str(child.value)) if child.is_constant else len(words)
        if place < len(words) and words[place] == child.value:
            known[place] = True
    return ~known if node.op is Op.UNEQUAL else known


def _unknown(block: Block) -> Truth:
    nothing = np.zeros_like(block.ones)
    return Truth(nothing, nothing)


def _column(node: Node, block: Block) -> Found:
    name = column_name(node.typed)
    if not block.frame.holds(name):
        return _unknown(block) if node.kind is Kind.BOOL else _missing(node.kind, block)
    column = block.frame.column(name)
    valid = None if column.valid is None else block.bits(column.valid)
    if node.kind is Kind.BOOL:
        known = block.ones if valid is None else valid & block.ones
        true = block.bits(column.data.view(np.uint8)) & known
        return Truth(true, known & ~true)
    data = column.data[block.start : block.stop]
    found = Vector(data, valid, column.bounds, column.scale, column.words)
    is_whole = column.kind is Kind.EXACT
    return vectors.to_double(found) if node.kind is Kind.DOUBLE and is_whole else found


def _missing(kind: Kind, block: Block) -> Vector:
    zero = np.array(0.0 if kind is Kind.DOUBLE else 0)
    words = ("",) if kind is Kind.TEXT else ()
    return Vector(zero, np.zeros_like(block.ones), words=words)


def _constant(node: Node, block: Block) -> Found:
    value = node.value
    if node.kind is Kind.BOOL:
        nothing = np.zeros_like(block.ones)
        if value is None:
            return Truth(nothing, nothing)
        return Truth(block.ones, nothing) if value else Truth(nothing, block.ones)
    if value is None:
        return _missing(node.kind, block)
    if isinstance(value, str):
        return Vector(np.array(0), words=(value,))
    if isinstance(value, date):
        days = (value - _EPOCH).days
        return Vector(np.array(days), bounds=(days, days))
    if node.kind is Kind.DOUBLE:
        return Vector(np.array(float(str(value))))
    assert isinstance(value, Decimal)
    scale = max(-int(value.as_tuple().exponent), 0)
    whole = int(Fraction(value) * 10**scale)
    return Vector(np.array(whole, object), bounds=(whole, whole), scale=scale)


_COMPARISONS = truths.COMPARE.keys()
_TRUTHS: Mapping[Op, Callable[[Node, Block], Truth]] = {
    Op.AND: lambda node, block: truths.all_of(block.truth(c) for c in node.children),
    Op.OR: lambda node, block: truths.any_of(block.truth(c) for c in node.children),
    Op.NOT: lambda node, block: _turned(block.truth(node.children[0])),
    Op.IF: lambda node, block: truths.chosen(*(block.truth(c) for c in node.children)),
    Op.COALESCE: lambda node, block: truths.first_known([block.truth(c) for c in node.children]),
}


def _turned(truth: Truth) -> Truth:
    return Truth(truth.false, truth.true)


def _operands(node: Node, block: Block) -> list[Vector]:
    """The numbers of the children; doubles where the result is one."""
    found = [block.vector(child) for child in node.children]
    if node.kind is not Kind.DOUBLE:
        return found
    return [
        vectors.to_double(one) if child.kind is Kind.EXACT else one
        for child, one in zip(node.children, found, strict=True)
    ]


def _by_kind(exact: Callable[..., Vector], double: Callable[..., Vector]) -> Any:
    def run(node: Node, block: Block) -> Vector:
        operands = _operands(node, block)
        return (double if node.kind is Kind.DOUBLE else exact)(*operands)

    return run


def _if(node: Node, block: Block) -> Vector:
    condition = block.truth(node.children[0])
    then, otherwise = (block.vector(child) for child in node.children[1:])
    known = condition.true | condition.false
    return vectors.chosen(condition.true, known, then, otherwise, block.rows)


def _round(node: Node, block: Block) -> Vector:
    (operand,) = _operands(node, block)
    decimals = int(str(node.value))
    if node.kind is Kind.DOUBLE:
        return vectors.rounded_double(operand, decimals)
    return vectors.rounded(operand, decimals)


def _scaled(node: Node, block: Block) -> Vector:
    ratio = node.value
    assert isinstance(ratio, Fraction)
    return vectors.scaled_double(block.vector(node.children[0]), ratio)


def _to_double(node: Node, block: Block) -> Vector:
    vector = block.vector(node.children[0])
    if node.value is None:
        return vectors.to_double(vector)
    return vectors.counted_whole(vector, int(str(node.value)))


def _plain(function: Callable[[Any], Any]) -> Callable[[Vector], Vector]:
    def run(operand: Vector) -> Vector:
        return vectors.finite(Vector(np.asarray(function(operand.data)), operand.valid))

    return run


_NUMBERS: Mapping[Op, Callable[[Node, Block], Vector]] = {
    Op.SCALE: _by_kind(vectors.multiply, vectors.double_product),
    Op.TO_DOUBLE: _to_double,
    Op.SCALE_DOUBLE: _scaled,
    Op.NEGATE: _by_kind(vectors.negate, _plain(np.negative)),
    Op.ADD: _by_kind(vectors.add, vectors.double_sum),
    Op.SUBTRACT: _by_kind(vectors.subtract, vectors.double_difference),
    Op.MULTIPLY: _by_kind(vectors.multiply, vectors.double_product),
    Op.DIVIDE: lambda node, block: vectors.quotient(*_operands(node, block)),
    Op.IF: _if,
    Op.COALESCE: lambda node, block: vectors.first_known(
        [block.vector(child) for child in node.children], block.ones, block.rows
    ),
    Op.LEAST: lambda node, block: vectors.extreme(_operands(node, block), least=True),
    Op.GREATEST: lambda node, block: vectors.extreme(_operands(node, block), least=False),
    Op.ROUND: _round,
    Op.FLOOR: _by_kind(vectors.floor, _plain(np.floor)),
    Op.ABS: _by_kind(vectors.absolute, _plain(np.abs)),
    Op.ROOT: lambda node, block: vectors.root(block.vector(node.children[0])),
    Op.CUBE_ROOT: lambda node, block: _plain(np.cbrt)(block.vector(node.children[0])),
    Op.YEARS_SINCE: lambda node, block: vectors.years_since(
        block.vector(node.children[0]), (block.as_of.year, block.as_of.month, block.as_of.day)
    ),
}
