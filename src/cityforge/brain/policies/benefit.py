"""What one entitled enterprise gets, worked out line by line, to the 分."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate, pairwise

from cityforge.brain.engines.reference import Value
from cityforge.brain.policies.prepared import Prepared, PreparedStep
from cityforge.brain.rules.row import Row

FEN_PER_YUAN = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the working; None: it rests on what is unknown."""

    step: PreparedStep
    value: Value


@dataclass(frozen=True, slots=True)
class Working:
    """How an amount comes about; money is integer 分.

    amount       before what was already received; None where it is unknown, or no money
    received     of the same kind already received; 0 where the policy does not ask
    payable      what is paid: the difference, never below nothing
    instalments  what is paid each time; they sum to `payable`
    lacking      the observed columns without which the amount cannot be told
    """

    lines: tuple[Line, ...] = ()
    amount: int | None = None
    received: int | None = 0
    payable: int | None = None
    instalments: tuple[int, ...] = ()
    lacking: tuple[str, ...] = ()


def work_out(prepared: Prepared, row: Row) -> Working:
    """The amount of a policy for one enterprise, as if it were entitled.

    An amount below nothing is nothing. Exact where the facts are exact; a rate that is a quotient
    of facts is a double, and is rounded with the amount, once, half away from zero.
    """
    lines = tuple(Line(step, row.value(step.typed)) for step in prepared.steps)
    if prepared.amount is None:
        return Working(lines)
    amount = _fen(row.value(prepared.amount))
    received: int | None = 0
    lacking = list(row.lacking(prepared.amount))
    if prepared.received is not None:
        received = _fen(row.value(prepared.received))
        lacking += row.lacking(prepared.received)
    payable = None if amount is None or received is None else max(amount - received, 0)
    shares = prepared.version.benefit.instalments
    return Working(
        lines,
        amount,
        received,
        payable,
        in_instalments(payable, shares) if payable is not None and shares else (),
        tuple(dict.fromkeys(lacking)),
    )


def in_instalments(fen: int, shares: Sequence[Decimal]) -> tuple[int, ...]:
    """The whole in parts: what is paid up to each instalment is rounded half up, so that no part
    is off by a 分 or below nothing, and all of them sum to the whole."""
    reached = [_rounded(fen * share) for share in accumulate(shares)]
    return tuple(upto - before for before, upto in pairwise([0, *reached[:-1], fen]))


def within_budget(claims: Sequence[int], budget: int) -> tuple[int, ...]:
    """Claims cut in proportion so that together they do not exceed the budget, all in 分.

    Each gets its share rounded down; the 分 that are left go to the largest remainders, earlier
    claims first, so that the whole budget is paid and no claim is off by a 分 or more.
    """
    total = sum(claims)
    if total <= budget:
        return tuple(claims)
    parts = [claim * budget // total for claim in claims]
    remainders = [claim * budget % total for claim in claims]
    order = sorted(range(len(claims)), key=lambda i: (-remainders[i], i))
    for i in order[: budget - sum(parts)]:
        parts[i] += 1
    return tuple(parts)


def first_come(claims: Sequence[int], budget: int) -> tuple[int, ...]:
    """Claims paid in their order until the budget is spent; where it runs out, the rest."""
    paid = []
    for claim in claims:
        paid.append(min(claim, budget))
        budget -= paid[-1]
    return tuple(paid)


def _fen(value: Value) -> int | None:
    if value is None or not isinstance(value, Decimal | float):
        return None
    return max(_rounded(Decimal(str(value)) * FEN_PER_YUAN), 0)


def _rounded(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_HALF_UP))
