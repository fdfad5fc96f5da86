"""The combinations of a city as rules for the best set, their amounts in 分."""

from fractions import Fraction

from cityforge.brain.city.folder import City
from cityforge.brain.city.policy_checks import YUAN
from cityforge.brain.expr import check
from cityforge.brain.expr.types import Scope
from cityforge.brain.policies.benefit import FEN_PER_YUAN
from cityforge.brain.policies.best import Rule

_NOTHING = Scope({}, {}, {})


def rules(city: City) -> tuple[Rule, ...]:
    """Every combination of a city, ordered by id. The city was checked before."""
    return tuple(
        Rule(one, tuple(one.policies), fen(one.amount) if one.amount else 0)
        for _, one in sorted(city.combinations.items())
    )


def fen(text: str) -> int:
    """A literal of money of a file in 分. The city was checked before."""
    typed = check.read(text, _NOTHING, unit=YUAN)
    assert typed.value is not None
    return int(Fraction(str(typed.value)) * FEN_PER_YUAN)
