"""Likeness of titles and indicators, and pairs of what is most alike."""

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

from cityforge.brain.plans.characters import tight

T = TypeVar("T")
_MOST_PAIRS = 250_000  # of items that have no equal; beyond this only equal ones are paired


def likeness(a: str, b: str) -> float:
    """0 to 1; spaces, width and kinds of brackets make no difference."""
    x, y = tight(a), tight(b)
    return 1.0 if x == y else SequenceMatcher(None, x, y, autojunk=False).ratio()


def pairs(
    old: Sequence[T], new: Sequence[T], *, key: Callable[[T], str], least: float
) -> list[tuple[int, int]]:
    """Index pairs one to one: equal keys first, in order; then the most alike from `least` on."""
    found: list[tuple[int, int]] = []
    waiting: dict[str, list[int]] = {}
    for i, item in enumerate(old):
        waiting.setdefault(tight(key(item)), []).append(i)
    rest_new = []
    for j, item in enumerate(new):
        same = waiting.get(tight(key(item)))
        if same:
            found.append((same.pop(0), j))
        else:
            rest_new.append(j)
    rest_old = sorted(i for left in waiting.values() for i in left)
    if len(rest_old) * len(rest_new) > _MOST_PAIRS:
        return sorted(found)
    scored = sorted(
        ((likeness(key(old[i]), key(new[j])), i, j) for i in rest_old for j in rest_new),
        key=lambda each: (-each[0], each[1], each[2]),
    )
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    for score, i, j in scored:
        if score < least:
            break
        if i not in taken_old and j not in taken_new:
            taken_old.add(i)
            taken_new.add(j)
            found.append((i, j))
    return sorted(found)
