"""How many enterprises each grade has: bars about one axis, the best at the top."""

from collections.abc import Sequence

from cityforge.brain.reports.evaluation.figures.tokens import INK, QUIET, rect, shades, svg, text

_WIDE, _ROW, _BAR = 640, 46, 30
_LEFT, _RIGHT = 190, 470  # where the bars stand, words on either side


def draw(grades: Sequence[tuple[str, str, int]], *, says: str, unit: str) -> str:
    """The drawing of grades, each a name, a title and a count. Bars start at zero."""
    total = sum(count for _, _, count in grades)
    most = max((count for _, _, count in grades), default=0) or 1
    middle = (_LEFT + _RIGHT) / 2
    lines = []
    for i, ((name, title, count), colour) in enumerate(
        zip(grades, shades(len(grades)), strict=True)
    ):
        y = 8 + i * _ROW
        wide = max((_RIGHT - _LEFT) * count / most, 1.0)
        lines.append(rect(middle - wide / 2, y, wide, _BAR, colour, round_=2))
        base = y + _BAR / 2 + 5
        lines.append(text(12, base, name, size=18, colour=INK, bold=True))
        lines.append(text(44, base, title, size=13, colour=QUIET))
        lines.append(text(_RIGHT + 12, base, f"{count:,} {unit}", size=15, colour=INK, bold=True))
        if total:
            lines.append(
                text(_WIDE - 8, base, f"{count / total:.1%}", size=13, colour=QUIET, anchor="end")
            )
    return svg(_WIDE, 8 + _ROW * len(grades), lines, says=says)
