"""An old .xls: what its cells hold that values hide, as xlsx_package looks it up for an .xlsx.

The reader of workbooks gives an error cell as empty and a percentage as its bare number. The
records are those of [MS-XLS], the streams of the file those of [MS-CFB]; no more of either is read.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cityforge.brain.intake.xlsx_package import PERCENT_BUILTIN, Marks, broken, is_percent

_EOF, _FORMULA, _DATEMODE, _BOUNDSHEET, _MULRK = 0x0A, 0x06, 0x22, 0x85, 0xBD
_XF, _NUMBER, _BOOLERR, _RK, _FORMAT, _BOF = 0xE0, 0x203, 0x205, 0x27E, 0x41E, 0x809
_VERSION_8 = 0x600
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_NO_SECTOR = 0xFFFFFFF0  # from here on a number names no sector
_SIZES = (512, 4096)
_SMALL = 4096  # shorter streams stand in the small sectors of the root's stream
_Record = tuple[int, int, int]  # kind, where its data begin, how long they are


@dataclass(slots=True)
class Package:
    """The workbook stream, where in it each sheet begins, the styles, the date system."""

    stream: bytes
    sheets: dict[str, int]
    percent_styles: frozenset[int]
    is_1904: bool


def inspect(file: Path) -> Package:
    """The records that tell of the sheets; raises ValueRefused where they cannot be followed."""
    try:
        return _described(_stream(file.read_bytes()))
    except (struct.error, IndexError, ValueError) as error:
        raise broken(error) from error


def marks(package: Package, sheet: str) -> Marks:
    """The error cells of a sheet and its cells shown as percentages."""
    found = Marks()
    if sheet not in package.sheets:
        return found
    try:
        for record in _records(package.stream, package.sheets[sheet]):
            _note(package, record, found)
    except (struct.error, IndexError) as error:
        raise broken(error) from error
    return found


def _note(package: Package, record: _Record, found: Marks) -> None:
    (kind, at, size), stream = record, package.stream
    if kind in (_NUMBER, _RK, _FORMULA, _BOOLERR):
        row, column, style = struct.unpack_from("<HHH", stream, at)
        code = _error(stream, kind, at)
        if code is not None:
            found.errors[row, column] = _ERRORS.get(code, "#N/A")
        elif style in package.percent_styles:
            found.percents.add((row, column))
    elif kind == _MULRK:
        row, first = struct.unpack_from("<HH", stream, at)
        for place in range((size - 6) // 6):
            (style,) = struct.unpack_from("<H", stream, at + 4 + 6 * place)
            if style in package.percent_styles:
                found.percents.add((row, first + place))


def _error(stream: bytes, kind: int, at: int) -> int | None:
    """The code of an error cell, or of a formula whose value is an error."""
    if kind == _BOOLERR and stream[at + 7]:
        return stream[at + 6]
    if kind == _FORMULA and stream[at + 12 : at + 14] == b"\xff\xff" and stream[at + 6] == 2:
        return stream[at + 8]
    return None


def _described(stream: bytes) -> Package:
    is_8, is_1904 = True, False
    sheets: dict[str, int] = {}
    formats = set(PERCENT_BUILTIN)
    styles: list[int] = []
    for kind, at, size in _records(stream, 0):
        data = stream[at : at + size]
        if kind == _BOF:
            is_8 = struct.unpack_from("<H", data)[0] >= _VERSION_8
        elif kind == _DATEMODE:
            is_1904 = data[0] == 1
        elif kind == _BOUNDSHEET:
            sheets[_text(data, 6, 1, is_8=is_8)] = struct.unpack_from("<I", data)[0]
        elif kind == _FORMAT and is_percent(_text(data, 2, 2 if is_8 else 1, is_8=is_8)):
            formats.add(struct.unpack_from("<H", data)[0])
        elif kind == _XF:
            styles.append(struct.unpack_from("<H", data, 2)[0])
    percent = frozenset(i for i, style in enumerate(styles) if style in formats)
    return Package(stream, sheets, percent, is_1904)


def _records(stream: bytes, at: int) -> Iterator[_Record]:
    """The records of one substream; a chart inside it has an end of its own."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, at + 4, size
        at += 4 + size


def _text(data: bytes, at: int, width: int, *, is_8: bool) -> str:
    """A string behind its length of one or two bytes."""
    length = int.from_bytes(data[at : at + width], "little")
    at += width
    if not is_8:
        return data[at : at + length].decode("gb18030", "replace")
    if data[at] & 1:
        return data[at + 1 : at + 1 + 2 * length].decode("utf-16-le", "replace")
    return data[at + 1 : at + 1 + length].decode("latin-1")


def _stream(file: bytes) -> bytes:
    """The stream "Workbook" ("Book" in Excel 5) of a compound file; empty where there is none."""
    size = 1 << struct.unpack_from("<H", file, 30)[0]
    if size not in _SIZES:
        raise ValueError(f"sectors of {size} bytes")
    small = 1 << struct.unpack_from("<H", file, 32)[0]
    first, first_small = struct.unpack_from("<I8xI", file, 48)
    body = memoryview(file)[size:]  # the header takes the place of one sector
    table = _table(file, body, size)
    folder = _chain(body, size, table, first)
    entries = [folder[at : at + 128] for at in range(0, len(folder) - 127, 128)]
    for entry in entries:
        name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le")
        if name not in ("Workbook", "Book"):
            continue
        start, length = struct.unpack_from("<II", entry, 116)
        if length < _SMALL:
            (root,) = struct.unpack_from("<I", entries[0], 116)
            body = memoryview(_chain(body, size, table, root))
            table = _numbers(_chain(memoryview(file)[size:], size, table, first_small))
            size = small
        return _chain(body, size, table, start)[:length]
    return b""


def _table(file: bytes, body: memoryview, size: int) -> tuple[int, ...]:
    """The table of sectors: after each sector the next of its chain; no longer than the file."""
    most = len(body) // size * 4 // size + 2
    listed = list(struct.unpack_from("<109I", file, 76))
    (more,) = struct.unpack_from("<I", file, 68)
    while more < _NO_SECTOR and len(listed) < most:
        *further, more = _numbers(body[more * size : (more + 1) * size])
        listed += further
    sectors = [body[n * size : (n + 1) * size] for n in listed[:most] if n < _NO_SECTOR]
    return _numbers(b"".join(sectors))


def _chain(body: memoryview, size: int, table: tuple[int, ...], sector: int) -> bytes:
    """The sectors of a chain, joined; one that runs in a ring ends when the file would be full."""
    found = []
    for _ in range(len(body) // size + 1):
        if sector >= _NO_SECTOR:
            break
        found.append(body[sector * size : (sector + 1) * size])
        sector = table[sector]
    return b"".join(found)


def _numbers(data: bytes | memoryview) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data)
