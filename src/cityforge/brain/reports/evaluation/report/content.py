"""The report of an evaluation, section by section, in one language."""

from collections import Counter
from collections.abc import Iterator

from cityforge.brain.errors import Language, Text
from cityforge.brain.reports.evaluation import wording
from cityforge.brain.reports.evaluation.report import concerns, outcome, resources, rules
from cityforge.brain.reports.evaluation.report.page import Number, Report, Section
from cityforge.brain.reports.evaluation.report.told import section
from cityforge.brain.reports.evaluation.results import Results


def report(results: Results, *, language: Language = "zh") -> Report:
    """The whole report. Looking for what would lift every enterprise takes some seconds a city."""
    snapshot = results.snapshot
    as_of = snapshot.as_of
    about = [
        wording.scheme(results.scheme),
        Text(zh=f"数据截至 {as_of}", en=f"data as of {as_of}"),
        Text(zh=f"运行编号 {snapshot.run['run_id']}", en=f"run {snapshot.run['run_id']}"),
    ]
    head = wording.heading(results)
    return Report(
        language=language,
        title=Text(zh=f"{head.zh}报告", en=f"{head.en}: report").say(language),
        about=tuple(one.say(language) for one in about),
        marks=tuple(one.say(language) for one in wording.marks(results)),
        sentence=outcome.sentence(results).say(language),
        numbers=tuple(_numbers(results, language)),
        sections=tuple(_sections(results, language)),
        footer=(wording.NO_VERDICT.say(language), wording.run(results).say(language)),
    )


def _numbers(results: Results, language: Language) -> Iterator[Number]:
    statuses = Counter(results.now.rows["status"].to_pylist())
    change = outcome.changes(results)
    told = [
        (
            Text(zh="参评企业", en="Rated"),
            f"{statuses['rated']:,}",
            Text(
                zh=f"不定级 {statuses['exempt']:,} 家，无法判定 {statuses['undetermined']:,} 家",
                en=f"{statuses['exempt']:,} exempt, {statuses['undetermined']:,} undetermined",
            ),
        )
    ]
    counts = Counter(results.rated["grade"].to_pylist())
    grades = results.scheme.grading.grades
    told.append(
        (
            Text(zh=f"{grades[0]} 类 / {grades[-1]} 类", en=f"{grades[0]} / {grades[-1]}"),
            f"{counts[grades[0]]:,} / {counts[grades[-1]]:,}",
            Text(zh="最高和最低等级家数", en="best and last grade"),
        )
    )
    if change is not None:
        told.append(
            (
                Text(zh="升等 / 降等", en="Rose / fell"),
                f"{change.up:,} / {change.down:,}",
                Text(zh=f"与 {results.year - 1} 年度相比", en=f"against {results.year - 1}"),
            )
        )
    for title, value, note in told:
        yield Number(title.say(language), value, note.say(language))


def _sections(results: Results, language: Language) -> Iterator[Section]:
    last = results.scheme.grading.grades[-1]
    low = "、".join(resources.low(results))
    parts = (
        (
            Text(zh="评价什么、按什么规则", en="What was evaluated, by which rules"),
            rules.told(results),
        ),
        (Text(zh="等级结构", en="Grades"), outcome.grades(results, language)),
        (Text(zh="各地区", en="Districts"), outcome.districts(results)),
        (Text(zh="总分分布", en="Totals"), outcome.totals(results, language)),
        (Text(zh="与上年相比", en="Against the year before"), outcome.migration(results, language)),
        (Text(zh="分行业", en="Industries"), outcome.industries(results)),
        (
            Text(zh=f"{low} 类占用的资源", en=f"What {low.replace('、', ' and ')} hold"),
            resources.resources(results, language),
        ),
        (Text(zh="怎样提升", en="What would lift them"), concerns.wanted(results)),
        (Text(zh="数据缺口", en="Gaps in the data"), concerns.gaps(results)),
        (Text(zh=f"附：{last} 类企业名单", en=f"List of {last}"), concerns.last_grade(results)),
    )
    for title, blocks in parts:
        made = section(title, blocks, language)
        if made.blocks:
            yield made
