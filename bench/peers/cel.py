"""CEL, Google's in C++: one expression per policy, record by record.

A missing key is an error, which `&&` and `||` absorb where the other side settles them: Kleene's
logic, an error being unknown.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from cel_expr_python import cel

from cityforge.brain.engines.kernel.planes import Planes, packed
from kernel_workload import (
    Condition,
    Flag,
    Joint,
    Limit,
    Negated,
    OneOf,
    Prefix,
    Ratio,
    whole_numbers,
)

JOINTS = {"and": "&&", "or": "||"}


class Cel:
    def __init__(self, table: pa.Table, policies: Sequence[Joint]) -> None:
        given = whole_numbers(table)
        variables = {field.name: _type(field.type) for field in given.schema}
        self._environment = cel.NewEnv(variables=variables)
        self._asked = [self._environment.compile(_text(policy)) for policy in policies]
        self._records = [
            {name: value for name, value in one.items() if value is not None}
            for one in given.to_pylist()
        ]
        self._found: list[list[object]] = []

    def match(self) -> None:
        self._found = []
        for record in self._records:
            given = self._environment.Activation(record)
            self._found.append([asked.eval(given).value() for asked in self._asked])

    def answers(self) -> Planes:
        by_policy = list(zip(*self._found, strict=True))
        sides = (
            [packed(np.array([value is side for value in values])) for values in by_policy]
            for side in (True, False)
        )
        return Planes(len(self._records), *map(np.stack, sides))


def _type(type_: pa.DataType) -> cel.Type:
    if pa.types.is_dictionary(type_):
        return cel.Type.STRING
    return cel.Type.BOOL if pa.types.is_boolean(type_) else cel.Type.INT


def _text(condition: Condition) -> str:
    match condition:
        case Limit(column, sign, limit):
            return f"{column} {sign} {limit}"
        case Ratio(over, under, sign, percent):
            return f"double({over}) / double({under}) {sign} {percent / 100}"
        case Flag(column):
            return column
        case Prefix(column, start):
            return f"{column}.startsWith('{start}')"
        case OneOf(column, words):
            return f"{column} in {list(words)}"
        case Negated(part):
            return f"!({_text(part)})"
        case Joint(word, parts):
            return f"({f' {JOINTS[word]} '.join(map(_text, parts))})"
