"""The best set against every subset there is, and against the greedy choice."""

import random
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cityforge.brain.city.combination import Combination
from cityforge.brain.policies.best import Rule, best_set

SEED = 20261124
CASES = 500
EVIDENCE = {"source": "设例", "verified": "assumption"}

Case = tuple[dict[str, int], list[Rule]]
Matrix = npt.NDArray[np.int64]


def _rule(kind: str, names: Sequence[str], number: int, cap: int = 0, **more: object) -> Rule:
    stated = {"amount": f"{cap / 100}元"} if kind == "cap" else {}
    shape = {"id": f"r{number}", "title": "则", "title_en": "rule", "kind": kind, "says": "则",
             "policies": list(names), "evidence": EVIDENCE}  # fmt: skip
    return Rule(Combination.model_validate(shape | stated | more), tuple(names), cap)


def _case(draw: random.Random) -> Case:
    """Twelve to fourteen candidates under rules of at least three kinds; caps nested or apart."""
    names = [f"p{i:02}" for i in range(draw.randint(12, 14))]
    amounts = {name: draw.choice([0, 1, 2, 3, 5, 8, 10, 20, 30]) * 1_000_001 for name in names}
    rules: list[Rule] = []
    kinds = draw.sample(["exclusive", "at_most", "cap", "allowed", "difference"], 4)
    for kind in [*kinds, *kinds]:
        inside = sorted(draw.sample(names, draw.randint(3, 7)))
        number = len(rules)
        if kind == "exclusive":
            rules.append(_rule(kind, inside[:4], number))
        elif kind == "at_most":
            rules.append(_rule(kind, inside, number, most=draw.randint(1, 3)))
        elif kind == "allowed":
            sets = [draw.sample(inside, draw.randint(1, 3)) for _ in range(3)]
            rules.append(_rule(kind, inside, number, sets=sets))
        elif kind == "difference":
            draw.shuffle(inside)
            rules.append(_rule(kind, inside[:3], number, order=inside[:3]))
        else:
            outer = [rule for rule in rules if rule.kind == "cap"]
            pool = outer[0].policies if outer else tuple(names)
            inside = sorted(draw.sample(pool, min(len(pool) - 1, draw.randint(2, 6))))
            cap = draw.randint(1, 40) * 500_000
            if len(inside) >= 2:
                rules.append(_rule(kind, inside, number, cap))
    return amounts, rules


def _every_subset(amounts: dict[str, int], rules: list[Rule]) -> tuple[Matrix, Matrix]:
    """What every lawful subset pays in all, and how many are in it; by bits, one row a subset."""
    names = sorted(amounts)
    place = {name: i for i, name in enumerate(names)}
    masks = np.arange(1 << len(names))
    is_in = (masks[:, None] >> np.arange(len(names))) & 1
    due = is_in * np.array([amounts[name] for name in names])
    below = np.zeros_like(due)
    lawful = np.ones(len(masks), dtype=bool)
    for rule in rules:
        here = [place[name] for name in rule.policies]
        count = is_in[:, here].sum(axis=1)
        if rule.kind in ("exclusive", "at_most"):
            lawful &= count <= (rule.combination.most or 1)
        elif rule.kind == "allowed":
            outside = [
                is_in[:, [p for p in here if names[p] not in one]].sum(axis=1)
                for one in rule.combination.sets or ()
            ]
            lawful &= np.min(outside, axis=0) == 0
        elif rule.kind == "difference":
            reached = np.zeros(len(masks), dtype=np.int64)
            for name in rule.combination.order or ():
                below[:, place[name]] = np.maximum(below[:, place[name]], reached)
                reached = np.maximum(reached, due[:, place[name]])
    caps = sorted((r for r in rules if r.kind == "cap"), key=lambda r: len(r.policies))
    total = np.maximum(due - below, 0).astype(float)
    for rule in caps:
        # Shares of a group shrink alike: another way to the same sum than cutting one by one.
        here = [place[name] for name in rule.policies]
        group = total[:, here].sum(axis=1)
        shrink = np.minimum(1.0, rule.cap / np.maximum(group, 1))
        total[:, here] *= shrink[:, None]
    return np.where(lawful, np.rint(total.sum(axis=1)), -1).astype(np.int64), is_in.sum(axis=1)


def _greedy(amounts: dict[str, int], rules: list[Rule]) -> int:
    """The largest first, whatever is still allowed."""
    chosen: frozenset[str] = frozenset()
    for name in sorted(amounts, key=lambda name: (-amounts[name], name)):
        if all(rule.allows(chosen | {name}) for rule in rules):
            chosen |= {name}
    worth, _ = _every_subset(amounts, rules)
    names = sorted(amounts)
    return int(worth[sum(1 << names.index(name) for name in chosen)])


def test_best_set_is_the_best_of_all_subsets_and_greed_is_not() -> None:
    draw = random.Random(SEED)
    greedy_wrong = 0
    for number in range(CASES):
        amounts, rules = _case(draw)
        assert len({rule.kind for rule in rules}) >= 3
        worth, _ = _every_subset(amounts, rules)
        found = best_set(amounts, rules)
        assert found.total == worth.max(), f"seed {SEED}, case {number}"
        assert sum(found.paid.values()) == found.total
        assert all(rule.allows(frozenset(found.chosen)) for rule in rules)
        greedy_wrong += _greedy(amounts, rules) < found.total
    assert greedy_wrong >= 0.3 * CASES, f"greedy was wrong in {greedy_wrong} of {CASES}"
