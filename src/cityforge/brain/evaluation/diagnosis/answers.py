"""The answers to a questionnaire: what an enterprise said, and what the city knew."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

Source = Literal["answered", "known"]


@dataclass(frozen=True, slots=True)
class Ticks:
    """The answer to a multi: options that are so, and those of which it is not known."""

    ticked: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()


Value = str | Decimal | int | Ticks
"""Of a single its option; of a multi Ticks; of a share the number in %; of a direction up, flat or
down; of a scene its level; of a requirement full, most, part or none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    source   `answered` by the enterprise, or `known` to the city
    proof    what the enterprise named to prove it
    columns  the facts that filled it in
    """

    value: Value
    source: Source = "answered"
    proof: str = ""
    columns: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it is left open."""
        return not isinstance(self.value, Ticks) or not self.value.open


@dataclass(frozen=True, slots=True)
class Subject:
    """Who answered, as it says itself; empty where it does not say."""

    uscc: str = ""
    name: str = ""
    district: str = ""
    industry: str = ""
    size: str = ""


_NOBODY = Subject()
_NOTHING: Mapping[str, Answer] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Answers:
    """One questionnaire filled in.

    given  by id of the question; one that is absent is unknown
    cut    ids of the parts that do not apply
    file   where it was read from
    """

    diagnosis: str
    subject: Subject = _NOBODY
    on: date | None = None
    given: Mapping[str, Answer] = field(default_factory=lambda: _NOTHING)
    cut: frozenset[str] = frozenset()
    file: str = ""
