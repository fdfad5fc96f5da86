"""How grades share in a whole: one bar of a hundred percent for each thing, grades side by side."""

from collections.abc import Sequence

from cityforge.brain.reports.evaluation.figures.tokens import (
    INK,
    is_dark,
    rect,
    shades,
    svg,
    text,
    width_of,
)

_WIDE, _ROW, _BAR = 680, 34, 22
_LEFT, _RIGHT = 210, 672
_LEAST_NAMED = 0.05


def draw(things: Sequence[tuple[str, Sequence[float]]], grades: Sequence[str], *, says: str) -> str:
    """The drawing; each thing is a name with the share of each grade, which sum to one."""
    colours = shades(len(grades))
    lines = []
    x = float(_LEFT)
    for grade, colour in zip(grades, colours, strict=True):
        lines.append(rect(x, 4, 12, 12, colour, round_=2))
        lines.append(text(x + 17, 14, grade, size=12, colour=INK))
        x += 48
    for i, (name, shares) in enumerate(things):
        y = 28 + i * _ROW
        size = min(13.0, 13.0 * (_LEFT - 16) / max(width_of(name, 13), 1.0))
        lines.append(text(_LEFT - 12, y + 16, name, size=size, colour=INK, anchor="end"))
        x = float(_LEFT)
        for share, colour in zip(shares, colours, strict=True):
            wide = (_RIGHT - _LEFT) * share
            if wide > 0:
                lines.append(rect(x, y, max(wide - 1, 0.5), _BAR, colour))
            if share >= _LEAST_NAMED:
                shown = "#ffffff" if is_dark(colour) else INK
                middle = x + wide / 2
                lines.append(
                    text(middle, y + 15, f"{share:.0%}", size=12, colour=shown, anchor="middle")
                )
            x += wide
    return svg(_WIDE, 28 + _ROW * len(things), lines, says=says)
