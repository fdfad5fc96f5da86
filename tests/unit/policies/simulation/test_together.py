"""The best sets of a whole population are those of every enterprise alone."""

import random

import pytest

from cityforge.brain.city.combination import Combination
from cityforge.brain.policies.best import Rule
from cityforge.brain.policies.check_up.check_up import check_up
from cityforge.brain.policies.fiscal import groupings
from cityforge.brain.policies.fiscal.outcome import Decided
from cityforge.brain.policies.fiscal.together import Together, together
from cityforge.brain.rules.row import Row

NAMES = ["research", "choice", "phased", "topped", "titled", "unpriced"]
EVIDENCE = {"source": "设例", "verified": "assumption"}


def _rule(name: str, kind: str, policies: str, cap: int = 0, **more: object) -> Rule:
    stated = {"amount": "1元"} if kind == "cap" else {}
    shape = {"id": name, "title": "则", "title_en": "rule", "kind": kind, "says": "则",
             "policies": policies.split(), "evidence": EVIDENCE}  # fmt: skip
    return Rule(Combination.model_validate(shape | stated | more), tuple(policies.split()), cap)


RULES = {
    "none": [],
    "exclusive": [_rule("x", "exclusive", "research choice topped")],
    "cap": [_rule("c", "cap", "phased topped", cap=20_000_000)],
    "allowed": [_rule("a", "allowed", "research choice", sets=[["choice"]])],
    "difference": [_rule("d", "difference", "choice topped", order=["choice", "topped"])],
    "elsewhere": [_rule("e", "exclusive", "gone research")],
    "many": [
        _rule("x", "exclusive", "research choice"),
        _rule("m", "at_most", "choice topped phased", most=2),
        _rule("c", "cap", "unpriced titled", cap=500_000),
    ],
}


def _together(town, rules: list[Rule], **more: object) -> Together:
    decided = Decided.of([(list(town.policies.values()), town.people)])
    return together(decided, rules, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", RULES)
def test_as_every_enterprise_alone(town, kind: str) -> None:
    rules = RULES[kind]
    sorted_by = groupings.all_of(town.city, town.book, town.people)
    found = _together(town, rules, groupings=sorted_by)
    rows = town.people.table.to_pylist()
    alone = [check_up(town.policies.values(), Row(row, town.people.day), rules) for row in rows]
    claimed = [sum(result.money for result in one.eligible) for one in alone]
    paid = [one.best.total for one in alone]
    assert (found.paid, found.claimed) == (sum(paid), sum(claimed))
    assert found.enterprises == sum(bool(one.eligible) for one in alone)
    assert found.reduced == sum(less < all_ for less, all_ in zip(paid, claimed, strict=True))
    for share in found.policies:
        name = share.prepared.id
        assert share.paid == sum(one.best.paid.get(name, 0) for one in alone), name
        assert share.chosen == sum(name in one.best.chosen for one in alone)
        assert share.eligible == sum(
            name in [result.prepared.id for result in one.eligible] for one in alone
        )
    for part in found.groups["district"]:
        here = [i for i, row in enumerate(rows) if row["district"] == part.key]
        assert part.paid == sum(paid[i] for i in here)
        assert part.claimed == sum(claimed[i] for i in here)
        assert part.enterprises == sum(bool(alone[i].eligible) for i in here)


def test_the_sum_of_the_parts_is_the_whole(town) -> None:
    found = _together(town, RULES["many"])
    assert sum(share.paid for share in found.policies) == found.paid < found.claimed
    assert sum(share.claimed for share in found.policies) == found.claimed
    assert [share.prepared.id for share in found.policies] != NAMES


def test_without_rules_nothing_is_searched(town) -> None:
    found = _together(town, [])
    assert (found.searched, found.tied, found.reduced) == (0, 0, 0)
    assert found.paid == found.claimed > 0


def test_enterprises_alike_share_one_search(town) -> None:
    found = _together(town, [_rule("x", "exclusive", "choice titled")])
    # Both pay the same to all: choice alone, the title alone, or both.
    assert found.searched == 3
    assert found.tied > 3


def test_random_rules(town) -> None:
    drawn = random.Random(3)
    rows = [Row(row, town.people.day) for row in town.people.table.to_pylist()[:60]]
    few = town.over(town.people.table.slice(0, 60))
    for _ in range(12):
        rules = []
        for number in range(drawn.randint(1, 3)):
            names = drawn.sample(NAMES, drawn.randint(2, 4))
            kind = drawn.choice(["exclusive", "at_most"])
            more = {"most": drawn.randint(1, 2)} if kind == "at_most" else {}
            rules.append(_rule(f"r{number}", kind, " ".join(names), **more))
        alone = sum(check_up(few.policies.values(), row, rules).best.total for row in rows)
        assert _together(few, rules).paid == alone


def test_nobody(town) -> None:
    found = _together(town.over(town.people.table.slice(0, 0)), RULES["many"])
    assert (found.enterprises, found.paid, found.claimed, found.searched) == (0, 0, 0, 0)


def test_no_policies() -> None:
    found = together(Decided.of([]), RULES["many"])
    assert (found.paid, found.policies) == (0, ())
