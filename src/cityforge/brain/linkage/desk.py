"""The desk where people decide: what was found, what was decided, and the checks before a line.

A decision that would contradict another is refused with the ids of those it contradicts, so that
the log holds no conflict unless somebody wrote one into it by hand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from cityforge.brain.errors import DataRefused, Problem, Text
from cityforge.brain.linkage import journal
from cityforge.brain.linkage.decisions import (
    Decision,
    in_force,
    next_id,
    resting_on,
    standing,
)
from cityforge.brain.linkage.entities import (
    Conflict,
    Groups,
    Resolved,
    conflicts,
    resolve,
    touched,
)
from cityforge.brain.linkage.found import Found


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision in the log; `is_new` is False where the log said so already."""

    decision: Decision
    is_new: bool


class Desk:
    """One folder of links at one moment, with the decisions laid over it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.found = Found(folder)
        self.log = journal.read(folder)
        self.decisions = in_force(self.log.decisions)
        self._machine: dict[str, str] = {}

    @cached_property
    def laid_over(self) -> Resolved:
        """The entities that decisions speak of, as they hold; all others stay the machine's."""
        named = {record for decision in self.decisions for record in decision.touched}
        of_named = {record: link.entity for record, link in self.found.links(named).items()}
        return resolve(self.found.machine(touched(of_named, self.decisions)), self.decisions)

    @cached_property
    def said(self) -> Groups:
        """What people joined and keep apart, without the machine."""
        groups = Groups()
        for decision in self.decisions:
            _say(groups, decision)
        return groups

    def entities(self, records: Iterable[str]) -> dict[str, str]:
        """The entity of each record as it holds; records that are in no data are left out."""
        wanted = set(records)
        over = self.laid_over.entity_of
        # A sheet asks row by row: what was read once is kept.
        unread = wanted - over.keys() - self._machine.keys()
        self._machine |= {r: link.entity for r, link in self.found.links(unread).items()}
        known = self._machine | over
        return {record: known[record] for record in wanted & known.keys()}

    def members(self, entity: str) -> list[str]:
        """The records of an entity as it holds, in order; empty when there is none of that name."""
        over = self.laid_over.entity_of
        if entity in over:
            return sorted(record for record, name in over.items() if name == entity)
        return sorted(self.found.members([entity]))

    def problems(self) -> list[Problem]:
        """The conflicts among what people decided."""
        return [self.conflict_in_words(conflict) for conflict in self.laid_over.conflicts]

    def conflict_in_words(self, conflict: Conflict) -> Problem:
        chain = "、".join(conflict.chain)
        return self.problem(
            conflict.apart,
            Text(
                zh=f"{conflict.apart} 说 {conflict.left} 与 {conflict.right} 不是同一企业，"
                f"{chain} 合起来说是",
                en=f"{conflict.apart} keeps {conflict.left} and {conflict.right} apart, "
                f"but {chain} join them",
            ),
            Text(
                zh=f"撤销其中一条：cityforge link undo …（{conflict.apart} 或 {chain}）",
                en=f"Undo one of them: {conflict.apart} or {chain}.",
            ),
        )

    def problem(self, decision: str, what: Text, hint: Text) -> Problem:
        """A Problem at the line of a decision; the whole log where it has none yet."""
        ids = [each.id for each in self.log.decisions]
        line = ids.index(decision) + 1 if decision in ids else 0
        return Problem(journal.LOG, line, 0, what, hint)


def decide(folder: Path, wish: Decision, *, by: str, at: str) -> Taken:
    """Take one decision: same, different, merge or split. Raises DataRefused with every reason."""
    with journal.locked(folder):
        desk = Desk(folder)
        decision = replace(wish, id=next_id(desk.log.decisions), by=by, at=at)
        if decision.kind in ("merge", "split"):
            decision = replace(decision, seen=_seen(desk, decision))
        if old := already(desk, decision):
            return Taken(old, is_new=False)
        if problems := faults(desk, decision):
            raise DataRefused(problems)
        journal.append(folder, desk.log, [decision])
    return Taken(decision, is_new=True)


def undo(folder: Path, ids: Sequence[str], *, by: str, at: str, with_later: bool) -> Taken:
    """Let decisions hold no longer; an undo is a decision and may be undone.

    Raises DataRefused where later decisions rest on them (unless `with_later` undoes those too),
    and where what is brought back would contradict what was decided since.
    """
    with journal.locked(folder):
        desk = Desk(folder)
        log = desk.log.decisions
        problems = _not_standing(desk, ids)
        later = [] if problems else resting_on(log, ids)
        if later and not with_later:
            problems = [_rests(desk, decision, ids) for decision in later]
        if problems:
            raise DataRefused(problems)
        undoes = (*ids, *(decision.id for decision in later))
        decision = Decision(next_id(log), "undo", at, by, undoes=undoes)
        before = conflicts(desk.decisions)
        after = conflicts(in_force([*log, decision]))
        if brought := [conflict for conflict in after if conflict not in before]:
            raise DataRefused([desk.conflict_in_words(conflict) for conflict in brought])
        journal.append(folder, desk.log, [decision])
    return Taken(decision, is_new=True)


def already(desk: Desk, decision: Decision) -> Decision | None:
    """The decision in force that says the very same."""
    return next(
        (
            old
            for old in desk.decisions
            if old.kind == decision.kind
            and set(old.records) == set(decision.records)
            and set(old.entities) == set(decision.entities)
            and (old.kind != "merge" or len(set(desk.entities(old.entities).values())) == 1)
        ),
        None,
    )


def faults(desk: Desk, decision: Decision) -> list[Problem]:
    """Everything that keeps a decision out of the log."""
    if problems := _unknown(desk, decision) + _misfits(desk, decision):
        return problems
    if problems := _kept_apart(desk, decision):
        return problems
    left, *others = decision.joined or ("",)
    clashes = any(not desk.said.may_join(left, other) for other in others) or any(
        desk.said.of(a) == desk.said.of(b) for a, b in decision.apart()
    )
    if not clashes:
        return []
    before = conflicts(desk.decisions)
    after = conflicts([*desk.decisions, decision])
    return [desk.conflict_in_words(new) for new in after if new not in before]


def note(desk: Desk, decision: Decision) -> None:
    """Count a decision as taken on this desk, before it is written."""
    _say(desk.said, decision)
    desk.decisions.append(decision)
    desk.log.decisions.append(decision)


def _say(groups: Groups, decision: Decision) -> None:
    for other in decision.joined[1:]:
        groups.join(decision.joined[0], other)
    for left, right in decision.apart():
        groups.keep_apart(left, right)


def _seen(desk: Desk, decision: Decision) -> tuple[str, ...]:
    return tuple(record for entity in decision.entities for record in desk.members(entity))


def _unknown(desk: Desk, decision: Decision) -> list[Problem]:
    """Records and entities that the links do not hold."""
    named = (*decision.records, *decision.entities)
    entities = desk.entities(named)
    problems = []
    for record in named:
        if record not in entities:
            problems.append(
                desk.problem(
                    "",
                    Text(
                        zh=f"关联结果中没有记录“{record}”", en=f"no record '{record}' in the links"
                    ),
                    Text(
                        zh="编号照 cityforge link review 或 why 打印的写",
                        en="Write ids as cityforge link review or why prints them.",
                    ),
                )
            )
    for entity in decision.entities:
        if entities.get(entity, entity) != entity:
            whole = entities[entity]
            problems.append(
                desk.problem(
                    "",
                    Text(
                        zh=f"“{entity}”不是实体，它是实体 {whole} 的一条记录",
                        en=f"'{entity}' is no entity but a record of {whole}",
                    ),
                    Text(zh=f"写 {whole}", en=f"Write {whole}."),
                )
            )
    return problems


def _misfits(desk: Desk, decision: Decision) -> list[Problem]:
    """Too few records, the same one twice, or records of another entity."""
    named = decision.entities if decision.kind == "merge" else decision.records
    what = None
    if len(set(named)) != len(named):
        what = Text(zh="同一个编号写了两次", en="the same id is named twice")
    elif decision.kind == "split":
        strangers = [record for record in decision.records if record not in decision.seen]
        if strangers:
            names = "、".join(strangers)
            what = Text(
                zh=f"{names} 不在实体 {decision.entities[0]} 中",
                en=f"{names} is not in entity {decision.entities[0]}",
            )
        elif not decision.stayed:
            what = Text(zh="不能把全部记录都拆出去", en="not every record can be taken out")
    if what is None:
        return []
    hint = Text(
        zh="用 cityforge link why 查看实体有哪些记录", en="cityforge link why lists the records."
    )
    return [desk.problem("", what, hint)]


def _kept_apart(desk: Desk, decision: Decision) -> list[Problem]:
    """merge: records of the two entities that people keep apart; one would silently fall out."""
    if decision.kind != "merge":
        return []
    named = {r for d in desk.decisions for pair in d.apart() for r in pair} & set(decision.seen)
    problems = []
    for old in desk.decisions:
        clash = next(((a, b) for a, b in old.apart() if a in named and b in named), None)
        if clash:
            problems.append(
                desk.problem(
                    old.id,
                    Text(
                        zh=f"{old.id} 说 {clash[0]} 与 {clash[1]} 不是同一企业",
                        en=f"{old.id} keeps {clash[0]} and {clash[1]} apart",
                    ),
                    Text(
                        zh=f"先撤销 {old.id}，或只对两条记录用 cityforge link same",
                        en=f"Undo {old.id} first, or use cityforge link same on two records.",
                    ),
                )
            )
    return problems


def _not_standing(desk: Desk, ids: Sequence[str]) -> list[Problem]:
    log = desk.log.decisions
    held, known = standing(log), {decision.id for decision in log}
    problems = []
    for id in ids:
        if id in held:
            continue
        by = [d.id for d in log if id in d.undoes and d.id in held]
        what = Text(zh=f"没有决定“{id}”", en=f"no decision '{id}'")
        hint = Text(zh="编号见 cityforge link history", en="cityforge link history prints the ids.")
        if id in known:
            what = Text(zh=f"{id} 已由 {by[0]} 撤销", en=f"{id} was undone by {by[0]}")
            hint = Text(zh=f"要恢复它，撤销 {by[0]}", en=f"To bring it back, undo {by[0]}.")
        problems.append(desk.problem(id, what, hint))
    return problems


def _rests(desk: Desk, later: Decision, ids: Sequence[str]) -> Problem:
    names = "、".join(ids)
    return desk.problem(
        later.id,
        Text(zh=f"{later.id} 是在 {names} 的结果上作的", en=f"{later.id} rests on {names}"),
        Text(
            zh="先撤销它，或加 --with-later 一并撤销",
            en="Undo it first, or undo them together with --with-later.",
        ),
    )
