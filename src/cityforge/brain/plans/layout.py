"""Lines of a file to blocks: wrapped lines re-joined, page furniture dropped, table rows kept.

A block is one paragraph, or one row of a table with its cells. `Laid.text` is what every span of
the reading points into.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from cityforge.brain.plans.characters import fold, plain, width
from cityforge.brain.plans.columns import columns_of
from cityforge.brain.plans.headings import numbering
from cityforge.brain.plans.numbers import is_quantity
from cityforge.brain.plans.unit_labels import UNIT_LINE

PAGE_END = "\f"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or (with `cells`) a row of a table; `start` is its place in Laid.text."""

    text: str
    start: int
    cells: tuple[str, ...] = ()

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Laid:
    """The blocks of a file in order, and their text joined by line ends."""

    text: str
    blocks: tuple[Block, ...] = field(default_factory=tuple)


_PAGE_NUMBER = re.compile(
    r"\s*(?:[-·]\s*\d{1,4}\s*[-·]|第\s*\d{1,4}\s*页(?:[,，/\s]*共\s*\d{1,4}\s*页)?|"
    r"\d{1,4}\s*/\s*\d{1,4})\s*"
)
_RULE = re.compile(r"\s*[-=_*#~]{3,}\s*")
_MARKDOWN_HEAD = re.compile(r"\A\s*#{1,6}\s+")
_MARKDOWN_MARKS = re.compile(r"\*\*|__(?=\S)|(?<=\S)__")
_SENTENCE_END = "。！？!?"
_NEVER_LAST = "，、,（(《“〔【"
# Units parted by spaces alone would run together.
_UNITS_APART = re.compile(r"(?<=[局委办厅府会司团院行部])[ \u3000]+(?=[省市县区各国])")
_NEVER_FIRST = "，、；。）〕】)”》"
_FRESH = re.compile(r"\s*(?:-{2}|[·●◆■★▲○□◇※]|\(?(?:责任|牵头|配合|主管)(?:单位|部门|领导)[:：])")


def lay_out(lines: list[str]) -> Laid:
    """The blocks of a text's lines. Linear in the text; keeps the order."""
    lines = _without_furniture(lines)
    full = _full_width(lines)
    indented = full is not None and _marks_by_indent(lines, full)
    texts: list[tuple[str, tuple[str, ...]]] = []
    current: list[str] = []

    def close() -> None:
        joined = "".join(current)
        current.clear()
        if joined:
            texts.append((joined, ()))

    before = ""
    spaced = _Spaced()
    for line in lines:
        cells = _cells(line, in_table=bool(texts and texts[-1][1] and not current))
        if cells is None:
            cells = spaced.cells(line)
        words = plain(_UNITS_APART.sub("、", line))
        if cells is not None:
            close()
            if cells:
                texts.append(("\t".join(cells), cells))
            before = ""
            continue
        if not words:
            # A blank line ends a paragraph, but not within a sentence of a wrapped text.
            if not (current and full is not None and _runs_on(before, full)):
                close()
            continue
        if current and (
            (indented and _indent(line) and not _open_ended(before))
            or not _continues(before, line, words, full)
        ):
            close()
        current.append(words)
        before = line
    close()
    return _placed(texts)


def _placed(texts: list[tuple[str, tuple[str, ...]]]) -> Laid:
    blocks, at = [], 0
    for text, cells in texts:
        blocks.append(Block(text, at, cells))
        at += len(text) + 1
    return Laid("\n".join(block.text for block in blocks), tuple(blocks))


def _cells(line: str, *, in_table: bool) -> tuple[str, ...] | None:
    """The cells of a tab or Markdown row; () for a rule between rows; None for no row."""
    stripped = line.strip(" \u3000\r\n")
    if stripped.startswith("|") and stripped.endswith("|") and len(stripped) > 2:
        if "-" in stripped and not stripped.strip(" :|-"):
            return ()
        return tuple(plain(cell) for cell in stripped[1:-1].split("|"))
    if "\t" not in (stripped if in_table else stripped.strip("\t")):
        return None
    cells = tuple(plain(cell) for cell in stripped.split("\t"))
    if (
        (not in_table and sum(map(bool, cells)) < 2)
        or any(len(cell) > 200 for cell in cells)
        or len(cells) > 40
    ):
        return None
    # A heading with its number before a tab is no row.
    return (
        None if len(cells) == 2 and not in_table and numbering(f"{cells[0]}{cells[1]}") else cells
    )


class _Spaced:
    """Tables that a PDF prints with spaces between the cells: a head, then rows like it."""

    def __init__(self) -> None:
        self.columns = 0

    def cells(self, line: str) -> tuple[str, ...] | None:
        """The cells of a row; None for a line that is none."""
        parts = line.split()
        if len(parts) >= 3 and len(line) < 120 and columns_of(parts) is not None:
            self.columns = len(parts)
            return tuple(parts)
        if not self.columns or not parts:
            return None
        fits = self.columns - 1 <= len(parts) <= self.columns and any(
            is_quantity(fold(part)) for part in parts[-self.columns + 1 :]
        )
        if not fits and (len(parts) > 1 or "。" in line or numbering(plain(line))):
            self.columns = 0
        return tuple(plain(part) for part in parts) if fits else None


def _continues(before: str, line: str, words: str, full: float | None) -> bool:
    """Whether `line` goes on with the paragraph whose last line is `before`."""
    last = plain(before)
    if last[-1] in _NEVER_LAST or words[0] in _NEVER_FIRST:
        return True
    fresh = numbering(words) is not None or _FRESH.match(fold(words)) is not None
    if not fresh and UNIT_LINE.fullmatch(fold(last)):
        return True  # “责任单位：”, its names on the next line
    if full is None or width(last) + _indent(before) < full:
        return False
    if _ended(last):
        return not fresh and _indent(line) < 1.5
    return not (fresh and last[-1] in "；;：:")


def _runs_on(before: str, full: float) -> bool:
    last = plain(before)
    return width(last) + _indent(before) >= full and not _ended(last) and last[-1] not in "；;：:"


def _ended(last: str) -> bool:
    return last[-1] in _SENTENCE_END or last[-1] in "）)〕】]"


def _open_ended(before: str) -> bool:
    return plain(before)[-1] in _NEVER_LAST


def _marks_by_indent(lines: list[str], full: float) -> bool:
    """Whether paragraphs of a wrapped text begin with an indent, and the lines within do not."""
    fresh_indented = fresh = within_indented = within = 0
    for before, line in pairwise(lines):
        words = plain(before)
        if not words or not line.strip():
            continue
        indented = _indent(line) > 0
        if width(words) + _indent(before) < full:
            fresh += 1
            fresh_indented += indented
        elif not _ended(words):
            within += 1
            within_indented += indented
    return fresh_indented > 0.8 * fresh and within_indented < 0.2 * within


def _indent(line: str) -> float:
    return width(line[: len(line) - len(line.lstrip(" \u3000\t"))])


def _full_width(lines: list[str]) -> float | None:
    """From what width on a line counts as wrapped; None where the text is not wrapped."""
    widths = [width(plain(line)) + _indent(line) for line in lines if "\t" not in line]
    widths = [found for found in widths if found >= 8]
    if len(widths) < 8:
        return None
    widths.sort()
    widest = widths[int(len(widths) * 0.97)]
    if not 12 <= widest <= 90 or widths[-1] > 1.5 * widest + 4:
        return None
    near = sum(1 for found in widths if found >= widest - 3)
    return widest - 3.5 if near >= 0.3 * len(widths) else None


def _without_furniture(lines: list[str]) -> list[str]:
    """Without page numbers, running heads, contents lists, rules and Markdown's marks."""
    kept: list[str] = []
    for page in _pages(lines):
        for line in page:
            if _PAGE_NUMBER.fullmatch(fold(line)) or _is_contents(line) or _RULE.fullmatch(line):
                if kept and not kept[-1].strip():
                    kept.pop()
                continue
            line = _MARKDOWN_HEAD.sub("", line)
            kept.append(_MARKDOWN_MARKS.sub("", line) if "*" in line or "_" in line else line)
    return kept


def _is_contents(line: str) -> bool:
    """A line of the table of contents: dots, then a page number."""
    words = line.rstrip()
    dotted = words.rstrip("0123456789").rstrip()
    dots = dotted[len(dotted.rstrip(".·… ")) :]
    return dotted != words and (dots.count("…") >= 2 or len(dots.replace(" ", "")) >= 4)


def _pages(lines: list[str]) -> list[list[str]]:
    """The pages, without the first and last lines that repeat on most of them."""
    pages: list[list[str]] = [[]]
    for line in lines:
        if line == PAGE_END:
            pages.append([])
        else:
            pages[-1].append(line)
    if len(pages) < 2:
        return pages
    counts: dict[str, int] = {}
    for page in pages:
        for key in {_furniture_key(line) for line in page[:2] + page[-3:]}:
            counts[key] = counts.get(key, 0) + 1
    least = max(3, 0.5 * len(pages)) if len(pages) >= 5 else max(2, len(pages) - 1)
    often = {key for key, count in counts.items() if key and count >= least}
    return [
        [
            line
            for i, line in enumerate(page)
            if not (_at_edge(i, page) and _furniture_key(line) in often)
        ]
        for page in _unnumbered(pages)
    ]


def _at_edge(i: int, page: list[str]) -> bool:
    return i < 2 or i >= len(page) - 3


def _unnumbered(pages: list[list[str]]) -> list[list[str]]:
    """Without bare page numbers, told from table cells by their counting up page by page."""
    for at in (0, -1):
        offsets: dict[int, int] = {}
        filled = [[line for line in page if line.strip()] for page in pages]
        numbers = [
            int(page[at]) - i if page and re.fullmatch(r"\s*\d{1,4}\s*", page[at]) else None
            for i, page in enumerate(filled)
        ]
        for number in numbers:
            if number is not None:
                offsets[number] = offsets.get(number, 0) + 1
        offset = max(offsets, key=lambda key: offsets[key], default=None)
        if offset is None or offsets[offset] < max(2, 0.6 * (len(pages) - 1)):
            continue
        pages = [
            (page[1:] if at == 0 else page[:-1]) if numbers[i] == offset else page
            for i, page in enumerate(filled)
        ]
    return pages


def _furniture_key(line: str) -> str:
    return re.sub(r"\d+|\s+", "", fold(line))
