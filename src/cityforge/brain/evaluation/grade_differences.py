"""What one version of a scheme changes in extra points, limits, grades and what follows of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from cityforge.brain.city.scheme import Scheme
from cityforge.brain.city.scheme_grading import (
    Band,
    ExtraPoints,
    Extras,
    HistoryRule,
    Limit,
    Measure,
)
from cityforge.brain.errors import Text
from cityforge.brain.evaluation import phrases, told
from cityforge.brain.evaluation.grading import ROUNDINGS
from cityforge.brain.evaluation.phrases import number


def extras(zh: str, en: str, old: Extras | None, new: Extras | None) -> Iterator[Text]:
    caps = [one.cap if one else None for one in (old, new)]
    yield from told.value(Text(zh=f"{zh}合计上限", en=f"most of {en} in all"), *caps)
    before_items: list[ExtraPoints] = old.items if old else []
    after_items: list[ExtraPoints] = new.items if new else []
    added, dropped, both = told.named(before_items, after_items, lambda one: one.id)
    for one in added:
        points = phrases.points(one)
        yield Text(
            zh=f"新增{zh}项“{one.says}”，{points.zh}", en=f"new {en} '{one.says_en}', {points.en}"
        )
    for one in dropped:
        points = phrases.points(one)
        yield Text(
            zh=f"取消{zh}项“{one.says}”（{points.zh}）",
            en=f"{en} '{one.says_en}' ({points.en}) is dropped",
        )
    for before, after in both:
        what = Text(zh=f"{zh}项“{after.says}”", en=f"{en} '{after.says_en}'")
        yield from told.moved(what, phrases.points(before), phrases.points(after))
        condition = Text(zh=f"{what.zh}的条件", en=f"condition of {what.en}")
        yield from told.value(condition, before.when, after.when)
        alone = Text(zh=f"{what.zh}的取高组", en=f"group of which the highest counts, of {what.en}")
        yield from told.value(alone, before.one_of, after.one_of)


def limits(old: Scheme, new: Scheme) -> Iterator[Text]:
    added, dropped, both = told.named(old.limits, new.limits, lambda one: one.id)
    for one in added:
        kind, bound = _limit(one)
        yield Text(
            zh=f"新增{kind.zh}：{one.says}，{bound.zh}",
            en=f"new {kind.en}: {one.says_en}, {bound.en}",
        )
    for one in dropped:
        kind, _ = _limit(one)
        yield Text(zh=f"取消{kind.zh}：{one.says}", en=f"{kind.en} dropped: {one.says_en}")
    for before, after in both:
        kind, bound = _limit(after)
        what = Text(zh=f"{kind.zh}“{after.says}”", en=f"{kind.en} '{after.says_en}'")
        yield from told.moved(what, _limit(before)[1], bound)
        condition = Text(zh=f"{what.zh}的条件", en=f"condition of {what.en}")
        yield from told.value(condition, before.when, after.when)


def _limit(one: Limit) -> tuple[Text, Text]:
    if one.at_most is not None:
        bound = Text(zh=f"最高 {one.at_most}", en=f"at most {one.at_most}")
        return Text(zh="一票否决", en="veto"), bound
    return Text(zh="托底", en="gate"), Text(
        zh=f"不低于 {one.at_least}", en=f"at least {one.at_least}"
    )


def grading(old: Scheme, new: Scheme) -> Iterator[Text]:
    before, after = old.grading, new.grading
    by = (phrases.BY[one.by] for one in (before, after))
    yield from told.moved(Text(zh="分档依据", en="grades"), *by)
    rounding = (ROUNDINGS[one.rounding] for one in (before, after))
    yield from told.moved(Text(zh="名额取整", en="rounding of places"), *rounding)
    tied = (phrases.TIED[one.tied] for one in (before, after))
    yield from told.moved(Text(zh="同分处理", en="equal enterprises"), *tied)
    added, dropped, both = told.named(before.bands, after.bands, lambda one: one.grade)
    by_share = after.by == "rank_share"
    for band in added:
        share = _share(band, by_share=by_share)
        yield Text(
            zh=f"新增等次 {band.grade}（{share.zh}）", en=f"new grade {band.grade} ({share.en})"
        )
    for band in dropped:
        yield Text(zh=f"取消等次 {band.grade}", en=f"grade {band.grade} is dropped")
    for was, now in both:
        if before.by == after.by == "rank_share":
            what = Text(zh=f"{now.grade} 类比例", en=f"share of grade {now.grade}")
            shares = (_share(one, by_share=True) for one in (was, now))
            yield from told.moved(what, *shares)
        least = Text(zh=f"{now.grade} 类总分下限", en=f"least total of grade {now.grade}")
        yield from told.value(least, was.at_least, now.at_least)
        name = Text(zh=f"{now.grade} 类名称", en=f"title of grade {now.grade}")
        yield from told.value(name, was.title, now.title)
    order = [[band.grade for band in one.bands] for one in (before, after)]
    if sorted(order[0]) == sorted(order[1]) and order[0] != order[1]:
        yield Text(
            zh=f"等次的次序由 {'、'.join(order[0])} 改为 {'、'.join(order[1])}",
            en=f"order of grades: {', '.join(order[0])} becomes {', '.join(order[1])}",
        )


def _share(band: Band, *, by_share: bool) -> Text:
    if not by_share:
        least = "—" if band.at_least is None else number(band.at_least)
        return Text(zh=f"总分下限 {least}", en=f"least total {least}")
    shown = f"{number(band.to - band.from_)}%"
    return Text(zh=shown, en=shown)


def history(old: Scheme, new: Scheme) -> Iterator[Text]:
    added, dropped, both = told.named(old.history, new.history, lambda one: one.id)
    for rule in added:
        yield Text(zh=f"新增历年规则：{rule.says}", en=f"new rule over years: {rule.says_en}")
    for rule in dropped:
        yield Text(zh=f"取消历年规则：{rule.says}", en=f"rule over years dropped: {rule.says_en}")
    for before, after in both:
        what = Text(zh=f"历年规则“{after.says}”", en=f"rule over years '{after.says_en}'")
        yield from told.moved(what, _years(before), _years(after))


def _years(rule: HistoryRule) -> Text:
    grades = "、".join(rule.grades)
    return Text(zh=f"连续 {rule.years} 年 {grades}", en=f"{grades} in {rule.years} years running")


def consequences(old: Scheme, new: Scheme) -> Iterator[Text]:
    def line(one: Measure) -> tuple[object, ...]:
        return (one.resource, tuple(one.grades), one.years)

    before, after = _counted(old.consequences, line), _counted(new.consequences, line)
    added, dropped, both = told.named(
        list(before.items()), list(after.items()), lambda pair: pair[0]
    )
    for _, one in added:
        words = phrases.measure(one)
        yield Text(zh=f"新增结果应用：{words.zh}", en=f"new consequence: {words.en}")
    for _, one in dropped:
        words = phrases.measure(one)
        yield Text(zh=f"取消结果应用：{words.zh}", en=f"consequence dropped: {words.en}")
    for (_, was), (_, now) in both:
        yield from told.moved(
            Text(zh="结果应用", en="consequence"), phrases.measure(was), phrases.measure(now)
        )


def _counted(
    lines: Iterable[Measure], key: Callable[[Measure], tuple[object, ...]]
) -> Mapping[tuple[object, ...], Measure]:
    """Lines by what they are about; the second of the same by a number more."""
    found: dict[tuple[object, ...], Measure] = {}
    for one in lines:
        count = sum(known[:-1] == key(one) for known in found)
        found[(*key(one), count)] = one
    return found
