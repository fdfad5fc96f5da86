"""Blocks of a report in both languages, and the same in the reader's."""

from collections.abc import Iterable
from dataclasses import dataclass

from cityforge.brain.errors import Language, Text
from cityforge.brain.reports.evaluation.report import page

Cell = Text | str
NO_TITLE = Text(zh="", en="")  # where the section says it already


@dataclass(frozen=True, slots=True)
class Table:
    """columns: title and share of the width; figures: the columns that stand to the right."""

    title: Text
    columns: tuple[tuple[Text, float], ...]
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
        return page.Grid(
            one.title.say(language),
            tuple(title.say(language) for title, _ in one.columns),
            tuple(tuple(_cell(cell, language) for cell in row) for row in one.rows),
            tuple(wide for _, wide in one.columns),
            tuple(i in one.figures for i in range(len(one.columns))),
            one.bold_last,
        )
    if isinstance(one, Figure):
        return page.Drawing(one.title.say(language), one.svg, one.says.say(language), one.wide)
    return page.Bullets(tuple(line.say(language) for line in one))


def _cell(cell: Cell, language: Language) -> str:
    return cell.say(language) if isinstance(cell, Text) else cell
