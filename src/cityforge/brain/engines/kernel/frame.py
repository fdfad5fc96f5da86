"""Columns of an Arrow table as the kernel reads them; each is prepared once, when first asked."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.engines.kernel.planes import Bits, aligned, packed, packed_width, unpacked
from cityforge.brain.engines.kernel.threads import in_threads
from cityforge.brain.expr.types import Kind

Data = npt.NDArray[np.generic]
_WIDTHS = (np.int8, np.int16, np.int32, np.int64)


@dataclass(frozen=True, slots=True)
class Column:
    """One column; a missing value has a zero in `data`.

    data    EXACT: whole numbers of 10**-scale (of Python where 64 bits do not hold them); DATE:
            days since 1970; DOUBLE: finite doubles; TEXT: numbers into `words`; BOOL: a plane
    valid   a plane of what is known; None: everything
    bounds  no value of EXACT, DATE or TEXT lies outside
    words   the texts in order, each once
    """

    kind: Kind
    data: Data
    valid: Bits | None
    bounds: tuple[int, int] = (0, 0)
    scale: int = 0
    words: tuple[str, ...] = ()


@dataclass(slots=True)
class Frame:
    """A table at hand: what was prepared for one program serves the next."""

    table: pa.Table
    _columns: dict[str, Column] = field(default_factory=dict)

    @classmethod
    def of(cls, given: "pa.Table | pa.RecordBatch | Frame") -> "Frame":
        if isinstance(given, Frame):
            return given
        is_batch = isinstance(given, pa.RecordBatch)
        return cls(pa.Table.from_batches([given]) if is_batch else given)

    @property
    def rows(self) -> int:
        return int(self.table.num_rows)

    def prepare(self, names: Iterable[str]) -> None:
        """Have these columns at hand, as far as the table has them."""
        wanted = [n for n in names if n not in self._columns and self.holds(n)]
        made = in_threads(lambda name: _prepared(self.table.column(name)), wanted, 2)
        self._columns.update(zip(wanted, made, strict=True))

    def holds(self, name: str) -> bool:
        """Whether the table has the column, and any value in it can be known."""
        if name in self._columns:
            return True  # asked again and again; a wide table is long in telling
        return name in self.table.column_names and not pa.types.is_null(
            self.table.schema.field(name).type
        )

    def column(self, name: str) -> Column:
        return self._columns[name]


def _prepared(chunks: pa.ChunkedArray) -> Column:
    array = _joined(chunks)
    type_ = array.type
    if pa.types.is_decimal(type_):
        return _exact(array)
    if pa.types.is_integer(type_):
        valid = _valid(array)
        numbers = np.asarray(pc.fill_null(array, 0).cast(pa.int64()))
        return _narrow(Kind.EXACT, numbers, valid, 0)
    if pa.types.is_floating(type_):
        return _double(array)
    if pa.types.is_boolean(type_):
        truths = _bitmap(array.buffers()[1], array.offset, len(array))
        return Column(Kind.BOOL, truths, _valid(array))
    if pa.types.is_date(type_):
        days = np.asarray(pc.fill_null(array.cast(pa.date32()).cast(pa.int32()), 0))
        return _narrow(Kind.DATE, days, _valid(array), 0)
    return _text(array)


def _joined(chunks: pa.ChunkedArray) -> pa.Array:
    if chunks.num_chunks == 1:
        return chunks.chunk(0)
    joined = chunks.unify_dictionaries().combine_chunks()
    return joined.chunk(0) if isinstance(joined, pa.ChunkedArray) else joined


def _valid(array: pa.Array) -> Bits | None:
    if not array.null_count:
        return None
    return _bitmap(array.buffers()[0], array.offset, len(array))


def _bitmap(buffer: pa.Buffer, offset: int, rows: int) -> Bits:
    """Bits of an Arrow bitmap from a row on, with zeros beyond the last."""
    bits = np.frombuffer(buffer, np.uint8)[offset // 8 : packed_width(offset + rows)]
    if offset % 8 == 0 and rows % 8 == 0:
        return bits
    return packed(unpacked(bits, offset % 8 + rows)[offset % 8 :])


def _exact(array: pa.Array) -> Column:
    """The low halves of 128 bits, where the high ones only repeat their sign."""
    if not pa.types.is_decimal128(array.type):
        array = array.cast(pa.decimal128(min(array.type.precision, 38), array.type.scale))
    scale, valid = array.type.scale, _valid(array)
    halves = np.frombuffer(array.buffers()[1], np.int64)
    halves = halves[2 * array.offset : 2 * (array.offset + len(array))]
    low, high = halves[::2], halves[1::2]
    if valid is not None:
        known = unpacked(valid, len(array))
        low, high = np.where(known, low, 0), np.where(known, high, 0)
    if array.type.precision <= 18 or bool((high == low >> 63).all()):
        return _narrow(Kind.EXACT, np.ascontiguousarray(low), valid, scale)
    numbers = (high.astype(object) << 64) + low.view(np.uint64).astype(object)
    bounds = (int(numbers.min()), int(numbers.max()))
    return Column(Kind.EXACT, numbers, valid, bounds, scale)


def _narrow(kind: Kind, numbers: Data, valid: Bits | None, scale: int) -> Column:
    """In the narrowest whole numbers that hold them all: what is read less is compared faster."""
    bounds = (int(numbers.min()), int(numbers.max())) if len(numbers) else (0, 0)
    for width in _WIDTHS:
        limits = np.iinfo(width)
        if limits.min <= bounds[0] and bounds[1] <= limits.max:
            return Column(kind, _aligned(numbers, width), valid, bounds, scale)
    raise AssertionError(bounds)


def _aligned(numbers: Data, width: npt.DTypeLike) -> Data:
    """A copy that begins with a cache line: registers are read from one line each."""
    kept = aligned(len(numbers) * np.dtype(width).itemsize).view(width)
    np.copyto(kept, numbers, casting="unsafe")
    return kept


def _double(array: pa.Array) -> Column:
    numbers = np.asarray(pc.fill_null(array.cast(pa.float64()), np.nan))
    is_finite = np.isfinite(numbers)
    if is_finite.all():
        return Column(Kind.DOUBLE, _aligned(numbers, np.float64), None)
    known = np.where(is_finite, numbers, 0.0)
    return Column(Kind.DOUBLE, _aligned(known, np.float64), packed(is_finite))


def _text(array: pa.Array) -> Column:
    if pa.types.is_dictionary(array.type) and array.dictionary.null_count:
        array = array.cast(array.type.value_type)
    if not pa.types.is_dictionary(array.type):
        array = pc.dictionary_encode(array)
    given = array.dictionary.to_pylist()
    words = tuple(sorted(set(given)))
    rank = {word: number for number, word in enumerate(words)}
    order = np.array([rank[word] for word in given] or [0], np.int64)
    width = np.uint8 if len(words) <= 256 else np.uint16 if len(words) <= 65536 else np.int32
    codes = _aligned(order[np.asarray(pc.fill_null(array.indices, 0))], width)
    return Column(Kind.TEXT, codes, _valid(array), (0, max(len(words) - 1, 0)), 0, words)
