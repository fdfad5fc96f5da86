"""The cross-checks of how a scheme grades: bands, limits, consequences, published counts."""

from collections.abc import Iterable
from decimal import Decimal

from cityforge.brain.city import expressions
from cityforge.brain.city.dictionary import DISTRICT, INDUSTRY
from cityforge.brain.city.document import Document, Path_
from cityforge.brain.city.folder import City
from cityforge.brain.city.scheme import Scheme
from cityforge.brain.errors import Problem, Text

GROUP = Text(zh="分组事实", en="fact to group by")
GRADE = Text(zh="等次", en="grade")


def check_grading(city: City, scheme: Scheme, document: Document) -> Iterable[Problem]:
    """Every Problem of the bands and of what names a grade."""
    yield from _once(scheme, document)
    if scheme.grading.by == "score":
        yield from _totals(scheme, document)
    else:
        yield from _bands(scheme, document)
    yield from _grades(scheme, document)
    yield from _published(city, scheme, document)


def _once(scheme: Scheme, document: Document) -> Iterable[Problem]:
    seen: set[str] = set()
    for i, band in enumerate(scheme.grading.bands):
        if band.grade in seen:
            yield document.problem(
                ("grading", "bands", i, "grade"),
                Text(zh=f"等次“{band.grade}”重复", en=f"grade '{band.grade}' stands twice"),
                Text(zh="每个等次只写一次", en="Name each grade once."),
            )
        seen.add(band.grade)


def _totals(scheme: Scheme, document: Document) -> Iterable[Problem]:
    """By total: each band but the last has its least total, each less than the one before."""
    bands = scheme.grading.bands
    before: Decimal | None = None
    for i, band in enumerate(bands):
        path: Path_ = ("grading", "bands", i)
        if band.at_least is None:
            if i < len(bands) - 1:
                yield document.problem(
                    path,
                    Text(
                        zh=f"等次“{band.grade}”没有 at_least", en=f"'{band.grade}' has no at_least"
                    ),
                    Text(zh="写上总分下限", en="Write its least total."),
                )
            continue
        if before is not None and band.at_least >= before:
            yield document.problem(
                (*path, "at_least"),
                Text(
                    zh=f"等次“{band.grade}”的下限不低于上一档（{before}）",
                    en=f"the least total of '{band.grade}' is not below {before}",
                ),
                Text(zh="从高到低写", en="Write them from high to low."),
            )
        before = band.at_least
    if bands[-1].at_least is not None:
        yield document.problem(
            ("grading", "bands", len(bands) - 1, "at_least"),
            Text(
                zh=f"总分低于 {bands[-1].at_least} 的没有等次",
                en=f"a total below {bands[-1].at_least} has no grade",
            ),
            Text(zh="末档不写 at_least", en="Let the last band have no at_least."),
        )


def _grades(scheme: Scheme, document: Document) -> Iterable[Problem]:
    """Grades named by limits, history and consequences are grades of the scheme."""
    grades = scheme.grading.grades
    named: list[tuple[Path_, str]] = []
    for i, limit in enumerate(scheme.limits):
        key = "at_most" if limit.at_most is not None else "at_least"
        named.append((("limits", i, key), limit.at_most or limit.at_least or ""))
    for i, rule in enumerate(scheme.history):
        named += [(("history", i, "grades", j), grade) for j, grade in enumerate(rule.grades)]
    for i, measure in enumerate(scheme.consequences):
        named += [
            (("consequences", i, "grades", j), grade) for j, grade in enumerate(measure.grades)
        ]
    for path, grade in named:
        if grade not in grades:
            yield expressions.unknown(document, path, grade, grades, GRADE)


def _bands(scheme: Scheme, document: Document) -> Iterable[Problem]:
    """Bands must follow one another from 0 to 100 with no overlap and no hole."""
    reached = Decimal(0)
    for i, band in enumerate(scheme.grading.bands):
        path: Path_ = ("grading", "bands", i)
        if band.to <= band.from_:
            yield document.problem(
                path,
                Text(zh=f"等次“{band.grade}”的区间为空", en=f"band '{band.grade}' is empty"),
                Text(zh="to 须大于 from", en="'to' must be more than 'from'."),
            )
        if band.from_ < reached:
            yield document.problem(
                (*path, "from"),
                Text(
                    zh=f"等次“{band.grade}”从 {band.from_}% 起，与上一档（至 {reached}%）重叠",
                    en=f"band '{band.grade}' from {band.from_} % overlaps the one to {reached} %",
                ),
                Text(zh=f"改为 from: {reached}", en=f"Write from: {reached}"),
            )
        elif band.from_ > reached:
            yield document.problem(
                (*path, "from"),
                Text(
                    zh=f"{reached}% 至 {band.from_}% 没有等次",
                    en=f"no grade between {reached} % and {band.from_} %",
                ),
                Text(zh=f"改为 from: {reached}", en=f"Write from: {reached}"),
            )
        reached = max(reached, band.to)
    if reached != 100:
        yield document.problem(
            ("grading", "bands"),
            Text(zh=f"各档只到 {reached}%，应到 100%", en=f"bands end at {reached} %, not 100 %"),
            Text(zh="把末档写到 to: 100", en="Let the last band end at to: 100."),
            at_key=True,
        )


def _published(city: City, scheme: Scheme, document: Document) -> Iterable[Problem]:
    places = {DISTRICT, INDUSTRY, *scheme.groups, *scheme.withins}
    districts = {district.id for district in city.place.districts}
    parts = {part.id for part in scheme.parts}
    grades = {band.grade for band in scheme.grading.bands}
    for i, published in enumerate(scheme.published):
        if published.part not in parts:
            what = Text(zh="部分", en="part")
            yield expressions.unknown(
                document, ("published", i, "part"), published.part, parts, what
            )
        for name, value in published.group.items():
            path: Path_ = ("published", i, "group", name)
            if name not in places:
                yield expressions.unknown(document, path, name, places, GROUP)
            elif name == DISTRICT and value not in districts:
                what = Text(zh="区县", en="district")
                yield expressions.unknown(document, path, value, districts, what)
        for grade in published.counts:
            if grade not in grades:
                yield expressions.unknown(
                    document, ("published", i, "counts", grade), grade, grades, GRADE
                )
