"""The cross-checks of an outline: what it does state must hold together like a scheme's."""

from collections.abc import Iterable

from cityforge.brain.city import expressions
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.document import Document, Path_
from cityforge.brain.city.folder import City
from cityforge.brain.city.legal_use import lawful
from cityforge.brain.city.scheme_outline import OutlineIndicator, SchemeOutline
from cityforge.brain.errors import Problem, Text
from cityforge.brain.expr.types import Kind

GRADE = Text(zh="等次", en="grade")
PART = Text(zh="部分", en="part")
SCHEME = Text(zh="评价方案", en="scheme")


def check_outline(city: City, book: Dictionary, outline: SchemeOutline) -> Iterable[Problem]:
    """Every Problem of an outline that its shape alone does not show."""
    document = city.documents[("scheme_outlines", outline.id)]
    if outline.id in city.schemes:
        yield document.problem(
            ("id",),
            Text(
                zh=f"schemes/{outline.id}.yaml 已是完整方案",
                en=f"schemes/{outline.id}.yaml is a whole scheme already",
            ),
            Text(zh="删去提纲，或改标识", en="Drop the outline, or change its id."),
        )
    seen: set[str] = set()
    for i, indicator in enumerate(outline.indicators):
        path: Path_ = ("indicators", i)
        if indicator.id in seen:
            yield document.problem(
                (*path, "id"),
                Text(zh=f"指标“{indicator.id}”重复", en=f"'{indicator.id}' stands twice"),
                Text(zh="改标识，或删去其中一个", en="Change the id, or drop one of them."),
            )
        seen.add(indicator.id)
        yield from _expression(city, book, document, path, indicator)
    yield from _names(city, outline, document)
    if (outline.missing_rule == "penalty") is not (outline.missing_points is not None):
        yield document.problem(
            ("missing_rule",),
            Text(
                zh="missing_rule: penalty 与 missing_points 须同时写或都不写",
                en="missing_rule: penalty and missing_points go together",
            ),
            Text(zh="补上或删去 missing_points", en="Add or drop missing_points."),
        )


def _expression(
    city: City, book: Dictionary, document: Document, path: Path_, indicator: OutlineIndicator
) -> Iterable[Problem]:
    """An indicator that is written out must be one that a scheme could have."""
    problems: list[Problem] = []
    measure = expressions.read_unit(indicator.unit, document, (*path, "unit"), problems)
    if indicator.expr:
        where: Path_ = (*path, "expr")
        typed = expressions.read_expression(
            indicator.expr,
            book.scope,
            document,
            where,
            problems,
            book.unread,
            expect=Kind.DOUBLE,
        )
        problems.extend(lawful(city, book, document, where, typed))
        if typed and measure and not typed.type.unit.is_like(measure):
            problems.append(expressions.wrong_unit(typed, measure, document, (*path, "unit")))
    yield from problems


def _names(city: City, outline: SchemeOutline, document: Document) -> Iterable[Problem]:
    """Parts, grades and the scheme to compare with exist."""
    parts = [part.id for part in outline.parts]
    grades = [grade.grade for grade in outline.grades]
    named: list[tuple[Path_, str, list[str], Text]] = []
    for i, indicator in enumerate(outline.indicators):
        named += [
            (("indicators", i, "parts", j), part, parts, PART)
            for j, part in enumerate(indicator.parts)
        ]
    for i, rule in enumerate(outline.history):
        named += [
            (("history", i, "grades", j), one, grades, GRADE) for j, one in enumerate(rule.grades)
        ]
    for i, measure in enumerate(outline.consequences):
        named += [
            (("consequences", i, "grades", j), one, grades, GRADE)
            for j, one in enumerate(measure.grades)
        ]
    for i, published in enumerate(outline.published):
        named.append((("published", i, "part"), published.part, parts, PART))
        named += [(("published", i, "counts", one), one, grades, GRADE) for one in published.counts]
    if outline.compared_with and not city.unread.may_hold(outline.compared_with, ""):
        named.append((("compared_with",), outline.compared_with, list(city.schemes), SCHEME))
    for path, name, known, what in named:
        if name not in known:
            yield expressions.unknown(document, path, name, known, what)
