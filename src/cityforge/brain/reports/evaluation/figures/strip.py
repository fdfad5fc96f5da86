"""Where a value stands among its group: a strip of quantiles, the base value, the own value.

The strip tells of the group, never of another enterprise: the caller draws none for a small group.
"""

import math
from collections.abc import Callable, Sequence

from cityforge.brain.reports.evaluation.figures.tokens import ACCENT, INK, LINE, MIDDLE, svg

WIDE, HIGH = 220, 26
_LEFT, _RIGHT = 8, WIDE - 8
_AXIS = 14
_LOG_FROM = 8.0  # a group that spreads so many times is drawn by ratios


def draw(value: float | None, base: float | None, spread: Sequence[float], *, says: str) -> str:
    """The drawing; `spread`: the group's values at 10, 25, 50, 75 and 90 percent. Empty without."""
    if not spread:
        return ""
    shown = [one for one in (value, base, *spread) if one is not None]
    place = _scale(min(shown), max(shown))
    low, quarter, middle, three, high = (place(one) for one in spread)
    median = (
        f'<line x1="{middle}" y1="{_AXIS - 6}" x2="{middle}" y2="{_AXIS + 6}" stroke="{MIDDLE}"'
        ' stroke-width="1.5"/>'
    )
    lines = [
        f'<line x1="{_LEFT}" y1="{_AXIS}" x2="{_RIGHT}" y2="{_AXIS}" stroke="{LINE}"/>',
        _bar(low, high, 5, "#dbe5f2"),
        _bar(quarter, three, 9, "#b3c9e6"),
        median,
    ]
    if base is not None:
        x = place(base)
        lines.append(f'<path d="M{x - 4:.1f} {_AXIS - 12} h8 l-4 7 z" fill="#fff" stroke="{INK}"/>')
    if value is not None:
        lines.append(
            f'<circle cx="{place(value)}" cy="{_AXIS}" r="5" fill="{ACCENT}" stroke="#fff"'
            ' stroke-width="1.5"/>'
        )
    return svg(WIDE, HIGH, lines, says=says)


def _bar(low: float, high: float, thick: int, colour: str) -> str:
    wide = max(high - low, 1.0)
    return (
        f'<rect x="{low}" y="{_AXIS - thick / 2:g}" width="{wide:.1f}" height="{thick}" rx="1.5"'
        f' fill="{colour}"/>'
    )


def _scale(low: float, high: float) -> Callable[[float], float]:
    """The place of a value on the strip: by ratios where all are above zero and far apart."""
    by_ratio = low > 0 and high / low >= _LOG_FROM
    ends = (math.log(low), math.log(high)) if by_ratio else (low, high)
    wide = ends[1] - ends[0] or 1.0

    def place(value: float) -> float:
        at = math.log(value) if by_ratio else value
        return round(_LEFT + (_RIGHT - _LEFT) * (at - ends[0]) / wide, 1)

    return place
