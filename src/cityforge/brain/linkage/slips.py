"""What became of a name when a hand slipped: which character, where, and how telling it is.

Two full names that differ by one slip are most often one enterprise written twice; but the next
enterprise of a street, or the next branch, may be called nearly the same. So a slip is graded by
what was changed and where, and what numbers or directions tell apart is no slip at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cityforge.brain.linkage.sounds import sound
from cityforge.brain.linkage.thresholds import SLIP_GRADES

SERIAL: Final = frozenset(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ零〇一二三四五六七八九十百千两甲乙丙丁戊己庚辛壬癸"
    "东西南北中上下前后左右内外大小新老旧总分城乡"
)
"""What tells siblings apart: 第一 and 第二, 东 and 西, 大 and 小 are two enterprises."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip: its kind, and whether it lies in the brand, opening it or not."""

    kind: str
    place: str

    @property
    def grade(self) -> int:
        """How telling it is; 0 where a person must say."""
        return SLIP_GRADES.get((self.kind, self.place), 0)


def read(row: Row) -> Slip | None:
    """The slip between the two names of a pair; None where they are two names.

    `row` holds whole, core and brand of either side (l_, r_).
    """
    left, right = row["l_whole"], row["r_whole"]
    at, end = _common(left, right)
    mine, other = left[at : len(left) - end], right[at : len(right) - end]
    kind = _kind(left, right, mine, other)
    if kind is None or _tells_siblings(mine, other):
        return None
    return Slip(kind, _place(row, at, max(len(mine), len(other), 1)))


def clear(rows: Iterable[Row]) -> Iterable[tuple[Row, Slip, bool]]:
    """Every pair one slip apart, and whether neither side has a rival as near."""
    found = [(row, slip) for row in rows if (slip := read(row)) and not _number_speaks_against(row)]
    near: dict[str, dict[str, int]] = defaultdict(dict)
    for row, slip in found:
        for one, two in (("l", "r"), ("r", "l")):
            others = near[row[f"{one}_entity"]]
            other = row[f"{two}_entity"]
            others[other] = max(others.get(other, 0), slip.grade)
    for row, slip in found:
        left, right = row["l_entity"], row["r_entity"]
        rivals = [g for e, g in near[left].items() if e != right]
        rivals += [g for e, g in near[right].items() if e != left]
        yield row, slip, slip.grade > max(rivals, default=-1)


def _common(left: str, right: str) -> tuple[int, int]:
    """How many characters the two share at the front, and after that at the end."""
    shorter = min(len(left), len(right))
    at = next((i for i in range(shorter) if left[i] != right[i]), shorter)
    rest = shorter - at
    end = next((i for i in range(rest) if left[-1 - i] != right[-1 - i]), rest)
    return at, end


def _kind(left: str, right: str, mine: str, other: str) -> str | None:
    if len(left) == len(right):
        if len(mine) == 2 and mine == other[::-1]:
            return "exchanged"
        if sound(mine) == sound(other):
            return "sound" if len(mine) == 1 else "sounds"
        return "replaced" if len(mine) == 1 else None
    return "left out" if len(mine) + len(other) == 1 else None


def _tells_siblings(mine: str, other: str) -> bool:
    if len(mine) == len(other):
        return any(a != b and a in SERIAL and b in SERIAL for a, b in zip(mine, other, strict=True))
    return (mine + other) in SERIAL


def _place(row: Row, at: int, length: int) -> str:
    """Where the slip lies: the first two characters of the brand, the rest of it, or outside."""
    brand, whole = min(
        ((row[f"{s}_brand"], row[f"{s}_whole"]) for s in "lr"), key=lambda p: (len(p[0]), p)
    )
    start = whole.find(brand) if brand else -1
    if start < 0 or at >= start + len(brand) or at + length <= start:
        return "outside"
    return "opening" if at < start + 2 else "brand"


def _number_speaks_against(row: Row) -> bool:
    """Whether a number written on the left, not valid as a code, is far from the right's code."""
    stated, code = str(row["l_stated"] or ""), str(row["r_code"] or "")
    if not stated or len(stated) != len(code):
        return False
    return sum(a != b for a, b in zip(stated, code, strict=True)) > 2
