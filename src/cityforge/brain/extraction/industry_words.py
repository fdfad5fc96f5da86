"""The words by which a business scope tells its division, and how they are found in a text.

Four tables: goods (who makes them), services, words of names, and goods sold to consumers. To the
goods are added the names of GB/T 4754-2017 itself, so that every class of it can be met.
"""

import functools
import importlib.resources
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cityforge.brain.values import industry

_GAP_COST = 0.7  # what one character after a word takes from it: the head of a Chinese noun is last
_MANUFACTURING = "C"
_NAME_SPLIT = re.compile("[、，及和与]|（[^）]*）")
_NAME_TAIL = re.compile("(专用)?(制造业?|加工|生产|制品业|业)$")


@dataclass(frozen=True, slots=True)
class Found:
    """One word found in a text, the division that it tells and how much (1 = clearly)."""

    word: str
    division: str
    weight: float


class Words:
    """A vocabulary: word -> (division, weight)."""

    def __init__(self, meanings: dict[str, tuple[str, float]]) -> None:
        self._meanings = meanings
        self._longest = max(map(len, meanings))
        # Most characters open or end no word at all; asking that first is most of the speed.
        self._longest_from = {word[0]: len(word) for word in sorted(meanings, key=len)}
        self._longest_to = {word[-1]: len(word) for word in sorted(meanings, key=len)}

    def __contains__(self, word: str) -> bool:
        return word in self._meanings

    def heading(self, text: str) -> Found | None:
        """The word that heads `text`: long and near its end (“不锈钢标准件” is a 标准件)."""
        best, best_score = "", 0.0
        for end in range(len(text), 0, -1):
            cost = _GAP_COST * (len(text) - end)
            if min(end, self._longest) - cost <= best_score:
                break
            for start in range(max(0, end - self._longest_to.get(text[end - 1], 0)), end):
                if end - start - cost <= best_score:
                    break
                if text[start:end] in self._meanings:
                    best, best_score = text[start:end], end - start - cost
                    break
        return self._found(best) if best else None

    def longest(self, text: str) -> Found | None:
        """The longest word anywhere in `text`; of equals the last."""
        for length in range(min(len(text), self._longest), 1, -1):
            for start in range(len(text) - length, -1, -1):
                if text[start : start + length] in self._meanings:
                    return self._found(text[start : start + length])
        return None

    def each(self, text: str) -> Iterator[Found]:
        """Words from left to right, at each place the longest, none overlapping."""
        start = 0
        while start < len(text):
            longest = self._longest_from.get(text[start], 0)
            for end in range(min(len(text), start + longest), start, -1):
                if text[start:end] in self._meanings:
                    yield self._found(text[start:end])
                    start = end
                    break
            else:
                start += 1

    def _found(self, word: str) -> Found:
        return Found(word, *self._meanings[word])


@functools.cache
def goods() -> Words:
    """Goods and the division of their makers: the standard's names, then our own above them."""
    return Words(dict(_standard_goods()) | _table("industry_goods.tsv"))


@functools.cache
def services() -> Words:
    """Services, works, transport, farming: phrases that name the activity itself."""
    return Words(_table("industry_services.tsv"))


@functools.cache
def names() -> Words:
    """Words of an enterprise's name that tell its division."""
    return Words(_table("industry_names.tsv"))


@functools.cache
def consumer_goods() -> Words:
    """Goods that are retail where a scope only says that they are sold."""
    table = rows("industry_consumer_goods.tsv")
    return Words({word: ("52", 1.0) for (words,) in table for word in words.split(" ")})


def _standard_goods() -> Iterator[tuple[str, tuple[str, float]]]:
    """“阀门和旋塞制造” gives 阀门 and 旋塞; “其他…” says what a class is not, and is left out."""
    for node in industry.everything():
        if node.section != _MANUFACTURING or len(node.code) < 3 or "修理" in node.name:
            continue
        for part in _NAME_SPLIT.split(_NAME_TAIL.sub("", node.name)):
            word = _NAME_TAIL.sub("", part)
            if len(word) > 2 and not word.startswith(("其他", "类似", "未列明")):
                yield word, (node.code[:2], 0.8)


def _table(name: str) -> dict[str, tuple[str, float]]:
    meanings = {}
    for division, weight, words in rows(name):
        meanings.update(dict.fromkeys(words.split(" "), (division, float(weight))))
    return meanings


def rows(name: str) -> list[list[str]]:
    """The rows of one of this room's tables, without its comments and its header."""
    table = importlib.resources.files(__package__) / "tables" / name
    lines = table.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")][1:]
