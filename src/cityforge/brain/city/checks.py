"""Cross-checks between the files of a city: references, units, weights, bands, legal use.

Each check appends Problems and goes on; nobody should have to mend a city one error at a time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cityforge.brain.city import dictionary, expressions, folder
from cityforge.brain.city.agreement_checks import check_agreements
from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.city.diagnosis_checks import check_diagnosis
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.document import Document, Path_
from cityforge.brain.city.folder import City
from cityforge.brain.city.ladder_checks import check_ladder
from cityforge.brain.city.likeness_checks import check_likenesses
from cityforge.brain.city.policy_checks import check_combination, check_policy, crossing_caps
from cityforge.brain.city.scheme_checks import check_scheme
from cityforge.brain.city.scheme_outline_checks import check_outline
from cityforge.brain.city.township_checks import check_townships
from cityforge.brain.city.unread import FACTS
from cityforge.brain.errors import CityRefused, Problem, Text, ValueRefused
from cityforge.brain.expr.types import Kind
from cityforge.brain.values.unit import unit as read_unit

UNIT = Text(zh="责任单位", en="responsible unit")
DATASET = Text(zh="数据集", en="dataset")
COLUMN = Text(zh="列", en="column")
DISTRICT = Text(zh="区县", en="district")
MEASURE = Text(zh="举措", en="measure")
INDICATOR = Text(zh="指标", en="indicator")
SCHEME = Text(zh="评价方案", en="scheme")
REGISTER = Text(zh="名录", en="register")
PART = Text(zh="部分", en="part")
# What one file defines by itself: while it is unread, nothing of it can be missed.
_FILES = {UNIT.en: "units.yaml", DISTRICT.en: "city.yaml"}


@dataclass(slots=True)
class Checked:
    """A city folder after all checks. `city` is None when its ground files cannot be read."""

    city: City | None
    book: Dictionary | None
    problems: list[Problem]

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity == "error"]


def check(root: Path) -> Checked:
    """Read a city folder and find all its Problems, sorted by file and line."""
    city, problems = folder.read(root)
    book = None
    if city is not None:
        book = dictionary.build(city)
        problems = [*problems, *book.problems, *_cross_checks(city, book)]
    problems.sort(key=lambda problem: (problem.file, problem.line, problem.column))
    return Checked(city, book, problems)


def load(root: Path) -> tuple[City, Dictionary]:
    """A city ready to run; raises CityRefused with every error when there is any."""
    checked = check(root)
    if checked.errors or checked.city is None or checked.book is None:
        raise CityRefused(checked.errors)
    return checked.city, checked.book


def _cross_checks(city: City, book: Dictionary) -> Iterable[Problem]:
    yield from _place(city)
    yield from _units(city)
    yield from check_townships(city)
    for dataset in city.datasets.values():
        yield from _dataset(city, dataset)
        yield from check_agreements(city, dataset)
        yield from check_likenesses(city, dataset)
    yield from _frame(city)
    yield from _registers(city)
    yield from _parameters(city)
    for scheme in city.schemes.values():
        yield from check_scheme(city, book, scheme)
    for outline in city.scheme_outlines.values():
        yield from check_outline(city, book, outline)
    for policy in city.policies.values():
        yield from check_policy(city, book, policy)
    for combination in city.combinations.values():
        yield from check_combination(city, combination)
    yield from crossing_caps(city)
    for diagnosis in city.diagnoses.values():
        yield from check_diagnosis(city, book, diagnosis)
    for ladder in city.ladders.values():
        yield from check_ladder(city, book, ladder)
    yield from _indicators(city, book)
    yield from _plan(city)
    yield from _published(city, book)
    yield from _examples(city)


def _missing(
    city: City, document: Document, path: Path_, name: str, known: Iterable[str], what: Text
) -> Iterable[Problem]:
    known = list(known)
    if name not in known and not city.unread.may_hold(name, _FILES.get(what.en, "")):
        yield expressions.unknown(document, path, name, known, what)


def _doubles(
    document: Document, entries: Iterable[tuple[Path_, str]], what: Text
) -> Iterable[Problem]:
    seen: dict[str, Path_] = {}
    for path, name in entries:
        if name in seen:
            first = document.spot(seen[name]).line
            yield document.problem(
                path,
                Text(zh=f"{what.zh}“{name}”重复", en=f"{what.en} '{name}' stands twice"),
                Text(zh=f"第 {first} 行已有", en=f"It is on line {first} already."),
            )
        seen.setdefault(name, path)


def _place(city: City) -> Iterable[Problem]:
    document = city.documents.get(("city", ""))
    if document is None:
        return
    districts = city.place.districts
    entries = [(("districts", i, "id"), district.id) for i, district in enumerate(districts)]
    yield from _doubles(document, entries, DISTRICT)
    codes = [
        (("districts", i, "codes", j, "code"), area.code)
        for i, district in enumerate(districts)
        for j, area in enumerate(district.codes)
    ]
    yield from _doubles(document, codes, Text(zh="区划代码", en="area code"))
    tiles = [
        (("districts", i, "tile"), f"{district.tile[0]}, {district.tile[1]}")
        for i, district in enumerate(districts)
    ]
    yield from _doubles(document, tiles, Text(zh="示意图位置", en="tile"))
    parks = city.place.parks
    yield from _doubles(
        document,
        [(("parks", i, "id"), park.id) for i, park in enumerate(parks)],
        Text(zh="园区", en="park"),
    )
    for i, park in enumerate(parks):
        known = [district.id for district in districts]
        yield from _missing(
            city, document, ("parks", i, "district"), park.district, known, DISTRICT
        )


def _units(city: City) -> Iterable[Problem]:
    document = city.documents.get(("units", ""))
    units = document.value(("units",)) if document else None
    if document is None or not isinstance(units, list):
        return
    # From the document: the City has them by id, so that it cannot hold one twice.
    entries = [(i, unit) for i, unit in enumerate(units) if isinstance(unit, dict)]
    ids = [(("units", i, "id"), str(unit.get("id"))) for i, unit in entries]
    yield from _doubles(document, ids, UNIT)


def _dataset(city: City, dataset: Dataset) -> Iterable[Problem]:
    document = city.documents[("datasets", dataset.id)]
    yield from _missing(city, document, ("owner",), dataset.owner, city.units, UNIT)
    entries = [(("columns", i, "id"), column.id) for i, column in enumerate(dataset.columns)]
    yield from _doubles(document, entries, COLUMN)
    headers = [
        (("columns", i, "title"), header)
        for i, column in enumerate(dataset.columns)
        for header in dict.fromkeys([column.title, *column.synonyms])
    ]
    yield from _doubles(document, headers, Text(zh="表头", en="header"))
    names = [column.id for column in dataset.columns]
    for i, name in enumerate(dataset.key):
        if name in _NEEDED[dataset.grain] or dataset.grain in _ROW_OF:
            continue  # said once, below
        yield from _missing(city, document, ("key", i), name, names, COLUMN)
    for place, column_id in (("known_on", dataset.known_on), ("founded_on", dataset.founded_on)):
        if column_id:
            yield from _missing(city, document, (place,), column_id, names, COLUMN)
    yield from _key(dataset, document)
    for needed in (*_NEEDED[dataset.grain], *(("name",) if city.frame is dataset else ())):
        if needed not in names:
            yield document.problem(
                ("columns",),
                Text(zh=f"缺少列“{needed}”", en=f"the column '{needed}' is missing"),
                Text(
                    zh=f"粒度 {dataset.grain} 的数据集须有此列",
                    en=f"A dataset of grain {dataset.grain} must have it.",
                ),
                at_key=True,
            )
    for i, column in enumerate(dataset.columns):
        path = ("columns", i)
        if column.unit and column.kind != "quantity":
            yield document.problem(
                (*path, "unit"),
                Text(zh="只有 quantity 列有单位", en="only a quantity has a unit"),
                Text(zh="把 kind 改为 quantity 或去掉 unit", en="Make it a quantity, or no unit."),
            )
        if column.states_currency and not _is_money(column):
            yield document.problem(
                (*path, "states_currency"),
                Text(zh="只有以元计的列可写币种", en="only a column in 元 may state a currency"),
                Text(
                    zh="把单位写成元、万元或亿元，或去掉此项", en="Make its unit 元, or drop this."
                ),
            )
        if column.kind == "choice" and not column.values:
            yield document.problem(
                path,
                Text(zh="choice 列须列出允许值", en="a choice needs its values"),
                Text(zh="写上 values: [...]", en="Add values: [...]."),
            )
        if column.scale > column.precision:
            yield document.problem(
                (*path, "scale"),
                Text(zh="小数位数大于总位数", en="more digits after the point than in all"),
                Text(zh="减小 scale 或增大 precision", en="Less scale, or more precision."),
            )


def _key(dataset: Dataset, document: Document) -> Iterable[Problem]:
    """One row an enterprise, or one an enterprise and year: else facts would stand twice."""
    wanted = _NEEDED[dataset.grain]
    if dataset.grain in _ROW_OF and set(dataset.key) != set(wanted):
        yield document.problem(
            ("key",),
            Text(
                zh=f"粒度 {dataset.grain} 的主键应为 {'、'.join(wanted)}",
                en=f"the key of grain {dataset.grain} is {', '.join(wanted)}",
            ),
            Text(
                zh=f"写 key: [{', '.join(wanted)}]；更细的数据请先汇总到企业",
                en=f"Write key: [{', '.join(wanted)}]; sum finer data up first.",
            ),
        )


_ROW_OF = ("enterprise", "enterprise_year")
_NEEDED: dict[str, tuple[str, ...]] = {
    "enterprise": ("uscc",),
    "enterprise_year": ("uscc", "year"),
    "register": ("uscc", "entry", "recognised_on"),
    "place_period": ("place", "period"),
}


def _frame(city: City) -> Iterable[Problem]:
    frames = [dataset for dataset in city.datasets.values() if dataset.frame]
    if len(frames) == 1:
        yield from _frame_grain(city, frames[0])
    if len(frames) == 1 or (not frames and city.unread):
        return
    where = f"datasets/{frames[1].id}.yaml" if frames else "datasets/"
    yield Problem(
        where,
        0,
        0,
        Text(zh=f"应有且只有一个企业底册，现有 {len(frames)} 个", en="need exactly one frame"),
        Text(zh="在企业名单数据集中写 frame: true", en="Write frame: true in one dataset."),
    )


def _frame_grain(city: City, frame: Dataset) -> Iterable[Problem]:
    if frame.grain != "enterprise":
        yield city.documents[("datasets", frame.id)].problem(
            ("grain",),
            Text(zh="企业底册的粒度须为 enterprise", en="the grain of the frame is enterprise"),
            Text(zh="写 grain: enterprise", en="Write grain: enterprise."),
        )


def _registers(city: City) -> Iterable[Problem]:
    titles: dict[str, str] = {}
    for register in city.registers.values():
        document = city.documents[("registers", register.id)]
        known = [d.id for d in city.datasets.values() if d.grain == "register"]
        yield from _missing(city, document, ("dataset",), register.dataset, known, DATASET)
        if register.title in titles:
            yield document.problem(
                ("title",),
                Text(zh=f"名录名称“{register.title}”重复", en="this register's title is taken"),
                Text(zh=f"registers/{titles[register.title]}.yaml 已用", en="Rename it."),
            )
        titles.setdefault(register.title, register.id)


def _parameters(city: City) -> Iterable[Problem]:
    for parameter in city.parameters.values():
        document = city.documents[("parameters", parameter.id)]
        entries = [
            (("values", i, "from"), value.from_.isoformat())
            for i, value in enumerate(parameter.values)
        ]
        yield from _doubles(document, entries, Text(zh="起始日期", en="start date"))
        kinds = {type(value.value) for value in parameter.values}
        if len(kinds) > 1:
            yield document.problem(
                ("values",),
                Text(zh="各期的值类型不一致", en="the values are of different types"),
                Text(zh="都写数字，或都写文字", en="Make all of them numbers, or all text."),
            )


def _indicators(city: City, book: Dictionary) -> Iterable[Problem]:
    for indicator in city.indicators.values():
        document = city.documents[("indicators", indicator.id)]
        yield from _missing(city, document, ("owner",), indicator.owner, city.units, UNIT)
        for i, name in enumerate(indicator.register_count):
            path = ("register_count", i)
            yield from _missing(city, document, path, name, city.registers, REGISTER)
        problems: list[Problem] = []
        measure = expressions.read_unit(indicator.unit, document, ("unit",), problems)
        if indicator.expr:
            typed = expressions.read_expression(
                indicator.expr,
                book.place_scope,
                document,
                ("expr",),
                problems,
                city.unread,
                expect=Kind.DOUBLE,
            )
            if typed and measure and not typed.type.unit.is_like(measure):
                problems.append(expressions.wrong_unit(typed, measure, document, ("unit",)))
        yield from problems


def _plan(city: City) -> Iterable[Problem]:
    plan, document = city.plan, city.documents.get(("plan", ""))
    if plan is None or document is None:
        return
    for i, unit in enumerate(plan.default_units):
        yield from _missing(city, document, ("default_units", i), unit, city.units, UNIT)
    measures = [(("measures", i, "number"), m.number) for i, m in enumerate(plan.measures)]
    yield from _doubles(document, measures, MEASURE)
    for i, measure in enumerate(plan.measures):
        for j, entry in enumerate(measure.responsible_units):
            where: Path_ = ("measures", i, "responsible_units", j, "unit")
            yield from _missing(city, document, where, entry.unit, city.units, UNIT)
        if not measure.responsible_units and not plan.default_units:
            yield document.problem(
                ("measures", i),
                Text(zh=f"举措“{measure.title}”没有责任单位", en="a measure without a unit"),
                Text(
                    zh="写上 responsible_units，或在计划中写 default_units",
                    en="Add responsible_units, or default_units of the plan.",
                ),
                warning=True,
            )
    targets = [(("targets", i, "id"), target.id) for i, target in enumerate(plan.targets)]
    yield from _doubles(document, targets, Text(zh="目标", en="target"))
    numbers = [measure.number for measure in plan.measures]
    for i, target in enumerate(plan.targets):
        if target.measure is not None:
            path = ("targets", i, "measure")
            yield from _missing(city, document, path, target.measure, numbers, MEASURE)
        if target.comparator == "range" and target.value_max is None:
            yield document.problem(
                ("targets", i),
                Text(zh="区间目标缺少上限", en="a range needs value_max"),
                Text(zh="补上 value_max", en="Add value_max."),
            )
    for i, row in enumerate(plan.indicator_table):
        if row.definition:
            path = ("indicator_table", i, "definition")
            yield from _missing(city, document, path, row.definition, city.indicators, INDICATOR)


def _published(city: City, book: Dictionary) -> Iterable[Problem]:
    document = city.documents.get(("published", ""))
    if document is None:
        return
    districts = [district.id for district in city.place.districts]
    figures = city.published.figures
    entries = [(("figures", i, "id"), figure.id) for i, figure in enumerate(figures)]
    yield from _doubles(document, entries, Text(zh="公布数", en="figure"))
    for i, figure in enumerate(figures):
        if figure.place:
            yield from _missing(
                city, document, ("figures", i, "place"), figure.place, districts, DISTRICT
            )
        problems: list[Problem] = []
        stated = expressions.read_unit(figure.unit, document, ("figures", i, "unit"), problems)
        name = figure.series.removeprefix("enterprises.")
        known = {n: f.type for n, f in book.facts.items()} | {
            n: s.type for n, s in book.series.items()
        }
        if name != "count" and name not in known:
            what = Text(zh="序列", en="series")
            if not city.unread.may_hold(name, FACTS):
                path: Path_ = ("figures", i, "series")
                problems.append(expressions.unknown(document, path, name, known, what))
        elif stated and name in known and not known[name].unit.is_like(stated):
            problems.append(
                document.problem(
                    ("figures", i, "unit"),
                    Text(
                        zh=f"单位不符：{name} 的单位是“{known[name].unit.symbol}”",
                        en=f"wrong unit: {name} is in '{known[name].unit.symbol}'",
                    ),
                    Text(zh="改单位，或改 series", en="Mend the unit, or the series."),
                )
            )
        yield from problems


def _examples(city: City) -> Iterable[Problem]:
    for example in city.examples.values():
        document = city.documents[("examples", example.id)]
        if (example.score is None) == (example.bands is None):
            yield document.problem(
                (),
                Text(zh="样例须写 score 或 bands 之一", en="an example is one of score, bands"),
                Text(zh="补上其中一个，或删去另一个", en="Add one of them, or drop the other."),
            )
        if example.bands:
            path = ("bands", "scheme")
            yield from _missing(city, document, path, example.bands.scheme, city.schemes, SCHEME)
        if example.score:
            path = ("score", "scheme")
            yield from _missing(city, document, path, example.score.scheme, city.schemes, SCHEME)
            scheme = city.schemes.get(example.score.scheme)
            parts = {part.id: part for part in scheme.parts} if scheme else {}
            if scheme:
                path = ("score", "part")
                yield from _missing(city, document, path, example.score.part, parts, PART)
            part = parts.get(example.score.part)
            for name in example.score.values if part else ():
                known = [indicator.id for indicator in part.indicators] if part else []
                yield from _missing(
                    city, document, ("score", "values", name), name, known, INDICATOR
                )


def _is_money(column: Column) -> bool:
    try:
        return column.kind == "quantity" and read_unit(column.unit or "").is_like(read_unit("元"))
    except ValueRefused:
        return False  # the unit has a Problem of its own
