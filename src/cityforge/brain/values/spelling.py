"""How people spell values: full-width characters, and names nearly right."""

import difflib
from collections.abc import Iterable

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def half_width(text: str) -> str:
    """The text with full-width ASCII and the ideographic space made half-width; same length."""
    return text.translate(_HALF_WIDTH)


def nearest(text: str, choices: Iterable[str], count: int) -> list[str]:
    """The choices spelt most like `text`, nearest first, ties in the order given; may be none."""
    scored = ((_likeness(text.lower(), choice.lower()), choice) for choice in choices)
    near = sorted((pair for pair in scored if pair[0] >= 0.4), key=lambda pair: -pair[0])
    return [choice for _, choice in near[:count]]


def _likeness(a: str, b: str) -> float:
    return difflib.SequenceMatcher(None, a, b).ratio()
