"""A scheme with every expression read and checked, ready to be made into a statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cityforge.brain.city.dictionary import DISTRICT, INDUSTRY, Dictionary
from cityforge.brain.city.scheme import Exemption, Part, Scheme, SchemeIndicator
from cityforge.brain.expr import check
from cityforge.brain.expr.check import Typed
from cityforge.brain.expr.types import Kind, Type
from cityforge.brain.values.quantity import PLAIN, unit

Bound = Decimal | bool | str


@dataclass(frozen=True, slots=True)
class Moment:
    """The year that is evaluated, the day its facts stand at, the parameters in force that day."""

    year: int
    day: date
    parameters: Mapping[str, Bound]
    founded_on: str | None = None


@dataclass(frozen=True, slots=True)
class PreparedIndicator:
    """An indicator of one part; `type` is a double in the indicator's own unit."""

    indicator: SchemeIndicator
    expression: Typed
    type: Type

    @property
    def id(self) -> str:
        return self.indicator.id


@dataclass(frozen=True, slots=True)
class PreparedPart:
    part: Part
    when: Typed
    indicators: tuple[PreparedIndicator, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A scheme as its engine needs it. The city was checked before: reading again cannot fail."""

    scheme: Scheme
    book: Dictionary
    population: Typed
    exempt: tuple[tuple[Exemption, Typed], ...]
    parts: tuple[PreparedPart, ...]

    @property
    def indicator_ids(self) -> list[str]:
        """The indicators of all parts, each once, in the order of the file."""
        return list(dict.fromkeys(i.id for part in self.parts for i in part.indicators))

    @property
    def places(self) -> list[str]:
        """Facts that say where an enterprise belongs: district, industry, what else groups it."""
        scheme = self.scheme
        return list(dict.fromkeys([DISTRICT, INDUSTRY, *scheme.groups, *scheme.base.within]))

    @property
    def conditions(self) -> list[Typed]:
        """Every condition: who is in, who is exempt, who belongs to which part."""
        exempt = [typed for _, typed in self.exempt]
        return [self.population, *exempt, *(part.when for part in self.parts)]

    @property
    def reads(self) -> list[Typed]:
        """Every expression of the scheme."""
        indicators = [i.expression for part in self.parts for i in part.indicators]
        return [*self.conditions, *indicators]

    @property
    def facts(self) -> frozenset[str]:
        """Every fact that the scheme reads."""
        used = frozenset[str]().union(*(check.names(typed) for typed in self.reads))
        return used | set(self.scheme.groups) | set(self.scheme.base.within)


def prepare(book: Dictionary, scheme: Scheme) -> Prepared:
    """Read the expressions of a scheme that `checks.load` has passed."""
    return Prepared(
        scheme=scheme,
        book=book,
        population=_condition(book, scheme.population),
        exempt=tuple((e, _condition(book, e.when)) for e in scheme.exempt),
        parts=tuple(
            PreparedPart(
                part=part,
                when=_condition(book, part.when),
                indicators=tuple(_indicator(book, i) for i in part.indicators),
            )
            for part in scheme.parts
        ),
    )


def _condition(book: Dictionary, text: str) -> Typed:
    return check.read(text, book.scope, expect=Kind.BOOL)


def _indicator(book: Dictionary, indicator: SchemeIndicator) -> PreparedIndicator:
    typed = check.read(indicator.expr, book.scope, expect=Kind.DOUBLE)
    measure = unit(indicator.unit) if indicator.unit else PLAIN
    return PreparedIndicator(indicator, typed, Type(Kind.DOUBLE, measure, grain=typed.type.grain))
