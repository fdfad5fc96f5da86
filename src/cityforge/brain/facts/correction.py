"""One fact of one enterprise put right: what it names, how people write it, whether it can be."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cityforge.brain.city.dictionary import Dictionary, Fact
from cityforge.brain.errors import RunRefused, Text
from cityforge.brain.expr.types import Kind

Value = Decimal | bool | str | date | None


@dataclass(frozen=True, slots=True)
class Correction:
    """One fact of one enterprise in one year, and what it should be (None: not known)."""

    uscc: str
    year: int
    fact: str
    value: Value


def read(book: Dictionary, uscc: str, year: int, text: str) -> Correction:
    """A correction as people write it: `tax_paid=350000.00` in the unit of the column, `=` nothing
    where the fact is not known after all. Raises RunRefused where it cannot be read.
    """
    name, sign, value = (part.strip() for part in text.partition("="))
    fact = book.facts.get(name)
    if not sign or fact is None:
        raise RunRefused(Text(zh=f"“{text}”应写成 事实=值", en=f"'{text}' should read fact=value"))
    try:
        made = _value(fact, value)
    except (KeyError, ValueError, ArithmeticError) as error:
        raise RunRefused(
            Text(
                zh=f"“{fact.title}”的值“{value}”读不懂",
                en=f"the value '{value}' of {fact.title_en} cannot be read",
            )
        ) from error
    correction = Correction(uscc, year, name, made)
    check(book, correction)
    return correction


def _value(fact: Fact, text: str) -> Value:
    if not text:
        return None
    if fact.type.kind is Kind.TEXT:
        return text
    if fact.type.kind is Kind.DATE:
        return date.fromisoformat(text)
    if fact.type.kind is Kind.BOOL:
        return {"是": True, "否": False, "true": True, "false": False}[text]
    number = Decimal(text.replace(",", ""))
    if not number.is_finite():
        raise ValueError(text)
    return number


def check(book: Dictionary, one: Correction) -> None:
    """Raises RunRefused where it names no observed fact, or the value is of another kind."""
    fact = book.facts.get(one.fact)
    if fact is None or fact.dataset is None:
        raise RunRefused(
            Text(
                zh=f"“{one.fact}”不是数据集里的事实，不能更正；派生的事实随它所依据的数变",
                en=f"'{one.fact}' is no observed fact; a derived one follows what it rests on",
            )
        )
    kinds: dict[Kind, type] = {Kind.BOOL: bool, Kind.TEXT: str, Kind.DATE: date}
    wanted = kinds.get(fact.type.kind, Decimal)
    if one.value is not None and not isinstance(one.value, wanted):
        raise RunRefused(
            Text(
                zh=f"“{fact.title}”不能更正为 {one.value}",
                en=f"{fact.title_en} cannot be {one.value}",
            )
        )
