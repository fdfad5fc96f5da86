"""What questions, answers, scores and levels of a diagnosis are called."""

import math
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from cityforge.brain.city.diagnosis import Block, Diagnosis, Question
from cityforge.brain.city.shapes import Verified
from cityforge.brain.errors import Text
from cityforge.brain.evaluation.diagnosis import reading
from cityforge.brain.evaluation.diagnosis.answers import Answer, Ticks, Value
from cityforge.brain.evaluation.diagnosis.moves import Improvement
from cityforge.brain.evaluation.diagnosis.score import Levels
from cityforge.brain.evaluation.diagnosis.worth import Range, band_of

DASH = Text(zh="—", en="—")
BELOW = Text(zh="未达一级", en="below level 1")
VERIFIED = {
    Verified.OFFICIAL: Text(zh="已与正式文件核对", en="checked against the document"),
    Verified.THIRD_PARTY_COPY: Text(
        zh="见于转载或公开实现，使用前须核对原文", en="from a copy; check the original before use"
    ),
    Verified.GENERAL_KNOWLEDGE: Text(zh="凭通行认识录入", en="from general knowledge"),
    Verified.ASSUMPTION: Text(zh="本市设定", en="set by the city"),
}
_PLACES = 3


def number(value: Fraction | Decimal) -> str:
    """A score to at most three decimals, halves up; what is exact is shown so."""
    exact = Fraction(value)
    shown = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(
        Decimal(1).scaleb(-_PLACES), ROUND_HALF_UP
    )
    text = f"{shown + 0:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _whole(value: Fraction) -> int:
    return math.floor(value + Fraction(1, 2))


def span(one: Range) -> str:
    """A score, or its least and most."""
    return number(one.low) if one.is_known else f"{number(one.low)}–{number(one.high)}"


def percent(one: Range | None) -> str:
    """A share in whole per cents, or its least and most."""
    if one is None:
        return DASH.zh
    low, high = (number(Fraction(_whole(share * 100))) for share in (one.low, one.high))
    return f"{low}%" if low == high else f"{low}–{high}%"


def level(diagnosis: Diagnosis, number_: int) -> Text:
    for one in diagnosis.levels:
        if one.level == number_:
            return Text(zh=one.title, en=one.title_en)
    first = diagnosis.levels[0]
    return (
        BELOW
        if first.title == "一级"
        else Text(zh=f"未达{first.title}", en=f"below {first.title_en}")
    )


def levels(diagnosis: Diagnosis, one: Levels) -> Text:
    """The level where both ends agree; else what it lies between."""
    low = level(diagnosis, one.low)
    if one.known is not None:
        return low
    high = level(diagnosis, one.high)
    return Text(zh=f"待定（{low.zh}至{high.zh}）", en=f"not certain ({low.en} to {high.en})")


def says(question: Question) -> Text:
    return Text(zh=question.says, en=question.says_en)


def title(block: Block) -> Text:
    return Text(zh=block.title, en=block.title_en)


def answer(question: Question, given: Answer | None) -> Text:
    """An answer as a person reads it; a dash where there is none."""
    if given is None:
        return Text(zh="未答", en="no answer")
    return value(question, given.value)


def value(question: Question, given: Value) -> Text:
    if isinstance(given, Ticks):
        return _ticks(question, given)
    if question.kind == "share":
        return Text(zh=f"{number(Decimal(str(given)))}%", en=f"{number(Decimal(str(given)))}%")
    if question.kind == "scene":
        return (
            Text(zh=f"{given} 级", en=f"level {given}") if given else Text(zh="未开展", en="none")
        )
    if question.kind == "direction":
        return reading.DIRECTION_WORDS[str(given)]
    if question.kind == "requirement":
        return reading.SATISFACTION_WORDS[str(given)]
    option = next(one for one in question.options if one.id == given)
    return Text(zh=option.says, en=option.says_en)


def _ticks(question: Question, given: Ticks) -> Text:
    ticked = [one for one in question.options if one.id in given.ticked]
    zh = "、".join(one.says for one in ticked) or "无"
    en = ", ".join(one.says_en for one in ticked) or "none"
    if given.open:
        zh += f"（另 {len(given.open)} 项未答）"
        en += f" ({len(given.open)} more not answered)"
    return Text(zh=zh, en=en)


def to_do(diagnosis: Diagnosis, one: Improvement) -> Text:
    """What an improvement asks to be done."""
    question = one.question
    if isinstance(one.after, Ticks) and isinstance(one.before, Ticks):
        new = one.after.ticked - one.before.ticked
        added = [option for option in question.options if option.id in new]
        return Text(
            zh=f"{question.says}：增加 " + "、".join(option.says for option in added),
            en=f"{question.says_en}: add " + ", ".join(option.says_en for option in added),
        )
    before, after = value(question, one.before), value(question, one.after)
    if question.kind == "share" and isinstance(one.after, Decimal):
        assert isinstance(one.before, Decimal)
        at = number(band_of(question, one.after).from_)
        after = Text(zh=f"{at}% 以上", en=f"{at}% or more")
    if question.kind == "scene":
        meaning = next((each for each in diagnosis.scenes if each.level == one.after), None)
        if meaning is not None:
            after = Text(zh=f"{after.zh}（{meaning.says}）", en=f"{after.en} ({meaning.says_en})")
    return Text(
        zh=f"{question.says}：由“{before.zh}”到“{after.zh}”",
        en=f"{question.says_en}: from '{before.en}' to '{after.en}'",
    )


def cost(amount: Fraction) -> Text:
    """An estimated cost."""
    yuan = Decimal((amount * 10_000).numerator) / Decimal((amount * 10_000).denominator)
    return Text(zh=f"约 {number(amount)} 万元", en=f"about {yuan:,.0f} yuan")
