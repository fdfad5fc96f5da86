"""GoRules Zen: one decision graph that tells of each policy whether it is known true, known false.

It decides record by record and knows two values, so every policy is two expressions.
"""

import json
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import zen

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


class Zen:
    def __init__(self, table: pa.Table, policies: Sequence[Joint]) -> None:
        self._records = whole_numbers(table).to_pylist()
        sides = [_sides(policy) for policy in policies]
        keyed = [
            (f"{side}{number}", text)
            for number, pair in enumerate(sides)
            for side, text in zip("tf", pair, strict=True)
        ]
        # Content read beforehand: given as text, Zen reads the graph anew for every record.
        content = zen.ZenDecisionContent(json.dumps(_graph(keyed)))
        self._decision = zen.ZenEngine().create_decision(content)
        self._count = len(sides)
        self._found: list[dict[str, bool]] = []

    def match(self) -> None:
        self._found = [self._decision.evaluate(one)["result"] for one in self._records]

    def match_record(self, number: int) -> None:
        """Every policy for one enterprise."""
        self._decision.evaluate(self._records[number % len(self._records)])

    def answers(self) -> Planes:
        sides = (
            [
                packed(np.array([one[f"{side}{n}"] for one in self._found]))
                for n in range(self._count)
            ]
            for side in "tf"
        )
        return Planes(len(self._records), *map(np.stack, sides))


def _graph(keyed: Sequence[tuple[str, str]]) -> dict[str, object]:
    expressions = [{"id": key, "key": key, "value": text} for key, text in keyed]
    nodes = [("input", {}), ("expression", {"expressions": expressions}), ("output", {})]
    edges = [("input", "expression"), ("expression", "output")]
    return {
        "nodes": [
            {"id": kind, "type": f"{kind}Node", "name": kind, "content": content,
             "position": {"x": 0, "y": 0}}
            for kind, content in nodes
        ],
        "edges": [
            {"id": f"{one}-{other}", "type": "edge", "sourceId": one, "targetId": other}
            for one, other in edges
        ],
    }  # fmt: skip


def _sides(condition: Condition) -> tuple[str, str]:
    """When a condition is known to hold, and when it is known not to."""
    match condition:
        case Joint(word, parts):
            true, false = zip(*map(_sides, parts), strict=True)
            other = {"and": "or", "or": "and"}[word]
            return f"({f' {word} '.join(true)})", f"({f' {other} '.join(false)})"
        case Negated(part):
            true_of_part, false_of_part = _sides(part)
            return false_of_part, true_of_part
        case Limit(column, sign, limit):
            return _guarded([column], f"{column} {sign} {limit}")
        case Ratio(over, under, sign, percent):
            return _guarded([over, under], f"{over} / {under} {sign} {percent / 100}")
        case Flag(column):
            return _guarded([column], f"{column} == true")
        case Prefix(column, start):
            return _guarded([column], f"startsWith({column}, '{start}')")
        case OneOf(column, words):
            return _guarded([column], f"{column} in {list(words)}")


def _guarded(columns: Sequence[str], text: str) -> tuple[str, str]:
    known = " and ".join(f"{column} != null" for column in columns)
    return f"({known} and {text})", f"({known} and not({text}))"
