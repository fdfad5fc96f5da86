"""Made-up enterprises of which a condition holds, to try an amount on: each is judged by the
reference interpreter, so that what they show is shown, not guessed."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import cycle, islice

from cityforge.brain.expr.typed import REGISTER_OPS, Op, Typed, column_name
from cityforge.brain.expr.types import Kind
from cityforge.brain.policies.lint_reach import Supposed, boxes, columns_of
from cityforge.brain.policies.lint_read import Looked
from cityforge.brain.policies.lint_sets import Chosen, Numbers, Texts
from cityforge.brain.rules.row import Row, completed

MOST_WAYS = 24  # alternatives of a condition that are tried
MOST_THROWS = 600  # enterprises made up for one condition
_DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class Sample:
    """One enterprise of which the condition holds, all that is read of it known."""

    looked: Looked
    given: Mapping[str, object]

    def row(self, **changes: object) -> Row:
        """The enterprise as facts, with other values of some columns; None: unknown."""
        return completed(
            self.looked.book,
            {**self.given, **changes},
            day=self.looked.day,
            parameters=self.looked.parameters,
        )


def entitled(looked: Looked, reads: Sequence[Typed], *, most: int) -> list[Sample]:
    """So many enterprises that meet the conditions of a version; fewer where none are found.

    reads   what else is read of them, beside the conditions
    """
    truth = looked.condition.truth
    dice = random.Random(looked.policy.id)
    columns = _columns(looked, [truth, *reads])
    ways = list(islice(boxes([*looked.area, (truth, True)], looked.world), MOST_WAYS))
    found = []
    for box in islice(cycle(ways), MOST_THROWS if ways else 0):
        sample = Sample(looked, dict(_thrown(looked, columns, box, dice)))
        if sample.row().truth(truth) is True:
            found.append(sample)
        if len(found) == most:
            break
    return found


def _columns(looked: Looked, reads: Sequence[Typed]) -> list[Typed]:
    """The facts and look-ups in a steady order; for a derived fact what it rests on."""
    found: dict[str, Typed] = {}
    waiting = list(reads)
    while waiting:
        for term in columns_of([waiting.pop()]):
            inside = looked.world.derived.get(str(term.value)) if term.op is Op.FACT else None
            if inside is not None:
                waiting.append(inside)
            else:
                found[column_name(term)] = term
    return [found[name] for name in sorted(found)]


def _thrown(
    looked: Looked, columns: Sequence[Typed], box: Supposed, dice: random.Random
) -> Iterator[tuple[str, object]]:
    """A value for each column, out of what the box leaves of it."""
    registers: dict[object, None] = {}
    for term in columns:
        if term.op in REGISTER_OPS:
            registers[term.value] = None
        else:
            yield column_name(term), _value(looked, term, box, dice)
    for register in registers:
        yield from _entry(looked, register, box, dice)


def _value(looked: Looked, term: Typed, box: Supposed, dice: random.Random) -> object:
    domain = box.get(term) or looked.world.domain(term)
    if isinstance(domain, Chosen):
        return dice.choice(sorted(domain.among, key=str))
    if isinstance(domain, Texts):
        listed = sorted(domain.among or ())
        fitting = [text for text in listed if domain.holds(text)]
        return dice.choice(fitting) if fitting else domain.witness()
    if term.type.kind is Kind.DATE:
        return _date(looked, term, domain, box, dice)
    return _decimal(_number(domain, dice))


def _number(domain: Numbers, dice: random.Random) -> Fraction:
    """One of the ends or beside them; or of any size that fits, few decimals."""
    if dice.random() < 0.5:
        free = Fraction(Decimal(f"{10 ** dice.uniform(-1, 6):.1g}"))
        if domain.holds(free):
            return free
    samples = domain.samples()
    return dice.choice(samples) if samples else Fraction(0)


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


def _date(looked: Looked, term: Typed, domain: Numbers, box: Supposed, dice: random.Random) -> date:
    """A day of the domain; of one of which the years since then are asked, so many years ago."""
    years = next(
        (
            supposed
            for key, supposed in box.items()
            if isinstance(key, Typed) and key.op is Op.YEARS_SINCE and key.children[0] == term
        ),
        None,
    )
    back = dice.randint(0, 40)
    if isinstance(years, Numbers):
        back = int(dice.choice(years.samples() or [Fraction(0)]))
    day = looked.day - timedelta(days=int(back * _DAYS_A_YEAR) + dice.randint(1, 300))
    if domain.is_all or domain.holds(Fraction(day.toordinal())):
        return day
    number = max(1, int(dice.choice(domain.samples() or [Fraction(day.toordinal())])))
    return date.fromordinal(min(number, date.max.toordinal()))


def _entry(
    looked: Looked, register: object, box: Supposed, dice: random.Random
) -> Iterator[tuple[str, object]]:
    """The look-ups of one register, as they go together."""
    terms = {key.op: key for key in box if isinstance(key, Typed) and key.value == register}

    def leaves(op: Op, value: object) -> bool:
        domain = box.get(terms.get(op))
        return not isinstance(domain, Chosen) or value in domain.among

    held = dice.choice([value for value in (True, False) if leaves(Op.REGISTER, value)] or [False])
    is_ever = held or dice.choice([v for v in (True, False) if leaves(Op.EVER, v)] or [False])
    first = None
    if is_ever or Op.FIRST in terms:
        term = terms.get(Op.FIRST)
        domain = box.get(term)
        whole = domain if isinstance(domain, Numbers) else Numbers(step=Fraction(1))
        first = _date(looked, term, whole, box, dice) if term is not None else looked.day
    yield f"{Op.REGISTER.value}:{register}", held
    yield f"{Op.EVER.value}:{register}", is_ever
    yield f"{Op.ENTRIES.value}:{register}", Decimal(dice.randint(1, 2) if held else 0)
    if first is not None:
        yield f"{Op.FIRST.value}:{register}", first
