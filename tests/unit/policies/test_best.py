"""The best set by hand: each kind of combination, ties, what stands against what."""

import pytest

from cityforge.brain.city.combination import Combination
from cityforge.brain.errors import ValueRefused
from cityforge.brain.policies import best
from cityforge.brain.policies.best import BestSet, Rule, best_set

EVIDENCE = {"source": "设例", "verified": "assumption"}


def _rule(kind: str, names: str, cap: int = 0, **more: object) -> Rule:
    stated = {"amount": "1元"} if kind == "cap" else {}
    shape = {"id": kind, "title": "则", "title_en": "rule", "kind": kind, "says": "则",
             "policies": names.split(), "evidence": EVIDENCE}  # fmt: skip
    return Rule(Combination.model_validate(shape | stated | more), tuple(names.split()), cap)


def _best(amounts: dict[str, int], *rules: Rule) -> BestSet:
    return best_set(amounts, rules)


def test_without_rules_all_is_taken() -> None:
    found = _best({"a": 100, "b": 0, "c": 7})
    assert (found.chosen, found.total, dict(found.left_out)) == (("a", "b", "c"), 107, {})


def test_of_exclusive_ones_the_highest() -> None:
    found = _best({"a": 100, "b": 300, "c": 200}, _rule("exclusive", "a b c"))
    assert (found.chosen, found.total) == (("b",), 300)
    assert dict(found.left_out) == {"a": ("exclusive",), "c": ("exclusive",)}


def test_two_smaller_beside_a_larger_that_excludes_both() -> None:
    pair = _rule("exclusive", "a b")
    other = _rule("exclusive", "a c")
    found = _best({"a": 300, "b": 200, "c": 150}, pair, other)
    assert (found.chosen, found.total) == (("b", "c"), 350)


def test_so_many_a_year() -> None:
    found = _best({"a": 5, "b": 9, "c": 7}, _rule("at_most", "a b c", most=2))
    assert (found.chosen, found.total) == (("b", "c"), 16)


def test_a_cap_cuts_what_exceeds_it() -> None:
    found = _best({"a": 150, "b": 100, "c": 80}, _rule("cap", "a b", cap=200))
    assert (found.chosen, dict(found.paid)) == (("a", "b", "c"), {"a": 150, "b": 50, "c": 80})


def test_what_a_cap_leaves_nothing_is_not_chosen() -> None:
    found = _best({"a": 200, "b": 100}, _rule("cap", "a b", cap=200))
    assert (found.chosen, found.total, dict(found.left_out)) == (("a",), 200, {"b": ()})


def test_caps_one_within_the_other() -> None:
    inner, outer = _rule("cap", "a b", cap=120), _rule("cap", "a b c", cap=180)
    found = _best({"a": 100, "b": 100, "c": 100}, inner, outer)
    assert found.total == 180


def test_either_of_two_beside_a_third() -> None:
    sets = [["equipment", "insurance"], ["equipment", "lease"]]
    rule = _rule("allowed", "equipment insurance lease", sets=sets)
    found = _best({"equipment": 500, "insurance": 40, "lease": 200}, rule)
    assert (found.chosen, found.total) == (("equipment", "lease"), 700)


def test_a_higher_title_pays_the_difference() -> None:
    rule = _rule("difference", "city province nation", order=["city", "province", "nation"])
    found = _best({"city": 20, "province": 50, "nation": 100}, rule)
    assert dict(found.paid) == {"city": 20, "province": 30, "nation": 50}
    assert found.total == 100


def test_what_two_orders_share_is_deducted_once() -> None:
    ladder = _rule("difference", "city province nation", order=["city", "province", "nation"])
    local = _rule("difference", "city nation", order=["city", "nation"])
    amounts = {"city": 20, "province": 50, "nation": 100}
    for rules in ((ladder, local), (local, ladder)):
        assert dict(_best(amounts, *rules).paid) == {"city": 20, "province": 30, "nation": 50}


def test_a_lower_one_that_only_takes_from_the_higher_is_left() -> None:
    """The lower one's cap would lose what the higher one could have paid."""
    order = _rule("difference", "low high", order=["low", "high"])
    cap = _rule("cap", "low other", cap=10)
    found = _best({"low": 40, "high": 100, "other": 10}, order, cap)
    assert (found.chosen, found.total) == (("high", "other"), 110)


def test_of_equal_ones_more_policies_then_earlier_ids() -> None:
    found = _best({"a": 10, "b": 10, "c": 0}, _rule("exclusive", "a b"))
    assert found.chosen == ("a", "c")
    apart = _best({"a": 10, "b": 5, "c": 5}, _rule("exclusive", "a b"), _rule("exclusive", "a c"))
    assert apart.chosen == ("b", "c")


def test_rules_on_policies_not_at_hand_do_nothing() -> None:
    found = _best({"a": 10}, _rule("exclusive", "a b"), _rule("cap", "x y", cap=1))
    assert (found.chosen, found.total) == (("a",), 10)


def test_sixty_policies_under_ten_rules_are_quick() -> None:
    amounts = {f"p{i:02}": 100 + i for i in range(60)}
    rules = [_rule("exclusive", " ".join(f"p{i:02}" for i in range(s, s + 6))) for s in
             range(0, 60, 6)]  # fmt: skip
    found = _best(amounts, *rules, _rule("at_most", " ".join(amounts), most=4))
    assert found.total == 159 + 153 + 147 + 141
    assert found.branches < 10_000


def test_beyond_the_limit_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(best, "MOST_BRANCHES", 3)
    with pytest.raises(ValueRefused, match="3 policies"):
        _best({"a": 10, "b": 9, "c": 8}, _rule("at_most", "a b c", most=2))
