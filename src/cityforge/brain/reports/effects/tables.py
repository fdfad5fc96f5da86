"""An evaluation, a comparison of two, and what a change would do, as plain tables."""

from collections import Counter
from collections.abc import Mapping, Sequence

import pyarrow as pa

from cityforge.brain.city.folder import City
from cityforge.brain.city.scheme import Scheme
from cityforge.brain.errors import Text
from cityforge.brain.evaluation.effects.fairness import Tilt
from cityforge.brain.evaluation.effects.moves import DOWN, IN, OUT, SAME, UP, Moves
from cityforge.brain.evaluation.effects.resources import TOPS, Freed, Held
from cityforge.brain.evaluation.evaluated import Evaluated
from cityforge.brain.evaluation.reasons.peers import Peer
from cityforge.brain.evaluation.reasons.sureness import Sureness
from cityforge.brain.evaluation.reasons.why import Why
from cityforge.brain.evaluation.subject import EXEMPT
from cityforge.brain.reports.effects import names
from cityforge.brain.reports.effects.seen import Effects, Enterprise
from cityforge.brain.reports.messages import fixed, number, with_unit
from cityforge.brain.reports.tables import Row, Table
from cityforge.brain.values import industry

DISTRICT = Text(zh="地区", en="District")
TOTAL = Text(zh="合计", en="Total")
_TILTED = {
    "industry": Text(
        zh="与各组比例明显不同的行业（供研究，不是结论）",
        en="Industries that stand out (a question, no verdict)",
    ),
    "size_class": Text(
        zh="与各组比例明显不同的规模（供研究，不是结论）",
        en="Sizes that stand out (a question, no verdict)",
    ),
}
MOST = 15  # movers shown, most changed first
_SURE = (
    (0.95, Text(zh="95% 以上", en="95 % or more")),
    (0.8, Text(zh="80%–95%", en="80-95 %")),
    (0.5, Text(zh="50%–80%", en="50-80 %")),
    (0.0, Text(zh="不到 50%", en="below 50 %")),
)


def counts(city: City, scheme: Scheme, year: int, rows: pa.Table) -> Table:
    """Districts by grade, exempt and rated.

    rows  of one year; read are district, status, grade
    """
    grades = scheme.grading.grades
    found: dict[str, Counter[str]] = {}
    each = rows.group_by(["district", "status", "grade"]).aggregate([([], "count_all")])
    for one in each.to_pylist():
        counted = found.setdefault(one["district"] or "", Counter())
        counted[one["grade"] or one["status"]] += one["count_all"]
    lines: list[Row] = []
    everywhere: Counter[str] = Counter()
    for where, counted in _by_place(city, found):
        lines.append(_line(names.district(city, where), counted, grades))
        everywhere += counted
    lines.append(_line(TOTAL, everywhere, grades))
    columns = [DISTRICT, *(names.grade(grade) for grade in grades)]
    columns += [names.grade(EXEMPT), Text(zh="参评企业", en="rated")]
    title = Text(zh=f"{scheme.title}，{year} 年度", en=f"{scheme.title_en}, {year}")
    return Table(title, tuple(columns), tuple(lines))


def _by_place(city: City, found: Mapping[str, Counter[str]]) -> list[tuple[str, Counter[str]]]:
    """In the city's order of its districts; where an enterprise is in none, last."""
    order = [one.id for one in city.place.districts]
    place = {where: order.index(where) if where in order else len(order) for where in found}
    return sorted(found.items(), key=lambda one: place[one[0]])


def _line(title: Text, count: Counter[str], grades: Sequence[str]) -> Row:
    rated = sum(count[grade] for grade in grades)
    shown = [*(count[grade] for grade in grades), count[EXEMPT], rated]
    return (title, *(fixed(n, 0) for n in shown))


def matrix(first: Evaluated, second: Evaluated, moves: Moves) -> Table:
    """What became of each grade: rows before, columns after, both from the best grade down."""
    # Who has a grade in neither is no news.
    seen = {pair: n for pair, n in moves.matrix.items() if set(pair) - names.STATUSES.keys()}
    before = _in_order(first.scheme, {a for a, _ in seen})
    after = _in_order(second.scheme, {b for _, b in seen})
    lines: list[Row] = [
        (names.grade(a), *(fixed(seen.get((a, b), 0), 0) for b in after)) for a in before
    ]
    title = Text(zh="等次变动", en="Grades before and after")
    corner = Text(zh="原方案 ↓ 改后 →", en="now ↓ changed →")
    if first.year != second.year:
        corner = Text(zh=f"{first.year} ↓ {second.year} →", en=f"{first.year} ↓ {second.year} →")
    if first.scheme.id != second.scheme.id:
        a, b = (_dated(one) for one in (first, second))
        title = Text(zh=f"{title.zh}：{a.zh} → {b.zh}", en=f"{title.en}: {a.en} → {b.en}")
        corner = Text(zh="原 ↓ 新 →", en="before ↓ after →")
    return Table(title, (corner, *(names.grade(b) for b in after)), tuple(lines))


def _in_order(scheme: Scheme, seen: set[str]) -> list[str]:
    """Grades as the scheme ranks them, then who has none."""
    return [one for one in (*scheme.grading.grades, *names.STATUSES) if one in seen]


def _dated(one: Evaluated) -> Text:
    scheme = one.scheme
    return Text(zh=f"{scheme.title} {one.year} 年度", en=f"{scheme.title_en} {one.year}")


def by_district(city: City, moves: Moves) -> Table:
    """How many moved which way in each district."""
    ways = (UP, DOWN, IN, OUT, SAME)
    lines: list[Row] = [
        (names.district(city, where), *(fixed(count[way], 0) for way in ways))
        for where, count in _by_place(city, moves.by())
    ]
    lines.append((TOTAL, *(fixed(moves.count(way), 0) for way in ways)))
    title = Text(zh="各地变动", en="Moves by district")
    return Table(title, (DISTRICT, *(names.WAYS[way] for way in ways)), tuple(lines))


def movers(city: City, evaluated: Evaluated, moves: Moves) -> Table:
    """Those whose grade changes, the largest change of the total first."""
    found = moves.movers.to_pylist()
    found.sort(key=lambda row: -abs((row["total_after"] or 0) - (row["total_before"] or 0)))
    lines: list[Row] = [
        (
            row["name"],
            names.district(city, row["district"]),
            names.grade(row["before"]),
            names.grade(row["after"]),
            _total(row["total_before"]),
            _total(row["total_after"]),
            _because(evaluated, row["because"], row["points"]),
        )
        for row in found[:MOST]
    ]
    columns = (
        Text(zh="企业", en="Enterprise"),
        DISTRICT,
        Text(zh="原等次", en="before"),
        Text(zh="新等次", en="after"),
        Text(zh="原总分", en="total before"),
        Text(zh="新总分", en="total after"),
        Text(zh="变动最大的指标", en="by which indicator"),
    )
    shown = min(MOST, len(found))
    title = Text(
        zh=f"变动企业（{len(found):,} 家，列出 {shown} 家）",
        en=f"Enterprises that move ({shown} of {len(found):,})",
    )
    return Table(title, columns, tuple(lines))


def _total(value: float | None) -> str:
    return "—" if value is None else fixed(value, 2)


def _because(evaluated: Evaluated, name: str | None, points: float | None) -> Text | str:
    if name is None or points is None:
        return "—"
    title, sign = names.indicator(evaluated.scheme, name), "+" if points > 0 else "−"
    shown = f"{sign}{fixed(abs(points), 1)}"
    return Text(zh=f"{title.zh} {shown} 分", en=f"{title.en} {shown}")


def tilts(found: Sequence[Tilt], title: Text) -> Table | None:
    """Classes that stand out, by grade; None where none does."""
    told = [one for one in found if one.is_told]
    if not told:
        return None
    lines: list[Row] = [
        (
            industry.titled(one.name) if one.name.isdigit() else Text(zh=one.name, en=one.name),
            names.grade(one.grade),
            fixed(one.members, 0),
            fixed(one.count, 0),
            fixed(one.expected, 1),
            fixed(one.ratio, 2),
        )
        for one in told
    ]
    columns = (
        Text(zh="类别", en="class"),
        Text(zh="等次", en="grade"),
        Text(zh="参评家数", en="rated"),
        Text(zh="实际家数", en="have it"),
        Text(zh="按各组比例应有", en="expected"),
        Text(zh="倍数", en="times"),
    )
    return Table(title, columns, tuple(lines))


def held(evaluated: Evaluated, found: Sequence[Held]) -> Table:
    """How resources and results lie over grades and over the largest."""
    grades = evaluated.scheme.grading.grades
    lines: list[Row] = [
        (
            names.measured(evaluated, one.fact),
            names.summed(evaluated, one.fact, one.total),
            *(_percent(one.by_grade[grade], one.total) for grade in grades),
            _percent(one.top[TOPS.index(0.1)], 1.0),
            fixed(one.gini, 2),
        )
        for one in found
        if one.known
    ]
    columns = (
        Text(zh="项目", en="what"),
        TOTAL,
        *(Text(zh=f"{grade} 类占", en=f"held by {grade}") for grade in grades),
        Text(zh="最大一成占", en="largest tenth"),
        Text(zh="基尼系数", en="Gini"),
    )
    return Table(Text(zh="资源和产出的分布", en="How resources lie"), columns, tuple(lines))


def freed(evaluated: Evaluated, found: Sequence[Freed]) -> Table:
    """What the worse grades would no longer need at their group's median."""
    parts = {part.id: Text(zh=part.title, en=part.title_en) for part in evaluated.scheme.parts}
    lines: list[Row] = []
    for one in found:
        part, _, name = one.indicator.partition(".")
        title = names.indicator(evaluated.scheme, name)
        lines.append(
            (
                Text(zh=f"{parts[part].zh}：{title.zh}", en=f"{parts[part].en}: {title.en}"),
                names.measured(evaluated, one.fact),
                fixed(one.count, 0),
                names.summed(evaluated, one.fact, one.now),
                names.summed(evaluated, one.fact, one.amount),
                _percent(one.share, 1.0),
            )
        )
    columns = (
        Text(zh="达到组内中位数的指标", en="indicator at its group's median"),
        Text(zh="可腾出", en="resource"),
        Text(zh="家数", en="enterprises"),
        Text(zh="现用", en="used now"),
        Text(zh="可腾出量", en="freed"),
        Text(zh="占现用", en="share"),
    )
    worse = "、".join(evaluated.scheme.grading.grades[-2:])
    title = Text(zh=f"{worse} 类达到中位数可腾出的资源", en=f"Freed if {worse} reached the median")
    return Table(title, columns, tuple(lines))


def sureness(found: Sureness) -> Table:
    """How many grades are how sure."""
    lines: list[Row] = []
    left = len(found.kept)
    above = 0
    for least, title in _SURE:
        count = int((found.kept >= least).sum()) - above
        above += count
        lines.append((title, fixed(count, 0), _percent(count, float(left or 1))))
    hangs = int(found.rounding.sum())
    title = Text(zh="换一种取整方式就变等次", en="another rounding would change it")
    lines.append((title, fixed(hangs, 0), _percent(hangs, float(left or 1))))
    columns = (
        Text(zh="等次不变的把握", en="how often the grade stands"),
        Text(zh="家数", en="enterprises"),
        Text(zh="占比", en="share"),
    )
    return Table(
        Text(zh=f"等次把握（{found.draws} 次推演）", en=f"How sure ({found.draws} draws)"),
        columns,
        tuple(lines),
    )


def _percent(part: float, whole: float) -> str:
    return f"{fixed(100 * part / whole, 1)}%" if whole else "—"


def peers(found: Sequence[Peer]) -> Table:
    """Enterprises alike, nearest first."""
    lines: list[Row] = [
        (
            one.name,
            names.grade(one.grade),
            fixed(one.total, 2),
            Text(zh="是", en="yes") if one.same_industry else Text(zh="否", en="no"),
            fixed(one.apart, 2),
        )
        for one in found
    ]
    columns = (
        Text(zh="企业", en="Enterprise"),
        Text(zh="等次", en="grade"),
        Text(zh="总分", en="total"),
        Text(zh="同行业", en="same industry"),
        Text(zh="规模差距", en="apart in size"),
    )
    return Table(Text(zh="规模、行业相近的企业", en="Enterprises alike"), columns, tuple(lines))


def indicators(evaluated: Evaluated, found: Why) -> Table:
    """Each indicator of one enterprise: value, base, points, place among its group."""
    lines: list[Row] = []
    for one in found.indicators:
        own = one.indicator.indicator
        lines.append(
            (
                with_unit(Text(zh=own.title, en=own.title_en), own.unit),
                _figure(one.value),
                _figure(one.base),
                f"{own.weight:f}",
                "—" if one.points is None else fixed(one.points, 2),
                "—" if one.average is None else fixed(one.average, 2),
                "—" if one.place is None else f"{one.place}/{one.count}",
                _figure(one.spread[2] if one.spread else None),
            )
        )
    columns = (
        Text(zh="指标", en="indicator"),
        Text(zh="指标值", en="value"),
        Text(zh="基准值", en="base"),
        Text(zh="权重", en="weight"),
        Text(zh="得分", en="points"),
        Text(zh="组内平均分", en="group's mean"),
        Text(zh="组内位次", en="place"),
        Text(zh="组内中位数", en="group's median"),
    )
    return Table(Text(zh="各项得分", en="Points"), columns, tuple(lines))


def _figure(value: float | None) -> str:
    return "—" if value is None else number(value)


def evaluation(city: City, evaluated: Evaluated, seen: Effects | None) -> list[Table]:
    """A result with its effects on the city."""
    found = [counts(city, evaluated.scheme, evaluated.year, evaluated.rows)]
    if seen is None:
        return found
    found += [held(evaluated, seen.held), freed(evaluated, seen.freed)]
    for name, each in seen.tilts.items():
        table = tilts(each, _TILTED[name])
        if table is not None:
            found.append(table)
    if seen.sure is not None:
        found.append(sureness(seen.sure))
    return found


def compared(city: City, first: Evaluated, second: Evaluated, moves: Moves) -> list[Table]:
    """Who moves between two results."""
    return [matrix(first, second, moves), by_district(city, moves), movers(city, second, moves)]


def corrected(city: City, evaluated: Evaluated, moves: Moves) -> list[Table]:
    """Who moves when a fact is put right."""
    return [movers(city, evaluated, moves)]


def enterprise(evaluated: Evaluated, one: Enterprise) -> list[Table]:
    """One rated enterprise: its points, and who is alike."""
    if one.why is None:
        return []
    return [indicators(evaluated, one.why), peers(one.peers)]
