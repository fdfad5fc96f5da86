"""Our own matching of one enterprise while its facts change: decisions, and all the reasons."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

import kernel_workload as workload
from cityforge.brain.city.clause import Clause
from cityforge.brain.engines.kernel.planes import Planes, packed
from cityforge.brain.expr import check
from cityforge.brain.expr.types import Kind
from cityforge.brain.policies.resident import Resident
from cityforge.brain.rules import conditions


class OneEnterprise:
    """It becomes each enterprise of the sample in turn, one fact at a time."""

    def __init__(self, table: pa.Table, policies: Sequence[workload.Joint]) -> None:
        self._records = table.to_pylist()
        self._columns = table.column_names
        known = workload.scope()
        read = [
            conditions.read(
                _clause(policy), lambda text, _: check.read(text, known, expect=Kind.BOOL)
            )
            for policy in policies
        ]
        asked = [one for one in read if one is not None]
        self._resident = Resident(asked, self._records[0], day=workload.AS_OF)
        self._places = range(len(asked))
        self._found: list[list[object]] = []

    def match(self) -> None:
        self._found = []
        for record in self._records:
            for column, value in record.items():
                self._resident.set(column, value)
            self._found.append([self._resident.answer(place) for place in self._places])

    def answers(self) -> Planes:
        by_policy = list(zip(*self._found, strict=True))
        sides = (
            [packed(np.array([value is side for value in values])) for values in by_policy]
            for side in (True, False)
        )
        return Planes(len(self._records), *map(np.stack, sides))

    def change(self, number: int) -> None:
        """One fact changed: every policy is decided."""
        self._resident.set(*self._change(number))

    def change_with_reasons(self, number: int) -> None:
        """One fact changed: every policy is decided, with what is met, how far, what lacks."""
        self._resident.set(*self._change(number))
        for place in self._places:
            self._resident.finding(place)

    def _change(self, number: int) -> tuple[str, object]:
        column = self._columns[number % len(self._columns)]
        return column, self._records[number % len(self._records)][column]


def _clause(condition: workload.Condition, number: int = 0) -> Clause:
    match condition:
        case workload.Joint(word, parts):
            inside = [_clause(part, place) for place, part in enumerate(parts)]
            return Clause(**{{"and": "all", "or": "any"}[word]: inside})
    text = workload.text(condition)
    return Clause(id=f"c{number}", says=text, expr=text)
