"""Matches on disk, read in either direction: an enterprise's policies, a policy's enterprises.

FOLDER/policy_matches.parquet   uscc, policy, answer (eligible or unknown), amount (分, as if
                                entitled; null: unknown or no money); sorted by uscc, then policy
FOLDER/policy_planes.parquet    policy, first_row, rows, true, false: packed bits, row r of the
                                population is bit r % 8 of byte r // 8, counted from first_row
FOLDER/policy_counts.parquet    policy, district, eligible, not_yet, unknown, amount (分, of the
                                eligible whose amount is known)

Who is in no line of `policy_matches` is not yet entitled.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cityforge.brain.engines.kernel import program
from cityforge.brain.engines.kernel.planes import Bits, Planes
from cityforge.brain.engines.kernel.program import Program
from cityforge.brain.policies.matching import Population, payable
from cityforge.brain.policies.prepared import Prepared

MATCHES, PLANES, COUNTS = "policy_matches", "policy_planes", "policy_counts"
ANSWERS = ("eligible", "unknown")
BLOCK = 2**16  # enterprises at a time; with their amounts they fit the memory of a small machine
_AT_ONCE = 2**13  # enterprises whose planes are turned on their side together
_GROUP = 2**17  # lines of a row group: what is read for one enterprise
_PLANES_GROUP = 16
_NAMES = pa.dictionary(pa.int32(), pa.string())
_SCHEMAS = {
    MATCHES: pa.schema(
        [
            pa.field("uscc", _NAMES, nullable=False),
            pa.field("policy", _NAMES, nullable=False),
            pa.field("answer", _NAMES, nullable=False),
            pa.field("amount", pa.int64()),
        ]
    ),
    PLANES: pa.schema(
        [
            pa.field("policy", pa.string(), nullable=False),
            pa.field("first_row", pa.int64(), nullable=False),
            pa.field("rows", pa.int64(), nullable=False),
            pa.field("true", pa.binary(), nullable=False),
            pa.field("false", pa.binary(), nullable=False),
        ]
    ),
    COUNTS: pa.schema(
        [
            pa.field("policy", pa.string(), nullable=False),
            pa.field("district", pa.string()),
            pa.field("eligible", pa.int64(), nullable=False),
            pa.field("not_yet", pa.int64(), nullable=False),
            pa.field("unknown", pa.int64(), nullable=False),
            pa.field("amount", pa.int64(), nullable=False),
        ]
    ),
}


def write(
    policies: Sequence[Prepared], population: Population, folder: Path, *, block: int = BLOCK
) -> dict[str, int]:
    """Match every policy with every enterprise, block by block; the number of rows by table.

    The table of the population is sorted by `uscc`. The same bytes every time.
    """
    return write_by_year([(policies, population)], folder, block=block)


def write_by_year(
    parts: Sequence[tuple[Sequence[Prepared], Population]], folder: Path, *, block: int = BLOCK
) -> dict[str, int]:
    """The same where policies look at several years: each part with the facts of its year.

    All populations are the same enterprises in the same order.
    """
    first = parts[0][1]
    whole = [_Part.of(policies, people) for policies, people in parts]
    policies = [one for part in whole for one in part.policies]
    order = sorted(range(len(policies)), key=lambda number: policies[number].id)
    ids = [policies[number].id for number in order]
    counts = _Counts.of([policies[number] for number in order], first)
    written = {COUNTS: 0, MATCHES: 0, PLANES: 0}
    with (
        _writer(folder, MATCHES) as matches,
        _writer(folder, PLANES) as planes,
    ):
        for start in range(0, first.rows, block):
            table = first.table.slice(start, block)
            decided, amounts = _joined([part.block(start, block) for part in whole], order)
            counts.add(table, decided, amounts)
            for lines in _lines(table["uscc"], ids, decided, amounts):
                matches.write_table(lines, row_group_size=_GROUP)
                written[MATCHES] += lines.num_rows
            planes.write_table(_packed(ids, start, decided), row_group_size=_PLANES_GROUP)
            written[PLANES] += len(ids)
    summed = counts.table()
    with _writer(folder, COUNTS) as writer:
        writer.write_table(summed)
    written[COUNTS] = summed.num_rows
    return written


@dataclass(frozen=True, slots=True)
class _Part:
    """Policies that look at one year, made ready for all blocks."""

    policies: Sequence[Prepared]
    population: Population
    conditions: Program

    @classmethod
    def of(cls, policies: Sequence[Prepared], people: Population) -> "_Part":
        truths = [one.condition.truth for one in policies]
        made = program.compile(truths, as_of=people.day, parameters=people.parameters)
        return cls(policies, people, made)

    def block(self, start: int, rows: int) -> tuple[Planes, list[pa.Array]]:
        people = self.population
        table = people.table.slice(start, rows)
        here = Population.of(table, day=people.day, parameters=people.parameters)
        return self.conditions.run(here.frame), [payable(one, here) for one in self.policies]


def _joined(
    blocks: Sequence[tuple[Planes, list[pa.Array]]], order: Sequence[int]
) -> tuple[Planes, list[pa.Array]]:
    """The blocks of all parts as one, policies in the order asked."""
    if len(blocks) == 1 and list(order) == sorted(order):
        return blocks[0]
    rows = blocks[0][0].rows
    true = np.concatenate([planes.true for planes, _ in blocks])[order]
    false = np.concatenate([planes.false for planes, _ in blocks])[order]
    amounts = [amount for _, part in blocks for amount in part]
    return Planes(rows, true, false), [amounts[number] for number in order]


def _writer(folder: Path, name: str) -> pq.ParquetWriter:
    file = folder / f"{name}.parquet"
    return pq.ParquetWriter(file, _SCHEMAS[name], compression="zstd", compression_level=1)


def _lines(
    codes: pa.ChunkedArray, ids: Sequence[str], decided: Planes, amounts: Sequence[pa.Array]
) -> Iterator[pa.Table]:
    """The matches of a block, enterprise by enterprise."""
    for start in range(0, decided.rows, _AT_ONCE):
        rows = min(_AT_ONCE, decided.rows - start)
        answers = _on_their_side(decided, start, rows)
        found = np.flatnonzero(answers)
        enterprise, policy = np.divmod(found, len(ids) or 1)
        answer = answers.reshape(-1)[found].astype(np.int32) - 1
        fen, known = _amounts_at(amounts, start, enterprise, policy)
        yield pa.table(
            [
                _named(enterprise, codes.slice(start, rows).combine_chunks()),
                _named(policy, pa.array(ids, pa.string())),
                _named(answer, pa.array(ANSWERS, pa.string())),
                pa.array(fen, pa.int64(), mask=~known),
            ],
            schema=_SCHEMAS[MATCHES],
        )


def _on_their_side(decided: Planes, start: int, rows: int) -> npt.NDArray[np.uint8]:
    """[enterprises, policies]: 1 entitled, 2 unknown, 0 not yet."""
    first, last = start // 8, (start + rows + 7) // 8
    true, false = (
        np.unpackbits(side[:, first:last], axis=1, count=rows, bitorder="little")
        for side in (decided.true, decided.false)
    )
    return np.ascontiguousarray((2 - true - 2 * false).T)


def _amounts_at(
    amounts: Sequence[pa.Array],
    start: int,
    enterprise: npt.NDArray[np.int64],
    policy: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    fen = np.zeros(len(policy), np.int64)
    known = np.zeros(len(policy), np.bool_)
    for number, column in enumerate(amounts):
        if column.null_count == len(column):
            continue
        lines = np.flatnonzero(policy == number)
        own = column.take(pa.array(enterprise[lines] + start))
        fen[lines] = own.fill_null(0).to_numpy()
        known[lines] = own.is_valid().to_numpy(zero_copy_only=False)
    return fen, known


def _named(codes: npt.NDArray[np.integer], names: pa.Array) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), names)


def _packed(ids: Sequence[str], start: int, decided: Planes) -> pa.Table:
    sides = [pa.array([plane.tobytes() for plane in side], pa.binary())
             for side in (decided.true, decided.false)]  # fmt: skip
    count = len(ids)
    columns = [pa.array(ids, pa.string()), pa.array([start] * count, pa.int64()),
               pa.array([decided.rows] * count, pa.int64()), *sides]  # fmt: skip
    return pa.table(columns, schema=_SCHEMAS[PLANES])


@dataclass(slots=True)
class _Counts:
    """Counts and money by policy and district, added up over blocks."""

    policies: Sequence[Prepared]
    districts: list[str | None]
    true: npt.NDArray[np.int64]
    false: npt.NDArray[np.int64]
    money: npt.NDArray[np.int64]
    all_: npt.NDArray[np.int64]

    @classmethod
    def of(cls, policies: Sequence[Prepared], population: Population) -> "_Counts":
        named = pc.unique(population.table["district"].cast(pa.string())).drop_null()
        districts = [*sorted(named.to_pylist()), None]
        shape = (len(policies), len(districts))
        true, false, money = (np.zeros(shape, np.int64) for _ in range(3))
        return cls(policies, districts, true, false, money, np.zeros(shape[1], np.int64))

    def add(self, table: pa.Table, decided: Planes, amounts: Sequence[pa.Array]) -> None:
        named = pa.array(self.districts[:-1], pa.string())
        column = table["district"].combine_chunks().cast(pa.string())
        codes = pc.fill_null(pc.index_in(column, named), len(named)).to_numpy()
        counts = decided.counts_by(codes, len(self.districts))
        self.true += counts.true
        self.false += counts.false
        self.all_ += np.bincount(codes, minlength=len(self.districts))
        for number, column in enumerate(amounts):
            if column.null_count == len(column):
                continue
            entitled = decided.truth(number)
            paid = pc.fill_null(pc.if_else(entitled, column, 0), 0).to_numpy()
            # Sums of 分 are whole: no order of adding changes them.
            np.add.at(self.money[number], codes, paid)

    def table(self) -> pa.Table:
        unknown = self.all_[None, :] - self.true - self.false
        columns = [self.true, self.false, unknown, self.money]
        ids = [one.id for one in self.policies for _ in self.districts]
        places = self.districts * len(self.policies)
        table = pa.table(
            [pa.array(ids, pa.string()), pa.array(places, pa.string()),
             *(pa.array(column.reshape(-1)) for column in columns)],
            schema=_SCHEMAS[COUNTS],
        )  # fmt: skip
        is_inhabited = np.tile(self.all_ > 0, len(self.policies))
        return table.filter(pa.array(is_inhabited))


@dataclass(slots=True)
class Matches:
    """The files of `write`, opened once; each question reads a few row groups."""

    folder: Path
    _matches: pq.ParquetFile = field(init=False)
    _planes: pq.ParquetFile = field(init=False)
    _last: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self._matches = pq.ParquetFile(self.folder / f"{MATCHES}.parquet")
        self._planes = pq.ParquetFile(self.folder / f"{PLANES}.parquet")
        self._last = [high for _, high in _bounds(self._matches, 0)]

    def of_enterprise(self, uscc: str) -> pa.Table:
        """The lines of one enterprise: policy, answer, amount."""
        group = bisect_left(self._last, uscc)
        parts = []
        for number in range(group, len(self._last)):
            table = self._matches.read_row_group(number)
            own = table.filter(pc.equal(table["uscc"].cast(pa.string()), uscc))
            parts.append(own)
            if self._last[number] != uscc:
                break
        whole = pa.concat_tables(parts) if parts else _SCHEMAS[MATCHES].empty_table()
        return whole.select(["policy", "answer", "amount"])

    def of_policy(self, policy: str) -> tuple[Bits, Bits]:
        """Who is entitled and who is not yet, as packed planes over the whole population."""
        groups = [
            number
            for number, (low, high) in enumerate(_bounds(self._planes, 0))
            if low <= policy <= high
        ]
        table = self._planes.read_row_groups(groups)
        own = table.filter(pc.equal(table["policy"], policy)).sort_by("first_row")
        sides = (b"".join(own[side].to_pylist()) for side in ("true", "false"))
        true, false = (np.frombuffer(side, np.uint8) for side in sides)
        return true, false


def _bounds(file: pq.ParquetFile, column: int) -> Iterator[tuple[str, str]]:
    for number in range(file.num_row_groups):
        found = file.metadata.row_group(number).column(column).statistics
        yield found.min, found.max
