"""The indicator table: rows with cells, or flattened to one cell a line."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cityforge.brain.plans.characters import fold, tight
from cityforge.brain.plans.columns import NAME_HEAD, Column, Part, column_of, columns_of
from cityforge.brain.plans.headings import numbering
from cityforge.brain.plans.layout import Block
from cityforge.brain.plans.numbers import Number, is_quantity, numbers
from cityforge.brain.plans.reading import Comparator, Row


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's words and their place in the text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tables:
    """The rows of all indicator tables, where the blocks of tables start, rows of other tables."""

    rows: list[Row]
    covered: frozenset[int]
    unread: list[Block]


_EMPTY_VALUE = re.compile(
    r"(?:-{1,3}|/|\\|—+|无|待定|完成.{0,6}(?:任务|目标|指标)|.{0,8}(?:下达|达标|提升|提高|"
    r"下降|改善|全覆盖|达到.{1,8}|控制在.{1,14}))"
)
_KIND_CELL = re.compile(r"(?:预期性|约束性|指导性|引领性|导向性)(?:指标)?")
_UNIT_CELL = re.compile(
    r"[\(]?(?:万亿|千亿|百亿|亿|万|千|百)?(?:元|美元|吨|千瓦|个|家|%|‰|项|件|人|户|条|座|台|"
    r"套|位|名|亩|公里|平方米|平方公里|倍|年|岁|张|所|次|分|天|吨标准煤|立方米|微克/立方米|"
    r"人次|TEU|标箱|GW|MW|EFLOPS|PFLOPS|[一-鿿A-Za-z0-9%]{1,6}/[一-鿿A-Za-z0-9]{1,6}|"
    r"个百分点|-|/|百分点|平方|床|件/万人|架|MB|GB|PB|TB|Gbps|Mbps)[\)]?"
)
_UNIT_IN_NAME = re.compile(r"[(]([^()]{1,14})[)]\s*$")
_LONGEST_CELL = 60
_MOST_CELLS = 3000


def read_tables(blocks: Sequence[Block]) -> Tables:
    """All indicator tables among the blocks, with one entry a row and target year."""
    rows: list[Row] = []
    covered: set[int] = set()
    unread: list[Block] = []
    for run in _runs(blocks):
        if run[0].cells:
            found = _from_grid(run)
            covered.update(block.start for block in run)
            unread += [] if found else run
        else:
            found, span = _from_stream(run)
            if found and span:
                covered.update(b.start for b in run if span[0] <= b.start < span[1])
        rows.extend(found)
    return Tables(rows, frozenset(covered), unread)


def _runs(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Stretches of table rows, and stretches of short lines that may be a flattened table."""
    run: list[Block] = []
    for block in blocks:
        short = bool(block.cells) or _is_cell(block.text)
        if run and (not short or bool(run[0].cells) != bool(block.cells)):
            yield run
            run = []
        if short:
            run.append(block)
    if run:
        yield run


def _is_cell(text: str) -> bool:
    return len(text) <= _LONGEST_CELL and "。" not in text and text[-1] not in "，；：;:"


def _from_grid(run: list[Block]) -> list[Row]:
    """Rows of a table with columns; a head may stand again on a new page."""
    columns: list[Column] | None = None
    group = ""
    rows: list[Row] = []
    for i, block in enumerate(run):
        head = columns_of(block.cells) or (_two_line_head(run, i) if columns is None else None)
        if head is not None:
            columns = head
            continue
        if columns is None:
            continue
        cells = _cells_of(block)
        if len(_filled(cells)) == 1 and not _is_value(fold(_filled(cells)[0].text)):
            group = _group_name(_filled(cells)[0].text)
            continue
        cells = _aligned(cells, columns)
        for cell, column in zip(cells, columns, strict=False):
            if column.part == "group" and cell.text:
                group = _group_name(cell.text)
        rows.extend(_rows(cells, columns, group))
    return rows


def _two_line_head(run: list[Block], i: int) -> list[Column] | None:
    """A head of two rows: 目标值 over 2024年, 2025年."""
    if i == 0 or i + 1 > len(run):
        return None
    upper, lower = run[i - 1].cells, run[i].cells
    if len(upper) != len(lower):
        return None
    return columns_of([b or a for a, b in zip(upper, lower, strict=True)])


def _aligned(cells: list[Cell], columns: list[Column]) -> list[Cell]:
    """Rows that lost their merged first cells are moved to the right."""
    missing = len(columns) - len(cells)
    if missing <= 0 or columns[0].part != "group":
        return cells
    empty = Cell("", cells[0].start, cells[0].start)
    return [empty] * missing + cells


def _cells_of(block: Block) -> list[Cell]:
    cells, at = [], block.start
    for text in block.cells:
        cells.append(Cell(text, at, at + len(text)))
        at += len(text) + 1
    return cells


def _filled(cells: Iterable[Cell]) -> list[Cell]:
    return [cell for cell in cells if cell.text]


def _group_name(text: str) -> str:
    number = numbering(text)
    return (text[number.length :] if number else text).strip()


def _rows(cells: list[Cell], columns: list[Column], group: str) -> Iterator[Row]:
    """The entries of one row: one for each target year."""
    by_part: dict[Part, str] = {}
    for cell, column in zip(cells, columns, strict=False):
        if column.part != "value" and cell.text:
            by_part[column.part] = cell.text
    name = by_part.get("name", "")
    if not name or NAME_HEAD.fullmatch(tight(name)):
        return
    index = re.match(r"\d{1,3}", by_part.get("index", ""))
    own = numbering(name)
    number = int(index.group()) if index else (own.value if own else None)
    if own:
        name = name[own.length :]
    values = [
        (cell, column)
        for cell, column in zip(cells, columns, strict=False)
        if column.part == "value" and cell.text
    ]
    span = (cells[0].start, cells[-1].end)
    for cell, column in _aims(values, columns):
        yield _row(number, group, name, by_part.get("unit", ""), cell, column, span)


def _aims(values: list[tuple[Cell, Column]], columns: list[Column]) -> list[tuple[Cell, Column]]:
    """The value cells that are aims: not the past, and not the base year before it."""
    heads = [column for column in columns if column.part == "value"]
    if len(heads) < 2:
        return values
    aims = [(cell, column) for cell, column in values if not column.past]
    years = sorted({column.year for column in heads if column.year})
    if not any(column.past for column in heads) and len(years) >= 2 and years[1] - years[0] >= 2:
        aims = [(cell, column) for cell, column in aims if column.year != years[0]]
    return aims or values[-1:]


def _row(
    number: int | None, group: str, name: str, unit_cell: str, cell: Cell, column: Column,
    span: tuple[int, int],
) -> Row:  # fmt: skip
    folded = fold(cell.text).translate(_SQUARE)
    found = next((n for n in numbers(folded) if n.bare_unit != "年" or n.value < 1900), None)
    unit = _row_unit(name, unit_cell, found)
    return Row(
        number=number,
        group=group,
        name=name,
        unit=unit,
        value=found.value if found else None,
        value_max=found.value_max if found else None,
        value_text=cell.text,
        comparator=_row_comparator(found),
        year=column.year,
        span=span,
    )


_SQUARE = str.maketrans("〔〕", "()")


def _row_comparator(found: Number | None) -> Comparator:
    return found.comparator if found else "eq"


def _row_unit(name: str, unit_cell: str, found: Number | None) -> str | None:
    """From the unit column, else the bracket at the end of the name, else the value itself."""
    cell = unit_cell.strip("（）()〔〕 ")
    if cell and cell not in ("-", "/", "—", "——", "无"):
        return _plain_unit(cell)
    bracket = _UNIT_IN_NAME.search(fold(name))
    if bracket and not re.search(r"含|其中|累计|年均|[一-鿿]{5,}", bracket.group(1)):
        return _plain_unit(bracket.group(1))
    return found.unit if found else None


def _plain_unit(text: str) -> str:
    return fold(text).replace("单位:", "").strip()


# Flattened tables


def _from_stream(run: list[Block]) -> tuple[list[Row], tuple[int, int] | None]:
    """A table whose cells stand one a line, merged cells left out or empty."""
    cells = [
        Cell(text, block.start + at, block.start + at + len(text))
        for block in run[:_MOST_CELLS]
        for text, at in _on_line(block.text)
    ]
    for i in range(len(cells) - 3):
        head, length = _stream_head(cells, i)
        if head is None:
            continue
        rows, end = _stream_rows(cells, i + length, head)
        if len(rows) >= 2:
            return rows, (cells[i].start, end)
    return [], None


def _on_line(text: str) -> list[tuple[str, int]]:
    """The cells of a line: one, unless spaces part several (a PDF's row)."""
    found = [(m.group(), m.start()) for m in re.finditer(r"[^\s　]+", text)]
    return found if len(found) > 1 and not numbering(text) else [(text, 0)]


def _stream_head(cells: list[Cell], i: int) -> tuple[list[Column] | None, int]:
    """The longest run of head cells from `i` on that makes a head."""
    if column_of(tight(cells[i].text)) is None:
        return None, 0
    length = 0
    while (
        i + length < len(cells)
        and length < 12
        and column_of(tight(cells[i + length].text)) is not None
    ):
        if re.fullmatch(r"\d+", tight(cells[i + length].text)) and not re.fullmatch(
            r"20\d\d", tight(cells[i + length].text)
        ):
            break
        length += 1
    for n in range(length, 1, -1):
        head = columns_of([cell.text for cell in cells[i : i + n]])
        if head is not None:
            return head, n
    return None, 0


def _stream_rows(cells: list[Cell], at: int, head: list[Column]) -> tuple[list[Row], int]:
    """Rows read by what cells look like: group?, index?, name, unit?, values, others."""
    rows: list[Row] = []
    group, end = "", cells[at - 1].end
    indexed = any(column.part == "index" for column in head)
    values = [column for column in head if column.part == "value"]
    expected = 1
    texts: list[Cell] = []
    while at < len(cells):
        cell = cells[at]
        folded = fold(cell.text)
        if indexed and folded.rstrip(".、") == str(expected) and at + 1 < len(cells):
            if texts:
                group = _group_name(texts[-1].text)
            texts = []
            taken = _indexed_row(cells, at, head, values)
            if taken is None:
                break
            name, unit, found, at = taken
            rows.extend(
                _stream_entries(expected, group, name, unit, found, values, cells[at - 1].end)
            )
            expected += 1
            end = cells[at - 1].end
            continue
        if indexed or not _is_value(folded) or not texts:
            if len(texts) > 2 or (indexed and len(texts) >= 2):
                break
            texts.append(cell)
            at += 1
            continue
        name_cell, unit, group = _texts_of(texts, head, group)
        found = cells[at : at + len(values)]
        at += len(found)
        while at < len(cells) and _KIND_CELL.fullmatch(cells[at].text):
            at += 1
        rows.extend(_stream_entries(None, group, name_cell, unit, found, values, cells[at - 1].end))
        end = cells[at - 1].end
        texts = []
    return rows, end


def _is_value(folded: str) -> bool:
    return is_quantity(folded.strip("()[] ")) or bool(_EMPTY_VALUE.fullmatch(folded))


def _texts_of(texts: list[Cell], head: list[Column], group: str) -> tuple[Cell, str, str]:
    """Group, name and unit among the words that stand before a row's values."""
    unit = ""
    if len(texts) > 1 and any(c.part == "unit" for c in head) and _is_unit(texts[-1].text):
        unit = texts.pop().text
    if len(texts) > 1:
        group = _group_name(texts[-2].text)
    return texts[-1], unit, group


def _is_unit(text: str) -> bool:
    words = fold(text).strip("() ")
    return bool(_UNIT_CELL.fullmatch(words)) or is_quantity("1" + words)


def _indexed_row(
    cells: list[Cell], at: int, head: list[Column], values: list[Column]
) -> tuple[Cell, str, list[Cell], int] | None:
    name, unit = cells[at + 1], ""
    at += 2
    has_unit = at < len(cells) and any(column.part == "unit" for column in head)
    if has_unit and (_is_unit(cells[at].text) or not _is_value(fold(cells[at].text))):
        unit = cells[at].text
        at += 1
    found: list[Cell] = []
    while at < len(cells) and len(found) < len(values) and _is_value(fold(cells[at].text)):
        found.append(cells[at])
        at += 1
    while at < len(cells) and _KIND_CELL.fullmatch(cells[at].text):
        at += 1
    return (name, unit, found, at) if found else None


def _stream_entries(
    number: int | None, group: str, name: Cell, unit: str, found: list[Cell],
    values: list[Column], end: int,
) -> Iterator[Row]:  # fmt: skip
    own = numbering(name.text)
    words = name.text[own.length :] if own else name.text
    paired = list(zip(found, values, strict=False))
    for cell, column in _aims(paired, list(values)):
        yield _row(number, group, words, unit, cell, column, (name.start, end))
