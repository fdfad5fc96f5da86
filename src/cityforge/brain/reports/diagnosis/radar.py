"""A radar of shares as inline SVG: what is certain as an area, what is possible as a line."""

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

_WIDE, _HIGH, _RADIUS = 500, 380, 145
_RINGS = 4
_ACCENT, _GRID, _INK = "#1f5aa8", "#dde2ea", "#566072"
_LONGEST = 14  # characters of a label


def draw(axes: Sequence[tuple[str, float, float]], *, says: str) -> str:
    """The drawing of three axes or more, each a label with its least and most share, 0 to 1.

    Empty for fewer axes: two shares are no shape. The same axes give the same bytes.
    """
    if len(axes) < 3:
        return ""
    told = escape(says, {'"': "&quot;"})
    shape = f'viewBox="0 0 {_WIDE} {_HIGH}" role="img" aria-label="{told}"'
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" {shape}>']
    for ring in range(1, _RINGS + 1):
        points = _points([ring / _RINGS] * len(axes))
        lines.append(f'<polygon points="{points}" fill="none" stroke="{_GRID}"/>')
    for i in range(len(axes)):
        x, y = _place(i, len(axes), 1.0)
        lines.append(f'<line x1="{_WIDE / 2:g}" y1="{_HIGH / 2:g}" x2="{x}" y2="{y}"'
                     f' stroke="{_GRID}"/>')  # fmt: skip
    most = _points([high for _, _, high in axes])
    least = _points([low for _, low, _ in axes])
    if most != least:
        lines.append(
            f'<polygon points="{most}" fill="none" stroke="{_ACCENT}" stroke-dasharray="4 3"/>'
        )
    lines.append(
        f'<polygon points="{least}" fill="{_ACCENT}" fill-opacity="0.25" stroke="{_ACCENT}"'
        ' stroke-width="2"/>'
    )
    lines += [_label(i, len(axes), text) for i, (text, _, _) in enumerate(axes)]
    return "".join([*lines, "</svg>"])


def _label(i: int, count: int, text: str) -> str:
    x, y = _place(i, count, 1.0 + 16 / _RADIUS)
    sideways = math.sin(2 * math.pi * i / count)
    anchor = "middle" if abs(sideways) < 0.2 else "start" if sideways > 0 else "end"
    size = 12 if count > 12 else 13
    shown = text if len(text) <= 2 * _LONGEST else text[: 2 * _LONGEST - 1] + "…"
    return (
        f'<text x="{x}" y="{y + 4:.1f}" font-size="{size}" fill="{_INK}" text-anchor="{anchor}"'
        f' font-family="Noto Sans SC">{escape(shown)}</text>'
    )


def _points(shares: Sequence[float]) -> str:
    return " ".join(
        "{},{}".format(*_place(i, len(shares), share)) for i, share in enumerate(shares)
    )


def _place(i: int, count: int, share: float) -> tuple[float, float]:
    angle = 2 * math.pi * i / count
    return (
        round(_WIDE / 2 + _RADIUS * share * math.sin(angle), 1),
        round(_HIGH / 2 - _RADIUS * share * math.cos(angle), 1),
    )
