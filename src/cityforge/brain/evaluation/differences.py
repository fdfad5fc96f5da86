"""What one version of a scheme changes in another, as sentences an official would write."""

from collections.abc import Iterator

from cityforge.brain.city.scheme import Part, Scheme, SchemeIndicator
from cityforge.brain.errors import Text
from cityforge.brain.evaluation import grade_differences, phrases, told
from cityforge.brain.evaluation.phrases import joined, number, quoted


def differences(old: Scheme, new: Scheme) -> list[Text]:
    """Every difference from `old` to `new`, in the order of the file; none where there is none.

    What is told of every part alike is told once. Evidence and assumptions are compared too: they
    are what people are told a scheme rests on.
    """
    return [
        *_plain(old, new),
        *_exempt(old, new),
        *_groups(old, new),
        *_parts(old, new),
        *_rules(old, new),
        *grade_differences.extras("加分", "bonus", old.bonus, new.bonus),
        *grade_differences.extras("减分", "penalty", old.penalty, new.penalty),
        *grade_differences.limits(old, new),
        *grade_differences.grading(old, new),
        *grade_differences.history(old, new),
        *grade_differences.consequences(old, new),
        *_around(old, new),
    ]


def _plain(old: Scheme, new: Scheme) -> Iterator[Text]:
    yield from told.value(Text(zh="名称", en="title"), quoted(old.title), quoted(new.title))
    evidence = (phrases.evidence(one.evidence) for one in (old, new))
    yield from told.moved(Text(zh="依据", en="evidence"), *evidence)
    yield from told.value(Text(zh="评价对象", en="subject"), old.subject, new.subject)
    yield from told.value(Text(zh="参评范围", en="population"), old.population, new.population)


def _exempt(old: Scheme, new: Scheme) -> Iterator[Text]:
    added, dropped, both = told.named(old.exempt, new.exempt, lambda one: one.id)
    for one in added:
        yield Text(zh=f"新增不定级情形：{one.says}", en=f"newly exempt: {one.says_en}")
    for one in dropped:
        yield Text(zh=f"取消不定级情形：{one.says}", en=f"no longer exempt: {one.says_en}")
    for before, after in both:
        what = Text(zh=f"不定级情形“{after.says}”的条件", en=f"condition of '{after.says_en}'")
        yield from told.value(what, before.when, after.when)


def _groups(old: Scheme, new: Scheme) -> Iterator[Text]:
    yield from told.listed("排名分组", "ranking group", old.groups, new.groups)
    yield from told.listed("同分比较指标", "tie-breaker", old.ties, new.ties)


def _parts(old: Scheme, new: Scheme) -> Iterator[Text]:
    added, dropped, both = told.named(old.parts, new.parts, lambda one: one.id)
    for part in added:
        names = joined([Text(zh=i.title, en=i.title_en) for i in part.indicators])
        yield Text(
            zh=f"新增一类“{part.title}”：{names.zh}", en=f"new part '{part.title_en}': {names.en}"
        )
    for part in dropped:
        yield Text(zh=f"取消一类“{part.title}”", en=f"part '{part.title_en}' is dropped")
    changes = [list(_part(before, after)) for before, after in both]
    # What changes alike everywhere is one decision, not one a part.
    first = changes[0] if changes else []
    alike = [text for text in first if all(text in one for one in changes)]
    yield from alike
    for (_, part), texts in zip(both, changes, strict=True):
        for text in texts:
            if text not in alike:
                yield Text(zh=f"{part.title}：{text.zh}", en=f"{part.title_en}: {text.en}")


def _part(old: Part, new: Part) -> Iterator[Text]:
    yield from told.value(Text(zh="条件", en="condition"), old.when, new.when)
    added, dropped, both = told.named(old.indicators, new.indicators, lambda one: one.id)
    for one in added:
        yield Text(
            zh=f"新增指标“{one.title}”，权重 {number(one.weight)}",
            en=f"new indicator '{one.title_en}' of weight {number(one.weight)}",
        )
    for one in dropped:
        yield Text(
            zh=f"删去指标“{one.title}”（权重 {number(one.weight)}）",
            en=f"indicator '{one.title_en}' of weight {number(one.weight)} is dropped",
        )
    for before, after in both:
        yield from _indicator(before, after)


def _indicator(old: SchemeIndicator, new: SchemeIndicator) -> Iterator[Text]:
    def of(zh: str, en: str) -> Text:
        return Text(zh=f"{new.title}{zh}", en=f"{en} of {new.title_en}")

    yield from told.value(
        Text(zh=f"指标 {new.id} 的名称", en=f"title of {new.id}"),
        quoted(old.title),
        quoted(new.title),
    )
    yield from told.value(of("权重", "weight"), old.weight, new.weight)
    yield from told.value(of("的算法", "expression"), old.expr, new.expr)
    yield from told.value(of("的单位", "unit"), old.unit, new.unit)
    words = (phrases.DIRECTIONS[one.direction] for one in (old, new))
    yield from told.moved(of("的方向", "direction"), *words)
    yield from told.moved(
        of("的计分", "scoring"), *map(phrases.scoring, (old.scoring, new.scoring))
    )
    yield from told.moved(
        of("的缺数规则", "rule for gaps"), *map(phrases.gap, (old.missing, new.missing))
    )
    for slot, zh, en in (
        ("base", "的基准值规则", "base rule"),
        ("low", "的最低值", "lowest value"),
        ("high", "的最高值", "highest value"),
    ):
        rules = (phrases.base(getattr(one, slot)) for one in (old, new))
        yield from told.moved(of(zh, en), *rules)
    added, dropped, both = told.named(old.bases, new.bases, lambda one: one.year)
    for base in added:
        yield Text(
            zh=f"新增{new.title} {base.year} 年度基准值 {number(base.value)}",
            en=f"new base value of {new.title_en} for {base.year}: {number(base.value)}",
        )
    for base in dropped:
        yield Text(
            zh=f"删去{new.title} {base.year} 年度基准值 {number(base.value)}",
            en=f"base value of {new.title_en} for {base.year} ({number(base.value)}) is dropped",
        )
    for before, after in both:
        what = of(f" {after.year} 年度基准值", f"base value for {after.year}")
        yield from told.value(what, before.value, after.value)


def _rules(old: Scheme, new: Scheme) -> Iterator[Text]:
    yield from told.value(
        Text(zh="权重合计", en="sum of weights"), old.weights_sum, new.weights_sum
    )
    bases = (phrases.base(one.base) for one in (old, new))
    yield from told.moved(Text(zh="基准值规则", en="base rule"), *bases)
    scorings = (phrases.scoring(one.scoring) for one in (old, new))
    yield from told.moved(Text(zh="计分", en="scoring"), *scorings)
    gaps = (phrases.gap(one.missing) for one in (old, new))
    yield from told.moved(Text(zh="缺数规则", en="rule for gaps"), *gaps)
    what = Text(zh="缺数每项扣分", en="points taken for a gap")
    yield from told.value(what, old.missing_points, new.missing_points)


def _around(old: Scheme, new: Scheme) -> Iterator[Text]:
    days = Text(zh="公示天数", en="days of public notice")
    yield from told.value(days, old.publicity_days, new.publicity_days)
    yield from told.value(Text(zh="生效日期", en="in force from"), old.valid_from, new.valid_from)
    yield from told.value(Text(zh="失效日期", en="in force until"), old.valid_to, new.valid_to)
    stages = [{one.state: one for one in scheme.calendar} for scheme in (old, new)]
    for state in dict.fromkeys([*stages[0], *stages[1]]):
        was, now = (phrases.stage(one.get(state)) for one in stages)
        name = phrases.STATES[state]
        yield from told.moved(Text(zh=f"日程“{name.zh}”", en=f"calendar: {name.en}"), was, now)
    for zh, en, pairs in (
        ("误差", "error", [{one.fact: one.within for one in s.errors} for s in (old, new)]),
        ("可改变幅度", "most change", [{one.fact: one.by_at_most for one in s.levers}
                                       for s in (old, new)]),
    ):  # fmt: skip
        for fact in dict.fromkeys([*pairs[0], *pairs[1]]):
            what = Text(zh=f"{fact} 的{zh}", en=f"{en} of {fact}")
            yield from told.value(what, pairs[0].get(fact), pairs[1].get(fact))
    yield from told.listed("设定", "assumption", old.assumptions, new.assumptions)
    if old.model != new.model:
        yield Text(
            zh="改为样本，点名才评" if new.model else "不再是样本，每次运行都评",
            en="now a model, evaluated where named" if new.model else "no longer a model",
        )
