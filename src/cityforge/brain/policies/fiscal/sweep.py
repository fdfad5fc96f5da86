"""One term of a policy at several values: what each would cost, whom it lets in or shuts out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Context, Decimal

from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.city.policy import Policy
from cityforge.brain.errors import ProblemsFound, RunRefused, Text, ValueRefused
from cityforge.brain.expr import check
from cityforge.brain.expr.types import Scope
from cityforge.brain.policies.fiscal import comparison, outcome
from cityforge.brain.policies.fiscal.comparison import Changed
from cityforge.brain.policies.fiscal.outcome import Outcome
from cityforge.brain.policies.fiscal.simulation import Sums, whole
from cityforge.brain.policies.matching import Population
from cityforge.brain.policies.prepared import Prepared, prepare_one
from cityforge.brain.values.quantity import Quantity

MOST_VALUES = 200
_BETWEEN, _BY = "..", ":"
_EXACT = Context(prec=100)
_NOTHING = Scope({}, {}, {})


@dataclass(frozen=True, slots=True)
class Point:
    """A policy with a term at one value.

    entered, left   enterprises entitled here and not at the value before, and the other way;
                    None at the first value
    changes         against the policy as it stands, as in a comparison
    """

    value: str
    sums: Sums
    entered: int | None
    left: int | None
    changes: tuple[Changed, ...]

    @property
    def difference(self) -> int:
        """分 more than as it stands."""
        return sum(one.difference for one in self.changes)


@dataclass(frozen=True, slots=True)
class Sweep:
    """A term swept. `stands` is its value now, `present` the policy with it."""

    prepared: Prepared
    term: str
    stands: str
    present: Sums
    points: tuple[Point, ...]


def values(text: str) -> tuple[str, ...]:
    """The values that a text means: "2%..4%:0.5%" with both ends, or "2%,2.5%,4%" as they stand.

    Steps are exact decimals in the unit of the first value. Raises ValueRefused for what cannot be
    read, a step of nothing or away from the end, units that are not like, or too many values.
    """
    if _BETWEEN not in text:
        listed = tuple(part.strip() for part in text.replace("，", ",").split(","))
        if not all(listed):
            raise _refused(text, Text(zh="值不能为空", en="a value is empty"))
        return listed
    first, _, rest = text.partition(_BETWEEN)
    last, _, step = rest.partition(_BY)
    low = Quantity.parse(first)
    high, by = Quantity.parse(last).to(low.unit), Quantity.parse(step or "0").to(low.unit)
    if not by.value or (high.value - low.value) * by.value < 0:
        hint = Text(
            zh="步长须不为零且朝向终点，如 2%..4%:0.5%",
            en="the step must lead from the first value to the last, as 2%..4%:0.5%",
        )
        raise _refused(text, hint)
    count = int((high.value - low.value) / by.value) + 1
    if count > MOST_VALUES:
        raise _refused(
            text, Text(zh=f"超过 {MOST_VALUES} 个值", en=f"more than {MOST_VALUES} values")
        )
    return tuple(
        _told(Quantity(low.value + number * by.value, low.unit)) for number in range(count)
    )


def sweep(
    present: Prepared,
    term: str,
    variants: Sequence[tuple[str, Prepared]],
    population: Population,
    *,
    stands: str | None = None,
) -> Sweep:
    """The policy as it stands, and with the term at each value; all are decided in one pass.

    variants   value and the policy prepared with it, in the order in which they are told
    stands     the value of the term in `present`; without, that of its version
    """
    decided = outcome.outcomes([present, *(one for _, one in variants)], population)
    base = next(decided)
    before: Outcome | None = None
    points = []
    for (value, _), found in zip(variants, decided, strict=True):
        changes = comparison.changes(base, found)
        entered = None if before is None else int((found.true & ~before.true).sum())
        left = None if before is None else int((before.true & ~found.true).sum())
        points.append(Point(value, whole(found), entered, left, changes))
        before = found
    written = next((one.value for one in present.version.terms if one.id == term), "")
    return Sweep(present, term, stands or written, whole(base), tuple(points))


def with_terms(
    city: City, book: Dictionary, policy: Policy, *, day: date, terms: Mapping[str, str]
) -> Prepared:
    """A policy on a day with other values of its terms.

    Raises RunRefused where no version counts that day or it has no such term, ProblemsFound where
    a value cannot be read or does not fit.
    """
    plain = prepare_one(city, book, policy, day=day)
    if plain is None:
        raise RunRefused(
            Text(
                zh=f"{day} 没有“{policy.title}”（{policy.id}）的有效版本",
                en=f"No version of '{policy.id}' is in force on {day}.",
            )
        )
    known = [term.id for term in plain.version.terms]
    for name in terms:
        if name not in known:
            raise RunRefused(
                Text(
                    zh=f"“{policy.id}”没有参数“{name}”；可用：{'、'.join(known) or '无'}",
                    en=f"'{policy.id}' has no term '{name}'; it has: {', '.join(known) or 'none'}.",
                )
            )
    if not terms:
        return plain
    try:
        for value in terms.values():
            # Without facts in sight: what a term says must not rest on an enterprise.
            check.read(value, _NOTHING)
        made = prepare_one(city, book, policy, day=day, terms=terms)
    except ProblemsFound as error:
        told = ", ".join(f"{name}={value}" for name, value in terms.items())
        where = f"{policy.id} ({told})"
        found = [replace(one, file=where, line=0, column=0) for one in error.problems]
        raise ProblemsFound(found) from error
    assert made is not None
    return made


def _told(quantity: Quantity) -> str:
    """As the language writes it. Sums of decimals are decimals: the division is exact."""
    number = _EXACT.divide(Decimal(quantity.value.numerator), Decimal(quantity.value.denominator))
    return f"{number.normalize():f}{quantity.unit.symbol}"


def _refused(text: str, why: Text) -> ValueRefused:
    return ValueRefused(
        Text(
            zh=f"读不懂取值范围“{text}”：{why.zh}", en=f"cannot read the values '{text}': {why.en}"
        ),
        Text(zh="写成 2%..4%:0.5% 或 2%,3%", en="Write 2%..4%:0.5% or 2%,3%."),
    )
