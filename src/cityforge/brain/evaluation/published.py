"""Published grade counts held against a scheme's bands: do they follow, by any rounding?"""

from sqlglot import exp

from cityforge.brain.city.scheme_grading import Grading
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import Text
from cityforge.brain.evaluation.grading import ROUNDINGS, counts, follows, words
from cityforge.brain.evaluation.prepared import Prepared
from cityforge.brain.evaluation.subject import RATED


def notes(engine: Engine, prepared: Prepared, evaluated: str) -> list[Text]:
    """One sentence for each result that an office published of this scheme."""
    said = []
    for published in prepared.scheme.published:
        where = [
            exp.column("year").eq(published.year),
            exp.column("part").eq(exp.Literal.string(published.part)),
            exp.column("status").eq(exp.Literal.string(RATED)),
        ]
        where += [
            exp.column(name, quoted=True).eq(exp.Literal.string(value))
            for name, value in published.group.items()
        ]
        rows = engine.rows(
            exp.select("grade", exp.Count(this=exp.Star()))
            .from_(evaluated)
            .where(exp.and_(*where))
            .group_by("grade")
        )
        ours = {str(grade): int(count) for grade, count in rows}
        said.append(note(prepared.scheme.grading, ours, dict(published.counts), published.year))
    return said


def note(grading: Grading, ours: dict[str, int], theirs: dict[str, int], year: int | None) -> Text:
    """One sentence: our counts, the published ones, and whether these can follow from the bands.

    Where totals decide, no count follows from how many are ranked: there is nothing to hold.
    """
    order = [band.grade for band in grading.bands]
    ranked = sum(theirs.values())
    shown = words(theirs, order)
    head_zh = f"{year} 年度本次结果 {words(ours, order)}；" if year and ours else ""
    head_en = f"{year}: this run {words(ours, order)}; " if year and ours else ""
    if grading.by == "score":
        return Text(
            zh=f"{head_zh}公布的 {shown}（共 {ranked} 家）；本方案按总分定档，家数不能由比例得出",
            en=f"{head_en}the published {shown} (of {ranked}); grades are by total, no share tells "
            "how many",
        )
    by_bands = words(counts(grading, ranked), order)
    rounding = ROUNDINGS[grading.rounding]
    if follows(grading, theirs):
        return Text(
            zh=f"{head_zh}公布的 {shown}（共 {ranked} 家）可由分档比例得出",
            en=f"{head_en}the published {shown} (of {ranked}) follows from the bands",
        )
    return Text(
        zh=f"{head_zh}公布的 {shown}（共 {ranked} 家）不能由分档比例以任何取整方式得出；"
        f"按比例（{rounding.zh}）应为 {by_bands}",
        en=f"{head_en}the published {shown} (of {ranked}) does not follow from the bands by any "
        f"rounding; the bands ({rounding.en}) give {by_bands}",
    )
