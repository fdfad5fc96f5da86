"""What is known of one enterprise, by the columns of a table of facts, and expressions over it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.engines import reference
from cityforge.brain.engines.reference import Value
from cityforge.brain.expr.typed import REGISTER_OPS, Op, Typed, column_name

_NOTHING: Mapping[str, object] = MappingProxyType({})
_REGISTER = f"{Op.REGISTER.value}:"
GIVEN = (Op.FACT, Op.PAST, *REGISTER_OPS)


@dataclass(frozen=True)
class Row:
    """One row of a table of facts: exact numbers as Decimal in the unit of their fact.

    values   by column name (`revenue`, `revenue[-1]`, `register:listed`); None or absent: unknown
    day      the day it is judged as of
    derived  the expressions of derived facts, to tell what an unknown one lacks
    """

    values: Mapping[str, object]
    day: date
    parameters: Mapping[str, object] = field(default_factory=dict)
    derived: Mapping[str, Typed] = field(default_factory=dict)

    def value(self, typed: Typed) -> Value:
        """The value of an expression, by the reference interpreter; None is unknown."""
        return reference.evaluate(
            typed,
            self.values,
            as_of=self.day,
            parameters=self.parameters,
            registers=_Registers(self.values),
        )

    def truth(self, typed: Typed) -> bool | None:
        """The value of a condition."""
        found = self.value(typed)
        return found if isinstance(found, bool) else None

    def lacking(self, typed: Typed) -> tuple[str, ...]:
        """The columns whose absence leaves an expression unknown, each once, observed ones.

        Of a condition already decided, and of what a decided branch leaves out, none; of a derived
        fact what it rests on. Empty where nothing is missing, as in a division by zero.
        """
        return tuple(dict.fromkeys(self._lacking(typed)))

    def _lacking(self, typed: Typed) -> Iterator[str]:
        if self.value(typed) is not None:
            return
        if typed.op in GIVEN:
            inside = self.derived.get(str(typed.value)) if typed.op is Op.FACT else None
            found = list(self._lacking(inside)) if inside is not None else []
            yield from found or [column_name(typed)]
        elif typed.op is Op.IF:
            condition, then, otherwise = typed.children
            truth = self.truth(condition)
            yield from self._lacking(condition if truth is None else then if truth else otherwise)
        else:
            for child in typed.children:
                yield from self._lacking(child)


class _Registers(Mapping[str, object]):
    """The look-ups of a row as the reference interpreter names them."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> object:
        return self._values[name if ":" in name else _REGISTER + name]

    def __iter__(self) -> Iterator[str]:
        return (name.removeprefix(_REGISTER) for name in self._values if ":" in name)

    def __len__(self) -> int:
        return sum(":" in name for name in self._values)


def completed(
    book: Dictionary, given: Mapping[str, object], *, day: date, parameters: Mapping[str, object]
) -> Row:
    """A row of observed values with the derived facts computed; one that is given is kept."""
    values = dict(given)
    derived = {name: fact.expression for name, fact in book.facts.items() if fact.expression}
    row = Row(values, day, parameters, derived)
    # A derived fact stands after all that it rests on.
    for name, expression in derived.items():
        if values.get(name) is None:
            values[name] = row.value(expression)
    return row
