"""What the page of a diagnosis shows: one content, drawn as HTML and set as PDF.

Every word here is said already, in one language; the drawings add their headings only.
"""

from dataclasses import dataclass

from cityforge.brain.errors import Language


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the three numbers at the top."""

    title: str
    value: str
    unit: str
    note: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A line of two: what, and its value."""

    says: str
    value: str


@dataclass(frozen=True, slots=True)
class Bar:
    """How far a part is: `low` for certain and `high` at best, as shares of the bar, 0 to 1."""

    title: str
    value: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Step:
    """One improvement: what to do, what it gains, what it costs, what proves it."""

    do: str
    gain: str
    cost: str
    proof: str


@dataclass(frozen=True, slots=True)
class Way:
    """A set of improvements that reaches the next level; `shared`: those it has in common with the
    first way, which are not told again."""

    title: str
    cost: str
    steps: tuple[Step, ...]
    shared: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """An unanswered question and what it may settle."""

    says: str
    part: str
    matters: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it was judged; `mark`: answered, known, open or differs."""

    says: str
    answer: str
    worth: str
    mark: str
    source: str
    proof: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part that holds questions; `value` its points or the like."""

    title: str
    value: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Page:
    language: Language
    title: str
    diagnosis: str
    name: str
    code: str
    about: tuple[str, ...]
    simulated: str
    sentence: str
    figures: tuple[Figure, ...]
    bars: tuple[Bar, ...]
    radar: str
    levels: tuple[Pair, ...]
    ways: tuple[Way, ...]
    ways_title: str
    ways_note: str
    open: tuple[Open, ...]
    parts: tuple[Part, ...]
    assumptions: tuple[str, ...]
    document: str
    verified: str
    disclaimer: tuple[str, ...]
    run: str

    def say(self, zh: str, en: str) -> str:
        """A heading of the drawing in the page's language."""
        return zh if self.language == "zh" else en
