"""The diagnoses of a city as sentences, tables and JSON."""

from typing import Any

from cityforge.brain.errors import Text
from cityforge.brain.evaluation.diagnosis.statistics import Group, Weak
from cityforge.brain.reports.diagnosis import wording
from cityforge.brain.reports.diagnosis.city import OfCity, Statistics
from cityforge.brain.reports.diagnosis.payload import exact, text
from cityforge.brain.reports.diagnosis.tables import SIMULATED
from cityforge.brain.reports.messages import fixed
from cityforge.brain.reports.tables import Row, Table

_WEAKEST = 10
_GROUPS = {
    "district": Text(zh="区县", en="district"),
    "industry": Text(zh="行业", en="industry"),
    "size": Text(zh="规模", en="size"),
}
_UNNAMED = Text(zh="未写", en="not stated")
_TOTAL = Text(zh="合计", en="total")
_OPEN = Text(zh="待定", en="not certain")
_COUNT = Text(zh="家数", en="enterprises")


def words(found: OfCity) -> list[Text]:
    """How many were read and counted; of each diagnosis its coverage."""
    counted = sum(len(one.entries) for one in found.diagnoses)
    lines = [SIMULATED] if found.simulated else []
    zh, en = f"读入 {found.read} 份，计入 {counted} 份", f"{found.read} read, {counted} counted"
    if found.refused:
        zh += f"；{len(found.refused)} 份未计入，问题见上"
        en += f"; {len(found.refused)} not counted, for the problems above"
    lines.append(Text(zh=zh, en=en))
    for one in found.diagnoses:
        lines.append(_headline(one))
    if found.snapshot is None:
        lines.append(
            Text(
                zh="没有写运行结果（--run），覆盖率不详",
                en="No run was named (--run): coverage is not known",
            )
        )
    return lines


def _headline(one: Statistics) -> Text:
    zh, en = f"{one.diagnosis.title}：{len(one.entries)} 家", f"{one.diagnosis.title_en}: "
    en += f"{len(one.entries)} enterprise(s)"
    for each in one.coverage or ():
        share = f"{each.diagnosed / each.of:.1%}" if each.of else "—"
        zh += f"；{each.covered.says} {each.of:,} 家，已诊断 {each.diagnosed:,} 家，覆盖率 {share}"
        en += f"; {each.covered.says_en}: {each.diagnosed:,} of {each.of:,}, {share}"
    return Text(zh=zh, en=en)


def tables(found: OfCity) -> list[Table]:
    """Of each diagnosis the levels by district, industry and size, and the weakest questions."""
    made: list[Table] = []
    for one in found.diagnoses:
        made += [_levels(one, by) for by in _GROUPS]
        made.append(_weakest(one))
    return made


def _levels(one: Statistics, by: str) -> Table:
    numbers = [0, *(level.level for level in one.diagnosis.levels)]
    groups = one.groups[by]
    rows: list[Row] = [(group.name or _UNNAMED, *_counts(group, numbers)) for group in groups]
    if len(groups) > 1:
        whole = Group(
            "",
            {number: sum(group.levels[number] for group in groups) for number in numbers},
            sum(group.open for group in groups),
        )
        rows.append((_TOTAL, *_counts(whole, numbers)))
    columns = (
        _GROUPS[by],
        *(wording.level(one.diagnosis, number) for number in numbers),
        _OPEN,
        _COUNT,
    )
    name = Text(zh=one.diagnosis.title, en=one.diagnosis.title_en)
    title = Text(zh=f"{name.zh}：按{_GROUPS[by].zh}", en=f"{name.en}: by {_GROUPS[by].en}")
    return Table(title, columns, tuple(rows))


def _counts(group: Group, numbers: list[int]) -> list[str]:
    counts = [*(group.levels[number] for number in numbers), group.open, group.count]
    return [fixed(count, 0) for count in counts]


def _weakest(one: Statistics) -> Table:
    titles = {
        leaf.block.id: wording.title(leaf.block)
        for entry in one.entries
        for leaf in entry.result.leaves
    }
    rows: list[Row] = [
        (
            wording.says(weak.question),
            titles[weak.part],
            f"{float(weak.mean):.0%}",
            f"{weak.answered:,} / {weak.applicable:,}",
        )
        for weak in one.weakest[:_WEAKEST]
    ]
    columns = (
        Text(zh="题目", en="Question"),
        Text(zh="板块", en="part"),
        Text(zh="平均得分率", en="mean"),
        Text(zh="答题家数", en="answered"),
    )
    title = Text(
        zh=f"{one.diagnosis.title}：最弱的 {len(rows)} 题",
        en=f"{one.diagnosis.title_en}: the {len(rows)} weakest questions",
    )
    return Table(title, columns, tuple(rows))


def payload(found: OfCity) -> dict[str, Any]:
    """The statistics as JSON."""
    return {
        "run": found.snapshot.run["run_id"] if found.snapshot is not None else None,
        "simulated": found.simulated,
        "read": found.read,
        "not_counted": sorted(found.refused),
        "diagnoses": [_one(one) for one in found.diagnoses],
        "problems": [
            {"file": one.file, "row": one.line, "column": one.column, **text(one.what)}
            for one in found.problems
        ],
    }


def _one(one: Statistics) -> dict[str, Any]:
    return {
        "diagnosis": one.diagnosis.id,
        "title": one.diagnosis.title,
        "verified": one.diagnosis.evidence.verified.value,
        "assumptions": list(one.diagnosis.assumptions),
        "enterprises": len(one.entries),
        "groups": {by: [_group(group) for group in groups] for by, groups in one.groups.items()},
        "coverage": None
        if one.coverage is None
        else [
            {
                "id": each.covered.id,
                "says": each.covered.says,
                "of": each.of,
                "diagnosed": each.diagnosed,
            }
            for each in one.coverage
        ],
        "weakest": [_weak(weak) for weak in one.weakest],
    }


def _group(group: Group) -> dict[str, Any]:
    levels = {str(number): count for number, count in group.levels.items()}
    return {"name": group.name, "levels": levels, "open": group.open, "count": group.count}


def _weak(weak: Weak) -> dict[str, Any]:
    return {
        "question": weak.question.id,
        "says": weak.question.says,
        "part": weak.part,
        "mean": exact(weak.mean),
        "answered": weak.answered,
        "applicable": weak.applicable,
    }
