"""A block of enterprises against all policies, and what is written of it.

The same blocks are made on one machine and inside Spark's workers: a `Matcher` travels there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.city.dictionary import DISTRICT
from cityforge.brain.engines.kernel import program
from cityforge.brain.engines.kernel.planes import Planes
from cityforge.brain.engines.kernel.program import Program
from cityforge.brain.expr import check
from cityforge.brain.expr.typed import Typed
from cityforge.brain.policies.matching import Population, payable
from cityforge.brain.policies.prepared import Claim

CODE = "uscc"
ANSWERS = ("eligible", "unknown")
_AT_ONCE = 2**13  # enterprises whose planes are turned on their side together
_NAMES = pa.dictionary(pa.int32(), pa.string())
LINES = pa.schema(
    [
        pa.field("uscc", _NAMES, nullable=False),
        pa.field("policy", _NAMES, nullable=False),
        pa.field("answer", _NAMES, nullable=False),
        pa.field("amount", pa.int64()),
    ]
)
PLAIN = pa.schema(  # the same without dictionaries
    [pa.field("uscc", pa.string()), pa.field("policy", pa.string()),
     pa.field("answer", pa.string()), pa.field("amount", pa.int64())]
)  # fmt: skip
PLANES = pa.schema(
    [
        pa.field("policy", pa.string(), nullable=False),
        pa.field("first_row", pa.int64(), nullable=False),
        pa.field("rows", pa.int64(), nullable=False),
        pa.field("true", pa.binary(), nullable=False),
        pa.field("false", pa.binary(), nullable=False),
    ]
)
COUNTED = ("policy", "district")  # what the counts are by
_SUMMED = ("eligible", "not_yet", "unknown", "amount")
COUNTS = pa.schema(
    [
        pa.field("policy", pa.string(), nullable=False),
        pa.field("district", pa.string()),
        *(pa.field(name, pa.int64(), nullable=False) for name in _SUMMED),
    ]
)


@dataclass(frozen=True)
class Matcher:
    """Policies that look at the facts of one year; compiled once wherever it is."""

    claims: tuple[Claim, ...]
    day: date
    parameters: Mapping[str, object]

    @cached_property
    def _conditions(self) -> Program:
        truths = [one.condition for one in self.claims]
        return program.compile(truths, as_of=self.day, parameters=self.parameters)

    def __getstate__(self) -> dict[str, object]:
        return {key: value for key, value in self.__dict__.items() if key != "_conditions"}

    @property
    def columns(self) -> list[str]:
        """The columns of a table of facts that it reads, sorted."""
        reads: list[Typed] = [typed for one in self.claims for typed in one.reads]
        return sorted({name for typed in reads for name in check.columns(typed)} | {CODE, DISTRICT})

    def match(self, table: pa.Table, *, threads: int = 2) -> "Matched":
        here = Population.of(table, day=self.day, parameters=self.parameters)
        decided = self._conditions.run(here.frame, threads=threads)
        amounts = tuple(None if one.amount is None else payable(one, here) for one in self.claims)
        return Matched(table, tuple(one.id for one in self.claims), decided, amounts)


@dataclass(frozen=True, slots=True)
class Matched:
    """The answers of one block.

    table    its enterprises: `uscc` and `district` are read
    ids      the policies, one a plane
    amounts  分 by policy, as if entitled; null: unknown; None: no money
    """

    table: pa.Table
    ids: tuple[str, ...]
    decided: Planes
    amounts: tuple[pa.Array | None, ...]

    def lines(self) -> Iterator[pa.Table]:
        """Who is entitled, or might be, enterprise by enterprise."""
        codes = self.table[CODE]
        for start in range(0, self.decided.rows, _AT_ONCE):
            rows = min(_AT_ONCE, self.decided.rows - start)
            answers = self._on_their_side(start, rows)
            found = np.flatnonzero(answers)
            enterprise, policy = np.divmod(found, len(self.ids) or 1)
            answer = answers.reshape(-1)[found].astype(np.int32) - 1
            fen, known = self._amounts_at(start, enterprise, policy)
            columns = [
                _named(enterprise, codes.slice(start, rows).combine_chunks().cast(pa.string())),
                _named(policy, pa.array(self.ids, pa.string())),
                _named(answer, pa.array(ANSWERS, pa.string())),
                pa.array(fen, pa.int64(), mask=~known),
            ]
            yield pa.table(columns, schema=LINES)

    def planes(self, first_row: int) -> pa.Table:
        """A line a policy; `first_row` is that of the block in the whole population."""
        count = len(self.ids)
        columns = [
            pa.array(self.ids, pa.string()),
            pa.array([first_row] * count, pa.int64()),
            pa.array([self.decided.rows] * count, pa.int64()),
            *(
                pa.array([plane.tobytes() for plane in side], pa.binary())
                for side in (self.decided.true, self.decided.false)
            ),
        ]
        return pa.table(columns, schema=PLANES)

    def counts(self) -> pa.Table:
        """How many, and how much money, by policy and district."""
        places, codes = _districts(self.table)
        counted = self.decided.counts_by(codes, len(places))
        everyone = np.bincount(codes, minlength=len(places))
        money = np.zeros(counted.true.shape, np.int64)
        for number, column in enumerate(self.amounts):
            if column is not None:
                entitled = self.decided.truth(number)
                paid = pc.fill_null(pc.if_else(entitled, column, 0), 0).to_numpy()
                # Sums of 分 are whole: no order of adding changes them.
                np.add.at(money[number], codes, paid)
        unknown = everyone[None, :] - counted.true - counted.false
        numbers = (counted.true, counted.false, unknown, money)
        columns = [
            pa.array([name for name in self.ids for _ in places], pa.string()),
            pa.array(places * len(self.ids), pa.string()),
            *(pa.array(one.reshape(-1), pa.int64()) for one in numbers),
        ]
        return pa.table(columns, schema=COUNTS)

    def _on_their_side(self, start: int, rows: int) -> npt.NDArray[np.uint8]:
        """[enterprises, policies]: 1 entitled, 2 unknown, 0 not yet."""
        first, last = start // 8, (start + rows + 7) // 8
        true, false = (
            np.unpackbits(side[:, first:last], axis=1, count=rows, bitorder="little")
            for side in (self.decided.true, self.decided.false)
        )
        return np.ascontiguousarray((2 - true - 2 * false).T)

    def _amounts_at(
        self, start: int, enterprise: npt.NDArray[np.int64], policy: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        fen = np.zeros(len(policy), np.int64)
        known = np.zeros(len(policy), np.bool_)
        for number, column in enumerate(self.amounts):
            if column is None:
                continue
            lines = np.flatnonzero(policy == number)
            own = column.take(pa.array(enterprise[lines] + start))
            fen[lines] = own.fill_null(0).to_numpy()
            known[lines] = own.is_valid().to_numpy(zero_copy_only=False)
        return fen, known


def together(blocks: Sequence[Matched]) -> Matched:
    """The same enterprises against policies of several years, in the order of the ids."""
    if len(blocks) == 1:
        return blocks[0]
    ids = [name for one in blocks for name in one.ids]
    order = sorted(range(len(ids)), key=ids.__getitem__)
    true, false = (
        np.concatenate(sides)[order]
        for sides in zip(*((one.decided.true, one.decided.false) for one in blocks), strict=True)
    )
    amounts = [amount for one in blocks for amount in one.amounts]
    first = blocks[0]
    return Matched(
        first.table,
        tuple(ids[number] for number in order),
        Planes(first.decided.rows, true, false),
        tuple(amounts[number] for number in order),
    )


def summed(counts: Sequence[pa.Table]) -> pa.Table:
    """Counts of several blocks as one, by policy, then district."""
    whole = pa.concat_tables([COUNTS.empty_table(), *counts])
    added = whole.group_by(list(COUNTED)).aggregate([(name, "sum") for name in _SUMMED])
    named = added.rename_columns({f"{name}_sum": name for name in _SUMMED}).select(COUNTS.names)
    return named.sort_by([(name, "ascending") for name in COUNTED]).cast(COUNTS)


def _districts(table: pa.Table) -> tuple[list[str | None], npt.NDArray[np.int64]]:
    """The districts of a block, and the number of each enterprise's among them."""
    column = table[DISTRICT].combine_chunks().cast(pa.string())
    named = pc.unique(column).drop_null().sort()
    places: list[str | None] = named.to_pylist()
    if column.null_count:
        places.append(None)
    found = pc.fill_null(pc.index_in(column, named), len(named))
    return places, found.to_numpy().astype(np.int64)


def _named(codes: npt.NDArray[np.integer], names: pa.Array) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), names)
