"""The knock-on of a correction: whose place or grade moved between two versions, and by whom."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cityforge.brain.city.scheme_scoring import BASE, HIGH, LOW
from cityforge.brain.errors import Text
from cityforge.brain.evaluation.prepared import Prepared
from cityforge.brain.evaluation.proceedings.results import BY

Bools = npt.NDArray[np.bool_]
Why = Literal["own", "override", "base", "points", "passed", "size"]

WHY: dict[Why, Text] = {
    "own": Text(zh="本企业数据更正", en="its own data were corrected"),
    "override": Text(zh="人工调整等次", en="its grade was moved by hand"),
    "base": Text(zh="基准值随更正变动", en="a base value moved with the correction"),
    "points": Text(zh="组内位次或平均得分随更正变动", en="places or averages of its group moved"),
    "passed": Text(
        zh="名次被更正的企业超过或让出", en="a corrected enterprise passed or fell back"
    ),
    "size": Text(zh="组内参评家数变动", en="the number of the ranked in its group changed"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an enterprise stood in one version; None where it was not rated."""

    status: str
    group: tuple[str | None, ...]
    total: float | None
    rank: int | None
    ranked: int | None
    grade: str | None


@dataclass(frozen=True, slots=True)
class Moved:
    """One enterprise that moved; `by` the enterprises whose correction did it, itself or others."""

    uscc: str
    name: str
    old: Place
    new: Place
    why: Why
    by: tuple[str, ...]

    @property
    def changed_grade(self) -> bool:
        return self.old.grade != self.new.grade or self.old.status != self.new.status


@dataclass(frozen=True, slots=True)
class KnockOn:
    """What moved between two versions; `corrected` the enterprises with other data in the later."""

    before: int
    after: int
    group_by: tuple[str, ...]
    corrected: tuple[str, ...]
    moved: tuple[Moved, ...]

    @property
    def grades(self) -> list[Moved]:
        """Those whose grade is another, or who are rated no longer, or only now."""
        return [one for one in self.moved if one.changed_grade]


def between(
    prepared: Prepared,
    old: pa.Table,
    new: pa.Table,
    *,
    numbers: tuple[int, int],
    corrected: Collection[str],
) -> KnockOn:
    """Who moved between two versions of a result: the same enterprises by credit code.

    corrected  those whose corrections differ between the two
    """
    keys = ("part", *prepared.scheme.groups)
    view = _View(prepared, old, new, keys)
    mine = sorted(code for code in corrected if code in view.at)
    moved = []
    for i in np.flatnonzero(view.moved).tolist():
        why, by = view.why(i, mine)
        row = view.new[i]
        was, now = _place(view.old[i], keys), _place(row, keys)
        moved.append(Moved(row["uscc"], row["name"], was, now, why, tuple(by)))
    return KnockOn(*numbers, keys, tuple(mine), tuple(moved))


def place_of(rows: pa.Table, uscc: str, keys: Sequence[str]) -> tuple[str, Place] | None:
    """The name of an enterprise and where it stands in a version; None where it is not in it."""
    mine = rows.filter(pc.equal(rows["uscc"], uscc)).to_pylist()
    return (mine[0]["name"], _place(mine[0], keys)) if mine else None


class _View:
    """Two versions side by side."""

    def __init__(
        self, prepared: Prepared, old: pa.Table, new: pa.Table, keys: Sequence[str]
    ) -> None:
        assert old["uscc"].equals(new["uscc"])
        self.keys = keys
        self.at = {code: i for i, code in enumerate(new["uscc"].to_pylist())}
        self.bases, self.withins = _bases(prepared), _withins(prepared)
        points = [f"points_{name}" for name in prepared.indicator_ids]
        told = dict.fromkeys(["status", "rank", "ranked", "grade", BY, *keys])
        named = dict.fromkeys(["uscc", "name", "total", *told, *points, *self.withins])
        columns = [*named, *(name for name in self.bases if name not in named)]
        self.old, self.new = (table.select(columns).to_pylist() for table in (old, new))
        self.points = points
        # A change of total alone moves nobody, nor does a group that grew behind one.
        seen = [name for name in told if name not in (BY, "ranked")]
        self.moved = np.zeros(len(self.new), np.bool_)
        for name in seen:
            self.moved |= _differs(old[name], new[name])

    def why(self, i: int, corrected: Sequence[str]) -> tuple[Why, Sequence[str]]:
        """What moved a row, and whose correction did."""
        old, new = self.old[i], self.new[i]
        code = new["uscc"]
        if code in corrected:
            return "own", [code]
        if old[BY] != new[BY]:
            return "override", [code]
        shared = [c for c in corrected if self._in_group(c, i)]
        if _unlike(old, new, self.bases):
            return "base", [c for c in corrected if self._shares_base(c, i)] or corrected
        if _unlike(old, new, self.points):
            return "points", shared or corrected
        passed = [c for c in shared if self._ahead(self.old, c, i) != self._ahead(self.new, c, i)]
        if passed:
            return "passed", passed
        if old["ranked"] != new["ranked"]:
            return "size", shared or corrected
        # Others of its group moved by a base that is not its own.
        return "passed", shared or corrected

    def _in_group(self, code: str, i: int) -> bool:
        there = self.at[code]
        return any(_same(table[there], table[i], self.keys) for table in (self.old, self.new))

    def _shares_base(self, code: str, i: int) -> bool:
        there = self.at[code]
        names = ["part", *self.withins]
        return any(_same(table[there], table[i], names) for table in (self.old, self.new))

    def _ahead(self, table: Sequence[Mapping[str, Any]], code: str, i: int) -> bool:
        there = self.at[code]
        one, other = table[there], table[i]
        if not _same(one, other, self.keys) or one["rank"] is None or other["rank"] is None:
            return False
        return bool(one["rank"] < other["rank"])


def _bases(prepared: Prepared) -> list[str]:
    """The columns of what values are held against."""
    return [
        f"{slot}_{name}"
        for name in prepared.indicator_ids
        for slot in (BASE, LOW, HIGH)
        if slot == BASE or prepared.needs(name, slot)
    ]


def _withins(prepared: Prepared) -> list[str]:
    """What groups the base values; an indicator with none has one for all."""
    rules = [
        reference.rule.within
        for part in prepared.parts
        for indicator in part.indicators
        for reference in indicator.references
        if reference.rule.over is not None
    ]
    shared = set.intersection(*map(set, rules)) if rules else set()
    return [name for name in prepared.scheme.withins if name in shared]


def _differs(old: pa.ChunkedArray, new: pa.ChunkedArray) -> Bools:
    pairs = zip(old.to_pylist(), new.to_pylist(), strict=True)
    return np.array([a != b for a, b in pairs], np.bool_)


def _unlike(old: Mapping[str, Any], new: Mapping[str, Any], names: Sequence[str]) -> bool:
    return any(old[name] != new[name] for name in names)


def _same(one: Mapping[str, Any], other: Mapping[str, Any], names: Sequence[str]) -> bool:
    return not _unlike(one, other, names)


def _place(row: Mapping[str, Any], keys: Sequence[str]) -> Place:
    return Place(
        row["status"],
        tuple(row[key] for key in keys),
        row["total"],
        row["rank"],
        row["ranked"],
        row["grade"],
    )
