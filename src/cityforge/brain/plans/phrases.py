"""Targets and units in words, for checks, differences and the terminal."""

from cityforge.brain.errors import Language, Text
from cityforge.brain.plans.reading import Comparator, Row, Target, UnitRole

_COMPARED: dict[Comparator, tuple[str, str]] = {
    "eq": ("{}", "{}"),
    "gt": ("超过{}", "more than {}"),
    "gte": ("{}以上", "{} or more"),
    "lt": ("低于{}", "less than {}"),
    "lte": ("{}以内", "{} or less"),
    "approx": ("{}左右", "about {}"),
    "range": ("{}", "{}"),
}
ROLES: dict[str, Text] = {
    "lead": Text(zh="牵头", en="leads"),
    "support": Text(zh="配合", en="supports"),
    "responsible": Text(zh="负责", en="responsible"),
}


def amount(item: Target | Row) -> Text:
    """“1900家以上”; a range as “1—2场”."""
    number = "" if item.value is None else f"{item.value:f}"
    if item.value_max is not None:
        number += f"—{item.value_max:f}"
    words = number + (item.unit or "")
    zh, en = _COMPARED[item.comparator]
    return Text(zh=zh.format(words), en=en.format(words))


def when(target: Target) -> Text:
    """“2025年”, “每年”; empty where no deadline is given."""
    year = target.year
    if target.annual:
        return Text(zh="每年", en="every year")
    if year is None:
        return Text(zh="", en="")
    return Text(zh=f"{year}年", en=f"{year}")


def target(item: Target, language: Language) -> str:
    """One line for a target: when, what, how much."""
    base = item.baseline_year
    parts = [when(item).say(language), item.indicator, amount(item).say(language)]
    if base is not None:
        parts.append(f"（比{base}年）" if language == "zh" else f"(against {base})")
    return " ".join(filter(None, parts))


def unit(item: UnitRole, language: Language) -> str:
    return f"{item.name}（{ROLES[item.role].say(language)}）"
