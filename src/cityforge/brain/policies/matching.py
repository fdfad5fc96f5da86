"""Every policy against every enterprise at once: who is entitled, who is not yet, who lacks a fact.

One policy for one enterprise, with reasons, is `check_up`; both give the same answers.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.engines.kernel import program
from cityforge.brain.engines.kernel.frame import Frame
from cityforge.brain.engines.kernel.planes import Planes
from cityforge.brain.expr.typed import Typed
from cityforge.brain.policies.prepared import FEN, Claim, Prepared

APPLICANTS, ROW = "applicants", "row"
_NOTHING: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class Population:
    """The facts of every enterprise as of a day; columns are prepared once for all who ask.

    table       one row each: `uscc`, the facts, `revenue[-1]`, `register:x` … as facts.table makes
    day         the day policies are judged
    parameters  the dated parameters in force that day
    """

    frame: Frame
    day: date
    parameters: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(
        cls, table: pa.Table, *, day: date, parameters: Mapping[str, object] = _NOTHING
    ) -> "Population":
        return cls(Frame.of(table), day, dict(parameters))

    def within(self, places: Mapping[str, Collection[str]]) -> "Population":
        """Those alone of whom one of these columns says one of its codes (`district`, `park`)."""
        kept = pa.array(np.zeros(self.rows, np.bool_))
        for column, codes in places.items():
            wanted = pa.array(sorted(codes), pa.string())
            kept = pc.or_(kept, pc.is_in(self.table[column].cast(pa.string()), wanted))
        return Population.of(self.table.filter(kept), day=self.day, parameters=self.parameters)

    @property
    def table(self) -> pa.Table:
        return self.frame.table

    @property
    def rows(self) -> int:
        return self.frame.rows


def table_of(year: int, newest: int) -> str:
    """The table of a snapshot with the facts by which policies that look at a year are judged."""
    return APPLICANTS if year == newest else f"{APPLICANTS}_{year}"


def decided(policies: Sequence[Prepared], population: Population, *, threads: int = 2) -> Planes:
    """Which enterprises are entitled to each policy, known true and known false.

    One plane a policy, in their order; rows in the order of the population's table.
    """
    return truths([one.condition.truth for one in policies], population, threads=threads)


def truths(conditions: Sequence[Typed], population: Population, *, threads: int = 2) -> Planes:
    """Any conditions (single clauses, say) over the population; parts they share count once."""
    made = program.compile(conditions, as_of=population.day, parameters=population.parameters)
    return made.run(population.frame, threads=threads)


def payable(prepared: Prepared | Claim, population: Population) -> pa.Array:
    """What each enterprise would be paid if it were entitled: int64 分, as `work_out` gives it.

    Null where the amount is unknown, and everywhere for a policy without money.
    """
    if prepared.amount is None:
        return pa.nulls(population.rows, pa.int64())
    amount = _fen(prepared.amount, population)
    if prepared.received is None:
        return amount
    difference = pc.subtract(amount, _fen(prepared.received, population))
    return pc.max_element_wise(difference, 0, skip_nulls=False)


def _fen(typed: Typed, population: Population) -> pa.Array:
    """An amount in 元 as whole 分, never below nothing."""
    fen = program.whole_numbers(
        typed,
        population.frame,
        decimals=FEN,
        as_of=population.day,
        parameters=population.parameters,
    )
    return pc.max_element_wise(fen, 0, skip_nulls=False)


def rows_of(bits: np.ndarray, rows: int) -> np.ndarray:
    """The numbers of the rows that a plane holds."""
    return np.flatnonzero(np.unpackbits(bits, count=rows, bitorder="little"))
