"""An .xlsx before it is opened: that it is no bomb, and what its cells hold that values hide.

The reader of workbooks gives an error cell as empty and a percentage as its bare number; both are
looked up here, in the XML itself. A dense table of its sheet is what that reader builds: how large
it would be is measured first.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as xml

from cityforge.brain.errors import Text, ValueRefused

LARGEST = 6 << 30  # bytes inflated, all parts
LARGEST_RATIO = 200  # a sheet of one repeated number stays below 100
LARGEST_STRINGS = 1 << 30
LARGEST_STYLES = 32 << 20
MOST_PARTS = 10_000
MOST_CELLS = 40_000_000  # of the dense table; 32 bytes each

_HARMLESS_SIZE = 64 << 20
_BLOCK = 1 << 20
_WIDE = re.compile(rb'r="[A-Z]{2,3}[1-9]')
_REFERENCE = re.compile(rb'r="([A-Z]{1,3})([1-9][0-9]*)"')
_PLACE = re.compile(rb' r="[A-Z]{0,3}([0-9]+)"')
_ERROR = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3})([0-9]+)"[^>]*>'
    rb"(?:<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>))?<(?:\w+:)?v>([^<]*)<"
)
PERCENT_BUILTIN = frozenset({9, 10})


@dataclass(slots=True)
class Marks:
    """Of one sheet, by 0-based (row, column): its error cells, and cells shown as percentages."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    percents: set[tuple[int, int]] = field(default_factory=set)


@dataclass(slots=True)
class Package:
    """What the parts of a workbook say: the part of each sheet, styles, the date system."""

    file: Path
    sheets: dict[str, str]
    percent_styles: frozenset[int]
    is_1904: bool


def inspect(file: Path) -> Package:
    """Open the package; raises ValueRefused for a bomb, a broken archive or no workbook."""
    try:
        with zipfile.ZipFile(file) as package:
            _check_directory(package)
            return _described(file, package)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, ParseError) as error:
        raise broken(error) from error
    except (DefusedXmlException, NotImplementedError, RuntimeError) as error:
        raise broken(error) from error


def marks(package: Package, sheet: str) -> Marks:
    """Inflate a sheet within bounds, measure it, and note its error cells and percentages."""
    part = package.sheets.get(sheet)
    found, last, width = Marks(), 0, 26
    percent = _percent_pattern(package.percent_styles)
    if part is None:
        return found
    try:
        with zipfile.ZipFile(package.file) as archive:
            is_wide = False
            for block in _pieces(archive, part):
                last = max(last, _last_row(block))
                is_wide = is_wide or _WIDE.search(block) is not None
                if is_wide:
                    width = max(width, _widest(block))
                if last * width > MOST_CELLS:
                    raise _too_large(last, width)
                _note(block, found, percent)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError) as error:
        raise broken(error) from error
    return found


def is_percent(code: str) -> bool:
    """Whether a number format shows percentages; a sign in quotes or escaped is mere text."""
    return "%" in re.sub(r'"[^"]*"|\\.', "", code)


def _check_directory(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    inflated = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if len(parts) > MOST_PARTS or inflated > LARGEST:
        raise _bomb(packed, inflated)
    for part in parts:
        is_dense = part.file_size > LARGEST_RATIO * max(part.compress_size, 1)
        if part.file_size > _HARMLESS_SIZE and is_dense:
            raise _bomb(part.compress_size, part.file_size)
        if part.filename.endswith("sharedStrings.xml") and part.file_size > LARGEST_STRINGS:
            raise _bomb(part.compress_size, part.file_size)
    # What the directory says may be a lie: each part is inflated once, no further than it says.
    for part in parts:
        if part.filename.endswith(("sharedStrings.xml", "styles.xml")):
            for _ in _inflated(package, part.filename):
                pass


def _described(file: Path, package: zipfile.ZipFile) -> Package:
    names = set(package.namelist())
    if "xl/workbook.xml" not in names:
        what = "application/vnd.oasis" if "content.xml" in names else "workbook.xml"
        raise ValueRefused(
            Text(
                zh="压缩包里没有 Excel 工作簿" if what == "workbook.xml" else "是 ODS 表格",
                en="the archive holds no Excel workbook",
            ),
            Text(
                zh="用 Excel 或 WPS 打开后，另存为“Excel 工作簿（.xlsx）”再报送",
                en="Open it in a spreadsheet and save it as .xlsx.",
            ),
        )
    book = xml.fromstring(_small(package, "xl/workbook.xml"))
    targets = {}
    if "xl/_rels/workbook.xml.rels" in names:
        for relation in xml.fromstring(_small(package, "xl/_rels/workbook.xml.rels")):
            target = relation.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            targets[relation.get("Id")] = path
    sheets = {}
    for element in _named(book, "sheet"):
        relation_id = next((v for k, v in element.items() if k.endswith("}id")), None)
        if targets.get(relation_id) in names:
            sheets[element.get("name", "")] = targets[relation_id]
    is_1904 = any(e.get("date1904") in ("1", "true") for e in _named(book, "workbookPr"))
    styles: frozenset[int] = frozenset()
    if "xl/styles.xml" in names:
        styles = _percent_styles(xml.fromstring(_small(package, "xl/styles.xml")))
    return Package(file, sheets, styles, is_1904)


def _percent_styles(styles: Element) -> frozenset[int]:
    formats = set(PERCENT_BUILTIN)
    for element in _named(styles, "numFmt"):
        if is_percent(element.get("formatCode", "")):
            formats.add(int(element.get("numFmtId", "-1")))
    cells = next(_named(styles, "cellXfs"), None)
    if cells is None:
        return frozenset()
    return frozenset(i for i, xf in enumerate(cells) if int(xf.get("numFmtId", "0")) in formats)


def _named(element: Element, name: str) -> Iterator[Element]:
    return (e for e in element.iter() if e.tag == name or e.tag.endswith("}" + name))


def _small(package: zipfile.ZipFile, part: str) -> bytes:
    if package.getinfo(part).file_size > LARGEST_STYLES:
        raise _bomb(package.getinfo(part).compress_size, package.getinfo(part).file_size)
    return package.read(part)


def _inflated(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    limit = package.getinfo(part).file_size
    done = 0
    with package.open(part) as stream:
        while block := stream.read(_BLOCK):
            done += len(block)
            if done > limit:
                raise _bomb(package.getinfo(part).compress_size, done)
            yield block


def _pieces(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """A sheet's XML in pieces that end between cells."""
    kept = b""
    for block in _inflated(package, part):
        piece = kept + block
        cut = max(piece.rfind(b"</c>"), piece.rfind(b"</x:c>"), piece.rfind(b"<row"))
        if cut <= 0:
            # No cell ends here: a cell larger than this is text, and no error or percentage.
            kept = piece[-(1 << 16) :]
            yield piece
            continue
        yield piece[:cut]
        kept = piece[cut:]
    yield kept


def _percent_pattern(styles: frozenset[int]) -> re.Pattern[bytes] | None:
    if not styles:
        return None
    ids = "|".join(map(str, sorted(styles)))
    return re.compile(
        rb'<(?:\w+:)?c\b(?=[^>]*\bs="(?:' + ids.encode() + rb')")[^>]*\br="([A-Z]{1,3})([0-9]+)"'
    )


def _note(block: bytes, found: Marks, percent: re.Pattern[bytes] | None) -> None:
    if b't="e"' in block:
        for column, row, text in _ERROR.findall(block):
            found.errors[_place(column, row)] = text.decode("utf-8", "replace")
    if percent is not None:
        for column, row in percent.findall(block):
            found.percents.add(_place(column, row))


def _place(column: bytes, row: bytes) -> tuple[int, int]:
    return int(row) - 1, _column(column) - 1


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _last_row(block: bytes) -> int:
    found = _PLACE.match(block, max(block.rfind(b' r="'), 0))
    return int(found[1]) if found else 0


def _widest(block: bytes) -> int:
    longest = max(
        (c for c, _ in _REFERENCE.findall(block)), key=lambda c: (len(c), c), default=b"A"
    )
    return _column(longest)


def _bomb(packed: int, inflated: int) -> ValueRefused:
    return ValueRefused(
        Text(
            zh=f"解压后过大（{packed:,} 字节解出 {inflated:,} 字节），疑为压缩炸弹，未打开",
            en=f"inflates from {packed:,} to {inflated:,} bytes: not opened (a zip bomb?)",
        ),
        Text(
            zh="删去空行和多余工作表后另存，或改报 CSV",
            en="Save it without empty rows and spare sheets, or supply CSV.",
        ),
    )


def _too_large(rows: int, columns: int) -> ValueRefused:
    return ValueRefused(
        Text(
            zh=f"工作表展开有 {rows:,} 行 {columns:,} 列，超过 {MOST_CELLS:,} 格，未打开",
            en=f"the sheet spans {rows:,} rows by {columns:,} columns, over {MOST_CELLS:,} cells",
        ),
        Text(
            zh="删去表格右侧和下方多余的单元格后另存，或改报 CSV",
            en="Delete stray cells right of and below the table, or supply CSV.",
        ),
    )


def broken(error: BaseException) -> ValueRefused:
    """What to say of a workbook that cannot be read to its end."""
    return ValueRefused(
        Text(
            zh=f"工作簿不完整或已损坏（{error}）",
            en=f"the workbook is incomplete or damaged ({error})",
        ),
        Text(
            zh="重新导出或重新传输该文件；也可用 Excel 打开修复后另存",
            en="Export or transfer it again, or let Excel repair it.",
        ),
    )
