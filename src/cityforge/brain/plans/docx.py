"""A .docx to lines: paragraphs with their automatic numbers, table rows tab-separated.

Only three parts of the package are read, each within a limit of size; macros, links and embedded
files are never opened.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from cityforge.brain.errors import Text, ValueRefused

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LARGEST_PART = 40_000_000  # bytes once unpacked
_LARGEST_RATIO = 200  # unpacked to packed; real documents stay below 40
_LONGEST_CELL = 160
_DEEPEST = 200


def lines(content: bytes, *, name: str) -> list[str]:
    """The lines of a Word document; raises ValueRefused for bombs, other zips and broken files."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            body = _part(package, "word/document.xml", name)
            numbers = _part(package, "word/numbering.xml", name, needed=False)
            styles = _part(package, "word/styles.xml", name, needed=False)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        raise _refused(name, "已损坏", "is damaged") from None
    if body is None:
        raise _refused(name, "不是 Word 文档", "is no Word document")
    writer = _Writer(_Numbers(numbers, styles))
    for child in body.iterfind(f"{_W}body/*"):
        writer.block(child)
    return writer.out


def _part(package: zipfile.ZipFile, part: str, name: str, *, needed: bool = True) -> Element | None:
    try:
        found = package.getinfo(part)
    except KeyError:
        if needed:
            raise _refused(name, "不是 Word 文档", "is no Word document") from None
        return None
    packed = max(found.compress_size, 1)
    if found.file_size > _LARGEST_PART or (
        found.file_size > 1_000_000 and found.file_size / packed > _LARGEST_RATIO
    ):
        raise _refused(name, "解压后过大，疑为压缩炸弹", "unpacks to too much: a zip bomb?")
    with package.open(found) as stream:
        # The sizes in the directory may lie; what is really unpacked is limited here.
        content = stream.read(_LARGEST_PART + 1)
    if len(content) > _LARGEST_PART:
        raise _refused(name, "解压后过大，疑为压缩炸弹", "unpacks to too much: a zip bomb?")
    if _too_deep(content):
        raise _refused(name, "的 XML 嵌套过深", "nests its XML too deep")
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise _refused(name, "的 XML 有误或不安全", "holds broken or unsafe XML") from None
    return root


def _too_deep(content: bytes) -> bool:
    """Whether elements nest so deep that the trees of Python would break."""
    depth = 0
    at = content.find(b"<")
    while at >= 0:
        if content[at + 1 : at + 2] == b"/":
            depth -= 1
        elif content[at + 1 : at + 2] not in (b"?", b"!"):
            end = content.find(b">", at)
            depth += content[end - 1 : end] != b"/"
            if depth > _DEEPEST:
                return True
        at = content.find(b"<", at + 1)
    return False


class _Writer:
    def __init__(self, numbers: "_Numbers") -> None:
        self.out: list[str] = []
        self.numbers = numbers

    def block(self, element: Element) -> None:
        """A paragraph, a table, or what stands inside a content control."""
        if element.tag == f"{_W}p":
            self.out.extend((self.numbers.label(element) + text_of(element)).split("\n"))
        elif element.tag == f"{_W}tbl":
            self.out.extend(self._table(element))
        elif element.tag == f"{_W}sdt":
            for child in element.iterfind(f"{_W}sdtContent/*"):
                self.block(child)

    def _table(self, table: Element) -> list[str]:
        rows = [list(_cells(row)) for row in table.iterfind(f"{_W}tr")]
        flat = [cell for row in rows for cell in row]
        if max(map(len, rows), default=0) < 2 or any(len(cell) > _LONGEST_CELL for cell in flat):
            return [line for cell in flat for line in cell.split("\n")]
        return ["\t".join(cell.replace("\n", "") or "\u00a0" for cell in row) for row in rows]


def _cells(row: Element) -> Iterator[str]:
    for cell in row.iterfind(f"{_W}tc"):
        merged = cell.find(f"{_W}tcPr/{_W}vMerge")
        covered = merged is not None and merged.get(f"{_W}val", "continue") == "continue"
        paragraphs = [text_of(p).replace("\t", " ").strip() for p in cell.iter(f"{_W}p")]
        yield "" if covered else "\n".join(filter(None, paragraphs))
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        width = span.get(f"{_W}val", "1") if span is not None else "1"
        for _ in range(min(int(width) if width.isdigit() else 1, 50) - 1):
            yield ""


def text_of(paragraph: Element) -> str:
    """The visible text of a paragraph; deleted revisions are left out."""
    parts = []
    for element in paragraph.iter():
        if element.tag == f"{_W}t":
            parts.append(element.text or "")
        elif element.tag == f"{_W}tab":
            parts.append("\t" if element.get(f"{_W}val") is None else "")
        elif element.tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
        elif element.tag == f"{_W}noBreakHyphen":
            parts.append("-")
    return "".join(parts)


_CN_FORMATS = {
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital",
    "taiwaneseCountingThousand", "japaneseLegal",
}  # fmt: skip


class _Numbers:
    """The automatic numbers of Word's lists, which stand in no paragraph's text."""

    def __init__(self, part: Element | None, styles: Element | None) -> None:
        self.levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self.counts: dict[tuple[str, int], int] = {}
        self.abstract: dict[str, str] = {}
        self.styles = {
            style.get(f"{_W}styleId", ""): found
            for style in (styles.iterfind(f"{_W}style") if styles is not None else ())
            if (found := style.find(f"{_W}pPr/{_W}numPr")) is not None
        }
        if part is None:
            return
        for abstract in part.iterfind(f"{_W}abstractNum"):
            key = abstract.get(f"{_W}abstractNumId", "")
            for level in abstract.iterfind(f"{_W}lvl"):
                depth = _integer(level.get(f"{_W}ilvl"), 0)
                form, text = _value(level, "numFmt"), _value(level, "lvlText")
                self.levels[key, depth] = (form, text, _integer(_value(level, "start"), 1))
        for number in part.iterfind(f"{_W}num"):
            key = _value(number, "abstractNumId")
            self.abstract[number.get(f"{_W}numId", "")] = key

    def label(self, paragraph: Element) -> str:
        """The number before this paragraph, "" where it has none or a bullet."""
        found = paragraph.find(f"{_W}pPr/{_W}numPr")
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        if found is None and style is not None:
            found = self.styles.get(style.get(f"{_W}val", ""))
        if found is None:
            return ""
        key = self.abstract.get(_value(found, "numId"), "")
        depth = _integer(_value(found, "ilvl"), 0)
        if (key, depth) not in self.levels:
            return ""
        form, text, start = self.levels[key, depth]
        if form in ("bullet", "none"):
            return ""
        self.counts[key, depth] = self.counts.get((key, depth), start - 1) + 1
        for deeper in range(depth + 1, 10):
            self.counts.pop((key, deeper), None)
        for level in range(depth + 1):
            shown = self._shown(key, level, _integer(str(self.counts.get((key, level), 1)), 1))
            text = text.replace(f"%{level + 1}", shown)
        return text

    def _shown(self, key: str, level: int, count: int) -> str:
        form = self.levels.get((key, level), ("decimal", "", 1))[0]
        return _chinese(count) if form in _CN_FORMATS else str(count)


def _chinese(count: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(count % 100, 10)
    head = "" if not tens else ("十" if tens == 1 else f"{digits[tens]}十")
    return head + (digits[ones] if ones or not tens else "")


def _value(element: Element, child: str) -> str:
    found = element.find(f"{_W}{child}")
    return "" if found is None else found.get(f"{_W}val", "")


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else default


def _refused(name: str, zh: str, en: str) -> ValueRefused:
    return ValueRefused(
        Text(zh=f"Word 文件 {name} {zh}", en=f"the Word file {name} {en}"),
        Text(zh="在 Word 或 WPS 中另存为 .docx 或 .txt 再读", en="save it again as .docx or .txt"),
    )
