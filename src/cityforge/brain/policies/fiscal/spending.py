"""The money of a policy over the years: instalments, the year's budget, the day it is spent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Literal

import numpy as np

from cityforge.brain.city.policy import Budget, PolicyVersion
from cityforge.brain.policies import combining
from cityforge.brain.policies.benefit import first_come, within_budget
from cityforge.brain.policies.fiscal.outcome import Whole, summed
from cityforge.brain.policies.prepared import Prepared

Arrival = Literal["even", "first_day"]
"""How claims are assumed to come in: as much money every day of the window, or all on its first."""

SHARES = (Decimal("0.7"), Decimal("0.9"), Decimal(1))
"""Shares of a budget whose day is told: two warnings, and the whole (handbooks of practice)."""

_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Year:
    """What falls due in one year to those entitled now, and what its budget pays of it; 分.

    budget    None where the policy states none for the year: all that is due is paid
    beyond    what happens where claims exceed it
    paid      what is paid; cut: enterprises that get less than is due
    reached   of SHARES, the day so much of the budget is spent; None where it never is. Only for
              the first year: later instalments are due at once
    """

    year: int
    due: int
    budget: int | None = None
    beyond: Literal["proportional", "first_come"] | None = None
    paid: int = 0
    cut: int = 0
    reached: tuple[date | None, ...] = ()


def years(prepared: Prepared, claims: Whole, *, day: date, arrival: Arrival) -> tuple[Year, ...]:
    """The years in which claims are paid: the first where the window opens, then one each.

    claims   分 of every enterprise in the order in which they would be served
    Claims of earlier windows, whose later instalments fall into the same years, are not counted.
    """
    version = prepared.version
    opens, closes = span(prepared, day)
    first = opens.year
    parts = in_parts(claims, version.benefit.instalments)
    budgets = {one.year: one for one in version.benefit.budgets}
    found = []
    for number, part in enumerate(parts):
        made = _year(first + number, part, budgets.get(first + number))
        if number == 0 and made.budget is not None:
            reached = tuple(
                _reached(made.due, made.budget * Fraction(share), opens, closes, arrival)
                for share in SHARES
            )
            made = replace(made, reached=reached)
        found.append(made)
    return tuple(found)


def span(prepared: Prepared, day: date) -> tuple[date, date]:
    """The days on which claims may come in: the window, else the year of the day as far as the
    version is in force."""
    if prepared.call.window is not None:
        return prepared.call.window.opens, prepared.call.window.closes
    version: PolicyVersion = prepared.version
    last = date(day.year, 12, 31)
    return max(version.from_, date(day.year, 1, 1)), min(version.to or last, last)


def in_parts(claims: Whole, shares: Sequence[Decimal]) -> list[Whole]:
    """Every claim in instalments as `benefit.in_instalments` parts one; without shares at once."""
    if not shares:
        return [claims]
    reached = [np.zeros_like(claims)]
    for share in list(accumulate(shares))[:-1]:
        above, below = share.as_integer_ratio()
        largest = int(claims.max(initial=0)) * 2 * above + below
        wide = claims if largest <= _LARGEST else claims.astype(object)
        reached.append(((2 * above * wide + below) // (2 * below)).astype(np.int64))
    return [upto - before for before, upto in pairwise([*reached, claims])]


def _year(year: int, claims: Whole, budget: Budget | None) -> Year:
    due = summed(claims)
    if budget is None:
        return Year(year, due, paid=due)
    limit = combining.fen(budget.amount)
    if due <= limit:
        return Year(year, due, limit, budget.beyond, due)
    asked = claims[claims > 0].tolist()
    pay = {"proportional": within_budget, "first_come": first_come}[budget.beyond]
    paid = pay(asked, limit)
    cut = sum(part < claim for part, claim in zip(paid, asked, strict=True))
    return Year(year, due, limit, budget.beyond, sum(paid), cut)


def _reached(due: int, money: Fraction, opens: date, closes: date, arrival: Arrival) -> date | None:
    if due < money:
        return None
    if arrival == "first_day" or not money:
        return opens
    days = (closes - opens).days + 1
    # The first day by whose end so much has come in.
    number = -(-(money * days) // due)
    return opens + timedelta(days=int(number) - 1)
