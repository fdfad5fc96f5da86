"""Enterprise size by the statistical rule of 2017: large, medium, small, micro.

This is the statistical class. A policy that says 中小企业 follows 工信部联企业〔2011〕300号, whose
limits for manufacturing are the same and for other industries differ.
"""

import enum
import functools
import importlib.resources
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from cityforge.brain.errors import Text, ValueRefused
from cityforge.brain.values import industry
from cityforge.brain.values.quantity import Quantity, unit

Figure = Literal["employees", "revenue", "assets"]


class SizeClass(enum.IntEnum):
    """大 中 小 微, ordered by size."""

    MICRO = 0
    SMALL = 1
    MEDIUM = 2
    LARGE = 3

    @property
    def text(self) -> Text:
        return _NAMES[self]


_NAMES = {
    SizeClass.MICRO: Text(zh="微型", en="micro"),
    SizeClass.SMALL: Text(zh="小型", en="small"),
    SizeClass.MEDIUM: Text(zh="中型", en="medium"),
    SizeClass.LARGE: Text(zh="大型", en="large"),
}
_FIGURES: dict[str, Figure] = {
    "employees": "employees",
    "revenue": "revenue",
    "assets": "assets",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The lower limits of one figure for small, medium and large."""

    figure: Figure
    small: Quantity
    medium: Quantity
    large: Quantity

    def reached(self, amount: Quantity) -> SizeClass:
        """The highest class whose limit the amount meets."""
        met = sum(amount >= limit for limit in (self.small, self.medium, self.large))
        return SizeClass(met)


@dataclass(frozen=True, slots=True)
class SizeRule:
    """The limits of one group of industries; all of them must be met."""

    name: str
    scope: tuple[str, ...]
    limits: tuple[Limits, ...]


@functools.cache
def rules() -> tuple[SizeRule, ...]:
    """The sixteen rows of industries of the 2017 rule."""
    grouped: dict[tuple[str, str], list[Limits]] = {}
    table = importlib.resources.files(__package__) / "tables" / "size_class.tsv"
    lines = [x for x in table.read_text(encoding="utf-8").splitlines() if not x.startswith("#")]
    for line in lines[1:]:
        name, scope, figure, symbol, *limits = line.split("\t")
        large, medium, small = (Quantity(Fraction(limit), unit(symbol)) for limit in limits)
        grouped.setdefault((name, scope), []).append(
            Limits(_FIGURES[figure], small=small, medium=medium, large=large)
        )
    return tuple(
        SizeRule(name, tuple(scope.split()), tuple(limits))
        for (name, scope), limits in grouped.items()
    )


def rule_for(industry_code: str) -> SizeRule | None:
    """The rule of an industry, None where the 2017 rule has none (finance, education, rail ...).

    Raises ValueRefused for a code that is not in GB/T 4754-2017.
    """
    scopes = _by_scope()
    path = industry.get(industry_code).path
    return next((scopes[node.code] for node in reversed(path) if node.code in scopes), None)


def classify(
    industry_code: str,
    *,
    employees: Quantity | None = None,
    revenue: Quantity | None = None,
    assets: Quantity | None = None,
) -> SizeClass | None:
    """The size class, or None (unknown) when a missing figure could still change the answer.

    Employees in 人, revenue and assets in money; None = missing. One figure below the limit of
    small decides micro whatever is missing; figures that the industry's rule does not use are not
    looked at. Raises ValueRefused for an industry without a rule, an unknown code, a wrong unit.
    """
    rule = rule_for(industry_code)
    if rule is None:
        raise _no_rule(industry_code)
    figures = {"employees": employees, "revenue": revenue, "assets": assets}
    known = [(limits, figures[limits.figure]) for limits in rule.limits]
    reached = [limits.reached(amount) for limits, amount in known if amount is not None]
    is_complete = len(reached) == len(known)
    if is_complete or SizeClass.MICRO in reached:
        return min(reached)
    return None


@functools.cache
def _by_scope() -> dict[str, SizeRule]:
    return {code: rule for rule in rules() for code in rule.scope}


def _no_rule(industry_code: str) -> ValueRefused:
    node = industry.get(industry_code)
    return ValueRefused(
        Text(
            zh=f"2017年划型办法不含行业 {node.full_code} {node.name}",
            en=f"the size rule of 2017 does not cover {node.full_code} {node.name}",
        ),
        Text(
            zh="金融、教育、卫生、铁路等行业没有统计划型；先用 rule_for 判断",
            en="finance, education, health, rail and others have none; ask rule_for first",
        ),
    )
