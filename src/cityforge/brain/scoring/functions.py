"""Scoring functions, each defined once: its formula, where it holds, its source.

x: value, b: base value, w: weight, l and h: lowest and highest value, k: place in the group,
n: how many have one. A formula is written in the operations of a machine (`machines.py`), and runs
on plain numbers, in SQL and on arrays to the same IEEE double.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from cityforge.brain.city.scheme import SchemeIndicator
from cityforge.brain.city.scheme_scoring import DOWN, TRAITS, Scoring, Traits
from cityforge.brain.errors import Text
from cityforge.brain.scoring.machines import B, Machine, V


@dataclass(frozen=True)
class Against(Generic[V]):
    """What a value is held against; only what the function `needs` must be there."""

    weight: V
    base: V = None  # type: ignore[assignment]
    low: V = None  # type: ignore[assignment]
    high: V = None  # type: ignore[assignment]
    place: V = None  # type: ignore[assignment]
    count: V = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a function in a scheme.

    is_down    less is better
    start      percent of the weight at the lowest value
    step       percent lost with each place
    steps      (value, points), best first; `otherwise` below the last
    """

    is_down: bool = False
    start: float | None = None
    step: float = 5.0
    steps: tuple[tuple[float, float], ...] = ()
    otherwise: float = 0.0


def settings_of(scoring: Scoring, indicator: SchemeIndicator) -> Settings:
    """The settings of an indicator's function."""
    return Settings(
        is_down=indicator.direction == DOWN,
        start=None if scoring.start is None else float(scoring.start),
        step=5.0 if scoring.step is None else float(scoring.step),
        steps=tuple((float(step.at), float(step.points)) for step in scoring.steps),
        otherwise=float(scoring.otherwise),
    )


def bounds_of(scoring: Scoring, indicator: SchemeIndicator) -> tuple[float | None, float | None]:
    """The least and the most points of an indicator."""
    floor, cap = scoring.floor, scoring.cap
    return (
        None if floor is None else float(floor),
        None if cap is None else float(cap) * float(indicator.weight),
    )


Formula = Callable[[Machine[V, B], V, Against[V], Settings], V]


@dataclass(frozen=True, slots=True)
class ScoringFunction:
    """One function.

    domain  when it gives points at all
    """

    name: str
    title: Text
    formula: str
    domain: Text
    source: str
    points: Formula[Any, Any]

    @property
    def traits(self) -> Traits:
        return TRAITS[self.name]


def _ratio(m: Machine[V, B], x: V, at: Against[V], _: Settings) -> V:
    return m.times(m.over(x, _positive(m, at.base)), at.weight)


def _positive(m: Machine[V, B], value: V) -> V:
    # Settled: a mean of ratios that is zero by hand may be a trillionth, and points enormous.
    return m.only(m.more(m.settled(value), m.number(0.0)), value)


def _at_base(m: Machine[V, B], x: V, at: Against[V], settings: Settings) -> V:
    return m.times(m.held(m.over(x, _positive(m, at.base)), None, 1.0), at.weight)


def _reverse(m: Machine[V, B], x: V, at: Against[V], _: Settings) -> V:
    ratio = m.over(x, _positive(m, at.base))
    return m.times(m.held(m.minus(m.number(2.0), ratio), 0.0, None), at.weight)


def _between(m: Machine[V, B], x: V, low: V, high: V) -> V:
    """How far a value is from the lowest to the highest; missing where the two are one."""
    return m.over(m.minus(x, low), m.only(_are_two(m, low, high), m.minus(high, low)))


def _are_two(m: Machine[V, B], low: V, high: V) -> B:
    return m.differ(m.settled(low), m.settled(high))


def _minmax(m: Machine[V, B], x: V, at: Against[V], settings: Settings) -> V:
    low, high = (at.high, at.low) if settings.is_down else (at.low, at.high)
    start = 20.0 if settings.start is None else settings.start
    stretched = m.times(m.number(100.0 - start), _between(m, x, low, high))
    points = m.over(m.times(at.weight, m.plus(m.number(start), stretched)), m.number(100.0))
    # One value in the whole group: it is the highest there is. Who has none has no points still.
    alone = m.only(m.at_least(x, x), at.weight)
    return m.choose(_are_two(m, at.low, at.high), points, alone)


def _efficacy(m: Machine[V, B], x: V, at: Against[V], settings: Settings) -> V:
    start = 60.0 if settings.start is None else settings.start
    stretched = m.times(_between(m, x, at.low, at.high), m.number(100.0 - start))
    return m.over(m.times(at.weight, m.plus(m.number(start), stretched)), m.number(100.0))


def _percentile(m: Machine[V, B], x: V, at: Against[V], _: Settings) -> V:
    one = m.number(1.0)
    return m.times(at.weight, m.minus(one, m.over(m.minus(at.place, one), at.count)))


def _value(m: Machine[V, B], x: V, at: Against[V], settings: Settings) -> V:
    return m.minus(m.number(0.0), x) if settings.is_down else x


def _first(m: Machine[V, B], x: V, at: Against[V], settings: Settings) -> V:
    lost = m.times(m.number(settings.step), m.minus(at.place, m.number(1.0)))
    share = m.held(m.minus(m.number(100.0), lost), 0.0, None)
    return m.over(m.times(at.weight, share), m.number(100.0))


def _completion(m: Machine[V, B], x: V, at: Against[V], settings: Settings) -> V:
    above, below = (at.base, x) if settings.is_down else (x, at.base)
    return m.times(m.over(above, _positive(m, below)), at.weight)


def _growth(m: Machine[V, B], x: V, at: Against[V], _: Settings) -> V:
    return m.times(_between(m, x, at.low, at.base), at.weight)


def _all_or_nothing(m: Machine[V, B], x: V, at: Against[V], settings: Settings) -> V:
    reached = _reached(m, x, at.base, settings)
    return m.choose(reached, at.weight, m.number(0.0))


def _reached(m: Machine[V, B], x: V, limit: V, settings: Settings) -> B:
    """Whether a value reaches a limit, to nine decimals: 2.01 / 67 is 3 % also as a double."""
    value, limit = m.settled(x), m.settled(limit)
    return m.at_least(limit, value) if settings.is_down else m.at_least(value, limit)


def _steps(m: Machine[V, B], x: V, at: Against[V], settings: Settings) -> V:
    points = m.number(settings.otherwise)
    for limit, gained in reversed(settings.steps):
        reached = _reached(m, x, m.number(limit), settings)
        points = m.choose(reached, m.number(gained), points)
    return points


def _given(m: Machine[V, B], x: V, at: Against[V], _: Settings) -> V:
    reached = m.at_least(x, m.number(0.0))
    return m.only(reached, m.only(m.at_least(at.weight, x), x))


_POSITIVE_BASE = Text(zh="b > 0，且 x、b 均有值", en="b > 0; x and b known")

FUNCTIONS: dict[str, ScoringFunction] = {
    function.name: function
    for function in (
        ScoringFunction(
            "ratio_to_base",
            Text(zh="与基准值之比", en="ratio to the base value"),
            "x / b × w",
            _POSITIVE_BASE,
            "Huai'an 2024, Huangyan FY2021 and FY2022 (third-party copies)",
            _ratio,
        ),
        ScoringFunction(
            "ratio_capped",
            Text(zh="与基准值之比，封顶", en="ratio to the base value, capped"),
            "min(x / b × w, cap × w)",
            _POSITIVE_BASE,
            "customary in Zhejiang, k of 1.5 or 2 (general knowledge)",
            _ratio,
        ),
        ScoringFunction(
            "ratio_capped_at_base",
            Text(zh="达到基准值得满分", en="full points at the base value"),
            "min(x / b, 1) × w",
            _POSITIVE_BASE,
            "an older Jiangsu city scheme (third-party copy)",
            _at_base,
        ),
        ScoringFunction(
            "reverse_ratio",
            Text(zh="逆向指标与基准值之比", en="reverse ratio to the base value"),
            "(2 − x / b) × w; 0 from x = 2b on",
            _POSITIVE_BASE,
            "an older Jiangsu city scheme (third-party copy)",
            _reverse,
        ),
        ScoringFunction(
            "minmax_20_80",
            Text(zh="极差法（保底 20 分）", en="min-max with a floor of 20"),
            "w × (c + (100 − c) × (x − l) / (h − l)) / 100; c = start, 20; w where l = h",
            Text(zh="x、l、h 均有值", en="x, l and h known"),
            "Jingde 2022 (third-party copy)",
            _minmax,
        ),
        ScoringFunction(
            "efficacy_coefficient",
            Text(zh="功效系数法", en="efficacy coefficient"),
            "w × (c + (x − l) / (h − l) × (100 − c)) / 100; c = start, 60; l 不允许值, h 满意值",
            Text(
                zh="l ≠ h，且均有值；逆向指标 l > h",
                en="l and h differ; l > h where less is better",
            ),
            "Chuzhou quarterly assessment, base 60 (third-party copy); formula general knowledge",
            _efficacy,
        ),
        ScoringFunction(
            "weighted_rank_percentile",
            Text(zh="名次百分位", en="percentile of the rank"),
            "w × (1 − (k − 1) / n)",
            Text(zh="x 有值；并列取同一名次", en="x known; equal values share the better place"),
            "this project's own, robust against outliers",
            _percentile,
        ),
        ScoringFunction(
            "rank_only",
            Text(zh="只按数值排序", en="ranked by the value alone"),
            "x (−x where less is better); the total is no score but the value itself",
            Text(zh="该部分只有这一项指标", en="the only indicator of its part"),
            "an Anhui-style city, enterprises below designated size (third-party copy)",
            _value,
        ),
        ScoringFunction(
            "first_is_100",
            Text(zh="首位满分，逐名递减", en="the first gets all, each place less"),
            "w × max(0, 100 − s × (k − 1)) / 100; s = step, 5",
            Text(zh="x 有值；并列取同一名次", en="x known; equal values share the better place"),
            "a county's assessment rule (third-party copy)",
            _first,
        ),
        ScoringFunction(
            "target_completion",
            Text(zh="目标完成度", en="completion of the target"),
            "x / b × w; b / x × w where less is better; mostly with cap 1.2",
            Text(zh="除数 > 0", en="the divisor is above zero"),
            "general knowledge",
            _completion,
        ),
        ScoringFunction(
            "growth_completion",
            Text(zh="增长目标完成度", en="completion of a growth target"),
            "(x − l) / (b − l) × w; l starting value, b target",
            Text(zh="b ≠ l，且均有值", en="b and l differ and are known"),
            "general knowledge",
            _growth,
        ),
        ScoringFunction(
            "all_or_nothing",
            Text(zh="达标得满分，否则不得分", en="all points at the target, else none"),
            "w where x ≥ b (x ≤ b where less is better), else 0",
            Text(zh="x、b 均有值", en="x and b known"),
            "a county's assessment rule (third-party copy)",
            _all_or_nothing,
        ),
        ScoringFunction(
            "steps",
            Text(zh="分档得分", en="points by steps"),
            "points of the first step that x reaches; on the limit the better step; else otherwise",
            Text(zh="x 有值", en="x known"),
            "title score tables of 2016 to 2022 (general knowledge)",
            _steps,
        ),
        ScoringFunction(
            "given_points",
            Text(zh="直接给分（专家评分）", en="given points (an expert's)"),
            "x, from 0 to w",
            Text(zh="0 ≤ x ≤ w，范围以外按缺数", en="0 ≤ x ≤ w; outside it counts as missing"),
            "expert-scored items of 高企 and park assessments (general knowledge)",
            _given,
        ),
    )
}
