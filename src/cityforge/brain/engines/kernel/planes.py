"""What a program decided: two packed planes, known true and known false; neither bit: unknown.

Row r is bit r % 8, the least significant first, of byte r // 8: Arrow's own order, so that a plane
is the bitmap of an Arrow array as it stands. Bits beyond the last row are zero.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Bits = npt.NDArray[np.uint8]
Whole = npt.NDArray[np.int64]
_ALIGNED = 64  # bytes: a row of planes starts on its own cache line


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows are known true and known false: [conditions], or [conditions, groups]."""

    true: Whole
    false: Whole


@dataclass(frozen=True, slots=True)
class Planes:
    """`true` and `false`: [conditions, ceil(rows / 8)]."""

    rows: int
    true: Bits
    false: Bits

    @classmethod
    def empty(cls, conditions: int, rows: int) -> "Planes":
        """Planes to be written over."""
        width = packed_width(rows)
        stride = -(-width // _ALIGNED) * _ALIGNED
        true, false = (
            aligned(conditions * stride).reshape(conditions, stride)[:, :width] for _ in "tf"
        )
        return cls(rows, true, false)

    def truth(self, condition: int) -> pa.BooleanArray:
        """One condition as an Arrow column, null where unknown."""
        true = np.ascontiguousarray(self.true[condition])
        known = true | self.false[condition]
        buffers = [pa.py_buffer(known), pa.py_buffer(true)]
        return pa.Array.from_buffers(pa.bool_(), self.rows, buffers)

    def counts(self) -> Counts:
        return Counts(*(_counted(side) for side in (self.true, self.false)))

    def counts_by(self, codes: npt.NDArray[np.integer], groups: int) -> Counts:
        """Counts within each of `groups` groups; `codes[r]` is the group of row r, -1 for none.

        Where the rows of a group stand together only their bytes are read.
        """
        if len(codes) != self.rows:
            raise ValueError(f"{len(codes)} codes for {self.rows} rows")
        members = [_members(codes, group) for group in range(groups)]
        return Counts(*(_counted_by(side, members) for side in (self.true, self.false)))


def aligned(size: int) -> Bits:
    """Fresh bytes, from a cache line on."""
    whole = np.empty(size + _ALIGNED, np.uint8)
    first = -int(whole.__array_interface__["data"][0]) % _ALIGNED
    return whole[first : first + size]


def packed_width(rows: int) -> int:
    return -(-rows // 8)


def packed(truths: npt.NDArray[np.bool_]) -> Bits:
    return np.packbits(truths, bitorder="little")


def unpacked(bits: Bits, rows: int) -> npt.NDArray[np.bool_]:
    return np.unpackbits(bits, count=rows, bitorder="little").view(np.bool_)


def _counted(planes: Bits) -> Whole:
    found = [np.bitwise_count(_words(plane)).sum(dtype=np.int64) for plane in planes]
    return np.array(found, np.int64)


def _counted_by(planes: Bits, members: list[tuple[int, Bits]]) -> Whole:
    found = np.zeros((len(planes), len(members)), np.int64)
    for group, (first, mask) in enumerate(members):
        if not len(mask):
            continue
        for number, plane in enumerate(planes):
            inside = plane[first : first + len(mask)] & mask
            found[number, group] = np.bitwise_count(_words(inside)).sum(dtype=np.int64)
    return found


def _words(plane: Bits) -> npt.NDArray[np.unsignedinteger]:
    """The plane in words of eight bytes, where it divides into them."""
    return plane.view(np.uint64) if len(plane) % 8 == 0 else plane


def _members(codes: npt.NDArray[np.integer], group: int) -> tuple[int, Bits]:
    """The first byte with a row of the group, and the mask of its rows from there to the last."""
    mask = packed(codes == group)
    inhabited = np.flatnonzero(mask)
    if not len(inhabited):
        return 0, mask[:0]
    first, last = int(inhabited[0]), int(inhabited[-1])
    whole = -(-(last + 1 - first) // 8) * 8  # words, while the plane has as many bytes
    return first, mask[first : first + whole]
