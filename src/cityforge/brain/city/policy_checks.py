"""The cross-checks of one policy and of one combination of policies."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from cityforge.brain.city import expressions
from cityforge.brain.city.clause import Clause
from cityforge.brain.city.combination import Combination
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.document import Document, Path_
from cityforge.brain.city.folder import City
from cityforge.brain.city.legal_use import lawful
from cityforge.brain.city.policy import Policy, PolicyVersion
from cityforge.brain.city.unread import FACTS, Unread
from cityforge.brain.errors import Problem, Text
from cityforge.brain.expr.nodes import Node
from cityforge.brain.expr.parse import parse
from cityforge.brain.expr.typed import Op, Typed, walk
from cityforge.brain.expr.types import Kind, Scope
from cityforge.brain.values.quantity import unit

YUAN = unit("元")
_NOTHING = Scope({}, {}, {})
_MEND = Text(zh="改其中之一", en="Mend one of the two.")
_FILES = {"district": "city.yaml", "owner": "units.yaml", "fact": FACTS}
_WORDS = {
    "district": Text(zh="区县", en="district"),
    "register": Text(zh="名录", en="register"),
    "owner": Text(zh="责任单位", en="unit"),
    "fact": Text(zh="事实", en="fact"),
    "policy": Text(zh="政策", en="policy"),
}


def check_policy(city: City, book: Dictionary, policy: Policy) -> Iterable[Problem]:
    """Every Problem of a policy that its shape alone does not show."""
    document = city.documents[("policies", policy.id)]
    districts = [district.id for district in city.place.districts]
    for i, name in enumerate(policy.districts):
        yield from _named(city, document, ("districts", i), name, districts, "district")
    yield from _versions(document, policy)
    for i, version in enumerate(policy.versions):
        yield from _Version(city, book, document, version, ("versions", i)).problems()


def check_combination(city: City, combination: Combination) -> Iterable[Problem]:
    """Every Problem of a combination; what two of them make together is not looked at here."""
    document = city.documents[("combinations", combination.id)]
    for i, name in enumerate(combination.policies):
        yield from _named(city, document, ("policies", i), name, city.policies, "policy")
    inside = set(combination.policies)
    listed: list[tuple[Path_, str]] = [
        (("order", i), name) for i, name in enumerate(combination.order or ())
    ]
    for i, one in enumerate(combination.sets or ()):
        listed += [(("sets", i, j), name) for j, name in enumerate(one)]
    for path, name in listed:
        if name not in inside:
            yield expressions.unknown(document, path, name, inside, _WORDS["policy"])
    if combination.order is not None and set(combination.order) != inside:
        yield document.problem(
            ("order",),
            Text(zh="order 须列出全部 policies", en="order must list all policies"),
            Text(zh="由低到高写全", en="Write all, lowest first."),
        )
    if combination.amount is not None:
        yield from _literal(document, ("amount",), combination.amount, money=True)


def crossing_caps(city: City) -> Iterable[Problem]:
    """Caps must lie one within another or apart: of crossing ones no one could say what is cut."""
    caps = [one for one in city.combinations.values() if one.kind == "cap"]
    for i, first in enumerate(caps):
        for second in caps[i + 1 :]:
            one, other = set(first.policies), set(second.policies)
            if one & other and not one <= other and not other <= one:
                yield city.documents[("combinations", second.id)].problem(
                    ("policies",),
                    Text(
                        zh=f"与上限“{first.id}”交叉，互不包含",
                        en=f"crosses the cap '{first.id}': neither holds the other",
                    ),
                    Text(zh="改为包含或分开", en="Make one hold the other, or part them."),
                    at_key=True,
                )


def scope_of(scope: Scope, version: PolicyVersion, terms: Mapping[str, str]) -> Scope:
    """What the expressions of a version may name: facts, parameters, its own terms.

    `terms` replaces values. Raises ProblemsFound for a value that cannot be parsed.
    """
    own = {term.id: terms.get(term.id, term.value) for term in version.terms}
    return replace(scope, terms={name: parse(value) for name, value in own.items()})


@dataclass
class _Version:
    """One version being checked; its Problems are gathered in the order of the file."""

    city: City
    book: Dictionary
    document: Document
    version: PolicyVersion
    path: Path_
    found: list[Problem] = field(default_factory=list)

    def problems(self) -> list[Problem]:
        self.found.extend(self._windows())
        scope = self._terms()
        if scope is not None:
            self._clauses(scope)
            self._benefit(scope)
        self.found.extend(self._others())
        return self.found

    def _windows(self) -> Iterator[Problem]:
        version, path = self.version, self.path
        if version.to is not None and version.to < version.from_:
            yield self._problem((*path, "to"), "失效日期早于生效日期", "`to` is before `from`")
        for i, window in enumerate(version.windows):
            where = (*path, "windows", i)
            if window.closes < window.opens:
                yield self._problem((*where, "closes"), "截止早于开始", "closes before it opens")
            if window.opens < version.from_ or window.opens > (version.to or date.max):
                yield self._problem(
                    (*where, "opens"), "申报期不在本版本有效期内", "opens outside this version"
                )

    def _terms(self) -> Scope | None:
        """The scope with the terms; None where one of them cannot be read."""
        seen: set[str] = set()
        before = len(self.found)
        for i, term in enumerate(self.version.terms):
            where = (*self.path, "terms", i)
            if term.id in seen or term.id in self.book.parameters:
                self.found.append(
                    self._problem((*where, "id"), f"“{term.id}”重复", f"'{term.id}' stands twice")
                )
            seen.add(term.id)
            self.found.extend(_literal(self.document, (*where, "value"), term.value, money=False))
        return scope_of(self.book.scope, self.version, {}) if len(self.found) == before else None

    def _clauses(self, scope: Scope) -> None:
        seen: set[str] = set()
        for path, clause in _leaves(self.version.conditions, (*self.path, "conditions")):
            if clause.id in seen:
                self.found.append(
                    self._problem(
                        (*path, "id"), f"“{clause.id}”重复", f"'{clause.id}' stands twice"
                    )
                )
            seen.add(clause.id or "")
            self._read(clause.expr or "", scope, (*path, "expr"), Kind.BOOL)

    def _benefit(self, scope: Scope) -> None:
        benefit, path = self.version.benefit, (*self.path, "benefit")
        nodes: dict[str, Node] = {}
        for i, step in enumerate(benefit.steps):
            where = (*path, "steps", i)
            if step.id in nodes or step.id in self.book.facts:
                self.found.append(
                    self._problem((*where, "id"), f"“{step.id}”重复", f"'{step.id}' stands twice")
                )
            if self._read(step.expr, scope, (*where, "expr"), None) is None:
                return
            nodes[step.id] = parse(step.expr)
            scope = replace(scope, steps=dict(nodes))
        for key in ("amount", "received"):
            text = getattr(benefit, key)
            typed = self._read(text, scope, (*path, key), None) if text else None
            if typed is not None and not typed.type.unit.is_like(YUAN):
                self.found.append(expressions.wrong_unit(typed, YUAN, self.document, (*path, key)))
        if benefit.instalments and sum(benefit.instalments, Decimal(0)) != 1:
            self.found.append(
                self._problem(
                    (*path, "instalments"), "各期比例合计应为 1", "instalments must sum to 1"
                )
            )
        for i, budget in enumerate(benefit.budgets):
            where = (*path, "budgets", i, "amount")
            self.found.extend(_literal(self.document, where, budget.amount, money=True))

    def _others(self) -> Iterator[Problem]:
        version, path, document = self.version, self.path, self.document
        title = version.benefit.title
        if title is not None:
            yield from _named(
                self.city,
                document,
                (*path, "benefit", "title"),
                title,
                self.city.registers,
                "register",
            )
        for i, material in enumerate(version.materials):
            if material.owner is not None:
                where = (*path, "materials", i, "owner")
                yield from _named(
                    self.city, document, where, material.owner, self.city.units, "owner"
                )
        for i, example in enumerate(version.examples):
            where = (*path, "examples", i)
            for name in example.facts:
                fact = name.split("[")[0]
                yield from _named(
                    self.city, document, (*where, "facts", name), fact, self.book.facts, "fact"
                )
            for name in example.holds:
                yield from _named(
                    self.city,
                    document,
                    (*where, "holds", name),
                    name,
                    self.city.registers,
                    "register",
                )

    def _read(self, text: str, scope: Scope, path: Path_, expect: Kind | None) -> Typed | None:
        typed = expressions.read_expression(
            text, scope, self.document, path, self.found, self.book.unread, expect=expect
        )
        self.found.extend(lawful(self.city, self.book, self.document, path, typed))
        return typed

    def _problem(self, path: Path_, zh: str, en: str) -> Problem:
        return self.document.problem(path, Text(zh=zh, en=en), _MEND)


def _versions(document: Document, policy: Policy) -> Iterator[Problem]:
    """Two versions must not be in force on one day."""
    order = sorted(range(len(policy.versions)), key=lambda i: policy.versions[i].from_)
    for before, after in pairwise(order):
        end = policy.versions[before].to
        if end is None or end >= policy.versions[after].from_:
            yield document.problem(
                ("versions", after, "from"),
                Text(zh="与前一版本的有效期重叠", en="overlaps the version before it"),
                Text(zh="给前一版本写上失效日期 to", en="State `to` of the version before."),
            )


def _leaves(clause: Clause, path: Path_) -> Iterator[tuple[Path_, Clause]]:
    if clause.expr is not None:
        yield path, clause
    for key in ("all", "any", "none", "of"):
        for i, part in enumerate(getattr(clause, key) or ()):
            yield from _leaves(part, (*path, key, i))


def _named(
    city: City, document: Document, path: Path_, name: str, known: Iterable[str], what: str
) -> Iterator[Problem]:
    """A name must exist; it is no Problem where the file that may define it is unread."""
    if name not in (names := list(known)) and not city.unread.may_hold(name, _FILES.get(what, "")):
        yield expressions.unknown(document, path, name, names, _WORDS[what])


def _literal(document: Document, path: Path_, text: str, *, money: bool) -> Iterator[Problem]:
    """A value must be a literal: what it rests on would else be hidden."""
    found: list[Problem] = []
    typed = expressions.read_expression(text, _NOTHING, document, path, found, Unread())
    yield from found
    if typed is None:
        return
    if any(part.op not in (Op.LITERAL, Op.NEGATE) for part in walk(typed)):
        yield document.problem(
            path,
            Text(zh=f"“{text}”不是字面量", en=f"'{text}' is no literal"),
            Text(zh="写成 3%、500万元 这样的数", en="Write a number such as 3% or 500万元."),
        )
    elif money and not typed.type.unit.is_like(YUAN):
        yield expressions.wrong_unit(typed, YUAN, document, path)
