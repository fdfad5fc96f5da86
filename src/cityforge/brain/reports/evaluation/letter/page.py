"""What a letter to an enterprise shows: one content, drawn as HTML and set as PDF.

Every word here is said already, in one language; the drawings add their headings only.
"""

from dataclasses import dataclass

from cityforge.brain.errors import Language


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the three numbers at the top."""

    title: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator: its value, what it was held against, points of the weight, place, strip.

    strip  the drawing, empty where the group is too small to be shown
    note   the unit, and how a gap was filled
    """

    title: str
    value: str
    base: str
    points: str
    weight: str
    place: str
    strip: str
    note: str


@dataclass(frozen=True, slots=True)
class Block:
    """A heading with its sentences, the things that can be done, and a remark in small."""

    title: str
    lines: tuple[str, ...]
    to_do: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """The data of one dataset: whose, of which year, the values, how to correct them."""

    title: str
    values: str
    correct: str


@dataclass(frozen=True, slots=True)
class Letter:
    language: Language
    title: str
    name: str
    code: str
    about: tuple[str, ...]
    marks: tuple[str, ...]
    sentence: str
    figures: tuple[Figure, ...]
    lines: tuple[Line, ...]
    lines_note: str
    sum_: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    sources: tuple[Source, ...]
    footer: tuple[str, ...]

    def say(self, zh: str, en: str) -> str:
        """A heading of the drawing in the letter's language."""
        return zh if self.language == "zh" else en
