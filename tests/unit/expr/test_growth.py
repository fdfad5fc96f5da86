"""Growth over three years does not hang on how a machine rounds a cube root."""

import math
import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from cityforge.brain.engines import reference
from cityforge.brain.expr import check
from cityforge.brain.expr.typed import Op
from cityforge.brain.expr.types import Grain, Kind, Scope, Symbol, Type
from cityforge.brain.values.quantity import unit

MONEY = Type(Kind.EXACT, unit("万元"), 18, 2, Grain.ENTERPRISE_YEAR)
RATE = check.read(
    "cagr(revenue, 3)", Scope({"revenue": Symbol("revenue", "营业收入", MONEY)}, {}, {})
)
Root = Callable[[float], float]
OTHER_ROOTS: dict[str, Root] = {
    "a few bits less": lambda x: math.cbrt(x) * (1 - 2**-50),
    "a few bits more": lambda x: math.cbrt(x) * (1 + 2**-50),
    "as a power": lambda x: x ** (1 / 3),
    "off by 10**-10": lambda x: math.cbrt(x) + 1e-10,
    "short by 10**-10": lambda x: math.cbrt(x) - 1e-10,
}


def rate(now: Decimal, then: Decimal) -> reference.Value:
    return reference.evaluate(RATE, {"revenue": now, "revenue[-3]": then}, as_of=date(2025, 9, 30))


def pairs() -> list[tuple[Decimal, Decimal]]:
    """Amounts of which some grew by a rate that ends in a half of the ninth decimal."""
    dice = random.Random(5)
    found = [(Decimal(dice.randrange(10**9)), Decimal(dice.randrange(1, 10**9))) for _ in "x" * 300]
    for _ in range(300):
        factor = Decimal(dice.randrange(10**9, 3 * 10**9) * 2 + 1) / (2 * 10**9)
        then = Decimal(10**13)
        found.append(((then * factor**3).quantize(Decimal("0.01")), then))
    return found


@pytest.mark.parametrize("root", OTHER_ROOTS.values(), ids=OTHER_ROOTS)
def test_another_cube_root_gives_the_same_growth(
    root: Root, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [rate(now, then) for now, then in pairs()]
    monkeypatch.setitem(reference.STRICT, Op.CUBE_ROOT, lambda _, x: root(x))
    assert [rate(now, then) for now, then in pairs()] == wanted


def test_the_pairs_tell_a_wrong_last_decimal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cube root wrong by more than it may be shows: the pairs are worth something."""
    wanted = [rate(now, then) for now, then in pairs()]
    monkeypatch.setitem(reference.STRICT, Op.CUBE_ROOT, lambda _, x: math.cbrt(x) + 1e-8)
    assert [rate(now, then) for now, then in pairs()] != wanted


def test_growth_over_three_years_is_the_true_rate_to_nine_decimals() -> None:
    for now, then in pairs()[:300]:
        true = float(now / then) ** (1 / 3) - 1
        found = rate(now, then)
        assert isinstance(found, float)
        assert abs(found - true) < 6e-10
