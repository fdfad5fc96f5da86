"""Blocks of a report in both languages, and the same in the reader's."""

from collections.abc import Iterable
from dataclasses import dataclass

from cityforge.brain.errors import Language, Text
from cityforge.brain.reports.evaluation.report import page

Cell = Text | str
_MOST, _ROOM = 34.0, 2.5  # of a column: most wanted, and the space beside its words
NO_TITLE = Text(zh="", en="")  # where the section says it already


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `figures`: the columns that stand to the right."""

    title: Text
    columns: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]
    figures: frozenset[int] = frozenset()
    bold_last: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A remark in small."""

    says: Text


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing, with what it says in words; its own words are in the language it was drawn in."""

    title: Text
    svg: str
    says: Text
    wide: float = 1.0


# A sentence, lines of a list, a remark, a table, a drawing.
Told = Text | tuple[Text, ...] | Note | Table | Figure


def section(title: Text, blocks: Iterable[Told], language: Language) -> page.Section:
    """A section in one language; drawings that are empty are left out."""
    shown = [
        _block(one, language) for one in blocks if not (isinstance(one, Figure) and not one.svg)
    ]
    return page.Section(title.say(language), tuple(shown))


def _block(one: Told, language: Language) -> page.Block:
    if isinstance(one, Text):
        return page.Paragraph(one.say(language))
    if isinstance(one, Note):
        return page.Paragraph(one.says.say(language), "note")
    if isinstance(one, Table):
        columns = tuple(title.say(language) for title in one.columns)
        rows = tuple(tuple(_cell(cell, language) for cell in row) for row in one.rows)
        return page.Grid(
            one.title.say(language),
            columns,
            rows,
            tuple(
                _wide(head, [row[i] for row in rows], is_figure=i in one.figures)
                for i, head in enumerate(columns)
            ),
            tuple(i in one.figures for i in range(len(columns))),
            one.bold_last,
        )
    if isinstance(one, Figure):
        return page.Drawing(one.title.say(language), one.svg, one.says.say(language), one.wide)
    return page.Bullets(tuple(line.say(language) for line in one))


def _cell(cell: Cell, language: Language) -> str:
    return cell.say(language) if isinstance(cell, Text) else cell


def _wide(head: str, cells: list[str], *, is_figure: bool) -> float:
    """How much of the width a column wants; a figure is never broken, words and heads may be."""
    lengths = sorted(_units(cell) for cell in cells) or [0.0]
    word = max((_units(part) for part in head.split()), default=0.0)
    least = min(word, _units(head) / 2 + 2)
    if is_figure:
        return max(lengths[-1] * 1.2, least) + _ROOM
    usual = (lengths[-1] + lengths[len(lengths) // 2]) / 2
    return min(max(usual, least), _MOST) + _ROOM


def _units(said: str) -> float:
    """About how wide a text is: a Chinese character is as wide as two others."""
    return sum(2.0 if ord(char) > 0x2000 else 1.1 for char in said)
