"""Answers that the city's facts give: filled in where the enterprise did not say, compared where
it did. What the facts do not tell stays unknown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from cityforge.brain.city.diagnosis import TOP_SCENE, Diagnosis, Question
from cityforge.brain.city.diagnosis_checks import PERCENT, blocks_of
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.engines.reference import Value as FactValue
from cityforge.brain.errors import ProblemsFound
from cityforge.brain.evaluation.diagnosis.answers import Answer, Answers, Ticks, Value
from cityforge.brain.evaluation.diagnosis.worth import FULL_SHARE, worth
from cityforge.brain.expr import check
from cityforge.brain.expr.typed import Typed
from cityforge.brain.expr.types import Kind
from cityforge.brain.rules.row import Row
from cityforge.brain.values.quantity import PLAIN

_SHOWN = Decimal("0.0001")  # a share of facts is a quotient: rounded before it meets a band


@dataclass(frozen=True, slots=True)
class Filled:
    """Answers with what the city knows.

    answers    the enterprise's own, and for the others those that the facts give
    differing  by question, what the facts would give where the enterprise said something worth
               something else
    """

    answers: Answers
    differing: Mapping[str, Answer]


def fill(diagnosis: Diagnosis, book: Dictionary, row: Row, answers: Answers) -> Filled:
    """Lay the answers of an enterprise over what the facts of its row give."""
    given: dict[str, Answer] = {}
    differing: dict[str, Answer] = {}
    for path, block in blocks_of(diagnosis.blocks):
        del path
        for question in block.questions if block.id not in answers.cut else ():
            said = answers.given.get(question.id)
            known = _known(question, book, row)
            if known is not None:
                given[question.id] = known
            if said is not None:
                given[question.id] = said
            if said is not None and known is not None and _differ(diagnosis, question, said, known):
                differing[question.id] = known
    return Filled(replace(answers, given={**answers.given, **given}), differing)


def _differ(diagnosis: Diagnosis, question: Question, said: Answer, known: Answer) -> bool:
    one = worth(diagnosis, question, said.value)
    other = worth(diagnosis, question, known.value)
    return one.high < other.low or other.high < one.low


def _known(question: Question, book: Dictionary, row: Row) -> Answer | None:
    if question.kind in ("single", "multi"):
        conditions = {
            option.id: _typed(book, option.when, Kind.BOOL)
            for option in question.options
            if option.when is not None
        }
        if not conditions:
            return None
        read = [typed for typed in conditions.values() if typed is not None]
        truths = {name: row.truth(typed) for name, typed in conditions.items() if typed is not None}
        value = (_chosen if question.kind == "single" else _ticked)(question, truths)
    else:
        kind = Kind.BOOL if question.kind == "requirement" else Kind.DOUBLE
        typed = _typed(book, question.prefill, kind, in_percent=question.kind == "share")
        if typed is None:
            return None
        read, value = [typed], _of(question, row.value(typed))
    if value is None:
        return None
    columns = sorted({column for typed in read for column in check.columns(typed)})
    return Answer(value, "known", columns=tuple(columns))


def _typed(
    book: Dictionary, text: str | None, kind: Kind, *, in_percent: bool = False
) -> Typed | None:
    """The expression over the facts there are; None where it names one that is not among them."""
    if text is None:
        return None
    unit = PERCENT if in_percent else PLAIN if kind is Kind.DOUBLE else None
    try:
        return check.read(text, book.scope, expect=kind, unit=unit)
    except ProblemsFound:
        return None


def _chosen(question: Question, truths: Mapping[str, bool | None]) -> Value | None:
    """The option worth most whose condition holds, where none above it may hold too.

    An option without a condition is what is left when all above it fail, where it is the first.
    """
    for option in reversed(question.options):
        truth = truths.get(option.id)
        if truth:
            return option.id
        if option.when is None and option is question.options[0]:
            return option.id
        if truth is None:
            return None
    return None


def _ticked(question: Question, truths: Mapping[str, bool | None]) -> Value | None:
    ticked = frozenset(name for name, truth in truths.items() if truth)
    told = {name for name, truth in truths.items() if truth is not None}
    if not told:
        return None
    return Ticks(ticked, frozenset(option.id for option in question.options) - told)


def _of(question: Question, found: FactValue) -> Value | None:
    if isinstance(found, bool):
        return ("full" if found else "none") if question.kind == "requirement" else None
    number = next(_number(found), None)
    if number is None:
        return None
    if question.kind == "share":
        return number.quantize(_SHOWN, ROUND_HALF_UP) if 0 <= number <= FULL_SHARE else None
    if question.kind == "scene":
        return int(number) if 0 <= number <= TOP_SCENE and number == int(number) else None
    change, flat = Fraction(number), Fraction(question.flat_within)
    return "flat" if abs(change) <= flat else "up" if change > 0 else "down"


def _number(found: FactValue) -> Iterator[Decimal]:
    if isinstance(found, float):
        yield Decimal(repr(found))
    elif isinstance(found, Decimal):
        yield found
