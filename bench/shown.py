"""Figures of a bench as lines of text."""

from collections.abc import Sequence


def say(text: str = "") -> None:
    print(text, flush=True)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns of words to the left, of figures to the right."""
    columns = list(zip(heads, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    of_figures = [all(cell[:1].isdigit() for cell in column[1:] if cell) for column in columns]
    for row in (heads, ["-" * width for width in widths], *rows):
        cells = zip(row, widths, of_figures, strict=True)
        aligned = (cell.rjust(w) if figures else cell.ljust(w) for cell, w, figures in cells)
        say("  ".join(aligned).rstrip())


def least(found: float, goal: float, unit: str = "x") -> tuple[str, str]:
    """A goal that is a lower bound, and whether it is met."""
    return f">= {_short(goal)}{unit}", _met(is_met=found >= goal)


def most(found: float, goal: float, unit: str = "x") -> tuple[str, str]:
    """A goal that is an upper bound, and whether it is met."""
    return f"<= {_short(goal)}{unit}", _met(is_met=found <= goal)


def _short(goal: float) -> str:
    return f"{goal:.0e}" if goal >= 1e6 else f"{goal:,g}"


def _met(*, is_met: bool) -> str:
    return "met" if is_met else "NOT MET"
