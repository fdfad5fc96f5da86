"""A city's whole ladder as plain tables: funnel, districts, gaps, moves, outlook, the plan."""

from collections.abc import Iterable

from cityforge.brain.errors import Text
from cityforge.brain.ladders.counts import Funnel
from cityforge.brain.ladders.prepared import Step
from cityforge.brain.ladders.states import State
from cityforge.brain.reports.ladders import telling
from cityforge.brain.reports.ladders.found import CityLadder
from cityforge.brain.reports.messages import fixed
from cityforge.brain.reports.tables import Row, Table

NOTHING = telling.NOTHING
_LINE, _RUNG = Text(zh="赛道", en="Line"), Text(zh="级", en="Rung")
_CLAUSE = Text(zh="条件", en="Clause")
_SHOWN = (
    State.EXPIRING, State.PROMISING, State.OPPORTUNITY, State.NEEDS_DATA, State.NOT_MET,
)  # fmt: skip


def funnel(found: CityLadder) -> Table:
    """One row a rung: who holds it, who is on the way, who is in its library."""
    rows: list[Row] = []
    for step, top in _first_of_lines(found):
        own = found.funnels[step.id]
        judged = step.rule is not None
        rows.append(
            (
                telling.line(step) if top else "",
                telling.rung(step),
                fixed(own.held, 0),
                fixed(own.states[State.EXPIRING], 0),
                *(fixed(own.states[state], 0) if judged else NOTHING for state in _SHOWN[1:]),
                fixed(own.library, 0) if judged else NOTHING,
            )
        )
    columns = (
        _LINE,
        _RUNG,
        telling.STATES[State.HELD],
        *(telling.STATES[state] for state in _SHOWN),
        Text(zh="培育库", en="library"),
    )
    return Table(Text(zh="梯度全景（家）", en="The ladder (enterprises)"), columns, tuple(rows))


def districts(found: CityLadder) -> Table:
    """One row a rung, one column a district: titles held / in the library."""
    known = found.ground.snapshot.city.place.districts
    rows: list[Row] = []
    for step, top in _first_of_lines(found):
        own = found.funnels[step.id]
        judged = step.rule is not None
        rows.append(
            (
                telling.line(step) if top else "",
                telling.rung(step),
                *(_pair(own, district.id, judged=judged) for district in known),
            )
        )
    columns = (_LINE, _RUNG, *(Text(zh=one.short, en=one.title_en) for one in known))
    title = Text(zh="分地区：已取得 / 培育库", en="By district: held / in the library")
    return Table(title, columns, tuple(rows))


def gaps(found: CityLadder, *, most: int = 3) -> Table:
    """Of each rung the clauses that alone hold most enterprises back."""
    rows: list[Row] = []
    for step in found.steps:
        own = sorted(found.gaps.get(step.id, ()), key=lambda gap: -gap.alone)
        rows += [
            (
                telling.rung(step) if i == 0 else "",
                telling.part(gap.part),
                fixed(gap.alone, 0),
                fixed(gap.failing, 0),
                fixed(gap.unknown, 0),
            )
            for i, gap in enumerate(gap for gap in own[:most] if gap.alone)
        ]
    columns = (
        _RUNG,
        _CLAUSE,
        Text(zh="只差这一条", en="this alone"),
        Text(zh="未满足", en="not met"),
        Text(zh="信息不足", en="lack facts"),
    )
    return Table(Text(zh="卡在哪里（家）", en="What holds back"), columns, tuple(rows))


def moves(found: CityLadder) -> Table:
    """One row a rung: its library now, and who moved since the earlier day."""
    rows: list[Row] = []
    for step in found.steps:
        own = found.moves.get(step.id)
        if own is None or step.rung.stages:
            continue
        judged = step.rule is not None
        rows.append(
            (
                telling.rung(step),
                *(fixed(n, 0) if judged else NOTHING for n in (
                    found.funnels[step.id].library, own.stayed, len(own.of("in")),
                )),
                fixed(len(own.of("up")), 0),
                fixed(len(own.of("out")), 0) if judged else NOTHING,
                fixed(len(own.of("lost")), 0),
            )
        )  # fmt: skip
    columns = (
        _RUNG,
        Text(zh="培育库", en="library"),
        Text(zh="留库", en="stayed"),
        *(telling.WAYS[way] for way in ("in", "up", "out", "lost")),
    )
    title = Text(
        zh=f"培育库变动：{found.then} 至 {found.ground.climb.day}（家）",
        en=f"The library from {found.then} to {found.ground.climb.day}",
    )
    return Table(title, columns, tuple(rows))


def outlook(found: CityLadder) -> Table:
    """One row a rung: who can make it now, and a year on."""
    rows: list[Row] = [
        (
            telling.rung(step),
            fixed(own.now, 0),
            fixed(own.by_rule, 0) if own.rule_changes else NOTHING,
            fixed(own.next_year, 0),
            fixed(own.gained, 0),
            fixed(own.lost, 0),
            fixed(own.open, 0),
        )
        for step in found.steps
        for own in [found.outlooks.get(step.id)]
        if own is not None
    ]
    columns = (
        _RUNG,
        Text(zh="现在条件已齐", en="promising now"),
        Text(zh="同样数据按届时标准", en="by the rule then"),
        Text(zh="一年后推算", en="a year on (est.)"),
        Text(zh="新达到", en="gained"),
        Text(zh="不再达到", en="lost"),
        Text(zh="说不准", en="open"),
    )
    title = Text(
        zh=f"能有多少（家）：现在，和推算到 {found.next_day}",
        en=f"How many can make it: now, and estimated for {found.next_day}",
    )
    return Table(title, columns, tuple(rows))


def progress(found: CityLadder) -> Table:
    """The plan's targets beside what is there."""
    rows: list[Row] = []
    for one_ in found.progress:
        target = one_.target
        share = one_.share
        when = Text(zh="每年", en="a year") if target.annual else _year(target.year)
        rows.append(
            (
                target.indicator,
                when,
                f"{target.value.normalize():f}",
                fixed(one_.held, 0),
                NOTHING if share is None else f"{share:.0%}",
            )
        )
    columns = (
        Text(zh="计划目标", en="Target of the plan"),
        Text(zh="时限", en="by"),
        Text(zh="目标（家）", en="target"),
        Text(zh="现有（家）", en="there"),
        Text(zh="完成", en="done"),
    )
    return Table(Text(zh="对照行动计划", en="Beside the plan"), columns, tuple(rows))


def _first_of_lines(found: CityLadder) -> Iterable[tuple[Step, bool]]:
    before = ""
    for step in found.steps:
        yield step, step.line.id != before
        before = step.line.id


def _pair(own: Funnel, district: str, *, judged: bool) -> str:
    """Held / in the library, so wide that the strokes of a column stand under each other."""
    states = own.districts[district]
    held = fixed(states[State.HELD] + states[State.EXPIRING], 0)
    return f"{held:>5} / {fixed(own.libraries[district], 0):>5}" if judged else f"{held:>5}"


def _year(year: int | None) -> str | Text:
    return NOTHING if year is None else str(year)
