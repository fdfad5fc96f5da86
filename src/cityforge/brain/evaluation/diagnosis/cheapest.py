"""The cheapest ways to reach goals by moves of which each question allows one: exact, in order.

A suffix table tells for any rest of the questions and any gap what it costs at least to close it;
with that bound, which is met exactly, a best-first search finds one way after another, cheapest
first. Costs are sums; of equal costs the way that gains more comes first, then the one of fewer
steps.
"""

import heapq
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from typing import Generic, Protocol, TypeVar

MOST_LOOKED_AT = 50_000  # ways begun; enough for a hundred questions, and a second or two


class Move(Protocol):
    """One change of one question; all costs are above zero."""

    @property
    def gain(self) -> Fraction: ...
    @property
    def cost(self) -> Fraction: ...
    @property
    def steps(self) -> int: ...


M = TypeVar("M", bound=Move)
Key = tuple[Fraction, Fraction, int]
"""Cost, gain taken negative, steps: the less the better, in this order."""


@dataclass(frozen=True, slots=True)
class Goal(Generic[M]):
    """What must be gained, and for each question the moves of which one may be made."""

    gap: Fraction
    questions: tuple[tuple[M, ...], ...]


@dataclass(frozen=True, slots=True)
class Found(Generic[M]):
    """Ways to reach all goals, cheapest first, none with a move it could do without.

    is_complete  whether there is no cheaper way, and none beside them before the last
    """

    ways: tuple[tuple[M, ...], ...]
    is_complete: bool


def cheapest(goals: Sequence[Goal[M]], wanted: int) -> Found[M]:
    """The `wanted` cheapest ways; fewer where there are no more, none where a goal is too far."""
    tables = [_suffixes(goal) for goal in goals]
    ways: list[tuple[M, ...]] = []
    for looked_at, way in enumerate(_in_order(goals, tables)):
        if looked_at >= MOST_LOOKED_AT:
            return Found(tuple(ways), is_complete=False)
        if way is not None and _needs_all(goals, way):
            ways.append(tuple(move for part in way for move in part))
            if len(ways) == wanted:
                break
    return Found(tuple(ways), is_complete=True)


@dataclass(frozen=True, slots=True)
class _Frontier:
    """What some questions can gain at each cost: costs and gains rise together."""

    gains: tuple[Fraction, ...]
    keys: tuple[Key, ...]

    def least(self, gap: Fraction) -> Key | None:
        """The best way to gain at least so much; None where they cannot."""
        if gap <= 0:
            return _NOTHING
        at = bisect_left(self.gains, gap)
        return self.keys[at] if at < len(self.keys) else None


_NOTHING: Key = (Fraction(0), Fraction(0), 0)
_Way = tuple[tuple[M, ...], ...]


def _suffixes(goal: Goal[M]) -> list[_Frontier]:
    """The frontier of the questions from each on; the last is of none."""
    best: dict[Fraction, Key] = {Fraction(0): _NOTHING}
    found = [_frontier(best)]
    for moves in reversed(goal.questions):
        made = dict(best)
        for move in moves:
            for key in best.values():
                sum_ = _add(key, move)
                if sum_[0] not in made or sum_ < made[sum_[0]]:
                    made[sum_[0]] = sum_
        best = {key[0]: key for key in _frontier(made).keys}
        found.append(_frontier(best))
    return found[::-1]


def _frontier(best: dict[Fraction, Key]) -> _Frontier:
    """Without what costs more and gains no more."""
    keys: list[Key] = []
    for cost in sorted(best):
        if not keys or -best[cost][1] > -keys[-1][1]:
            keys.append(best[cost])
    return _Frontier(tuple(-key[1] for key in keys), tuple(keys))


def _add(key: Key, move: M) -> Key:
    return key[0] + move.cost, key[1] - move.gain, key[2] + move.steps


def _plus(one: Key, other: Key) -> Key:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _in_order(
    goals: Sequence[Goal[M]], tables: Sequence[list[_Frontier]]
) -> Iterator[_Way[M] | None]:
    """Every way begun, best first; None for one that is not at its end."""
    rest = [_NOTHING]
    for goal, table in zip(reversed(goals), reversed(tables), strict=True):
        least = table[0].least(goal.gap)
        if least is None:
            return
        rest.append(_plus(rest[-1], least))
    rest.reverse()
    number = count()
    none: _Way[M] = tuple(() for _ in goals)
    # Bound, deeper first, as they came: goal, question, gap left, what is spent, the moves.
    waiting: list[tuple[Key, int, int, tuple[int, int, Fraction, Key, _Way[M]]]] = []

    def wait(at: int, question: int, gap: Fraction, spent: Key, way: _Way[M]) -> None:
        if at < len(goals):
            least = tables[at][question].least(gap)
            if least is None:
                return
            bound = _plus(_plus(spent, least), rest[at + 1])
        else:
            bound = spent
        depth = -(at * 10_000 + question)
        heapq.heappush(waiting, (bound, depth, next(number), (at, question, gap, spent, way)))

    wait(0, 0, goals[0].gap if goals else Fraction(0), _NOTHING, none)
    while waiting:
        _, _, _, (at, question, gap, spent, way) = heapq.heappop(waiting)
        if at == len(goals):
            yield way
            continue
        yield None
        if gap <= 0:
            wait(at + 1, 0, goals[at + 1].gap if at + 1 < len(goals) else Fraction(0), spent, way)
            continue
        wait(at, question + 1, gap, spent, way)
        for move in goals[at].questions[question]:
            longer = tuple((*part, move) if i == at else part for i, part in enumerate(way))
            wait(at, question + 1, gap - move.gain, _add(spent, move), longer)


def _needs_all(goals: Sequence[Goal[M]], way: _Way[M]) -> bool:
    """Whether no move could be left out, or be replaced by a cheaper one of its question."""
    for goal, moves in zip(goals, way, strict=True):
        over = sum((move.gain for move in moves), Fraction(0)) - goal.gap
        for move in moves:
            own = next(each for each in goal.questions if move in each)
            less = [each for each in own if each.cost < move.cost]
            if move.gain <= over or any(move.gain - each.gain <= over for each in less):
                return False
    return True
