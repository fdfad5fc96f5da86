"""The place words that names and addresses begin with; which places is the caller's to say."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from cityforge.brain.errors import ValueRefused
from cityforge.brain.values import region

_ENDINGS = ("特别行政区", "自治区", "自治州", "自治县", "地区", "省", "市", "区", "县", "盟", "旗")
_PEOPLES = ("维吾尔", "壮族", "回族")
_PROVINCES = (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55),
              *range(61, 66), 71, 81, 82)  # fmt: skip


def bare(place: str) -> str:
    """A place without the word for its kind (海陵区 -> 海陵); one of two characters stays whole."""
    for ending in _ENDINGS:
        if place.endswith(ending) and len(place) - len(ending) >= 2:
            stem = place.removesuffix(ending)
            for people in _PEOPLES:
                stem = stem.removesuffix(people)
            return stem
    return place


class Places:
    """Place words, each in full and bare, longest first when they are looked for."""

    def __init__(self, names: Iterable[str]) -> None:
        self._bare = {word: bare(name) for name in names for word in (bare(name), name)}
        self._longest = max(map(len, self._bare), default=0)

    def leading(self, text: str, keep: int = 2) -> tuple[tuple[str, ...], int]:
        """The bare places that `text` begins with, and how many characters they take.

        At least `keep` characters are left over.
        """
        found: list[str] = []
        at = 0
        while size := self._size_at(text, at, keep):
            found.append(self._bare[text[at : at + size]])
            at += size
        return tuple(found), at

    def bare(self, text: str) -> str:
        """The bare form of a known place; a text that is none is stripped of its ending."""
        return self._bare.get(text) or bare(text)

    def _size_at(self, text: str, at: int, keep: int) -> int:
        for size in range(min(self._longest, len(text) - at - keep), 1, -1):
            if text[at : at + size] in self._bare:
                return size
        return 0


def national(within: Sequence[str] = ()) -> Places:
    """Every province and prefecture, and the counties, present and former, under the codes given.

    `within` holds codes of provinces or prefectures. Raises ValueRefused for a code never known.
    """
    names = set()
    for number in _PROVINCES:
        province = region.get(str(number))
        names.add(province.name)
        names.update(child.name for child in province.children)
    for code in within:
        names.update(_under(region.get(code)))
    return Places(name for name in names if len(name) > 1)


def _under(division: region.Region) -> set[str]:
    """The counties under a division and those whose codes were given up."""
    stem = division.code[:6].rstrip("0").ljust(2, "0")
    names = {change.old_name for change in region.changes() if change.old.startswith(stem)}
    waiting = list(division.children)
    while waiting:
        child = waiting.pop()
        if child.level == "township" or child.kind == "statistical":
            continue
        names.add(child.name)
        with suppress(ValueRefused):
            waiting.extend(child.children)
    return names
