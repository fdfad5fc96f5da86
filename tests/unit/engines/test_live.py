"""One row that changes: after every change the values are those of the reference interpreter."""

import random
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cityforge.brain.engines import reference
from cityforge.brain.engines.live import Live
from cityforge.brain.expr import check
from cityforge.brain.expr.types import Grain, Kind, Scope, Symbol, Type
from cityforge.brain.values.quantity import unit

sys.path.insert(0, str(Path(__file__).parents[3] / "bench"))
import kernel_workload as workload

AS_OF = date(2026, 1, 1)
YUAN = Type(Kind.EXACT, unit("万元"), precision=18, scale=4, grain=Grain.ENTERPRISE)
SCOPE = Scope(
    {
        symbol.name: symbol
        for symbol in (
            Symbol("a", "甲", YUAN),
            Symbol("b", "乙", YUAN),
            Symbol("word", "词", Type(Kind.TEXT, grain=Grain.ENTERPRISE)),
            Symbol("day", "日", Type(Kind.DATE, grain=Grain.ENTERPRISE)),
            Symbol("flag", "否", Type(Kind.BOOL, grain=Grain.ENTERPRISE)),
        )
    },
    {},
    {},
)  # fmt: skip
TEXTS = (
    "a + b >= 10万元 or flag",
    "not (a - b * 2 < 3万元 and not flag)",
    "a / b",
    "case when flag then a when a > 5万元 then b else 1万元 end",
    "coalesce(a, b, 2万元)",
    "least(a, b)",
    "greatest(a, b, 3万元)",
    "round(a / b, 1)",
    "floor(a / 3)",
    "abs(a - b)",
    "word in ('x', 'y')",
    "word like 'x%'",
    "word = 'y' or word = 'xy'",
    "years_since(day) >= 2年",
    "day within 2024",
    "a in (1万元, 2万元)",
    "a between 1万元 and b",
    "flag = (a > 3万元)",
)
VALUES: dict[str, list[object]] = {
    "a": [None, *(Decimal(n) for n in (-3, 0, 1, 2, 7))],
    "b": [None, *(Decimal(n) for n in (-1, 0, 1, 5))],
    "word": [None, "x", "y", "xy", ""],
    "day": [None, date(2024, 1, 1), date(2024, 2, 29), date(2023, 12, 31)],
    "flag": [None, True, False],
}


def test_every_operation_follows_its_operands() -> None:
    read = [check.read(text, SCOPE) for text in TEXTS]
    live = Live(read, {}, as_of=AS_OF)
    dice = random.Random(3)
    values: dict[str, object] = {}
    for _ in range(2_000):
        column = dice.choice(sorted(VALUES))
        before = [live.value(place) for place in range(len(read))]
        values[column] = dice.choice(VALUES[column])
        changed = live.set(column, values[column])
        for place, typed in enumerate(read):
            wanted = reference.evaluate(typed, values, as_of=AS_OF)
            found = live.value(place)
            assert (found, type(found)) == (wanted, type(wanted)), (TEXTS[place], values)
            assert (place in changed) is (found != before[place])


@pytest.mark.parametrize("start", [0, 50])
def test_many_policies_over_rows_that_turn_into_one_another(start: int) -> None:
    conditions = workload.typed(workload.policies(120))
    rows = workload.table(100).to_pylist()[start : start + 6]
    live = Live(conditions, rows[0], as_of=workload.AS_OF)
    for row in rows[1:]:
        for column, value in row.items():
            live.set(column, value)
        for place, typed in enumerate(conditions):
            assert live.value(place) is reference.evaluate(typed, row, as_of=workload.AS_OF)


def test_a_column_that_nothing_reads_changes_nothing() -> None:
    live = Live([check.read("flag", SCOPE)], {"flag": True}, as_of=AS_OF)
    assert live.set("a", Decimal(1)) == []
    assert live.columns == {"flag"}
