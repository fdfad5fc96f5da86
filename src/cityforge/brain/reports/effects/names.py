"""What districts, indicators, facts, grades and statuses are called in tables."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from cityforge.brain.city.folder import City
from cityforge.brain.city.scheme import Scheme
from cityforge.brain.errors import Text
from cityforge.brain.evaluation.effects.moves import ABSENT, DOWN, IN, OUT, SAME, UP
from cityforge.brain.evaluation.evaluated import Evaluated
from cityforge.brain.evaluation.reasons.changes import Change
from cityforge.brain.evaluation.subject import EXEMPT, OUTSIDE, UNDETERMINED
from cityforge.brain.reports.messages import number, with_unit
from cityforge.brain.reports.policy_words import quantity
from cityforge.brain.values.quantity import Unit, unit

_YUAN = unit("元")
_TEN_THOUSAND = 10_000
_LARGE = "亿元"

STATUSES = {
    EXEMPT: Text(zh="不定级（T）", en="exempt (T)"),
    OUTSIDE: Text(zh="不参评", en="not in"),
    UNDETERMINED: Text(zh="无法判定", en="undetermined"),
    ABSENT: Text(zh="无此企业", en="absent"),
}
WAYS = {
    UP: Text(zh="升等", en="up"),
    DOWN: Text(zh="降等", en="down"),
    IN: Text(zh="新进", en="in"),
    OUT: Text(zh="退出", en="out"),
    SAME: Text(zh="不变", en="same"),
}


def grade(name: str) -> Text:
    """A grade, or the status of who has none."""
    return STATUSES.get(name) or Text(zh=name, en=name)


def district(city: City, name: str | None) -> Text:
    for one in city.place.districts:
        if one.id == name:
            return Text(zh=one.title, en=one.title_en)
    return Text(zh="未知", en="unknown") if not name else Text(zh=name, en=name)


def indicator(scheme: Scheme, name: str) -> Text:
    """An indicator by its first title; where parts call it differently the id tells them apart."""
    for part in scheme.parts:
        for one in part.indicators:
            if one.id == name:
                return Text(zh=one.title, en=one.title_en)
    return Text(zh=name, en=name)


def fact(evaluated: Evaluated, name: str) -> Text:
    found = evaluated.prepared.book.facts[name]
    return Text(zh=found.title, en=found.title_en)


def measured(evaluated: Evaluated, name: str) -> Text:
    """A fact with the unit in which sums of it are told: 实缴税收（亿元）."""
    title, own = fact(evaluated, name), evaluated.prepared.book.facts[name].type.unit
    symbol = _LARGE if own.is_like(_YUAN) else own.symbol
    return with_unit(title, symbol)


def summed(evaluated: Evaluated, name: str, value: float) -> str:
    """A sum of a fact, in the unit that `measured` names."""
    own = evaluated.prepared.book.facts[name].type.unit
    if own.is_like(_YUAN):
        value *= float(own.factor / unit(_LARGE).factor)
    return number(value)


def change(evaluated: Evaluated, one: Change) -> Text:
    """实缴税收由 248 万元增加到 356 万元（+43.7%）."""
    rises = one.after > one.before
    name = fact(evaluated, one.fact)
    own = evaluated.prepared.book.facts[one.fact].type.unit
    before, after = quantity(one.before, own), quantity(_beyond(one, own), own)
    share = ""
    if one.relative is not None:
        share = f"{'+' if rises else '−'}{one.relative * 100:.1f}%"
    return Text(
        zh=f"{name.zh}由 {before.zh}{'增加' if rises else '减少'}到 {after.zh}"
        + (f"（{share}）" if share else ""),
        en=f"{name.en} {'up' if rises else 'down'} from {before.en} to {after.en}"
        + (f" ({share})" if share else ""),
    )


def _beyond(one: Change, own: Unit) -> Decimal:
    """The number to be reached, rounded as it is shown but never short of it."""
    in_yuan = own.is_like(_YUAN)
    size = abs(one.after) * (Decimal(own.factor.numerator) / own.factor.denominator)
    step = Decimal("0.01") if abs(one.after) >= 1 else Decimal("0.0001")
    if in_yuan:
        yuan = Decimal(_YUAN.factor.numerator) / _YUAN.factor.denominator
        shown = Decimal(100) if size / yuan >= _TEN_THOUSAND else Decimal("0.01")
        step = shown * yuan * own.factor.denominator / own.factor.numerator
    steps = (one.after / step).to_integral_value(
        ROUND_CEILING if one.after > one.before else ROUND_FLOOR
    )
    return steps * step
