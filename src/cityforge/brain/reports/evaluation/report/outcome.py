"""What came out: grades, districts, totals, who moved between the years, industries."""

from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.city.dictionary import INDUSTRY
from cityforge.brain.errors import Language, Text
from cityforge.brain.evaluation.subject import RATED
from cityforge.brain.reports import moves
from cityforge.brain.reports.evaluation import wording
from cityforge.brain.reports.evaluation.figures import histogram, matrix, pyramid
from cityforge.brain.reports.evaluation.report.told import NO_TITLE, Figure, Note, Table, Told
from cityforge.brain.reports.evaluation.results import Results
from cityforge.brain.reports.messages import fixed, number, text
from cityforge.brain.reports.moves import Move
from cityforge.brain.values import industry

LEAST_OF_MEDIAN = 10  # a median of fewer would tell of single enterprises
_INDUSTRIES = 15


def sentence(results: Results) -> Text:
    """The result in one sentence."""
    place = results.snapshot.city.place
    grades = Counter(results.rated["grade"].to_pylist())
    counts = [
        text("sentence_grade", grade=grade, count=fixed(grades[grade], 0))
        for grade in results.scheme.grading.grades
    ]
    said = text(
        "sentence",
        city=Text(zh=place.title, en=place.title_en),
        year=str(results.year),
        rated=fixed(sum(grades.values()), 0),
        grades=Text(zh="、".join(t.zh for t in counts), en=", ".join(t.en for t in counts)),
    )
    change = changes(results)
    if change is None:
        return said
    moved = text("sentence_moves", up=fixed(change.up, 0), down=fixed(change.down, 0))
    return Text(zh=said.zh + moved.zh, en=f"{said.en} {moved.en}")


def changes(results: Results) -> moves.Moves | None:
    """Who moved against the year before; None where none was rated then."""
    before = results.before
    if before is None or RATED not in before.rows["status"].to_pylist():
        return None
    return moves.between(before.rows, results.now.rows, results.scheme)


def grades(results: Results, language: Language) -> Iterator[Told]:
    """The pyramid of grades."""
    counts = Counter(results.rated["grade"].to_pylist())
    shown = [
        (band.grade, _title(band.title, band.grade), counts[band.grade])
        for band in results.scheme.grading.bands
    ]
    said = "，".join(f"{grade} {count:,}" for grade, _, count in shown)
    unit = Text(zh="家", en="")
    yield Figure(
        NO_TITLE,
        pyramid.draw(shown, says=said, unit=unit.say(language)),
        Text(zh=f"等级结构：{said}", en=f"Grades: {said}"),
        0.9,
    )
    statuses = Counter(results.now.rows["status"].to_pylist())
    yield Note(
        Text(
            zh=f"另有不定级 {statuses['exempt']:,} 家、无法判定 {statuses['undetermined']:,} 家、"
            f"不在范围 {statuses['outside']:,} 家，均不是对企业的负面评定。",
            en=f"Besides, {statuses['exempt']:,} exempt (T), {statuses['undetermined']:,} "
            f"undetermined, {statuses['outside']:,} outside the scope; none speaks against anyone.",
        )
    )


def _title(title: str | None, grade: str) -> str:
    return title if title and title != grade else ""


def districts(results: Results) -> Iterator[Told]:
    """Counts by district, with the median of the headline indicator."""
    names = results.scheme.grading.grades
    headline = results.scheme.parts[0].indicators[0]
    rows = results.now.rows
    every = list(dict.fromkeys([*results.districts, *rows["district"].to_pylist()]))
    lines: list[tuple[Text | str, ...]] = []
    for district in every:
        known = pc.equal(rows["district"], district) if district else pc.is_null(rows["district"])
        line = _counts(rows.filter(known), names, f"value_{headline.id}")
        if any(cell not in ("0", "—") for cell in line):
            lines.append((results.district(district), *line))
    lines.append((Text(zh="合计", en="Total"), *_counts(rows, names, f"value_{headline.id}")))
    head = wording.with_unit(headline)
    columns = [Text(zh="属地", en="District")]
    columns += [Text(zh=name, en=name) for name in names]
    columns += [
        Text(zh="参评", en="Rated"),
        Text(zh="不定级 T", en="Exempt T"),
        Text(zh="无法判定", en="Undetermined"),
        Text(zh=f"{head.zh}中位数", en=f"median of {head.en}"),
    ]
    yield Table(
        NO_TITLE,
        tuple(columns),
        tuple(lines),
        figures=frozenset(range(1, len(columns))),
        bold_last=True,
    )
    if "district" in results.scheme.groups:
        yield Note(
            Text(
                zh=f"等级按比例在各地区内划定，各地占比天然接近；比较地区请看{headline.title}。",
                en="Grades are shares within each district, so shares are alike by design; compare "
                f"districts by {headline.title_en}.",
            )
        )


def _counts(mine: pa.Table, names: list[str], value: str) -> tuple[str, ...]:
    rated = mine.filter(pc.equal(mine["status"], "rated"))
    statuses, graded = Counter(mine["status"].to_pylist()), Counter(rated["grade"].to_pylist())
    counts = [*(graded[name] for name in names), rated.num_rows]
    counts += [statuses["exempt"], statuses["undetermined"]]
    return (*(f"{count:,}" for count in counts), _median(rated, value))


def _median(rated: pa.Table, value: str) -> str:
    """The median in words; none of a group so small that it would tell of single enterprises."""
    values = rated[value].drop_null().to_numpy()
    return number(float(np.median(values))) if len(values) >= LEAST_OF_MEDIAN else "—"


def totals(results: Results, language: Language) -> Iterator[Told]:
    """The distribution of totals, and the least total of each grade by group."""
    rated = results.rated
    columns = (rated[name].to_pylist() for name in ("part", "grade", "total"))
    found: dict[str, dict[str, list[float]]] = {}
    for part, grade, total in zip(*columns, strict=True):
        found.setdefault(part, defaultdict(list))[grade].append(total)
    panels = [
        (wording.part(results, part.id).say(language), found[part.id])
        for part in results.scheme.parts
        if part.id in found
    ]
    medians = [
        (wording.part(results, part), float(np.median([x for some in by.values() for x in some])))
        for part, by in found.items()
    ]
    says = Text(
        zh="；".join(f"{one.zh}总分中位数 {middle:.2f}" for one, middle in medians),
        en="; ".join(f"{one.en}: median total {middle:.2f}" for one, middle in medians),
    )
    score = Text(zh="横轴：总分；纵轴：家数", en="across: total; up: enterprises")
    beyond = Text(zh="最右一柱为 {:g} 分及以上", en="the last column: {:g} and above")
    yield Figure(
        NO_TITLE,
        histogram.draw(
            panels,
            results.scheme.grading.grades,
            says=says.say(language),
            score=score.say(language),
            beyond=beyond.say(language),
        ),
        says,
    )
    yield Note(
        Text(zh=says.zh + "。各排名组的分数线不同。", en=says.en + ". Limits differ by group.")
    )


def migration(results: Results, language: Language) -> Iterator[Told]:
    """From grade to grade between the two years, and who moved most."""
    change = changes(results)
    if change is None:
        yield Text(
            zh=f"没有 {results.year - 1} 年度的评价结果，不能比较。",
            en=f"There is no result of {results.year - 1} to compare with.",
        )
        return
    names = [*results.scheme.grading.grades, moves.NOT_RATED]
    outside = text("not_rated").say(language)
    shown = {
        (a if a != moves.NOT_RATED else outside, b if b != moves.NOT_RATED else outside): count
        for (a, b), count in change.matrix.items()
    }
    stayed = sum(count for (a, b), count in change.matrix.items() if a == b != moves.NOT_RATED)
    says = Text(
        zh=f"两年均参评的，升等 {change.up:,} 家、降等 {change.down:,} 家、不变 {stayed:,} 家",
        en=f"Rated in both years: {change.up:,} rose, {change.down:,} fell, {stayed:,} stayed",
    )
    yield Figure(
        Text(zh="等级变动（家）", en="From grade to grade"),
        matrix.draw(
            shown,
            [*names[:-1], outside],
            says=says.say(language),
            before=Text(zh=f"{results.year - 1} 年度 ↓", en=f"{results.year - 1} ↓").say(language),
            after=Text(zh=f"{results.year} 年度 →", en=f"{results.year} →").say(language),
        ),
        says,
        0.86,
    )
    yield Note(
        Text(zh=says.zh + "；框内为不变，色深为该行占比高。", en=says.en + "; framed: same grade.")
    )
    for title, some in (
        (Text(zh="位次上升最多", en="Biggest climbers"), change.climbers),
        (Text(zh="位次下降最多", en="Biggest fallers"), change.fallers),
    ):
        if some:
            yield _movers(results, title, some[:5])


def _movers(results: Results, title: Text, some: tuple[Move, ...]) -> Table:
    return Table(
        title,
        (
            Text(zh="企业名称", en="Enterprise"),
            Text(zh="属地", en="District"),
            Text(zh="等级", en="Grade"),
            Text(zh="组内位次", en="Place in group"),
            Text(zh="主要原因", en="Main reason"),
        ),
        tuple(
            (
                one.name or "—",
                results.district(one.district),
                f"{one.before} → {one.after}",
                f"{one.share_before:.1f}% → {one.share_after:.1f}%",
                one.reason,
            )
            for one in some
        ),
    )


def industries(results: Results) -> Iterator[Told]:
    """The industries by how many were rated; medians only of groups that hide single firms."""
    if INDUSTRY not in results.prepared.places:
        return
    rated = results.rated
    headline = results.scheme.parts[0].indicators[0]
    names = results.scheme.grading.grades
    found = Counter(rated["industry"].to_pylist())
    largest = [code for code, _ in found.most_common() if code is not None][:_INDUSTRIES]
    rows = []
    for code in largest:
        mine = rated.filter(pc.equal(rated["industry"], code))
        rows.append((industry.titled(code), *_line(mine, names, f"value_{headline.id}")))
    rest = rated.filter(
        pc.invert(pc.fill_null(pc.is_in(rated["industry"], pa.array(largest)), fill_value=False))
    )
    if rest.num_rows:
        rows.append(
            (Text(zh="其他及未填", en="others"), *_line(rest, names, f"value_{headline.id}"))
        )
    head = wording.with_unit(headline)
    yield Table(
        NO_TITLE,
        (
            Text(zh="行业大类", en="Division"),
            Text(zh="参评", en="Rated"),
            Text(zh=f"{names[0]} 类占比", en=f"share of {names[0]}"),
            Text(zh=f"{names[-1]} 类占比", en=f"share of {names[-1]}"),
            Text(zh=f"{head.zh}中位数", en=f"median of {head.en}"),
        ),
        tuple(rows),
        figures=frozenset({1, 2, 3, 4}),
    )
    yield Note(
        Text(
            zh=f"按参评家数列前 {_INDUSTRIES} 个行业；不足 {LEAST_OF_MEDIAN} 家的不列中位数，"
            "以免透露个别企业。",
            en=f"The {_INDUSTRIES} largest; no median of fewer than {LEAST_OF_MEDIAN}, lest it "
            "tell of single enterprises.",
        )
    )


def _line(mine: pa.Table, names: list[str], value: str) -> tuple[str, str, str, str]:
    grades = Counter(mine["grade"].to_pylist())
    share = [f"{grades[name] / mine.num_rows:.1%}" for name in (names[0], names[-1])]
    return f"{mine.num_rows:,}", share[0], share[1], _median(mine, value)
