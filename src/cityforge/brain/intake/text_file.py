"""A CSV file before it is read: its encoding, its quotes, its lines. One pass over the bytes."""

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cityforge.brain.engines.duckdb import LONGEST_LINE
from cityforge.brain.errors import Text, ValueRefused

Tell = Callable[[float], None]

_BLOCK = 1 << 21
_MARGIN = 4096  # the engine counts a line's end, and more, as part of it
LOOKED_AT = 30  # rows among which the header is sought
_CELL_BOUND = 131_072  # characters; Python's own reader stops there, Excel's cell at a quarter
# Two and more Chinese characters in a row as UTF-8 writes them.
_CHINESE_UTF8 = re.compile(rb"(?:[\xe4-\xe9][\x80-\xbf]{2}){2,}")


@dataclass(frozen=True, slots=True)
class Plain:
    """A text file fit for the engine: UTF-8, its first rows, whether it holds quotes."""

    file: Path
    rows: list[list[str]]
    is_quoted: bool
    longest: int


def prepare(file: Path, scratch: Path, *, tell: Tell | None = None) -> Plain:
    """Check a CSV file and bring it to UTF-8.

    scratch  where the copy of a GB18030 file goes
    tell     hears the share of bytes read, 0 to 1
    Raises ValueRefused saying the line: mixed encodings, a line too long, NUL, broken quotes.
    """
    say = tell or (lambda _share: None)
    is_utf8, is_quoted, longest = _scan(file, say)
    readable = file if is_utf8 else _transcoded(file, scratch)
    if not is_utf8:
        longest = min(LONGEST_LINE, longest * 2)
    if is_quoted:
        _check_quotes(readable)
    return Plain(readable, _first_rows(readable), is_quoted, longest + _MARGIN)


def _scan(file: Path, say: Tell) -> tuple[bool, bool, int]:
    """Whether it is UTF-8, whether it holds a quote, a bound on its longest line in bytes."""
    size = max(file.stat().st_size, 1)
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, is_quoted = True, False
    lines, since, longest, done = 0, 0, _BLOCK, 0
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            if b"\0" in block:
                raise _at_line(
                    lines + _lines(block[: block.index(b"\0")]) + 1,
                    Text(zh="含有空字符（NUL），不是文本", en="holds a NUL: this is no text"),
                    Text(zh="重新导出为 CSV UTF-8", en="Export it again as CSV in UTF-8."),
                )
            if is_utf8:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    is_utf8 = False
            is_quoted = is_quoted or b'"' in block
            first = _first_end(block)
            longest = max(longest, since + (len(block) if first < 0 else first))
            if longest > LONGEST_LINE:
                raise _at_line(
                    lines + 1,
                    Text(zh="一行超过 16 MB", en="a line is longer than 16 MB"),
                    Text(
                        zh="检查换行是否丢失、引号是否配对",
                        en="See whether line ends are lost or a quote is open.",
                    ),
                )
            last = max(block.rfind(b"\n"), block.rfind(b"\r"))
            since = since + len(block) if last < 0 else len(block) - last - 1
            lines += _lines(block)
            done += len(block)
            say(done / size)
    if is_utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            is_utf8 = False
    return is_utf8, is_quoted, longest


def _lines(block: bytes) -> int:
    return block.count(b"\n") or block.count(b"\r")


def _first_end(block: bytes) -> int:
    ends = [place for place in (block.find(b"\n"), block.find(b"\r")) if place >= 0]
    return min(ends, default=-1)


def _transcoded(file: Path, scratch: Path) -> Path:
    """A UTF-8 copy of a GB18030 file (which holds GBK).

    UTF-8 lines inside such a file would mostly decode as well, into characters no one wrote: they
    are looked for, and refused.
    """
    copy = scratch / "utf8.csv"
    lines = 0
    with file.open("rb") as old, copy.open("w", encoding="utf-8", newline="") as new:
        for block in _whole_lines(old):
            for found in _CHINESE_UTF8.finditer(block):
                line = _line_around(block, found.start())
                if _is_utf8(line):
                    raise _mixed(file, lines + _lines(block[: found.start()]) + 1)
            try:
                new.write(block.decode("gb18030"))
            except UnicodeDecodeError as error:
                bad = _first_not_utf8(file)
                raise ValueRefused(
                    Text(
                        zh=f"第 {bad} 行既不是 UTF-8 也不是 GB18030 编码",
                        en=f"line {bad} is neither UTF-8 nor GB18030",
                    ),
                    Text(zh="另存为“CSV UTF-8”", en="Save it as CSV in UTF-8."),
                ) from error
            lines += _lines(block)
    return copy


def _whole_lines(stream: BinaryIO) -> Iterator[bytes]:
    kept = b""
    while block := stream.read(_BLOCK):
        block = kept + block
        last = max(block.rfind(b"\n"), block.rfind(b"\r"))
        kept = block[last + 1 :]
        if last >= 0:
            yield block[: last + 1]
    if kept:
        yield kept


def _line_around(block: bytes, place: int) -> bytes:
    start = max(block.rfind(b"\n", 0, place), block.rfind(b"\r", 0, place)) + 1
    end = _first_end(block[place:])
    return block[start : len(block) if end < 0 else place + end]


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _first_not_utf8(file: Path) -> int:
    lines = 0
    with file.open("rb") as stream:
        for block in _whole_lines(stream):
            try:
                block.decode("utf-8")
            except UnicodeDecodeError as error:
                return lines + _lines(block[: error.start]) + 1
            lines += _lines(block)
    return lines


def _mixed(file: Path, utf8_line: int) -> ValueRefused:
    other = _first_not_utf8(file)
    return ValueRefused(
        Text(
            zh=f"编码混杂：第 {utf8_line} 行是 UTF-8，第 {other} 行不是（可能是 GBK）",
            en=f"mixed encodings: line {utf8_line} is UTF-8, line {other} is not (GBK perhaps)",
        ),
        Text(
            zh="把拼接前的各文件分别另存为 CSV UTF-8，再合并",
            en="Save each part as CSV in UTF-8 before joining them.",
        ),
    )


def _check_quotes(file: Path) -> None:
    """A quote never closed, or followed by text, reads as something else than was written."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        # The engine lets blanks stand before a quote.
        lines = csv.reader(stream, strict=True, skipinitialspace=True)
        try:
            for _ in lines:
                pass
        except csv.Error as error:
            if "field larger" in str(error):
                raise _at_line(
                    lines.line_num,
                    Text(
                        zh=f"一个单元格超过 {_CELL_BOUND} 个字符，或引号没有闭合",
                        en=f"a cell exceeds {_CELL_BOUND} characters, or a quote is not closed",
                    ),
                    Text(zh="检查该行附近的引号", en="Look at the quotes near that line."),
                ) from error
            raise _at_line(
                lines.line_num,
                Text(zh=f"引号有误（{error}）", en=f"quotes are wrong ({error})"),
                Text(
                    zh='单元格内的引号要写两遍（""），整格用引号括住',
                    en='Write a quote inside a quoted cell twice ("").',
                ),
            ) from error


def _first_rows(file: Path) -> list[list[str]]:
    """The first rows; a line that is blank is a row without cells."""
    rows: list[list[str]] = []
    with file.open(encoding="utf-8-sig", newline="") as stream:
        lines = csv.reader(stream, skipinitialspace=True)
        try:
            for row in lines:
                rows.append(row)
                if len(rows) >= LOOKED_AT + 3:
                    break
        except csv.Error as error:
            if "field larger" in str(error):
                return rows  # no header holds such a cell; what stands before it was read
            raise _at_line(
                lines.line_num,
                Text(zh=f"无法分列（{error}）", en=f"cannot be split into cells ({error})"),
                Text(zh="重新导出为 CSV UTF-8", en="Export it again as CSV in UTF-8."),
            ) from error
    return rows


def _at_line(line: int, what: Text, hint: Text) -> ValueRefused:
    return ValueRefused(Text(zh=f"第 {line} 行：{what.zh}", en=f"line {line}: {what.en}"), hint)
