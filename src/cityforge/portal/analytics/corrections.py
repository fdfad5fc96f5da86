"""The door to facts that an enterprise may put right, and to the list that the next run reads."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from cityforge.brain.api import corrections
from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.city.dictionary import Fact
from cityforge.brain.errors import CityForgeError, Text
from cityforge.brain.facts.table import table_of
from cityforge.portal.analytics import dossiers
from cityforge.portal.analytics.policies import ready

RULED, DECLARED = corrections.RULED, corrections.DECLARED
_PAST = re.compile(r"(\w+)\[-(\d)\]")
_WORDS = re.compile(r"[\w\u4e00-\u9fff][\w\u4e00-\u9fff .·()（）-]*")
_KINDS = {"quantity": "number", "boolean": "yes_no", "choice": "choice", "date": "day"}


@dataclass(frozen=True, slots=True)
class Correctable:
    """A fact that an enterprise may put right, and the bureau that says whether it is.

    kind      number, yes_no, choice, day, words
    declared  of a dataset that enterprises declare themselves: it counts before it is verified
    yearly    a value a year; else one as of the day
    """

    name: str
    title: Text
    unit: str
    kind: str
    choices: tuple[str, ...]
    dataset: Text
    owner: str
    owner_title: Text
    declared: bool
    yearly: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A correction or declaration for the next run; texts as `fact_value` gives them."""

    uscc: str
    year: int
    fact: str
    value: str
    stated: str
    basis: str
    by: str
    on: date
    id: str


class Refused(Exception):
    """A value that cannot be taken, with what to write instead."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.zh)
        self.text = text


def correctable(fact: str, level: str) -> Correctable | None:
    """A fact by its name, as far as a reader of a level may see it; None where it is none."""
    return next((one for one in facts(level) if one.name == fact), None)


def facts(level: str) -> list[Correctable]:
    """What may be put right, by the dataset it stands in."""
    own = dossiers.ground()
    if own is None:
        return []
    place = own.snapshot.city
    return [
        _correctable(own, place.datasets[fact.dataset or ""], fact)
        for fact in own.book.facts.values()
        if corrections.correctable(place, fact)
        and fact.name not in ("uscc", "year")
        and "treat" in fact.legal_use
        and dossiers.may_see(fact.sensitivity, level)
    ]


def years() -> tuple[int, ...]:
    """The years whose facts the newest run has, the newest first."""
    own = dossiers.ground()
    return own.years if own else ()


def stated(uscc: str, fact: str, year: int) -> str | None:
    """What the newest run says, as people write it; "" for unknown, None for no such enterprise."""
    own = dossiers.ground()
    if own is None:
        return None
    rows = own.rows(table_of(year, own.snapshot.year), uscc)
    if not rows or fact not in rows[0]:
        return None
    return corrections.text(rows[0][fact])


def shown(fact: str, text: str) -> Text:
    """A value as the file of an enterprise shows it."""
    own = dossiers.ground()
    if not text or own is None or fact not in own.book.facts:
        return Text(zh="—", en="—")
    value = corrections.read(own.book, "", 0, f"{fact}={text}").value
    return own.names.value(fact, value)


def read(fact: str, text: str) -> str:
    """A value as people typed it, in the one way it is kept. Raises Refused."""
    own = dossiers.ground()
    if own is None or fact not in own.book.facts:
        raise Refused(Text(zh="没有这项事实", en="There is no such fact."))
    known = own.book.facts[fact]
    column = own.snapshot.city.datasets[known.dataset or ""].column(fact)
    assert column is not None  # an observed fact is a column
    try:
        value = corrections.read(own.book, "", 0, f"{fact}={text.strip()}").value
    except CityForgeError as error:
        raise Refused(error.text) from error
    if value is None:
        raise Refused(Text(zh="请填写应为的数", en="Say what it should be."))
    if isinstance(value, Decimal):
        _check_number(column, value)
    if column.kind == "text" and not _WORDS.fullmatch(str(value)):
        raise Refused(Text(zh="只用文字、数字", en="Letters and digits only."))
    if column.values and value not in column.values:
        listed = "、".join(column.values)
        raise Refused(Text(zh=f"可选：{listed}", en=f"One of: {listed}."))
    return corrections.text(value)


def declared(fact: str, year: int, literal: str) -> tuple[str, int, str] | None:
    """What a check-up's declaration says as a correction: fact, year, value; None where the run
    may not take it unverified: another office's dataset, or a register."""
    examiner = ready.examiner()
    past = _PAST.fullmatch(fact)
    name, of_year = (past[1], year - int(past[2])) if past else (fact, year)
    own = correctable(name, "secret")
    if examiner is None or own is None or not own.declared:
        return None
    try:
        answer = examiner.answer(f"{fact}={literal}")
        return name, of_year, read(name, corrections.text(answer.value))
    except (CityForgeError, Refused):
        return None


def applied(uscc: str) -> dict[str, bool]:
    """The corrections of an enterprise that the newest run read, and whether they hold in it."""
    own = dossiers.ground()
    rows = own.rows(corrections.TABLE, uscc) if own else []
    return {str(row["id"]): bool(row["applied"]) for row in rows}


def write_out(lines: Iterable[Line]) -> int:
    """Put the list where the next run reads it; how many. What no longer fits is left out."""
    own = dossiers.ground()
    data = Path(settings.DATA)
    if own is None:
        return 0
    entries = list(_entries(own.book, lines))
    if entries or (data / corrections.FILE).exists():
        corrections.write(entries, data)
    return len(entries)


def _entries(book: corrections.Dictionary, lines: Iterable[Line]) -> Iterator[corrections.Entry]:
    for one in lines:
        try:
            right = corrections.read(book, one.uscc, one.year, f"{one.fact}={one.value}")
            before = corrections.read(book, one.uscc, one.year, f"{one.fact}={one.stated}").value
        except CityForgeError:
            continue  # the city has no such fact any more
        basis: corrections.Basis = "ruled" if one.basis == RULED else "declared"
        yield corrections.Entry(right, before, basis, one.by, one.on, one.id)


def _correctable(own: dossiers.Ground, dataset: Dataset, fact: Fact) -> Correctable:
    column = dataset.column(fact.name)
    return Correctable(
        fact.name,
        Text(zh=fact.title, en=fact.title_en),
        column.unit or "" if column else "",
        _KINDS.get(column.kind if column else "", "words"),
        tuple(fact.values),
        Text(zh=dataset.title, en=dataset.title_en),
        dataset.owner,
        own.names.unit(dataset.owner),
        dataset.declared,
        dataset.grain == "enterprise_year",
    )


def _check_number(column: Column, value: Decimal) -> None:
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > column.scale:
        raise Refused(
            Text(
                zh=f"最多 {column.scale} 位小数",
                en=f"At most {column.scale} digits after the point.",
            )
        )
    if column.min is not None and value < column.min:
        raise Refused(Text(zh=f"不低于 {column.min}", en=f"At least {column.min}."))
    if column.max is not None and value > column.max:
        raise Refused(Text(zh=f"不高于 {column.max}", en=f"At most {column.max}."))
    if value.adjusted() >= column.precision - column.scale:
        raise Refused(Text(zh="数太大", en="Too large."))
