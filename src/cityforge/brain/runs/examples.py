"""A city folder with its examples: given facts, the answers that people worked out by hand."""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from cityforge.brain.city import checks
from cityforge.brain.city.checks import Checked
from cityforge.brain.city.dictionary import Dictionary
from cityforge.brain.city.example import BandExample, Example, ScoreExample
from cityforge.brain.city.folder import City
from cityforge.brain.city.scheme import Scheme, SchemeIndicator
from cityforge.brain.errors import Text
from cityforge.brain.evaluation.grading import counts
from cityforge.brain.evaluation.published import note
from cityforge.brain.policies import examples as policy_examples
from cityforge.brain.reports import policy_words
from cityforge.brain.scoring.functions import FUNCTIONS, Against, bounds_of, settings_of
from cityforge.brain.scoring.machines import PLAIN

ANSWERS = {name: policy_words.ANSWERS[truth] for truth, name in policy_examples.ANSWERS.items()}


@dataclass(frozen=True, slots=True)
class CheckedExample:
    """One example: whether our answer is the expected one, and what to say of it."""

    title: Text
    passed: bool
    says: Text


def check(root: Path) -> tuple[Checked, list[CheckedExample]]:
    """All Problems of a city folder; and, when there is no error, each of its examples."""
    checked = checks.check(root)
    if checked.city is None or checked.errors:
        return checked, []
    city = checked.city
    assert checked.book is not None
    own = [_run(city, example) for example in city.examples.values()]
    return checked, own + [_told(ran) for ran in policy_examples.run(city, checked.book)]


def of_policy(city: City, book: Dictionary, name: str) -> list[CheckedExample]:
    """Each example of one policy of a city without errors."""
    alone = replace(city, policies={name: city.policies[name]})
    return [_told(ran) for ran in policy_examples.run(alone, book)]


def _told(ran: policy_examples.Ran) -> CheckedExample:
    """The answer of a policy's example in words, with the amount where one is expected."""
    example, name = ran.example, ran.policy
    got = ANSWERS[ran.answer]
    zh, en = f"{example.says}：{got.zh}", f"{example.says}: {got.en}"
    if ran.amount is not None:
        zh, en = f"{zh}，{ran.amount} 元", f"{en}, {ran.amount} yuan"
    if not ran.passed:
        wanted = ANSWERS[example.expect]
        amount = "" if example.amount is None else f"，{example.amount} 元"
        zh, en = f"{zh}；应为 {wanted.zh}{amount}", f"{en}; expected {wanted.en} {example.amount}"
    return CheckedExample(Text(zh=name.title, en=name.title_en), ran.passed, Text(zh=zh, en=en))


def _title(example: Example) -> Text:
    return Text(zh=example.title, en=example.title_en)


def _run(city: City, example: Example) -> CheckedExample:
    if example.score is not None:
        return _score(city.schemes[example.score.scheme], example, example.score)
    assert example.bands is not None
    return _bands(city.schemes[example.bands.scheme], example, example.bands)


def _score(scheme: Scheme, example: Example, score: ScoreExample) -> CheckedExample:
    """Points by the scheme's own function, weights and bounds; bases as the example gives them."""
    part = next(part for part in scheme.parts if part.id == score.part)
    got: dict[str, Decimal] = {}
    total = 0.0
    for indicator in part.indicators:
        points = _points(scheme, indicator, score)
        if points is None and (indicator.missing or scheme.missing) != "zero":
            # A group's average needs the group: one enterprise alone cannot tell it.
            return CheckedExample(_title(example), passed=False, says=_needs_group(indicator.title))
        total += points or 0.0
        got[indicator.id] = _rounded(points or 0.0, score.decimals)
    total += float(score.bonus) - float(score.penalty)
    ours = _rounded(total, score.decimals)
    wrong = [
        f"{name}: {got.get(name)} ≠ {points}"
        for name, points in score.points.items()
        if got.get(name) != _rounded(points, score.decimals)
    ]
    if ours != _rounded(score.total, score.decimals):
        wrong.append(f"合计/total: {ours} ≠ {score.total}")
    shown = " + ".join(str(points) for points in got.values())
    says = Text(zh=f"{shown} = {ours}", en=f"{shown} = {ours}")
    if wrong:
        says = Text(zh="；".join(wrong), en="; ".join(wrong))
    return CheckedExample(_title(example), not wrong, says)


def _points(scheme: Scheme, indicator: SchemeIndicator, score: ScoreExample) -> float | None:
    name, scoring = indicator.id, scheme.scoring_of(indicator)
    base = score.bases.get(name) or next(
        (b.value for b in sorted(indicator.bases, key=lambda b: -b.year)), None
    )
    place = score.places.get(name)
    against = Against[float | None](
        float(indicator.weight),
        base=_float(base),
        low=_float(score.lows.get(name)),
        high=_float(score.highs.get(name)),
        place=float(place[0]) if place else None,
        count=float(place[1]) if place else None,
    )
    value, settings = _float(score.values.get(name)), settings_of(scoring, indicator)
    points = FUNCTIONS[scoring.function].points(PLAIN, value, against, settings)
    return PLAIN.held(points, *bounds_of(scoring, indicator))


def _float(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


def _needs_group(title: str) -> Text:
    return Text(
        zh=f"“{title}”缺数，按方案取组平均分，单个样例算不出；请给出数值和基准值",
        en=f"'{title}' is missing and takes its group's average, which one example cannot tell; "
        "give its value and base",
    )


def _bands(scheme: Scheme, example: Example, bands: BandExample) -> CheckedExample:
    got = counts(scheme.grading, bands.ranked)
    passed = got == bands.counts
    order = [band.grade for band in scheme.grading.bands]
    shown = " ".join(f"{grade}{got[grade]}" for grade in order)
    says = Text(zh=f"{bands.ranked} 家 → {shown}", en=f"{bands.ranked} → {shown}")
    if not passed:
        wanted = " ".join(f"{grade}{bands.counts.get(grade, 0)}" for grade in order)
        says = Text(zh=f"{says.zh}，应为 {wanted}", en=f"{says.en}, expected {wanted}")
    elif bands.published:
        more = note(scheme.grading, {}, dict(bands.published), None)
        says = Text(zh=f"{says.zh}；{more.zh}", en=f"{says.en}; {more.en}")
    return CheckedExample(_title(example), passed, says)


def _rounded(number: float | Decimal, decimals: int) -> Decimal:
    return Decimal(str(number)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
