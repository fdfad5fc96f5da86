"""The fact dictionary (事实目录): every fact of a city with its type, source and legal use.

A fact is a column of a dataset about enterprises, or derived from others by an expression. What a
derived fact may be used for, and who may see it, follows from what it rests on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from cityforge.brain.city import expressions
from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.city.document import Document, Path_
from cityforge.brain.city.fact import DerivedFact, Parameter
from cityforge.brain.city.folder import City
from cityforge.brain.city.shapes import LegalUse, Sensitivity
from cityforge.brain.city.unread import Unread
from cityforge.brain.errors import Problem, ProblemsFound, Text
from cityforge.brain.expr import check, results
from cityforge.brain.expr.check import Typed
from cityforge.brain.expr.types import Grain, Kind, Scope, Symbol, Type

_GRAINS = {
    "enterprise": Grain.ENTERPRISE,
    "enterprise_year": Grain.ENTERPRISE_YEAR,
    "place_period": Grain.PLACE_PERIOD,
}
_SENSITIVITIES = list(Sensitivity)
DISTRICT = "district"  # the district's id, found from the frame's district or area code
INDUSTRY = "industry"  # the two-digit division of GB/T 4754
# Names that the tables of a run use themselves.
RESERVED = frozenset(
    ("row_", "extra_", "district_from", "code_kind", "part", "standing", "lacking", "lacking_en")
)
# Columns that say which row it is, not something known of an enterprise.
_NOT_FACTS = ("year", "period")


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry of the dictionary. `inputs` names the facts a derived one rests on directly."""

    name: str
    title: str
    title_en: str
    type: Type
    legal_use: frozenset[LegalUse]
    sensitivity: Sensitivity
    declared: bool
    dataset: str | None = None
    expression: Typed | None = None
    inputs: tuple[str, ...] = ()
    values: tuple[str, ...] = ()

    def symbol(self) -> Symbol:
        return Symbol(self.name, self.title, self.type, values=frozenset(self.values) or None)


@dataclass
class Dictionary:
    """All facts of a city in an order in which each stands after what it rests on."""

    facts: dict[str, Fact] = field(default_factory=dict)
    series: dict[str, Symbol] = field(default_factory=dict)
    parameters: dict[str, Symbol] = field(default_factory=dict)
    registers: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unread: Unread = field(default_factory=Unread)

    @cached_property
    def scope(self) -> Scope:
        """What an expression about an enterprise may name."""
        symbols = {name: fact.symbol() for name, fact in self.facts.items()}
        return Scope(symbols, self.parameters, self.registers)

    @cached_property
    def place_scope(self) -> Scope:
        """What an expression about a place may name: the series, no enterprise's facts."""
        return Scope(self.series, self.parameters, {})

    def rests_on(self, names: Iterable[str]) -> list[Fact]:
        """The observed facts that these facts rest on in the end, sorted by name."""
        seen: dict[str, Fact] = {}
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            fact = self.facts.get(name)
            if fact is None or name in seen:
                continue
            seen[name] = fact
            waiting.extend(fact.inputs)
        return sorted((f for f in seen.values() if f.dataset), key=lambda f: f.name)


def build(city: City) -> Dictionary:
    """The dictionary of a city, with the Problems met on the way (in `problems`)."""
    book = Dictionary(unread=city.unread)
    _parameters(city, book)
    for register in city.registers.values():
        book.registers[register.id] = register.id
        book.registers[register.title] = register.id
    for dataset in city.datasets.values():
        _columns(city, dataset, book)
    _placed(city, book)
    _derived(city, book)
    return book


def _placed(city: City, book: Dictionary) -> None:
    """The two facts that the frame's table always carries, whatever its columns are called."""
    if city.frame is None:
        return
    ground = Fact(
        name=DISTRICT,
        title="所属区县",
        title_en="District",
        type=Type(Kind.TEXT, grain=Grain.ENTERPRISE),
        legal_use=frozenset(city.frame.legal_use),
        sensitivity=Sensitivity.PUBLIC,
        declared=False,
        dataset=city.frame.id,
        values=tuple(district.id for district in city.place.districts),
    )
    book.facts[DISTRICT] = ground
    book.facts[INDUSTRY] = replace(
        ground, name=INDUSTRY, title="行业大类", title_en="Industry division", values=()
    )


def _parameters(city: City, book: Dictionary) -> None:
    for parameter in city.parameters.values():
        document = city.documents[("parameters", parameter.id)]
        type_ = _parameter_type(parameter, document, book)
        if type_:
            book.parameters[parameter.id] = Symbol(parameter.id, parameter.title, type_)
        else:
            book.unread.names.add(parameter.id)


def _parameter_type(parameter: Parameter, document: Document, book: Dictionary) -> Type | None:
    sample = parameter.values[0].value
    if isinstance(sample, bool):
        return Type(Kind.BOOL)
    if isinstance(sample, str):
        return Type(Kind.TEXT)
    measure = expressions.read_unit(parameter.unit, document, ("unit",), book.problems)
    if measure is None:
        return None
    # No wider than the values need: what is made of a 38-digit number could not stay exact.
    digits = [
        (max(value.value.adjusted() + 1, 1), max(-int(value.value.as_tuple().exponent), 0))
        for value in parameter.values
        if isinstance(value.value, Decimal)
    ]
    scale = max(places for _, places in digits)
    whole = max(wide for wide, _ in digits)
    return Type(Kind.EXACT, measure, precision=whole + scale, scale=scale)


def _columns(city: City, dataset: Dataset, book: Dictionary) -> None:
    if dataset.grain == "register":
        return
    document = city.documents[("datasets", dataset.id)]
    for i, column in enumerate(dataset.columns):
        path = ("columns", i)
        type_ = _column_type(dataset, column, document, (*path, "unit"), book)
        if type_ is None:
            book.unread.names.update((column.id, column.title))
        if type_ is None or column.id in _NOT_FACTS:
            continue
        if dataset.grain == "place_period":
            # Yearly, quarterly and monthly tables carry the same series under one name.
            book.series[column.id] = Symbol(column.id, column.title, type_)
            continue
        is_placed = column.id in (DISTRICT, INDUSTRY) and city.frame is not None
        if column.id in RESERVED or (is_placed and not dataset.frame):
            book.problems.append(_reserved(document, (*path, "id"), column.id))
            continue
        known = book.facts.get(column.id)
        if known is not None:
            if column.id in dataset.key or known.dataset == dataset.id:
                continue  # twice in one dataset: the check of the dataset says it
            book.problems.append(
                document.problem(
                    (*path, "id"),
                    Text(zh=f"事实“{column.id}”重复", en=f"fact '{column.id}' stands twice"),
                    Text(
                        zh=f"数据集 {known.dataset} 已有这一列；请改名",
                        en=f"Dataset {known.dataset} has it already; rename this column.",
                    ),
                )
            )
            continue
        book.facts[column.id] = Fact(
            name=column.id,
            title=column.title,
            title_en=column.title_en,
            type=type_,
            legal_use=dataset.legal_use_of(column),
            sensitivity=dataset.sensitivity_of(column),
            declared=dataset.declared,
            dataset=dataset.id,
            values=tuple(column.values),
        )


def _column_type(
    dataset: Dataset,
    column: Column,
    document: Document,
    path: tuple[str | int, ...],
    book: Dictionary,
) -> Type | None:
    grain = _GRAINS[dataset.grain]
    if column.kind == "quantity":
        measure = expressions.read_unit(column.unit, document, path, book.problems)
        if measure is None:
            return None
        return Type(
            Kind.EXACT, measure, precision=column.precision, scale=column.scale, grain=grain
        )
    if column.kind == "boolean":
        return Type(Kind.BOOL, grain=grain)
    if column.kind == "date":
        return Type(Kind.DATE, grain=grain)
    return Type(Kind.TEXT, grain=grain)


def _derived(city: City, book: Dictionary) -> None:
    """Add the derived facts, each after what it rests on; circles are Problems."""
    waiting = {name: fact for name, fact in city.facts.items() if _is_new(city, name, book)}
    while waiting:
        ready = [f for f in waiting.values() if not (_names(f, waiting) & waiting.keys())]
        if not ready:
            _circles(city, waiting, book)
            return
        for fact in ready:
            del waiting[fact.id]
            _add(city, fact, book)


def _reserved(document: Document, path: Path_, name: str) -> Problem:
    return document.problem(
        path,
        Text(zh=f"“{name}”是系统保留的名称", en=f"'{name}' is a name kept for the system"),
        Text(
            zh=f"改名；{DISTRICT}、{INDUSTRY} 只能是企业底册的列",
            en=f"Rename it; {DISTRICT} and {INDUSTRY} are columns of the frame only.",
        ),
    )


def _is_new(city: City, name: str, book: Dictionary) -> bool:
    if name in RESERVED:
        book.problems.append(_reserved(city.documents[("facts", name)], ("id",), name))
        return False
    known = book.facts.get(name)
    if known is None:
        return True
    book.problems.append(
        city.documents[("facts", name)].problem(
            ("id",),
            Text(zh=f"事实“{name}”重复", en=f"fact '{name}' stands twice"),
            Text(zh=f"数据集 {known.dataset} 已有这一列", en=f"Dataset {known.dataset} has it."),
        )
    )
    return False


def _names(fact: DerivedFact, waiting: Mapping[str, DerivedFact]) -> frozenset[str]:
    """The names an expression uses, as far as it can be parsed; titles of facts as their ids."""
    by_title = {other.title: other.id for other in waiting.values()}
    try:
        return frozenset(by_title.get(name, name) for name in check.names_in(fact.expr))
    except ProblemsFound:
        return frozenset()


def _circles(city: City, waiting: Mapping[str, DerivedFact], book: Dictionary) -> None:
    """One Problem for each circle; facts that only lean on a circle are not its fault."""
    told: set[str] = set()
    for fact in waiting.values():
        book.unread.names.update((fact.id, fact.title))
    for name in sorted(waiting):
        circle = _circle_from(name, waiting)
        if not circle or told & set(circle):
            continue
        told |= set(circle)
        path = " → ".join([*circle, circle[0]])
        book.problems.append(
            city.documents[("facts", circle[0])].problem(
                ("expr",),
                Text(zh=f"事实循环引用：{path}", en=f"facts in a circle: {path}"),
                Text(
                    zh="其中一个事实须改由数据集的列算出",
                    en="One of them must be computed from columns of a dataset.",
                ),
            )
        )


def _circle_from(start: str, waiting: Mapping[str, DerivedFact]) -> list[str]:
    """The way from a fact back to itself, if there is one."""
    ways: list[list[str]] = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for name in sorted(_names(waiting[way[-1]], waiting) & waiting.keys()):
            if name == start:
                return way
            if name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []


def _add(city: City, fact: DerivedFact, book: Dictionary) -> None:
    document = city.documents[("facts", fact.id)]
    scope = Scope(
        {name: known.symbol() for name, known in book.facts.items()},
        book.parameters,
        book.registers,
    )
    typed = expressions.read_expression(
        fact.expr, scope, document, ("expr",), book.problems, book.unread
    )
    measure = expressions.read_unit(fact.unit, document, ("unit",), book.problems)
    if typed and measure and typed.type.is_number and not typed.type.unit.is_like(measure):
        book.problems.append(expressions.wrong_unit(typed, measure, document, ("unit",)))
        measure = None
    if typed is None or measure is None:
        book.unread.names.update((fact.id, fact.title))
        return
    if typed.type.is_number:
        typed = results.in_unit(typed, measure, decimals=fact.scale)
    inputs = tuple(sorted(check.names(typed)))
    rests: list[Fact | Dataset] = [book.facts[name] for name in inputs]
    lists = {city.registers[name].dataset for name in check.registers(typed)}
    rests += [city.datasets[name] for name in sorted(lists & city.datasets.keys())]
    book.facts[fact.id] = Fact(
        name=fact.id,
        title=fact.title,
        title_en=fact.title_en,
        type=typed.type,
        legal_use=frozenset(LegalUse).intersection(*(r.legal_use for r in rests)),
        sensitivity=max(
            (r.sensitivity for r in rests), key=_SENSITIVITIES.index, default=Sensitivity.PUBLIC
        ),
        declared=any(r.declared for r in rests),
        expression=typed,
        inputs=inputs,
    )
