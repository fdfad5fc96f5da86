"""What people decided about records and entities: a log that only grows, and what of it holds.

A record is one row of one source; an entity is the records that are one enterprise. An entity bears
the name of its smallest record, so whoever names an entity names a record that was in it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["same", "different", "merge", "split", "undo"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the log.

    records    same, different: the two records; split: those taken out of the entity
    entities   merge: the entities made one; split: the entity taken apart
    seen       merge, split: every record those entities held when it was decided
    undoes     undo: the ids that hold no longer
    """

    id: str
    kind: Kind
    at: str
    by: str
    records: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    undoes: tuple[str, ...] = ()
    note: str = ""

    @property
    def joined(self) -> tuple[str, ...]:
        """Records that must be in one entity; empty when it joins nothing."""
        return {"same": self.records, "merge": self.entities}.get(self.kind, ())

    @property
    def stayed(self) -> tuple[str, ...]:
        """split: the records that stayed when the others were taken out."""
        taken = set(self.records)
        return tuple(r for r in self.seen if r not in taken) if self.kind == "split" else ()

    @property
    def touched(self) -> frozenset[str]:
        """Every record that it says something about."""
        return frozenset((*self.records, *self.entities, *self.seen))

    def apart(self) -> Iterable[tuple[str, str]]:
        """Pairs that must never be in one entity."""
        if self.kind == "different":
            yield self.records[0], self.records[1]
        for left in self.records:
            for right in self.stayed:
                yield left, right


def standing(log: Sequence[Decision]) -> set[str]:
    """The ids that hold, undos among them: an undo names earlier lines and may itself be undone."""
    held = {decision.id for decision in log}
    for decision in reversed(log):
        if decision.kind == "undo" and decision.id in held:
            held.difference_update(decision.undoes)
    return held


def in_force(log: Sequence[Decision]) -> list[Decision]:
    """What people say today about records, in the order it was said: no undos, nothing undone."""
    held = standing(log)
    return [decision for decision in log if decision.id in held and decision.kind != "undo"]


def resting_on(log: Sequence[Decision], ids: Iterable[str]) -> list[Decision]:
    """Later merges and splits of entities that one of these decisions had shaped, in log order.

    Who merged or split an entity looked at it as it then was: as the earlier decisions made it. A
    later decision rests on an earlier one when the entity it is about held a record that the
    earlier one names; and on what rests on that, in turn.
    """
    held = standing(log)
    shaped = _touched(log)
    moved = set(ids)
    records: set[str] = set()
    found = []
    for decision in log:
        if decision.id in moved:
            records |= shaped[decision.id]
        elif (
            decision.id in held
            and decision.kind in ("merge", "split")
            and not records.isdisjoint(decision.seen)
        ):
            found.append(decision)
            records |= shaped[decision.id]
    return found


def next_id(log: Sequence[Decision]) -> str:
    """The id of the next line: d1, d2 …"""
    return f"d{max((int(decision.id[1:]) for decision in log), default=0) + 1}"


def _touched(log: Sequence[Decision]) -> dict[str, frozenset[str]]:
    """The records of each line; those of an undo are the records of what it undoes."""
    touched: dict[str, frozenset[str]] = {}
    for decision in log:
        touched[decision.id] = decision.touched.union(
            *(touched[undone] for undone in decision.undoes)
        )
    return touched
