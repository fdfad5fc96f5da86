"""Every kind of figure on the desk: what it means, how it is computed, how it is written."""

from collections.abc import Callable
from dataclasses import dataclass

from cityforge.brain.api.snapshots import EXEMPT, ByDistrict, Result, fixed, number
from cityforge.brain.errors import Text
from cityforge.brain.values.unit import written

Value = Callable[[Result], float | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A figure of the city and of each district.

    indicator  whose values it is of; None: it rests on the whole scheme
    on_map     whether it makes a layer of the tile map
    grade, status, way  which enterprises it is of: with a grade, of a status (the rated, where it
               does not say so), or who rose (1) or fell (-1)
    """

    id: str
    title: Text
    unit: Text
    says: Text
    how: Text
    value: Value
    shown: Callable[[float], str]
    indicator: str | None = None
    on_map: bool = False
    grade: str | None = None
    status: str = "rated"
    way: int | None = None


def kinds(found: ByDistrict) -> dict[str, Kind]:
    """By id: the layers of the map in their order first, then the counts."""
    every = [*_medians(found), _mean(), _best(found), _complete()]
    if found.whole.moved is not None:
        every.append(_moved())
    return {one.id: one for one in [*every, *_counts(found)]}


def _medians(found: ByDistrict) -> list[Kind]:
    return [
        _median(one.indicator.id, one.title, one.indicator.unit or "", one.formula)
        for one in found.measures
    ]


def _median(name: str, title: Text, unit: str, formula: Text) -> Kind:
    return Kind(
        id=name,
        title=Text(zh=f"{title.zh}中位数", en=f"Median {title.en}"),
        unit=written(unit),
        says=Text(
            zh=f"把参评企业的{title.zh}从低到高排队，排在正中的那一家的数。",
            en=f"The {title.en} of the enterprise in the middle, all rated ones lined up by it.",
        ),
        how=Text(
            zh=f"逐家计算“{formula.zh}”，缺数的企业不计入，取中位数；不受个别特大企业影响。",
            en=f"'{formula.en}' of each enterprise, those lacking data left out; then the median, "
            "which a few very large ones do not sway.",
        ),
        value=lambda result: result.medians[name],
        shown=number,
        indicator=name,
        on_map=True,
    )


def _mean() -> Kind:
    return Kind(
        id="mean",
        title=Text(zh="平均总分", en="Mean total"),
        unit=Text(zh="分", en="points"),
        says=Text(
            zh="参评企业按评价方案得到的总分的平均数。",
            en="The mean of the total points that rated enterprises have by the scheme.",
        ),
        how=Text(
            zh="各家总分相加，除以参评家数；总分已含加分和减分。",
            en="The totals summed and divided by the rated; extra points are in the totals.",
        ),
        value=lambda result: result.mean,
        shown=lambda value: fixed(value, 1),
        on_map=True,
    )


def _best(found: ByDistrict) -> Kind:
    best = found.grades[0]
    return Kind(
        id="best",
        title=Text(zh=f"{best} 类占比", en=f"Share of {best}"),
        unit=Text(zh="%", en="%"),
        says=Text(
            zh=f"参评企业中评为 {best} 类的比例。", en=f"Of the rated, the share with grade {best}."
        ),
        how=Text(
            zh=f"{best} 类家数除以参评家数。按区县分组排名的方案，各地占比大体相同，差别来自"
            "一票否决、托底和取整。",
            en=f"Grade {best} divided by the rated. Where a scheme ranks by district the shares "
            "are alike; vetoes, gates and rounding make the difference.",
        ),
        value=lambda result: _percent(result.grades[best], result.rated),
        shown=lambda value: fixed(value, 1),
        on_map=True,
    )


def _complete() -> Kind:
    return Kind(
        id="complete",
        title=Text(zh="数据够评比例", en="Enough data to rate"),
        unit=Text(zh="%", en="%"),
        says=Text(
            zh="应评企业中，数据足以作出评价的比例。缺数的企业不评差，标为无法判定。",
            en="Of those to be rated, the share whose data suffice. Who lacks data is "
            "undetermined, not graded low.",
        ),
        how=Text(
            zh="参评家数除以参评与无法判定家数之和。",
            en="The rated divided by the rated and the undetermined together.",
        ),
        value=lambda result: _percent(result.rated, result.rated + result.undetermined),
        shown=lambda value: fixed(value, 1),
        on_map=True,
    )


def _moved() -> Kind:
    return Kind(
        id="moved",
        title=Text(zh="升降等净值", en="Net movers"),
        unit=Text(zh="家", en="enterprises"),
        says=Text(
            zh="与上年相比，升等的家数减去降等的家数。",
            en="Enterprises that rose a grade since the year before, less those that fell.",
        ),
        how=Text(
            zh="两年都参评的企业逐家比较等次；新进和退出的不算。",
            en="Grades of those rated in both years are held side by side; who came in or left "
            "does not count.",
        ),
        value=lambda result: None if result.moved is None else result.moved[0] - result.moved[1],
        shown=lambda value: f"{value:+,.0f}" if value else "0",
        on_map=True,
    )


def _counts(found: ByDistrict) -> list[Kind]:
    made = [
        _count(
            "rated",
            Text(zh="参评企业", en="Rated enterprises"),
            Text(
                zh="纳入评价范围、数据足够、因而得到等次的企业。",
                en="Enterprises in the population of the scheme with data enough for a grade.",
            ),
            lambda result: result.rated,
        ),
        _count(
            "exempt",
            Text(zh="不定级（T）", en="Exempt (T)"),
            Text(
                zh="在范围内，但按方案写明的理由不定等次的企业，如新办企业。不定级不是评价。",
                en="In the population, but not graded for a reason the scheme states, such as a "
                "new enterprise. It is no verdict.",
            ),
            lambda result: result.grades[EXEMPT],
            status="exempt",
        ),
        _count(
            "undetermined",
            Text(zh="无法判定", en="Undetermined"),
            Text(
                zh="缺少关键数据、不能判断是否参评或评为何等的企业；补齐数据后再评。",
                en="Enterprises whose data do not tell whether or how they are rated; they are "
                "rated once the data are there.",
            ),
            lambda result: result.undetermined,
            status="undetermined",
        ),
    ]
    made += [_grade(found, grade) for grade in found.grades]
    if found.whole.moved is not None:
        made += [_way("rose", Text(zh="升等", en="Rose"), 1),
                 _way("fell", Text(zh="降等", en="Fell"), -1)]  # fmt: skip
    return made


def _grade(found: ByDistrict, grade: str) -> Kind:
    band = next(one for one in found.scheme.grading.bands if one.grade == grade)
    named = f"{grade} 类（{band.title}）" if band.title else f"{grade} 类"
    return _count(
        f"grade-{found.grades.index(grade) + 1}",
        Text(zh=named, en=f"Grade {grade}"),
        Text(
            zh=f"按总分在组内的名次评为 {grade} 类的企业。",
            en=f"Enterprises whose rank in their group gave them grade {grade}.",
        ),
        lambda result: result.grades[grade],
        grade=grade,
    )


def _way(name: str, title: Text, way: int) -> Kind:
    return _count(
        name,
        title,
        Text(
            zh=f"两年都参评、今年比上年{title.zh}的企业。",
            en=f"Enterprises rated in both years that {title.en.lower()} a grade or more.",
        ),
        lambda result: None if result.moved is None else result.moved[0 if way > 0 else 1],
        way=way,
    )


def _count(
    name: str,
    title: Text,
    says: Text,
    value: Value,
    *,
    grade: str | None = None,
    status: str = "rated",
    way: int | None = None,
) -> Kind:
    return Kind(
        id=name,
        title=title,
        unit=Text(zh="家", en="enterprises"),
        says=says,
        how=Text(
            zh="在本次运行的评价结果表中逐家计数。",
            en="Counted enterprise by enterprise in the result of the run.",
        ),
        value=value,
        shown=lambda count: fixed(count, 0),
        grade=grade,
        status=status,
        way=way,
    )


def _percent(part: int, whole: int) -> float | None:
    return 100.0 * part / whole if whole else None
