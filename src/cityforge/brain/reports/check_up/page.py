"""What the page of a policy check-up shows: one content, drawn as HTML and set as PDF.

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
class Clause:
    """A condition: met, unmet, unknown, or spare (not met, and need not be); `facts`: what it was
    judged by."""

    mark: str
    says: str
    article: str
    facts: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One policy.

    money        what it pays, or the range of it; empty where that is not known
    pays         the same in the words of the document
    urgency      calm, soon, urgent
    warnings     what a reader must know before relying on it: provisional, not checked, ending
    assumptions  what the city set where the document is silent
    """

    id: str
    title: str
    money: str
    pays: str
    delivery: str
    state: str
    urgency: str
    office: str
    document: str
    contact: str
    working: tuple[Pair, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    assumptions: tuple[str, ...]
    materials: tuple[Pair, ...]
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """How far a number is: `now` and `wanted` as shares of the bar's length, 0 to 1."""

    title: str
    value: str
    threshold: str
    gap: str
    now: float
    wanted: float


@dataclass(frozen=True, slots=True)
class Gap:
    """One clause in the way; words where it is no number."""

    says: str
    article: str
    bars: tuple[Bar, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Near:
    entry: Entry
    effort: str
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """A missing fact: what it is, who holds it, what it would settle."""

    title: str
    holder: str
    money: str
    settles: str
    policies: tuple[str, ...]
    declare: str


@dataclass(frozen=True, slots=True)
class Lacking:
    entry: Entry
    facts: str


@dataclass(frozen=True, slots=True)
class Day:
    """A line of the calendar."""

    when: str
    title: str
    says: str
    urgency: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A policy the enterprise is entitled to and that is not in the best set, with the reason."""

    entry: Entry
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A fact as it was used."""

    title: str
    value: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """The facts of one dataset and time."""

    title: str
    owner: str
    when: str
    correct: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """`best` can be applied for now, `later` once a window opens; both are the best set."""

    language: Language
    title: str
    name: str
    code: str
    about: tuple[str, ...]
    simulated: str
    sentence: str
    figures: tuple[Figure, ...]
    best: tuple[Entry, ...]
    best_total: str
    best_proof: str
    later: tuple[Entry, ...]
    later_total: str
    left_out: tuple[LeftOut, ...]
    near: tuple[Near, ...]
    asks: tuple[Ask, ...]
    lacking: tuple[Lacking, ...]
    calendar: tuple[Day, ...]
    far: tuple[Pair, ...]
    answers: tuple[Pair, ...]
    sources: tuple[Source, ...]
    disclaimer: tuple[str, ...]
    run: str

    def say(self, zh: str, en: str) -> str:
        """A heading of the drawing in the page's language."""
        return zh if self.language == "zh" else en
