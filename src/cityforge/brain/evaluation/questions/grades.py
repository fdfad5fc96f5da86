"""Questions about ranks, grades and procedure: what is left to chance, unreachable, or unsaid."""

from collections.abc import Iterator
from decimal import Decimal

from cityforge.brain.city.document import Path_
from cityforge.brain.errors import Text
from cityforge.brain.evaluation.phrases import number
from cityforge.brain.evaluation.questions.finding import Finding, Looked

SHORTEST = 3  # days of public notice
_VAGUE = ("其他", "特殊", "等情形")
_AT_MOST_WEIGHT = (
    *("ratio_capped_at_base", "minmax_20_80", "weighted_rank_percentile", "first_is_100"),
    *("all_or_nothing", "steps", "given_points"),
)


def find(looked: Looked) -> Iterator[Finding]:
    """All questions about how ranks become grades, and what surrounds that."""
    yield from _ranks(looked)
    yield from _unreachable(looked)
    yield from _consequences(looked)
    yield from _exempt(looked)
    yield from _procedure(looked)


def _ranks(looked: Looked) -> Iterator[Finding]:
    grading = looked.scheme.grading
    if grading.by == "rank_share" and not looked.scheme.ties and grading.tied == "apart":
        yield looked.finding(
            "no_ties",
            ("grading",),
            Text(
                zh="总分相同的企业由信用代码分先后，等次便凭代码",
                en="equal totals are told apart by credit code: the code decides the grade",
            ),
            Text(
                zh="写 ties 依次比较的指标，或 grading.tied: better / worse",
                en="Write ties, or grading.tied: better or worse.",
            ),
            at_key=True,
        )
    if grading.by != "rank_share":
        return
    if not looked.is_written("grading", "rounding"):
        yield looked.finding(
            "rounding_unstated",
            ("grading",),
            Text(
                zh="没有写名额怎样取整，按四舍五入",
                en="how places are rounded is not stated: half up is taken",
            ),
            Text(zh="写 rounding，如 half_up、largest_remainder", en="Write rounding."),
            at_key=True,
        )
    if not looked.is_written("grading", "tied"):
        yield looked.finding(
            "tied_unstated",
            ("grading",),
            Text(
                zh="没有写比较 ties 后仍相同的企业怎样处理，按信用代码分先后",
                en="what becomes of those whom ties do not tell apart is not stated: the code is",
            ),
            Text(zh="写 tied: apart、better 或 worse", en="Write tied: apart, better or worse."),
            at_key=True,
        )


def _unreachable(looked: Looked) -> Iterator[Finding]:
    """A least total that no one can have."""
    scheme = looked.scheme
    most = max(
        (most for part in range(len(scheme.parts)) if (most := _most(looked, part)) is not None),
        default=None,
    )
    if most is None or any(_most(looked, i) is None for i in range(len(scheme.parts))):
        return
    for i, band in enumerate(scheme.grading.bands):
        if band.at_least is not None and band.at_least > most:
            path: Path_ = ("grading", "bands", i, "at_least")
            yield looked.finding(
                "unreachable",
                path,
                Text(
                    zh=f"{band.grade} 类须 {number(band.at_least)} 分，总分最多 {number(most)}",
                    en=f"{band.grade} asks {number(band.at_least)} points; a total is at most "
                    f"{number(most)}",
                ),
                Text(zh="降低下限，或提高封顶", en="Lower it, or raise the cap."),
            )


def _most(looked: Looked, part: int) -> Decimal | None:
    """The highest total of a part with its bonus; None where it has no end."""
    scheme = looked.scheme
    total = Decimal(0)
    for indicator in scheme.parts[part].indicators:
        scoring = scheme.scoring_of(indicator)
        cap = scoring.cap
        if cap is None and scoring.function in _AT_MOST_WEIGHT:
            cap = Decimal(1)
        if cap is None:
            return None
        total += cap * indicator.weight
    if scheme.bonus is None:
        return total
    if scheme.bonus.cap is not None:
        return total + scheme.bonus.cap
    if any(item.points is None for item in scheme.bonus.items):
        return None
    return total + sum((item.points or Decimal(0) for item in scheme.bonus.items), Decimal(0))


def _consequences(looked: Looked) -> Iterator[Finding]:
    scheme = looked.scheme
    named = {grade for measure in scheme.consequences for grade in measure.grades}
    named |= {grade for rule in scheme.history for grade in rule.grades}
    if not scheme.consequences:
        yield looked.finding(
            "no_consequence",
            (),
            Text(zh="没有写结果应用", en="no consequences are stated"),
            Text(
                zh="写 consequences：各等次对应的要素政策", en="Write consequences of the grades."
            ),
        )
        return
    first, last = scheme.grading.grades[0], scheme.grading.grades[-1]
    for grade in (first, last):
        if grade not in named:
            yield looked.finding(
                "no_consequence",
                ("consequences",),
                Text(zh=f"{grade} 类没有任何结果应用", en=f"nothing follows from {grade}"),
                Text(zh="补上，或取消这一档", en="Add what follows, or drop the grade."),
                at_key=True,
            )


def _exempt(looked: Looked) -> Iterator[Finding]:
    scheme = looked.scheme
    if not scheme.exempt and looked.is_of_enterprises:
        yield looked.finding(
            "no_exempt",
            ("population",),
            Text(
                zh="没有不定级（T）情形：新投产、公用事业企业也会被排名",
                en="no one is exempt: new enterprises and utilities are ranked too",
            ),
            Text(zh="写 exempt，或确认全部参评", en="Write exempt, unless all are meant."),
        )
    for i, one in enumerate(scheme.exempt):
        if any(word in one.says for word in _VAGUE):
            yield looked.finding(
                "vague_exempt",
                ("exempt", i, "says"),
                Text(
                    zh=f"不定级理由“{one.says}”不具体，企业看不出为什么",
                    en=f"'{one.says_en}' tells an enterprise no reason",
                ),
                Text(zh="写明具体情形", en="Say which case it is."),
            )


def _procedure(looked: Looked) -> Iterator[Finding]:
    scheme = looked.scheme
    days = scheme.publicity_days
    if days is None:
        yield looked.finding(
            "no_publicity",
            (),
            Text(zh="没有写公示天数", en="no days of public notice are stated"),
            Text(
                zh="写 publicity_days，各地所见 3 至 7 天",
                en="Write publicity_days; 3 to 7 are seen elsewhere.",
            ),
        )
    elif days < SHORTEST:
        yield looked.finding(
            "short_publicity",
            ("publicity_days",),
            Text(zh=f"公示只有 {days} 天", en=f"public notice of {days} day(s) only"),
            Text(zh=f"各地所见至少 {SHORTEST} 天", en=f"Elsewhere it is {SHORTEST} at least."),
        )
    if scheme.calendar and all(stage.state != "objected" for stage in scheme.calendar):
        yield looked.finding(
            "no_objection",
            ("calendar",),
            Text(zh="日程里没有异议处理", en="the calendar has no time for objections"),
            Text(zh="加一步 state: objected", en="Add a stage objected."),
            at_key=True,
        )
    if scheme.valid_to is not None and looked.day is not None and scheme.valid_to < looked.day:
        yield looked.finding(
            "expired",
            ("valid_to",),
            Text(zh=f"已于 {scheme.valid_to} 失效", en=f"ended on {scheme.valid_to}"),
            Text(zh="续期，或换用新方案", en="Prolong it, or take its successor."),
        )
    scored = {one.score.scheme for one in looked.city.examples.values() if one.score}
    if scheme.id not in scored:
        yield looked.finding(
            "no_example",
            ("id",),
            Text(zh="没有手工算例", en="there is no worked example"),
            Text(
                zh="在 examples/ 写一个 score 样例，check 会逐次核对",
                en="Write one into examples/: check computes it each time.",
            ),
        )
