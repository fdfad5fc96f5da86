"""What the report of an evaluation holds: sections of blocks, set as PDF and as Word alike.

Every word here is said already, in one language.
"""

from dataclasses import dataclass
from typing import Literal

from cityforge.brain.errors import Language


@dataclass(frozen=True, slots=True)
class Paragraph:
    says: str
    kind: Literal["plain", "note", "lead"] = "plain"


@dataclass(frozen=True, slots=True)
class Bullets:
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. `wide`: the shares of the width; `right`: the columns that are figures."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wide: tuple[float, ...]
    right: tuple[bool, ...]
    bold_last: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure as SVG; `says` tells it to whoever cannot see it. `wide`: share of the width."""

    title: str
    svg: str
    says: str
    wide: float = 1.0


@dataclass(frozen=True, slots=True)
class Number:
    """One of the numbers at the top."""

    title: str
    value: str
    note: str


Block = Paragraph | Bullets | Grid | Drawing


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Report:
    language: Language
    title: str
    about: tuple[str, ...]
    marks: tuple[str, ...]
    sentence: str
    numbers: tuple[Number, ...]
    sections: tuple[Section, ...]
    footer: tuple[str, ...]
