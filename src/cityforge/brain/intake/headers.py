"""Where the header of a sheet stands, and which of its places carries which column, in what unit.

Offices put a title, the supplier and a unit above the header, and spread it over two or three rows
with merged cells. Nothing of that is guessed: the header is where most of the contract's names are.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from cityforge.brain.city.dataset import Column, Dataset
from cityforge.brain.errors import Problem, Text, ValueRefused
from cityforge.brain.intake import header_words as words
from cityforge.brain.values.spelling import half_width
from cityforge.brain.values.unit import Unit, unit

JOINT = "·"
DEEPEST = 3
ERROR_COLUMNS = ("错误原因", "原行号")
"""What our own rejects add to a file; sent in again, these columns are no part of it."""

HINT = "hint "
"""Before the id of a column that no contract has: with a blank, as no id of a contract is."""

Merge = tuple[tuple[int, int], tuple[int, int]]

_BRACKET = re.compile(r"^(.*?)[(\[]([^(\[]*)[)\]]$")
_UNIT_LINE = re.compile(r"^(?:金额|计量|数量|货币)?单位[::](.+)$")
# Remarks in brackets that say nothing of the column's meaning.
_HARMLESS = re.compile(
    r"必填|选填|可空|可不填|全称|\d+位|是/否|年[/-]?月[/-]?日|y{2,4}[-/.]?m{1,2}([-/.]?d{1,2})?|文本"
)


@dataclass(frozen=True, slots=True)
class Name:
    """One place of a header: as shown, and its names without blanks, marks and unit."""

    shown: str
    names: tuple[str, ...]
    low_names: tuple[str, ...]
    bracket: str | None


@dataclass(slots=True)
class Layout:
    """The header of a table: its first row (0-based) and depth, and what each place means."""

    at: int
    depth: int
    headers: list[str]
    places: dict[str, int]
    factors: dict[str, Fraction]
    unknown: list[str]
    problems: list[Problem]
    remarks: list[Text] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether every needed column is there and none is in doubt."""
        return not self.problems


def find(
    dataset: Dataset, rows: Sequence[Sequence[str]], file: str, *, merges: Sequence[Merge] = ()
) -> Layout:
    """The header among the first rows: the one row, or two or three, that name most columns.

    rows    cells as text from the top; merges their merged ranges, 0-based and inclusive
    file    its name, for Problems
    """
    known = _known(dataset)
    at, depth = _best(known, rows, merges)
    names = _names(rows, at, depth, merges)
    layout = _matched(dataset, known, names, file, at, depth)
    _apply_unit_line(dataset, layout, names, rows[:at], file)
    return layout


def hinted(dataset: Dataset, columns: Sequence[Column]) -> Dataset:
    """A contract that also reads columns which tell the enterprise of a row without a code.

    They are read as text under HINT + id, where one header of the file is called so and no column
    of the contract is. A file with the hint `name`, or with a `name` of its own, may lack `uscc`.
    """
    hints = [
        column.model_copy(update={"id": HINT + column.id, "kind": "text", "required": False})
        for column in columns
    ]
    return dataset.model_copy(update={"columns": [*dataset.columns, *hints]})


def is_hint(column: Column) -> bool:
    return column.id.startswith(HINT)


def _known(dataset: Dataset) -> dict[str, Column]:
    # What the contract calls its own is no hint.
    columns = sorted(dataset.columns, key=is_hint, reverse=True)
    return {_clean(name): c for c in columns for name in (c.id, c.title, *c.synonyms)}


def _best(
    known: dict[str, Column], rows: Sequence[Sequence[str]], merges: Sequence[Merge]
) -> tuple[int, int]:
    """First row and depth of the header. Of equals, the fewest rows, then the first."""
    first = next((i for i, row in enumerate(rows) if any(cell.strip() for cell in row)), 0)
    best, found = (0, 0, 0), (first, 1)
    for at, row in enumerate(rows):
        if not any(cell.strip() for cell in row):
            continue
        for depth in range(1, min(DEEPEST, len(rows) - at) + 1):
            score = (_score(known, _names(rows, at, depth, merges)), -depth, -at)
            if score[0] and score > best:
                best, found = score, (at, depth)
    at, depth = found
    # A cell of the header that is merged downwards carries the header down with it.
    for (top, _), (bottom, _) in merges:
        if at <= top < at + depth and at + depth <= bottom < at + DEEPEST:
            depth = bottom - at + 1
    return at, min(depth, max(1, len(rows) - at))


def _score(known: dict[str, Column], names: Sequence[Name]) -> int:
    hit = {known[n].id for name in names for n in (*name.names, *name.low_names) if n in known}
    return len(hit)


def _names(
    rows: Sequence[Sequence[str]], at: int, depth: int, merges: Sequence[Merge]
) -> list[Name]:
    if not rows:
        return []
    grid = [list(row) for row in rows[at : at + depth]]
    width = max((len(_without_empty_end(row)) for row in grid), default=0)
    grid = [row[:width] + [""] * (width - len(row)) for row in grid]
    merged = [m for m in merges if m[0][0] < at + depth and m[1][0] >= at]
    for (top, left), (bottom, right) in merged:
        value = rows[top][left] if top < len(rows) and left < len(rows[top]) else ""
        for r in range(max(top, at), min(bottom, at + depth - 1) + 1):
            for c in range(left, min(right, width - 1) + 1):
                grid[r - at][c] = value
    if not merged:
        _spread(grid)
    return [_name([row[place] for row in grid]) for place in range(width)]


def _spread(grid: list[list[str]]) -> None:
    """A name over several columns stands in the first of them; CSV does not say how far it goes."""
    for upper, lower in pairwise(grid):
        for place in range(1, len(upper)):
            if not upper[place].strip() and lower[place].strip():
                upper[place] = upper[place - 1]


def _name(parts: list[str]) -> Name:
    kept: list[str] = []
    for part in parts:
        if part.strip() and (not kept or part != kept[-1]):
            kept.append(part)
    if not kept:
        return Name("", (), (), None)
    split = [_split(part) for part in kept]
    brackets = [bracket for _, bracket in split if bracket]
    whole = [_clean(part) for part in kept]
    bare = [plain for plain, _ in split]
    names = tuple(dict.fromkeys(j.join(p) for p in (whole, bare) for j in (JOINT, "")))
    low_names = (whole[-1], bare[-1]) if len(kept) > 1 else ()
    shown = JOINT.join(part.strip() for part in kept)
    return Name(shown, names, low_names, brackets[-1] if brackets else None)


def _matched(
    dataset: Dataset,
    known: dict[str, Column],
    names: Sequence[Name],
    file: str,
    at: int,
    depth: int,
) -> Layout:
    layout = Layout(at, depth, [name.shown for name in names], {}, {}, [], [])
    taken: dict[int, Column] = {}
    for place, name in enumerate(names):
        column = next((known[n] for n in name.names if n in known), None)
        if column is not None and (not is_hint(column) or _is_plain(name, known)):
            taken[place] = column
    _drop_doubtful_hints(taken)
    whole = {column.id for column in taken.values()}
    for place, name in enumerate(names):
        # The lower name alone will do where no column is named in full.
        column = next((known[n] for n in name.low_names if n in known), None)
        if column is None or is_hint(column):
            continue
        if place not in taken and column.id not in whole:
            taken[place] = column
    for place, name in enumerate(names):
        column = taken.get(place)
        if column is None:
            if name.shown not in ERROR_COLUMNS:
                layout.unknown.append(name.shown or f"（第 {place + 1} 列无表头）")
        elif column.id in layout.places:
            first = layout.headers[layout.places[column.id]]
            layout.problems.append(words.twice(file, at + 1, name.shown, first, column))
        else:
            layout.places[column.id] = place
            _apply_bracket(layout, known, name, column, file)
    for column in missing(dataset, layout):
        layout.problems.append(words.no_column(file, at + 1, column, layout.headers))
    return layout


def missing(dataset: Dataset, layout: Layout) -> list[Column]:
    """The columns without which a file cannot be taken."""
    lacking = [
        column
        for column in dataset.columns
        if dataset.is_required(column) and column.id not in layout.places
    ]
    is_named = HINT + "name" in layout.places or "name" in layout.places
    if is_named and any(is_hint(column) for column in dataset.columns):
        return [column for column in lacking if column.id != "uscc"]
    return lacking


def _is_plain(name: Name, known: dict[str, Column]) -> bool:
    """Whether nothing in brackets makes another name of it: 单位名称（主管部门）."""
    return (
        not name.bracket or _clean(name.shown) in known or bool(_HARMLESS.fullmatch(name.bracket))
    )


def _drop_doubtful_hints(taken: dict[int, Column]) -> None:
    """Two columns for one hint: which of them is the enterprise is not ours to guess."""
    count = Counter(column.id for column in taken.values())
    for place, column in list(taken.items()):
        if is_hint(column) and count[column.id] > 1:
            del taken[place]


def _apply_bracket(
    layout: Layout, known: dict[str, Column], name: Name, column: Column, file: str
) -> None:
    """A unit in brackets is the column's own, or converted into it, or refused."""
    if not name.bracket or _clean(name.shown) in known:
        return
    stated = _unit(name.bracket.removeprefix("单位:"))
    agreed = _unit(column.unit or "") if column.kind == "quantity" else None
    if stated is not None and agreed is not None and stated.is_like(agreed):
        _convert(layout, column, stated, agreed)
    elif not _HARMLESS.fullmatch(name.bracket):
        problem = words.other_unit(file, layout.at + 1, name.shown, name.bracket, column)
        layout.problems.append(problem)


def _convert(layout: Layout, column: Column, stated: Unit, agreed: Unit) -> None:
    factor = stated.factor / agreed.factor
    if factor != 1:
        layout.factors[column.id] = factor
        layout.remarks.append(words.converted(column, stated.symbol, factor))


def _apply_unit_line(
    dataset: Dataset,
    layout: Layout,
    names: Sequence[Name],
    above: Sequence[Sequence[str]],
    file: str,
) -> None:
    """A line 单位：千元 above the header gives the unit of the like columns that state none."""
    stated = [unit for row in above for cell in row for unit in _units_of_line(cell)]
    if not stated:
        return
    silent = [
        column
        for column in dataset.columns
        if column.kind == "quantity"
        and column.id in layout.places
        and not names[layout.places[column.id]].bracket
    ]
    for column in silent:
        agreed = _unit(column.unit or "")
        like = [each for each in stated if agreed is not None and each.is_like(agreed)]
        if len({each.factor for each in like}) > 1:
            symbols = "、".join(dict.fromkeys(each.symbol for each in like))
            layout.problems.append(words.two_units(file, layout.at, column, symbols))
        elif like and agreed is not None:
            layout.remarks.append(words.unit_from_line(column, like[0].symbol))
            _convert(layout, column, like[0], agreed)


def _units_of_line(cell: str) -> list[Unit]:
    """The units that a cell such as 单位：千元、亩 names; none where it names an office."""
    found = _UNIT_LINE.match(_clean(cell))
    if not found:
        return []
    whole = _unit(found[1])
    parts = [whole] if whole else [_unit(part) for part in re.split("[、,;]", found[1])]
    # A plain number is the unit of nothing in particular.
    return [part for part in parts if part is not None and part.dimension]


def _unit(text: str) -> Unit | None:
    try:
        return unit(text)
    except ValueRefused:
        return None


def _clean(header: str) -> str:
    """A header without blanks, line breaks and stars, its letters and marks of half width."""
    return "".join(half_width(header).replace("\ufeff", "").split()).strip("*").lower()


def _split(header: str) -> tuple[str, str | None]:
    found = _BRACKET.match(_clean(header))
    return (found[1].strip("*"), found[2]) if found else (_clean(header), None)


def _without_empty_end(headers: Sequence[str]) -> Sequence[str]:
    count = len(headers)
    while count and not headers[count - 1].strip():
        count -= 1
    return headers[:count]


def fits(dataset: Dataset, rows: Sequence[Sequence[str]], file: str) -> Counter[str]:
    """How many of a contract's columns the rows name, and how many it needs (told apart)."""
    layout = find(dataset, rows, file)
    return Counter(named=len(layout.places), missing=len(missing(dataset, layout)))
