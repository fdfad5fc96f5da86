"""How totals are distributed: one panel a part, columns stacked by grade, from zero."""

from collections.abc import Mapping, Sequence

import numpy as np

from cityforge.brain.reports.evaluation.figures.tokens import (
    INK,
    QUIET,
    line,
    rect,
    round_steps,
    shades,
    svg,
    text,
)

_WIDE, _HIGH = 680, 250
_BINS = 24
_FLOOR, _TOP, _LEFT, _GAP = 206, 56, 46, 40
Panel = tuple[str, Mapping[str, Sequence[float]]]


def draw(
    panels: Sequence[Panel], grades: Sequence[str], *, says: str, score: str, beyond: str
) -> str:
    """The drawing; a panel is its title and the totals of each grade.

    score   what the axes are; beyond: said of the last column, which is open upwards
    """
    shown = [panel for panel in panels if any(len(some) for some in panel[1].values())]
    if not shown:
        return ""
    wide = (_WIDE - _LEFT - _GAP * (len(shown) - 1)) / len(shown)
    colours = dict(zip(grades, shades(len(grades)), strict=True))
    lines = []
    lines.append(text(_LEFT, 16, score, size=11))
    x = _WIDE - 48.0 * len(grades)
    for grade in grades:
        lines.append(rect(x, 6, 12, 12, colours[grade], round_=2))
        lines.append(text(x + 17, 16, grade, size=12, colour=INK))
        x += 48
    for i, (title, totals) in enumerate(shown):
        left = _LEFT + i * (wide + _GAP)
        lines += _panel(left, wide, title, totals, colours, beyond=beyond)
    return svg(_WIDE, _HIGH, lines, says=says)


def edges(totals: Sequence[float]) -> tuple[float, ...]:
    """Round lower ends of the columns that hold 98 % of the totals; the rest share the last."""
    values = np.asarray(totals, np.float64)
    low, high = min(float(values.min()), 0.0), float(np.quantile(values, 0.98))
    rough = max(high - low, 1e-9) / _BINS
    power = 10.0 ** float(np.floor(np.log10(rough)))
    step = power * next(k for k in (1, 2, 2.5, 5, 10) if k * power >= rough * (1 - 1e-12))
    first, last = int(np.floor(low / step)), int(np.floor(high / step)) + 1
    return tuple(round(i * step, 10) for i in range(first, last + 1))


def counted(totals: Sequence[float], ends: Sequence[float]) -> list[int]:
    """How many totals each column holds."""
    at = np.searchsorted(np.asarray(ends), np.asarray(totals, np.float64), side="right") - 1
    return [int(n) for n in np.bincount(np.clip(at, 0, len(ends) - 1), minlength=len(ends))]


def _panel(
    left: float,
    wide: float,
    title: str,
    totals: Mapping[str, Sequence[float]],
    colours: Mapping[str, str],
    *,
    beyond: str,
) -> list[str]:
    ends = edges([one for some in totals.values() for one in some])
    counts = {grade: counted(totals.get(grade, ()), ends) for grade in colours}
    tallest = max(sum(counts[grade][i] for grade in colours) for i in range(len(ends)))
    steps = round_steps(tallest, 3)
    scale = (_FLOOR - _TOP) / steps[-1]
    lines = [text(left, _TOP - 10, title, size=13, colour=INK, bold=True)]
    for step in steps:
        y = _FLOOR - step * scale
        lines.append(line(left, y, left + wide, y))
        lines.append(text(left - 6, y + 4, f"{step:,.0f}", size=11, anchor="end"))
    column = wide / len(ends)
    for i in range(len(ends)):
        y = float(_FLOOR)
        # The worst grade stands at the bottom.
        for grade in reversed(list(colours)):
            high = counts[grade][i] * scale
            y -= high
            if high:
                lines.append(rect(left + i * column + 0.5, y, column - 1, high, colours[grade]))
    every = max(1, round(len(ends) / 5))
    for i in range(0, len(ends), every):
        x = left + i * column
        lines.append(line(x, _FLOOR, x, _FLOOR + 4, QUIET))
        lines.append(text(x, _FLOOR + 17, f"{ends[i]:g}", size=11, anchor="middle"))
    lines.append(text(left, _FLOOR + 36, beyond.format(ends[-1]), size=11))
    return lines
