"""Who is just at a threshold meets it, in whatever unit a ratio is told."""

from datetime import date
from decimal import Decimal

import pytest

from cityforge.brain.engines import reference
from cityforge.brain.expr import check, results
from cityforge.brain.expr.types import Grain, Kind, Scope, Symbol, Type
from cityforge.brain.values.quantity import unit


def money(name: str, symbol: str) -> Symbol:
    return Symbol(name, name, Type(Kind.EXACT, unit(symbol), 18, 2, Grain.ENTERPRISE))


FACTS = [money("tax", "万元"), money("revenue", "万元"), money("fee", "元"), money("land", "亩")]
SCOPE = Scope({symbol.name: symbol for symbol in FACTS}, {}, {})


def value(text: str, told_in: str, **facts: str) -> object:
    typed = results.as_double(check.read(text, SCOPE), unit(told_in))
    known = {name: Decimal(number) for name, number in facts.items()}
    return reference.evaluate(typed, known, as_of=date(2025, 9, 30))


@pytest.mark.parametrize("percent", range(1, 100))
def test_a_ratio_told_in_percent_is_just_so_many(percent: int) -> None:
    for revenue in (100, 1300, 68977):
        tax = str(Decimal(percent * revenue) / 100)
        assert value("tax / revenue", "%", tax=tax, revenue=str(revenue)) == percent


def test_a_quotient_that_changes_its_unit_is_divided_once() -> None:
    assert value("fee / land", "万元/亩", fee="48300", land="2.1") == 2.3
    assert value("tax / 3", "元", tax="0.29") == 2900 / 3
    assert value("tax / land", "元/㎡", tax="0.07", land="0.3") == 3.5


def test_an_exact_number_that_changes_its_unit_becomes_the_nearest_double() -> None:
    # 0.29 × 10,000 and 1,230.07 / 10,000, not what their doubles make of them.
    assert value("tax", "元", tax="0.29") == 2900.0
    assert value("fee", "万元", fee="1230.07") == 0.123007
    assert value("land", "㎡", land="0.3") == 200.0
