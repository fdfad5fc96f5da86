"""Questions that the data of one evaluation raise: gaps, small groups, idle conditions."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlglot import exp

from cityforge.brain.city.document import Path_
from cityforge.brain.engines.duckdb import Engine
from cityforge.brain.errors import Text
from cityforge.brain.evaluation import trees
from cityforge.brain.evaluation.evaluated import Evaluated
from cityforge.brain.evaluation.grading import counts, words
from cityforge.brain.evaluation.questions import extras
from cityforge.brain.evaluation.questions.finding import Finding, Looked
from cityforge.brain.evaluation.statement import NO_BASE
from cityforge.brain.evaluation.subject import EXEMPT, RATED, UNDETERMINED
from cityforge.brain.expr.typed import Typed

MOSTLY, SOME, UNDECIDED = 0.5, 0.1, 0.2
FAR, FEW = 3.0, 0.01  # points above so many times the weight, of so large a share of the rated
_ROWS, _FACTS = "lint_rows", "lint_facts"


def find(looked: Looked, evaluated: Evaluated) -> Iterator[Finding]:
    """All questions that an evaluation of the scheme raises; none where nobody is rated."""
    with Engine() as engine:
        engine.take(_ROWS, evaluated.rows)
        engine.take(_FACTS, evaluated.facts)
        standing = Counter[str](
            {str(status): int(n) for status, n in engine.rows(_counted("status"))}
        )
        yield from _standing(looked, engine, standing)
        if not standing[RATED]:
            return
        yield from _indicators(looked, engine)
        yield from _groups(looked, engine)
        yield from _conditions(looked, engine, evaluated, standing[RATED])


def _counted(*keys: str) -> exp.Select:
    names = [exp.column(key, quoted=True) for key in keys]
    counted = exp.select(*names, exp.alias_(exp.Count(this=exp.Star()), "n"))
    return counted.from_(_ROWS).group_by(*names).order_by(*names)


def _is_rated() -> exp.Expr:
    return exp.column("status").eq(trees.text(RATED))


def _standing(looked: Looked, engine: Engine, standing: Counter[str]) -> Iterator[Finding]:
    known = standing[RATED] + standing[EXEMPT]
    open_ = standing[UNDETERMINED]
    if open_ > UNDECIDED * (known + open_):
        yield looked.finding(
            "undetermined",
            ("population",),
            Text(
                zh=f"{open_} 家因缺数不能确定是否参评，参评和不定级的共 {known} 家",
                en=f"of {open_} it is not known whether they are in; {known} are rated or exempt",
            ),
            Text(
                zh="补齐参评范围用到的数据，或改写条件",
                en="Complete the data that population reads, or write it otherwise.",
            ),
        )
    reasons = exp.select("reason").from_(_ROWS).where(exp.column("status").eq(trees.text(EXEMPT)))
    told = {str(row[0]) for row in engine.rows(reasons.distinct())}
    for i, one in enumerate(looked.scheme.exempt):
        if one.says not in told:
            yield looked.finding(
                "nobody_exempt",
                ("exempt", i, "when"),
                Text(
                    zh=f"没有企业属于不定级情形“{one.says}”",
                    en=f"nobody is exempt as '{one.says_en}'",
                ),
                Text(zh="核对条件和数据", en="Check the condition and the data."),
            )


def _indicators(looked: Looked, engine: Engine) -> Iterator[Finding]:
    for i, part in enumerate(looked.prepared.parts):
        mine = exp.and_(_is_rated(), exp.column("part").eq(trees.text(part.part.id)))
        query = exp.select(exp.Count(this=exp.Star())).from_(_ROWS).where(mine)
        for one in part.indicators:
            value, how = exp.column(f"value_{one.id}"), exp.column(f"how_{one.id}")
            limit = exp.Literal.number(FAR * one.weight)
            far = exp.GT(this=exp.column(f"points_{one.id}"), expression=limit)
            query = query.select(
                exp.CountIf(this=value.is_(exp.null())),
                exp.CountIf(this=how.eq(trees.text(NO_BASE))),
                exp.CountIf(this=far),
            )
        (row,) = engine.rows(query)
        rated, found = int(row[0]), [int(number or 0) for number in row[1:]]
        if not rated:
            continue
        for j, one in enumerate(part.indicators):
            gaps, baseless, far_off = found[3 * j : 3 * j + 3]
            path: Path_ = ("parts", i, "indicators", j)
            title, title_en = one.indicator.title, one.indicator.title_en
            if gaps > MOSTLY * rated:
                yield looked.finding(
                    "mostly_missing",
                    (*path, "expr"),
                    Text(
                        zh=f"“{part.part.title}”{rated} 家中 {gaps} 家没有“{title}”",
                        en=f"{gaps} of {rated} in '{part.part.title_en}' lack '{title_en}'",
                    ),
                    Text(
                        zh="这项指标多半由缺数规则定分；先补数据，或换指标",
                        en="The rule for gaps then decides: complete the data, or drop it.",
                    ),
                )
            if baseless > SOME * rated:
                yield looked.finding(
                    "no_base",
                    path,
                    Text(
                        zh=f"{part.part.title}“{title}”有 {baseless} 家没有大于 0 的基准值",
                        en=f"{part.part.title_en}: {baseless} have no base value above zero for "
                        f"'{title_en}'",
                    ),
                    Text(zh="改基准值规则或分组", en="Mend the base rule, or its groups."),
                )
            if far_off > FEW * rated:
                yield looked.finding(
                    "outliers",
                    path,
                    Text(
                        zh=f"{part.part.title}“{title}”有 {far_off} 家得分超过权重的 {FAR:g} 倍",
                        en=f"{part.part.title_en}: {far_off} get over {FAR:g} times the weight of "
                        f"'{title_en}'",
                    ),
                    Text(zh="核对数据，或设上限", en="Check the data, or set a cap."),
                )


def _groups(looked: Looked, engine: Engine) -> Iterator[Finding]:
    """Groups so small that a grade gets no place at all."""
    scheme = looked.scheme
    if scheme.grading.by != "rank_share":
        return
    query = _counted("part", *scheme.groups).where(_is_rated())
    sizes = [int(row[-1]) for row in engine.rows(query)]
    small = sorted(size for size in sizes if 0 in counts(scheme.grading, size).values())
    if small:
        smallest = words(counts(scheme.grading, small[0]), scheme.grading.grades)
        yield looked.finding(
            "small_group",
            ("groups",),
            Text(
                zh=f"{len(sizes)} 个排名分组中 {len(small)} 个太小，有的等次没有名额；"
                f"最小的 {small[0]} 家：{smallest}",
                en=f"{len(small)} of {len(sizes)} groups are too small to fill every grade; "
                f"the smallest, of {small[0]}: {smallest}",
            ),
            Text(zh="并组，或另定小组的分档", en="Join groups, or grade small ones otherwise."),
        )


def _conditions(
    looked: Looked, engine: Engine, evaluated: Evaluated, rated: int
) -> Iterator[Finding]:
    """Items and limits that hold for nobody, for everybody, or of whom it is mostly unknown."""
    wanted = extras.conditions(looked)
    if not wanted:
        return
    facts = exp.alias_(exp.to_table(_FACTS), "f", table=True)
    query = exp.select(*[part for _, _, typed in wanted for part in _tally(typed, evaluated)])
    mine = exp.select("uscc").from_(_ROWS).where(_is_rated())
    query = query.from_(facts).where(exp.column("uscc", "f").isin(query=mine))
    (row,) = engine.rows(query)
    for k, (path, name, _) in enumerate(wanted):
        holds, unknown = (int(number or 0) for number in row[2 * k : 2 * k + 2])
        said: tuple[str, Text] | None = None
        if unknown > MOSTLY * rated:
            words_ = Text(
                zh=f"{rated} 家中 {unknown} 家不知道是否成立", en=f"unknown of {unknown} of {rated}"
            )
            said = ("mostly_unknown", words_)
        elif holds == 0:
            said = ("nobody", Text(zh="没有一家成立", en="it holds for nobody"))
        elif holds == rated:
            said = ("everybody", Text(zh="家家成立", en="it holds for everybody"))
        if said is not None:
            rule, what = said
            yield looked.finding(
                rule,
                path,
                Text(zh=f"“{name.zh}”：{what.zh}", en=f"'{name.en}': {what.en}"),
                Text(zh="核对条件和数据", en="Check the condition and the data."),
            )


def _tally(typed: Typed, evaluated: Evaluated) -> list[Any]:
    tree = exp.paren(trees.to_sql(typed, evaluated.moment))
    return [exp.CountIf(this=tree), exp.CountIf(this=tree.copy().is_(exp.null()))]
