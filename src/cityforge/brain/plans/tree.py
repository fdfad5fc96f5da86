"""A Reading as an indented tree for the terminal."""

from collections.abc import Iterator

from cityforge.brain.errors import Language
from cityforge.brain.plans import phrases
from cityforge.brain.plans.reading import Measure, Reading, Target


def as_tree(reading: Reading, language: Language = "zh") -> str:
    """The plan as lines of text: sections, measures, units, targets, table, what was set aside."""
    return "\n".join(_lines(reading, language)) + "\n"


def _lines(reading: Reading, language: Language) -> Iterator[str]:
    zh = language == "zh"
    yield reading.title or ("（无标题）" if zh else "(no title)")
    if reading.to_year:
        span = "—".join(str(y) for y in (reading.from_year, reading.to_year) if y)
        yield f"{'年份' if zh else 'years'}：{span}"
    if reading.default_units:
        yield f"{'各条共同落实' if zh else 'in every measure'}：{'、'.join(reading.default_units)}"
    by_measure: dict[str | None, list[Target]] = {}
    for target in reading.targets:
        by_measure.setdefault(target.measure, []).append(target)
    if None in by_measure:
        yield ""
        yield "总体目标" if zh else "Goals"
        yield from (f"  · {phrases.target(t, language)}" for t in by_measure[None])
    yield from _measures(reading, by_measure, language)
    if reading.table:
        yield ""
        yield "指标表" if zh else "Indicator table"
        for row in reading.table:
            group = f"[{row.group}] " if row.group else ""
            amount = phrases.amount(row).say(language)
            yield f"  {group}{row.name}：{amount} {row.year or ''}".rstrip()
    yield from _aside(reading, language)


def _measures(
    reading: Reading, by_measure: dict[str | None, list[Target]], language: Language
) -> Iterator[str]:
    section: tuple[str, ...] = ()
    for measure in reading.measures:
        for i, heading in enumerate(measure.section):
            if section[: i + 1] != measure.section[: i + 1]:
                yield ""
                yield f"{'  ' * i}{heading}"
        section = measure.section
        yield from _measure(measure, by_measure.get(measure.number, []), language)


def _measure(measure: Measure, targets: list[Target], language: Language) -> Iterator[str]:
    indent = "  " * max(len(measure.section), 1)
    yield f"{indent}{measure.number}  {measure.title}"
    if measure.units:
        words = "、".join(phrases.unit(unit, language) for unit in measure.units)
        yield f"{indent}    {'责任单位' if language == 'zh' else 'units'}：{words}"
    for target in targets:
        yield f"{indent}    · {phrases.target(target, language)}"


def _aside(reading: Reading, language: Language) -> Iterator[str]:
    zh = language == "zh"
    if reading.not_targets:
        yield ""
        yield "不是目标的数字" if zh else "Numbers that are no targets"
        for item in reading.not_targets:
            text = item.text if len(item.text) <= 40 else item.text[:39] + "…"
            yield f"  {item.number}：{item.reason.say(language)}（{text}）"
    for note in reading.notes:
        yield ""
        yield note.say(language)
    yield ""
    measures = sum(1 for m in reading.measures if m.kind == "measure")
    safeguards = len(reading.measures) - measures
    counts = (measures, safeguards, len(reading.targets), len(reading.table))
    yield (
        "共 {} 条举措、{} 条保障措施、{} 个目标、指标表 {} 行"
        if zh
        else "{} measures, {} safeguards, {} targets, {} rows of the indicator table"
    ).format(*counts)
