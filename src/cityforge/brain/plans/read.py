"""A plan's file to its Reading. The road: source, layout, outline, units, targets, table."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from cityforge.brain.errors import Text
from cityforge.brain.plans import refusals, source, table, targets, years
from cityforge.brain.plans.characters import fold, tight
from cityforge.brain.plans.claims import Setting
from cityforge.brain.plans.layout import Block, Laid, lay_out
from cityforge.brain.plans.outline import Item, outline
from cityforge.brain.plans.reading import Measure, NotTarget, Reading, Row, Target, UnitRole
from cityforge.brain.plans.titles import plans, title_block, title_words
from cityforge.brain.plans.unit_places import places
from cityforge.brain.plans.units import named_in


def read_plan(file: Path) -> Reading:
    """The plan in a file (txt, docx, html, pdf); raises ValueRefused where there is no text."""
    found = source.read_file(file)
    return read_lines(found.lines, name=file.stem)


def read_bytes(content: bytes, *, name: str) -> Reading:
    """The same from a file's content; `name` tells a title where the text has none."""
    return read_lines(source.read_bytes(content, name=name).lines, name=Path(name).stem)


def read_lines(lines: list[str], *, name: str = "") -> Reading:
    """The plan in lines of text. Never fails: a text without a plan gives an empty Reading."""
    laid = lay_out(lines)
    tables = table.read_tables(laid.blocks)
    root = outline(laid, tables.covered)
    head = title_block(root.blocks)
    if head is not None and not any(item.number for item in root.walk()):
        root = outline(laid, tables.covered, ordinals=True)  # 一是…, 二是… count the measures
    title = head.text if head else ""
    texts = [block.text for block in laid.blocks if not block.cells]
    from_year, to_year = years.plan_years(title_words(root.blocks, head) or name, texts)
    settings = Setting(from_year=from_year, to_year=to_year)
    measures, default = _measures(root, laid)
    found, refused = _targets(root, settings, tables.covered, skip_block=head)
    refused += _table_numbers(tables.unread)
    structured = (
        bool(measures)
        or any(item.kind == "preamble" for item in root.walk())
        or (head is not None and plans(title))
        or any(_LED_IN.match(fold(text)) for text in texts)
    )
    if not structured:
        found = [target for target in found if target.year_source == "explicit" or target.annual]
    reading = Reading(
        title=title,
        text=laid.text,
        from_year=from_year,
        to_year=to_year,
        measures=tuple(measures),
        targets=tuple(sorted(found, key=lambda target: target.span)),
        table=tuple(_dated(row, to_year) for row in tables.rows),
        not_targets=tuple(sorted(refused, key=lambda item: item.span)),
        default_units=tuple(default),
    )
    return replace(reading, notes=tuple(_notes(reading)))


def _dated(row: Row, to_year: int | None) -> Row:
    return row if row.year is not None else replace(row, year=to_year)


def _notes(reading: Reading) -> Iterator[Text]:
    if not reading.text.strip():
        yield Text(zh="文件里没有文字", en="the file holds no text")
    elif not reading.measures:
        yield Text(
            zh="没有读出编号的举措：这份文本不像行动计划，或标题没有编号",
            en="no numbered measures were found: this is no action plan, or its headings bear no"
            " numbers",
        )


def _measures(root: Item, laid: Laid) -> tuple[list[Measure], list[str]]:
    measures: list[Measure] = []
    default: list[str] = []
    for item in root.walk():
        if not item.is_measure:
            continue
        blocks = item.own()
        units: dict[tuple[str, str], UnitRole] = {}
        for block in blocks:
            named = named_in(block.text, block.start) if not block.cells else None
            for unit in named.units if named else ():
                units.setdefault((unit.name, unit.role), unit)
            default += named.default if named else ()
        span = (blocks[0].start, blocks[-1].end)
        measures.append(
            Measure(
                number=item.label,
                title=item.title,
                section=tuple(_section(item)),
                kind="safeguard" if item.kind == "safeguard" else "measure",
                text=laid.text[slice(*span)],
                units=tuple(units.values()),
                span=span,
            )
        )
    return measures, list(dict.fromkeys(default))


def _section(item: Item) -> list[str]:
    headings: list[str] = []
    above = item.parent
    while above is not None and above.number is not None:
        label = above.number.label
        joint = "" if label.endswith(("、", ".", "．", "）", ")")) else "　"
        headings.insert(0, f"{label}{joint}{above.title}")
        above = above.parent
    if not headings and item.number is not None and item.kind == "safeguard":
        headings = [f"{item.number.label}{item.title}"]
    return headings


def _targets(
    root: Item, setting: Setting, covered: frozenset[int], *, skip_block: Block | None
) -> tuple[list[Target], list[NotTarget]]:
    """The targets of all items; the year of a goal section holds for the items below it."""
    found: list[Target] = []
    refused: list[NotTarget] = []
    inherited: dict[int, int | None] = {}
    for item in root.walk():
        goals, above = item.kind == "preamble", item.parent
        setting.year = inherited.get(id(above)) if goals and above is not None else None
        setting.review = item.kind == "review"
        blocks = [b for b in item.blocks if not (b.cells or b is skip_block or b.start in covered)]
        given = _item_targets(item, blocks, setting)
        found += given.targets
        refused += given.refused
        inherited[id(item)] = setting.year
    return found, refused


def _item_targets(item: Item, blocks: list[Block], setting: Setting) -> targets.Found:
    measure = _label_of(item)
    titled: list[Target] = []
    found = targets.Found([], [])
    for i, block in enumerate(blocks):
        heading = item.number is not None and block.start == item.start
        if item.number is None and not _is_prose(block.text):
            continue
        listed = item.number is None and _BULLETED.match(fold(block.text))
        if item.kind != "preamble" and i > 1 and not listed:
            setting.year = None
        setting.subject = ""
        skip = item.number.length if heading and item.number else 0
        given = targets.read_paragraph(
            block.text, offset=block.start, skip=skip, hidden=places(block.text),
            measure=measure, setting=setting,
        )  # fmt: skip
        found.refused.extend(given.refused)
        # A title may promise what the text below it then says again.
        cut = block.start + skip + len(item.title) if heading and _has_body(item, block) else -1
        titled += [target for target in given.targets if target.span[1] <= cut]
        found.targets.extend(target for target in given.targets if target.span[1] > cut)
    found.targets.extend([t for t in titled if not _said_again(t, found.targets)])
    return found


def _has_body(item: Item, block: Block) -> bool:
    number = item.number.length if item.number else 0
    return len(item.blocks) > 1 or len(block.text) > number + len(item.title) + 1


def _said_again(titled: Target, found: list[Target]) -> bool:
    wanted = set(titled.indicator)
    return any(
        t.value == titled.value
        and t.unit == titled.unit
        and 2 * len(set(t.indicator) & wanted) >= len(wanted)
        for t in found
    )


def _label_of(item: Item) -> str | None:
    at: Item | None = item
    while at is not None:
        if at.is_measure:
            return at.label
        at = at.parent
    return None


_BULLET = r"(?:-{1,2}|[■●◆▪·○★*])\s*"
_BULLETED = re.compile(_BULLET)
_LED_IN = re.compile(
    rf"(?:{_BULLET})?(?:力争|争取|确保)?(?:到|至)(?:20\d\d年|“?十[三四五六]五”?末)"
)


def _is_prose(text: str) -> bool:
    if len(text) > 20 and "。" in text:
        return True
    folded = fold(text)
    return len(text) > 8 and bool(_BULLETED.match(folded) or _LED_IN.match(folded))


def _table_numbers(unread: list[Block]) -> list[NotTarget]:
    """Rows with numbers, in tables that hold no indicators."""
    refused = []
    for block in unread:
        digits = re.search(r"\d[\d,.]*", tight(block.text))
        if digits:
            text = block.text.replace("\t", " ")[:200]
            span = (block.start, block.end)
            refused.append(NotTarget(text, digits.group(), refusals.OTHER_TABLE, span))
    return refused
