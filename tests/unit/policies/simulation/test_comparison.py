"""Two versions over the same enterprises: every change counted once, and turned round it turns."""

from collections import Counter
from datetime import date

import pytest

from cityforge.brain.policies.fiscal import comparison, groupings
from cityforge.brain.policies.fiscal.comparison import CHANGES, Comparison

BEFORE = date(2025, 6, 1)


def _compared(town, one, other) -> Comparison:
    sorted_by = groupings.all_of(town.city, town.book, town.people)
    return comparison.compare(one, other, town.people, groupings=sorted_by)


def _kind(before: tuple[bool | None, int | None], after: tuple[bool | None, int | None]) -> str:
    (was, old), (is_, new) = before, after
    if was is not True:
        return "in" if is_ else "never"
    if is_ is not True:
        return "out"
    if old is None or new is None:
        return "unpriced"
    return "more" if new > old else "less" if new < old else "same"


@pytest.fixture
def versions(town):
    return town.of("research", day=BEFORE), town.of("research")


def test_every_change_is_that_of_rows(town, versions) -> None:
    one, other = versions
    found = _compared(town, one, other)
    pairs = list(zip(town.by_row(one), town.by_row(other), strict=True))
    kinds = [_kind(*pair) for pair in pairs]
    counts = Counter(kinds)
    assert {each.change: each.count for each in found.changes} == {
        change: counts[change] for change in CHANGES
    }
    assert min(counts["in"], counts["more"]) > 10
    for each in found.changes:
        here = [pair for pair, kind in zip(pairs, kinds, strict=True) if kind == each.change]
        assert each.before == sum(paid or 0 for (truth, paid), _ in here if truth)
        assert each.after == sum(paid or 0 for _, (truth, paid) in here if truth)
    assert found.moves == {
        (was, is_): sum((a[0], b[0]) == (was, is_) for a, b in pairs)
        for was in (True, False, None) for is_ in (True, False, None)
    }  # fmt: skip


def test_the_difference_is_that_of_the_totals(town, versions) -> None:
    found = _compared(town, *versions)
    assert found.difference == sum(each.difference for each in found.changes) != 0
    for groups in found.groups.values():
        assert sum(group.difference for group in groups) == found.difference


def test_turned_round(town, versions) -> None:
    there, back = _compared(town, *versions), _compared(town, *reversed(versions))
    turned = {"in": "out", "out": "in", "more": "less", "less": "more"}
    by_change = {each.change: each for each in back.changes}
    for each in there.changes:
        other = by_change[turned.get(each.change, each.change)]
        assert (each.count, each.before, each.after) == (other.count, other.after, other.before)
    assert there.moves == {(b, a): count for (a, b), count in back.moves.items()}
    assert [(one.uscc, one.difference) for one in there.most] == [
        (one.uscc, -one.difference) for one in back.most
    ]


def test_those_most_affected_come_first(town, versions) -> None:
    one, other = versions
    found = comparison.compare(one, other, town.people, most=5)
    rows = zip(town.by_row(one), town.by_row(other), strict=True)
    changes = [
        ((after or 0) if is_ else 0) - ((before or 0) if was else 0)
        for (was, before), (is_, after) in rows
    ]
    order = sorted(range(400), key=lambda i: (-abs(changes[i]), i))[:5]
    assert [each.row for each in found.most] == order
    assert [each.difference for each in found.most] == [changes[i] for i in order]
    assert found.most[0].name == f"企业{order[0]}"


def test_against_itself_nothing_changes(town) -> None:
    same = town.policies["choice"]
    found = _compared(town, same, same)
    assert (found.difference, found.most) == (0, ())
    assert all(not each.count for each in found.changes if each.change != "same")


def test_a_lower_threshold_only_lets_in(town) -> None:
    found = _compared(town, town.policies["research"], town.of("research", share="2%"))
    by_change = {each.change: each.count for each in found.changes}
    assert by_change["in"] > 0
    assert (by_change["out"], by_change["more"], by_change["less"]) == (0, 0, 0)


def test_nobody(town, versions) -> None:
    found = _compared(town.over(town.people.table.slice(0, 0)), *versions)
    assert (found.difference, found.most, set(found.moves.values())) == (0, (), {0})
