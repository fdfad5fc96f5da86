"""One rung of a city's ladder as plain tables: its clauses, library, moves, titles running out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cityforge.brain.city.dictionary import DISTRICT
from cityforge.brain.errors import Text
from cityforge.brain.ladders import one
from cityforge.brain.ladders.counts import Gap
from cityforge.brain.ladders.library import Move, Moves
from cityforge.brain.ladders.prepared import Step
from cityforge.brain.ladders.renewing import Expiring
from cityforge.brain.ladders.states import Standing, State
from cityforge.brain.policies.matching import Population
from cityforge.brain.policies.prepared import facts_year
from cityforge.brain.reports.ladders import telling
from cityforge.brain.reports.ladders.found import CityLadder
from cityforge.brain.reports.messages import fixed
from cityforge.brain.reports.tables import Row, Table

NOTHING = telling.NOTHING
_NAME, _CODE = Text(zh="企业名称", en="Enterprise"), Text(zh="统一社会信用代码", en="credit code")
_PLACE = Text(zh="属地", en="District")
_CLAUSE = Text(zh="条件", en="Clause")


@dataclass(frozen=True, slots=True)
class Person:
    """One enterprise of a list: its row, name, code, district."""

    row: int
    uscc: str
    name: Text
    district: Text


def states_of(found: CityLadder, step: Step) -> Table:
    """One rung by district and state."""
    own = found.funnels[step.id]
    known: list[tuple[str | None, Text]] = [
        (one_.id, Text(zh=one_.title, en=one_.title_en))
        for one_ in found.ground.snapshot.city.place.districts
    ]
    if any(own.districts[None].values()):
        known.append((None, Text(zh="不详", en="unknown")))
    shown = [state for state in State if own.states[state]]
    rows: list[Row] = [
        (
            title,
            *(fixed(own.districts[key][state], 0) for state in shown),
            fixed(own.libraries[key], 0),
        )
        for key, title in known
    ]
    rows.append(
        (
            Text(zh="合计", en="total"),
            *(fixed(own.states[state], 0) for state in shown),
            fixed(own.library, 0),
        )
    )
    columns = (
        _PLACE,
        *(telling.STATES[state] for state in shown),
        Text(zh="培育库", en="library"),
    )
    name = telling.rung(step)
    title = Text(zh=f"{name.zh}（家）", en=f"{name.en} (enterprises)")
    return Table(title, columns, tuple(rows))


def clauses(found: CityLadder, step: Step) -> Table:
    """Every clause of one rung among those whom it is for."""
    rows: list[Row] = [
        (
            telling.part(gap.part),
            telling.ROLES[gap.part.role],
            fixed(gap.failing, 0),
            _alone(gap),
            fixed(gap.unknown, 0),
        )
        for gap in found.gaps.get(step.id, ())
    ]
    columns = (
        _CLAUSE,
        Text(zh="由谁判断", en="decided by"),
        Text(zh="未满足", en="not met"),
        Text(zh="只差这一条", en="this alone"),
        Text(zh="信息不足", en="lack facts"),
    )
    name = telling.rung(step)
    title = Text(zh=f"{name.zh}：各条件（家）", en=f"{name.en}: its clauses (enterprises)")
    return Table(title, columns, tuple(rows))


def library(found: CityLadder, step: Step, *, most: int = 50) -> Table:
    """Who is in the library of a rung: few gaps first."""
    standing = found.standings[step.id]
    rows_ = library_rows(standing)
    rows: list[Row] = [
        (
            person.name,
            person.uscc,
            person.district,
            telling.STATES[State(int(standing.states[person.row]))],
            gap,
        )
        for person, gap in lacking(found, step, rows_[:most])
    ]
    columns = (
        _NAME,
        _CODE,
        _PLACE,
        Text(zh="状态", en="State"),
        Text(zh="还差", en="What it lacks"),
    )
    name = telling.rung(step)
    zh, en = f"{name.zh}培育库（{len(rows_):,} 家）", f"Library of {name.en} ({len(rows_):,})"
    if len(rows_) > most:
        zh, en = f"{zh}，先列 {most} 家，余见 --excel", f"{en}; the first {most}, all with --excel"
    return Table(Text(zh=zh, en=en), columns, tuple(rows))


def moved(found: CityLadder, step: Step, *, most: int = 30) -> Table:
    """Who moved in and out of the library of a rung, and why."""
    own = found.moves[step.id]
    # Some of each way: whoever reads a few wants to see every kind.
    listed = [move for way in telling.WAYS for move in own.of(way)[: most // 3]]
    rows: list[Row] = [
        (telling.WAYS[move.way], person.name, person.district, why(found, own, move))
        for move, person in zip(
            listed, people(found, step, [move.row for move in listed]), strict=True
        )
    ]
    columns = (Text(zh="去向", en="Way"), _NAME, _PLACE, Text(zh="原因", en="Why"))
    name = telling.rung(step)
    zh = f"{name.zh}：{found.then} 以来的变动（{len(own.listed):,} 家）"
    en = f"{name.en}: moves since {found.then} ({len(own.listed):,})"
    if len(own.listed) > len(rows):
        zh, en = (
            f"{zh}，先列 {len(rows)} 家，余见 --excel",
            f"{en}; {len(rows)} of them, all with --excel",
        )
    return Table(Text(zh=zh, en=en), columns, tuple(rows))


def expiring(found: CityLadder, step: Step | None = None, *, most: int = 20) -> Table:
    """Titles that run out soon, the soonest first, and whether they can be renewed."""
    own = [each for each in found.expiring if step is None or each.step.id == step.id]
    rows: list[Row] = []
    for each in own[:most]:
        person = people(found, each.step, [each.row])[0]
        rows.append(
            (
                person.name,
                telling.rung(each.step),
                str(each.title.valid_until),
                str(each.title.days_left),
                renewal(each),
            )
        )
    columns = (
        _NAME,
        Text(zh="称号", en="Title"),
        Text(zh="有效期至", en="valid until"),
        Text(zh="还剩天数", en="days left"),
        Text(zh="按现有数据能否续", en="Renewal by the data at hand"),
    )
    zh, en = f"即将到期（{len(own):,} 家次）", f"Running out ({len(own):,})"
    if len(own) > most:
        zh, en = (
            f"{zh}，先列 {most} 家次，余见 --excel",
            f"{en}; the first {most}, all with --excel",
        )
    return Table(Text(zh=zh, en=en), columns, tuple(rows))


def library_rows(standing: Standing) -> list[int]:
    """The rows in a library: fewest gaps first, then in the order of the run."""
    rows = np.flatnonzero(standing.library)
    order = np.lexsort((rows, standing.open[rows], standing.failing[rows]))
    return [int(row) for row in rows[order]]


def lacking(found: CityLadder, step: Step, rows: Sequence[int]) -> Iterable[tuple[Person, Text]]:
    """What each of these enterprises lacks for a rung, in its own units."""
    ground, year = found.ground, year_of(found, step)
    values = _taken(ground.by_step[step.id], rows)
    for person, known in zip(people(found, step, rows), values, strict=True):
        row = ground.row(known)
        judged = [one.criterion(part, row) for part in step.parts]
        told = [
            telling.gap(ground.names, each, year=year, allowed=found.allowed)
            for each in judged
            if each.answer == "unmet"
        ]
        told += [
            Text(zh=f"{clause.zh}（缺{facts.zh}）", en=f"{clause.en} (lacks {facts.en})")
            for each in judged
            if each.answer == "unknown"
            for clause in [telling.part(each.part)]
            for facts in [telling.lacking(ground.names, each.finding, year=year)]
        ]
        waits = [telling.part(each.part) for each in judged if each.answer == "manual_review"]
        if waits:
            inside = telling.joined(waits, "、", ", ")
            told.append(Text(zh=f"待评审：{inside.zh}", en=f"for review: {inside.en}"))
        yield person, telling.joined(told) if told else NOTHING


def why(found: CityLadder, own: Moves, move: Move) -> Text:
    """Why an enterprise moved: its title, or the clauses whose answer changed."""
    if move.way == "up":
        return _recognised(found, own, move)
    if move.way == "lost":
        return Text(zh="称号到期或撤销", en="the title ran out or was withdrawn")
    if move.before is None:
        return Text(zh="比较时还没有这家企业", en="was not there then")
    if move.rule:
        before, after = telling.STATES[move.before], telling.STATES[move.after]
        return Text(
            zh=f"标准换版：{before.zh} → {after.zh}", en=f"another rule: {before.en} → {after.en}"
        )
    year = year_of(found, own.standing.step)
    told = [
        telling.change(found.ground.names, one_, year=year, allowed=found.allowed)
        for one_ in move.reasons
    ]
    if told:
        return telling.joined(told)
    before, after = telling.STATES[move.before], telling.STATES[move.after]
    return Text(zh=f"{before.zh} → {after.zh}", en=f"{before.en} → {after.en}")


def _recognised(found: CityLadder, own: Moves, move: Move) -> Text:
    """Since when the title is held, and from which state it came."""
    before = telling.STATES[move.before] if move.before is not None else NOTHING
    step = own.standing.step
    since = found.recognised.get(
        (step.rung.register_ or "", people(found, step, [move.row])[0].uscc)
    )
    if since is None:
        return Text(zh=f"此前{before.zh}", en=f"before: {before.en}")
    return Text(
        zh=f"{since} 认定，此前{before.zh}", en=f"recognised on {since}; before: {before.en}"
    )


def renewal(each: Expiring) -> Text:
    """Whether a title can be renewed, as far as the data tell."""
    if each.rule is None:
        return telling.STATES[State.UNSPECIFIED]
    for parts, zh, en in (
        (each.unmet, "未满足", "not met"),
        (each.unknown, "信息不足", "lacks facts"),
    ):
        if parts:
            inside = telling.joined([telling.part(one_) for one_ in parts], "、", "; ")
            return Text(zh=f"{zh}：{inside.zh}", en=f"{en}: {inside.en}")
    return Text(zh="条件已齐", en="all met")


def people(found: CityLadder, step: Step, rows: Sequence[int]) -> list[Person]:
    """Who stands in these rows."""
    names = {
        one_.id: Text(zh=one_.title, en=one_.title_en)
        for one_ in found.ground.snapshot.city.place.districts
    }
    return [
        Person(
            row,
            str(known["uscc"]),
            Text(zh=str(known.get("name") or "—"), en=str(known.get("name") or "—")),
            names.get(str(known.get(DISTRICT)), NOTHING),
        )
        for row, known in zip(
            rows,
            _taken(found.ground.by_step[step.id], rows, ("uscc", "name", DISTRICT)),
            strict=True,
        )
    ]


def year_of(found: CityLadder, step: Step) -> int:
    """The year whose facts a rung is judged by."""
    newest = found.ground.snapshot.year
    return newest if step.rule is None else facts_year(step.rule, newest)


def _taken(
    population: Population, rows: Sequence[int], names: Sequence[str] = ()
) -> list[dict[str, object]]:
    table = population.table
    if names:
        table = table.select([name for name in names if name in table.column_names])
    found: list[dict[str, object]] = table.take(pa.array(rows, pa.int64())).to_pylist()
    return found


def _alone(gap: Gap) -> str | Text:
    return fixed(gap.alone, 0) if gap.part.role in ("hard", "awaited") else NOTHING
