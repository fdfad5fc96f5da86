"""The indicator table: rows with cells, or flattened to one cell a line."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from cityforge.brain.plans.characters import fold, tight
from cityforge.brain.plans.headings import numbering
from cityforge.brain.plans.layout import Block
from cityforge.brain.plans.numbers import Number, numbers
from cityforge.brain.plans.reading import Comparator, Row

Part = Literal["group", "index", "name", "unit", "value", "other"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it holds, and of a value column its year and whether it is the past."""

    part: Part
    year: int | None = None
    past: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's words and their place in the text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tables:
    """The rows of all indicator tables, and the spans of the text that tables cover."""

    rows: list[Row]
    covered: list[tuple[int, int]]


_GROUP = re.compile(
    r"(?:重点任务|类别|类型|分类|领域|指标类别|指标类型|一级指标|维度|方面|方向|指标分类|目标类别|项目类别|重点领域|任务|分项|板块|大类|准则层|目标领域|主要方面|主要领域|目标|类)"
)
_INDEX = re.compile(r"(?:序号|编号|No\.?|#|序)", re.IGNORECASE)
_NAME = re.compile(
    r"(?:[一二三]级指标(?:名称)?|(?:主要|具体|核心|重点|发展|量化|考核|预期)?指标(?:名称|内容|体系|项目)?|(?:主要|具体|核心)?(?:指标|目标)(?:名称|内容)|名称|内容|项目|目标项目|工作指标)"
)
_UNIT_HEAD = re.compile(r"(?:计量|指标)?单位(?:名称)?")
_VALUE = re.compile(
    r"(?:20\d\d年?(?:底|末)?)?(?:预期|计划|规划|发展|工作|年度|阶段)?(?:目标值?|指标值?|目标任务|实际值?|完成值?|完成情况|现状值?|基期值?|基数|数值|值|预期|预计完成|预计|基准值?|现状|预测|规划目标|计划)?(?:\(.{1,10}\))?"
)
_OTHER = re.compile(
    r"(?:指标)?属性|性质|(?:指标)?性质|备注|说明|(?:责任|牵头|配合|负责)(?:单位|部门|处室)|数据来源|(?:年均|累计|五年|三年)?(?:增长|增速|增幅)(?:\(%\)|率)?(?:\[累计\])?|年均|累计|年均/累计|年均增速.*|年均增长.*|来源"
)
_PAST = re.compile(r"实际|完成|现状|基期|基数|基准|预计")
_VALUE_CELL = re.compile(
    r"[\s(〔]*(?:约|大于|小于|≥|≤|>|<|=|不低于|不少于|不高于|不超过|超过?|突破|达到|达|高于|低于|力争|年均|增长|下降|降低|提高|提升|比\d{4}年|累计|逐年|\+|-|(?:\[))*\s*"
    r"\d[\d,.]*\s*(?:(?:-|~|至)\s*\d[\d,.]*)?[^一-鿿]{0,8}(?:(?:万亿|亿|万|千)?[一-鿿%℃/²³]{0,6})?(?:左右|以上|以下|以内)?[\s)〕\]]*"
)
_EMPTY_VALUE = re.compile(
    r"(?:-{1,3}|/|\\|—+|无|待定|完成.{0,6}(?:任务|目标|指标)|.{0,8}(?:下达|达标|提升|提高|下降|改善|全覆盖|达到.{1,8}|控制在.{1,14}))"
)
_KIND_CELL = re.compile(r"(?:预期性|约束性|指导性|引领性|导向性)(?:指标)?")
_UNIT_CELL = re.compile(
    r"[\(]?(?:万亿|千亿|百亿|亿|万|千|百)?(?:元|美元|吨|千瓦|个|家|%|‰|项|件|人|户|条|座|台|套|位|名|亩|公里|平方米|平方公里|倍|年|岁|张|所|次|分|天|吨标准煤|立方米|微克/立方米|人次|TEU|标箱|GW|MW|EFLOPS|PFLOPS|[一-鿿A-Za-z0-9%]{1,6}/[一-鿿A-Za-z0-9]{1,6}|个百分点|-|/|百分点|平方|床|件/万人|架|MB|GB|PB|TB|Gbps|Mbps)[\)]?"
)
_UNIT_IN_NAME = re.compile(r"[(]([^()]{1,14})[)]\s*$")
_CAPTION = re.compile(r"指标|目标")
_LONGEST_CELL = 60
_MOST_CELLS = 3000


def read_tables(blocks: Sequence[Block]) -> Tables:
    """All indicator tables among the blocks, with one entry a row and target year."""
    rows: list[Row] = []
    covered: list[tuple[int, int]] = []
    for run in _runs(blocks):
        if run[0].cells:
            found = _from_grid(run)
            covered.append((run[0].start, run[-1].end))
        else:
            found, span = _from_stream(run)
            if found and span:
                covered.append(span)
        rows.extend(found)
    return Tables(rows, covered)


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


def _columns(cells: Sequence[str]) -> list[Column] | None:
    """The head of an indicator table; None where the cells are no such head."""
    found = [_column(tight(cell)) for cell in cells]
    if None in found:
        return None
    columns = [column for column in found if column is not None]
    parts = [column.part for column in columns]
    if "value" not in parts or not {"name", "group"} & set(parts):
        return None
    if "name" not in parts:
        # A lone 目标领域 or 类别 beside the values is the name itself.
        i = max(k for k, part in enumerate(parts) if part == "group")
        columns[i] = Column("name")
    names = [i for i, column in enumerate(columns) if column.part == "name"]
    for i in names[:-1]:
        columns[i] = Column("group")
    if parts.count("value") == 1 and not any(c.year for c in columns) and parts.count("name") == 0:
        return None
    return columns


def _column(head: str) -> Column | None:
    """What a head's words say; None for words that head no column of such a table."""
    if not head:
        return Column("other")
    if _INDEX.fullmatch(head):
        return Column("index")
    if _UNIT_HEAD.fullmatch(head):
        return Column("unit")
    if _NAME.fullmatch(head):
        return Column("name")
    year = re.search(r"20\d\d", head)
    if re.match(r"(?:到|至)?(?:“?十[三四五六]五”?(?:期?末)?)?20\d\d", head) or _VALUE.fullmatch(
        head
    ):
        if head in ("目标", "计划") or year or _VALUE.fullmatch(head):
            return Column("value", int(year.group()) if year else None, bool(_PAST.search(head)))
    if _OTHER.fullmatch(head):
        return Column("other")
    if _GROUP.fullmatch(head):
        return Column("group")
    return None


def _from_grid(run: list[Block]) -> list[Row]:
    """Rows of a table with columns; a head may stand again on a new page."""
    columns: list[Column] | None = None
    group = ""
    rows: list[Row] = []
    for i, block in enumerate(run):
        head = _columns(block.cells) or (_two_line_head(run, i) if columns is None else None)
        if head is not None:
            columns = head
            continue
        if columns is None:
            continue
        cells = _cells_of(block)
        if len(_filled(cells)) == 1 and not _VALUE_CELL.fullmatch(fold(_filled(cells)[0].text)):
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
    return _columns([b or a for a, b in zip(upper, lower, strict=True)])


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
    if not name or _NAME.fullmatch(tight(name)):
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
    if _column(tight(cells[i].text)) is None:
        return None, 0
    length = 0
    while (
        i + length < len(cells)
        and length < 12
        and _column(tight(cells[i + length].text)) is not None
    ):
        if re.fullmatch(r"\d+", tight(cells[i + length].text)) and not re.fullmatch(
            r"20\d\d", tight(cells[i + length].text)
        ):
            break
        length += 1
    for n in range(length, 1, -1):
        head = _columns([cell.text for cell in cells[i : i + n]])
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
    return bool(_VALUE_CELL.fullmatch(folded) or _EMPTY_VALUE.fullmatch(folded))


def _texts_of(texts: list[Cell], head: list[Column], group: str) -> tuple[Cell, str, str]:
    """Group, name and unit among the words that stand before a row's values."""
    unit = ""
    if (
        len(texts) > 1
        and any(c.part == "unit" for c in head)
        and _UNIT_CELL.fullmatch(fold(texts[-1].text))
    ):
        unit = texts.pop().text
    if len(texts) > 1:
        group = _group_name(texts[-2].text)
    return texts[-1], unit, group


def _indexed_row(
    cells: list[Cell], at: int, head: list[Column], values: list[Column]
) -> tuple[Cell, str, list[Cell], int] | None:
    name, unit = cells[at + 1], ""
    at += 2
    if at < len(cells) and any(column.part == "unit" for column in head):
        if _UNIT_CELL.fullmatch(fold(cells[at].text)) or not _is_value(fold(cells[at].text)):
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
