"""The examples beside a policy: given facts, the answer a person worked out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.city.policy import Policy, PolicyExample, PolicyVersion
from cityforge.brain.expr.typed import Op
from cityforge.brain.facts.table import bindings
from cityforge.brain.policies.benefit import FEN_PER_YUAN, work_out
from cityforge.brain.policies.prepared import prepare_one
from cityforge.brain.rules.judging import judge
from cityforge.brain.rules.row import completed

ANSWERS = {True: "eligible", False: "not_yet", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Ran:
    """One example with our answer; `amount` in 元, None where nothing is paid or it is unknown."""

    policy: Policy
    example: PolicyExample
    answer: str
    amount: Decimal | None

    @property
    def passed(self) -> bool:
        wanted = self.example.amount
        return self.answer == self.example.expect and (wanted is None or wanted == self.amount)


def run(city: City, book: Dictionary) -> Iterator[Ran]:
    """Every example of every policy, judged by the version it stands in."""
    for policy in city.policies.values():
        for version in policy.versions:
            alone = policy.model_copy(update={"versions": [version]})
            for example in version.examples:
                yield _run(city, book, alone, version, example)


def _run(
    city: City, book: Dictionary, policy: Policy, version: PolicyVersion, example: PolicyExample
) -> Ran:
    day = example.day or _day(version)
    prepared = prepare_one(city, book, policy, day=day)
    assert prepared is not None
    given: dict[str, object] = {**example.facts, **_held(example.holds)}
    if policy.districts:
        given.setdefault("district", policy.districts[0])
    row = completed(book, given, day=day, parameters=bindings(city, day))
    answer = ANSWERS[judge(prepared.condition, row).truth]
    payable = work_out(prepared, row).payable if answer == "eligible" else None
    amount = None if payable is None else Decimal(payable) / FEN_PER_YUAN
    return Ran(policy, example, answer, amount)


def _day(version: PolicyVersion) -> date:
    """The day an example is judged where it does not say: a window's first, else the version's."""
    return version.windows[0].opens if version.windows else version.from_


def _held(holds: Mapping[str, bool | date]) -> dict[str, object]:
    """The look-ups that an example's registers tell; a date is the first recognition."""
    found: dict[str, object] = {}
    for name, held in holds.items():
        is_held = held is not False
        found[f"{Op.REGISTER.value}:{name}"] = is_held
        found[f"{Op.EVER.value}:{name}"] = is_held
        if isinstance(held, date):
            found[f"{Op.FIRST.value}:{name}"] = held
            found[f"{Op.ENTRIES.value}:{name}"] = Decimal(1)
        elif not held:
            found[f"{Op.ENTRIES.value}:{name}"] = Decimal(0)
    return found
