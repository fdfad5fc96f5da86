"""One enterprise's ladder as sentences and plain tables."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from cityforge.brain.errors import Text
from cityforge.brain.expr import check
from cityforge.brain.ladders.one import Criterion, Place, Renewal
from cityforge.brain.ladders.scores import Points, Scored
from cityforge.brain.ladders.states import HOLDING, State
from cityforge.brain.policies.prepared import facts_year
from cityforge.brain.reports.ladders import telling
from cityforge.brain.reports.ladders.examined import EnterpriseLadder
from cityforge.brain.reports.tables import Row, Table

NOTHING = telling.NOTHING
_RUNG = Text(zh="级", en="Rung")
_VERDICTS = {
    "reached": Text(zh="已达合格分", en="reaches the mark"),
    "open": Text(zh="取决于待定项", en="depends on what is open"),
    "missed": Text(zh="达不到合格分", en="cannot reach the mark"),
}


def words(found: EnterpriseLadder) -> list[Text]:
    """Who it is, which titles it holds, what is next."""
    snapshot = found.ground.snapshot
    lines = [telling.SIMULATED] if snapshot.simulated else []
    name = str(found.values.get("name") or found.values["uscc"])
    held = [telling.rung(place.step) for place in found.held if not place.step.rung.stages]
    title = telling.joined(held, "、", ", ") if held else Text(zh="无", en="none")
    lines.append(
        Text(
            zh=f"{name}（{found.values['uscc']}）　截至 {snapshot.as_of}，所持称号：{title.zh}",
            en=f"{name} ({found.values['uscc']}), as of {snapshot.as_of}, holds: {title.en}",
        )
    )
    ahead = [place for place in found.places if place.is_next and not place.step.rung.stages]
    for state in (State.PROMISING, State.OPPORTUNITY):
        own = [telling.rung(place.step) for place in ahead if place.state is state]
        if own:
            inside = telling.joined(own, "、", ", ")
            said = telling.STATES[state]
            lines.append(Text(zh=f"{said.zh}：{inside.zh}", en=f"{said.en}: {inside.en}"))
    return lines


def tables(found: EnterpriseLadder) -> list[Table]:
    """Titles with their days, then the rungs line by line."""
    return [*_titles(found), ladder(found)]


def ladder(found: EnterpriseLadder) -> Table:
    """One row a rung: its state, how many clauses are met, what is missing."""
    rows: list[Row] = []
    line = ""
    for place in found.places:
        if place.step.rung.stages:
            if place.step.line.id != line:
                rows.append(_stages(found, place))
            line = place.step.line.id
            continue
        own = telling.line(place.step)
        rows.append(
            (
                own if place.step.line.id != line else "",
                telling.rung(place.step),
                state(place),
                _met(place),
                missing(found, place),
            )
        )
        line = place.step.line.id
    columns = (
        Text(zh="赛道", en="Line"),
        _RUNG,
        Text(zh="状态", en="State"),
        Text(zh="满足", en="met"),
        Text(zh="还差什么", en="What it lacks"),
    )
    return Table(Text(zh="梯度", en="The ladder"), columns, tuple(rows))


def _stages(found: EnterpriseLadder, first: Place) -> Row:
    """A line of stages in one row: the stage reached, and the one after it."""
    own = [place for place in found.places if place.step.line.id == first.step.line.id]
    reached = [place for place in own if place.state in HOLDING]
    ahead = [place for place in own if place.state not in HOLDING]
    known = first.state is not State.NEEDS_DATA
    at = telling.rung(reached[-1].step) if reached else Text(zh="未启动", en="not begun")
    after = NOTHING
    if known and ahead:
        name = telling.rung(ahead[0].step)
        after = Text(zh=f"下一步：{name.zh}", en=f"next: {name.en}")
    return (
        telling.line(first.step),
        at if known else NOTHING,
        Text(zh="已到达", en="reached") if reached else telling.STATES[first.state],
        f"{len(reached)}/{len(own)}",
        after,
    )


def rung(found: EnterpriseLadder, place: Place) -> list[Table]:
    """One rung, clause by clause, with its score table and its renewal."""
    made = [_clauses(found, place, place)] if place.criteria else []
    if place.scored is not None:
        made.append(score(found, place.scored))
    if place.renewal is not None:
        made.append(_clauses(found, place, place.renewal))
    return made


def rung_words(found: EnterpriseLadder, place: Place) -> list[Text]:
    """What one rung is judged by, and how it stands."""
    title, told = telling.rung(place.step), state(place)
    lines = [telling.SIMULATED] if found.ground.snapshot.simulated else []
    lines.append(Text(zh=f"{title.zh}：{told.zh}", en=f"{title.en}: {told.en}"))
    if place.step.rung.unspecified:
        lines.append(telling.unspecified(place.step))
    elif place.step.rule is not None:
        rule = telling.rule(place.step.rule)
        lines.append(Text(zh=f"标准：{rule.zh}", en=f"by {rule.en}"))
        lines += [
            Text(zh=f"设定：{each}", en=f"assumed: {each}")
            for each in place.step.rule.version.assumptions
        ]
    return lines


def state(place: Place) -> Text:
    """The state, and why where it is not for this enterprise."""
    told = telling.STATES[place.state]
    if place.state is State.NOT_APPLICABLE and place.above:
        return Text(zh="已在更高一级", en="holds a higher rung")
    if place.step.rung.stages:
        if place.state in HOLDING:
            return Text(zh="已到达", en="reached")
        if place.state is State.NOT_MET:
            return Text(zh="未到达", en="not reached")
    return told


def missing(found: EnterpriseLadder, place: Place) -> Text:
    """What is not met and by how much, what lacks a fact, what waits for people."""
    if place.state in HOLDING:
        return _renewing(found, place)
    if place.state is State.NOT_APPLICABLE and place.above:
        return NOTHING
    if place.step.rung.unspecified:
        return Text(
            zh="；".join(place.step.rung.unspecified), en="; ".join(place.step.rung.unspecified)
        )
    names, year = found.ground.names, year_of(found, place)
    told = [telling.gap(names, one, year=year) for one in place.of("unmet", "not_applicable")]
    told += _lacking(found, place.of("unknown"), year)
    waits = [telling.part(one.part) for one in place.of("manual_review")]
    if waits:
        inside = telling.joined(waits, "、", ", ")
        told.append(Text(zh=f"待评审：{inside.zh}", en=f"for review: {inside.en}"))
    return telling.joined(told) if told else NOTHING


def score(found: EnterpriseLadder, scored: Scored) -> Table:
    """A score table: points part by part, a range where experts choose or a fact is missing."""
    rows: list[Row] = [
        (
            Text(zh=one.part.says, en=one.part.says_en),
            _range(one.low, one.high),
            _plain(one.most),
            NOTHING if one.least is None else _plain(one.least),
            _told_by(found, one),
        )
        for one in scored.parts
    ]
    verdict = _VERDICTS[scored.verdict]
    mark = f"{'>' if scored.table.strict else '≥'} {_plain(scored.needed)}"
    rows.append(
        (
            Text(zh="合计", en="total"),
            _range(scored.low, scored.high),
            _plain(scored.most),
            mark,
            verdict,
        )
    )
    columns = (
        Text(zh="评分项", en="Item"),
        Text(zh="得分", en="points"),
        Text(zh="满分", en="of"),
        Text(zh="要求", en="wanted"),
        Text(zh="说明", en="Note"),
    )
    evidence = scored.table.evidence
    mark_of = telling.verified(evidence.verified)
    title = Text(
        zh=f"评分表：{evidence.source}（{mark_of.zh}）",
        en=f"Score: {evidence.source} ({mark_of.en})",
    )
    return Table(title, columns, tuple(rows))


def _titles(found: EnterpriseLadder) -> Iterable[Table]:
    rows: list[Row] = [
        (
            telling.rung(place.step),
            str(title.recognised_on),
            NOTHING if title.valid_until is None else str(title.valid_until),
            NOTHING if title.days_left is None else f"{title.days_left:,}",
            NOTHING
            if title.alert is None
            else Text(zh=f"{title.alert} 天内到期", en=f"within {title.alert} days"),
        )
        for place in found.held
        for title in [place.title]
        if title is not None
    ]
    if not rows:
        return
    columns = (
        Text(zh="称号", en="Title"),
        Text(zh="认定日期", en="recognised"),
        Text(zh="有效期至", en="valid until"),
        Text(zh="还剩天数", en="days left"),
        Text(zh="提醒", en="Alert"),
    )
    yield Table(Text(zh="所持称号", en="Titles held"), columns, tuple(rows))


def _clauses(found: EnterpriseLadder, place: Place, judged: Place | Renewal) -> Table:
    names, year = found.ground.names, year_of(found, place)
    values = found.ground.by_step[place.step.id].table.to_pylist()[0]
    rows: list[Row] = []
    for one in judged.criteria:
        if one.answer == "unmet":
            told = telling.gap(names, one, year=year)
        elif one.answer == "unknown":
            lacks = telling.lacking(names, one.finding, year=year)
            told = Text(zh=f"缺{lacks.zh}", en=f"lacks {lacks.en}")
        else:
            columns = {
                column for leaf in one.part.condition.leaves for column in check.columns(leaf.truth)
            }
            facts = names.facts(columns, values, year=year)
            told = telling.joined(
                [Text(zh=f"{n.zh} {v.zh}", en=f"{n.en} {v.en}") for n, v in facts], "，", ", "
            )
        rows.append((telling.part(one.part), telling.ANSWERS[one.answer], told))
    columns_ = (
        Text(zh="条件", en="Clause"),
        Text(zh="结果", en="Answer"),
        Text(zh="差多少、凭什么", en="By how much, by which facts"),
    )
    title = Text(zh="逐条", en="Clause by clause")
    if isinstance(judged, Renewal):
        rule = telling.rule(judged.rule)
        title = Text(zh=f"复核按：{rule.zh}", en=f"Renewal by {rule.en}")
    return Table(title, columns_, tuple(rows))


def _renewing(found: EnterpriseLadder, place: Place) -> Text:
    if place.state is not State.EXPIRING:
        return NOTHING
    if place.renewal is None:
        return Text(zh="复核标准未取得", en="no rule of renewal at hand")
    names, year = found.ground.names, year_of(found, place)
    told = [telling.gap(names, one, year=year) for one in place.renewal.unmet]
    told += _lacking(found, place.renewal.unknown, year)
    if not told:
        return Text(zh="复核条件已齐", en="renewal: all met")
    inside = telling.joined(told)
    return Text(zh=f"复核：{inside.zh}", en=f"renewal: {inside.en}")


def _lacking(found: EnterpriseLadder, open_: Sequence[Criterion], year: int) -> list[Text]:
    """The facts that clauses lack, each once."""
    columns = list(dict.fromkeys(name for one in open_ for name in one.finding.lacking))
    if not open_:
        return []
    inside = found.ground.names.columns(columns, year=year)
    if not columns:
        inside = telling.joined([telling.part(one.part) for one in open_], "、", ", ")
    return [Text(zh=f"缺资料：{inside.zh}", en=f"lacks: {inside.en}")]


def _met(place: Place) -> str | Text:
    if not place.criteria:
        return NOTHING
    return f"{len(place.of('met'))}/{len(place.criteria)}"


def _told_by(found: EnterpriseLadder, one: Points) -> Text:
    if one.lacking:
        lacks = found.ground.names.columns(one.lacking, year=found.ground.snapshot.year)
        return Text(zh=f"缺{lacks.zh}", en=f"lacks {lacks.en}")
    if one.experts:
        return Text(zh="专家评定", en="experts choose")
    return Text(zh="数据", en="data")


def _range(low: Decimal, high: Decimal) -> str:
    return _plain(low) if low == high else f"{_plain(low)}–{_plain(high)}"


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def year_of(found: EnterpriseLadder, place: Place) -> int:
    """The year whose facts a rung is judged by."""
    newest = found.ground.snapshot.year
    return newest if place.step.rule is None else facts_year(place.step.rule, newest)
