"""Whether what treats enterprises one by one rests on data that may lawfully be used for it."""

from collections.abc import Iterable

from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.document import Document, Path_
from cityforge.brain.city.folder import City
from cityforge.brain.city.shapes import LegalUse
from cityforge.brain.errors import Problem, Text
from cityforge.brain.expr.typed import REGISTER_OPS, Op, Typed, walk


def lawful(
    city: City, book: Dictionary, document: Document, path: Path_, typed: Typed | None
) -> Iterable[Problem]:
    """What an expression that treats enterprises one by one reads for description only."""
    told: set[str] = set()
    for part in walk(typed) if typed else ():
        place = (part.span.line, part.span.column)
        if part.op in (Op.FACT, Op.PAST):
            name = part.value[0] if isinstance(part.value, tuple) else str(part.value)
            if name not in told:
                told.add(name)
                yield from treats(book, document, path, name, place)
        elif part.op in REGISTER_OPS and (name := str(part.value)) not in told:
            told.add(name)
            register = city.registers[name]
            source = city.datasets.get(register.dataset)
            if source is not None and LegalUse.TREAT not in source.legal_use:
                yield _describes_only(document, path, name, register.title, source.id, place)


def treats(
    book: Dictionary,
    document: Document,
    path: Path_,
    name: str,
    place: tuple[int, int] | None = None,
) -> Iterable[Problem]:
    fact = book.facts[name]
    if LegalUse.TREAT in fact.legal_use:
        return
    # A derived fact is no better than the worst it rests on: that one is named.
    origins = [f for f in book.rests_on([name]) if LegalUse.TREAT not in f.legal_use]
    origin = origins[0] if origins else fact
    source = origin.dataset or "register"
    yield _describes_only(document, path, origin.name, origin.title, source, place)


def _describes_only(
    document: Document,
    path: Path_,
    name: str,
    title: str,
    dataset: str,
    place: tuple[int, int] | None,
) -> Problem:
    return document.problem(
        path,
        Text(
            zh=f"“{title}”（{name}）只能用于描述全市，不得用于处理单个企业",
            en=f"'{name}' may describe the city, not treat a single enterprise",
        ),
        Text(
            zh=f"它来自数据集 {dataset}（如依统计法收集）；请改用税务、供电或企业申报的数据",
            en=f"It is of dataset {dataset}; use tax, grid or declared data.",
        ),
        place=place,
    )
