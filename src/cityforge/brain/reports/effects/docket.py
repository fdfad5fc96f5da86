"""The docket of an evaluation's proceedings and the knock-on of a correction, shown."""

from decimal import Decimal
from typing import Any

from cityforge.brain.errors import Text
from cityforge.brain.evaluation.prepared import Prepared
from cityforge.brain.evaluation.proceedings.acts import encoded
from cityforge.brain.evaluation.proceedings.docket import Docket
from cityforge.brain.evaluation.proceedings.knock_on import WHY, KnockOn, Place
from cityforge.brain.evaluation.proceedings.stages import TITLES
from cityforge.brain.facts.correction import Value
from cityforge.brain.reports.effects import names
from cityforge.brain.reports.messages import fixed
from cityforge.brain.reports.tables import Row, Table

OUTCOMES = {
    "upheld": Text(zh="采纳", en="upheld"),
    "partly": Text(zh="部分采纳", en="partly upheld"),
    "rejected": Text(zh="不采纳", en="rejected"),
}
_WAITS = Text(zh="待认定", en="waits for a ruling")
_WITHDRAWN = Text(zh="已撤回", en="withdrawn")


def words(held: Docket) -> list[Text]:
    """Where it stands, in a sentence."""
    stay, opening = held.stays[-1], held.opening
    title = TITLES[stay.stage]
    due = f"，至 {stay.due_on}" if stay.due_on else ""
    due_en = f", until {stay.due_on}" if stay.due_on else ""
    waits = len(held.open_objections)
    return [
        Text(
            zh=f"{opening.scheme} {opening.year} 年度：{title.zh}（{stay.entered_on} 起{due}）；"
            f"异议 {len(held.objections)} 件，待认定 {waits} 件；结果 {len(held.versions)} 版。",
            en=f"{opening.scheme} {opening.year}: {title.en} (since {stay.entered_on}{due_en}); "
            f"{len(held.objections)} objections, {waits} to be ruled on; "
            f"{len(held.versions)} version(s) of the result.",
        )
    ]


def tables(prepared: Prepared, held: Docket) -> list[Table]:
    """Objections with what became of them, and the versions."""
    found = []
    if held.objections:
        found.append(_objections(prepared, held))
    if held.versions:
        rows: list[Row] = [
            (str(one.version), one.why, str(len(one.basis)), one.digest[:16])
            for one in held.versions
        ]
        columns = (
            Text(zh="版次", en="version"),
            Text(zh="为何", en="why"),
            Text(zh="所据认定", en="rulings"),
            Text(zh="摘要", en="digest"),
        )
        found.append(Table(Text(zh="各版结果", en="Versions"), columns, tuple(rows)))
    return found


def _objections(prepared: Prepared, held: Docket) -> Table:
    rows: list[Row] = []
    for name in held.objections:
        about = held.objection(name)
        fact = prepared.book.facts.get(about.fact)
        title = Text(zh=fact.title, en=fact.title_en) if fact else about.fact
        state, value = _WAITS, ""
        if name in held.withdrawn:
            state = _WITHDRAWN
        elif name in held.rulings:
            ruled = held.ruling(held.rulings[name])
            state, value = OUTCOMES[ruled.outcome], _shown(ruled.value)
        rows.append(
            (name, about.uscc, title, _shown(about.stated), _shown(about.right), state, value)
        )
    columns = (
        Text(zh="编号", en="id"),
        Text(zh="企业", en="enterprise"),
        Text(zh="事项", en="fact"),
        Text(zh="原数", en="stated"),
        Text(zh="企业认为", en="said to be right"),
        Text(zh="认定", en="ruling"),
        Text(zh="认定的数", en="value that holds"),
    )
    return Table(Text(zh="异议", en="Objections"), columns, tuple(rows))


def knock_on(found: KnockOn) -> Table:
    """Everybody whose grade moved between two versions; how many only changed places."""
    rows: list[Row] = [
        (
            one.name,
            _grade(one.old),
            _grade(one.new),
            _rank(one.old),
            _rank(one.new),
            WHY[one.why],
        )
        for one in found.grades
    ]
    columns = (
        Text(zh="企业", en="Enterprise"),
        Text(zh="原等次", en="before"),
        Text(zh="新等次", en="after"),
        Text(zh="原名次", en="rank before"),
        Text(zh="新名次", en="rank after"),
        Text(zh="原因", en="why"),
    )
    grades = len(found.grades)
    title = Text(
        zh=f"第 {found.before} 版到第 {found.after} 版：{grades} 家等次变动，"
        f"另有 {len(found.moved) - grades} 家只变名次",
        en=f"Version {found.before} to {found.after}: {grades} change their grade, "
        f"{len(found.moved) - grades} more only their place",
    )
    return Table(title, columns, tuple(rows))


def payload(held: Docket) -> dict[str, Any]:
    """The docket for another program."""
    stay = held.stays[-1]
    return {
        "scheme": held.opening.scheme,
        "year": held.opening.year,
        "stage": stay.stage,
        "since": stay.entered_on.isoformat(),
        "due": stay.due_on.isoformat() if stay.due_on else None,
        "open_objections": held.open_objections,
        "changes": [
            {
                "uscc": one.uscc,
                "fact": one.fact,
                "year": one.year,
                "old": encoded(one.old),
                "new": encoded(one.new),
                "by": one.by,
                "role": one.role,
                "at": one.at,
                "grounds": one.grounds,
                "objection": one.objection,
                "ruling": one.ruling,
            }
            for one in held.changes
        ],
        "versions": [
            {"version": one.version, "digest": one.digest, "why": one.why} for one in held.versions
        ],
    }


def _grade(place: Place) -> Text:
    return names.grade(place.grade or place.status)


def _rank(place: Place) -> str:
    return "—" if place.rank is None else fixed(place.rank, 0)


def _shown(value: Value) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    return "—" if value is None else str(value)
