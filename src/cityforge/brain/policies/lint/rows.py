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
from cityforge.brain.policies.lint.read import Looked
from cityforge.brain.policies.reach.reach import Supposed, boxes, columns_of
from cityforge.brain.policies.reach.sets import Chosen, Numbers, Texts
from cityforge.brain.rules.row import Row

MOST_WAYS = 24  # alternatives of a condition that are tried
MOST_THROWS = 400  # enterprises made up for one condition
LONGEST_AGO = 500  # years; no one asks for more, and the calendar has an end
FRUITLESS = 150  # throws after which none is hoped for any more
_DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class Sample:
    """One enterprise of which the condition holds, all that is read of it known.

    derived   the derived facts that are read, each after what it rests on
    """

    looked: Looked
    given: Mapping[str, object]
    derived: Sequence[str]

    def row(self, **changes: object) -> Row:
        """The enterprise as facts, with other values of some columns; None: unknown."""
        values = {**self.given, **changes}
        row = Row(values, self.looked.day, self.looked.parameters, self.looked.world.derived)
        for name in self.derived:
            if values.get(name) is None:
                values[name] = row.value(self.looked.world.derived[name])
        return row


def entitled(looked: Looked, reads: Sequence[Typed], *, most: int) -> list[Sample]:
    """So many enterprises that meet the conditions of a version; fewer where none are found.

    reads   what else is read of them, beside the conditions
    """
    truth = looked.condition.truth
    dice = random.Random(looked.policy.id)
    columns, derived = _columns(looked, [truth, *reads])
    ways = list(islice(boxes([*looked.area, (truth, True)], looked.world), MOST_WAYS))
    found: list[Sample] = []
    for thrown, box in enumerate(islice(cycle(ways), MOST_THROWS if ways else 0)):
        if thrown == FRUITLESS and not found:
            break
        sample = Sample(looked, dict(_thrown(looked, columns, box, dice)), derived)
        if sample.row().truth(truth) is True:
            found.append(sample)
        if len(found) == most:
            break
    return found


def _columns(looked: Looked, reads: Sequence[Typed]) -> tuple[list[Typed], list[str]]:
    """The facts and look-ups that are observed, in a steady order; and the derived facts read,
    each after what it rests on."""
    found: dict[str, Typed] = {}
    derived: set[str] = set()
    waiting = list(reads)
    while waiting:
        for term in columns_of([waiting.pop()]):
            name = column_name(term)
            inside = looked.world.derived.get(name) if term.op is Op.FACT else None
            if inside is None:
                found[name] = term
            elif name not in derived:
                derived.add(name)
                waiting.append(inside)
    ordered = [name for name in looked.book.facts if name in derived]
    return [found[name] for name in sorted(found)], ordered


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
        asked = int(dice.choice(years.samples() or [Fraction(0)]))
        back = min(max(asked, -LONGEST_AGO), LONGEST_AGO)
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
