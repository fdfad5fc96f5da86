"""From grade to grade between two years: a matrix, the darker the more of the row went there."""

from collections.abc import Mapping, Sequence

from cityforge.brain.reports.evaluation.figures.tokens import ACCENT, INK, QUIET, svg, text

_CELL, _HIGH = 84, 38
_LEFT, _TOP = 150, 62


def draw(
    counts: Mapping[tuple[str, str], int],
    names: Sequence[str],
    *,
    says: str,
    before: str,
    after: str,
) -> str:
    """The drawing; rows are the year before, columns the year now, in the order of `names`."""
    lines = [
        text(_LEFT + _CELL * len(names) / 2, 20, after, size=13, colour=INK, anchor="middle"),
        text(8, _TOP - 10, before, size=13, colour=INK),
    ]
    for j, name in enumerate(names):
        x = _LEFT + (j + 0.5) * _CELL
        lines.append(text(x, _TOP - 10, name, size=13, colour=QUIET, anchor="middle", bold=True))
    for i, row in enumerate(names):
        y = _TOP + i * _HIGH
        lines.append(
            text(_LEFT - 12, y + _HIGH / 2 + 5, row, size=13, colour=QUIET, anchor="end", bold=True)
        )
        total = sum(counts.get((row, column), 0) for column in names)
        for j, column in enumerate(names):
            count = counts.get((row, column), 0)
            # Nobody stands in a matrix who was rated in neither year.
            is_void = i == j == len(names) - 1 and not count
            x = _LEFT + j * _CELL
            lines += _cell(x, y, count, total, is_same=i == j, is_void=is_void)
    wide = _LEFT + _CELL * len(names) + 8
    return svg(wide, _TOP + _HIGH * len(names) + 8, lines, says=says)


def _cell(x: float, y: float, count: int, total: int, *, is_same: bool, is_void: bool) -> list[str]:
    share = count / total if total else 0.0
    edge = f' stroke="{INK}" stroke-width="1.5"' if is_same and not is_void else ""
    shape = f'x="{x + 2}" y="{y + 2}" width="{_CELL - 4}" height="{_HIGH - 4}" rx="3"'
    lines = [f'<rect {shape} fill="#ffffff"/>']
    lines.append(f'<rect {shape} fill="{ACCENT}" fill-opacity="{0.05 + 0.9 * share:.3f}"{edge}/>')
    colour = "#ffffff" if share > 0.45 else INK
    base = y + _HIGH / 2 + 5
    said = "—" if is_void else f"{count:,}"
    lines.append(text(x + _CELL / 2, base, said, size=14, colour=colour, anchor="middle"))
    return lines
