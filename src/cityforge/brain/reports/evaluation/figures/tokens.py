"""The colours of the house in drawings, and the frame of a drawing."""

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

INK, QUIET, LINE, PANEL = "#1a1f2b", "#566072", "#dde2ea", "#f5f7fa"
ACCENT, MIDDLE = "#1f5aa8", "#3c4658"
FONT = "Noto Sans SC"
# Best to worst in one hue: a grade is no light, so it is not drawn red or green.
_SHADES = ("#17477f", "#1f5aa8", "#5b8ac6", "#9dbbe0", "#cfdff2")


def shades(count: int) -> list[str]:
    """A colour for each of so many grades, the best the darkest."""
    if count <= 1:
        return [ACCENT]
    last = len(_SHADES) - 1
    return [_SHADES[round(i * last / (count - 1))] for i in range(count)]


def is_dark(colour: str) -> bool:
    """Whether white can be read on it."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 150


def svg(wide: float, high: float, lines: Iterable[str], *, says: str) -> str:
    """A drawing with its words for those who cannot see it; the same lines give the same bytes."""
    told = escape(says, {'"': "&quot;"})
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {high:g}" role="img"'
        f' aria-label="{told}">'
    )
    return "".join([head, *lines, "</svg>"])


def text(
    x: float,
    y: float,
    said: str,
    *,
    size: float = 12,
    colour: str = QUIET,
    anchor: str = "start",
    bold: bool = False,
) -> str:
    """A word of a drawing; `y` is its base line."""
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="{FONT}" font-size="{size:g}"{weight}'
        f' fill="{colour}" text-anchor="{anchor}">{escape(said)}</text>'
    )


def rect(x: float, y: float, wide: float, high: float, colour: str, *, round_: float = 0) -> str:
    corner = f' rx="{round_:g}"' if round_ else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"{corner}'
        f' fill="{colour}"/>'
    )


def line(x1: float, y1: float, x2: float, y2: float, colour: str = LINE) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'


def width_of(said: str, size: float = 12) -> float:
    """About how wide a word is: a Chinese character is as wide as it is high."""
    return size * sum(1.0 if ord(char) > 0x2000 else 0.56 for char in said)


def round_steps(most: float, steps: int = 4) -> Sequence[float]:
    """Round values from zero up to at least `most`, for an axis."""
    if most <= 0:
        return (0.0, 1.0)
    rough = most / steps
    power = 10.0 ** len(str(int(rough))) / 10 if rough >= 1 else 0.1
    while power > rough:
        power /= 10
    step = next(power * k for k in (1, 2, 2.5, 5, 10) if power * k >= rough)
    found = [0.0]
    while found[-1] < most - 1e-9:
        found.append(found[-1] + step)
    return tuple(found)
