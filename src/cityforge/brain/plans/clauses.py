"""Sentences, clauses and list members of a paragraph. All positions are in folded text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from cityforge.brain.plans.characters import pairs
from cityforge.brain.plans.numbers import Number

_STOPS = "。！？!?\n"
_COMMAS = "，；;:"
_LONGEST_SENTENCE = 3000  # letters; what runs on longer is cut, so that time stays linear


@dataclass(frozen=True, slots=True)
class Brackets:
    """For each letter: how deep in round brackets; and whether in “” or 《》."""

    depth: list[int]
    quoted: list[bool]
    titled: list[bool]


# Quotes around whole clauses that compare are around a sentence, not around a name.
_SENTENCE = re.compile(
    r"(?:达到?|超过?|突破|不低于|不少于|增长|提高到|提升到|降至)[^，”]{0,6}\d[^，”]{0,12}，"
)


def brackets(folded: str) -> Brackets:
    """Marks brackets, quotes and book titles, each at most 400 letters long."""
    n = len(folded)
    edge = [0] * (n + 1)
    quoted, titled = [False] * n, [False] * n
    for start, end in pairs(folded):
        letter = folded[start]
        if letter == "(":
            edge[start] += 1
            edge[end + 1] -= 1
        elif letter == "《" or not _SENTENCE.search(folded, start, end):
            marks = titled if letter == "《" else quoted
            marks[start : end + 1] = [True] * (end + 1 - start)
    depth, now = [], 0
    for i in range(n):
        now += edge[i]
        depth.append(now)
    return Brackets(depth, quoted, titled)


def sentences(folded: str, marks: Brackets, start: int) -> Iterator[tuple[int, int]]:
    """The sentences from `start` on, without their full stop."""
    at = start
    for i in range(start, len(folded)):
        stop = folded[i] in _STOPS and marks.depth[i] == 0
        if stop or i - at >= _LONGEST_SENTENCE:
            if i > at:
                yield at, i
            at = i + 1 if stop else i
    if at < len(folded):
        yield at, len(folded)


def clauses(folded: str, marks: Brackets, sentence: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The clauses between ，；： of a sentence; brackets are part of the clause they stand in."""
    at = sentence[0]
    for i in range(*sentence):
        if (
            folded[i] in _COMMAS
            and marks.depth[i] == 0
            and not marks.quoted[i]
            and not marks.titled[i]
        ):
            if i > at:
                yield at, i
            at = i + 1
    if at < sentence[1]:
        yield at, sentence[1]


_JOINTS = re.compile(
    r"以及|、|(?<![平共温缓调饱])和(?!谐)|(?<![普涉触顾波])及(?!其?以|时)|(?<![参])与|"
    r"并(?!网|购|列)|,|(?<=[个家项名件座])(?=新增|新建)"
)


def members(
    folded: str, marks: Brackets, clause: tuple[int, int], found: list[Number]
) -> list[tuple[int, int]]:
    """For each number of the clause, the part of the clause that is about it."""
    edges = [clause[0]]
    for left, right in pairwise(found):
        edges.append(_cut(folded, marks, left, right))
    edges.append(clause[1])
    parts = []
    for start, end in pairwise(edges):
        joint = _JOINTS.match(folded, start) if start > clause[0] else None
        parts.append((joint.end() if joint and joint.end() > joint.start() else start, end))
    return parts


def _cut(folded: str, marks: Brackets, left: Number, right: Number) -> int:
    """Where between two numbers of a clause the second one's words begin."""
    start, end = left.after, max(left.after, right.before)
    joints = [
        found
        for found in _JOINTS.finditer(folded, start, end)
        if marks.depth[found.start()] == marks.depth[left.start] and not marks.quoted[found.start()]
    ]
    if not joints:
        return start
    if joints[0].start() == start:
        return start
    if joints[-1].end() == end:
        return joints[-1].start()
    commas = [joint for joint in joints if joint.group() == "、"]
    return (commas or joints)[0].start()


_NAME_JOINTS = re.compile(
    r"以及|、|(?<![平共温缓调饱])和(?!谐)|(?<![普涉触顾波])及(?!其|时)|(?<!参)与"
)
_NAME_LEAD = re.compile(
    r"^(?:面向|对|在|使|围绕|推动|实现|确保|力争|推进|全[省市县区]|各[市县区]|到20\d\d年|[，、])+"
)


def joined_names(text: str) -> list[str]:
    """The names of “A、B和C”, for 分别 and 均; brackets inside a name stay whole."""
    text = text.strip("，、；;:。 ")
    text = _NAME_LEAD.sub("", text)
    names, depth, at = [], 0, 0
    i = 0
    while i < len(text):
        depth += (text[i] in "(“《") - (text[i] in ")”》")
        found = _NAME_JOINTS.match(text, i) if depth <= 0 else None
        if found:
            names.append(text[at:i])
            at = i = found.end()
        else:
            i += 1
    names.append(text[at:])
    return [name.strip() for name in names if name.strip()]
