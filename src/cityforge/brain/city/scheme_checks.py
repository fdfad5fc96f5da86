"""The cross-checks of one evaluation scheme."""

from collections.abc import Iterable
from decimal import Decimal

from cityforge.brain.city import expressions
from cityforge.brain.city.dictionary import DISTRICT, INDUSTRY, Dictionary
from cityforge.brain.city.document import Document, Path_
from cityforge.brain.city.folder import City
from cityforge.brain.city.legal_use import lawful, treats
from cityforge.brain.city.scheme import Part, Scheme, SchemeIndicator
from cityforge.brain.city.unread import FACTS
from cityforge.brain.errors import Problem, Text
from cityforge.brain.expr import results
from cityforge.brain.expr.types import Kind

INDICATOR = Text(zh="指标", en="indicator")
GROUP = Text(zh="分组事实", en="fact to group by")


def check_scheme(city: City, book: Dictionary, scheme: Scheme) -> Iterable[Problem]:
    """Every Problem of a scheme that its shape alone does not show."""
    document = city.documents[("schemes", scheme.id)]
    problems: list[Problem] = []
    conditions: list[tuple[Path_, str]] = [(("population",), scheme.population)]
    conditions += [(("exempt", i, "when"), e.when) for i, e in enumerate(scheme.exempt)]
    conditions += [(("parts", i, "when"), part.when) for i, part in enumerate(scheme.parts)]
    for path, text in conditions:
        typed = expressions.read_expression(
            text, book.scope, document, path, problems, book.unread, expect=Kind.BOOL
        )
        problems.extend(lawful(city, book, document, path, typed))
    for i, part in enumerate(scheme.parts):
        problems.extend(_part(city, book, scheme, document, i, part))
    problems.extend(_names(book, scheme, document))
    problems.extend(_bands(scheme, document))
    problems.extend(_published(city, scheme, document))
    if scheme.valid_from and scheme.valid_to and scheme.valid_to < scheme.valid_from:
        problems.append(
            document.problem(
                ("valid_to",),
                Text(zh="失效日期早于生效日期", en="valid_to is before valid_from"),
                Text(zh="改其中一个日期", en="Mend one of the two dates."),
            )
        )
    return problems


def _part(
    city: City, book: Dictionary, scheme: Scheme, document: Document, i: int, part: Part
) -> Iterable[Problem]:
    total = sum((indicator.weight for indicator in part.indicators), Decimal(0))
    if total != scheme.weights_sum:
        yield document.problem(
            ("parts", i, "indicators"),
            Text(
                zh=f"“{part.title}”的权重合计 {total}，应为 {scheme.weights_sum}",
                en=f"weights of '{part.id}' sum to {total}, not {scheme.weights_sum}",
            ),
            Text(zh="调整权重，或写明 weights_sum", en="Mend the weights, or state weights_sum."),
            at_key=True,
        )
    seen: set[str] = set()
    for j, indicator in enumerate(part.indicators):
        path: Path_ = ("parts", i, "indicators", j)
        if indicator.id in seen:
            yield document.problem(
                (*path, "id"),
                Text(zh=f"指标“{indicator.id}”重复", en=f"'{indicator.id}' stands twice"),
                Text(zh="改标识，或删去其中一个", en="Change the id, or drop one of them."),
            )
        seen.add(indicator.id)
        yield from _indicator(city, book, scheme, document, path, indicator)


def _indicator(
    city: City,
    book: Dictionary,
    scheme: Scheme,
    document: Document,
    path: Path_,
    indicator: SchemeIndicator,
) -> Iterable[Problem]:
    problems: list[Problem] = []
    where: Path_ = (*path, "expr")
    typed = expressions.read_expression(
        indicator.expr, book.scope, document, where, problems, book.unread, expect=Kind.DOUBLE
    )
    measure = expressions.read_unit(indicator.unit, document, (*path, "unit"), problems)
    if typed and measure and not typed.type.unit.is_like(measure):
        problems.append(expressions.wrong_unit(typed, measure, document, (*path, "unit")))
    problems.extend(lawful(city, book, document, where, typed))
    if scheme.scoring.function == "ratio_to_base" and indicator.direction == "down":
        problems.append(
            document.problem(
                (*path, "direction"),
                Text(
                    zh="ratio_to_base 只适用于越大越好的指标",
                    en="ratio_to_base is for indicators where more is better",
                ),
                Text(zh="把表达式倒过来，写成产出 / 消耗", en="Turn it round: output / input."),
            )
        )
    if scheme.base.method == "fixed" and not indicator.bases:
        problems.append(
            document.problem(
                path,
                Text(
                    zh=f"指标“{indicator.id}”没有基准值",
                    en=f"'{indicator.id}' has no base value",
                ),
                Text(zh="写上 bases，或改 base.method", en="Add bases, or change base.method."),
            )
        )
    averaged = scheme.base.method != "fixed" and scheme.base.mean == "of_sums"
    if typed and averaged and results.ratio(typed) is None:
        problems.append(
            document.problem(
                where,
                Text(
                    zh="按合计求平均时，指标须为 分子 / 分母",
                    en="a mean of sums needs an indicator of the form a / b",
                ),
                Text(zh="改为比值，或用 mean: of_ratios", en="Or state mean: of_ratios."),
            )
        )
    yield from problems


def _names(book: Dictionary, scheme: Scheme, document: Document) -> Iterable[Problem]:
    texts = [n for n, f in book.facts.items() if f.type.kind in (Kind.TEXT, Kind.BOOL)]
    groups: list[tuple[Path_, str]] = [(("groups", i), n) for i, n in enumerate(scheme.groups)]
    groups += [(("base", "within", i), name) for i, name in enumerate(scheme.base.within)]
    for path, name in groups:
        if name in texts:
            yield from treats(book, document, path, name)
        elif not book.unread.may_hold(name, FACTS):
            yield expressions.unknown(document, path, name, texts, GROUP)
    known = {indicator.id for part in scheme.parts for indicator in part.indicators}
    for i, name in enumerate(scheme.ties):
        if name not in known:
            yield expressions.unknown(document, ("ties", i), name, known, INDICATOR)


def _bands(scheme: Scheme, document: Document) -> Iterable[Problem]:
    """Bands must follow one another from 0 to 100 with no overlap and no hole."""
    reached = Decimal(0)
    seen: set[str] = set()
    for i, band in enumerate(scheme.grading.bands):
        path: Path_ = ("grading", "bands", i)
        if band.grade in seen:
            yield document.problem(
                (*path, "grade"),
                Text(zh=f"等次“{band.grade}”重复", en=f"grade '{band.grade}' stands twice"),
                Text(zh="每个等次只写一次", en="Name each grade once."),
            )
        seen.add(band.grade)
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
    places = {DISTRICT, INDUSTRY, *scheme.groups, *scheme.base.within}
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
                what = Text(zh="等次", en="grade")
                yield expressions.unknown(
                    document, ("published", i, "counts", grade), grade, grades, what
                )
