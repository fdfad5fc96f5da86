"""The check-up of one enterprise in the newest run, with what it declared laid over the data."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cityforge.brain.api import check_ups, policies
from cityforge.brain.api.check_ups import Examined, Examiner
from cityforge.brain.errors import Language, RunRefused, Text
from cityforge.portal.analytics.policies import page, ready
from cityforge.portal.analytics.policies.page import Condition

Declared = Sequence[tuple[str, str]]  # column, and its value as a literal of the language


@dataclass(frozen=True, slots=True)
class Told:
    """A declared fact.

    standing  counts; confirmed (an office's data now say the same); own (the data now have what
              enterprises declare themselves); refused
    """

    column: str
    title: Text
    value: Text
    holder: Text
    standing: str


@dataclass(frozen=True, slots=True)
class Sum:
    """A check-up in numbers, to set before beside after: what can be applied for now (`eligible`;
    `chosen` of them; `total` in 分, `money` the same said), and what lacks facts."""

    eligible: int
    chosen: int
    total: int
    unknown: int
    money: Text


@dataclass(frozen=True, slots=True)
class Checked:
    """A check-up: the content of its page in one language, its numbers, what was declared."""

    page: check_ups.Page
    sum: Sum
    declared: tuple[Told, ...]
    year: int


@dataclass(frozen=True, slots=True)
class Check:
    """A condition of a checklist: the clause, and where it is an expression, its answer.

    mark   met, unmet, unknown, spare (not met, and need not be); empty where it joins others
    facts  what it was judged by: name, value
    """

    clause: Condition
    mark: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple["Check", ...]


@dataclass(frozen=True, slots=True)
class One:
    """One policy for one enterprise, as a checklist.

    answer   eligible, not_yet, unknown
    lacking  facts that no one has told: column and title
    """

    answer: str
    near: check_ups.Near
    checks: Check
    lacking: tuple[tuple[str, Text], ...]
    met: int
    clauses: int
    provisional: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to be told, and how it is asked.

    kind     yes_no, choice, number, day, words
    unit     of a number; empty where it has none
    """

    column: str
    title: Text
    holder: Text
    kind: str
    unit: str
    choices: tuple[str, ...]


def check_up(who: str, declared: Declared, language: Language) -> Checked | None:
    """None where there is no run, or the enterprise is not in it."""
    found = ready.examiner()
    return (
        None if found is None else _checked(found.snapshot.folder, who, tuple(declared), language)
    )


@lru_cache(maxsize=64)
def _checked(
    _folder: Path, who: str, declared: tuple[tuple[str, str], ...], language: Language
) -> Checked | None:
    found = _examined(who, declared)
    if found is None:
        return None
    one, refused = found
    return Checked(
        check_ups.page(one, language), _sum(one), tuple(_told(one, declared, refused)), _year(one)
    )


def entry(checked: Checked, policy: str) -> check_ups.Entry | None:
    """What a check-up says of a policy that can be had, now or later, or is within reach."""
    told = (*checked.page.best, *checked.page.later, *(one.entry for one in checked.page.near))
    return next((one for one in told if one.id == policy), None)


def summed(who: str, declared: Declared) -> Sum | None:
    """The numbers alone."""
    found = _examined(who, declared)
    return None if found is None else _sum(found[0])


def checklist(who: str, policy: str, declared: Declared, language: Language) -> One | None:
    """None as for `check_up`, and where the policy is not judged for anybody here."""
    found = _examined(who, declared)
    if found is None:
        return None
    one = found[0]
    result = next((r for r in one.check_up.results if r.prepared.id == policy), None)
    if result is None:
        return None
    near = check_ups.Entries(one, language).near(result)
    clauses = near.entry.clauses
    needed = [clause for clause in clauses if clause.mark != "spare"]
    return One(
        {True: "eligible", False: "not_yet", None: "unknown"}[result.finding.truth],
        near,
        _checks(page.condition(result.prepared.condition), iter(clauses)),
        tuple((name, one.names.column(name, year=_year(one))) for name in result.lacking),
        sum(clause.mark == "met" for clause in needed),
        len(needed),
        result.provisional,
    )


def question(column: str) -> Question | None:
    """How a fact is asked; None where the city has no such fact."""
    found = ready.examiner()
    if found is None:
        return None
    names = check_ups.Names(found.snapshot.city, found.book)
    kind, _, register = column.partition(":")
    fact = column.partition("[")[0]
    if register not in found.book.registers and fact not in found.book.facts:
        return None
    title = names.column(column, year=found.snapshot.year)
    holder = names.holder(column)
    if register:
        return Question(column, title, holder, _REGISTER.get(kind, "yes_no"), "", ())
    known = found.book.facts[fact]
    form = _KINDS.get(known.type.kind.name, "number")
    if form == "words" and known.values:
        form = "choice"
    unit = known.type.unit.symbol if form == "number" else ""
    if form == "number" and known.type.is_share:
        unit = "%"
    return Question(column, title, holder, form, unit, tuple(known.values))


def takes(column: str, value: str) -> None:
    """Raises Refused, with what to write instead, where a declared value cannot be taken."""
    found = ready.examiner()
    if found is None:
        raise Refused(Text(zh="还没有运行结果", en="There is no run yet."))
    try:
        found.answer(f"{column}={value}")
    except RunRefused as error:
        raise Refused(error.text) from None


class Refused(Exception):
    """A declared value that cannot be taken."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.zh)
        self.text = text


_REGISTER = {"first": "day", "entries": "number"}
_KINDS = {"BOOL": "yes_no", "DATE": "day", "TEXT": "words"}


def _checks(one: Condition, clauses: Iterator[check_ups.Clause]) -> Check:
    """The conditions with their answers, which come in the order of the expressions."""
    if one.parts:
        return Check(one, "", (), tuple(_checks(part, clauses) for part in one.parts))
    clause = next(clauses)
    return Check(one, clause.mark, tuple((f.says, f.value) for f in clause.facts), ())


def _examined(who: str, declared: Declared) -> tuple[Examined, frozenset[str]] | None:
    """With the columns whose values no longer fit the city: they do not count."""
    found = ready.examiner()
    if found is None:
        return None
    return _kept(found.snapshot.folder, who, tuple(declared))


# A run is never altered: what it says of an enterprise and its answers stays the same.
@lru_cache(maxsize=64)
def _kept(
    _folder: Path, who: str, declared: tuple[tuple[str, str], ...]
) -> tuple[Examined, frozenset[str]] | None:
    found = ready.examiner()
    assert found is not None
    texts = {column: f"{column}={value}" for column, value in declared}
    refused = frozenset(column for column, text in texts.items() if not _fits(found, text))
    laid = [text for column, text in texts.items() if column not in refused]
    try:
        return found.of_enterprise(who, declare=laid), refused
    except RunRefused:
        return None


def _fits(found: Examiner, text: str) -> bool:
    try:
        found.answer(text)
    except RunRefused:
        return False
    return True


def _told(one: Examined, declared: Declared, refused: Iterable[str]) -> Iterator[Told]:
    values = {answer.column: answer.value for answer in one.check_up.answers}
    for column, value in declared:
        if column in refused:
            plain, empty = Text(zh=column, en=column), Text(zh="", en="")
            yield Told(column, plain, Text(zh=value, en=value), empty, "refused")
            continue
        counts = column in values
        known = values[column] if counts else one.values.get(column)
        yield Told(
            column,
            one.names.column(column, year=_year(one)),
            one.names.value(column, known),
            one.names.holder(column),
            "counts" if counts else "own" if _is_own(one, column) else "confirmed",
        )


def _is_own(one: Examined, column: str) -> bool:
    """Whether what the data say is the enterprise's own word: then it confirms nothing."""
    fact = one.book.facts.get(column.partition("[")[0])
    return fact is not None and fact.declared


def _sum(one: Examined) -> Sum:
    found = one.check_up
    count, pays = sum(each.timing.is_open for each in found.eligible), found.paid(found.now)
    return Sum(count, len(found.now), pays, len(found.unknown), policies.about(pays))


def _year(one: Examined) -> int:
    return one.snapshot.year
