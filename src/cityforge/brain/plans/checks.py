"""Conflicts inside a plan: two values for one indicator and year, table against text, units."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from cityforge.brain.city.place import Unit
from cityforge.brain.errors import Problem, Text
from cityforge.brain.plans import phrases
from cityforge.brain.plans.characters import tight
from cityforge.brain.plans.match import likeness
from cityforge.brain.plans.reading import Reading, Row, Target
from cityforge.brain.plans.unit_names import UnitNames

_SAME = 0.85  # likeness from which a row of the table and a target mean one indicator
_FACTORS = {"万亿": 12, "亿": 8, "万": 4}


def check(
    reading: Reading, *, file: str, units: Mapping[str, Unit] | None = None, city: str = ""
) -> list[Problem]:
    """Every conflict of a plan, in the order of its text; `units` are those the city knows."""
    found = [
        *_two_values(reading, file),
        *_against_table(reading, file),
        *_without_unit(reading, file),
    ]
    if units is not None:
        found += _strange_units(reading, file, UnitNames(units, city))
    return sorted(found, key=lambda problem: (problem.line, problem.column))


def _problem(
    reading: Reading, file: str, at: int, what: Text, hint: Text, *, warning: bool = False
) -> Problem:
    line = reading.text.count("\n", 0, at) + 1
    column = at - (reading.text.rfind("\n", 0, at) + 1) + 1
    return Problem(file, line, column, what, hint, severity="warning" if warning else "error")


def _two_values(reading: Reading, file: str) -> Iterator[Problem]:
    first: dict[tuple[object, ...], Target] = {}
    for target in reading.targets:
        name = _plain_name(target.indicator)
        if len(name) < 3:
            continue
        key = (name, target.year, target.annual, target.baseline_year, _unit(target))
        before = first.setdefault(key, target)
        if _amount(before) == _amount(target) or _goes_on(reading, before, target):
            continue
        a, b = phrases.target(before, "zh"), phrases.target(target, "zh")
        yield _problem(
            reading, file, target.span[0],
            Text(
                zh=f"同一指标两个数：“{b}”，前面是“{a}”",
                en=f"one indicator, two values: {phrases.target(target, 'en')}, before it"
                f" {phrases.target(before, 'en')}",
            ),
            Text(zh="核对原文，以哪个为准", en="Find out in the text which one holds."),
        )  # fmt: skip


def _goes_on(reading: Reading, before: Target, target: Target) -> bool:
    """“突破4万家，力争达到5万家”: a floor and a hope, in one sentence, are no conflict."""
    between = reading.text[before.span[0] : target.span[1]]
    return "。" not in between and ("力争" in between or "争取" in between)


def _against_table(reading: Reading, file: str) -> Iterator[Problem]:
    for row in reading.table:
        if row.value is None:
            continue
        for target in reading.targets:
            if target.annual or target.year not in (row.year, None) or _unit(target) != _unit(row):
                continue
            if not _one_indicator(row, target) or _amount(target)[0] == _amount(row)[0]:
                continue
            yield _problem(
                reading, file, target.span[0],
                Text(
                    zh=f"正文与指标表不一致：正文“{phrases.target(target, 'zh')}”，"
                    f"指标表“{row.name}”为 {phrases.amount(row).zh}",
                    en=f"text and table disagree: {phrases.target(target, 'en')} in the text,"
                    f" {phrases.amount(row).en} in the table ({row.name})",
                ),
                Text(zh="核对原文，以哪个为准", en="Find out which one holds."),
            )  # fmt: skip


def _one_indicator(row: Row, target: Target) -> bool:
    a, b = _plain_name(row.name), _plain_name(target.indicator)
    return a == b or (min(len(a), len(b)) >= 4 and likeness(a, b) >= _SAME)


_NAME_NOISE = re.compile(
    r"\([^()]*\)|^(?:全[省市县区]|我[省市县区])|(?:总数|总量|数量|数|规模|降低|下降|增长|幅度)+$"
)


def _plain_name(name: str) -> str:
    text = tight(name)
    while True:
        shorter = _NAME_NOISE.sub("", text)
        if shorter == text:
            return text
        text = shorter


def _unit(item: Target | Row) -> str:
    unit = tight(item.unit or "")
    for magnitude in _FACTORS:
        unit = unit.removeprefix(magnitude)
    return unit


def _amount(item: Target | Row) -> tuple[Decimal | None, Decimal | None]:
    """The values with 万 and 亿 unfolded."""
    unit = tight(item.unit or "")
    power = next((p for magnitude, p in _FACTORS.items() if unit.startswith(magnitude)), 0)
    factor = Decimal(10) ** power
    high = item.value_max
    return (
        None if item.value is None else item.value * factor,
        None if high is None else high * factor,
    )


def _without_unit(reading: Reading, file: str) -> Iterator[Problem]:
    measures = [m for m in reading.measures if m.kind == "measure"]
    without = [m for m in measures if not m.units]
    # A work report names no units at all; that is its form, not a slip in each measure.
    if 2 * len(without) > len(measures) or (
        reading.default_units and len(without) == len(measures)
    ):
        return
    for measure in without:
        yield _problem(
            reading, file, measure.span[0],
            Text(
                zh=f"举措 {measure.number}“{measure.title}”没有责任单位",
                en=f"measure {measure.number} ({measure.title}) names no responsible unit",
            ),
            Text(zh="确认由谁负责", en="Find out who is responsible."),
            warning=True,
        )  # fmt: skip


def _strange_units(reading: Reading, file: str, names: UnitNames) -> Iterator[Problem]:
    told: set[str] = set()
    for measure in reading.measures:
        for unit in measure.units:
            if unit.name in told or names.find(unit.name) is not None:
                continue
            told.add(unit.name)
            near = names.nearest(unit.name)
            yield _problem(
                reading, file, unit.span[0],
                Text(
                    zh=f"units.yaml 里没有“{unit.name}”",
                    en=f"units.yaml does not know {unit.name}",
                ),
                Text(
                    zh=f"最接近的是“{near}”；在 units.yaml 中加上这个单位或这种叫法"
                    if near
                    else "在 units.yaml 中加上这个单位",
                    en=(f"The nearest is {near}. " if near else "")
                    + "Add the unit, or this form of its name, to units.yaml.",
                ),
                warning=True,
            )  # fmt: skip
