"""Answers of an enterprise: facts it declares in its check-up, laid over what is known of it.

What rests on an answer is provisional until an office confirms it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.folder import City
from cityforge.brain.engines import reference
from cityforge.brain.errors import ProblemsFound, RunRefused, Text
from cityforge.brain.expr import check, results
from cityforge.brain.expr.typed import REGISTER_OPS, Op, Typed, column_name
from cityforge.brain.expr.types import Grain, Kind, Scope
from cityforge.brain.rules.row import GIVEN, Row
from cityforge.brain.values.unit import written

_TRUTHS = {"true": True, "是": True, "yes": True, "false": False, "否": False, "no": False}
_CALLS = {"register": "holds", "ever": "recognised", "first": "first_recognised",
          "entries": "count"}  # fmt: skip
_NUMBER = re.compile(r"-?[0-9][0-9.,]*")
_NOTHING = Scope({}, {}, {})


@dataclass(frozen=True, slots=True)
class Answer:
    """One declared fact.

    asked   what was declared: a fact, a fact of an earlier year or a look-up in a register
    value   an exact number in the unit of its fact, a truth, a text or a day
    """

    asked: Typed
    value: object

    @property
    def column(self) -> str:
        return column_name(self.asked)

    def in_year(self, back: int) -> str | None:
        """The column it fills in a table of facts `back` years older; None where it fills none.

        A fact of a year is one year less far back there; what has no year stays what it is.
        """
        op = self.asked.op
        if not back or op in REGISTER_OPS or self.asked.type.grain is not Grain.ENTERPRISE_YEAR:
            return self.column
        name, years = _dated(self.asked)
        if years + back > 0:
            return None
        return f"{name}[{years + back}]" if years + back else name


def read(city: City, book: Dictionary, text: str) -> Answer:
    """An answer written as `fact=value`, the value as a literal of the language.

    The fact is named as in expressions (`revenue`, `revenue[-1]`, its title,
    `holds('register')`), a register by its id or title alone, or a column as questions name it
    (`register:listed`). Raises RunRefused with what to write instead.
    """
    name, sign, value = text.partition("=")
    if not sign or not name.strip() or not value.strip():
        raise _refused(
            text,
            Text(zh="缺少“=”或其中一边", en="no '=', or nothing on one side of it"),
            Text(zh="写作 营业收入=500万元", en="write revenue=500万元"),
        )
    try:
        asked = check.read(_as_expression(book, name.strip()), book.scope)
        if asked.op not in GIVEN:
            raise _refused(
                text,
                Text(zh="“=”左边不是一项事实", en="left of '=' there is no single fact"),
                Text(zh="左边只写一项事实或一个名录", en="write one fact or one register"),
            )
        found = _value(asked, value.strip())
    except _AnotherUnit:
        raise _in_another_unit(book, asked, text, value.strip()) from None
    except ProblemsFound as error:
        problem = error.problems[0]
        raise _refused(text, problem.what, problem.hint) from None
    _within(city, book, asked, found, text)
    return Answer(asked, found)


def laid(row: Row, answers: Iterable[Answer], *, back: int = 0) -> Row:
    """The row with the answers over what is known; `back`: how many years older its facts are.

    Derived facts are worked out anew. Who holds a title, or has a first day of it, was recognised.
    """
    changes: dict[str, object] = {}
    for answer in answers:
        column = answer.in_year(back)
        if column is None:
            continue
        changes[column] = answer.value
        for implied, value in _implied(answer, row.day):
            if row.values.get(implied) is None:
                changes.setdefault(implied, value)
    return changed(row, changes)


def changed(row: Row, changes: Mapping[str, object]) -> Row:
    """The row with other values; derived facts that rest on them are worked out anew."""
    if not changes:
        return row
    values = {**row.values, **changes}
    touched = set(changes)
    anew = Row(values, row.day, row.parameters, row.derived)
    # A derived fact stands after all that it rests on.
    for name, expression in row.derived.items():
        if name not in changes and not touched.isdisjoint(check.columns(expression)):
            values[name] = anew.value(expression)
            touched.add(name)
    return anew


def rests_on(reads: Iterable[Typed], row: Row) -> frozenset[str]:
    """Every column that expressions read, those of derived facts included."""
    found: set[str] = set()
    waiting = list(reads)
    while waiting:
        for column in check.columns(waiting.pop()) - found:
            found.add(column)
            if column in row.derived:
                waiting.append(row.derived[column])
    return frozenset(found)


def _as_expression(book: Dictionary, name: str) -> str:
    if name in book.registers:
        return f"holds('{name}')"
    kind, colon, register = name.partition(":")
    if colon and kind in _CALLS and register in book.registers:
        return f"{_CALLS[kind]}('{register}')"
    return name


class _AnotherUnit(Exception):
    """A number that is told in another unit than its fact, or in none."""


def _value(asked: Typed, text: str) -> object:
    kind = asked.type.kind
    if kind is Kind.BOOL:
        if text.lower() not in _TRUTHS:
            raise _refused(
                text,
                Text(zh="应为是或否", en="a yes or no is wanted"),
                Text(zh="写 true 或 false", en="write true or false"),
            )
        return _TRUTHS[text.lower()]
    if kind is Kind.TEXT:
        return text.strip("'")
    if kind is Kind.DATE:
        return _day(text)
    # Thousands may be set apart by commas, which the language has another use for.
    plain, unit = text.replace(",", ""), asked.type.unit
    try:
        typed = check.read(plain, _NOTHING, unit=unit)
    except ProblemsFound:
        check.read(plain, _NOTHING)  # what is no number at all is told first
        raise _AnotherUnit from None
    return reference.evaluate(results.in_unit(typed, unit), {}, as_of=date.min)


def _in_another_unit(book: Dictionary, asked: Typed, text: str, value: str) -> RunRefused:
    """What unit the fact is told in, and how to write the same number in it."""
    symbol = asked.type.unit.symbol
    name = str(asked.value)
    title = Text(zh=name, en=name)
    if asked.op not in REGISTER_OPS:
        known = book.facts[_dated(asked)[0]]
        name, title = known.title, Text(zh=known.title, en=known.title_en)
    number = _NUMBER.match(value)
    shown = f"{name}={number.group() if number else 100}{symbol}"
    what = Text(zh=f"“{title.zh}”没有单位", en=f"'{title.en}' has no unit")
    if symbol:
        told = written(symbol)
        what = Text(zh=f"“{title.zh}”以{told.zh}计", en=f"'{title.en}' is told in {told.en}")
    return _refused(text, what, Text(zh=f"写作 {shown}", en=f"write {shown}"))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip("'"))
    except ValueError:
        raise _refused(
            text,
            Text(zh="不是日期", en="no date"),
            Text(zh="写作 2024-01-31", en="write 2024-01-31"),
        ) from None


def _within(city: City, book: Dictionary, asked: Typed, value: object, text: str) -> None:
    """Refuse what the contract of the fact would not let in."""
    if asked.op in REGISTER_OPS:
        return
    name, _ = _dated(asked)
    fact = book.facts[name]
    if fact.values and value not in fact.values:
        listed = "、".join(fact.values)
        raise _refused(
            text,
            Text(zh="不在可选值之内", en="not one of the values there are"),
            Text(zh=f"可选：{listed}", en=f"one of: {', '.join(fact.values)}"),
        )
    dataset = city.datasets.get(fact.dataset or "")
    column = dataset.column(name) if dataset else None
    if column is None or not isinstance(value, Decimal):
        return
    unit = fact.type.unit.symbol
    for bound, is_out, zh, en in (
        (column.min, column.min is not None and value < column.min, "不低于", "at least"),
        (column.max, column.max is not None and value > column.max, "不高于", "at most"),
    ):
        if is_out:
            raise _refused(
                text,
                Text(zh="超出可能的范围", en="outside what can be"),
                Text(zh=f"{fact.title}应{zh} {bound} {unit}", en=f"{en} {bound} {unit}"),
            )


def _dated(asked: Typed) -> tuple[str, int]:
    """The fact and its year, 0 for the table's own, -1 for the one before …"""
    if asked.op is Op.PAST and isinstance(asked.value, tuple):
        name, years = asked.value
        return str(name), int(years)
    return str(asked.value), 0


def _implied(answer: Answer, day: date) -> Iterable[tuple[str, object]]:
    register, value = answer.asked.value, answer.value
    if answer.asked.op is Op.REGISTER and value is True:
        yield f"{Op.EVER.value}:{register}", True
    elif answer.asked.op is Op.EVER and value is False:
        yield f"{Op.REGISTER.value}:{register}", False
    elif answer.asked.op is Op.FIRST and isinstance(value, date) and value <= day:
        yield f"{Op.EVER.value}:{register}", True


def _refused(text: str, what: Text, hint: Text) -> RunRefused:
    return RunRefused(
        Text(
            zh=f"读不懂申报的事实“{text}”：{what.zh}；{hint.zh}",
            en=f"cannot take the declared fact '{text}': {what.en}; {hint.en}",
        )
    )
