"""What a report says, in both languages: one catalogue for the words and the page."""

import json
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from cityforge.brain.errors import Language, Text
from cityforge.brain.reports import assets
from cityforge.brain.values.unit import written


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every message by key; the page carries the same catalogue inside."""
    found: dict[str, dict[str, str]] = json.loads(assets.own("messages.json"))
    return found


def say(key: str, language: Language, **values: str | Text) -> str:
    """One message with its places filled; a Text fills in the reader's language."""
    said = {
        name: value.say(language) if isinstance(value, Text) else value
        for name, value in values.items()
    }
    return catalogue()[key][language].format(**said)


def text(key: str, **values: str | Text) -> Text:
    """One message in both languages."""
    return Text(zh=say(key, "zh", **values), en=say(key, "en", **values))


def fixed(value: float, places: int) -> str:
    """A number with thousands separators, halves away from zero, as the page rounds too."""
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded + 0:,}"


def number(value: float) -> str:
    """A figure with as many decimals as its size deserves: 12,345  123.4  12.35  0.0302."""
    size = abs(value)
    places = 0 if size >= 1000 or size == 0 else 1 if size >= 100 else 2 if size >= 1 else 4
    return fixed(value, places)


def with_unit(title: Text, unit: str | None) -> Text:
    """A title as a header has it: 亩均税收（万元/亩）."""
    own = written(unit or "")
    return Text(
        zh=f"{title.zh}（{own.zh}）" if own.zh else title.zh,
        en=f"{title.en} ({own.en})" if own.en else title.en,
    )


def quantity(value: float, unit: str | None) -> Text:
    """A figure with its unit; the percent sign stands close."""
    told, own = number(value), written(unit or "")
    space = "" if unit == "%" else " "
    return Text(zh=f"{told}{space}{own.zh}".strip(), en=f"{told}{space}{own.en}".strip())
