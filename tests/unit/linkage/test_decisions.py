"""What people decided, laid over what the machine found: held to a slow reference."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from cityforge.brain.linkage.decisions import (
    Decision,
    in_force,
    next_id,
    resting_on,
    standing,
)
from cityforge.brain.linkage.entities import Machine, conflicts, path, resolve, touched

RECORDS = [f"r{i}" for i in range(8)]


def decided(log: list[Decision], kind: str, **what: tuple[str, ...]) -> Decision:
    made = Decision(next_id(log), kind, "2025-09-30", "李", **what)  # type: ignore[arg-type]
    log.append(made)
    return made


def machine(*groups: str, ties: tuple[str, ...] = ()) -> Machine:
    """machine("abc", "d", ties=("bc",)): letters are records."""
    return Machine(
        {record: min(group) for group in groups for record in group},
        [(tie[0], tie[1]) for tie in ties],
    )


def groups_of(entity_of: dict[str, str]) -> list[str]:
    found: dict[str, list[str]] = {}
    for record in sorted(entity_of):
        found.setdefault(entity_of[record], []).append(record)
    assert all(entity == members[0] for entity, members in found.items())
    return sorted("".join(members) for members in found.values())


def test_without_decisions_the_machine_stands() -> None:
    found = machine("abc", "de", "f", ties=("bc",))
    assert resolve(found, []).entity_of == found.entity_of


def test_same_and_merge_join_what_the_machine_left_apart() -> None:
    log: list[Decision] = []
    decided(log, "same", records=("c", "f"))
    decided(log, "merge", entities=("d", "g"), seen=("d", "e", "g"))
    assert groups_of(resolve(machine("abc", "de", "f", "g"), log).entity_of) == ["abcf", "deg"]


def test_different_cuts_the_weaker_tie() -> None:
    log: list[Decision] = []
    decided(log, "different", records=("a", "c"))
    strong_left = machine("abc", ties=("ab", "bc"))
    strong_right = machine("abc", ties=("bc", "ab"))
    assert groups_of(resolve(strong_left, log).entity_of) == ["ab", "c"]
    assert groups_of(resolve(strong_right, log).entity_of) == ["a", "bc"]


def test_a_split_of_the_smallest_record_does_not_shatter_the_rest() -> None:
    log: list[Decision] = []
    decided(log, "split", records=("a",), entities=("a",), seen=tuple("abcd"))
    assert groups_of(resolve(machine("abcd"), log).entity_of) == ["a", "bcd"]


def test_what_a_split_takes_out_stays_together() -> None:
    log: list[Decision] = []
    decided(log, "same", records=("x", "y"))
    decided(log, "split", records=("a", "b"), entities=("a",), seen=tuple("abxy"))
    assert groups_of(resolve(machine("ax", "by"), log).entity_of) == ["ab", "xy"]


def test_a_later_run_never_links_what_people_keep_apart() -> None:
    log: list[Decision] = []
    decided(log, "different", records=("a", "d"))
    assert groups_of(resolve(machine("ab", "cd"), log).entity_of) == ["ab", "cd"]
    assert groups_of(resolve(machine("abcd", ties=("ab", "bd")), log).entity_of) == ["abc", "d"]


def test_a_record_that_left_the_data_still_carries_what_people_said() -> None:
    log: list[Decision] = []
    decided(log, "same", records=("a", "gone"))
    decided(log, "same", records=("gone", "b"))
    assert groups_of(resolve(machine("a", "b"), log).entity_of) == ["ab"]


def test_a_conflict_through_a_chain_names_every_decision() -> None:
    log: list[Decision] = []
    decided(log, "same", records=("a", "b"))
    decided(log, "same", records=("b", "c"))
    decided(log, "same", records=("x", "y"))
    decided(log, "different", records=("c", "a"))
    (found,) = conflicts(log)
    assert (found.left, found.right, found.apart, found.chain) == ("c", "a", "d4", ("d2", "d1"))
    assert resolve(machine("a", "b", "c"), log).conflicts == [found]


def test_ways_from_a_record_name_each_tie() -> None:
    log: list[Decision] = []
    decided(log, "same", records=("c", "d"))
    ways = path(resolve(machine("abc", "d", ties=("bc",)), log).ties, "a")
    assert [(tie.by, tie.decision) for tie in ways["d"]] == [
        ("entity", ""),
        ("machine", ""),
        ("people", "d1"),
    ]


def test_undo_and_its_undo() -> None:
    log: list[Decision] = []
    decided(log, "same", records=("a", "b"))
    decided(log, "undo", undoes=("d1",))
    assert in_force(log) == []
    decided(log, "undo", undoes=("d2",))
    assert in_force(log) == [log[0]]
    decided(log, "undo", undoes=("d1",))
    assert standing(log) == {"d3", "d4"}


def test_a_merge_of_a_shaped_entity_rests_on_what_shaped_it() -> None:
    log: list[Decision] = []
    decided(log, "different", records=("a", "z"))
    decided(log, "same", records=("p", "q"))
    decided(log, "merge", entities=("a", "f"), seen=("a", "b", "f"))
    decided(log, "split", records=("f",), entities=("a",), seen=("a", "b", "f"))
    decided(log, "merge", entities=("p", "s"), seen=("p", "q", "s"))
    assert [d.id for d in resting_on(log, ["d1"])] == ["d3", "d4"]
    assert [d.id for d in resting_on(log, ["d2"])] == ["d5"]
    assert resting_on(log, ["d4"]) == []
    decided(log, "undo", undoes=("d4",))
    assert [d.id for d in resting_on(log, ["d1"])] == ["d3"]


# --- any sequence of decisions ---------------------------------------------------------------


@st.composite
def machines(draw: st.DrawFn) -> Machine:
    labels = draw(st.lists(st.integers(0, 3), min_size=len(RECORDS), max_size=len(RECORDS)))
    firsts = {label: RECORDS[labels.index(label)] for label in labels}
    entity_of = {record: firsts[label] for record, label in zip(RECORDS, labels, strict=True)}
    pairs = st.tuples(st.sampled_from(RECORDS), st.sampled_from(RECORDS))
    ties = draw(st.lists(pairs.filter(lambda pair: pair[0] != pair[1]), max_size=6))
    return Machine(entity_of, ties)


@st.composite
def logs(draw: st.DrawFn) -> tuple[Machine, list[Decision]]:
    """Decisions as people take them: merges and splits of the entities of that moment."""
    found = draw(machines())
    log: list[Decision] = []
    for _ in range(draw(st.integers(0, 9))):
        entity_of = resolve(found, in_force(log)).entity_of
        members: dict[str, list[str]] = {}
        for record in RECORDS:
            members.setdefault(entity_of[record], []).append(record)
        kind = draw(st.sampled_from(["same", "different", "merge", "split", "undo"]))
        if kind in ("same", "different"):
            records = draw(st.permutations(RECORDS))[:2]
            decided(log, kind, records=tuple(records))
        elif kind == "merge" and len(members) > 1:
            chosen = tuple(draw(st.permutations(sorted(members)))[:2])
            seen = tuple(record for entity in chosen for record in members[entity])
            decided(log, kind, entities=chosen, seen=seen)
        elif kind == "split" and any(len(m) > 1 for m in members.values()):
            entity = draw(st.sampled_from([e for e, m in members.items() if len(m) > 1]))
            whole = members[entity]
            count = draw(st.integers(1, len(whole) - 1))
            out = tuple(draw(st.permutations(whole))[:count])
            decided(log, kind, records=out, entities=(entity,), seen=tuple(whole))
        elif kind == "undo" and log:
            decided(log, kind, undoes=(draw(st.sampled_from(log)).id,))
    return found, log


def slow_in_force(log: list[Decision]) -> list[Decision]:
    """Undone is what any standing later undo names; asked anew for every line."""

    def stands(decision: Decision) -> bool:
        later = log[log.index(decision) + 1 :]
        return not any(u.kind == "undo" and decision.id in u.undoes and stands(u) for u in later)

    return [decision for decision in log if decision.kind != "undo" and stands(decision)]


def slow_groups(found: Machine, decisions: list[Decision]) -> list[set[str]]:
    """The rule as written: sets of records, and every pair of a machine's entity tried in order."""
    groups = [{record} for record in RECORDS]
    apart = [pair for decision in decisions for pair in decision.apart()]

    def join(left: str, right: str, *, always: bool) -> None:
        one = next(group for group in groups if left in group)
        other = next(group for group in groups if right in group)
        forbidden = any((a in one and b in other) or (b in one and a in other) for a, b in apart)
        if one is not other and (always or not forbidden):
            groups.remove(other)
            one |= other

    for decision in decisions:
        for other in decision.joined:
            join(decision.joined[0], other, always=True)
    for decision in decisions:
        if decision.kind == "split":
            for other in decision.records:
                join(decision.records[0], other, always=False)
    entity_of = found.entity_of
    for left, right in found.ties:
        if entity_of[left] == entity_of[right]:
            join(left, right, always=False)
    for left, right in combinations(RECORDS, 2):
        if entity_of[left] == entity_of[right]:
            join(left, right, always=False)
    return groups


@given(logs())
@settings(max_examples=400, deadline=None)
def test_entities_equal_the_slow_reference(case: tuple[Machine, list[Decision]]) -> None:
    found, log = case
    decisions = in_force(log)
    assert decisions == slow_in_force(log)
    wanted = sorted("".join(sorted(group)) for group in slow_groups(found, decisions))
    assert groups_of(resolve(found, decisions).entity_of) == wanted


@given(logs())
@settings(max_examples=200, deadline=None)
def test_the_touched_entities_alone_give_the_same(case: tuple[Machine, list[Decision]]) -> None:
    found, log = case
    decisions = in_force(log)
    entities = touched(found.entity_of, decisions)
    part = {r: e for r, e in found.entity_of.items() if e in entities}
    ties = [tie for tie in found.ties if tie[0] in part and tie[1] in part]
    laid_over = {**found.entity_of, **resolve(Machine(part, ties), decisions).entity_of}
    assert laid_over == resolve(found, decisions).entity_of


@given(logs())
@settings(max_examples=200, deadline=None)
def test_undoing_everything_gives_back_the_machine(case: tuple[Machine, list[Decision]]) -> None:
    found, log = case
    while held := in_force(log):
        decided(log, "undo", undoes=(held[0].id, *(d.id for d in resting_on(log, [held[0].id]))))
    assert resolve(found, in_force(log)).entity_of == found.entity_of


@given(logs())
@settings(max_examples=300, deadline=None)
def test_what_is_kept_apart_is_apart_or_named(case: tuple[Machine, list[Decision]]) -> None:
    found, log = case
    decisions = in_force(log)
    resolved = resolve(found, decisions)
    named = {conflict.apart for conflict in resolved.conflicts}
    held = {decision.id for decision in decisions}
    for decision in decisions:
        met = [pair for pair in decision.apart() if len({resolved.entity_of[r] for r in pair}) == 1]
        assert bool(met) == (decision.id in named)
    for conflict in resolved.conflicts:
        assert conflict.chain
        assert {conflict.apart, *conflict.chain} <= held
