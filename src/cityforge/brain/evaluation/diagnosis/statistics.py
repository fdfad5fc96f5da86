"""Many enterprises judged by one diagnosis: levels by group, weakest questions, coverage."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cityforge.brain.city.diagnosis import Covered, Diagnosis, Question
from cityforge.brain.evaluation.diagnosis.score import Result


@dataclass(frozen=True, slots=True)
class Entry:
    """One enterprise judged, with the groups it belongs to; empty where a group is not known."""

    result: Result
    district: str = ""
    industry: str = ""
    size: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """How many of a group have each level for certain (0: below the first); `open`: the others."""

    name: str
    levels: Mapping[int, int]
    open: int

    @property
    def count(self) -> int:
        return sum(self.levels.values()) + self.open


@dataclass(frozen=True, slots=True)
class Weak:
    """One question over all that answered it: the mean of what it is worth, of the most it can be.

    applicable  how many it was put to; cut parts are not counted
    """

    question: Question
    part: str
    mean: Fraction
    answered: int
    applicable: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of a class of enterprises were diagnosed; `of` and `diagnosed` count only those of
    whom it is known that they belong to it."""

    covered: Covered
    diagnosed: int
    of: int


def group(
    diagnosis: Diagnosis, entries: Iterable[Entry], by: Callable[[Entry], str]
) -> list[Group]:
    """The levels of each group, by name; the unnamed last."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(by(entry), []).append(entry)
    order = sorted(found, key=lambda name: (not name, name))
    return [_group(diagnosis, name, found[name]) for name in order]


def _group(diagnosis: Diagnosis, name: str, entries: Sequence[Entry]) -> Group:
    levels = {0: 0} | {level.level: 0 for level in diagnosis.levels}
    is_open = 0
    for entry in entries:
        known = entry.result.level.known
        if known is None:
            is_open += 1
        else:
            levels[known] += 1
    return Group(name, levels, is_open)


def weakest(entries: Sequence[Entry]) -> list[Weak]:
    """The questions, weakest first; of those equally weak the one more enterprises answered.

    Only whole answers count: what nobody said is not taken for weak.
    """
    worth: dict[str, list[Fraction]] = {}
    asked: dict[str, int] = {}
    seen: dict[str, tuple[Question, str]] = {}
    for entry in entries:
        for leaf in entry.result.leaves:
            for one in leaf.questions if not leaf.is_cut else ():
                name = one.question.id
                seen.setdefault(name, (one.question, leaf.block.id))
                asked[name] = asked.get(name, 0) + 1
                if not one.is_open and one.most:
                    worth.setdefault(name, []).append(one.worth.low / one.most)
    found = [
        Weak(
            seen[name][0],
            seen[name][1],
            sum(each, Fraction(0)) / len(each),
            len(each),
            asked[name],
        )
        for name, each in worth.items()
    ]
    return sorted(found, key=lambda one: (one.mean, -one.answered))


def coverage(
    covered: Covered, truths: Mapping[str, bool | None], diagnosed: Iterable[str]
) -> Coverage:
    """Of the enterprises of whom the condition is known to hold, how many were diagnosed.

    truths  by credit code, for every enterprise of the city
    """
    those = {code for code, truth in truths.items() if truth}
    return Coverage(covered, len(those & set(diagnosed)), len(those))
