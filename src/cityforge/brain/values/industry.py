"""Industry codes, GB/T 4754-2017: all 1,970 nodes, their places in the tree, search by name.

A code may bear its section's letter (C26, C2631) or not (26, 2631); inside, nodes go without.
"""

import functools
import importlib.resources
from dataclasses import dataclass
from typing import Literal

from cityforge.brain.errors import Text, ValueRefused
from cityforge.brain.values.spelling import half_width

Level = Literal["section", "division", "group", "class"]
"""门类, 大类, 中类, 小类."""

LEVEL_NAMES: dict[Level, str] = {
    "section": "门类",
    "division": "大类",
    "group": "中类",
    "class": "小类",
}
_LEVELS: dict[int, Level] = {2: "division", 3: "group", 4: "class"}


@dataclass(frozen=True, slots=True)
class Industry:
    """One node. `note` is empty, or says how the row was repaired against its public source."""

    code: str
    name: str
    section: str
    parent_code: str
    note: str

    @property
    def level(self) -> Level:
        return "section" if self.code.isalpha() else _LEVELS[len(self.code)]

    @property
    def full_code(self) -> str:
        """The code with its section's letter: C2631."""
        return self.code if self.level == "section" else self.section + self.code

    @property
    def parent(self) -> "Industry | None":
        return _nodes()[self.parent_code] if self.parent_code else None

    @property
    def children(self) -> tuple["Industry", ...]:
        return tuple(_nodes()[code] for code in _children().get(self.code, ()))

    @property
    def path(self) -> tuple["Industry", ...]:
        """From the section down to this node."""
        return (*self.parent.path, self) if self.parent else (self,)


def get(code: str) -> Industry:
    """The node of a code as "C26", "26", "C2631", "2631" or "C".

    Raises ValueRefused for an unknown code, naming the nearest node above it that exists, and for
    a letter that is not the section of the digits.
    """
    folded = half_width(code).strip().upper()
    letter, digits = (folded[:1], folded[1:]) if folded[:1].isalpha() else ("", folded)
    found = _nodes().get(digits or letter)
    if found is None:
        raise _unknown(code, digits)
    if letter and found.section != letter:
        raise ValueRefused(
            Text(
                zh=f"“{code}”的门类字母不对：{digits} 属于门类 {found.section}",
                en=f"the letter of “{code}” is wrong: {digits} belongs to section {found.section}",
            ),
            Text(zh=f"写成 {found.full_code}", en=f"write {found.full_code}"),
            0,
        )
    return found


def is_within(code: str, above: str) -> bool:
    """Whether `code` is `above` or lies under it: is_within("2631", "C26")."""
    return get(above) in get(code).path


def everything() -> tuple[Industry, ...]:
    """All nodes in the order of the standard."""
    return tuple(_nodes().values())


def titled(code: str) -> Text:
    """A code with its name, as a table shows it; an unknown code alone. English has names of the
    industrial divisions only."""
    node = _nodes().get(code)
    if node is None:
        return Text(zh=code, en=code)
    return Text(zh=f"{code} {node.name}", en=f"{code} {_english().get(code, node.name)}")


def search(text: str, limit: int = 10) -> tuple[Industry, ...]:
    """Nodes whose names hold `text`, then those that share character pairs with it, best first.

    The order is stable: exact, beginning with, holding, likeness; then broader level, then code.
    """
    wanted = half_width(text).strip()
    if not wanted:
        return ()
    ranked = [(rank, node) for node in everything() if (rank := _rank(wanted, node.name))]
    ranked.sort(key=lambda pair: (-pair[0], len(pair[1].code), pair[1].code))
    return tuple(node for _, node in ranked[:limit])


def _rank(wanted: str, name: str) -> float:
    """4 exact, 3 at the beginning, 2 inside, below 1 by likeness (Dice of character pairs)."""
    if wanted == name:
        return 4
    if wanted in name:
        return 3 if name.startswith(wanted) else 2
    pairs, own = _pairs(wanted), _pairs(name)
    return 2 * len(pairs & own) / (len(pairs) + len(own)) if pairs & own else 0


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))


def _unknown(code: str, digits: str) -> ValueRefused:
    above = next(
        (_nodes()[digits[:n]] for n in range(len(digits) - 1, 1, -1) if digits[:n] in _nodes()),
        None,
    )
    if above is None:
        hint = Text(
            zh="代码形如 C26、C2631；门类是字母 A—T",
            en="codes look like C26 or C2631; sections are the letters A to T",
        )
    else:
        hint = Text(
            zh=f"最近的上级是 {above.full_code} {above.name}",
            en=f"the nearest above it is {above.full_code} {above.name}",
        )
    return ValueRefused(
        Text(zh=f"GB/T 4754-2017 没有行业代码“{code}”", en=f"GB/T 4754-2017 has no code “{code}”"),
        hint,
    )


@functools.cache
def _nodes() -> dict[str, Industry]:
    table = importlib.resources.files(__package__) / "tables" / "industry.tsv"
    lines = [x for x in table.read_text(encoding="utf-8").splitlines() if not x.startswith("#")]
    nodes = {}
    for line in lines[1:]:
        code, name, parent, section, note = line.split("\t")
        nodes[code] = Industry(code, name, section, parent, note)
    return nodes


@functools.cache
def _english() -> dict[str, str]:
    table = importlib.resources.files(__package__) / "tables" / "divisions_en.tsv"
    lines = [x for x in table.read_text(encoding="utf-8").splitlines() if not x.startswith("#")]
    return dict(line.split("\t") for line in lines[1:])


@functools.cache
def _children() -> dict[str, list[str]]:
    children: dict[str, list[str]] = {}
    for node in _nodes().values():
        children.setdefault(node.parent_code, []).append(node.code)
    return children
