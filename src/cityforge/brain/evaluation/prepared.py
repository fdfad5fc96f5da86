"""A scheme with every expression read and checked, ready to be made into a statement."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from cityforge.brain.city.dictionary import DISTRICT, INDUSTRY, Dictionary
from cityforge.brain.city.scheme import Exemption, Part, Scheme, SchemeIndicator
from cityforge.brain.city.scheme_checks import scope_of
from cityforge.brain.city.scheme_grading import ExtraPoints, Extras, Limit
from cityforge.brain.city.scheme_scoring import (
    BASE,
    DOWN,
    HIGH,
    HIGHEST,
    LOW,
    LOWEST,
    TRAITS,
    Base,
    Missing,
    Scoring,
)
from cityforge.brain.expr import check
from cityforge.brain.expr.check import Typed
from cityforge.brain.expr.types import Kind, Scope, Type
from cityforge.brain.scoring.functions import (
    FUNCTIONS,
    ScoringFunction,
    Settings,
    bounds_of,
    settings_of,
)
from cityforge.brain.values.quantity import PLAIN, unit

Bound = Decimal | bool | str
ENTERPRISE = "enterprise"


@dataclass(frozen=True, slots=True)
class Moment:
    """The year that is evaluated, the day its facts stand at, the parameters in force that day."""

    year: int
    day: date
    parameters: Mapping[str, Bound]
    founded_on: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """One value that an indicator is held against (base, low, high) and how it comes about.

    `expression`: where it follows from the enterprise's own facts or a parameter.
    """

    slot: str
    rule: Base
    expression: Typed | None = None


@dataclass(frozen=True, slots=True)
class PreparedIndicator:
    """An indicator of one part; `type` is a double in the indicator's own unit."""

    indicator: SchemeIndicator
    expression: Typed
    type: Type
    scoring: Scoring
    missing: Missing
    references: tuple[Reference, ...] = ()

    @property
    def id(self) -> str:
        return self.indicator.id

    @property
    def weight(self) -> float:
        return float(self.indicator.weight)

    @property
    def function(self) -> ScoringFunction:
        return FUNCTIONS[self.scoring.function]

    @property
    def settings(self) -> Settings:
        return settings_of(self.scoring, self.indicator)

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """The least and the most points."""
        return bounds_of(self.scoring, self.indicator)


@dataclass(frozen=True, slots=True)
class PreparedPart:
    part: Part
    when: Typed
    indicators: tuple[PreparedIndicator, ...]


@dataclass(frozen=True, slots=True)
class PreparedExtra:
    """An item of extra points; `points` where they follow from facts."""

    item: ExtraPoints
    when: Typed
    points: Typed | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A scheme as its engine needs it. The city was checked before: reading again cannot fail."""

    scheme: Scheme
    book: Dictionary
    population: Typed
    exempt: tuple[tuple[Exemption, Typed], ...]
    parts: tuple[PreparedPart, ...]
    bonus: tuple[PreparedExtra, ...] = ()
    penalty: tuple[PreparedExtra, ...] = ()
    limits: tuple[tuple[Limit, Typed], ...] = ()

    @property
    def indicator_ids(self) -> list[str]:
        """The indicators of all parts, each once, in the order of the file."""
        return list(dict.fromkeys(i.id for part in self.parts for i in part.indicators))

    def of(self, name: str) -> list[tuple[PreparedPart, PreparedIndicator]]:
        """An indicator in each part that has it."""
        return [(part, i) for part in self.parts for i in part.indicators if i.id == name]

    def needs(self, name: str, what: str) -> bool:
        """Whether an indicator is held against base, low, high or place in any part."""
        return any(what in i.function.traits.needs for _, i in self.of(name))

    @property
    def places(self) -> list[str]:
        """Facts that say where an enterprise belongs: district, industry, what else groups it."""
        scheme = self.scheme
        always = [DISTRICT, INDUSTRY] if scheme.subject == ENTERPRISE else [DISTRICT]
        return list(dict.fromkeys([*always, *scheme.groups, *scheme.withins]))

    @property
    def conditions(self) -> list[Typed]:
        """Every condition: who is in, who is exempt, who belongs to which part."""
        exempt = [typed for _, typed in self.exempt]
        return [self.population, *exempt, *(part.when for part in self.parts)]

    @property
    def reads(self) -> list[Typed]:
        """Every expression of the scheme."""
        indicators = [i for part in self.parts for i in part.indicators]
        referred = [r.expression for i in indicators for r in i.references if r.expression]
        extras = [*self.bonus, *self.penalty]
        return [
            *self.conditions,
            *(i.expression for i in indicators),
            *referred,
            *(extra.when for extra in extras),
            *(extra.points for extra in extras if extra.points is not None),
            *(typed for _, typed in self.limits),
        ]

    @property
    def facts(self) -> frozenset[str]:
        """Every fact that the scheme reads."""
        used = frozenset[str]().union(*(check.names(typed) for typed in self.reads))
        return used | set(self.scheme.groups) | set(self.scheme.withins)


def prepare(book: Dictionary, scheme: Scheme) -> Prepared:
    """Read the expressions of a scheme that `checks.load` has passed."""
    scope = scope_of(book, scheme)

    def condition(text: str) -> Typed:
        return check.read(text, scope, expect=Kind.BOOL)

    return Prepared(
        scheme=scheme,
        book=book,
        population=condition(scheme.population),
        exempt=tuple((e, condition(e.when)) for e in scheme.exempt),
        parts=tuple(
            PreparedPart(
                part=part,
                when=condition(part.when),
                indicators=tuple(_indicator(scope, scheme, i) for i in part.indicators),
            )
            for part in scheme.parts
        ),
        bonus=_extras(scope, scheme.bonus),
        penalty=_extras(scope, scheme.penalty),
        limits=tuple((limit, condition(limit.when)) for limit in scheme.limits),
    )


def with_scheme(prepared: Prepared, scheme: Scheme) -> Prepared:
    """A prepared scheme with other settings that no expression rests on: bands, levers, errors."""
    return replace(prepared, scheme=scheme)


def _indicator(scope: Scope, scheme: Scheme, indicator: SchemeIndicator) -> PreparedIndicator:
    typed = check.read(indicator.expr, scope, expect=Kind.DOUBLE)
    measure = unit(indicator.unit) if indicator.unit else PLAIN
    return PreparedIndicator(
        indicator,
        typed,
        Type(Kind.DOUBLE, measure, grain=typed.type.grain),
        scheme.scoring_of(indicator),
        indicator.missing or scheme.missing,
        tuple(_references(scope, scheme, indicator)),
    )


def _references(scope: Scope, scheme: Scheme, indicator: SchemeIndicator) -> list[Reference]:
    """Every value that the indicator's function needs."""
    found = []
    for slot, rule in rules_of(scheme, indicator).items():
        text = f"p.{rule.parameter}" if rule.parameter else rule.expr
        typed = check.read(text, scope, expect=Kind.DOUBLE) if text else None
        found.append(Reference(slot, rule, typed))
    return found


def rules_of(scheme: Scheme, indicator: SchemeIndicator) -> dict[str, Base]:
    """How each value comes about that an indicator's function needs.

    Without a rule, the lowest and the highest are those of the ranking group of the year. A base
    value that no rule gives is left out.
    """
    function = scheme.scoring_of(indicator).function
    needs = TRAITS[function].needs
    found: dict[str, Base] = {}
    base = scheme.base_of(indicator)
    if BASE in needs and base is not None:
        found[BASE] = base
        if base.method == "fixed" and not base.values:
            found[BASE] = base.model_copy(update={"values": indicator.bases})
    ends = (LOWEST, HIGHEST)
    if function == "efficacy_coefficient" and indicator.direction == DOWN:
        # 不允许值 and 满意值: where less is better the satisfying one is the lowest.
        ends = (HIGHEST, LOWEST)
    for slot, own, method in zip((LOW, HIGH), (indicator.low, indicator.high), ends, strict=True):
        if slot in needs:
            found[slot] = own or Base.model_validate(
                {"method": f"this_year_{method}", "within": scheme.groups}
            )
    return found


def _extras(scope: Scope, extras: Extras | None) -> tuple[PreparedExtra, ...]:
    return tuple(
        PreparedExtra(
            item,
            check.read(item.when, scope, expect=Kind.BOOL),
            check.read(item.expr, scope, expect=Kind.DOUBLE) if item.expr else None,
        )
        for item in (extras.items if extras else [])
    )
